package storecheck

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/innards-go/innards"
)

// A Trial is how one promise is checked, step by step. It keeps the first thing that goes wrong; what goes wrong after
// that follows from it and does not count. So a check reads as a list of steps, without an if after each.
type Trial struct {
	Ctx context.Context
	// Err is the first thing that went wrong.
	Err error
	// Options are for comparing the package's own types.
	Options cmp.Options
}

// Failf notes that something is wrong.
func (t *Trial) Failf(format string, args ...any) {
	if t.Err == nil {
		t.Err = fmt.Errorf(format, args...)
	}
}

// OK notes an error that should not be.
func (t *Trial) OK(step string, err error) {
	if err != nil {
		t.Failf("%s: %w", step, err)
	}
}

// Is notes an error that does not match the one that should be.
func (t *Trial) Is(step string, got, want error) {
	if !errors.Is(got, want) {
		t.Failf("%s: the error is %v, it should match %v", step, got, want)
	}
}

// Equal notes a difference. Empty and nil are the same, and so are equal instants in different zones.
func (t *Trial) Equal(what string, got, want any) {
	if diff := cmp.Diff(want, got, equating(), t.Options); diff != "" {
		t.Failf("%s (- wanted, + got):\n%s", what, diff)
	}
}

func equating() cmp.Options {
	return cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateComparable(innards.Date{}, innards.Money{}, innards.Scope{})}
}

// Race makes n calls at once and returns how many succeeded. Those that did not must have been stale.
func (t *Trial) Race(n int, call func(int) error) (won int) {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = call(i) })
	}
	all.Wait()
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, innards.ErrStale) {
			t.Failf("a call that lost: the error is %v, it should match %v", err, innards.ErrStale)
		}
	}
	return won
}
