package reservation_test

import (
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// Guests say how they are reached, until the stay is over. What they do not say stays, and so does the name.
func TestGuestSaysHowToBeReached(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), inRoom("101"), guest("Elena Todorova"), ofParty("acme"))
	by := innards.Command{Actor: party("acme")}
	if _, err := h.Do(h.ctx, by, id, reservation.UpdateGuest{Email: ptr("elena@example.bg"), Language: ptr("bg")}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Do(h.ctx, by, id, reservation.UpdateGuest{Phone: ptr("+359 2 123"), Country: ptr("BG")}); err != nil {
		t.Fatal(err)
	}
	want := reservation.Person{Name: "Elena Todorova", Email: "elena@example.bg", Phone: "+359 2 123", Language: "bg", Country: "BG"}
	equal(t, "guest", h.get(id).Guest, want)
	if e := h.last(id); strings.Contains(string(e.Payload), "359") || !strings.Contains(string(e.Private), "+359 2 123") {
		t.Errorf("the event holds %s %s", e.Payload, e.Private)
	}
	equal(t, "revision", h.get(id).Revision, 1)
	h.do(id, reservation.UpdateGuest{Email: ptr("")})
	equal(t, "taken back", h.get(id).Guest.Email, "")

	h.refusedFor(by, id, reservation.UpdateGuest{}, reservation.NothingToChange)
	h.refusedFor(by, id, reservation.UpdateGuest{Email: ptr("elena")}, reservation.EmailInvalid)
	h.refusedFor(by, id, reservation.UpdateGuest{Phone: ptr("4111 1111 1111 1111")}, innards.CardNumber)
	h.refusedFor(by, id, reservation.UpdateGuest{Language: ptr(strings.Repeat("x", 257)), Country: ptr("a\x00")}, innards.TextInvalid)
	h.do(id, reservation.CheckIn{})
	h.do(id, reservation.UpdateGuest{Phone: ptr("204")})
	h.do(id, reservation.CheckOut{})
	h.refusedFor(by, id, reservation.UpdateGuest{Phone: ptr("205")}, innards.WrongStatus)
	never := h.book(stay(0, 1))
	h.closeDay(2)
	h.refused(never, reservation.UpdateGuest{Phone: ptr("1")}, reservation.StayOver)
}

// A reservation of nobody else is its guest's, whoever makes it and how.
func TestReservationIsItsGuests(t *testing.T) {
	h := open(t)
	id := h.book()
	equal(t, "party", h.get(id).Party, "guest-"+id)
	if _, err := h.Do(h.ctx, innards.Command{Actor: party("guest-" + id)}, id, reservation.Cancel{Reason: reservation.ReasonGuest}); err != nil {
		t.Error(err)
	}
	_, err := h.Get(h.ctx, party("guest-"+h.book()), id)
	wantError(t, err, innards.ErrNotFound)
	many := h.CreateMany(h.ctx, innards.Command{Actor: h.desk}, []reservation.Creation{{Create: booking()}, {Create: booking(ofParty("acme"))}})
	one, other := many[0].Receipt.ID, many[1].Receipt.ID
	equal(t, "party of one of many", h.get(one).Party, "guest-"+one)
	equal(t, "party that was named", h.get(other).Party, "acme")
}
