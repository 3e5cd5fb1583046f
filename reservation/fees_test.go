package reservation_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// Cancelled, restored and cancelled again, the guest is charged once per cycle, under keys that are the same at every
// delivery.
func TestFeeOncePerCycle(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), under("", reservationtest.Strict))
	h.outbox()
	for cycle := 1; cycle <= 3; cycle++ {
		receipt := h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		equal(t, "fee", receipt.Fee.Amount, euro(200))
		equal(t, "cycle", receipt.Fee.Cycle, cycle)
		equal(t, "reversed", receipt.Fee.Reversed, false)
		equal(t, "at", receipt.Fee.At, h.clock.Now())
		receipt = h.do(id, reservation.MakeExpected{})
		equal(t, "reversed", receipt.Fee.Reversed, true)
		equal(t, "cycle", receipt.Fee.Cycle, cycle)
	}
	var keys []string
	for _, m := range h.outbox() {
		keys = append(keys, strings.TrimPrefix(m.Key, "reservation/"+id+"/"))
		equal(t, "record", m.Record, id)
	}
	want := []string{"fee/1/post_fee", "fee/1/reverse_fee", "fee/2/post_fee", "fee/2/reverse_fee", "fee/3/post_fee", "fee/3/reverse_fee"}
	if d := diff(want, keys); d != "" {
		t.Error(d)
	}
	equal(t, "fees on record", len(h.get(id).Fees), 3)
	if d := diff(h.get(id).Fees, replayed(t, h, id).Fees); d != "" {
		t.Error(d)
	}
}

// The deposit pays the fee and the rest goes back; a restore returns what was applied, and what was refunded stays out.
func TestDepositAndFee(t *testing.T) {
	for _, c := range []struct {
		paid                     int64
		applied, refunded, again int64
		effects                  []string
	}{
		{0, 0, 0, 0, []string{`post_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`reverse_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`}},
		{40, 40, 0, 40, []string{`post_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`apply_deposit {"amount":{"amount":"40.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`reverse_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`}},
		{100, 100, 0, 100, []string{`post_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`apply_deposit {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`reverse_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`}},
		{130, 100, 30, 100, []string{`post_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`apply_deposit {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`refund {"amount":{"amount":"30.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`,
			`reverse_fee {"amount":{"amount":"100.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`}},
	} {
		h := open(t)
		id := h.book(under("", reservationtest.Strict), paying(euro(c.paid)))
		h.outbox()
		fee := h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest}).Fee
		equal(t, "applied", fee.Applied, euro(c.applied))
		equal(t, "refunded", fee.Refunded, euro(c.refunded))
		equal(t, "left", h.get(id).Paid, euro(0))
		receipt := h.do(id, reservation.MakeExpected{})
		equal(t, "returned", h.get(id).Paid, euro(c.again))
		equal(t, "said", strings.Contains(warned(receipt), "deposit_stays_out: 30.00 EUR"), c.refunded > 0)
		if d := diff(c.effects, h.effects(id)); d != "" {
			t.Errorf("paid %d: %s", c.paid, d)
		}
	}
}

// What the fee does not need of an authorisation is ordered to be let go, once a cycle. A restore leaves it out.
func TestAuthorisationAndFee(t *testing.T) {
	for _, c := range []struct {
		paid, authorised int64
		kept, released   int64
	}{
		{0, 0, 0, 0}, {0, 40, 40, 0}, {0, 100, 100, 0}, {0, 130, 100, 30}, {40, 60, 60, 0}, {40, 70, 60, 10}, {100, 20, 0, 20}, {130, 20, 0, 20},
	} {
		h := open(t)
		id := h.book(under("", reservationtest.Strict), paying(euro(c.paid)), func(in *reservation.Create) { in.Authorised = euro(c.authorised) })
		h.outbox()
		var released []string
		expect := func(step string, amount int64) {
			t.Helper()
			if amount > 0 {
				released = append(released, fmt.Sprintf(`release {"amount":{"amount":"%d.00","currency":"EUR"},"cycle":%d,"kind":"cancelled"}`, amount, h.get(id).Cycle))
			}
			var got []string
			for _, e := range h.effects(id) {
				if strings.HasPrefix(e, reservation.EffectRelease+" ") {
					got = append(got, e)
				}
			}
			if d := diff(released, got); d != "" {
				t.Errorf("paid %d, authorised %d, %s: %s", c.paid, c.authorised, step, d)
			}
			released = nil
		}
		fee := h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest}).Fee
		equal(t, "released", fee.Released, euro(c.released))
		equal(t, "kept", h.get(id).Authorised, euro(c.kept))
		equal(t, "releasing", h.get(id).Releasing, euro(c.released))
		equal(t, "replayed", replayed(t, h, id).Authorised, euro(c.kept))
		expect("cancelled", c.released)
		receipt := h.do(id, reservation.MakeExpected{})
		equal(t, "said", strings.Contains(warned(receipt), "authorisation_stays_out: "), c.released > 0)
		equal(t, "kept by the restore", h.get(id).Authorised, euro(c.kept))
		expect("restored", 0)
		if c.released > 0 {
			h.do(id, reservation.RecordPayment{Kind: reservation.PaymentVoided, Amount: euro(c.released), Ordered: true})
			equal(t, "kept once it is let go", h.get(id).Authorised, euro(c.kept))
			equal(t, "still to be let go", h.get(id).Releasing, euro(0))
		}
		h.override(id, reservation.Amend{CancellationPolicy: ptr("")}, reservation.FeeLowered)
		h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		equal(t, "kept without a fee", h.get(id).Authorised, euro(0))
		expect("cancelled again", c.kept)
	}
}

// An authorisation that ends takes from what was ordered to be let go first, and at most what is held from the rest.
func TestVoidedAfterTheRelease(t *testing.T) {
	h := open(t)
	id := h.book(under("", reservationtest.Strict), func(in *reservation.Create) { in.Authorised = euro(130) })
	h.do(id, reservation.MarkNoShow{})
	void := func(n int64) reservation.RecordPayment {
		return reservation.RecordPayment{Kind: reservation.PaymentVoided, Amount: euro(n)}
	}
	h.refused(id, void(131), reservation.RefundTooLarge)
	h.do(id, void(20))
	equal(t, "to be let go", h.get(id).Releasing, euro(10))
	h.do(id, void(50))
	equal(t, "to be let go", h.get(id).Releasing, euro(0))
	equal(t, "kept", h.get(id).Authorised, euro(60))
	h.refused(id, void(61), reservation.RefundTooLarge)
}

// What a fee keeps of an authorisation is captured once: it is not let go again by the next cancellation.
func TestCapture(t *testing.T) {
	h := open(t)
	id := h.book(under("", reservationtest.Strict), func(in *reservation.Create) { in.Authorised = euro(130) })
	h.do(id, reservation.MarkNoShow{})
	kept := h.get(id).Authorised
	capture := func(m innards.Money) reservation.RecordPayment {
		return reservation.RecordPayment{Kind: reservation.PaymentCaptured, Amount: m}
	}
	h.refused(id, capture(euro(131)), reservation.RefundTooLarge)
	h.do(id, capture(kept))
	equal(t, "paid", h.get(id).Paid, kept)
	equal(t, "authorised", h.get(id).Authorised, euro(0))
	h.do(id, reservation.MakeExpected{})
	equal(t, "paid after the restore", h.get(id).Paid, kept)
	fee := h.do(id, reservation.MarkNoShow{}).Fee
	equal(t, "applied", fee.Applied, kept)
	equal(t, "released", fee.Released, euro(0))
	equal(t, "replayed", replayed(t, h, id).Releasing, h.get(id).Releasing)
}

// After a restore, what comes back is of the money that has come since, unless it is said to be what was ordered.
func TestGivenBackAfterARestore(t *testing.T) {
	h := open(t)
	id := h.book(under("", ""), func(in *reservation.Create) { in.Authorised, in.Paid = euro(100), euro(80) })
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(id, reservation.MakeExpected{})
	pay := func(k reservation.PaymentKind, n int64, ordered bool) {
		t.Helper()
		h.do(id, reservation.RecordPayment{Kind: k, Amount: euro(n), Ordered: ordered})
	}
	expect := func(step string, authorised, releasing, paid, refunding int64) {
		t.Helper()
		r := h.get(id)
		equal(t, step+", authorised", r.Authorised, euro(authorised))
		equal(t, step+", to be let go", r.Releasing, euro(releasing))
		equal(t, step+", paid", r.Paid, euro(paid))
		equal(t, step+", to be refunded", r.Refunding, euro(refunding))
	}
	expect("restored", 0, 100, 0, 80)
	pay(reservation.PaymentAuthorised, 50, false)
	pay(reservation.PaymentPaid, 40, false)
	pay(reservation.PaymentVoided, 20, false)
	pay(reservation.PaymentRefunded, 10, false)
	expect("given back", 30, 100, 30, 80)
	pay(reservation.PaymentVoided, 100, true)
	pay(reservation.PaymentRefunded, 60, true)
	expect("carried out", 30, 0, 30, 20)
	pay(reservation.PaymentRefunded, 50, false)
	expect("all that there was", 30, 0, 0, 0)
	h.refused(id, reservation.RecordPayment{Kind: reservation.PaymentVoided, Amount: euro(31), Ordered: true}, reservation.RefundTooLarge)
}

// Waiving takes the right and a reason; without anything to charge it takes neither.
func TestWaive(t *testing.T) {
	h := open(t)
	id := h.book(under("", reservationtest.Strict), paying(euro(40)))
	h.outbox()
	waive := reservation.Cancel{Reason: reservation.ReasonGuest, Waive: true}
	h.refused(id, waive, reservation.WaiveNotAllowed)
	by := innards.Command{Actor: h.desk, Override: codes(reservation.WaiveNotAllowed)}
	h.refusedFor(by, id, waive, innards.ReasonRequired)
	by.Reason = "\u00a0"
	h.refusedFor(by, id, waive, innards.ReasonRequired)
	by.Reason, by.Actor.Rights = "a regular guest", []innards.Right{"reservation.*"}
	h.refusedFor(by, id, waive, reservation.WaiveNotAllowed)
	by.Actor.Rights = append(by.Actor.Rights, reservation.RightWaiveFee)
	receipt, err := h.Do(h.ctx, by, id, waive)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "fee", receipt.Fee.Amount, euro(0))
	equal(t, "waived", receipt.Fee.Waived, true)
	equal(t, "refunded", receipt.Fee.Refunded, euro(40))
	if d := diff([]string{`refund {"amount":{"amount":"40.00","currency":"EUR"},"cycle":1,"kind":"cancelled"}`}, h.effects(id)); d != "" {
		t.Error(d)
	}
	e := h.last(id)
	equal(t, "override in the history", e.Overrides[0], reservation.WaiveNotAllowed.Code)
	equal(t, "reason in the history", string(e.Private), `{"reason":"a regular guest"}`)
	h.do(id, reservation.MakeExpected{})
	equal(t, "nothing to reverse", len(h.effects(id)), 0)
	free := h.book()
	equal(t, "nothing to waive", h.do(free, waive).Fee.Waived, false)
	no := h.book(under("", reservationtest.Strict))
	h.refused(no, reservation.MarkNoShow{Waive: true}, reservation.WaiveNotAllowed)
}

// A closed folio stands in the way of a fee, and of nothing else. Overriding it waives the fee.
func TestClosedFolio(t *testing.T) {
	h := open(t)
	h.folio.set(reservation.FolioState{Closed: true}, nil)
	free := h.book()
	h.do(free, reservation.Cancel{Reason: reservation.ReasonGuest})
	id := h.book(under("", reservationtest.Strict))
	h.refused(id, reservation.MarkNoShow{}, reservation.FolioClosed)
	for _, waive := range []reservation.Intent{reservation.Cancel{Reason: reservation.ReasonGuest, Waive: true}, &reservation.MarkNoShow{Waive: true}} {
		equal(t, "waived on request", h.override(id, waive, reservation.WaiveNotAllowed).Fee.Waived, true)
		h.do(id, reservation.MakeExpected{})
	}
	receipt := h.override(id, reservation.Cancel{Reason: reservation.ReasonGuest}, reservation.FolioClosed)
	equal(t, "waived", receipt.Fee.Waived, true)
	h.do(id, reservation.MakeExpected{})
	h.folio.set(reservation.FolioState{}, nil)
	charged := h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	equal(t, "open again", charged.Fee.Amount, euro(100))
	h.folio.set(reservation.FolioState{Closed: true}, nil)
	equal(t, "a restore is not asked", h.do(id, reservation.MakeExpected{}).Fee.Reversed, true)
}

// A folio that does not answer refuses nothing: the command fails as unavailable, and nothing is written.
func TestFolioOutOfReach(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	down := errors.New("connection refused")
	h.folio.set(reservation.FolioState{}, down)
	_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, id, reservation.Cancel{Reason: reservation.ReasonGuest})
	wantError(t, err, innards.ErrUnavailable)
	wantError(t, err, down)
	_, err = h.Actions(h.ctx, h.desk, id)
	wantError(t, err, innards.ErrUnavailable)
	asked := h.folio.asked
	h.do(id, reservation.CheckIn{}) // does not ask it
	equal(t, "asked", h.folio.asked, asked)
	equal(t, "version", h.get(id).Version, 2)
	h.folio.set(reservation.FolioState{}, nil)
	h.do(id, reservation.UndoCheckIn{})
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	equal(t, "asked", h.folio.asked, asked+2)
	other := h.book()
	h.do(other, reservation.MarkNoShow{})
	equal(t, "asked", h.folio.asked, asked+3)
}

// Without a policy there is no fee, and the receipt says so.
func TestNoPolicyNoFee(t *testing.T) {
	h := open(t)
	id := h.book()
	receipt := h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	equal(t, "fee", receipt.Fee.Amount, euro(0))
	equal(t, "warning", warned(receipt), "no_policy")
	equal(t, "rule", strings.Contains(string(h.last(id).Payload), `"fee_rule":"no_policy"`), true)
	with := h.book(under("", reservationtest.Flexible))
	equal(t, "warnings", len(h.do(with, reservation.Cancel{Reason: reservation.ReasonGuest}).Warnings), 0)
	equal(t, "rule", strings.Contains(string(h.last(with).Payload), `"fee_rule":"grace"`), true)
}

// The policy is the one that was booked, whatever became of it since, until it is amended.
func TestPolicyIsASnapshot(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), under("", reservationtest.Strict))
	h.doProperty(reservation.PutCancellationPolicy{Policy: reservation.CancellationPolicy{Name: reservationtest.Strict}})
	quote, err := h.Quote(h.ctx, h.desk, id, time.Time{}, reservation.Cancelled)
	if err != nil || quote.Fee != euro(200) {
		t.Errorf("the fee is %s, %v", quote.Fee, err)
	}
	equal(t, "the quote is for now", quote.At, h.clock.Now())
	h.override(id, reservation.Amend{CancellationPolicy: ptr(reservationtest.Strict)}, reservation.FeeLowered)
	equal(t, "fee", h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest}).Fee.Amount, euro(0))
}

// The fee counts the revenue at the command, at the instant of the command.
func TestFeeFollowsTheClockAndTheRevenue(t *testing.T) {
	h := open(t)
	id := h.book(stay(2, 2), under("", reservationtest.Flexible))
	drop := day(1).At(18*60, h.property().Location())
	for _, c := range []struct {
		at   time.Time
		kind reservation.Occupancy
		want int64
	}{
		{drop.Add(-time.Second), reservation.Cancelled, 0}, {drop, reservation.Cancelled, 100}, {drop, reservation.NoShow, 200},
	} {
		quote, err := h.Quote(h.ctx, h.desk, id, c.at, c.kind)
		if err != nil || quote.Fee != euro(c.want) || !quote.At.Equal(c.at) {
			t.Errorf("%s at %s: %+v, %v", c.kind, c.at, quote, err)
		}
	}
	line, err := h.Timeline(h.ctx, h.desk, id)
	if err != nil || len(line) != 2 || line[1].Fee != euro(100) {
		t.Errorf("the timeline is %+v, %v", line, err)
	}
	for _, ask := range []error{second(h.Quote(h.ctx, h.desk, "x", drop, reservation.Cancelled)), second(h.Timeline(h.ctx, h.desk, "x"))} {
		wantError(t, ask, innards.ErrNotFound)
	}
	h.clock.Set(drop)
	equal(t, "at the very second", h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest}).Fee.Amount, euro(100))
	h.do(id, reservation.MakeExpected{})
	h.do(id, reservation.Amend{Prices: []innards.Money{euro(70)}})
	equal(t, "at the new price", h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest}).Fee.Amount, euro(70))
	h.do(id, reservation.MakeExpected{})
	receipt := h.do(id, reservation.MarkNoShow{})
	equal(t, "no-show", receipt.Fee.Amount, euro(140))
	equal(t, "kind", receipt.Fee.Kind, reservation.NoShow)
}

func second[T any](_ T, err error) error { return err }

// An option that is released, and whatever else is not definite, costs nothing; the deposit goes back.
func TestReleasedOptionIsFree(t *testing.T) {
	h := open(t)
	id := h.book(optionUntil(h.clock.Now().Add(time.Hour)), under("", reservationtest.Strict), paying(euro(40)))
	h.outbox()
	receipt := h.do(id, reservation.ReleaseOption{})
	equal(t, "occupancy", receipt.Occupancy, reservation.Cancelled)
	equal(t, "fee", receipt.Fee.Amount, euro(0))
	equal(t, "refunded", receipt.Fee.Refunded, euro(40))
	equal(t, "reason", strings.Contains(string(h.last(id).Payload), `"reason_code":"option_released"`), true)
	equal(t, "effects", len(h.effects(id)), 1)
	h.refused(h.book(), reservation.ReleaseOption{}, reservation.OptionNotReleasable)
}

// Yen have no decimals and dinars three.
func TestFeesInOtherCurrencies(t *testing.T) {
	for currency, want := range map[innards.Currency]string{"JPY": "5001", "KWD": "5.001", "EUR": "50.01"} {
		half := reservation.CancellationPolicy{Name: "half", Tiers: []reservation.Tier{{
			From: reservation.AnchorCreation, Fee: reservation.FeeRule{Kind: reservation.FeePercent, Percent: percent(50)}}}}
		h := open(t, withCancellation(half), func(p *reservation.Property) { p.Currency = currency })
		c := booking(under("", "half"))
		c.Prices = []innards.Money{reservationtest.Amount(10001, currency)}
		fee := h.do(h.do("", c).ID, reservation.Cancel{Reason: reservation.ReasonGuest}).Fee
		equal(t, string(currency), fee.Amount.Amount(), want)
		equal(t, "refund", fee.Refunded.String(), reservationtest.Amount(0, currency).String())
	}
}
