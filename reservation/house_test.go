package reservation_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A fataler is a test, or a run of a property.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// A house is the hotel of reservationtest with its service on a store in memory, and everything that a test turns.
type house struct {
	*reservation.Service
	t      fataler
	ctx    context.Context
	memory *reservationtest.Store
	store  *reservationtest.Faulty
	clock  *reservationtest.Clock
	folio  *folio
	desk   innards.Actor
}

// A setting changes the hotel before it opens.
type setting func(*reservation.Property)

// open returns the hotel in the morning of its business date.
func open(t fataler, settings ...setting) *house {
	t.Helper()
	memory := reservationtest.NewStore()
	h := &house{
		t: t, ctx: context.Background(), memory: memory, store: reservationtest.NewFaulty(memory, nil),
		clock: reservationtest.NewClock(reservationtest.Morning()), folio: &folio{}, desk: reservationtest.Staff(),
	}
	var err error
	h.Service, err = reservation.NewService(h.store, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(1), Folio: h.folio})
	if err != nil {
		t.Fatalf("opening the house: %v", err)
	}
	hotel := reservationtest.Hotel()
	for _, set := range settings {
		set(&hotel)
	}
	if err := memory.CommitProperty(h.ctx, reservationtest.NewDesk(1).Property(hotel)); err != nil {
		t.Fatalf("opening the house: %v", err)
	}
	return h
}

// on returns a service of the house on another store over the same memory.
func (h *house) on(store reservation.Store) *reservation.Service {
	h.t.Helper()
	s, err := reservation.NewService(store, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(2), Folio: h.folio})
	if err != nil {
		h.t.Fatalf("another service: %v", err)
	}
	return s
}

func strictly(p *reservation.Property) { p.Settings.Profile = reservation.ProfileStrict }

func sweepingNoShows(p *reservation.Property) { p.Settings.NoShowSweep = true }

func inZone(zone string) setting { return func(p *reservation.Property) { p.Zone = zone } }

func withGuarantee(g reservation.GuaranteePolicy) setting {
	return func(p *reservation.Property) { p.GuaranteePolicies = append(p.GuaranteePolicies, g) }
}

func withCancellation(c reservation.CancellationPolicy) setting {
	return func(p *reservation.Property) { p.CancellationPolicies = append(p.CancellationPolicies, c) }
}

func withRule(m reservation.MessageRule) setting {
	return func(p *reservation.Property) { p.MessageRules = append(p.MessageRules, m) }
}

func withTask(task reservation.PaymentTask) setting {
	return func(p *reservation.Property) { p.PaymentTasks = append(p.PaymentTasks, task) }
}

// A folio answers what the test has set. It is safe for concurrent use.
type folio struct {
	mu    sync.Mutex
	state reservation.FolioState
	err   error
	asked int
}

func (f *folio) State(context.Context, string) (reservation.FolioState, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	return f.state, f.err
}

func (f *folio) set(s reservation.FolioState, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state, f.err = s, err
}

// An edit changes what is asked for.
type edit func(*reservation.Create)

// booking asks for one night in a double room from the business date on, at 100.00 EUR, as edited.
func booking(edits ...edit) reservation.Create {
	c := reservation.Create{
		Property: reservationtest.HotelID, Type: reservationtest.Double, Adults: 2, Source: reservation.SourceFrontDesk,
		Guest:  reservation.Person{Name: "Elena Todorova", Email: "elena@example.com", Phone: "+359 2 123 456"},
		Prices: []innards.Money{euro(100)},
	}
	stay(0, 1)(&c)
	for _, e := range edits {
		e(&c)
	}
	return c
}

// stay sets the nights, from days after the first business date on.
func stay(from, nights int) edit {
	return func(c *reservation.Create) { c.Arrival, c.Departure = day(from), day(from+nights) }
}

func inRoom(room string) edit { return func(c *reservation.Create) { c.Room = room } }

func ofType(id string) edit { return func(c *reservation.Create) { c.Type = id } }

func from(s reservation.Source) edit { return func(c *reservation.Create) { c.Source = s } }

func as(k reservation.Commitment) edit { return func(c *reservation.Create) { c.Commitment = k } }

func optionUntil(at time.Time) edit {
	return func(c *reservation.Create) { c.Commitment, c.ReleaseAt = reservation.Optional, &at }
}

func under(guarantee, cancellation string) edit {
	return func(c *reservation.Create) { c.GuaranteePolicy, c.CancellationPolicy = guarantee, cancellation }
}

func paying(m innards.Money) edit { return func(c *reservation.Create) { c.Paid = m } }

func guest(name string) edit { return func(c *reservation.Create) { c.Guest.Name = name } }

func ofParty(id string) edit { return func(c *reservation.Create) { c.Party = id } }

func withCard(c *reservation.Create) { c.Card = &reservation.Card{Token: "tok_1"} }

// day returns a day by its distance from the business date that the hotel opens with.
func day(n int) innards.Date { return reservationtest.BusinessDate().AddDays(n) }

func euro(n int64) innards.Money { return reservationtest.Euro(100 * n) }

func percent(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

func ptr[T any](v T) *T { return &v }

// book makes a reservation and returns its id.
func (h *house) book(edits ...edit) string {
	h.t.Helper()
	return h.do("", booking(edits...)).ID
}

// do carries out what must succeed.
func (h *house) do(id string, in reservation.Intent) reservation.Receipt {
	h.t.Helper()
	receipt, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, id, in)
	if err != nil {
		h.t.Fatalf("%s of a reservation that is %s: %v", in.Name(), h.status(id), err)
	}
	return receipt
}

// override carries out what is refused for exactly the reasons, and succeeds by overriding them.
func (h *house) override(id string, in reservation.Intent, reasons ...innards.Reason) reservation.Receipt {
	h.t.Helper()
	h.refused(id, in, reasons...)
	receipt, err := h.Do(h.ctx, innards.Command{Actor: h.desk, Reason: "the guest insists", Override: codes(reasons...)}, id, in)
	if err != nil {
		h.t.Fatalf("%s in spite of %v: %v", in.Name(), codes(reasons...), err)
	}
	if got := slices.Sorted(slices.Values(receipt.Overrides)); !slices.Equal(got, codes(reasons...)) {
		h.t.Fatalf("%s overrode %v, want %v", in.Name(), got, codes(reasons...))
	}
	return receipt
}

// refused checks that the command is refused for exactly the reasons, and that nothing is written.
func (h *house) refused(id string, in reservation.Intent, reasons ...innards.Reason) {
	h.t.Helper()
	h.refusedFor(innards.Command{Actor: h.desk}, id, in, reasons...)
}

func (h *house) refusedFor(by innards.Command, id string, in reservation.Intent, reasons ...innards.Reason) {
	h.t.Helper()
	events := h.events()
	_, err := h.Do(h.ctx, by, id, in)
	if got, want := codesOf(err), codes(reasons...); !slices.Equal(got, want) {
		h.t.Fatalf("%s of a reservation that is %s: %v, want it refused for %v", in.Name(), h.status(id), err, want)
	}
	if h.events() != events {
		h.t.Fatalf("%s was refused, but wrote an event", in.Name())
	}
}

// events returns how many events there are in the feed.
func (h *house) events() int {
	h.t.Helper()
	feed, err := h.memory.Feed(h.ctx, h.desk.Scope(), 0, 1_000_000)
	if err != nil {
		h.t.Fatalf("the feed: %v", err)
	}
	return len(feed)
}

func (h *house) status(id string) string {
	if id == "" {
		return "not made"
	}
	r := h.get(id)
	return strings.Join([]string{string(r.Occupancy), string(r.Confirmation), string(r.Guarantee), string(r.Commitment)}, " ")
}

func (h *house) get(id string) reservation.Reservation {
	h.t.Helper()
	r, err := h.memory.Reservation(h.ctx, h.desk.Scope(), id)
	if err != nil {
		h.t.Fatalf("reading %s: %v", id, err)
	}
	return r
}

func (h *house) valid(id string) bool { return ptr(h.get(id)).IsValid() }

func (h *house) property() *reservation.Property {
	h.t.Helper()
	p, err := h.memory.Property(h.ctx, h.desk.Scope(), reservationtest.HotelID)
	if err != nil {
		h.t.Fatalf("reading the property: %v", err)
	}
	return p
}

// doProperty carries out a command on the hotel that must succeed.
func (h *house) doProperty(in reservation.PropertyIntent) reservation.PropertyReceipt {
	h.t.Helper()
	receipt, err := h.DoProperty(h.ctx, innards.Command{Actor: h.desk}, reservationtest.HotelID, in)
	if err != nil {
		h.t.Fatalf("%s: %v", in.Name(), err)
	}
	return receipt
}

// closeDay closes days. After each it is nine in the next morning, or later.
func (h *house) closeDay(days int) {
	h.t.Helper()
	for range days {
		open := h.property().BusinessDate
		if morning := open.AddDays(1).At(9*60, h.property().Location()); morning.After(h.clock.Now()) {
			h.clock.Set(morning)
		}
		h.doProperty(reservation.CloseDay{Date: open})
	}
}

// sweep runs automation and returns how many commands it carried out. None may fail.
func (h *house) sweep() int {
	h.t.Helper()
	sum, err := h.Sweep(h.ctx, 1000)
	if err != nil || len(sum.Failed) > 0 {
		h.t.Fatalf("sweep: %v, failed %v", err, sum.Failed)
	}
	return sum.Done
}

// history returns all events of a reservation.
func (h *house) history(id string) []innards.Event {
	h.t.Helper()
	events, err := h.memory.History(h.ctx, h.desk.Scope(), reservation.Kind, id, 0, 100_000)
	if err != nil {
		h.t.Fatalf("the history of %s: %v", id, err)
	}
	return events
}

// last returns the latest event of a record.
func (h *house) last(id string) innards.Event {
	h.t.Helper()
	events := h.history(id)
	return events[len(events)-1]
}

// outbox takes all messages that wait, in order.
func (h *house) outbox() []innards.Message {
	h.t.Helper()
	var all []innards.Message
	now := h.clock.Now()
	for {
		leased, err := h.memory.Lease(h.ctx, h.desk.Scope(), now, now.Add(time.Hour), 1000)
		if err != nil {
			h.t.Fatalf("the outbox: %v", err)
		}
		if len(leased) == 0 {
			return all
		}
		for _, m := range leased {
			all = append(all, m)
			if err := h.memory.Settle(h.ctx, h.desk.Scope(), m, "", now); err != nil {
				h.t.Fatalf("the outbox: %v", err)
			}
		}
	}
}

// effects returns the kinds and payloads of the messages that wait for the reservation, and takes them.
func (h *house) effects(id string) []string {
	h.t.Helper()
	var list []string
	for _, m := range h.outbox() {
		if m.Record == id {
			list = append(list, m.Kind+" "+string(m.Payload))
		}
	}
	return list
}

// party returns a guest, who sees the reservations of that party and has every right of a reservation.
func party(id string) innards.Actor {
	return innards.Actor{ID: "guest-" + id, Tenant: reservationtest.Tenant, Party: id, Rights: []innards.Right{"reservation.*"}}
}

// codes returns the codes of reasons in order.
func codes(reasons ...innards.Reason) []innards.Code {
	var list []innards.Code
	for _, r := range reasons {
		list = append(list, r.Code)
	}
	slices.Sort(list)
	return list
}

// codesOf returns the codes of a refusal in order, each once.
func codesOf(err error) []innards.Code {
	return slices.Compact(slices.Sorted(slices.Values(innards.Codes(err))))
}

// diff compares values of any depth; empty: they are equal.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateComparable(innards.Date{}, innards.Money{}))
}

// equal compares texts, numbers and states.
func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// wantError checks that err matches target.
func wantError(t testing.TB, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("%v, want %v", err, target)
	}
}
