package reservation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestCheckInAndOut(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 1), inRoom("101"))
	receipt := h.do(id, reservation.CheckIn{})
	equal(t, "move", receipt.Moves[0], innards.Move{Axis: "occupancy", From: "expected", To: "checked_in"})
	r := h.get(id)
	equal(t, "room", r.InRoom, "101")
	equal(t, "on", r.CheckedOn, day(0))
	equal(t, "at", *r.ArrivedAt, h.clock.Now())
	h.closeDay(1)
	receipt = h.do(id, reservation.CheckOut{})
	r = h.get(id)
	equal(t, "room", r.InRoom, "")
	equal(t, "departed", *r.DepartedAt, h.clock.Now())
	equal(t, "given back", r.ReleasedFrom, innards.Date{})
	equal(t, "warnings", len(receipt.Warnings), 0)
}

func TestCheckInNeedsARoom(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2))
	h.refused(id, reservation.CheckIn{}, reservation.RoomRequired)
	h.do(id, reservation.AssignRoom{Room: "101", To: day(1)})
	h.refused(id, reservation.CheckIn{}, reservation.RoomRequired)
	h.refused(id, reservation.CheckIn{Room: "102"}, reservation.RoomAssigned, reservation.RoomRequired)
	h.refused(id, reservation.CheckIn{Room: "999"}, reservation.RoomAssigned, reservation.RoomRequired)
	h.do(id, reservation.CheckIn{Room: "101"})
	equal(t, "nights", h.nights(id), "101 DBL 100, 101 DBL 100")

	other := h.book(stay(0, 2))
	h.refused(other, reservation.CheckIn{Room: "101"}, reservation.RoomTaken, reservation.RoomOccupied)
	h.refused(other, reservation.CheckIn{Room: "999"}, reservation.RoomUnknown, reservation.RoomRequired)
	h.do(other, reservation.CheckIn{Room: "102"})
	equal(t, "room", h.get(other).InRoom, "102")
}

// Where the first segment suffices, later nights may still be without a room.
func TestCheckInForTheFirstSegment(t *testing.T) {
	h := open(t, func(p *reservation.Property) { p.Settings.FirstSegmentSuffices = true })
	id := h.book(stay(0, 3))
	h.do(id, reservation.AssignRoom{Room: "101", From: day(1)})
	h.refused(id, reservation.CheckIn{}, reservation.RoomRequired)
	h.do(id, reservation.AssignRoom{Room: "102", To: day(1)})
	h.do(id, reservation.CheckIn{})
	equal(t, "room", h.get(id).InRoom, "102")
	late := h.book(stay(0, 3))
	h.do(late, reservation.AssignRoom{Room: "103", To: day(1)})
	h.closeDay(1)
	h.refused(late, reservation.CheckIn{}, reservation.RoomRequired)
	h.do(late, reservation.CheckIn{Room: "103"})
	equal(t, "room", h.get(late).InRoom, "103")
}

func TestCheckInGuards(t *testing.T) {
	h := open(t)
	h.refused(h.book(stay(1, 1), inRoom("101")), reservation.CheckIn{}, reservation.ArrivalAhead)
	for _, k := range []reservation.Commitment{reservation.Waitlisted, reservation.Inquiry} {
		h.refused(h.book(stay(0, 1), inRoom("102"), as(k)), reservation.CheckIn{}, reservation.NotDefinite)
	}
	h.refused(h.book(stay(0, 1), inRoom("102"), optionUntil(h.clock.Now().Add(time.Hour))), reservation.CheckIn{}, reservation.NotDefinite)
	over := h.book(stay(0, 1), inRoom("103"))
	h.closeDay(2)
	h.refused(over, reservation.CheckIn{}, reservation.StayOver)
}

// The guest before has not left yet: the room is free for the night, but not ready.
func TestCheckInWhileTheRoomIsOccupied(t *testing.T) {
	h := open(t)
	before := h.book(stay(0, 1), inRoom("101"))
	id := h.book(stay(1, 1), inRoom("101"))
	h.do(before, reservation.CheckIn{})
	h.closeDay(1)
	h.refused(id, reservation.CheckIn{}, reservation.RoomOccupied)
	unassigned := h.book(stay(1, 1))
	h.refused(unassigned, reservation.CheckIn{Room: "101"}, reservation.RoomTaken, reservation.RoomOccupied)
	h.do(before, reservation.CheckOut{})
	h.do(id, reservation.CheckIn{})
}

// Who comes at half past midnight for yesterday's one-night stay is let in, whether the day was closed before or not.
func TestCheckInAfterMidnight(t *testing.T) {
	for _, closed := range []bool{false, true} {
		h := open(t)
		id := h.book(stay(0, 1), inRoom("101"))
		h.clock.Set(day(1).At(30, h.property().Location()))
		if closed {
			h.doProperty(reservation.CloseDay{Date: day(0)})
		}
		equal(t, "state", ptr(h.get(id)).StayState(day(1)), reservation.StayOverdueArrival)
		h.do(id, reservation.CheckIn{})
		equal(t, "room", h.get(id).InRoom, "101")
		h.do(id, reservation.UndoCheckIn{})
		h.do(id, reservation.CheckIn{Room: "101"})
		h.do(id, reservation.CheckOut{})
	}
}

// An early departure gives the nights back from the business date on.
func TestEarlyDeparture(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	receipt := h.do(id, reservation.CheckOut{})
	equal(t, "warnings", warned(receipt), "early_departure: 2026-06-02")
	equal(t, "held", h.held("101", map[string]string{id: "a"}, 3), "a..")
	equal(t, "nights stay on record", len(h.get(id).Nights), 3)
	h.book(stay(1, 2), inRoom("101"))
	h.refused(id, reservation.UndoCheckOut{}, reservation.RoomTaken)
}

// The room is free but the type was sold out meanwhile: by right the stay goes on, overbooked.
// Nights that were not given back are still the guest's, though their type is overbooked.
// In the strict profile a check-out can be undone until the day of departure is closed, later only by right.
// Every status can be made expected, also when the room is taken and the type sold out meanwhile; from the house only by
// a right of its own, and from expected nothing happens but a row in the history.
// A restored stay that is over says so; a room out of order is not given back.
// An upgraded guest who is restored without a room goes back to the type as booked, and may overbook that.
// The evidence is stale when a guaranteed void reservation is restored, and at no other time.
// The arrival moves on, the departure stays, the first night is given back.
func TestRollArrival(t *testing.T) {
	h := open(t, withGuarantee(reservation.GuaranteePolicy{
		Name: "hold", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineHoldUntil, HoldUntil: 18 * 60}))
	id := h.book(stay(0, 3), inRoom("101"), under("hold", ""))
	h.do(id, reservation.RollArrival{})
	r := h.get(id)
	equal(t, "arrival", r.Arrival, day(1))
	equal(t, "departure", r.Departure, day(3))
	equal(t, "booked", r.OriginalArrival, day(0))
	equal(t, "revision", r.Revision, 2)
	equal(t, "deadline", r.GuaranteeDeadline.Format(time.RFC3339), "2026-06-02T15:00:00Z")
	equal(t, "held", h.held("101", map[string]string{id: "a"}, 4), ".aa.")
	h.refused(id, reservation.RollArrival{}, reservation.ArrivalAhead)
	h.closeDay(1)
	h.do(id, reservation.RollArrival{})
	equal(t, "booked", h.get(id).OriginalArrival, day(0))
	h.closeDay(1)
	h.refused(id, reservation.RollArrival{}, reservation.StayOver)
}

// In the strict profile a no-show waits until the day of arrival is closed; in the other one it warns.
func TestNoShowBeforeAtAndAfterTheDay(t *testing.T) {
	for days := range 3 {
		h := open(t)
		id := h.book(stay(1, 3))
		h.closeDay(days)
		receipt := h.do(id, reservation.MarkNoShow{})
		equal(t, "warned", strings.Contains(warned(receipt), "arrival_day_open"), days < 2)

		h = open(t, strictly)
		id = h.book(stay(1, 3))
		h.closeDay(days)
		if days < 2 {
			h.override(id, reservation.MarkNoShow{}, reservation.NoShowEarly)
		} else {
			h.do(id, reservation.MarkNoShow{})
		}
	}
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	equal(t, "warnings in the house", len(h.do(id, reservation.MarkNoShow{}).Warnings), 1)
}

// Cancelling during a stay frees only the nights from the business date on.
func TestCancelDuringTheStay(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.do(id, reservation.Cancel{Reason: reservation.ReasonHouse})
	equal(t, "held", h.held("101", map[string]string{id: "a"}, 3), "a..")
	equal(t, "room", h.get(id).InRoom, "")
	h.do(id, reservation.MakeExpected{})
	equal(t, "held", h.held("101", map[string]string{id: "a"}, 3), "aaa")
	overdue := h.book(stay(1, 2), inRoom("102"))
	h.closeDay(1)
	h.do(overdue, reservation.Cancel{Reason: reservation.ReasonHouse})
	equal(t, "of a guest who never came", h.held("102", map[string]string{overdue: "a"}, 3), "...")
	left := h.book(stay(2, 2), inRoom("103"))
	h.do(left, reservation.CheckIn{})
	h.closeDay(1)
	h.do(left, reservation.CheckOut{})
	h.closeDay(1)
	h.do(left, reservation.MarkNoShow{})
	equal(t, "who has left", h.held("103", map[string]string{left: "a"}, 5), "..a..")
}

func TestCancelReasons(t *testing.T) {
	h := open(t)
	for _, reason := range reservation.ReasonCodes() {
		id := h.book(as(reservation.Inquiry))
		receipt := h.do(id, reservation.Cancel{Reason: reason, Note: "so it is"})
		equal(t, "number", h.get(id).CancellationNumber, receipt.CancellationNumber)
		e := h.last(id)
		if !strings.Contains(string(e.Payload), `"reason_code":"`+string(reason)+`"`) || !strings.Contains(string(e.Private), "so it is") {
			t.Errorf("%s: the event holds %s %s", reason, e.Payload, e.Private)
		}
	}
	h.refused(h.book(), reservation.Cancel{}, reservation.ReasonCodeInvalid)
	h.refused(h.book(), reservation.Cancel{Reason: "boredom"}, reservation.ReasonCodeInvalid)
	h.refused(h.book(), reservation.Cancel{Reason: reservation.ReasonGuest, Note: "a\x00"}, innards.TextInvalid)
	h.do(h.book(as(reservation.Inquiry)), reservation.MarkNoShow{Note: "nobody came"})
}

// The guest does in the portal what is open to guests: leave, if nothing is owed, and cancel before the stay begins.
func TestGuestInThePortal(t *testing.T) {
	h := open(t)
	guest := innards.Command{Actor: party("acme")}
	id := h.book(stay(0, 2), inRoom("101"), ofParty("acme"))
	for _, in := range []reservation.Intent{
		reservation.CheckIn{}, reservation.MarkNoShow{}, reservation.MakeExpected{}, reservation.Amend{Adults: ptr(1)},
		reservation.AssignRoom{Room: "102"}, reservation.EraseGuest{}, reservation.MarkConfirmed{Note: "x"}, reservation.MakeDefinite{},
	} {
		h.refusedFor(guest, id, in, innards.StaffOnly)
	}
	h.do(id, reservation.CheckIn{})
	h.refusedFor(guest, id, reservation.Cancel{Reason: reservation.ReasonGuest}, innards.StaffOnly)
	h.folio.set(reservation.FolioState{Balance: euro(1)}, nil)
	h.refusedFor(guest, id, reservation.CheckOut{}, reservation.BalanceOpen)
	overriding := guest
	overriding.Override, overriding.Reason = codes(reservation.BalanceOpen), "I insist"
	h.refusedFor(overriding, id, reservation.CheckOut{}, reservation.BalanceOpen)
	h.folio.set(reservation.FolioState{Balance: euro(-1)}, nil)
	if _, err := h.Do(h.ctx, guest, id, reservation.CheckOut{}); err != nil {
		t.Error(err)
	}
	equal(t, "actor", h.last(id).Actor, "guest-acme")
	other := h.book(ofParty("acme"))
	if _, err := h.Do(h.ctx, guest, other, reservation.Cancel{Reason: reservation.ReasonGuest}); err != nil {
		t.Error(err)
	}
	_, err := h.Do(h.ctx, innards.Command{Actor: party("other")}, other, reservation.CheckOut{})
	wantError(t, err, innards.ErrNotFound)
}

// Staff may let a guest go who still owes, by right.
func TestCheckOutWithAnOpenBalance(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"), under("", reservationtest.Strict))
	h.do(id, reservation.CheckIn{})
	h.folio.set(reservation.FolioState{Balance: euro(1)}, nil)
	h.override(id, reservation.CheckOut{}, reservation.BalanceOpen)
}
