package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/innards-go/innards/internal/bench/dataset"
	"github.com/innards-go/innards/internal/bench/target"
)

// What is measured of a house beside other calls.
const (
	familyName = "search for a family name"
	fullName   = "search for a given name and a family name"
	scan       = "LIKE"
)

func (h *house) measured(what string) string { return fmt.Sprint(h.kind, h.copies, what) }

// scan returns a script that looks for the guests of the last copy as one would without an index of words.
func (h *house) scan() string {
	return fmt.Sprintf("\\timing on\nSELECT count(*) FROM innards_reservation WHERE guest LIKE '%%%s%%';\n", surname(h.copies))
}

// surname is the end of a family name in the copy.
func surname(n int) string {
	if n == 0 {
		return "Petrova"
	}
	return "Petrova" + copyName(n)
}

// property names a hotel of the copy.
func property(i, n int) string {
	if n == 0 {
		return dataset.Property(i)
	}
	return dataset.Property(i) + "-" + copyName(n)
}

// scaleCalls are the calls whose cost must not grow with the table.
var scaleCalls = []struct {
	name string
	call func(*guest) (target.Call, func(body []byte) error)
}{
	{"get", func(g *guest) (target.Call, func([]byte) error) { return g.target.Get(*g.one()), nil }},
	{"guarded transition", (*guest).change},
	{"list of 30", func(g *guest) (target.Call, func([]byte) error) {
		return g.target.List(g.property(), g.day(), 30), nil
	}},
	{"30 from the middle of all", func(g *guest) (target.Call, func([]byte) error) { return target.InnardsAll(30, g.middle), nil }},
	{"room calendar of 14 nights", func(g *guest) (target.Call, func([]byte) error) {
		from := g.day()
		return target.InnardsCalendar(g.property(), from, from.AddDate(0, 0, 14)), nil
	}},
	{familyName, func(g *guest) (target.Call, func([]byte) error) { return target.InnardsSearch(g.surname(), 30), nil }},
	{fullName, func(g *guest) (target.Call, func([]byte) error) {
		return target.InnardsSearch("Ivan "+g.surname(), 30), nil
	}},
}

// A guest makes calls to the server of a house, one after the other.
type guest struct {
	house  *house
	target target.Target
	rand   *rand.Rand
	known  []target.Reservation // some, from everywhere
	middle string               // where the second half of all reservations begins
}

func newGuest(ctx context.Context, h *house) (*guest, error) {
	t, err := target.For("innards", "transition")
	if err != nil {
		return nil, err
	}
	g := &guest{house: h, target: t, rand: rand.New(rand.NewPCG(1, 1))}
	for range 40 {
		body, err := g.do(ctx, t.List(g.property(), g.day(), 30))
		if err != nil {
			return nil, err
		}
		page, err := t.Page(body)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if !slices.ContainsFunc(g.known, func(k target.Reservation) bool { return k.ID == r.ID }) {
				g.known = append(g.known, r)
			}
		}
	}
	return g, g.walk(ctx)
}

// walk follows the pages of all reservations to their middle.
func (g *guest) walk(ctx context.Context) error {
	const page = 200
	for range g.house.reservations() / 2 / page {
		body, err := g.do(ctx, target.InnardsAll(page, g.middle))
		if err != nil {
			return err
		}
		if g.middle, err = target.InnardsNext(body); err != nil {
			return err
		}
	}
	return nil
}

func (g *guest) one() *target.Reservation { return &g.known[g.rand.IntN(len(g.known))] }

// surname is that of the same number of guests in every house.
func (g *guest) surname() string {
	if g.house.copies == 0 {
		return surname(0)
	}
	return surname(1 + g.rand.IntN(g.house.copies))
}

func (g *guest) property() string {
	return property(g.rand.IntN(dataset.Properties), g.rand.IntN(g.house.copies+1))
}

// day is one of the first three quarters, so that pages from it on are full.
func (g *guest) day() time.Time {
	return dataset.FirstArrival.AddDate(0, 0, g.rand.IntN(dataset.Days*3/4))
}

func (g *guest) change() (target.Call, func([]byte) error) {
	r := g.one()
	return g.target.Change(*r, fmt.Sprintf("scale-%016x", rand.Uint64())), func(body []byte) (err error) {
		r.Confirmed = !r.Confirmed
		r.Version, err = g.target.Changed(body)
		return err
	}
}

// do makes the call and returns the answer, which must be a 200.
func (g *guest) do(ctx context.Context, call target.Call) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, call.Method, g.house.server.url+call.Path, strings.NewReader(call.Body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+g.house.token)
	if call.Body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, f := range call.Header {
		request.Header.Set(f.Name, f.Value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %.300s", call.Method, call.Path, answer.Status, body)
	}
	return body, err
}

// median makes such calls for a while and returns the median of how many milliseconds they took.
func (g *guest) median(ctx context.Context, d time.Duration, next func(*guest) (target.Call, func([]byte) error)) (float64, error) {
	var took []float64
	for end := time.Now().Add(d); time.Now().Before(end); {
		call, read := next(g)
		started := time.Now()
		body, err := g.do(ctx, call)
		if err != nil {
			return 0, err
		}
		took = append(took, float64(time.Since(started).Microseconds())/1000)
		if read != nil {
			if err := read(body); err != nil {
				return 0, err
			}
		}
	}
	return median(took), nil
}
