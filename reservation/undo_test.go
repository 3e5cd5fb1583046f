package reservation_test

import (
	"testing"

	"github.com/innards-go/innards/reservation"
)

func TestUndoCheckOut(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.do(id, reservation.CheckOut{})
	receipt := h.do(id, reservation.UndoCheckOut{})
	r := h.get(id)
	equal(t, "occupancy", receipt.Occupancy, reservation.CheckedIn)
	equal(t, "room", r.InRoom, "101")
	if r.DepartedAt != nil || r.ArrivedAt == nil || !r.ReleasedFrom.IsZero() {
		t.Errorf("departed %v, arrived %v, given back from %s", r.DepartedAt, r.ArrivedAt, r.ReleasedFrom)
	}
	equal(t, "held", h.held("101", map[string]string{id: "a"}, 3), "aaa")
	h.closeDay(3)
	h.do(id, reservation.CheckOut{})
	next := h.book(stay(3, 1), inRoom("101"))
	h.do(next, reservation.CheckIn{})
	h.refused(id, reservation.UndoCheckOut{}, reservation.RoomOccupied)
}

func TestUndoCheckOutOverbooks(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), ofType("APT"), inRoom("201"))
	h.do(id, reservation.CheckIn{})
	h.do(id, reservation.CheckOut{})
	h.book(stay(0, 2), ofType("APT"))
	receipt := h.override(id, reservation.UndoCheckOut{}, reservation.SoldOut)
	equal(t, "overbooked", h.get(id).Overbooked, true)
	equal(t, "warnings", warned(receipt), "overbooked: APT 2026-06-01; overbooked: APT 2026-06-02")
	h.do(id, reservation.CheckOut{})
	equal(t, "overbooked when gone", h.get(id).Overbooked, false)
}

func TestUndoCheckOutOfAWholeStay(t *testing.T) {
	h := open(t)
	id := h.book(ofType("APT"), inRoom("201"))
	h.override("", booking(ofType("APT")), reservation.SoldOut)
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.do(id, reservation.CheckOut{})
	h.do(id, reservation.UndoCheckOut{})
	equal(t, "room", h.get(id).InRoom, "201")
}

func TestUndoCheckOutInTime(t *testing.T) {
	for _, c := range []struct {
		profile setting
		days    int
		late    bool
	}{{strictly, 1, false}, {strictly, 2, true}, {func(*reservation.Property) {}, 5, false}} {
		h := open(t, c.profile)
		id := h.book(stay(0, 1), inRoom("101"))
		h.do(id, reservation.CheckIn{})
		h.closeDay(1)
		h.do(id, reservation.CheckOut{})
		h.closeDay(c.days - 1)
		if c.late {
			h.override(id, reservation.UndoCheckOut{}, reservation.UndoWindow)
		} else {
			h.do(id, reservation.UndoCheckOut{})
		}
	}
}

func TestUndoCheckIn(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.folio.set(reservation.FolioState{Charged: true}, nil)
	h.refused(id, reservation.UndoCheckIn{}, reservation.AlreadyCharged)
	h.folio.set(reservation.FolioState{}, nil)
	h.do(id, reservation.UndoCheckIn{})
	r := h.get(id)
	if r.InRoom != "" || r.ArrivedAt != nil || !r.CheckedOn.IsZero() {
		t.Errorf("it is still in %q, arrived %v on %s", r.InRoom, r.ArrivedAt, r.CheckedOn)
	}
	equal(t, "room stays", h.nights(id), "101 DBL 100, 101 DBL 100, 101 DBL 100")
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.override(id, reservation.UndoCheckIn{}, reservation.UndoWindow)
}

func TestMakeExpected(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), ofType("APT"), inRoom("201"))
	before := h.get(id)
	h.do(id, reservation.MakeExpected{})
	after := h.get(id)
	before.Version, before.Hash = after.Version, after.Hash
	if d := diff(before, after); d != "" {
		t.Errorf("from expected it changed:\n%s", d)
	}
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	other := h.book(stay(0, 2), ofType("APT"), inRoom("201"))
	receipt := h.do(id, reservation.MakeExpected{})
	r := h.get(id)
	equal(t, "room", h.nights(id), "- APT 100, - APT 100")
	equal(t, "overbooked", r.Overbooked, true)
	equal(t, "cancellation number", r.CancellationNumber, "")
	equal(t, "warnings", warned(receipt), "room_dropped: 201; overbooked: APT 2026-06-01; overbooked: APT 2026-06-02")
	h.do(other, reservation.CheckIn{})
	h.override(other, reservation.MakeExpected{}, reservation.InHouse)
	r = h.get(other)
	if r.InRoom != "" || r.ArrivedAt != nil || !r.CheckedOn.IsZero() || r.Occupancy != reservation.Expected || r.AutopayPaused || r.EvidenceStale {
		t.Errorf("from the house it is %+v", r)
	}
	equal(t, "room stays", h.nights(other), "201 APT 100, 201 APT 100")
	h.do(other, reservation.CheckIn{})
	h.do(other, reservation.CheckOut{})
	h.do(other, reservation.MakeExpected{})
	if r = h.get(other); r.DepartedAt != nil || !r.ReleasedFrom.IsZero() {
		t.Errorf("from checked out it is %+v", r)
	}
}

func TestMakeExpectedLate(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 1), inRoom("101"))
	h.do(id, reservation.MarkNoShow{})
	h.doProperty(reservation.PutRooms{Rooms: []reservation.Room{{ID: "101", Name: "101", Type: "DBL", OutOfOrder: true}}})
	h.closeDay(1)
	equal(t, "on the day of departure", warned(h.do(id, reservation.MakeExpected{})), "room_dropped: 101")
	h.do(id, reservation.MarkNoShow{})
	h.closeDay(1)
	equal(t, "after it", warned(h.do(id, reservation.MakeExpected{})), "stay_over")
}

func TestMakeExpectedFallsBackToTheTypeAsBooked(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("201"))
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.book(inRoom("201"), ofType("APT"))
	for range 3 {
		h.book()
	}
	h.do(id, reservation.MakeExpected{})
	equal(t, "nights", h.nights(id), "- DBL 100")
	equal(t, "overbooked", h.get(id).Overbooked, true)
}

func TestEvidenceIsStaleAfterARestore(t *testing.T) {
	h := open(t)
	not, yes := h.book(), h.book()
	h.do(yes, reservation.GuaranteeBy{Note: "by the company"})
	for _, id := range []string{not, yes} {
		h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		h.do(id, reservation.MakeExpected{})
		equal(t, "paused", h.get(id).AutopayPaused, true)
		equal(t, "guarantee", string(h.get(id).Guarantee), map[bool]string{true: "guaranteed", false: "not_guaranteed"}[id == yes])
		equal(t, "stale", h.get(id).EvidenceStale, id == yes)
	}
	h.do(yes, reservation.RevokeGuarantee{Cause: reservation.RevokeRefund})
	h.do(yes, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(yes, reservation.MakeExpected{})
	equal(t, "stale after revoking", h.get(yes).EvidenceStale, false)
	h.do(not, reservation.GuaranteeBy{Note: "again"})
	equal(t, "paused when guaranteed again", h.get(not).AutopayPaused, false)
}
