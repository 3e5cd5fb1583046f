// Command compare measures Innards next to its peers, in rounds that take turns, and prints what it saw as Markdown.
// It builds all it needs. Run it from the directory above:
//
//	go run ./compare
//	go run ./compare --dir /dev/shm --parts http --rounds 7
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	o := options{root: filepath.Join("..", "..")}
	parts := flag.String("parts", strings.Join(usualParts, ","), "what to compare: "+strings.Join(allParts, ", "))
	flag.StringVar(&o.dir, "dir", os.TempDir(), "where databases are made: on a disk, or a RAM disk such as /dev/shm")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds, up to 50")
	flag.IntVar(&o.reservations, "reservations", 0, "reservations in each server, up to 10,000,000 (default 100,000; in the part scale 1,000,000)")
	flag.DurationVar(&o.duration, "duration", 3*time.Second, "length of each measurement, up to 1m")
	flag.StringVar(&o.innards, "innards", "", "compare this server binary instead of building "+o.root)
	flag.StringVar(&o.library, "library", "", "compare this test binary instead of building the library's")
	timeout := flag.Duration("timeout", time.Hour, "give up after this long")
	flag.Parse()
	o.parts = strings.Split(*parts, ",")
	if err := o.check(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

type options struct {
	root         string // of the main module
	dir          string
	parts        []string
	rounds       int
	reservations int
	duration     time.Duration
	innards      string
	library      string
}

var (
	usualParts = []string{"http", "sqlite", "postgres"}
	allParts   = append(usualParts[:len(usualParts):len(usualParts)], "import", "scale")
)

func (o options) check() error {
	for _, p := range o.parts {
		if !slices.Contains(allParts, p) {
			return fmt.Errorf("--parts: unknown part %q", p)
		}
	}
	switch {
	case o.rounds < 1 || o.rounds > 50:
		return fmt.Errorf("--rounds %d: want 1 to 50", o.rounds)
	case o.reservations != 0 && o.reservations < 1000 || o.reservations > 10_000_000:
		return fmt.Errorf("--reservations %d: want 1,000 to 10,000,000", o.reservations)
	case o.duration < 100*time.Millisecond || o.duration > time.Minute:
		return fmt.Errorf("--duration %v: want 100ms to 1m", o.duration)
	}
	return nil
}

// A part is one set of peers, ready to be measured again and again.
type part interface {
	// round measures everything once. In every second round it goes backwards, so that none of the peers always comes
	// after another.
	round(ctx context.Context, backwards bool) error
	report() string
	close()
}

func run(ctx context.Context, o options) error {
	// The directory is absolute, because programs run in different ones, and readable, because PostgreSQL runs as
	// another user.
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	if dir, err = os.MkdirTemp(dir, "innards-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	o.dir = dir

	var parts []part
	defer func() {
		for _, p := range parts {
			p.close()
		}
	}()
	for _, name := range o.parts {
		progress("preparing %s", name)
		p, err := prepare(ctx, name, o)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		parts = append(parts, p)
	}
	for i := range o.rounds {
		for j, p := range parts {
			progress("round %d of %d: %s", i+1, o.rounds, o.parts[j])
			if err := p.round(ctx, i%2 == 1); err != nil {
				return fmt.Errorf("%s: %w", o.parts[j], err)
			}
		}
	}
	fmt.Println(machine(o))
	for _, p := range parts {
		fmt.Println(p.report())
	}
	return nil
}

func prepare(ctx context.Context, name string, o options) (part, error) {
	if o.reservations == 0 {
		o.reservations = 100_000
		if name == "scale" {
			o.reservations = 1_000_000
		}
	}
	switch name {
	case "http":
		return prepareHTTP(ctx, o)
	case "sqlite":
		return prepareSQLite(ctx, o)
	case "import":
		return prepareImport(ctx, o)
	case "scale":
		return prepareScale(ctx, o)
	default:
		return preparePostgres(ctx, o)
	}
}

func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
}
