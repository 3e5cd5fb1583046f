// Package storecheck is what the conformance suites of the packages' stores share: a promise and how it is checked, the
// promises of the journal that every store has, the proof that a suite bites, a fake clock, seeded randomness, and faults.
package storecheck

import (
	"context"
	"testing"
)

// A Promise is one sentence of a store's contract. Check returns what speaks against it, so that it can be shown to
// catch a store that breaks it.
type Promise[S any] struct {
	Name, Text string
	Check      func(ctx context.Context, store S) error
}

// Run checks every promise in a test of its own, each on a store of its own.
func Run[S any](t *testing.T, promises []Promise[S], open func(*testing.T) S) {
	t.Helper()
	for _, p := range promises {
		t.Run(p.Name, func(t *testing.T) {
			if err := p.Check(t.Context(), open(t)); err != nil {
				t.Errorf("%v\npromise: %s", err, p.Text)
			}
		})
	}
}
