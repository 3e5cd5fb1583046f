package web

import (
	"errors"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/reservation"
)

// A bulkOutcome is what a bulk command did, or would do.
type bulkOutcome struct {
	done, again int // again: of those done, what was done when the form was sent before
	refused     int
	fees        innards.Money // charged; none if there are no fees
	lines       []bulkLine    // those that were refused come first
	left        int           // results that are not among the lines
}

// A bulkLine tells what became of one reservation.
type bulkLine struct {
	id, number, guest string
	fee               innards.Money // charged; none: no fee
	reasons           []string      // why not; empty: it was done
}

// maxBulkLines is how many results a page shows. The rest is counted.
const maxBulkLines = 200

// sumUp sums the results up, and tells the rest of the process of what was done.
func (v *view) sumUp(command string, results []reservation.BulkResult) (o bulkOutcome, err error) {
	effects, committed := false, false
	for _, r := range results {
		if r.Err != nil {
			o.refused++
			continue
		}
		o.done++
		if r.Receipt.Replayed {
			o.again++
		} else if !r.Receipt.DryRun {
			committed, effects = true, effects || len(r.Receipt.Effects) > 0
			v.Committed(reservation.Kind, command, r.Receipt.Moves)
		}
		if o.fees, err = add(o.fees, charged(r.Receipt)); err != nil {
			return o, err
		}
	}
	if committed {
		v.Done(effects)
	}
	ofInterest := refusedFirst(results)
	o.left = max(0, len(ofInterest)-maxBulkLines)
	for _, r := range ofInterest[:min(len(ofInterest), maxBulkLines)] {
		o.lines = append(o.lines, v.bulkLine(r))
	}
	return o, nil
}

// add adds amounts, of which none is nothing.
func add(a, b innards.Money) (innards.Money, error) {
	switch {
	case a.IsZero():
		return b, nil
	case b.IsZero():
		return a, nil
	}
	return a.Add(b)
}

// charged returns the fee that a command charged; none if it charged nothing.
func charged(r *reservation.Receipt) innards.Money {
	if f := r.Fee; f != nil && !f.Waived && !f.Reversed && f.Amount.Sign() > 0 {
		return f.Amount
	}
	return innards.Money{}
}

// refusedFirst returns the results with those that were refused at the top.
func refusedFirst(results []reservation.BulkResult) []reservation.BulkResult {
	sorted := slices.Clone(results)
	slices.SortStableFunc(sorted, func(a, b reservation.BulkResult) int {
		switch {
		case (a.Err != nil) == (b.Err != nil):
			return 0
		case a.Err != nil:
			return -1
		}
		return 1
	})
	return sorted
}

// bulkLine adds who it is. One that cannot be read is shown by its id.
func (v *view) bulkLine(result reservation.BulkResult) bulkLine {
	line := bulkLine{id: result.ID, number: result.ID}
	if r, err := v.Service.Get(v.ctx(), v.here(), result.ID); err == nil {
		line.number, line.guest = r.Number, r.Guest.Name
	} else {
		line.id = ""
	}
	if result.Receipt != nil {
		line.fee = charged(result.Receipt)
		return line
	}
	line.reasons = v.whyNot(result.Err)
	return line
}

// whyNot says what stood against a command.
func (v *view) whyNot(err error) (reasons []string) {
	if blockers, refused := refusalOf(err); refused {
		for _, b := range blockers {
			reasons = append(reasons, v.reason(b))
		}
		return reasons
	}
	if errors.Is(err, innards.ErrNotFound) {
		return []string{v.say.Say("bulk.not_found")}
	}
	return []string{v.problemTitle(problem.From(err))}
}
