package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/innards-go/innards/internal/bench/target"
)

// A library is the compiled benchmark of the library's own transition.
type library struct {
	options
	binary string
	source string // the directory of its package, where a test expects to run
}

func buildLibrary(ctx context.Context, o options) (library, error) {
	if o.library != "" {
		binary, err := filepath.Abs(o.library)
		return library{o, binary, "."}, err
	}
	binary := filepath.Join(o.dir, "library.test")
	c := command(ctx, "go", "test", "-c", "-o", binary, target.LibraryPackage)
	c.Dir = o.root
	_, err := output(c)
	return library{o, binary, filepath.Join(o.root, target.LibraryPackage)}, err
}

var nanoseconds = regexp.MustCompile(`(?m)^Benchmark\S+\s+\d+\s+([0-9.]+) ns/op`)

// rate runs one case of the benchmark and returns its transitions a second.
func (l library) rate(ctx context.Context, database string, callers int, env ...string) (float64, error) {
	name := fmt.Sprintf("^%s$/^%s$/^callers=%d$", target.LibraryBenchmark, database, callers)
	c := command(ctx, l.binary, "-test.run=^$", "-test.bench="+name, "-test.benchtime="+l.duration.String())
	c.Dir = l.source
	c.Env = append(c.Environ(), append(env, "TMPDIR="+l.dir)...)
	out, err := output(c)
	if err != nil {
		return 0, err
	}
	match := nanoseconds.FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("the benchmark printed no result for %s:\n%s", name, out)
	}
	ns, err := strconv.ParseFloat(string(match[1]), 64)
	return 1e9 / ns, err
}
