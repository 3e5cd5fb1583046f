package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/progress"
	"github.com/innards-go/innards/cmd/innards/internal/replay"
)

type replayCommand struct {
	File string `arg:"" type:"existingfile" help:"The data set, as .csv or .zip."`
	JSON bool   `name:"json" help:"Print the report as JSON."`
}

// errMismatch ends the program when a replay did not end as its file does; the report says where.
var errMismatch = errors.New("the totals are not those of the file")

// Run replays the file into the database, which must not know its hotels yet.
func (c replayCommand) Run(p *program) error {
	return p.withHouse(func(h *house) error {
		file, err := replay.Open(c.File)
		if err != nil {
			return err
		}
		defer file.Close()
		var meter *progress.Meter
		report, err := replay.HotelBookings(p.ctx, file, replay.Options{
			Store: h.store, Tenant: p.Tenant, Clock: time.Now, Random: rand.Reader,
			Commits: func() int64 { return h.db.Stats().Commits },
			Progress: func(done, total int64) {
				if meter == nil {
					meter = progress.New(p.stderr, time.Now, "replaying", "commands", total)
				}
				meter.Set(done)
			},
		})
		if meter != nil {
			meter.Close()
		}
		if err != nil {
			return err
		}
		if err := c.print(p, report); err != nil {
			return err
		}
		if !report.Matches() {
			return errMismatch
		}
		return nil
	})
}

func (c replayCommand) print(p *program, r replay.Report) error {
	if c.JSON {
		e := json.NewEncoder(p.stdout)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	return r.WriteText(p.stdout)
}
