package reservation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// A Sweep is what a round of automation did.
type Sweep struct {
	Looked int `json:"looked"` // reservations
	Done   int `json:"done"`   // commands carried out
	// Failed are the commands that were refused, such as a cancellation while the folio is closed, or that met another
	// error. They are tried again in an hour.
	Failed []BulkResult `json:"-"`
}

const retryFailed = time.Hour

// Sweep carries out what is due by now, for up to limit reservations of all tenants: guarantee deadlines, releases of
// options, no-shows of closed days, automatic messages and payment tasks. Each occurrence is done once: the reservation
// keeps what was done, and the command expects the version that was looked at. One bad reservation spoils none. The actor
// is "system:" and the command.
func (s *Service) Sweep(ctx context.Context, limit int) (Sweep, error) {
	var sum Sweep
	due, err := s.store.Due(ctx, command.Now(s.clock), limit)
	if err != nil {
		return sum, err
	}
	for _, d := range due {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		if err := s.sweepOne(ctx, d, &sum); err != nil && !errors.Is(err, innards.ErrNotFound) {
			sum.fail(d, err)
		}
		sum.Looked++
	}
	return sum, nil
}

func (sum *Sweep) fail(d innards.Due, err error) {
	sum.Failed = append(sum.Failed, BulkResult{ID: d.Record, Err: err})
}

func (s *Service) sweepOne(ctx context.Context, d innards.Due, sum *Sweep) error {
	now := command.Now(s.clock)
	f, err := s.store.Facts(ctx, d.Scope, Ask{ID: d.Record, At: now})
	if err != nil {
		return err
	}
	var next *time.Time
	for _, o := range f.Reservation.occurrences(f.Property, now) {
		if !now.Before(o.at) {
			err := s.carryOut(ctx, d, o, f.Version)
			if err == nil {
				sum.Done++
				return nil // the reservation has changed: what is left is due again
			}
			sum.fail(d, err)
			o.at = now.Add(retryFailed)
		}
		next = earlier(next, o.at)
	}
	return s.store.SetDue(ctx, d.Scope, d.Record, f.Version, next)
}

func (s *Service) carryOut(ctx context.Context, d innards.Due, o occurrence, version int64) error {
	name := o.intent.Name()
	by := innards.Command{
		Actor:  innards.System(name, d.Scope, innards.Right(Kind+"."+name)),
		Key:    fmt.Sprintf("%s/%s/%d/%s", name, d.Record, version, o.key),
		Expect: version,
		Cause:  o.key,
	}
	_, err := s.Do(ctx, by, d.Record, o.intent)
	return err
}

// A Plan is one thing that automation is going to do.
type Plan struct {
	Reservation string        `json:"reservation"`
	Number      string        `json:"number"`
	Command     string        `json:"command"`
	Occurrence  string        `json:"occurrence"`
	At          time.Time     `json:"at"`
	Amount      innards.Money `json:"amount,omitzero"` // of a payment task
}

// Preview returns what automation would do to the reservations of a search up to the instant, the earliest first; at most
// MaxBulk reservations are looked at.
func (s *Service) Preview(ctx context.Context, a innards.Actor, q Search, until time.Time) ([]Plan, error) {
	p, err := s.propertyOf(ctx, a, q)
	if err != nil {
		return nil, err
	}
	now := command.Now(s.clock)
	plans := []Plan{}
	looked := 0
	err = s.Each(ctx, a, q, func(r Reservation) error {
		if looked++; looked > MaxBulk {
			return refuse("preview", QueryInvalid.In("property", "more than", MaxBulk, "reservations"))
		}
		for _, o := range r.occurrences(p, now) {
			if !o.at.After(until) {
				plans = append(plans, o.plan(&r, now, p))
			}
		}
		return nil
	})
	slices.SortStableFunc(plans, func(a, b Plan) int { return a.At.Compare(b.At) })
	return plans, err
}

func (o occurrence) plan(r *Reservation, now time.Time, p *Property) Plan {
	plan := Plan{Reservation: r.ID, Number: r.Number, Command: o.intent.Name(), Occurrence: o.key, At: o.at.UTC()}
	if run, ok := o.intent.(RunPaymentTask); ok {
		if task, ok := find(p.PaymentTasks, run.Task, PaymentTask.key); ok {
			if now.Before(o.at) {
				now = o.at
			}
			plan.Amount = task.amount(r, now, p)
		}
	}
	return plan
}
