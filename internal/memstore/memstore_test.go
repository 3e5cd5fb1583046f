package memstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/internal/storecheck"
)

// TestJournal shows that a DB alone keeps what every store promises of its journal.
func TestJournal(t *testing.T) {
	bench := func(_ context.Context, db *memstore.DB) (storecheck.Bench, error) {
		return storecheck.Bench{
			Journal: db.Journal(), Kind: "note", Keep: db.Keep, Forget: db.Forget,
			Commit: func(ctx context.Context, e innards.Entry, erase bool) error {
				return db.Commit(ctx, &e, memstore.Write{Erase: erase, Stale: func() bool { return false }, Apply: func() {}})
			},
			Prior: func(ctx context.Context, s innards.Scope, _, key string) (a *innards.Answer, err error) {
				err = db.View(ctx, s, func() error { a = db.Prior(s, key); return nil })
				return a, err
			},
		}, nil
	}
	storecheck.Run(t, storecheck.JournalPromises(bench), func(*testing.T) *memstore.DB { return memstore.New() })
}

func entry(clerk *storecheck.Clerk, head innards.Head) *innards.Entry {
	e := &innards.Entry{Head: head}
	clerk.Seal(e)
	return e
}

func newClerk() *storecheck.Clerk {
	return storecheck.NewClerk(time.Date(2026, time.June, 1, 6, 0, 0, 0, time.UTC), 1)
}

// write is a change that nothing stands against, and counts how often it is applied.
func write(applied *int) memstore.Write {
	return memstore.Write{Stale: func() bool { return false }, Apply: func() { *applied++ }}
}

func TestCommitAppliesOnlyWhatHolds(t *testing.T) {
	clerk, db := newClerk(), memstore.New()
	head := innards.Head{Kind: "note", ID: "n-1", Tenant: storecheck.Tenant}
	stranger := *clerk
	stranger.Actor = storecheck.Staff(storecheck.Strangers)
	applied := 0
	stale := write(&applied)
	stale.Stale = func() bool { return true }
	for _, c := range []struct {
		name  string
		entry *innards.Entry
		write memstore.Write
		want  error
	}{
		{"without a scope", &innards.Entry{Head: head}, write(&applied), innards.ErrUnscoped},
		{"outside of the scope", entry(&stranger, head), write(&applied), innards.ErrNotFound},
		{"ahead of the version", entry(clerk, innards.Head{Kind: "note", ID: "n-1", Tenant: storecheck.Tenant, Version: 1}), write(&applied), innards.ErrStale},
		{"stale", entry(clerk, head), stale, innards.ErrStale},
		{"new", entry(clerk, head), write(&applied), nil},
		{"new again", entry(clerk, head), write(&applied), innards.ErrStale},
	} {
		if err := db.Commit(t.Context(), c.entry, c.write); err != c.want {
			t.Errorf("%s: the error is %v, not %v", c.name, err, c.want)
		}
	}
	if applied != 1 {
		t.Errorf("%d changes were applied, not 1", applied)
	}
}

// TestPartyMovesWithTheRecord: who may see a record is what the last commit said.
func TestPartyMovesWithTheRecord(t *testing.T) {
	clerk, db := newClerk(), memstore.New()
	e := entry(clerk, innards.Head{Kind: "note", ID: "n-1", Tenant: storecheck.Tenant})
	for version, party := range []string{"guest-1", "guest-2"} {
		applied := 0
		w := write(&applied)
		w.Party = party
		if version > 0 {
			e = entry(clerk, innards.Head{Kind: "note", ID: "n-1", Tenant: storecheck.Tenant, Version: 1, Hash: e.Event.Hash})
		}
		if err := db.Commit(t.Context(), e, w); err != nil {
			t.Fatal(err)
		}
		for _, reader := range []string{"guest-1", "guest-2"} {
			s := innards.Actor{Tenant: storecheck.Tenant, Party: reader}.Scope()
			_, err := db.Journal().History(t.Context(), s, "note", "n-1", 0, 10)
			if seen := err == nil; seen != (reader == party) {
				t.Errorf("the record of %s: %s sees it: %v", party, reader, seen)
			}
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	db := memstore.New()
	called := func() error { t.Error("it was called"); return nil }
	for name, call := range map[string]func() error{
		"View":   func() error { return db.View(ctx, storecheck.Staff(storecheck.Tenant).Scope(), called) },
		"Sweep":  func() error { return db.Sweep(ctx, called) },
		"Update": func() error { return db.Update(ctx, storecheck.Staff(storecheck.Tenant).Scope(), called) },
	} {
		if err := call(); err != context.Canceled {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
