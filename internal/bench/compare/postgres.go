package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/innards-go/innards/internal/bench/target"
)

var clients = []int{8, 64}

// postgresPart compares the library on PostgreSQL with pgbench, on a private cluster with default settings that listens
// on a Unix socket only.
type postgresPart struct {
	options
	library library
	cluster *cluster
	seen    series
}

func preparePostgres(ctx context.Context, o options) (p *postgresPart, err error) {
	p = &postgresPart{options: o, seen: series{}}
	if p.library, err = buildLibrary(ctx, o); err != nil {
		return nil, err
	}
	if p.cluster, err = startCluster(ctx, filepath.Join(o.dir, "pg")); err != nil {
		return nil, err
	}
	_, err = output(p.cluster.client(ctx, "psql", "-q", "-v", "ON_ERROR_STOP=1", "-v", fmt.Sprint("rows=", rows),
		"-f", filepath.Join("pg", "schema.sql")))
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *postgresPart) close() { p.cluster.stop() }

func (p *postgresPart) round(ctx context.Context, backwards bool) error {
	for _, n := range clients {
		steps := []struct {
			name    string
			measure func(context.Context, int) (float64, error)
		}{
			{peerPostgres(n), p.pgbench},
			{ourPostgres(n), p.ours},
		}
		for _, step := range inTurn(steps, backwards) {
			rate, err := step.measure(ctx, n)
			if err != nil {
				return err
			}
			p.seen.add(step.name, rate)
		}
	}
	return nil
}

func ourPostgres(clients int) string  { return fmt.Sprint("library ", clients) }
func peerPostgres(clients int) string { return fmt.Sprint("pgbench ", clients) }

func (p *postgresPart) ours(ctx context.Context, clients int) (float64, error) {
	return p.library.rate(ctx, "postgres", clients,
		target.LibraryPostgres+"=host="+p.cluster.dir+" user=postgres dbname=postgres")
}

var transactions = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

func (p *postgresPart) pgbench(ctx context.Context, clients int) (float64, error) {
	seconds := max(1, int(p.duration.Seconds()+0.5))
	out, err := output(p.cluster.client(ctx, "pgbench", "-n", "-M", "prepared", "-j", "2", "-c", strconv.Itoa(clients),
		"-T", strconv.Itoa(seconds), "-D", fmt.Sprint("rows=", rows), "-D", fmt.Sprint("clients=", clients),
		"-f", filepath.Join("pg", "transition.sql")))
	if err != nil {
		return 0, err
	}
	match := transactions.FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("pgbench printed no rate:\n%s", out)
	}
	return strconv.ParseFloat(string(match[1]), 64)
}

func (p *postgresPart) report() string {
	t := newTable("The library on PostgreSQL, "+thousands(rows)+" reservations",
		"transition", "clients", "ours /s", "pgbench /s", "ours : pgbench")
	for _, n := range clients {
		us, them := ourPostgres(n), peerPostgres(n)
		t.row("BEGIN, SELECT, UPDATE, two INSERTs, END", strconv.Itoa(n),
			number(p.seen.median(us)), number(p.seen.median(them)), p.seen.ratio(us, them))
	}
	return t.String()
}
