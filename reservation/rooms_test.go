package reservation_test

import (
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func TestAssignRoom(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3))
	h.do(id, reservation.AssignRoom{Room: "101"})
	equal(t, "whole stay", h.nights(id), "101 DBL 100, 101 DBL 100, 101 DBL 100")
	h.do(id, reservation.AssignRoom{Room: "102", From: day(1), To: day(2)})
	equal(t, "one night", h.nights(id), "101 DBL 100, 102 DBL 100, 101 DBL 100")
	h.do(id, reservation.AssignRoom{Room: "201", From: day(2)})
	equal(t, "from a night on", h.nights(id), "101 DBL 100, 102 DBL 100, 201 APT 100")
	h.do(id, reservation.AssignRoom{Room: "103", To: day(1)})
	equal(t, "up to a night", h.nights(id), "103 DBL 100, 102 DBL 100, 201 APT 100")
	rooms, whole := ptr(h.get(id)).Rooms()
	if d := diff([]string{"103", "102", "201"}, rooms); d != "" || !whole {
		t.Errorf("the rooms are %v, whole %v", rooms, whole)
	}
	for _, wrong := range []reservation.AssignRoom{
		{Room: "101", From: day(-1)}, {Room: "101", To: day(4)}, {Room: "101", From: day(3)}, {Room: "101", From: day(2), To: day(1)},
		{Room: "101", From: day(1), To: day(1)},
	} {
		h.refused(id, wrong, reservation.NightOutside)
	}
	h.refused(id, reservation.AssignRoom{Room: "999"}, reservation.RoomUnknown)
	h.override(id, reservation.AssignRoom{Room: "104"}, reservation.RoomOutOfOrder)
}

func TestAssignRoomForADayUse(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 0))
	h.refused(id, reservation.AssignRoom{Room: "101", To: day(2)}, reservation.NightOutside)
	h.refused(id, reservation.AssignRoom{Room: "101", From: day(1)}, reservation.NightOutside)
	h.do(id, reservation.AssignRoom{Room: "101"})
	h.do(id, reservation.AssignRoom{Room: "102", From: day(0), To: day(1)})
	equal(t, "room", h.nights(id), "102 DBL 100")
}

// No room is taken twice for a night; who only waits takes none.
func TestAssignRoomThatIsTaken(t *testing.T) {
	h := open(t)
	first := h.book(stay(0, 2), inRoom("101"))
	second, waiting := h.book(stay(1, 2)), h.book(stay(1, 2), as(reservation.Waitlisted))
	h.refused(second, reservation.AssignRoom{Room: "101"}, reservation.RoomTaken)
	h.do(second, reservation.AssignRoom{Room: "101", From: day(2)})
	h.do(waiting, reservation.AssignRoom{Room: "101"})
	equal(t, "held", h.held("101", map[string]string{first: "a", second: "b", waiting: "w"}, 4), "aab.")
	h.do(first, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(second, reservation.AssignRoom{Room: "101"})
	equal(t, "held", h.held("101", map[string]string{first: "a", second: "b", waiting: "w"}, 4), ".bb.")
}

// Moving once checked in changes the nights that are not over; the guest follows.
func TestMoveRoomInTheHouse(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.refused(id, reservation.MoveRoom{Room: "102", From: day(0)}, reservation.NightPast)
	h.refused(id, reservation.AssignRoom{Room: "102", From: day(0)}, reservation.NightPast)
	h.refused(id, reservation.MoveRoom{Room: "102", From: day(3)}, reservation.NightOutside)
	h.do(id, reservation.MoveRoom{Room: "102"})
	equal(t, "nights", h.nights(id), "101 DBL 100, 102 DBL 100, 102 DBL 100")
	equal(t, "guest", h.get(id).InRoom, "102")
	h.do(id, reservation.MoveRoom{Room: "103", From: day(2)})
	equal(t, "guest stays tonight", h.get(id).InRoom, "102")
	h.closeDay(1)
	equal(t, "until he moves", h.get(id).InRoom, "102")
	h.do(id, reservation.MoveRoom{Room: "103"})
	equal(t, "moved", h.get(id).InRoom, "103")
	h.closeDay(1)
	h.refused(id, reservation.MoveRoom{Room: "101"}, reservation.NightPast)
}

// Nobody moves in where another guest still is, though the room is free for the night.
func TestMoveIntoARoomThatIsOccupied(t *testing.T) {
	h := open(t)
	late := h.book(stay(0, 1), inRoom("101"))
	id := h.book(stay(0, 3), inRoom("102"))
	h.do(late, reservation.CheckIn{})
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.refused(id, reservation.MoveRoom{Room: "101"}, reservation.RoomOccupied)
	h.do(id, reservation.MoveRoom{Room: "101", From: day(2)})
	h.do(late, reservation.CheckOut{})
	h.do(id, reservation.MoveRoom{Room: "101"})
	equal(t, "room", h.get(id).InRoom, "101")
}

// The nights of an overdue arrival that are over are left alone.
func TestAssignRoomToAnOverdueArrival(t *testing.T) {
	h := open(t)
	id, other := h.book(stay(0, 3)), h.book(stay(0, 1), inRoom("101"))
	h.do(other, reservation.CheckIn{})
	h.closeDay(1)
	h.do(other, reservation.CheckOut{})
	h.do(id, reservation.AssignRoom{Room: "101"})
	equal(t, "nights", h.nights(id), "- DBL 100, 101 DBL 100, 101 DBL 100")
	h.do(id, reservation.CheckIn{})
	equal(t, "room", h.get(id).InRoom, "101")
}

func TestUnassignRoom(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 1), inRoom("201"))
	h.do(id, reservation.UnassignRoom{})
	equal(t, "nights", h.nights(id), "- DBL 100")
	h.book(ofType("APT"))
	for range 2 {
		h.book()
	}
	h.refused("", booking(), reservation.SoldOut)
	h.do(id, reservation.AssignRoom{Room: "101"})
	h.do(id, reservation.CheckIn{})
	h.refused(id, reservation.UnassignRoom{}, innards.WrongStatus)
}

// An upgraded guest goes back to the type as booked only if that is not sold out meanwhile, or by right.
func TestUnassignAnUpgrade(t *testing.T) {
	h := open(t)
	id, waiting := h.book(inRoom("201")), h.book(inRoom("201"), as(reservation.Waitlisted))
	for range 3 {
		h.book()
	}
	h.do(waiting, reservation.UnassignRoom{})
	receipt := h.override(id, reservation.UnassignRoom{}, reservation.SoldOut)
	equal(t, "overbooked", h.get(id).Overbooked, true)
	equal(t, "warnings", len(receipt.Warnings), 1)
}

func TestLockedRoom(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	h.do(id, reservation.LockRoom{})
	equal(t, "locked", h.get(id).RoomLocked, true)
	h.refused(id, reservation.UnassignRoom{}, reservation.RoomIsLocked)
	h.override(id, reservation.AssignRoom{Room: "102"}, reservation.RoomIsLocked)
	h.override(id, reservation.MoveRoom{Room: "103"}, reservation.RoomIsLocked)
	h.do(id, reservation.UnlockRoom{})
	equal(t, "locked", h.get(id).RoomLocked, false)
	h.do(id, reservation.UnassignRoom{})
}

// A locked room is kept at check-in, and lost with its lock by a restore that finds it taken.
func TestLockIsLostWithTheRoom(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	h.do(id, reservation.LockRoom{})
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(id, reservation.MakeExpected{})
	equal(t, "kept", h.get(id).RoomLocked, true)
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.book(inRoom("101"))
	h.do(id, reservation.MakeExpected{})
	equal(t, "lost", h.get(id).RoomLocked, false)
}

// RoomOn tells where the guest is on any day of the stay and after it.
func TestRoomOn(t *testing.T) {
	h := open(t)
	id := h.book(stay(2, 4), inRoom("101"))
	h.do(id, reservation.AssignRoom{Room: "102", From: day(3), To: day(4)})
	r := h.get(id)
	r.Nights[2].Room = ""
	for on, want := range map[int]string{0: "101", 2: "101", 3: "102", 4: "102", 5: "101", 6: "101", 9: "101"} {
		equal(t, day(on).String(), r.RoomOn(day(on)), want)
	}
}

// Rooms that are put out of order leave the inventory.
func TestOutOfOrder(t *testing.T) {
	h := open(t)
	id := h.book(ofType("APT"), inRoom("201"))
	h.doProperty(reservation.PutRooms{Rooms: []reservation.Room{{ID: "201", Name: "201", Type: "APT", OutOfOrder: true}}})
	h.override(id, reservation.CheckIn{}, reservation.RoomOutOfOrder)
	h.refused("", booking(ofType("APT"), stay(5, 1)), reservation.SoldOut)
	h.doProperty(reservation.PutRooms{Rooms: []reservation.Room{{ID: "104", Name: "104", Type: "DBL"}}})
	h.book(inRoom("104"))
}

// Availability counts what blocks: definite reservations and options before their release, by date and type.
func TestAvailability(t *testing.T) {
	h := open(t)
	h.book(stay(0, 2))
	h.book(stay(1, 1), optionUntil(h.clock.Now().Add(time.Hour)))
	h.book(stay(1, 1), as(reservation.Inquiry))
	h.book(stay(1, 0), ofType("APT"))
	check := func(want ...int) {
		t.Helper()
		list, err := h.Availability(h.ctx, party("acme"), "vitosha", day(0), day(3))
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, a := range list {
			if a.Type == "DBL" {
				got = append(got, a.Free)
				equal(t, "in service", a.InService, 3)
				equal(t, "sold", a.Sold, 3-a.Free)
			} else {
				equal(t, "free apartments", a.Free, 1)
			}
		}
		if d := diff(want, got); d != "" {
			t.Errorf("free rooms: %s", d)
		}
	}
	check(2, 1, 3)
	h.clock.Advance(time.Hour)
	check(2, 2, 3) // the option has lapsed, though no sweep has run
	for _, period := range [][2]innards.Date{{day(0), day(0)}, {day(1), day(0)}, {day(0), day(367)}, {{}, day(1)}} {
		_, err := h.Availability(h.ctx, h.desk, "vitosha", period[0], period[1])
		if !innards.RefusedFor(err, reservation.QueryInvalid.Code) {
			t.Errorf("from %s to %s: %v", period[0], period[1], err)
		}
	}
	if list, err := h.Availability(h.ctx, h.desk, "vitosha", day(0), day(366)); err != nil || len(list) != 732 {
		t.Errorf("a year has %d lines, %v", len(list), err)
	}
	_, err := h.Availability(h.ctx, h.desk, "unknown", day(0), day(1))
	wantError(t, err, innards.ErrNotFound)
}
