package storecheck

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A Broken store does something wrong.
type Broken[S any] struct {
	// What it does, such as "forgets the outbox".
	What string
	// Promises that it breaks, by name.
	Promises []string
	Open     func() S
}

// Bites shows that a suite is not content with anything: each broken store is caught by the promises that it is said to
// break, and each promise is broken by a store.
func Bites[S any](t *testing.T, promises []Promise[S], stores []Broken[S]) {
	t.Helper()
	for _, b := range stores {
		t.Run(strings.ReplaceAll(b.What, " ", "_"), func(t *testing.T) {
			for _, problem := range b.escapes(t.Context(), promises) {
				t.Error(problem)
			}
		})
	}
	for _, name := range unbroken(promises, stores) {
		t.Errorf("no broken store breaks %s", name)
	}
}

// escapes says which promises do not catch the store that breaks them.
func (b Broken[S]) escapes(ctx context.Context, promises []Promise[S]) (problems []string) {
	for _, name := range b.Promises {
		i := slices.IndexFunc(promises, func(p Promise[S]) bool { return p.Name == name })
		switch {
		case i < 0:
			problems = append(problems, fmt.Sprintf("there is no promise %s", name))
		case promises[i].Check(ctx, b.Open()) == nil:
			problems = append(problems, fmt.Sprintf("a store that %s passes %s", b.What, name))
		}
	}
	return problems
}

// unbroken names the promises that no store is said to break.
func unbroken[S any](promises []Promise[S], stores []Broken[S]) (names []string) {
	for _, p := range promises {
		breaks := func(b Broken[S]) bool { return slices.Contains(b.Promises, p.Name) }
		if !slices.ContainsFunc(stores, breaks) {
			names = append(names, p.Name)
		}
	}
	return names
}
