package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/progress"
	"github.com/innards-go/innards/cmd/innards/internal/transfer"
	"github.com/innards-go/innards/reservation"
)

type importCommand struct {
	File           string           `arg:"" type:"existingfile" help:"File that ends in .csv or .jsonl."`
	MakeProperties bool             `help:"Open the properties that the file names and the database lacks, with as many rooms as it needs."`
	Zone           string           `default:"UTC" help:"Time zone of properties that are opened."`
	Currency       innards.Currency `default:"EUR" help:"Currency of properties that are opened."`
	Workers        int              `default:"2048" help:"How many lines are worked on at once."`
}

// errLines ends the program when some lines were not imported; each was reported.
var errLines = errors.New("some lines were not imported")

// Run imports the file.
func (c importCommand) Run(p *program) error {
	if err := transfer.CheckName(c.File, ".csv", ".jsonl"); err != nil {
		return usageError{err}
	}
	return p.withHouse(func(h *house) error {
		actor := p.operator("import")
		if c.MakeProperties {
			if err := c.makeProperties(p, h, actor); err != nil {
				return err
			}
		}
		return c.load(p, h, actor)
	})
}

func (c importCommand) makeProperties(p *program, h *house, actor innards.Actor) error {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return usageError{err}
	}
	return c.read(p, "counting rooms", func(r *transfer.Reader) error {
		survey, err := transfer.TakeSurvey(r)
		if err != nil {
			return err
		}
		today := innards.DateOf(time.Now().In(zone))
		template := reservation.CreateProperty{Zone: c.Zone, Currency: c.Currency, BusinessDate: today}
		return transfer.MakeProperties(p.ctx, h.service, actor, survey, template)
	})
}

func (c importCommand) load(p *program, h *house, actor innards.Actor) error {
	return c.read(p, "importing", func(r *transfer.Reader) error {
		done, failed, err := transfer.Import{
			Service: h.service, Actor: actor, Workers: max(1, c.Workers),
			Failed:   func(line int, err error) { fmt.Fprintf(p.stderr, "line %d: %v\n", line, err) },
			Imported: func() {},
		}.Run(p.ctx, r)
		fmt.Fprintf(p.stdout, "%d reservations imported, %d lines not\n", done, failed)
		if err == nil && failed > 0 {
			err = errLines
		}
		return err
	})
}

// read calls do with a reader of the file that shows how far it is.
func (c importCommand) read(p *program, what string, do func(*transfer.Reader) error) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	meter := progress.New(p.stderr, time.Now, what, "bytes", info.Size())
	defer meter.Close()
	r, err := transfer.NewReader(c.File, metered{file, meter})
	if err != nil {
		return err
	}
	return do(r)
}

// metered tells a meter how much was read.
type metered struct {
	io.Reader
	meter *progress.Meter
}

// Read implements io.Reader.
func (m metered) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.meter.Add(int64(n))
	return n, err
}

type exportReservations struct {
	File     string `arg:"" help:"New file that ends in .csv or .jsonl."`
	Property string `help:"Only those of the property."`
}

// Run exports reservations.
func (c exportReservations) Run(p *program) error {
	if err := transfer.CheckName(c.File, ".csv", ".jsonl"); err != nil {
		return usageError{err}
	}
	return p.export(c.File, func(ctx context.Context, e transfer.Export, w io.Writer) error {
		return e.Reservations(ctx, c.File, w, reservation.Search{Property: c.Property})
	})
}

type exportEvents struct {
	File string `arg:"" help:"New file that ends in .jsonl: one JSON object a line."`
}

// Run exports the feed.
func (c exportEvents) Run(p *program) error {
	if err := transfer.CheckName(c.File, ".jsonl"); err != nil {
		return usageError{err}
	}
	return p.export(c.File, func(ctx context.Context, e transfer.Export, w io.Writer) error { return e.Events(ctx, w) })
}

// export writes a new file, which is there only if it is whole.
func (p *program) export(name string, write func(context.Context, transfer.Export, io.Writer) error) error {
	return p.within(toLook, func(h *house) error {
		part := fmt.Sprintf("%s.%s.part", name, rand.Text()[:8])
		file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		defer os.Remove(part) // after a success it is not there any more
		meter, n := progress.New(p.stderr, time.Now, "exporting", "records", -1), 0
		e := transfer.Export{Service: h.service, Actor: p.operator("export"), Written: func() { n++; meter.Add(1) }}
		err = errors.Join(write(p.ctx, e, file), file.Sync(), file.Close())
		meter.Close()
		if err != nil {
			return err
		}
		if err := os.Link(part, name); err != nil { // unlike a renaming, it overwrites nothing
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%d records exported to %s\n", n, name)
		return err
	})
}
