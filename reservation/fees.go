package reservation

import (
	"errors"
	"fmt"

	"github.com/innards-go/innards"
)

// void ends a stay that does not take place: it gives the nights back and charges the fee.
func (c *Change) void(f *Facts, kind Occupancy, waive bool) []innards.Blocker {
	c.After.Cycle++
	c.After.CancellationNumber = f.NewNumber
	c.giveBack(f)
	return c.charge(f, kind, waive)
}

// giveBack frees the nights; once the guest has come, those from the business date on.
func (c *Change) giveBack(f *Facts) {
	r := &c.After
	from := r.Arrival
	if f.Reservation.Occupancy != Expected && from.Before(f.BusinessDate) {
		from = f.BusinessDate
	}
	if r.ReleasedFrom.IsZero() || from.Before(r.ReleasedFrom) {
		r.ReleasedFrom = from
	}
	r.InRoom, r.Overbooked = "", false
}

// charge plans the fee of the cycle that begins, and what becomes of the deposit.
func (c *Change) charge(f *Facts, kind Occupancy, waive bool) []innards.Blocker {
	quote, err := f.Reservation.Quote(f.Now, kind, f.Property)
	if err != nil {
		return []innards.Blocker{AmountInvalid.Block(err)}
	}
	nought := f.Property.nought()
	fee := Fee{Cycle: c.After.Cycle, Kind: kind, Amount: quote.Fee, Applied: nought, Refunded: nought, Released: nought, At: f.Now}
	// A closed folio takes no fee: who overrides that blocker waives it.
	if fee.Waived = quote.Fee.Sign() > 0 && (waive || f.Folio != nil && f.Folio.Closed); fee.Waived {
		fee.Amount = nought
	}
	if c.After.CancellationPolicy == nil {
		c.warn(WarnNoPolicy)
	}
	c.publish("fee_rule", quote.Rule)
	return append(blockField(waive && fee.Waived, "waive", WaiveNotAllowed, quote.Fee), c.settle(fee)...)
}

// settle posts the fee, applies the deposit to it and refunds the rest. Of what is authorised it keeps as much as is left
// to be paid of the fee, and lets go of the rest.
func (c *Change) settle(fee Fee) []innards.Blocker {
	r := &c.After
	if err := errors.Join(r.settleDeposit(&fee), r.settleAuthorised(&fee)); err != nil {
		return []innards.Blocker{AmountInvalid.Block(err)}
	}
	r.Fees, c.fee = putFee(r.Fees, fee), &fee
	c.moneyEffect(EffectPostFee, fee, fee.Amount)
	c.moneyEffect(EffectApplyDeposit, fee, fee.Applied)
	c.moneyEffect(EffectRefund, fee, fee.Refunded)
	c.moneyEffect(EffectRelease, fee, fee.Released)
	return nil
}

func (r *Reservation) settleDeposit(fee *Fee) (err error) {
	fee.Applied = smaller(r.Paid, fee.Amount)
	if fee.Refunded, err = r.Paid.Sub(fee.Applied); err != nil {
		return err
	}
	r.Paid = r.nought()
	r.Refunding, err = r.Refunding.Add(fee.Refunded)
	return err
}

func (r *Reservation) settleAuthorised(fee *Fee) error {
	left, err := fee.Amount.Sub(fee.Applied)
	if err != nil {
		return err
	}
	kept := smaller(r.Authorised, left)
	if fee.Released, err = r.Authorised.Sub(kept); err != nil {
		return err
	}
	r.Authorised = kept
	r.Releasing, err = r.Releasing.Add(fee.Released)
	return err
}

// moneyEffect tells the folio of an amount of the fee, if there is any.
func (c *Change) moneyEffect(kind string, fee Fee, amount innards.Money) {
	if amount.Sign() > 0 {
		c.effect(kind, fmt.Sprintf("fee/%d/%s", fee.Cycle, kind), MoneyEffect{Amount: amount, Cycle: fee.Cycle, Kind: fee.Kind})
	}
}

// reverseFee takes back exactly the fee of the cycle that ends; a deposit that was applied to it comes back. Refunds that
// were paid stay out, and so does what was let go of an authorisation. It is never in the way of a restore.
func (c *Change) reverseFee() {
	r := &c.After
	for _, fee := range r.Fees {
		if fee.Cycle != r.Cycle {
			continue
		}
		fee.Reversed = true
		if back, err := r.Paid.Add(fee.Applied); err == nil {
			r.Paid = back
		}
		c.moneyEffect(EffectReverseFee, fee, fee.Amount)
		if fee.Refunded.Sign() > 0 {
			c.warn(WarnDepositStaysOut, fee.Refunded)
		}
		if fee.Released.Sign() > 0 {
			c.warn(WarnAuthorisationStaysOut, fee.Released)
		}
		r.Fees, c.fee = putFee(r.Fees, fee), &fee
	}
}
