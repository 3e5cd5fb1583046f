package reservation_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// The deadline action is carried out at the very second, once, by the system, with the occurrence that fired.
func TestSweepOfTheGuaranteeDeadline(t *testing.T) {
	h := open(t)
	id := h.book(stay(10, 2), under(reservationtest.Deposit, reservationtest.Strict))
	h.clock.Advance(72*time.Hour - time.Second)
	equal(t, "too early", h.sweep(), 0)
	h.clock.Advance(time.Second)
	equal(t, "done", h.sweep(), 1)
	equal(t, "again", h.sweep(), 0)
	r := h.get(id)
	equal(t, "occupancy", r.Occupancy, reservation.Cancelled)
	equal(t, "fee", r.Fees[0].Amount, euro(200))
	e := h.last(id)
	equal(t, "actor", e.Actor, "system:cancel")
	equal(t, "cause", e.Cause, "deadline/2026-06-04T06:00:00Z")
	equal(t, "reason", strings.Contains(string(e.Payload), `"reason_code":"guarantee_deadline"`), true)

	guaranteed := h.book(stay(10, 2), under(reservationtest.Deposit, ""))
	h.do(guaranteed, reservation.GuaranteeBy{Note: "x"})
	inside := h.book(stay(0, 20), under(reservationtest.Deposit, ""), inRoom("101"))
	h.do(inside, reservation.CheckIn{})
	h.clock.Advance(100 * time.Hour)
	equal(t, "nobody else", h.sweep(), 0)
}

// A reservation that was swept and restored is not swept again, until its dates change.
func TestRestoredIsNotSweptAgain(t *testing.T) {
	h := open(t, sweepingNoShows)
	deadline := h.book(stay(2, 4), under(reservationtest.Deposit, ""))
	option := h.book(stay(2, 4), optionUntil(h.clock.Now().Add(time.Hour)))
	byHand := h.book(stay(2, 4), under(reservationtest.Deposit, ""))
	h.do(byHand, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.clock.Advance(72 * time.Hour)
	equal(t, "deadline and release", h.sweep(), 2)
	for _, id := range []string{deadline, option, byHand} {
		h.do(id, reservation.MakeExpected{})
	}
	equal(t, "restored", h.sweep(), 0)
	h.closeDay(3)
	equal(t, "no-shows", h.sweep(), 2) // the option has lapsed: nobody is expected to come
	for _, id := range []string{deadline, byHand} {
		equal(t, "occupancy", h.get(id).Occupancy, reservation.NoShow)
		equal(t, "cause", h.last(id).Cause, "no_show/2026-06-03")
		h.do(id, reservation.MakeExpected{})
	}
	equal(t, "restored", h.sweep(), 0)
	h.do(deadline, reservation.Amend{Arrival: ptr(day(4)), Departure: ptr(day(8))})
	h.closeDay(2)
	equal(t, "for the new arrival", h.sweep(), 1)
}

// Also who was checked in by mistake, after the day of arrival was closed, is left to the staff.
func TestUndoneCheckInIsNotSwept(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.closeDay(1)
	h.do(id, reservation.CheckIn{})
	h.doProperty(reservation.AmendProperty{Settings: &reservation.Settings{NoShowSweep: true}})
	h.do(id, reservation.UndoCheckIn{})
	equal(t, "swept", h.sweep(), 0)
	h.do(id, reservation.CheckIn{})
	h.override(id, reservation.MakeExpected{}, reservation.InHouse)
	equal(t, "swept", h.sweep(), 0)
}

func TestSweepOfOptions(t *testing.T) {
	h := open(t)
	release := h.clock.Now().Add(time.Hour)
	id, other := h.book(optionUntil(release)), h.book(optionUntil(release.Add(time.Hour)))
	h.clock.Set(release.Add(-time.Second))
	equal(t, "too early", h.sweep(), 0)
	h.clock.Set(release)
	equal(t, "released", h.sweep(), 1)
	equal(t, "occupancy", h.get(id).Occupancy, reservation.Cancelled)
	equal(t, "actor", h.last(id).Actor, "system:release_option")
	equal(t, "cause", h.last(id).Cause, "release/2026-06-01T07:00:00Z")
	equal(t, "the other one", h.get(other).Occupancy, reservation.Expected)
	h.do(other, reservation.MakeDefinite{})
	h.clock.Set(release.Add(time.Hour))
	equal(t, "was taken up", h.sweep(), 0)
}

// The no-show sweep takes the expected arrivals of closed days, all of them or all but the guaranteed.
func TestSweepOfNoShows(t *testing.T) {
	for _, spare := range []bool{false, true} {
		h := open(t, sweepingNoShows, func(p *reservation.Property) { p.Settings.SpareGuaranteed = spare })
		came, missed, guaranteed := h.book(stay(0, 3), inRoom("101")), h.book(stay(0, 3)), h.book(stay(0, 3))
		tomorrow, waits := h.book(stay(1, 0)), h.book(stay(0, 3), as(reservation.Waitlisted))
		option := h.book(stay(0, 3), optionUntil(h.clock.Now().Add(100*time.Hour)), ofType("APT"))
		h.do(came, reservation.CheckIn{})
		h.do(guaranteed, reservation.GuaranteeBy{Note: "x"})
		equal(t, "before the day is closed", h.sweep(), 0)
		h.closeDay(1)
		want := 3
		if spare {
			want = 2
		}
		equal(t, "no-shows", h.sweep(), want)
		for _, id := range []string{missed, option} {
			equal(t, "missed", h.get(id).Occupancy, reservation.NoShow)
		}
		equal(t, "guaranteed", h.get(guaranteed).Occupancy == reservation.NoShow, !spare)
		equal(t, "actor", h.last(missed).Actor, "system:mark_no_show")
		for _, id := range []string{came, tomorrow, waits} {
			equal(t, "others", h.valid(id), true)
		}
		equal(t, "again", h.sweep(), 0)
	}
	h := open(t)
	h.book(stay(0, 1))
	h.closeDay(1)
	equal(t, "not unless it is set", h.sweep(), 0)
}

// A message goes out days before the arrival at its hour, once for an arrival, to those whom its filter names.
// What was missed for more than a day, such as what a new rule would have sent long ago, is left out.
// Messages go out with what happens.
// The sweep carries out rules for days before the arrival only, and only while the guest is to come.
// A payment task is due by the hours from its anchor and asks once, for the amount that is open then.
// A changed arrival does not charge again what was due after the booking.
// After a restore nothing is charged until the guarantee is given again; void reservations pay nothing.
// What is refused is reported and tried again in an hour; what falls due before that is not held up.
func TestSweepTriesAgain(t *testing.T) {
	h := open(t, withTask(reservation.PaymentTask{ID: "t", From: reservation.PaymentBeforeArrival, Amount: reservation.AmountBalance}))
	id := h.book(stay(3, 1), under(reservationtest.Deposit, reservationtest.Strict))
	h.folio.set(reservation.FolioState{Closed: true}, nil)
	h.clock.Set(day(3).At(11*60+30, h.property().Location()))
	sum, err := h.Sweep(h.ctx, 10)
	if err != nil || sum.Looked != 1 || sum.Done != 0 || len(sum.Failed) != 1 || sum.Failed[0].ID != id || !innards.RefusedFor(sum.Failed[0].Err, reservation.FolioClosed.Code) {
		t.Fatalf("%+v, %v", sum, err)
	}
	h.clock.Advance(29 * time.Minute)
	sum, err = h.Sweep(h.ctx, 10)
	if err != nil || sum.Looked != 0 {
		t.Fatalf("too early: %+v, %v", sum, err)
	}
	h.clock.Advance(time.Minute) // the payment task is due
	sum, err = h.Sweep(h.ctx, 10)
	if err != nil || sum.Done != 1 || len(sum.Failed) != 1 {
		t.Fatalf("the payment: %+v, %v", sum, err)
	}
	h.folio.set(reservation.FolioState{}, nil)
	equal(t, "at last", h.sweep(), 1)
	equal(t, "occupancy", h.get(id).Occupancy, reservation.Cancelled)
}

// One bad reservation spoils none: whatever error it meets is reported.
func TestSweepGoesOnAfterAnError(t *testing.T) {
	h := open(t)
	release := h.clock.Now().Add(time.Hour)
	bad, good := h.book(optionUntil(release)), h.book(optionUntil(release))
	h.clock.Set(release)
	broken := reservationtest.NewFaulty(h.memory, reservationtest.Nth(2, reservationtest.Fault{Err: innards.ErrCorrupt}))
	s := h.on(broken)
	sum, err := s.Sweep(h.ctx, 10)
	if err != nil || sum.Looked != 2 || sum.Done != 1 || len(sum.Failed) != 1 || !errors.Is(sum.Failed[0].Err, innards.ErrCorrupt) {
		t.Fatalf("%+v, %v", sum, err)
	}
	equal(t, "one of them", h.valid(bad), !h.valid(good))
	unreachable := reservationtest.NewFaulty(h.memory, reservationtest.Nth(1, reservationtest.Fault{Err: innards.ErrUnavailable}))
	_, err = h.on(unreachable).Sweep(h.ctx, 10)
	wantError(t, err, innards.ErrUnavailable)
	ctx, cancel := context.WithCancel(h.ctx)
	stopping := reservationtest.NewFaulty(h.memory, nil)
	stopping.Meanwhile = func(n int, _ string) {
		if n == 2 {
			cancel()
		}
	}
	sum, err = h.on(stopping).Sweep(ctx, 10)
	if len(sum.Failed) != 1 || err != nil {
		t.Errorf("stopped in the last one: %+v, %v", sum, err)
	}
	_, err = h.Sweep(ctx, 10)
	wantError(t, err, context.Canceled)
	third, fourth := h.book(optionUntil(release.Add(time.Hour))), h.book(optionUntil(release.Add(time.Hour)))
	h.clock.Advance(time.Hour)
	ctx, cancel = context.WithCancel(h.ctx)
	stopping.Meanwhile = func(_ int, method string) {
		if method == "Commit" {
			cancel()
		}
	}
	sum, err = h.on(stopping).Sweep(ctx, 10)
	if !errors.Is(err, context.Canceled) || sum.Looked != 1 || !h.valid(third) || !h.valid(fourth) {
		t.Errorf("stopped at the first: %+v, %v", sum, err)
	}
}

// A reservation that is gone from the scope meanwhile is nobody's failure; the limit is kept.
func TestSweepLimit(t *testing.T) {
	h := open(t)
	release := h.clock.Now().Add(time.Hour)
	for range 3 {
		h.book(optionUntil(release))
	}
	h.clock.Set(release)
	for _, want := range []int{2, 1, 0} {
		sum, err := h.Sweep(h.ctx, 2)
		if err != nil || sum.Done != want || sum.Looked != want {
			t.Errorf("%+v, %v, want %d", sum, err, want)
		}
	}
	gone := h.book(optionUntil(release.Add(time.Hour)))
	h.clock.Advance(time.Hour)
	missing := reservationtest.NewFaulty(h.memory, reservationtest.Nth(2, reservationtest.Fault{Err: innards.ErrNotFound}))
	sum, err := h.on(missing).Sweep(h.ctx, 1)
	if err != nil || len(sum.Failed) != 0 || sum.Looked != 1 {
		t.Errorf("%s: %+v, %v", gone, sum, err)
	}
}

// Two sweepers do nothing twice.
func TestTwoSweepersAtOnce(t *testing.T) {
	h := open(t)
	release := h.clock.Now().Add(time.Hour)
	id := h.book(optionUntil(release))
	h.clock.Set(release)
	slow := reservationtest.NewFaulty(h.memory, nil)
	slow.Meanwhile = func(n int, method string) {
		if method == "Commit" {
			h.sweep() // the other one is faster
		}
	}
	sum, err := h.on(slow).Sweep(h.ctx, 10)
	if err != nil || len(sum.Failed) > 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	equal(t, "events", h.get(id).Version, 2)
}

// Preview lists what would run, the earliest first, with what a task would ask for then.
// What was due before is asked for as it is now.
// at reads an instant.
// Automation knows only what is left to do: nothing of it is asked of a reservation that is over.
