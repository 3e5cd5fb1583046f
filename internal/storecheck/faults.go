package storecheck

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/innards-go/innards"
)

// A Fault is how a call fails. The zero Fault is none.
type Fault struct {
	Err error
	// After says that the call takes effect before it fails.
	After bool
}

// A Plan returns the fault of the n-th call, counted from 1.
type Plan func(n int, method string) Fault

// Nth returns the plan in which the n-th call fails.
func Nth(n int, f Fault) Plan {
	return func(call int, _ string) Fault {
		if call == n {
			return f
		}
		return Fault{}
	}
}

// Seeded returns the plan in which one call out of so many fails, by chance before or after its effect, the same for the
// same seed.
func Seeded(seed uint64, outOf int, err error) Plan {
	return func(call int, _ string) Fault {
		chance := rand.New(rand.NewPCG(seed, uint64(call)))
		if chance.IntN(outOf) > 0 {
			return Fault{}
		}
		return Fault{Err: err, After: chance.IntN(2) == 0}
	}
}

// Faults makes the calls of a store fail by a plan, and counts them. It is safe for concurrent use.
type Faults struct {
	// Plan decides; nil: nothing fails.
	Plan Plan
	// Meanwhile, if not nil, is called before each call, for example to move a fake clock, as a slow store would see it,
	// or to let another caller commit between facts and commit.
	Meanwhile func(n int, method string)

	calls atomic.Int64
}

// Calls returns how many calls were made.
func (f *Faults) Calls() int { return int(f.calls.Load()) }

// Call makes one call of a store.
func Call[T any](f *Faults, method string, call func() (T, error)) (result T, err error) {
	n := int(f.calls.Add(1))
	if f.Meanwhile != nil {
		f.Meanwhile(n, method)
	}
	var fault Fault
	if f.Plan != nil {
		fault = f.Plan(n, method)
	}
	if fault.Err != nil && !fault.After {
		return result, fault.Err
	}
	made, err := call()
	if err == nil && fault.Err != nil {
		return result, fault.Err
	}
	return made, err
}

// Do is Call for a method that returns only an error.
func Do(f *Faults, method string, call func() error) error {
	_, err := Call(f, method, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// A FaultyJournal is a journal whose calls fail as Faults says.
type FaultyJournal struct {
	*Faults
	Journal innards.Journal
}

var _ innards.Journal = FaultyJournal{}

// History implements [innards.Journal].
func (j FaultyJournal) History(ctx context.Context, s innards.Scope, kind, record string, after int64, limit int) ([]innards.Event, error) {
	return Call(j.Faults, "History", func() ([]innards.Event, error) { return j.Journal.History(ctx, s, kind, record, after, limit) })
}

// Feed implements [innards.Journal].
func (j FaultyJournal) Feed(ctx context.Context, s innards.Scope, after int64, limit int) ([]innards.Event, error) {
	return Call(j.Faults, "Feed", func() ([]innards.Event, error) { return j.Journal.Feed(ctx, s, after, limit) })
}

// Pending implements [innards.Journal].
func (j FaultyJournal) Pending(ctx context.Context, at time.Time, limit int) ([]innards.Scope, error) {
	return Call(j.Faults, "Pending", func() ([]innards.Scope, error) { return j.Journal.Pending(ctx, at, limit) })
}

// Lease implements [innards.Journal].
func (j FaultyJournal) Lease(ctx context.Context, s innards.Scope, now, until time.Time, limit int) ([]innards.Message, error) {
	return Call(j.Faults, "Lease", func() ([]innards.Message, error) { return j.Journal.Lease(ctx, s, now, until, limit) })
}

// Settle implements [innards.Journal].
func (j FaultyJournal) Settle(ctx context.Context, s innards.Scope, m innards.Message, failure string, again time.Time) error {
	return Do(j.Faults, "Settle", func() error { return j.Journal.Settle(ctx, s, m, failure, again) })
}
