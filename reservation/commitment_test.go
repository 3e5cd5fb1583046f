package reservation_test

import (
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// An option holds its room until the second before its release, and nothing from then on, though no sweep has run.
func TestOptionLapsesByTheClock(t *testing.T) {
	h := open(t)
	release := h.clock.Now().Add(time.Hour)
	id := h.book(ofType("APT"), inRoom("201"), optionUntil(release))
	h.clock.Set(release.Add(-time.Second))
	equal(t, "blocks", ptr(h.get(id)).Blocks(h.clock.Now()), true)
	h.refused("", booking(ofType("APT")), reservation.SoldOut)
	h.clock.Set(release)
	equal(t, "blocks", ptr(h.get(id)).Blocks(h.clock.Now()), false)
	equal(t, "lapsed", ptr(h.get(id)).Lapsed(h.clock.Now()), true)
	other := h.book(ofType("APT"), inRoom("201"))
	equal(t, "held", h.held("201", map[string]string{id: "o", other: "b"}, 1), "b")
	h.refused(id, reservation.MakeDefinite{}, reservation.SoldOut)
	receipt := h.override(id, reservation.MakeDefinite{}, reservation.SoldOut)
	equal(t, "warnings", len(receipt.Warnings), 1)
	equal(t, "room", h.nights(id), "- APT 100")
	equal(t, "overbooked", h.get(id).Overbooked, true)
}

// A lapsed option can be made definite while its type is free, or held again.
func TestLapsedOptionTakenUp(t *testing.T) {
	h := open(t)
	release := h.clock.Now().Add(time.Hour)
	first, second := h.book(stay(0, 2), inRoom("101"), optionUntil(release)), h.book(inRoom("102"), optionUntil(release))
	h.clock.Set(release)
	h.do(first, reservation.MakeDefinite{})
	r := h.get(first)
	if r.ReleaseAt != nil || r.Commitment != reservation.Definite {
		t.Errorf("it is %s until %v", r.Commitment, r.ReleaseAt)
	}
	equal(t, "room", h.nights(first), "101 DBL 100, 101 DBL 100")
	equal(t, "held", h.held("101", map[string]string{first: "a"}, 2), "aa")
	h.refused(second, reservation.HoldOption{ReleaseAt: release}, reservation.CommitmentInvalid)
	h.do(second, reservation.HoldOption{ReleaseAt: release.Add(time.Minute)})
	equal(t, "held", h.held("102", map[string]string{second: "b"}, 1), "b")
	equal(t, "until", *h.get(second).ReleaseAt, release.Add(time.Minute))
	equal(t, "replayed", replayed(t, h, second).ReleaseAt, "2026-06-01T07:01:00Z")
	equal(t, "replayed", replayed(t, h, first).ReleaseAt, "")
}

// Waitlisted and inquiring guests take nothing; promoting them takes the type.
func TestWaitlist(t *testing.T) {
	h := open(t)
	full := h.book(ofType("APT"), inRoom("201"))
	waits, asks := h.book(ofType("APT"), as(reservation.Waitlisted)), h.book(ofType("APT"), as(reservation.Inquiry))
	h.do(waits, reservation.AssignRoom{Room: "201"}) // a wish
	h.refused(waits, reservation.MakeDefinite{}, reservation.SoldOut)
	h.refused(asks, reservation.HoldOption{ReleaseAt: h.clock.Now().Add(time.Hour)}, reservation.SoldOut)
	h.do(full, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(waits, reservation.MakeDefinite{})
	equal(t, "held", h.held("201", map[string]string{waits: "w"}, 1), "w")
	h.refused(waits, reservation.Waitlist{}, innards.WrongStatus)
	option := h.book(optionUntil(h.clock.Now().Add(time.Hour)), inRoom("101"))
	h.do(option, reservation.Waitlist{})
	r := h.get(option)
	if r.ReleaseAt != nil || r.Commitment != reservation.Waitlisted {
		t.Errorf("it is %s until %v", r.Commitment, r.ReleaseAt)
	}
	equal(t, "held", h.held("101", map[string]string{option: "o"}, 1), ".")
}

func TestWaitlistingAnOverbookedOption(t *testing.T) {
	h := open(t)
	h.book(ofType("APT"))
	id := h.override("", booking(ofType("APT"), optionUntil(h.clock.Now().Add(time.Hour))), reservation.SoldOut).ID
	h.do(id, reservation.Waitlist{})
	equal(t, "overbooked", h.get(id).Overbooked, false)
}

// Making definite what is definite has no effect; what is void is made expected first.
func TestMakeDefiniteAgain(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	h.do(id, reservation.MakeDefinite{})
	equal(t, "held", h.held("101", map[string]string{id: "a"}, 1), "a")
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.refused(id, reservation.MakeDefinite{}, reservation.NotValid)
	option := h.book(optionUntil(h.clock.Now().Add(time.Hour)))
	h.do(option, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.refused(option, reservation.HoldOption{ReleaseAt: h.clock.Now().Add(time.Hour)}, reservation.NotValid)
	h.refused(option, reservation.Waitlist{}, reservation.NotValid)
}

// An option that still holds its room may be held longer or made definite although its type is full.
func TestOptionThatHoldsNeedsNoFurtherRoom(t *testing.T) {
	h := open(t)
	id := h.book(ofType("APT"), optionUntil(h.clock.Now().Add(time.Hour)))
	h.do(id, reservation.HoldOption{ReleaseAt: h.clock.Now().Add(2 * time.Hour)})
	h.clock.Advance(90 * time.Minute)
	h.refused("", booking(ofType("APT")), reservation.SoldOut)
	h.do(id, reservation.MakeDefinite{})
	equal(t, "overbooked", h.get(id).Overbooked, false)
	h.clock.Advance(24 * time.Hour)
	h.refused("", booking(ofType("APT")), reservation.SoldOut)
}
