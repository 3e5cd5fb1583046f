package document

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A part of the deposit falls due at an instant.
type part struct {
	amount innards.Money
	at     time.Time
}

// deposit returns the whole deposit that the guarantee policy asks for, and when its parts fall due, in order.
func (s Stay) deposit() (whole innards.Money, parts []part, err error) {
	r := &s.Reservation
	if r.GuaranteePolicy == nil || len(r.Nights) == 0 {
		return innards.Money{}, nil, nil
	}
	of := r.GuaranteePolicy.Deposit
	if whole, err = s.required(of); err != nil || len(of.Instalments) == 0 {
		return whole, []part{{whole, r.CreatedAt}}, err
	}
	weights := make([]int64, len(of.Instalments))
	for i, instalment := range of.Instalments {
		weights[i] = instalment.Percent.Shift(4).IntPart()
	}
	amounts, err := whole.Allocate(weights...)
	for i, amount := range amounts {
		parts = append(parts, part{amount, s.due(of.Instalments[i])})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return a.at.Compare(b.at) })
	return whole, parts, err
}

// required is fixed + max(percent, nights), at most the total of the stay.
func (s Stay) required(of reservation.Deposit) (innards.Money, error) {
	total, err := s.Reservation.Total()
	if err != nil {
		return innards.Money{}, err
	}
	share, err := innards.RoundMoney(total.Decimal().Mul(of.Percent).Div(decimal.New(100, 0)), total.Currency())
	if err != nil {
		return innards.Money{}, err
	}
	first := innards.Money{}
	for _, n := range s.Reservation.Nights[:min(of.Nights, len(s.Reservation.Nights))] {
		if first, err = first.Add(n.Price); err != nil {
			return innards.Money{}, err
		}
	}
	deposit, err := maximum(share, first).Add(of.Fixed)
	if deposit.Cmp(total) > 0 {
		deposit = total
	}
	return maximum(innards.Money{}, deposit), err
}

func (s Stay) due(i reservation.Instalment) time.Time {
	r, zone := &s.Reservation, s.Property.Location()
	switch {
	case i.DaysAfterBooking != nil:
		return innards.DaysLater(r.CreatedAt, *i.DaysAfterBooking, zone)
	case i.DaysBeforeArrival != nil:
		return s.Property.ArrivalInstant(r.Arrival.AddDays(-*i.DaysBeforeArrival))
	}
	return r.CreatedAt
}

// uncovered returns the parts that are neither paid nor authorised: what was received goes to the earliest ones first.
func (s Stay) uncovered(parts []part) (open []part, err error) {
	received, err := s.Reservation.Paid.Add(s.Reservation.Authorised)
	for _, p := range parts {
		if err != nil {
			break
		}
		left := maximum(innards.Money{}, received)
		if p.amount.Cmp(left) > 0 {
			missing, _ := p.amount.Sub(left) // both are of one currency and not negative
			open = append(open, part{missing, p.at})
		}
		received, err = received.Sub(p.amount)
	}
	return open, err
}

func maximum(a, b innards.Money) innards.Money {
	return slices.MaxFunc([]innards.Money{b, a}, func(a, b innards.Money) int {
		return cmp.Or(a.Cmp(b), cmp.Compare(a.Currency(), b.Currency())) // an amount of nought rather than none
	})
}
