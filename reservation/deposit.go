package reservation

import (
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
)

// nought returns no money in the currency of the reservation.
func (r *Reservation) nought() innards.Money {
	m, err := innards.FromMinor(0, r.Currency())
	if err != nil {
		return innards.Money{} // a reservation without nights has no currency
	}
	return m
}

// Total returns the revenue of the stay as booked: the prices of its nights, or of its day, and all extras. It fails
// only beyond the largest amount.
func (r *Reservation) Total() (innards.Money, error) {
	return r.revenue(func(Extra) bool { return true })
}

// revenue sums the nights and the extras that count.
func (r *Reservation) revenue(counts func(Extra) bool) (innards.Money, error) {
	sum, err := r.firstNights(len(r.Nights))
	for _, e := range r.Extras {
		if err == nil && counts(e) {
			sum, err = sum.Add(e.Price)
		}
	}
	return sum, err
}

// firstNights sums the first n nights, or all if there are fewer. A day use counts its day's price.
func (r *Reservation) firstNights(n int) (innards.Money, error) {
	sum, err := r.nought(), error(nil)
	for _, night := range r.Nights[:min(n, len(r.Nights))] {
		if err == nil {
			sum, err = sum.Add(night.Price)
		}
	}
	return sum, err
}

// percentOf is rounded once, half away from zero, to the currency's minor unit.
func percentOf(m innards.Money, percent decimal.Decimal) (innards.Money, error) {
	if m.IsZero() {
		return m, nil
	}
	return innards.RoundMoney(m.Decimal().Mul(percent).Shift(-2), m.Currency())
}

func larger(a, b innards.Money) innards.Money {
	if b.Cmp(a) > 0 {
		return b
	}
	return a
}

func smaller(a, b innards.Money) innards.Money {
	if b.Cmp(a) < 0 {
		return b
	}
	return a
}

// depositRequired returns the whole deposit of the policy as booked: fixed + max(percent, nights) of the present total,
// and at most that total. Without a policy there is none.
func (r *Reservation) depositRequired() (innards.Money, error) {
	if r.GuaranteePolicy == nil {
		return r.nought(), nil
	}
	d := r.GuaranteePolicy.Deposit
	total, err := r.Total()
	if err != nil {
		return innards.Money{}, err
	}
	percent, err := percentOf(total, d.Percent)
	nights, err2 := r.firstNights(d.Nights)
	deposit, err3 := larger(percent, nights).Add(d.Fixed)
	if err := errors.Join(err, err2, err3); err != nil {
		return innards.Money{}, err
	}
	return larger(r.nought(), smaller(total, deposit)), nil
}

// A DepositPart falls due at an instant.
type DepositPart struct {
	Amount innards.Money `json:"amount"`
	At     time.Time     `json:"at"`
}

// Deposits returns the parts of the deposit that the policy as booked asks for, of the present total, in the order in which
// they fall due; none without a policy. What remains after rounding the parts down is in the last of the policy's list.
func (r *Reservation) Deposits(p *Property) ([]DepositPart, error) {
	deposit, err := r.depositRequired()
	if err != nil || r.GuaranteePolicy == nil {
		return nil, err
	}
	instalments := r.GuaranteePolicy.Deposit.Instalments
	if len(instalments) == 0 {
		return []DepositPart{{deposit, r.CreatedAt}}, nil
	}
	weights := make([]int64, len(instalments))
	for i, part := range instalments {
		weights[i] = part.Percent.Shift(maxPercentDecimals).IntPart()
	}
	amounts, err := deposit.Allocate(weights...)
	parts := make([]DepositPart, len(amounts))
	for i, amount := range amounts {
		parts[i] = DepositPart{amount, instalments[i].due(r.CreatedAt, r.Arrival, p)}
	}
	slices.SortStableFunc(parts, func(a, b DepositPart) int { return a.At.Compare(b.At) })
	return parts, err
}

// depositDue returns the part of the deposit that is due at the instant: all of it, or the instalments whose time has
// come. The very second of an instalment is due.
func (r *Reservation) depositDue(at time.Time, p *Property) (innards.Money, error) {
	parts, err := r.Deposits(p)
	due := r.nought()
	for _, part := range parts {
		if err == nil && !at.Before(part.At) {
			due, err = due.Add(part.Amount)
		}
	}
	return due, err
}

// due returns when the instalment falls due: at once if it names no days.
func (i Instalment) due(created time.Time, arrival innards.Date, prop *Property) time.Time {
	switch {
	case i.DaysAfterBooking != nil:
		return innards.DaysLater(created, *i.DaysAfterBooking, prop.Location())
	case i.DaysBeforeArrival != nil:
		return prop.ArrivalInstant(arrival.AddDays(-*i.DaysBeforeArrival))
	}
	return created
}

// received returns what is paid and authorised.
func (r *Reservation) received() (innards.Money, error) { return r.Paid.Add(r.Authorised) }

// missing returns how much of the deposit that is due at the instant is neither paid nor authorised.
func (r *Reservation) missing(at time.Time, prop *Property) (innards.Money, error) {
	due, err := r.depositDue(at, prop)
	received, err2 := r.received()
	missing, err3 := due.Sub(received)
	return larger(r.nought(), missing), errors.Join(err, err2, err3)
}

// covered reports whether what is paid and authorised covers the deposit that is due at the instant.
func (r *Reservation) covered(at time.Time, prop *Property) bool {
	missing, err := r.missing(at, prop)
	return err == nil && missing.Sign() == 0
}

// outstanding returns how much of the deposit that is due at the instant is neither paid nor authorised. Amounts that
// cannot be added up, which no command lets in, count as nothing outstanding, and yet as not covered.
func (r *Reservation) outstanding(at time.Time, prop *Property) innards.Money {
	missing, err := r.missing(at, prop)
	if err != nil {
		return r.nought()
	}
	return missing
}
