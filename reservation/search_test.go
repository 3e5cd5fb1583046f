package reservation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// found returns which of the named reservations a search finds.
func (h *house) found(q reservation.Search, names map[string]string) string {
	h.t.Helper()
	page, err := h.Search(h.ctx, h.desk, q)
	if err != nil {
		h.t.Fatalf("search %+v: %v", q, err)
	}
	var list []string
	for _, r := range page.Reservations {
		list = append(list, names[r.ID])
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// Every field of a search narrows it, alone.
func TestSearchByEveryField(t *testing.T) {
	h := open(t)
	names := map[string]string{}
	add := func(name string, edits ...edit) string {
		id := h.book(edits...)
		names[id] = name
		return id
	}
	add("plain", guest("Иван Петров"))
	h.clock.Advance(time.Hour)
	engine := add("engine", from(reservation.SourceBookingEngine), stay(1, 2), inRoom("101"), under(reservationtest.Deposit, reservationtest.Flexible), guest("José Müller"))
	h.clock.Advance(time.Hour)
	add("option", optionUntil(h.clock.Now().Add(time.Hour)), stay(3, 2), ofType("APT"), ofParty("acme"), func(c *reservation.Create) {
		c.Segment, c.Number, c.Attributes = "group", "N-1", map[string]string{"loyalty": "gold"}
	})
	void := add("void", stay(5, 1))
	h.do(void, reservation.GuaranteeBy{Note: "x"})
	h.do(void, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(engine, reservation.Amend{Adults: ptr(1)})
	inside := add("inside", inRoom("102"))
	h.do(inside, reservation.CheckIn{})
	restored := add("restored", stay(6, 1))
	h.do(restored, reservation.GuaranteeBy{Note: "x"})
	h.do(restored, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(restored, reservation.MakeExpected{})
	names[h.override("", booking(ofType("APT"), stay(4, 1)), reservation.SoldOut).ID] = "over"
	yes, no, hotel := ptr(true), ptr(false), reservationtest.HotelID
	for i, c := range []struct {
		q    reservation.Search
		want string
	}{
		{reservation.Search{}, "engine inside option over plain restored void"},
		{reservation.Search{Property: hotel}, "engine inside option over plain restored void"},
		{reservation.Search{Confirmation: []reservation.Confirmation{reservation.Confirmed}}, "engine"},
		{reservation.Search{ConfirmationStale: yes}, "engine"},
		{reservation.Search{ConfirmationStale: no, Confirmation: []reservation.Confirmation{reservation.Confirmed}}, ""},
		{reservation.Search{Guarantee: []reservation.Guarantee{reservation.Guaranteed}}, "restored void"},
		{reservation.Search{EvidenceStale: yes}, "restored"},
		{reservation.Search{Occupancy: []reservation.Occupancy{reservation.CheckedIn, reservation.Cancelled}}, "inside void"},
		{reservation.Search{Commitment: []reservation.Commitment{reservation.Optional}}, "option"},
		{reservation.Search{Valid: no}, "void"},
		{reservation.Search{Valid: yes}, "engine inside option over plain restored"},
		{reservation.Search{GuaranteeState: []reservation.GuaranteeState{reservation.StateAwaiting}}, "engine"},
		{reservation.Search{GuaranteeState: []reservation.GuaranteeState{reservation.StateAwaiting, reservation.StateGuaranteed}}, "engine restored void"},
		{reservation.Search{Property: hotel, StayState: []reservation.StayState{reservation.StayDueIn, reservation.StayInHouse}}, "inside plain"},
		{reservation.Search{ArrivalFrom: day(5)}, "restored void"},
		{reservation.Search{ArrivalTo: day(1)}, "engine inside plain"},
		{reservation.Search{DepartureFrom: day(6)}, "restored void"},
		{reservation.Search{DepartureTo: day(1)}, "inside plain"},
		{reservation.Search{StayFrom: day(3), StayTo: day(4)}, "option over"},
		{reservation.Search{CreatedFrom: reservationtest.Morning().Add(time.Hour), CreatedTo: reservationtest.Morning().Add(2 * time.Hour)}, "engine"},
		{reservation.Search{Number: "N-1"}, "option"},
		{reservation.Search{Room: "101"}, "engine"},
		{reservation.Search{Type: "APT"}, "option over"},
		{reservation.Search{Party: "acme"}, "option"},
		{reservation.Search{Segment: "group"}, "option"},
		{reservation.Search{Source: []reservation.Source{reservation.SourceBookingEngine}}, "engine"},
		{reservation.Search{GuaranteePolicy: reservationtest.Deposit}, "engine"},
		{reservation.Search{CancelPolicy: reservationtest.Flexible}, "engine"},
		{reservation.Search{Unassigned: true}, "option over plain restored void"},
		{reservation.Search{Overbooked: yes}, "over"},
		{reservation.Search{Text: "jose mull"}, "engine"},
		{reservation.Search{Text: "иван"}, "plain"},
		{reservation.Search{Text: "elena@example.com todorova", Type: "APT"}, "option over"},
		{reservation.Search{Attributes: map[string]string{"loyalty": "gold"}}, "option"},
		{reservation.Search{Attributes: map[string]string{"loyalty": "gold", "x": "y"}}, ""},
	} {
		if got := h.found(c.q, names); got != c.want {
			t.Errorf("%d: %+v finds %q, want %q", i, c.q, got, c.want)
		}
	}
}

func TestSearchRefused(t *testing.T) {
	h := open(t)
	for i, q := range []reservation.Search{
		{Sort: "guest_phone"}, {Limit: -1}, {Limit: 201}, {Text: "a b c d e f g h i j k"}, {Text: strings.Repeat("a", 257)},
		{Confirmation: []reservation.Confirmation{"x"}}, {Guarantee: []reservation.Guarantee{"x"}}, {Occupancy: []reservation.Occupancy{"x"}},
		{Commitment: []reservation.Commitment{"x"}}, {GuaranteeState: []reservation.GuaranteeState{"x"}},
		{Property: reservationtest.HotelID, StayState: []reservation.StayState{"x"}}, {Source: []reservation.Source{"x"}},
	} {
		for _, err := range []error{second(h.Search(h.ctx, h.desk, q)), second(h.Count(h.ctx, h.desk, q)), second(h.Segments(h.ctx, h.desk, q))} {
			if !equalCodes(err, reservation.QueryInvalid) && !equalCodes(err, innards.TextInvalid) {
				t.Errorf("%d: %v", i, err)
			}
		}
	}
	_, err := h.Search(h.ctx, h.desk, reservation.Search{StayState: []reservation.StayState{reservation.StayDueIn}})
	equal(t, "stay state without a property", equalCodes(err, reservation.PropertyRequired), true)
	for _, q := range []reservation.Search{{Limit: 200, Text: "a b c d e f g h i j"}, {Sort: reservation.FieldGuest, Limit: 1}} {
		if _, err := h.Search(h.ctx, h.desk, q); err != nil {
			t.Error(err)
		}
	}
	_, err = h.Search(h.ctx, h.desk, reservation.Search{Property: "x"})
	wantError(t, err, innards.ErrNotFound)
	_, err = h.Search(h.ctx, innards.Actor{ID: "nobody"}, reservation.Search{})
	wantError(t, err, innards.ErrUnscoped)
}

// Pages follow each other without a gap or a repetition, in every order.
func TestSearchPages(t *testing.T) {
	h := open(t)
	for i := range 25 {
		h.book(as(reservation.Inquiry), stay(i%5, 1+i%3), guest(fmt.Sprintf("Guest %c", 'A'+i%7)))
		h.clock.Advance(time.Minute)
	}
	for _, sort := range []reservation.Field{"", reservation.FieldArrival, reservation.FieldDeparture, reservation.FieldCreated, reservation.FieldNumber, reservation.FieldGuest} {
		for _, descending := range []bool{false, true} {
			q := reservation.Search{Sort: sort, Descending: descending, Limit: 4}
			seen, pages := map[string]bool{}, 0
			for {
				page, err := h.Search(h.ctx, h.desk, q)
				if err != nil {
					t.Fatal(err)
				}
				pages++
				for _, r := range page.Reservations {
					seen[r.ID] = true
				}
				if q.After = page.Next; q.After == nil {
					break
				}
			}
			if len(seen) != 25 || pages != 7 {
				t.Errorf("by %q: %d reservations on %d pages", sort, len(seen), pages)
			}
		}
	}
	page, err := h.Search(h.ctx, h.desk, reservation.Search{})
	if err != nil || len(page.Reservations) != 25 || page.Next != nil || page.Reservations[0].Arrival != day(0) {
		t.Errorf("the first page has %d, %v", len(page.Reservations), err)
	}
}

func TestCount(t *testing.T) {
	h := open(t)
	for i := range 4 {
		id := h.book(as(reservation.Inquiry))
		if i > 0 {
			h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		}
		if i > 1 {
			h.do(id, reservation.GuaranteeBy{Note: "x"})
		}
	}
	n, err := h.Count(h.ctx, h.desk, reservation.Search{Limit: 1})
	if err != nil || n.Total != 4 || n.Occupancy[reservation.Cancelled] != 3 || n.Occupancy[reservation.Expected] != 1 ||
		n.Guarantee[reservation.Guaranteed] != 2 || n.Confirmation[reservation.Unconfirmed] != 4 || n.Commitment[reservation.Inquiry] != 4 {
		t.Errorf("%+v, %v", n, err)
	}
}

// Each walks through all pages, and stops at the first error.
func TestEach(t *testing.T) {
	h := open(t)
	for range 3 {
		h.book(as(reservation.Inquiry))
	}
	enough, seen := errors.New("enough"), 0
	err := h.Each(h.ctx, h.desk, reservation.Search{}, func(reservation.Reservation) error {
		if seen++; seen == 2 {
			return enough
		}
		return nil
	})
	wantError(t, err, enough)
	equal(t, "seen", seen, 2)
	err = h.Each(h.ctx, h.desk, reservation.Search{Sort: "x"}, func(reservation.Reservation) error { return nil })
	equal(t, "refused", equalCodes(err, reservation.QueryInvalid), true)
	many := reservationtest.NewFaulty(h.memory, nil)
	for range 200 {
		h.book(as(reservation.Inquiry))
	}
	seen = 0
	if err := h.on(many).Each(h.ctx, h.desk, reservation.Search{Limit: 1}, func(reservation.Reservation) error { seen++; return nil }); err != nil {
		t.Error(err)
	}
	equal(t, "seen", seen, 203)
	equal(t, "pages", many.Calls(), 2)
}

// Somebody else's reservation is not found, never forbidden.
func TestScopes(t *testing.T) {
	h := open(t)
	id := h.book(ofParty("acme"))
	stranger := innards.Actor{ID: "spy", Tenant: "pirin", Rights: []innards.Right{"*"}}
	elsewhere := h.desk
	elsewhere.Property = "elsewhere"
	for _, actor := range []innards.Actor{stranger, elsewhere, party("other")} {
		_, err := h.Do(h.ctx, innards.Command{Actor: actor}, id, reservation.Cancel{Reason: reservation.ReasonGuest})
		for _, err := range []error{err, second(h.Get(h.ctx, actor, id)), second(h.Actions(h.ctx, actor, id)), second(h.History(h.ctx, actor, id, 0, 10)), second(h.Timeline(h.ctx, actor, id))} {
			if !errors.Is(err, innards.ErrNotFound) {
				t.Errorf("%s: %v", actor.ID, err)
			}
		}
		if page, err := h.Search(h.ctx, actor, reservation.Search{}); err != nil || len(page.Reservations) > 0 {
			t.Errorf("%s finds %+v, %v", actor.ID, page, err)
		}
	}
	if r, err := h.Get(h.ctx, party("acme"), id); err != nil || r.ID != id {
		t.Errorf("the party itself: %v", err)
	}
	feed, err := h.Feed(h.ctx, party("acme"), 0, 10)
	if err != nil || len(feed) != 1 || feed[0].Record != id {
		t.Errorf("the feed of the party: %+v, %v", feed, err)
	}
	feed, err = h.Feed(h.ctx, h.desk, feed[0].Cursor-1, 10)
	if err != nil || len(feed) != 1 {
		t.Errorf("the feed from a cursor: %+v, %v", feed, err)
	}
}
