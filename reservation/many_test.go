package reservation_test

import (
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// TestCreateMany has a store that knows nothing of many at once. Stores that do are compared with it in their package.
func TestCreateMany(t *testing.T) {
	h := open(t)
	list := []reservation.Creation{
		{Key: "a", Create: booking(inRoom("101"))}, {Key: "b", Create: booking(inRoom("101"))}, {Create: booking(inRoom("102"))},
	}
	by := innards.Command{Actor: reservationtest.Staff()}
	made := h.CreateMany(t.Context(), by, list)
	if made[0].Err != nil || !innards.RefusedFor(made[1].Err, reservation.RoomTaken.Code) || made[1].Receipt != nil || made[2].Err != nil {
		t.Fatalf("%+v", made)
	}
	again := h.CreateMany(t.Context(), by, list[:2])
	if again[0].Err != nil || !again[0].Receipt.Replayed || again[0].Receipt.ID != made[0].Receipt.ID || again[1].Err == nil {
		t.Errorf("again: %+v", again)
	}
	by.DryRun = true
	before := h.events()
	preview := h.CreateMany(t.Context(), by, []reservation.Creation{{Key: "c", Create: booking(inRoom("103"))}})
	if preview[0].Err != nil || !preview[0].Receipt.DryRun || h.events() != before {
		t.Errorf("a preview: %+v, with %d events", preview[0], h.events())
	}
}

// TestRoomOfAnotherType counts what is sold of the type of the room.
func TestRoomOfAnotherType(t *testing.T) {
	h := open(t)
	h.book(ofType(reservationtest.Apartment))
	h.refused("", booking(inRoom("201")), reservation.SoldOut)
}
