package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/innards-go/innards/internal/bench/target"
)

// importPart compares our import with the bare driver, which inserts the rows that the import made.
type importPart struct {
	options
	innards, bare string // binaries
	file          string // that is imported
	filled        string // a database that it was imported into
	seen          series
}

func prepareImport(ctx context.Context, o options) (p *importPart, err error) {
	p = &importPart{options: o, file: filepath.Join(o.dir, "import.jsonl"), filled: filepath.Join(o.dir, "imported.db"), seen: series{}}
	if p.innards, err = buildInnards(ctx, o); err != nil {
		return nil, err
	}
	if p.bare, err = buildDriver(ctx, o, "bare"); err != nil {
		return nil, err
	}
	if err := writeReservations(p.file, o.reservations); err != nil {
		return nil, err
	}
	_, err = output(command(ctx, p.innards, target.InnardsImport(p.file, p.filled)...))
	return p, err
}

// buildDriver compiles a program of this module that needs the SQLite driver, as a file of the main module: so it is the
// same version of the driver.
func buildDriver(ctx context.Context, o options, name string) (string, error) {
	source, err := filepath.Abs(filepath.Join(name, name+".go"))
	if err != nil {
		return "", err
	}
	return buildGo(ctx, o, o.root, source)
}

// round begins with an empty database for each.
func (p *importPart) round(ctx context.Context, backwards bool) error {
	for _, step := range inTurn([]struct {
		name    string
		measure func(ctx context.Context, db string) (float64, error)
	}{{"ours", p.ours}, {"bare", p.theirs}}, backwards) {
		dir, err := os.MkdirTemp(p.dir, "import-")
		if err != nil {
			return err
		}
		rate, err := step.measure(ctx, filepath.Join(dir, "new.db"))
		if err != nil {
			return err
		}
		p.seen.add(step.name, rate)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return nil
}

// ours returns the lines a second of the whole program, from its start to its end.
func (p *importPart) ours(ctx context.Context, db string) (float64, error) {
	started := time.Now()
	_, err := output(command(ctx, p.innards, target.InnardsImport(p.file, db)...))
	return float64(p.reservations) / time.Since(started).Seconds(), err
}

// theirs returns the reservations a second of the bare driver, for the time that it writes.
func (p *importPart) theirs(ctx context.Context, db string) (float64, error) {
	if _, err := output(command(ctx, p.innards, target.InnardsMigrate(db)...)); err != nil {
		return 0, err
	}
	out, err := output(command(ctx, p.bare, p.filled, db))
	if err != nil {
		return 0, err
	}
	var result struct {
		Reservations int     `json:"reservations"`
		Rate         float64 `json:"rate"`
	}
	if err := json.Unmarshal(out, &result); err != nil {
		return 0, err
	}
	if result.Reservations != p.reservations {
		return 0, fmt.Errorf("the bare driver inserted %d reservations, not %d", result.Reservations, p.reservations)
	}
	return result.Rate, nil
}

func (p *importPart) close() {}

func (p *importPart) report() string {
	t := newTable("Import, "+thousands(p.reservations)+" reservations", "", "ours /s", "bare driver /s", "ours : bare driver")
	t.row("reservations", number(p.seen.median("ours")), number(p.seen.median("bare")), p.seen.ratio("ours", "bare"))
	return t.String()
}
