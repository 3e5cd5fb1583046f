package demo_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/audit"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/demo"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

var (
	staff = innards.Actor{ID: "test", Tenant: "main", Rights: []innards.Right{"*"}}
	noon  = time.Date(2026, time.November, 24, 11, 30, 0, 0, time.UTC)
)

// A hotel is a demo that was filled in memory.
type hotel struct {
	*reservation.Service
	store reservation.Store
	all   []reservation.Reservation
}

func open(t *testing.T, now time.Time) hotel {
	t.Helper()
	h := hotel{store: reservationtest.NewStore()}
	if err := demo.Fill(t.Context(), h.store, nil, "main", now); err != nil {
		t.Fatal(err)
	}
	h.Service = service(t, h.store, now)
	err := h.Each(t.Context(), staff, reservation.Search{Property: demo.Property}, func(r reservation.Reservation) error {
		h.all = append(h.all, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func service(t *testing.T, store reservation.Store, now time.Time) *reservation.Service {
	t.Helper()
	s, err := reservation.NewService(store, reservation.Options{Clock: func() time.Time { return now }, Random: reservationtest.Random(1)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// On whatever day it is made, the demo shows every status and fills every list.
func TestFill(t *testing.T) {
	for name, now := range map[string]time.Time{
		"an ordinary day":        noon,
		"clocks set forward":     time.Date(2027, time.March, 28, 2, 30, 0, 0, time.UTC),
		"clocks set back":        time.Date(2027, time.October, 31, 0, 30, 0, 0, time.UTC),
		"tomorrow in Varna":      time.Date(2028, time.February, 28, 23, 59, 0, 0, time.UTC),
		"the last hour in Varna": time.Date(2028, time.February, 29, 21, 59, 0, 0, time.UTC),
		"New Year":               time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC),
		"midnight in Varna":      time.Date(2027, time.June, 29, 21, 0, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, now)
			h.showsAll(t)
			h.showsSeldom(t)
			h.isBelievable(t, now)
			h.mailsFew(t, now)
			h.letsTheFirstIn(t)
		})
	}
}

func (h hotel) showsAll(t *testing.T) {
	t.Helper()
	counts, err := h.Count(t.Context(), staff, reservation.Search{})
	if err != nil {
		t.Fatal(err)
	}
	if counts.Total < 1300 || counts.Total > 2600 || len(counts.Occupancy) != 5 || len(counts.Guarantee) != 2 || len(counts.Confirmation) != 2 || len(counts.Commitment) != 4 {
		t.Errorf("the hotel has %+v", counts)
	}
	for _, state := range reservation.StayStates() {
		h.has(t, string(state), reservation.Search{Property: demo.Property, StayState: []reservation.StayState{state}})
	}
	for _, state := range reservation.GuaranteeStates() {
		h.has(t, string(state), reservation.Search{Property: demo.Property, GuaranteeState: []reservation.GuaranteeState{state}})
	}
	for _, source := range reservation.Sources()[:7] {
		h.has(t, string(source), reservation.Search{Source: []reservation.Source{source}})
	}
	for _, name := range []string{"soren", "йорданова", "íñigo", "щукина", "o'dowd", "weiß"} {
		h.has(t, name, reservation.Search{Text: name})
	}
	for _, list := range reservation.DayLists() {
		found, err := h.Day(t.Context(), staff, demo.Property, list, nil, 100)
		if err != nil || len(found.Items) == 0 {
			t.Errorf("the list %s is empty (%v)", list, err)
		}
	}
}

func (h hotel) has(t *testing.T, what string, q reservation.Search) {
	t.Helper()
	found, err := h.Search(t.Context(), staff, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Reservations) == 0 {
		t.Errorf("nothing is %s", what)
	}
}

// showsSeldom looks for what the desk meets seldom.
func (h hotel) showsSeldom(t *testing.T) {
	t.Helper()
	for what, is := range map[string]func(*reservation.Reservation) bool{
		"overbooked":        func(r *reservation.Reservation) bool { return r.Overbooked },
		"locked":            func(r *reservation.Reservation) bool { return r.RoomLocked },
		"a day use":         (*reservation.Reservation).DayUse,
		"changed and stale": func(r *reservation.Reservation) bool { return r.ConfirmationStale },
		"waived":            func(r *reservation.Reservation) bool { return len(r.Fees) > 0 && r.Fees[0].Waived },
		"reversed":          func(r *reservation.Reservation) bool { return len(r.Fees) > 0 && r.Fees[0].Reversed },
		"to be refunded":    func(r *reservation.Reservation) bool { return r.Refunding.Sign() > 0 },
		"cancelled for nothing": func(r *reservation.Reservation) bool {
			return r.Occupancy == reservation.Cancelled && r.Fees[0].Amount.Sign() == 0 && !r.Fees[0].Waived
		},
		"cancelled with a fee": func(r *reservation.Reservation) bool {
			return r.Occupancy == reservation.Cancelled && r.Fees[0].Amount.Sign() > 0
		},
		"an early departure": func(r *reservation.Reservation) bool {
			return r.Occupancy == reservation.CheckedOut && !r.ReleasedFrom.IsZero()
		},
		"an extended stay": func(r *reservation.Reservation) bool {
			return r.Occupancy == reservation.CheckedIn && r.Revision > 1
		},
		"a split stay": func(r *reservation.Reservation) bool {
			rooms, _ := r.Rooms()
			return len(rooms) > 1
		},
		"a note":    func(r *reservation.Reservation) bool { return r.Attributes["note"] != "" },
		"a company": func(r *reservation.Reservation) bool { return r.Attributes["company"] != "" },
	} {
		if !slices.ContainsFunc(h.all, func(r reservation.Reservation) bool { return is(&r) }) {
			t.Errorf("nothing is %s", what)
		}
	}
	p, err := h.Property(t.Context(), staff, demo.Property)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rooms) != 32 || !slices.ContainsFunc(p.Rooms, func(r reservation.Room) bool { return r.OutOfOrder }) || len(p.MessageRules) != 3 || len(p.PaymentTasks) != 2 {
		t.Errorf("the hotel has %d rooms, %d message rules and %d payment tasks, or no room out of order", len(p.Rooms), len(p.MessageRules), len(p.PaymentTasks))
	}
}

// isBelievable looks for what a reader would stumble over: guests who book twice, mail addresses that somebody may have,
// deeds in the future, a room with two guests.
func (h hotel) isBelievable(t *testing.T, now time.Time) {
	t.Helper()
	seen, taken := map[string]bool{}, map[string]string{}
	for _, r := range h.all {
		stay := fmt.Sprint(r.Guest.Name, r.Arrival, r.Departure)
		if seen[stay] {
			t.Errorf("%s is there twice", stay)
		}
		seen[stay] = true
		if _, domain, _ := strings.Cut(r.Guest.Email, "@"); !strings.HasPrefix(domain, "example.") || !strings.HasPrefix(r.Guest.Phone, "+000 ") {
			t.Errorf("%s can be reached by %s and %s", r.Guest.Name, r.Guest.Email, r.Guest.Phone)
		}
		if r.CreatedAt.After(now) || r.ArrivedAt != nil && r.ArrivedAt.After(now) || r.DepartedAt != nil && r.DepartedAt.After(now) {
			t.Errorf("%s has a future: %v %v %v", r.Number, r.CreatedAt, r.ArrivedAt, r.DepartedAt)
		}
		for _, c := range r.Claims() {
			night := fmt.Sprint(c.Room, c.Date, c.Slot)
			if other := taken[night]; c.Room != "" && other != "" {
				t.Errorf("%s is taken by %s and %s", night, other, r.Number)
			}
			taken[night] = r.Number
		}
	}
}

// mailsFew fails the test if the first start would send many mails, or any about what is long over.
func (h hotel) mailsFew(t *testing.T, now time.Time) {
	t.Helper()
	waiting, err := h.store.Lease(t.Context(), staff.Scope(), now, now.Add(time.Minute), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	mails := 0
	for _, m := range waiting {
		switch m.Kind {
		case reservation.EffectConfirmation, reservation.EffectMessage, reservation.EffectNotify:
			if mails++; now.Sub(m.At) > 24*time.Hour {
				t.Errorf("%s is of %s", m.Key, m.At)
			}
		}
	}
	if mails == 0 || mails > 25 {
		t.Errorf("%d mails wait", mails)
	}
}

// letsTheFirstIn has the first of the arrivals check in: whoever tries the API by its examples begins so.
func (h hotel) letsTheFirstIn(t *testing.T) {
	t.Helper()
	arrivals, err := h.Day(t.Context(), staff, demo.Property, reservation.ListArrivals, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(t.Context(), innards.Command{Actor: staff, DryRun: true}, arrivals.Items[0].ID, reservation.CheckIn{}); err != nil {
		t.Errorf("the first arrival: %v", err)
	}
}

// The same day gives the same hotel: the same ids, and the same histories by their hashes.
func TestFillIsDeterministic(t *testing.T) {
	t.Parallel()
	one, other := feed(t, noon), feed(t, noon.Add(5*time.Hour))
	if diff := cmp.Diff(one, other); diff != "" {
		t.Error(diff)
	}
	if next := feed(t, noon.AddDate(0, 0, 1)); slices.Equal(one, next) {
		t.Error("two days have the same hotel")
	}
}

// feed returns the records and hashes of all that happened.
func feed(t *testing.T, now time.Time) (hashes []string) {
	t.Helper()
	h := open(t, now)
	for after := int64(0); ; {
		events, err := h.Feed(t.Context(), staff, after, 200)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return hashes
		}
		for _, e := range events {
			hashes, after = append(hashes, fmt.Sprintf("%s %x", e.Record, e.Hash)), e.Cursor
		}
	}
}

// A database of the demo passes the check.
func TestFillPassesTheCheck(t *testing.T) {
	t.Parallel()
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := database.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	store := reservationbun.New(db)
	if err := db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		return demo.Fill(ctx, store.WithTx(tx), nil, "main", noon)
	}); err != nil {
		t.Fatal(err)
	}
	a := audit.Audit{
		DB: db, Store: store, Service: service(t, store, noon), Now: func() time.Time { return noon },
		Found: func(problem string) { t.Error(problem) }, Looked: func() {},
	}
	if sum, err := a.Run(t.Context()); err != nil || sum.Reservations < 1300 {
		t.Errorf("checked %+v: %v", sum, err)
	}
}

// A database that is in use is left alone.
func TestFillRefusesOtherHotels(t *testing.T) {
	store := reservationtest.NewStore()
	in := reservation.CreateProperty{ID: "real", Title: "Real", Zone: "UTC", Currency: "EUR", BusinessDate: innards.DateOf(noon)}
	if _, err := service(t, store, noon).DoProperty(t.Context(), innards.Command{Actor: staff}, "real", in); err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(t.Context(), store, nil, "main", noon); !errors.Is(err, demo.ErrInUse) {
		t.Errorf("filled with %v", err)
	}
}

// A second start leaves the hotel as it is.
func TestFillTwice(t *testing.T) {
	t.Parallel()
	h := open(t, noon)
	if err := demo.Fill(t.Context(), h.store, nil, "main", noon.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	counts, err := h.Count(t.Context(), staff, reservation.Search{})
	if err != nil || counts.Total != int64(len(h.all)) {
		t.Errorf("%d reservations are there, and %d were (%v)", counts.Total, len(h.all), err)
	}
}
