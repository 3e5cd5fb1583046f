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
	// Workers is how many lines are worked on at once. Their reservations are made together, in two batches.
	Workers int
	// Failed is told every line that was not imported, Imported every one that was. Neither is called concurrently.
	Failed   func(line int, err error)
	Imported func()
}

// A job is a row to be imported.
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

// A run is one import.
type run struct {
	Import
	stop         context.CancelCauseFunc
	mu           sync.Mutex
	done, failed int
}

// Run imports what the reader reads, until its end, and returns how many reservations were imported and how many lines
// were not. What stops it as a whole is returned as an error.
func (im Import) Run(ctx context.Context, r *Reader) (done, failed int, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	i := &run{Import: im, stop: stop}
	batches := make(chan []job)
	var workers sync.WaitGroup
	for range min(im.Workers, atOnce) {
		workers.Go(func() {
			for jobs := range batches {
				i.create(ctx, jobs)
			}
		})
	}
	err = i.feed(ctx, r, batches)
	close(batches)
	workers.Wait()
	if err == nil {
		err = context.Cause(ctx) // of the last batches
	}
	return i.done, i.failed, err
}

// atOnce is how many batches are worked on at once: while one is written, the next is decided.
const atOnce = 2

// feed hands the rows to the workers, in batches.
func (i *run) feed(ctx context.Context, r *Reader, batches chan<- []job) error {
	seen, size := keys{}, max(1, i.Workers/atOnce)
	var batch []job
	for {
		row, line, err := r.Read()
		if bad, ok := errors.AsType[*LineError](err); ok {
			i.report(ctx, line, bad.Err)
			continue
		}
		if err == nil {
			var key string
			if key, err = seen.next(row); err == nil {
				batch = append(batch, job{row, line, key})
			}
		}
		if len(batch) > 0 && (err != nil || len(batch) == size) {
			select {
			case batches <- batch:
			case <-ctx.Done():
			}
			batch = nil
		}
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// report counts a line. An error that is not about the line stops the import.
func (i *run) report(ctx context.Context, line int, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case ctx.Err() != nil: // it is not known whether the line was imported: the next import finds out
	case isFatal(err):
		i.stop(&LineError{line, err})
	case err == nil:
		i.done++
		i.Imported()
	default:
		i.failed++
		i.Failed(line, err)
	}
}

// isFatal reports whether no further line has to be tried.
func isFatal(err error) bool {
	return errors.Is(err, innards.ErrUnavailable) || errors.Is(err, innards.ErrCorrupt) || errors.Is(err, innards.ErrUnscoped)
}

// create imports a batch of rows: the reservations, then their statuses.
func (i *run) create(ctx context.Context, jobs []job) {
	var creations []reservation.Creation
	var usable []job
	for _, j := range jobs {
		create, err := j.row.create()
		if err != nil {
			i.report(ctx, j.line, err)
			continue
		}
		creations, usable = append(creations, reservation.Creation{Key: j.key, Create: create}), append(usable, j)
	}
	created := i.Service.CreateMany(ctx, innards.Command{Actor: i.Actor, Cause: imported}, creations)
	var workers sync.WaitGroup
	for n, j := range usable {
		receipt, err := created[n].Receipt, created[n].Err
		if err != nil || len(j.row.after(*receipt)) == 0 {
			i.report(ctx, j.line, err)
			continue
		}
		workers.Go(func() { i.report(ctx, j.line, i.complete(ctx, j, *receipt)) })
	}
	workers.Wait()
}

// complete brings a new reservation to the row's statuses.
func (im Import) complete(ctx context.Context, j job, receipt reservation.Receipt) error {
	for _, in := range j.row.after(receipt) {
		by := innards.Command{Actor: im.Actor, Key: j.key + "/" + in.Name(), Cause: imported}
		if _, err := im.Service.Do(ctx, by, receipt.ID, in); err != nil {
			return err
		}
	}
	return nil
}
