package reservationtest

import (
	"context"
	"slices"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/storecheck"
	"github.com/innards-go/innards/reservation"
)

// A promise is one sentence of the contract of [reservation.Store] and how it is checked.
type promise = storecheck.Promise[reservation.Store]

// TestStore checks that the stores that open returns keep every promise of [reservation.Store]. Each call of open must
// return an empty store.
func TestStore(t *testing.T, open func(t *testing.T) reservation.Store) {
	storecheck.Run(t, promises(), open)
}

func promises() []promise {
	return slices.Concat(storecheck.JournalPromises(bench), scopePromises(), factsPromises(), commitPromises(), claimPromises(),
		duePromises(), findPromises(), reportPromises(), modelPromises())
}

// bench prepares a store for the promises of the journal.
func bench(ctx context.Context, store reservation.Store) (storecheck.Bench, error) {
	t := begin(ctx, store)
	return storecheck.Bench{
		Journal: store, Kind: reservation.Kind, Keep: store.Keep, Forget: store.Forget,
		Commit: func(ctx context.Context, e innards.Entry, erase bool) error {
			r := t.Draft(at(e.Head.Property))
			r.ID, r.Tenant, r.Number = e.Head.ID, e.Head.Tenant, e.Head.ID
			return store.Commit(ctx, &reservation.Change{Entry: e, After: r, Erase: erase})
		},
		Prior: func(ctx context.Context, s innards.Scope, record, key string) (*innards.Answer, error) {
			f, err := store.Facts(ctx, s, reservation.Ask{ID: record, Key: key, At: t.Clock.Now()})
			if err != nil {
				return nil, err
			}
			return f.Prior, nil
		},
	}, t.Err
}

// on makes a promise whose check is driven by a trial.
func on(name, text string, check func(*trial)) promise {
	return promise{Name: name, Text: text, Check: func(ctx context.Context, store reservation.Store) error {
		t := begin(ctx, store)
		check(t)
		return t.Err
	}}
}
