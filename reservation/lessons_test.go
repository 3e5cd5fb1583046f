package reservation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// What follows promises, one by one, that this package does not do what users of other systems complain of.

func TestWrongCancellationIsUndoneUnderTheSameNumber(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	before := h.get(id)
	h.do(id, reservation.Cancel{Reason: reservation.ReasonOther})
	h.do(id, reservation.MakeExpected{})
	equal(t, "number", h.get(id).Number, before.Number)
	equal(t, "room", h.nights(id), "101 DBL 100")
}

func TestUndoLeavesTheMoneyRight(t *testing.T) {
	h := open(t)
	id := h.book(under("", reservationtest.Strict), paying(euro(150)))
	h.do(id, reservation.MarkNoShow{})
	receipt := h.do(id, reservation.MakeExpected{})
	equal(t, "the applied part is back", h.get(id).Paid, euro(100))
	equal(t, "the refunded part is reported", warned(receipt), "deposit_stays_out: 50.00 EUR")
	equal(t, "no card is charged by itself", h.get(id).AutopayPaused, true)
}

func TestConfirmingManyRevivesNone(t *testing.T) {
	h := open(t)
	id := h.book()
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.book()
	results, err := h.Bulk(h.ctx, innards.Command{Actor: h.desk}, reservation.Selection{Search: &reservation.Search{}}, reservation.MarkConfirmed{Note: "all"})
	if err != nil || !equalCodes(results[0].Err, reservation.NotValid) || results[1].Err != nil {
		t.Fatalf("%+v, %v", results, err)
	}
	equal(t, "occupancy", h.get(id).Occupancy, reservation.Cancelled)
}

func TestRestoringTakesARight(t *testing.T) {
	h := open(t)
	id := h.book()
	h.do(id, reservation.Cancel{Reason: reservation.ReasonChannel})
	clerk := innards.Actor{ID: "clerk", Tenant: reservationtest.Tenant, Rights: []innards.Right{"reservation.check_in", "reservation.check_out"}}
	h.refusedFor(innards.Command{Actor: clerk}, id, reservation.MakeExpected{}, innards.NotPermitted)
}

func TestCancelledTakesNoInventory(t *testing.T) {
	h := open(t)
	h.do(h.book(ofType("APT"), inRoom("201")), reservation.Cancel{Reason: reservation.ReasonGuest})
	h.book(ofType("APT"), inRoom("201"))
}

func TestEverybodySeesWhoMadeItANoShowAndWhy(t *testing.T) {
	h := open(t, sweepingNoShows)
	id := h.book()
	h.closeDay(1)
	h.sweep()
	e := h.last(id)
	equal(t, "actor and cause", e.Command+" "+e.Actor+" "+e.Cause, "mark_no_show system:mark_no_show no_show/2026-06-01")
}

func TestWholeGroupIsCancelledAtOnce(t *testing.T) {
	h := open(t)
	for range 3 {
		h.book(func(c *reservation.Create) { c.Attributes = map[string]string{"booking": "B-1"} })
	}
	h.do(h.book(stay(5, 1)), reservation.LockRoom{})
	results, err := h.Bulk(h.ctx, innards.Command{Actor: h.desk}, reservation.Selection{Search: &reservation.Search{Attributes: map[string]string{"booking": "B-1"}}}, cancelAll)
	if err != nil || len(results) != 3 || results[2].Err != nil {
		t.Errorf("%+v, %v", results, err)
	}
}

func TestRefusalSaysWhatToDo(t *testing.T) {
	h := open(t)
	_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, h.book(), reservation.CheckIn{})
	equal(t, "text", err.Error(), "check_in refused: no room is assigned (room_required)")
	for _, r := range reservation.Reasons() {
		if r.Text == "" || r.Lift == "" || r.Kind == "" {
			t.Errorf("%s says %q, and to lift it: %q", r.Code, r.Text, r.Lift)
		}
	}
}

func TestModifyingDoesNotPileUpRooms(t *testing.T) {
	h := open(t)
	id := h.book()
	for i := range 10 {
		h.do(id, reservation.Amend{Arrival: ptr(day(i)), Departure: ptr(day(i + 2))})
	}
	nights, err := h.memory.Held(h.ctx, h.desk.Scope(), reservationtest.HotelID, day(0), day(30), h.clock.Now())
	if err != nil || len(nights) != 2 {
		t.Errorf("it holds %v, %v", nights, err)
	}
}

func TestNoShowIsAStatusOfItsOwn(t *testing.T) {
	h := open(t)
	id := h.book()
	h.do(id, reservation.MarkNoShow{})
	n, err := h.Count(h.ctx, h.desk, reservation.Search{Occupancy: []reservation.Occupancy{reservation.NoShow}})
	if err != nil || n.Total != 1 {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestNightAuditNeverTakesTheDayFromAnotherZone(t *testing.T) {
	h := open(t, inZone("Asia/Ho_Chi_Minh"))
	h.clock.Set(at("2026-06-01T17:30:00Z")) // half past midnight there
	h.closeDay(1)
	h.clock.Set(at("2026-06-02T00:30:00Z")) // half past seven: the date in UTC has changed, the hotel's has not
	equal(t, "the day in progress", h.doProperty(reservation.CloseDay{Date: day(0)}).BusinessDate, day(1))
}

func TestFirstAndLastNightAreTheHotels(t *testing.T) {
	h := open(t, inZone("America/Los_Angeles"))
	id := h.book(stay(0, 2))
	equal(t, "nights", h.get(id).Nights[0].Date.String()+" "+h.get(id).Nights[1].Date.String(), "2026-06-01 2026-06-02")
}

func TestLateGuestOfOneNightIsLetIn(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	h.closeDay(1)
	h.do(id, reservation.CheckIn{})
}

func TestTwoBookersOneRoom(t *testing.T) {
	h := open(t)
	done, _ := h.race(2, func(int) error { return h.attempt("", booking(inRoom("101"))) })
	equal(t, "winners", done, 1)
}

func TestLostAnswerMakesNoSecondReservation(t *testing.T) {
	h := open(t)
	lost := reservationtest.NewFaulty(h.memory, reservationtest.Nth(2, reservationtest.Fault{Err: innards.ErrOutcomeUnknown, After: true}))
	by := innards.Command{Actor: h.desk, Key: "web-1"}
	first, err := h.on(lost).Do(h.ctx, by, "", booking())
	again, err2 := h.Do(h.ctx, by, "", booking())
	if err != nil || err2 != nil || first.ID != again.ID {
		t.Errorf("%v, %v: %s and %s", err, err2, first.ID, again.ID)
	}
}

func TestDeadlineIsNeverBeforeTheBooking(t *testing.T) {
	h := open(t, withGuarantee(reservation.GuaranteePolicy{Name: "week", Methods: []reservation.Method{reservation.MethodCard}, BeforeArrivalDays: ptr(7), AtDeadline: reservation.DeadlineCancel}))
	id := h.book(stay(2, 1), under("week", ""))
	equal(t, "deadline", *h.get(id).GuaranteeDeadline, h.clock.Now())
	equal(t, "cancelled at once", h.sweep(), 1)
}

func TestUnpaidIsNotCancelledEarly(t *testing.T) {
	h := open(t)
	id := h.book(stay(9, 1), under(reservationtest.Deposit, ""))
	h.clock.Set(h.get(id).GuaranteeDeadline.Add(-time.Microsecond))
	equal(t, "swept", h.sweep(), 0)
}

func TestRetiredRoomIsNeverAssigned(t *testing.T) {
	h := open(t)
	h.refused("", booking(inRoom("104")), reservation.RoomOutOfOrder)
	id := h.book(inRoom("101"))
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.doProperty(reservation.PutRooms{Rooms: []reservation.Room{{ID: "101", Name: "101", Type: "DBL", OutOfOrder: true}}})
	h.do(id, reservation.MakeExpected{})
	equal(t, "room", h.nights(id), "- DBL 100")
}

func TestNoShowFeeIsThePolicys(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), under("", reservationtest.Flexible))
	h.closeDay(1)
	equal(t, "fee", h.do(id, reservation.MarkNoShow{}).Fee.Amount, euro(300))
}

func TestNoShowGivesTheRoomBack(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.closeDay(1)
	h.do(id, reservation.MarkNoShow{})
	h.book(stay(1, 2), inRoom("101"))
}

func TestNoShowsArePreviewed(t *testing.T) {
	h := open(t)
	id := h.book(under("", reservationtest.Strict))
	results, err := h.Bulk(h.ctx, innards.Command{Actor: h.desk, DryRun: true}, reservation.Selection{Search: &reservation.Search{}}, reservation.MarkNoShow{})
	if err != nil || results[0].Receipt.Fee.Amount != euro(100) || h.get(id).Version != 1 {
		t.Errorf("%+v, %v", results, err)
	}
}

func TestNoSourceSellsMoreThanThereIs(t *testing.T) {
	h := open(t)
	h.book(ofType("APT"))
	for _, source := range reservation.Sources() {
		c := booking(ofType("APT"), from(source))
		if source == reservation.SourceChannelManager {
			c.Channel = &reservation.Channel{Name: "ch"}
		}
		h.refused("", c, reservation.SoldOut)
	}
}

func TestEarlyDepartureIsAttributedAndGivesNightsBack(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 5), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.closeDay(2)
	h.do(id, reservation.CheckOut{})
	equal(t, "actor", h.last(id).Actor, h.desk.ID)
	equal(t, "released", strings.Contains(string(h.last(id).Payload), `"released_from":"2026-06-03"`), true)
	h.book(stay(2, 3), inRoom("101"))
}

func TestGuestOfANoShowMayStillCome(t *testing.T) {
	h := open(t, sweepingNoShows)
	id := h.book(stay(0, 2), inRoom("101"), under("", reservationtest.Flexible))
	h.closeDay(1)
	h.sweep()
	h.do(id, reservation.MakeExpected{})
	equal(t, "left alone", h.sweep(), 0)
	h.do(id, reservation.CheckIn{})
	equal(t, "fee", h.get(id).Fees[0].Reversed, true)
}
