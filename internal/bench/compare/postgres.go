package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/innards-go/innards/internal/bench/target"
)

var clients = []int{8, 64}

// postgresPart compares the library on PostgreSQL with pgbench, on a private cluster with default settings that listens
// on a Unix socket only.
type postgresPart struct {
	options
	library library
	cluster string            // its directory, and that of its socket
	paths   map[string]string // of PostgreSQL's programs
	seen    series
}

func preparePostgres(ctx context.Context, o options) (p *postgresPart, err error) {
	p = &postgresPart{options: o, cluster: filepath.Join(o.dir, "pg"), paths: map[string]string{}, seen: series{}}
	if p.library, err = buildLibrary(ctx, o); err != nil {
		return nil, err
	}
	for _, name := range []string{"initdb", "pg_ctl", "psql", "pgbench"} {
		if p.paths[name], err = find(name); err != nil {
			return nil, err
		}
	}
	if err := p.start(ctx); err != nil {
		return nil, err
	}
	_, err = output(p.program(ctx, "psql", "-q", "-v", "ON_ERROR_STOP=1", "-v", fmt.Sprint("rows=", rows),
		"-f", filepath.Join("pg", "schema.sql"), "-h", p.cluster, "-U", "postgres"))
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// find returns the path of one of PostgreSQL's programs. Debian keeps some of them out of the search path.
func find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", fmt.Errorf("%s not found: install PostgreSQL, or leave this part out with --parts", name)
	}
	return slices.Max(found), nil
}

func (p *postgresPart) program(ctx context.Context, name string, args ...string) *exec.Cmd {
	return command(ctx, p.paths[name], args...)
}

// start makes the cluster and starts it. PostgreSQL refuses to run as root, so there it runs as its own user.
func (p *postgresPart) start(ctx context.Context) error {
	if err := os.Mkdir(p.cluster, 0o700); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if err := give(p.cluster, "postgres"); err != nil {
			return err
		}
	}
	data := filepath.Join(p.cluster, "data")
	if err := p.asOwner(ctx, "initdb", "-D", data, "-U", "postgres", "-A", "trust"); err != nil {
		return err
	}
	return p.asOwner(ctx, "pg_ctl", "start", "-w", "-s", "-D", data, "-l", filepath.Join(p.cluster, "log"),
		"-o", "-k "+p.cluster+" -c listen_addresses=''")
}

func give(dir, owner string) error {
	u, err := user.Lookup(owner)
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return os.Chown(dir, uid, gid)
}

func (p *postgresPart) asOwner(ctx context.Context, name string, args ...string) error {
	c := p.program(ctx, name, args...)
	if os.Geteuid() == 0 {
		c = command(ctx, "runuser", append([]string{"-u", "postgres", "--"}, c.Args...)...)
	}
	c.Dir = p.cluster
	// The server inherits the output of pg_ctl, so that reading it to its end would wait for the server to end.
	log, err := os.Create(filepath.Join(p.dir, name+".log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	if err := c.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

func (p *postgresPart) close() {
	// The context of the comparison may be over by now.
	if err := p.asOwner(context.Background(), "pg_ctl", "stop", "-s", "-m", "fast", "-D", filepath.Join(p.cluster, "data")); err != nil {
		progress("%v", err)
	}
}

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
		target.LibraryPostgres+"=host="+p.cluster+" user=postgres dbname=postgres")
}

var transactions = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

func (p *postgresPart) pgbench(ctx context.Context, clients int) (float64, error) {
	seconds := max(1, int(p.duration.Seconds()+0.5))
	out, err := output(p.program(ctx, "pgbench", "-n", "-M", "prepared", "-j", "2", "-c", strconv.Itoa(clients),
		"-T", strconv.Itoa(seconds), "-D", fmt.Sprint("rows=", rows), "-D", fmt.Sprint("clients=", clients),
		"-f", filepath.Join("pg", "transition.sql"), "-h", p.cluster, "-U", "postgres", "postgres"))
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
