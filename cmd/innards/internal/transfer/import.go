package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// An Import is how reservations are imported. All fields are required.
type Import struct {
	Service *reservation.Service
	Actor   innards.Actor
	// Workers is how many commands run at once. The store commits them together.
	Workers int
	// Failed is told every line that was not imported, Imported every one that was. Neither is called concurrently.
	Failed   func(line int, err error)
	Imported func()
}

// A job is a row that waits for a worker.
type job struct {
	row  Row
	line int
	key  string
}

// keys makes idempotency keys of rows: a digest of the content and how often it was read before. So a file can be
// imported again after a stop, also when lines were added or put right.
type keys map[[16]byte]int

func (k keys) next(row Row) (string, error) {
	text, err := json.Marshal(row)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	digest := [16]byte(sum[:])
	k[digest]++
	return fmt.Sprintf("import/%x/%d", digest, k[digest]), nil
}

// Run imports what the reader reads, until its end, and returns how many reservations were imported and how many lines
// were not. What stops it as a whole is returned as an error.
func (im Import) Run(ctx context.Context, r *Reader) (done, failed int, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	jobs := make(chan job)
	var workers sync.WaitGroup
	var mu sync.Mutex
	report := func(line int, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			done++
			im.Imported()
			return
		}
		failed++
		im.Failed(line, err)
	}
	for range im.Workers {
		workers.Go(func() {
			for j := range jobs {
				switch err := im.row(ctx, j); {
				case ctx.Err() != nil: // it is not known whether the line was imported: the next import finds out
				case isFatal(err):
					stop(&LineError{j.line, err})
				default:
					report(j.line, err)
				}
			}
		})
	}
	err = im.feed(ctx, r, jobs, report)
	close(jobs)
	workers.Wait()
	return done, failed, err
}

// feed hands the rows to the workers.
func (im Import) feed(ctx context.Context, r *Reader, jobs chan<- job, report func(int, error)) error {
	seen := keys{}
	for {
		row, line, err := r.Read()
		if err == io.EOF {
			return context.Cause(ctx)
		}
		if bad, ok := errors.AsType[*LineError](err); ok {
			report(line, bad.Err)
			continue
		}
		if err != nil {
			return err
		}
		key, err := seen.next(row)
		if err != nil {
			return err
		}
		select {
		case jobs <- job{row, line, key}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// isFatal reports whether no further line has to be tried.
func isFatal(err error) bool {
	return errors.Is(err, innards.ErrUnavailable) || errors.Is(err, innards.ErrCorrupt) || errors.Is(err, innards.ErrUnscoped)
}

// row imports one row: the reservation, then its statuses.
func (im Import) row(ctx context.Context, j job) error {
	create, err := j.row.create()
	if err != nil {
		return err
	}
	receipt, err := im.Service.Do(ctx, innards.Command{Actor: im.Actor, Key: j.key, Cause: imported}, "", create)
	if err != nil {
		return err
	}
	for _, in := range j.row.after(receipt) {
		by := innards.Command{Actor: im.Actor, Key: j.key + "/" + in.Name(), Cause: imported}
		if _, err := im.Service.Do(ctx, by, receipt.ID, in); err != nil {
			return err
		}
	}
	return nil
}
