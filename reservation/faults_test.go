package reservation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A useCase is a command on a hotel that was made ready for it.
type useCase struct {
	name    string
	prepare func(t fataler) (h *house, id string)
	in      func(h *house) reservation.Intent
}

// useCases are all commands of a reservation, each in a status that allows it.
func useCases() []useCase {
	var cases []useCase
	for _, table := range []string{occupancySeed, confirmation, guarantee, commitment} {
		m := parseMatrix(table)
		for _, command := range m.commands {
			for _, status := range m.statuses[1:] {
				if len(m.cells[[2]string{command, status}]) == 0 {
					continue
				}
				cases = append(cases, useCase{
					name: command + " from " + status,
					prepare: func(t fataler) (*house, string) {
						h := open(t, forMatrix(func(*reservation.Property) {})...)
						return h, h.forMatrixIn(status, command)
					},
					in: func(h *house) reservation.Intent { return samples(h)[command] },
				})
			}
		}
	}
	for name, c := range map[string]reservation.Create{
		"create":               booking(inRoom("101"), under(reservationtest.Deposit, reservationtest.Flexible)),
		"create with a number": booking(func(c *reservation.Create) { c.Number = "N-1" }),
	} {
		cases = append(cases, useCase{name, func(t fataler) (*house, string) { return open(t), "" }, func(*house) reservation.Intent { return c }})
	}
	return cases
}

// The store fails at every call of every command, before the call takes effect and after it: the error is typed, what is
// stored is whole, and the same command with the same key ends as if nothing had happened.
func TestFaultAtEveryCall(t *testing.T) {
	by := innards.Command{Key: "k-1", Reason: "by right", Override: codes(reservation.InHouse)}
	for _, c := range useCases() {
		h, id := c.prepare(t)
		by.Actor = h.desk
		calls := h.store.Calls()
		want, err := h.Do(h.ctx, by, id, c.in(h))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		calls = h.store.Calls() - calls
		if least := 2; calls < least {
			t.Errorf("%s makes %d calls", c.name, calls)
		}
		for n := 1; n <= calls; n++ {
			for _, fault := range []reservationtest.Fault{
				{Err: innards.ErrUnavailable}, {Err: innards.ErrOutcomeUnknown}, {Err: innards.ErrOutcomeUnknown, After: true}, {Err: innards.ErrStale},
			} {
				if n < calls && errors.Is(fault.Err, innards.ErrStale) {
					continue // only a commit finds that the facts have moved
				}
				tryFault(t, fmt.Sprintf("%s, call %d, %+v", c.name, n, fault), c, by, reservationtest.Nth(n, fault), want)
			}
		}
	}
}

func tryFault(t *testing.T, name string, c useCase, by innards.Command, plan reservationtest.Plan, want reservation.Receipt) {
	t.Helper()
	h, id := c.prepare(t)
	events := h.events()
	got, err := h.on(reservationtest.NewFaulty(h.memory, plan)).Do(h.ctx, by, id, c.in(h))
	if err != nil && !errors.Is(err, innards.ErrUnavailable) && !errors.Is(err, innards.ErrOutcomeUnknown) {
		t.Errorf("%s: the error is %v", name, err)
	}
	if wrote := h.events() - events; err == nil && wrote != 1 || wrote > 1 {
		t.Errorf("%s: %d events were written, %v", name, wrote, err)
	}
	again, err := h.Do(h.ctx, by, id, c.in(h))
	if err != nil || h.events()-events != 1 {
		t.Errorf("%s: sent again: %v, %d events", name, err, h.events()-events)
	}
	if got.ID != "" && got.ID != again.ID {
		t.Errorf("%s: it was answered for %s, and then for %s", name, got.ID, again.ID)
	}
	random := cmpopts.IgnoreFields(reservation.Receipt{}, "ID", "Number", "CancellationNumber", "Replayed", "Effects")
	if d := cmp.Diff(want, again, random, cmpopts.EquateComparable(innards.Date{}, innards.Money{})); d != "" {
		t.Errorf("%s: it ends otherwise:\n%s", name, d)
	}
	r := h.get(again.ID)
	if err := innards.VerifyHistory(r.ID, r.Version, r.Hash, h.history(r.ID)); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if replay, err := reservation.Replay(h.history(r.ID)); diff(r.Replayed(), replay) != "" || err != nil {
		t.Errorf("%s: the history says otherwise: %v", name, err)
	}
}

// faults fails the calls of those numbers.
func faults(fail map[int]reservationtest.Fault) reservationtest.Plan {
	return func(n int, _ string) reservationtest.Fault { return fail[n] }
}

// When the outcome of a commit is not known and cannot be found out, the caller is told so, whatever else fails then.
func TestUnknownOutcome(t *testing.T) {
	unknown := reservationtest.Fault{Err: innards.ErrOutcomeUnknown, After: true}
	down := reservationtest.Fault{Err: innards.ErrUnavailable}
	lost := reservationtest.Fault{Err: innards.ErrOutcomeUnknown}
	for name, c := range map[string]struct {
		key   string
		plan  reservationtest.Plan
		wants []error
	}{
		"without a key":     {"", faults(map[int]reservationtest.Fault{2: unknown}), []error{innards.ErrOutcomeUnknown}},
		"then out of reach": {"k", faults(map[int]reservationtest.Fault{2: unknown, 3: down}), []error{innards.ErrOutcomeUnknown, innards.ErrUnavailable}},
		"again and again": {"k", func(n int, m string) reservationtest.Fault {
			return map[string]reservationtest.Fault{"Commit": lost}[m]
		}, []error{innards.ErrOutcomeUnknown}},
		"found out":             {"k", faults(map[int]reservationtest.Fault{2: unknown}), nil},
		"not written, then yes": {"k", faults(map[int]reservationtest.Fault{2: lost}), nil},
	} {
		h := open(t)
		id := h.book()
		_, err := h.on(reservationtest.NewFaulty(h.memory, c.plan)).Do(h.ctx, innards.Command{Actor: h.desk, Key: c.key}, id, reservation.LockRoom{})
		if len(c.wants) == 0 && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range c.wants {
			if !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
	}
	// It was not written, as the next facts show, and by then it is refused: that is the answer.
	h := open(t)
	id := h.book()
	store := reservationtest.NewFaulty(h.memory, faults(map[int]reservationtest.Fault{2: lost}))
	store.Meanwhile = func(n int, _ string) {
		if n == 3 {
			h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		}
	}
	_, err := h.on(store).Do(h.ctx, innards.Command{Actor: h.desk, Key: "k"}, id, reservation.LockRoom{})
	if !equalCodes(err, innards.WrongStatus) {
		t.Error(err)
	}
	// A later try that finds the facts moved knows that nothing was written before.
	store = reservationtest.NewFaulty(h.memory, func(n int, method string) reservationtest.Fault {
		switch {
		case n == 2:
			return lost
		case method == "Commit":
			return reservationtest.Fault{Err: innards.ErrStale}
		}
		return reservationtest.Fault{}
	})
	_, err = h.on(store).Do(h.ctx, innards.Command{Actor: h.desk, Key: "k"}, id, reservation.MakeExpected{})
	if !equalCodes(err, innards.Busy) {
		t.Error(err)
	}
}

// Facts that keep moving end in a refusal, after eight tries.
func TestBusy(t *testing.T) {
	h := open(t)
	id := h.book()
	stale := reservationtest.NewFaulty(h.memory, func(_ int, method string) reservationtest.Fault {
		return map[string]reservationtest.Fault{"Commit": {Err: innards.ErrStale}}[method]
	})
	_, err := h.on(stale).Do(h.ctx, innards.Command{Actor: h.desk}, id, reservation.LockRoom{})
	if !equalCodes(err, innards.Busy) {
		t.Error(err)
	}
	equal(t, "calls", stale.Calls(), 16)
	broken := errors.New("the disk is on fire")
	_, err = h.on(reservationtest.NewFaulty(h.memory, reservationtest.Nth(2, reservationtest.Fault{Err: broken}))).
		Do(h.ctx, innards.Command{Actor: h.desk, Key: "k"}, id, reservation.LockRoom{})
	wantError(t, err, broken)
}

// Property commands behave the same.
func TestFaultInAPropertyCommand(t *testing.T) {
	by := innards.Command{Key: "k-1"}
	for n := 1; n <= 2; n++ {
		for _, fault := range []reservationtest.Fault{{Err: innards.ErrUnavailable}, {Err: innards.ErrOutcomeUnknown, After: true}, {Err: innards.ErrStale}} {
			if n == 1 && errors.Is(fault.Err, innards.ErrStale) {
				continue
			}
			h := open(t)
			by.Actor = h.desk
			in := reservation.CloseDay{Date: day(0)}
			_, err := h.on(reservationtest.NewFaulty(h.memory, reservationtest.Nth(n, fault))).DoProperty(h.ctx, by, reservationtest.HotelID, in)
			if err != nil && !errors.Is(err, fault.Err) {
				t.Errorf("%d %+v: %v", n, fault, err)
			}
			receipt, err := h.DoProperty(h.ctx, by, reservationtest.HotelID, in)
			if err != nil || receipt.BusinessDate != day(1) || receipt.Version != 2 || h.property().BusinessDate != day(1) {
				t.Errorf("%d %+v: sent again: %+v, %v", n, fault, receipt, err)
			}
		}
	}
}

// A sweep that fails anywhere has done nothing by halves, and the next one does what is left.
func TestFaultInASweep(t *testing.T) {
	for n := 1; n <= 8; n++ {
		for _, fault := range []reservationtest.Fault{{Err: innards.ErrUnavailable}, {Err: innards.ErrOutcomeUnknown, After: true}} {
			h := open(t)
			release := h.clock.Now().Add(time.Hour)
			ids := []string{h.book(optionUntil(release)), h.book(optionUntil(release))}
			h.clock.Set(release)
			_, err := h.on(reservationtest.NewFaulty(h.memory, reservationtest.Nth(n, fault))).Sweep(h.ctx, 10)
			if err != nil && !errors.Is(err, fault.Err) {
				t.Errorf("call %d: %v", n, err)
			}
			h.clock.Advance(time.Hour)
			h.sweep()
			for _, id := range ids {
				equal(t, fmt.Sprintf("call %d, %+v", n, fault), h.status(id), "cancelled unconfirmed not_guaranteed optional")
				equal(t, "version", h.get(id).Version, 2)
			}
		}
	}
}

// Queries pass the store's errors on.
func TestFaultInAQuery(t *testing.T) {
	search := reservation.Search{Property: reservationtest.HotelID}
	for name, query := range map[string]func(*house, *reservation.Service) error{
		"get":        func(h *house, s *reservation.Service) error { return second(s.Get(h.ctx, h.desk, "x")) },
		"property":   func(h *house, s *reservation.Service) error { return second(s.Property(h.ctx, h.desk, "x")) },
		"properties": func(h *house, s *reservation.Service) error { return second(s.Properties(h.ctx, h.desk)) },
		"history":    func(h *house, s *reservation.Service) error { return second(s.History(h.ctx, h.desk, "x", 0, 1)) },
		"feed":       func(h *house, s *reservation.Service) error { return second(s.Feed(h.ctx, h.desk, 0, 1)) },
		"search":     func(h *house, s *reservation.Service) error { return second(s.Search(h.ctx, h.desk, search)) },
		"count":      func(h *house, s *reservation.Service) error { return second(s.Count(h.ctx, h.desk, search)) },
		"segments":   func(h *house, s *reservation.Service) error { return second(s.Segments(h.ctx, h.desk, search)) },
		"awaiting": func(h *house, s *reservation.Service) error {
			_, _, err := s.AwaitingGuarantee(h.ctx, h.desk, search)
			return err
		},
		"day": func(h *house, s *reservation.Service) error {
			return second(s.Day(h.ctx, h.desk, reservationtest.HotelID, reservation.ListArrivals, nil, 0))
		},
		"calendar": func(h *house, s *reservation.Service) error {
			return second(s.Calendar(h.ctx, h.desk, reservationtest.HotelID, day(0), day(1)))
		},
		"availability": func(h *house, s *reservation.Service) error {
			return second(s.Availability(h.ctx, h.desk, reservationtest.HotelID, day(0), day(1)))
		},
		"preview": func(h *house, s *reservation.Service) error {
			return second(s.Preview(h.ctx, h.desk, search, h.clock.Now()))
		},
		"actions":          func(h *house, s *reservation.Service) error { return second(s.Actions(h.ctx, h.desk, "x")) },
		"property actions": func(h *house, s *reservation.Service) error { return second(s.PropertyActions(h.ctx, h.desk, "x")) },
		"bulk": func(h *house, s *reservation.Service) error {
			return second(s.Bulk(h.ctx, innards.Command{Actor: h.desk}, reservation.Selection{Search: &search}, cancelAll))
		},
	} {
		h := open(t)
		store := reservationtest.NewFaulty(h.memory, nil)
		if err := query(h, h.on(store)); err != nil && !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		for n := 1; n <= store.Calls(); n++ {
			broken := reservationtest.NewFaulty(h.memory, reservationtest.Nth(n, reservationtest.Fault{Err: innards.ErrUnavailable}))
			if err := query(h, h.on(broken)); !errors.Is(err, innards.ErrUnavailable) {
				t.Errorf("%s, call %d: %v", name, n, err)
			}
		}
	}
}

// Without randomness nothing is made.
func TestNoRandomness(t *testing.T) {
	h := open(t)
	for read := range 4 {
		random := &drying{left: read}
		s, err := reservation.NewService(h.memory, reservation.Options{Clock: h.clock.Now, Random: random})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Do(h.ctx, innards.Command{Actor: h.desk}, "", booking())
		if read < 3 != errors.Is(err, errDry) {
			t.Errorf("after %d reads: %v", read, err)
		}
	}
}

var errDry = errors.New("no randomness left")

// drying is a source of randomness that ends.
type drying struct{ left int }

func (d *drying) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, errDry
	}
	d.left--
	return len(p), nil
}

// A service says what it lacks.
func TestNewServiceNeeds(t *testing.T) {
	h := open(t)
	clock, random := h.clock.Now, reservationtest.Random(1)
	sound := func(p reservation.Profile) (reservation.Lifecycles, error) { return reservation.NewLifecycles(p) }
	broken := func(reservation.Profile) (reservation.Lifecycles, error) { return reservation.Lifecycles{}, errDry }
	for i, err := range []error{
		second(reservation.NewService(nil, reservation.Options{Clock: clock, Random: random})),
		second(reservation.NewService(h.memory, reservation.Options{Random: random})),
		second(reservation.NewService(h.memory, reservation.Options{Clock: clock})),
		second(reservation.NewService(h.memory, reservation.Options{Clock: clock, Random: random, Lifecycles: broken})),
		second(reservation.NewService(h.memory, reservation.Options{Clock: clock, Random: random, Lifecycles: sound})),
	} {
		equal(t, fmt.Sprint(i), err == nil, i == 4)
	}
}

// What an embedder adds to the lifecycle stands: a guard of its own, and lifecycles that contradict each other.
func TestEmbeddedLifecycles(t *testing.T) {
	h := open(t)
	noSmoking := innards.Reason{Code: "smoker", Kind: innards.KindState, Text: "the guest smokes"}
	tightened := func(p reservation.Profile) (l reservation.Lifecycles, err error) {
		if l, err = reservation.NewLifecycles(p); err != nil {
			return l, err
		}
		l.Occupancy, err = l.Occupancy.Tighten("check_in", func(f *reservation.Facts) []innards.Blocker {
			if f.Reservation.Attributes["smokes"] == "yes" {
				return []innards.Blocker{noSmoking.Block()}
			}
			return nil
		})
		return l, err
	}
	s, err := reservation.NewService(h.memory, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(3), Lifecycles: tightened})
	if err != nil {
		t.Fatal(err)
	}
	id := h.book(inRoom("101"), func(c *reservation.Create) { c.Attributes = map[string]string{"smokes": "yes"} })
	_, err = s.Do(h.ctx, innards.Command{Actor: h.desk}, id, reservation.CheckIn{})
	equal(t, "refused", equalCodes(err, noSmoking), true)
	twice := func(p reservation.Profile) (l reservation.Lifecycles, err error) {
		if l, err = reservation.NewLifecycles(p); err != nil {
			return l, err
		}
		row := innards.Row[reservation.Commitment, *reservation.Facts]{Command: "check_in", From: []reservation.Commitment{reservation.Definite}, To: reservation.Definite}
		l.Commitment, err = l.Commitment.Extend(nil, []innards.Row[reservation.Commitment, *reservation.Facts]{row})
		return l, err
	}
	_, err = reservation.NewService(h.memory, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(3), Lifecycles: twice})
	wantError(t, err, innards.ErrLifecycle)
}
