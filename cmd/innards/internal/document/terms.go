package document

import (
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// Commitment returns what a guest has to know of a stay that the house is not bound to: nothing of a definite one.
func Commitment(p *words.Printer, s Stay) []string {
	r := &s.Reservation
	switch {
	case !r.IsValid() || r.Commitment == reservation.Definite:
		return nil
	case r.Commitment == reservation.Optional && r.ReleaseAt == nil:
		return []string{p.Say("document.option.open")}
	case r.Commitment == reservation.Optional:
		return []string{p.Say("document.option", "at", s.moment(p, *r.ReleaseAt))}
	}
	return []string{p.Say("document." + string(r.Commitment))}
}

// GuaranteeTerms returns how the reservation is or can be guaranteed, and what is due until when, in sentences. It fails
// only for amounts beyond what can be summed.
func GuaranteeTerms(p *words.Printer, s Stay) ([]string, error) {
	r := &s.Reservation
	if r.GuaranteePolicy == nil {
		if r.Guarantee == reservation.Guaranteed {
			return []string{p.Say("document.guarantee.given")}, nil
		}
		return []string{p.Say("document.guarantee.none")}, nil
	}
	said := s.guarantee(p)
	if !r.IsValid() {
		return said, nil
	}
	deposits, err := s.deposits(p)
	return append(said, deposits...), err
}

func (s Stay) guarantee(p *words.Printer) []string {
	r := &s.Reservation
	say := func(key string) string { return p.Say("document.guarantee." + key) }
	switch r.GuaranteeState(s.At) {
	case reservation.StateGuaranteed:
		return []string{say("given")}
	case reservation.StateOverdue:
		return []string{p.Say("document.guarantee.overdue", "at", s.moment(p, *r.GuaranteeDeadline)), s.methods(p)}
	case reservation.StateNonGuaranteed:
		if r.Occupancy == reservation.Expected {
			return []string{say("lapsed")}
		}
		return nil // the guest is or was in the house, or does not come: it is not waited for
	}
	if r.GuaranteeDeadline == nil {
		return []string{say("wanted"), s.methods(p)}
	}
	said := []string{p.Say("document.guarantee.wanted.before", "at", s.moment(p, *r.GuaranteeDeadline)), s.methods(p)}
	switch r.GuaranteePolicy.AtDeadline {
	case reservation.DeadlineCancel, reservation.DeadlineHoldUntil:
		said = append(said, say("else.cancel"))
	case reservation.DeadlineUnguarantee:
		said = append(said, say("else.release"))
	}
	return said
}

func (s Stay) methods(p *words.Printer) string {
	var names []string
	for _, m := range s.Reservation.GuaranteePolicy.Methods {
		names = append(names, p.Say("document.method."+string(m)))
	}
	return p.Say("document.guarantee.methods", "methods", strings.Join(names, ", "))
}

// deposits says what of the deposit is still to be paid, and when: at once, or by the deadline of the guarantee if that is
// all that limits it.
func (s Stay) deposits(p *words.Printer) (said []string, err error) {
	parts, err := s.Reservation.Deposits(s.Property)
	if err != nil {
		return nil, err
	}
	whole := innards.Money{}
	for _, part := range parts {
		if whole, err = whole.Add(part.Amount); err != nil {
			return nil, err
		}
	}
	if whole.Sign() == 0 {
		return nil, nil
	}
	open, err := s.uncovered(parts)
	if err != nil {
		return nil, err
	}
	if len(open) == 0 {
		return []string{p.Say("document.deposit.covered", "amount", whole)}, nil
	}
	if deadline := s.Reservation.GuaranteeDeadline; deadline != nil && len(parts) == 1 && open[0].At.Before(*deadline) {
		open[0].At = *deadline
	}
	for _, part := range open {
		if part.At.After(s.At) {
			said = append(said, p.Say("document.deposit.by", "amount", part.Amount, "at", s.moment(p, part.At)))
		} else {
			said = append(said, p.Say("document.deposit.now", "amount", part.Amount))
		}
	}
	return said, nil
}

// CancellationTerms returns what a cancellation costs from now on, and a no-show, in sentences. Of a reservation that is
// cancelled or a no-show it returns that, its fee and what became of the deposit. It fails only for amounts beyond what can
// be summed.
func CancellationTerms(p *words.Printer, s Stay) ([]string, error) {
	r := &s.Reservation
	if !r.IsValid() {
		return s.void(p), nil
	}
	line, err := r.Timeline(s.Property)
	if err != nil {
		return nil, err
	}
	said := s.fees(p, line)
	dayAfter := r.Arrival.AddDays(1).At(0, s.Property.Location())
	absent, err := r.Quote(dayAfter, reservation.NoShow, s.Property)
	if err == nil && absent.Fee.Sign() > 0 && r.Occupancy == reservation.Expected {
		said = append(said, p.Say("document.cancel.no_show", "amount", absent.Fee))
	}
	return said, err
}

// fees says what the timeline has from now on: each fee with its beginning, but that in force with its end.
func (s Stay) fees(p *words.Printer, line []reservation.Quote) (said []string) {
	for len(line) > 1 && line[0].Until != nil && !s.At.Before(*line[0].Until) {
		line = line[1:]
	}
	for i, q := range line {
		key, at := "document.cancel.fee", q.At
		if q.Fee.Sign() == 0 {
			key = "document.cancel.free"
		}
		switch {
		case i > 0:
			key += ".from"
		case q.Until != nil:
			key, at = key+".before", *q.Until
		case q.Rule == "non_refundable" && q.Fee.Sign() > 0:
			key = "document.cancel.non_refundable"
		}
		said = append(said, p.Say(key, "amount", q.Fee, "at", s.moment(p, at)))
	}
	return said
}

// void says what came of a reservation that does not take place.
func (s Stay) void(p *words.Printer) []string {
	r := &s.Reservation
	kind := string(r.Occupancy)
	said := []string{p.Say("document.void."+kind, "number", r.CancellationNumber)}
	for _, fee := range r.Fees {
		if fee.Cycle != r.Cycle {
			continue
		}
		if fee.Amount.Sign() > 0 {
			said = append(said, p.Say("document.void.fee."+kind, "amount", fee.Amount))
		} else {
			said = append(said, p.Say("document.void.fee.none"))
		}
		said = append(said, saidOf(p, "document.void.applied", fee.Applied)...)
		said = append(said, saidOf(p, "document.void.refund", fee.Refunded)...)
	}
	return said
}

// saidOf says something of an amount, if there is any.
func saidOf(p *words.Printer, key string, m innards.Money) []string {
	if m.Sign() <= 0 {
		return nil
	}
	return []string{p.Say(key, "amount", m)}
}

func (s Stay) moment(p *words.Printer, at time.Time) string {
	return p.Moment(at, s.Property.Location())
}
