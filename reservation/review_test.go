package reservation_test

import (
	"testing"
	"time"

	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// Who is in the house and stays on in another room is in that room once its nights begin.
func TestExtendingIntoAnotherRoomFollowsTheGuest(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 1), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.do(id, reservation.Amend{Departure: ptr(day(2)), Room: "102"})
	equal(t, "room", h.get(id).InRoom, "102")
	next := h.book(stay(1, 1), inRoom("101"))
	h.do(next, reservation.CheckIn{})
}

// A refund that a cancellation ordered is recorded when it was paid, once.
func TestOrderedRefundIsRecordedOnce(t *testing.T) {
	h := open(t)
	id := h.book()
	h.do(id, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: euro(50)})
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	equal(t, "ordered", h.get(id).Refunding, euro(50))
	refund := reservation.RecordPayment{Kind: reservation.PaymentRefunded, Amount: euro(50)}
	h.do(id, refund)
	equal(t, "left", h.get(id).Refunding, euro(0))
	h.refused(id, refund, reservation.RefundTooLarge)
}

// An automatic guarantee that is overridden leaves a trace of what was shown.
func TestOverriddenGuaranteeLeavesEvidence(t *testing.T) {
	h := open(t)
	id := h.book(under(reservationtest.Company, ""))
	h.override(id, reservation.GuaranteeBy{Trigger: reservation.TriggerTokenization, Reference: "R1"}, reservation.MethodNotAccepted)
	evidence := h.get(id).Evidence
	if len(evidence) != 1 || evidence[0].Trigger != reservation.TriggerTokenization || evidence[0].Reference != "R1" {
		t.Errorf("the evidence is %v", evidence)
	}
}

// A guest who comes a day late, with a room for the first night only, may be given another one.
func TestLateGuestIsNotHeldToTheFirstRoom(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2))
	h.do(id, reservation.AssignRoom{Room: "101", To: day(1)})
	h.closeDay(1)
	other := h.book(stay(1, 1), inRoom("101"))
	h.do(other, reservation.CheckIn{})
	h.do(id, reservation.CheckIn{Room: "102"})
	equal(t, "room", h.get(id).InRoom, "102")
}

// A lapsed option whose room was taken falls back to its type, which must be free.
func TestLapsedOptionDoesNotOverbookItsType(t *testing.T) {
	h := open(t)
	release := h.clock.Now().Add(time.Hour)
	id := h.book(inRoom("201"), optionUntil(release))
	h.clock.Set(release)
	h.book(ofType("APT"), inRoom("201"))
	for h.attempt("", booking()) == nil {
	}
	h.refused(id, reservation.MakeDefinite{}, reservation.SoldOut)
}
