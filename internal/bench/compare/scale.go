package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/innards-go/innards/internal/bench/target"
)

// scalePart compares our server on a small database with itself on a large one, which holds copies of the small.
type scalePart struct {
	options
	binary  string
	driver  string // program that runs scripts on SQLite
	cluster *cluster
	houses  []*house // for each kind of database a small one, then a large
	seen    series
}

func prepareScale(ctx context.Context, o options) (p *scalePart, err error) {
	p = &scalePart{options: o, seen: series{}}
	if p.binary, err = buildInnards(ctx, o); err != nil {
		return nil, err
	}
	if p.driver, err = buildDriver(ctx, o, "script"); err != nil {
		return nil, err
	}
	if p.cluster, err = startCluster(ctx, filepath.Join(o.dir, "pg-scale")); err != nil {
		return nil, err
	}
	if err := p.open(ctx); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// open fills the small databases by import, makes the large ones of them and starts all servers.
func (p *scalePart) open(ctx context.Context) error {
	file := filepath.Join(p.dir, "scale.jsonl")
	if err := writeReservations(file, base); err != nil {
		return err
	}
	many := max(1, p.reservations/base-1)
	sqlite := []*house{p.sqlite("small.db", 0), p.sqlite("large.db", many)}
	postgres := []*house{p.postgres("small", 0), p.postgres("large", many)}
	if err := p.psql(ctx, "CREATE DATABASE small"); err != nil {
		return err
	}
	for _, small := range []*house{sqlite[0], postgres[0]} {
		if _, err := output(command(ctx, p.binary, target.InnardsImport(file, small.db)...)); err != nil {
			return err
		}
	}
	if err := copyFile(sqlite[1].db, sqlite[0].db); err != nil {
		return err
	}
	if err := p.psql(ctx, "CREATE DATABASE large TEMPLATE small"); err != nil {
		return err
	}
	for _, h := range append(sqlite, postgres...) {
		progress("filling %s with %s reservations", h.kind, thousands(h.reservations()))
		p.houses = append(p.houses, h)
		if err := h.open(ctx, p.binary); err != nil {
			return err
		}
	}
	return nil
}

func (p *scalePart) sqlite(name string, copies int) *house {
	db := filepath.Join(p.dir, name)
	program := func(ctx context.Context) *exec.Cmd { return command(ctx, p.driver, db) }
	return &house{kind: "SQLite", db: db, setup: "sqlite.sql", copies: copies, program: program}
}

func (p *scalePart) postgres(name string, copies int) *house {
	program := func(ctx context.Context) *exec.Cmd {
		return p.cluster.client(ctx, "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", name)
	}
	db := "postgres:///" + name + "?user=postgres&host=" + p.cluster.dir
	return &house{kind: "PostgreSQL", db: db, setup: "postgres.sql", copies: copies, program: program}
}

func (p *scalePart) psql(ctx context.Context, statement string) error {
	_, err := output(p.cluster.client(ctx, "psql", "-q", "-c", statement))
	return err
}

func copyFile(to, from string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600)
}

func (p *scalePart) close() {
	for _, h := range p.houses {
		h.close()
	}
	p.cluster.stop()
}

// round makes every call to each house in turn.
func (p *scalePart) round(ctx context.Context, backwards bool) error {
	for _, h := range inTurn(p.houses, backwards) {
		if err := p.measure(ctx, h); err != nil {
			return fmt.Errorf("%s, %s reservations: %w", h.kind, thousands(h.reservations()), err)
		}
	}
	return nil
}

func (p *scalePart) measure(ctx context.Context, h *house) error {
	g, err := newGuest(ctx, h)
	if err != nil {
		return err
	}
	for _, c := range scaleCalls {
		took, err := g.median(ctx, p.duration, c.call)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		p.seen.add(h.measured(c.name), took)
	}
	took, err := h.run(ctx, h.scan())
	p.seen.add(h.measured(scan), took)
	return err
}

func (p *scalePart) report() string {
	out := ""
	for i := 0; i < len(p.houses); i += 2 {
		small, large := p.houses[i], p.houses[i+1]
		t := newTable(small.kind+", one caller", "median of a call", thousands(small.reservations())+", ms",
			thousands(large.reservations())+", ms", "large : small")
		for _, c := range scaleCalls {
			s, l := small.measured(c.name), large.measured(c.name)
			t.row(c.name, number(p.seen.median(s)), number(p.seen.median(l)), p.seen.ratio(l, s))
		}
		t.WriteByte('\n')
		out += t.String() + p.againstScan(large)
	}
	return out
}

// againstScan compares searches over HTTP with looking at every guest in the database.
func (p *scalePart) againstScan(h *house) string {
	t := newTable(h.kind+", "+thousands(h.reservations())+" reservations", "words", "search, ms", "count with LIKE, ms", "LIKE : search")
	for _, name := range []string{familyName, fullName} {
		words, like := h.measured(name), h.measured(scan)
		t.row(name, number(p.seen.median(words)), number(p.seen.median(like)), p.seen.ratio(like, words))
	}
	t.WriteByte('\n')
	return t.String()
}
