package reservation_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A recorder keeps the last change.
type recorder struct {
	reservation.Store
	change *reservation.Change
}

func (r *recorder) Commit(ctx context.Context, c *reservation.Change) error {
	r.change = c
	return r.Store.Commit(ctx, c)
}

// A change frees and takes what moves, no more, and bounds the types of which it takes one more.
func TestChangeTakesOnlyWhatMoves(t *testing.T) {
	h := open(t)
	store := &recorder{Store: h.memory}
	s := h.on(store)
	id := ""
	for _, step := range []struct {
		in   reservation.Intent
		want string // freed, taken and bounded
	}{
		{booking(stay(0, 2)), "0 2 2"},
		{reservation.LockRoom{}, "0 0 0"}, {reservation.UnlockRoom{}, "0 0 0"},
		{reservation.Amend{Prices: []innards.Money{euro(9)}}, "0 0 0"},
		{reservation.Amend{Departure: ptr(day(3))}, "0 1 1"},
		{reservation.AssignRoom{Room: "101"}, "3 3 0"},
		{reservation.AssignRoom{Room: "101"}, "0 0 0"},
		{reservation.AssignRoom{Room: "201", From: day(2)}, "1 1 1"},
		{reservation.Amend{Departure: ptr(day(2))}, "1 0 0"},
		{reservation.CheckIn{}, "0 0 0"}, {reservation.MoveRoom{Room: "102"}, "2 2 0"},
		{reservation.CheckOut{}, "2 0 0"}, {reservation.UndoCheckOut{}, "0 2 2"}, {reservation.Cancel{Reason: reservation.ReasonGuest}, "2 0 0"},
		{reservation.MakeExpected{}, "0 2 2"}, {reservation.MarkConfirmed{Note: "x"}, "0 0 0"},
	} {
		receipt, err := s.Do(h.ctx, innards.Command{Actor: h.desk}, id, step.in)
		if err != nil {
			t.Fatal(err)
		}
		id = receipt.ID
		c := store.change
		equal(t, fmt.Sprintf("%s %+v", step.in.Name(), step.in), fmt.Sprint(len(c.Free), len(c.Take), len(c.Limits)), step.want)
		equal(t, "the property is seen", c.SeenProperty, h.property().Version)
	}
}

// A lapsed option has lost its claims to whoever wants them; taken up, it claims all anew.
func TestChangeOfALapsedOption(t *testing.T) {
	h := open(t)
	store := &recorder{Store: h.memory}
	s := h.on(store)
	release := h.clock.Now().Add(time.Hour)
	id := h.book(stay(0, 2), optionUntil(release))
	for _, step := range []struct {
		at   time.Duration
		in   reservation.Intent
		want string
	}{
		{0, reservation.HoldOption{ReleaseAt: release.Add(time.Second)}, "2 2 0"}, // until another time
		{time.Hour, reservation.HoldOption{ReleaseAt: release.Add(time.Minute)}, "2 2 0"},
		{2 * time.Hour, reservation.Amend{Departure: ptr(day(3))}, "2 0 0"}, // in vain
		{2 * time.Hour, reservation.MakeDefinite{}, "3 3 3"},
	} {
		h.clock.Set(release.Add(step.at - time.Hour))
		if _, err := s.Do(h.ctx, innards.Command{Actor: h.desk}, id, step.in); err != nil {
			t.Fatal(err)
		}
		c := store.change
		equal(t, step.in.Name(), fmt.Sprint(len(c.Free), len(c.Take), len(c.Limits)), step.want)
		for _, claim := range c.Take {
			equal(t, "expires", claim.Expires != nil, step.in.Name() == "hold_option")
		}
	}
}

// Where more is sold already than there is, no bound is set.
func TestChangeThatOverbooks(t *testing.T) {
	h := open(t)
	h.book(ofType("APT"))
	store := &recorder{Store: h.memory}
	by := innards.Command{Actor: h.desk, Reason: "x", Override: codes(reservation.SoldOut)}
	if _, err := h.on(store).Do(h.ctx, by, "", booking(ofType("APT"), stay(0, 2))); err != nil {
		t.Fatal(err)
	}
	equal(t, "limits", fmt.Sprint(store.change.Limits), fmt.Sprint([]reservation.Limit{{TypeNight: reservation.TypeNight{Type: "APT", SlotDate: reservation.SlotDate{Date: day(1), Slot: reservation.SlotNight}}, Most: 1}}))
}
