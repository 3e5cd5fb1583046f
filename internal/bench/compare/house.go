package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/innards-go/innards/internal/bench/target"
)

// base is how many reservations a database holds before copies are made of them.
const base = 10_000

// A house is a database, with our server on it.
type house struct {
	kind    string
	db      string                          // as our server is told
	setup   string                          // script below the directory scale that makes copies
	copies  int                             // of the base, beside itself
	program func(context.Context) *exec.Cmd // that reads a script from standard input and runs it on the database
	server  *server
	token   string
}

// reservations is how many it holds.
func (h *house) reservations() int { return base * (1 + h.copies) }

// open makes the copies and starts the server.
func (h *house) open(ctx context.Context, binary string) error {
	script, err := h.copying()
	if err != nil {
		return err
	}
	if _, err := h.run(ctx, script); err != nil {
		return err
	}
	if h.token, err = makeToken(ctx, binary, h.db); err != nil {
		return err
	}
	h.server, err = startServer(ctx, target.InnardsReady, binary, target.InnardsServe(h.db))
	return err
}

// copying returns the script that makes the copies.
func (h *house) copying() (string, error) {
	text, err := os.ReadFile(filepath.Join("scale", h.setup))
	if err != nil {
		return "", err
	}
	before, rest, _ := strings.Cut(string(text), "-- for each copy\n")
	each, after, found := strings.Cut(rest, "-- in the end\n")
	if !found {
		return "", fmt.Errorf("%s does not say what is repeated", h.setup)
	}
	var script strings.Builder
	script.WriteString(before)
	for n := range h.copies {
		script.WriteString(strings.ReplaceAll(each, "{n}", copyName(n+1)))
	}
	script.WriteString(after)
	return script.String(), nil
}

// copyName is what stands for {n} in the script of the n-th copy.
func copyName(n int) string { return fmt.Sprintf("%04x", n) }

var timing = regexp.MustCompile(`(?m)^Time: ([0-9.]+) ms`)

// run runs the script and returns how many milliseconds its last statement took, if the program prints that.
func (h *house) run(ctx context.Context, script string) (float64, error) {
	c := h.program(ctx)
	c.Stdin = strings.NewReader(script)
	out, err := output(c)
	if err != nil {
		return 0, err
	}
	times := timing.FindAllSubmatch(bytes.TrimSpace(out), -1)
	if len(times) == 0 {
		return 0, nil
	}
	return strconv.ParseFloat(string(times[len(times)-1][1]), 64)
}

func (h *house) close() {
	if h.server != nil {
		h.server.stop()
	}
}
