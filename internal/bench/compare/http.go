package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/innards-go/innards/internal/bench/dataset"
	"github.com/innards-go/innards/internal/bench/target"
)

// The servers under comparison.
const (
	ours       = "innards"
	peer       = "PocketBase"         // commits with synchronous=FULL, like ours
	peerNormal = "PocketBase, NORMAL" // its default: an acknowledged write may be lost when the power fails
)

var connections = []int{1, 16, 64}

// A load is one measurement of the load program.
type load struct {
	server, kind, mode string
}

var loads = []load{
	{ours, "innards", "transition"},
	{peer, "pocketbase-route", "transition"},
	{peerNormal, "pocketbase-patch", "patch"},
	{ours, "innards", "get"},
	{peer, "pocketbase-route", "get"},
	{ours, "innards", "list"},
	{peer, "pocketbase-route", "list"},
}

// httpRows pairs the loads that the table compares.
var httpRows = []struct {
	call       string
	ours, peer load
}{
	{"guarded transition against the same in a custom route", loads[0], loads[1]},
	{"guarded transition against a plain PATCH at NORMAL", loads[0], loads[2]},
	{"get", loads[3], loads[4]},
	{"list of 30", loads[5], loads[6]},
}

func (l load) rate(connections int) string { return fmt.Sprint(l, connections, " rate") }
func (l load) p99(connections int) string  { return fmt.Sprint(l, connections, " p99") }

// A program is how one of the servers is started on a database that is already filled.
type program struct {
	name, binary, readyPath string
	args                    []string
	token                   string
}

// Names of what is seen of a server besides the loads.
func readyTime(server string) string  { return server + " ready" }
func peakMemory(server string) string { return server + " memory" }
func binarySize(server string) string { return server + " size" }

// httpPart compares servers over HTTP.
type httpPart struct {
	options
	loader   string
	programs []program
	seen     series
	failures []string
}

func prepareHTTP(ctx context.Context, o options) (*httpPart, error) {
	loader, err := buildGo(ctx, o, ".", "./load")
	if err != nil {
		return nil, err
	}
	us, err := fillInnards(ctx, o)
	if err != nil {
		return nil, err
	}
	full, normal, err := fillPocketBase(ctx, o)
	if err != nil {
		return nil, err
	}
	return &httpPart{options: o, loader: loader, programs: []program{us, full, normal}, seen: series{}}, nil
}

// fillInnards builds our server and imports the reservations.
func fillInnards(ctx context.Context, o options) (program, error) {
	binary, err := buildInnards(ctx, o)
	if err != nil {
		return program{}, err
	}
	file := filepath.Join(o.dir, "reservations.jsonl")
	if err := writeReservations(file, o.reservations); err != nil {
		return program{}, err
	}
	defer os.Remove(file)
	db := filepath.Join(o.dir, "innards.db")
	if _, err := output(command(ctx, binary, target.InnardsImport(file, db)...)); err != nil {
		return program{}, err
	}
	token, err := makeToken(ctx, binary, db)
	if err != nil {
		return program{}, err
	}
	return program{
		name:      ours,
		binary:    binary,
		readyPath: target.InnardsReady,
		args:      target.InnardsServe(db),
		token:     token,
	}, nil
}

// buildInnards returns the path of our server.
func buildInnards(ctx context.Context, o options) (string, error) {
	if o.innards != "" {
		return filepath.Abs(o.innards)
	}
	return buildGo(ctx, o, o.root, target.InnardsPackage)
}

// makeToken returns a token that may call our server on the database.
func makeToken(ctx context.Context, binary, db string) (string, error) {
	out, err := output(command(ctx, binary, target.InnardsToken(db)...))
	if err != nil {
		return "", err
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return string(lines[len(lines)-1]), nil
}

func writeReservations(name string, n int) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	for i := range n {
		line, err := target.InnardsLine(dataset.At(i))
		if err != nil {
			return err
		}
		w.Write(line)
		w.WriteByte('\n')
	}
	return w.Flush()
}

// fillPocketBase builds the peer and fills its two databases with the same records.
func fillPocketBase(ctx context.Context, o options) (full, normal program, err error) {
	binary, err := buildGo(ctx, o, ".", "./pocketbase")
	if err != nil {
		return full, normal, err
	}
	dir, dirNormal := filepath.Join(o.dir, "pb"), filepath.Join(o.dir, "pb-normal")
	s, err := startServer(ctx, target.PocketBaseReady, binary, target.PocketBaseServe(dir, true, o.reservations))
	if err != nil {
		return full, normal, err
	}
	token, err := s.line(ctx, "token ")
	s.stop()
	if err != nil {
		return full, normal, err
	}
	if err := os.CopyFS(dirNormal, os.DirFS(dir)); err != nil {
		return full, normal, err
	}
	full = program{peer, binary, target.PocketBaseReady, target.PocketBaseServe(dir, true, 0), token}
	normal = program{peerNormal, binary, target.PocketBaseReady, target.PocketBaseServe(dirNormal, false, 0), token}
	return full, normal, nil
}

// round starts every server anew, so that each round sees how soon it is ready and how much memory the same mix of calls
// takes.
func (h *httpPart) round(ctx context.Context, backwards bool) error {
	running := map[string]*server{}
	defer func() {
		for _, s := range running {
			s.stop()
		}
	}()
	tokens := map[string]string{}
	for _, p := range inTurn(h.programs, backwards) {
		s, err := startServer(ctx, p.readyPath, p.binary, p.args)
		if err != nil {
			return err
		}
		running[p.name], tokens[p.name] = s, p.token
		h.seen.add(binarySize(p.name), size(p.binary))
		h.seen.add(readyTime(p.name), float64(s.ready.Microseconds())/1000)
	}
	for _, n := range connections {
		for _, l := range inTurn(loads, backwards) {
			if err := h.measure(ctx, l, n, running[l.server].url, tokens[l.server]); err != nil {
				return err
			}
		}
	}
	for name, s := range running {
		peak, err := s.peakMemory()
		if err != nil {
			return err
		}
		h.seen.add(peakMemory(name), peak)
	}
	return nil
}

func (h *httpPart) measure(ctx context.Context, l load, n int, url, token string) error {
	out, err := output(command(ctx, h.loader, "--kind", l.kind, "--mode", l.mode, "--connections", strconv.Itoa(n),
		"--url", url, "--token", token, "--duration", h.duration.String()))
	if err != nil {
		return err
	}
	var result struct {
		Rate     float64 `json:"rate"`
		P99      float64 `json:"p99_ms"`
		Calls    int     `json:"calls"`
		Failures int     `json:"failures"`
		Failure  string  `json:"failure"`
	}
	if err := json.Unmarshal(out, &result); err != nil {
		return err
	}
	if result.Failures > 0 {
		h.failures = append(h.failures, fmt.Sprintf("%s, %s, %d connections: %d failed, %d did not; the first: %s",
			l.server, l.mode, n, result.Failures, result.Calls, result.Failure))
	}
	h.seen.add(l.rate(n), result.Rate)
	h.seen.add(l.p99(n), result.P99)
	return nil
}

func (h *httpPart) close() {}

func (h *httpPart) report() string {
	t := newTable("HTTP, "+thousands(h.reservations)+" reservations",
		"call", "connections", "ours /s", "peer /s", "rate, ours : peer", "ours p99 ms", "peer p99 ms", "p99, ours : peer")
	for _, r := range httpRows {
		for _, n := range connections {
			t.row(r.call, strconv.Itoa(n),
				number(h.seen.median(r.ours.rate(n))), number(h.seen.median(r.peer.rate(n))), h.seen.ratio(r.ours.rate(n), r.peer.rate(n)),
				number(h.seen.median(r.ours.p99(n))), number(h.seen.median(r.peer.p99(n))), h.seen.ratio(r.ours.p99(n), r.peer.p99(n)))
		}
	}
	t.WriteByte('\n')
	for _, f := range h.failures {
		fmt.Fprintf(t, "Calls failed. %s\n\n", f)
	}
	return t.String() + h.footprint()
}

// footprint compares what the two durable servers need besides their answers.
func (h *httpPart) footprint() string {
	t := newTable("Footprint", "", "ours", "peer", "ours : peer")
	for _, r := range []struct {
		what  string
		named func(server string) string
	}{
		{"ready after, ms", readyTime},
		{"peak memory after these calls, MB", peakMemory},
		{"stripped binary, MB", binarySize},
	} {
		us, them := r.named(ours), r.named(peer)
		t.row(r.what, number(h.seen.median(us)), number(h.seen.median(them)), h.seen.ratio(us, them))
	}
	return t.String()
}

// size returns the size of a file in MB.
func size(name string) float64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return float64(info.Size()) / 1e6
}
