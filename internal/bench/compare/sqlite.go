package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
)

// rows is how many reservations the transitions without a server choose from.
const rows = 10_000

// sqlitePart compares the library on SQLite with the same transition in C.
type sqlitePart struct {
	options
	library library
	c       string // the compiled program
	seen    series
}

func prepareSQLite(ctx context.Context, o options) (*sqlitePart, error) {
	c := filepath.Join(o.dir, "transition")
	_, err := output(command(ctx, "gcc", "-std=c11", "-O2", "-o", c, filepath.Join("c", "transition.c"), "-lsqlite3"))
	if err != nil {
		return nil, err
	}
	l, err := buildLibrary(ctx, o)
	return &sqlitePart{options: o, library: l, c: c, seen: series{}}, err
}

func (s *sqlitePart) round(ctx context.Context, backwards bool) error {
	steps := []struct {
		name    string
		measure func() (float64, error)
	}{
		{"C 1", func() (float64, error) { return s.rateC(ctx, 1) }},
		{"library 1", func() (float64, error) { return s.library.rate(ctx, "sqlite", 1) }},
		{"C 64", func() (float64, error) { return s.rateC(ctx, 64) }},
		{"library 64", func() (float64, error) { return s.library.rate(ctx, "sqlite", 64) }},
	}
	for _, step := range inTurn(steps, backwards) {
		rate, err := step.measure()
		if err != nil {
			return err
		}
		s.seen.add(step.name, rate)
	}
	return nil
}

// rateC returns the transitions a second of the C program. It is told how many to run, not how long, so a short run
// first finds out how many take about as long as the other measurements.
func (s *sqlitePart) rateC(ctx context.Context, batch int) (float64, error) {
	probe, err := s.runC(ctx, batch, 1000)
	if err != nil {
		return 0, err
	}
	return s.runC(ctx, batch, max(1000, int(probe*s.duration.Seconds())))
}

func (s *sqlitePart) runC(ctx context.Context, batch, transitions int) (float64, error) {
	dir, err := os.MkdirTemp(s.dir, "c-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	out, err := output(command(ctx, s.c, filepath.Join(dir, "c.db"), strconv.Itoa(batch), strconv.Itoa(transitions), strconv.Itoa(rows)))
	if err != nil {
		return 0, err
	}
	var result struct {
		Rate float64 `json:"transitions_per_second"`
	}
	err = json.Unmarshal(out, &result)
	return result.Rate, err
}

func (s *sqlitePart) close() {}

func (s *sqlitePart) report() string {
	t := newTable("The library on SQLite, "+thousands(rows)+" reservations", "transition", "first /s", "second /s", "first : second")
	for _, r := range []struct{ what, first, second string }{
		{"library, 64 callers : C, 64 to a commit", "library 64", "C 64"},
		{"library, one caller : C, one to a commit", "library 1", "C 1"},
		{"library, 64 callers : library, one caller", "library 64", "library 1"},
	} {
		t.row(r.what, number(s.seen.median(r.first)), number(s.seen.median(r.second)), s.seen.ratio(r.first, r.second))
	}
	return t.String()
}
