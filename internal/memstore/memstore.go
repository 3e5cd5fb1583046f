// Package memstore is the core of the in-memory stores of the packages' test packages: the lock that makes facts a
// snapshot and a commit a transaction, and the part of a store that every package has, which is the journal and the
// answers kept under idempotency keys. What a package keeps beside them it keeps in maps of its own, and touches only
// within [DB.View] and [DB.Commit].
package memstore

import (
	"context"
	"sync"
	"time"

	"github.com/innards-go/innards"
)

// A Key names a record of one kind. Tenants choose the ids of some of their records, so that an id is unique only within a
// tenant.
type Key struct{ Tenant, ID string }

// A DB is a lock with a journal. Use [New].
type DB struct {
	mu      sync.RWMutex
	events  []innards.Event // in the order of the feed: an event's cursor is its index + 1
	records map[recordKey]*record
	outbox  []*message // what is not delivered yet, by position
	sent    int64      // the last position that was given
	answers map[answerKey]innards.Answer
}

// New returns an empty DB.
func New() *DB {
	return &DB{records: map[recordKey]*record{}, answers: map[answerKey]innards.Answer{}}
}

// A recordKey names a record of any kind.
type recordKey struct{ tenant, kind, id string }

// A record is what the journal knows of one.
type record struct {
	tenant, property, party string
	events                  []int // indexes in DB.events, by sequence
}

func (r *record) seenBy(s innards.Scope) bool {
	return r != nil && s.Sees(r.tenant, r.property, r.party)
}

func (r *record) version() int64 {
	if r == nil {
		return 0
	}
	return int64(len(r.events))
}

type answerKey struct {
	scope innards.Scope
	key   string
}

// View calls read while no commit can happen: what it reads is one snapshot. Read must not call the DB's methods other
// than [DB.Prior].
func (db *DB) View(ctx context.Context, s innards.Scope, read func() error) error {
	if err := s.Err(); err != nil {
		return err
	}
	return db.Sweep(ctx, read)
}

// Sweep is View for the few reads that have no scope.
func (db *DB) Sweep(ctx context.Context, read func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	db.mu.RLock()
	defer db.mu.RUnlock()
	return read()
}

// Update calls write alone. It is for what is written without an event; all else goes through [DB.Commit].
func (db *DB) Update(ctx context.Context, s innards.Scope, write func() error) error {
	if err := s.Err(); err != nil {
		return err
	}
	return db.alone(ctx, write)
}

func (db *DB) alone(ctx context.Context, write func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	return write()
}

// Prior returns the answer kept under the key, or nil. It is called within [DB.View].
func (db *DB) Prior(s innards.Scope, key string) *innards.Answer {
	a, ok := db.answers[answerKey{s, key}]
	if key == "" || !ok {
		return nil
	}
	a = Copy(a)
	return &a
}

// A Write is what a package's change adds to its entry.
type Write struct {
	// Party that may see the record once it is written.
	Party string
	// Erase removes the private part of the record's earlier events.
	Erase bool
	// Stale reports whether something beside the version and the key has moved.
	Stale func() bool
	// Apply writes what the package keeps itself. It cannot fail.
	Apply func()
}

// Commit writes the entry and what w adds to it, or nothing. It returns [innards.ErrNotFound] if the scope does not see
// the record, and [innards.ErrStale] if its version, the key or what w looks at has moved.
func (db *DB) Commit(ctx context.Context, e *innards.Entry, w Write) error {
	return db.Update(ctx, e.Scope, func() error {
		at := recordKey{e.Head.Tenant, e.Head.Kind, e.Head.ID}
		stored := db.records[at]
		seen := stored
		if seen == nil {
			seen = &record{tenant: at.tenant, property: e.Head.Property, party: w.Party}
		}
		switch {
		case !seen.seenBy(e.Scope):
			return innards.ErrNotFound
		case stored.version() != e.Head.Version, db.answered(e), w.Stale():
			return innards.ErrStale
		}
		seen.party = w.Party
		db.records[at] = seen
		if w.Erase {
			db.erase(seen)
		}
		db.write(seen, e)
		w.Apply()
		return nil
	})
}

func (db *DB) answered(e *innards.Entry) bool {
	if e.Answer == nil {
		return false
	}
	_, taken := db.answers[answerKey{e.Scope, e.Answer.Key}]
	return taken
}

func (db *DB) erase(r *record) {
	for _, i := range r.events {
		db.events[i].Private, db.events[i].Salt = nil, nil
	}
}

func (db *DB) write(r *record, e *innards.Entry) {
	event := Copy(e.Event)
	event.Cursor = int64(len(db.events)) + 1
	r.events = append(r.events, len(db.events))
	db.events = append(db.events, event)
	for _, m := range Copy(e.Outbox) {
		db.sent++
		m.Position = db.sent
		db.outbox = append(db.outbox, &message{Message: m})
	}
	if e.Answer != nil {
		db.answers[answerKey{e.Scope, e.Answer.Key}] = Copy(*e.Answer)
	}
}

// Keep keeps the answer under its key for the scope, unless one is kept already, and returns the one that is kept then.
func (db *DB) Keep(ctx context.Context, s innards.Scope, a innards.Answer) (kept innards.Answer, err error) {
	err = db.Update(ctx, s, func() error {
		at := answerKey{s, a.Key}
		if _, ok := db.answers[at]; !ok {
			db.answers[at] = Copy(a)
		}
		kept = Copy(db.answers[at])
		return nil
	})
	return kept, err
}

// Forget removes up to limit answers from before the instant, and returns how many.
func (db *DB) Forget(ctx context.Context, before time.Time, limit int) (forgotten int, err error) {
	err = db.alone(ctx, func() error {
		for at, a := range db.answers {
			if forgotten < limit && a.At.Before(before) {
				delete(db.answers, at)
				forgotten++
			}
		}
		return nil
	})
	return forgotten, err
}
