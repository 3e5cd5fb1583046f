package document

import (
	"cmp"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// uncovered returns the parts of the deposit that are neither paid nor authorised: what was received goes to the earliest ones
// first.
func (s Stay) uncovered(parts []reservation.DepositPart) (open []reservation.DepositPart, err error) {
	received, err := s.Reservation.Paid.Add(s.Reservation.Authorised)
	for _, p := range parts {
		if err != nil {
			break
		}
		left := maximum(innards.Money{}, received)
		if p.Amount.Cmp(left) > 0 {
			missing, _ := p.Amount.Sub(left) // both are of one currency and not negative
			open = append(open, reservation.DepositPart{Amount: missing, At: p.At})
		}
		received, err = received.Sub(p.Amount)
	}
	return open, err
}

func maximum(a, b innards.Money) innards.Money {
	return slices.MaxFunc([]innards.Money{b, a}, func(a, b innards.Money) int {
		return cmp.Or(a.Cmp(b), cmp.Compare(a.Currency(), b.Currency())) // an amount of nought rather than none
	})
}
