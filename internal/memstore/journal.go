package memstore

import (
	"context"
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// A Journal is the [innards.Journal] of a [DB], to be embedded in a store.
type Journal struct{ db *DB }

var _ innards.Journal = Journal{}

// Journal returns the DB's journal.
func (db *DB) Journal() Journal { return Journal{db} }

// A message waits in the outbox until it may be leased: for the end of a lease or the next attempt.
type message struct {
	innards.Message
	until time.Time
}

// History implements [innards.Journal].
func (j Journal) History(ctx context.Context, s innards.Scope, kind, id string, after int64, limit int) (events []innards.Event, err error) {
	err = j.db.View(ctx, s, func() error {
		r := j.db.records[recordKey{s.Tenant(), kind, id}]
		if !r.seenBy(s) {
			return innards.ErrNotFound
		}
		rest := r.events[min(max(after, 0), r.version()):]
		for _, i := range rest[:min(max(limit, 0), len(rest))] {
			events = append(events, Copy(j.db.events[i]))
		}
		return nil
	})
	return events, err
}

// Feed implements [innards.Journal].
func (j Journal) Feed(ctx context.Context, s innards.Scope, after int64, limit int) (events []innards.Event, err error) {
	err = j.db.View(ctx, s, func() error {
		begin := min(max(after, 0), int64(len(j.db.events)))
		for _, e := range j.db.events[begin:] {
			if len(events) >= limit {
				break
			}
			if j.db.records[recordKey{e.Tenant, e.Kind, e.Record}].seenBy(s) {
				events = append(events, Copy(e))
			}
		}
		return nil
	})
	return events, err
}

// Pending implements [innards.Journal].
func (j Journal) Pending(ctx context.Context, at time.Time, limit int) (scopes []innards.Scope, err error) {
	err = j.db.Sweep(ctx, func() error {
		for _, m := range j.db.deliverable(at) {
			s := innards.Actor{Tenant: m.Tenant}.Scope()
			if len(scopes) < limit && !slices.Contains(scopes, s) {
				scopes = append(scopes, s)
			}
		}
		return nil
	})
	return scopes, err
}

// deliverable returns the messages that may be leased, oldest first. One that must wait holds up those of its record
// that come after it.
func (db *DB) deliverable(at time.Time) (free []*message) {
	held := map[Key]bool{}
	for _, m := range db.outbox {
		record := Key{m.Tenant, m.Record}
		held[record] = held[record] || m.until.After(at)
		if !held[record] {
			free = append(free, m)
		}
	}
	return free
}

// Lease implements [innards.Journal].
func (j Journal) Lease(ctx context.Context, s innards.Scope, now, until time.Time, limit int) (leased []innards.Message, err error) {
	err = j.db.Update(ctx, s, func() error {
		for _, m := range j.db.deliverable(now) {
			if !s.Sees(m.Tenant, m.Property, "") || len(leased) >= limit {
				continue
			}
			m.until = until
			m.Attempts++
			leased = append(leased, Copy(m.Message))
		}
		return nil
	})
	return leased, err
}

// Settle implements [innards.Journal].
func (j Journal) Settle(ctx context.Context, s innards.Scope, m innards.Message, failure string, again time.Time) error {
	return j.db.Update(ctx, s, func() error {
		i := slices.IndexFunc(j.db.outbox, func(have *message) bool {
			return s.Sees(have.Tenant, have.Property, "") && have.Position == m.Position && have.Attempts == m.Attempts
		})
		switch {
		case i < 0: // delivered, or another caller's by now
		case failure == "":
			j.db.outbox = slices.Delete(j.db.outbox, i, i+1)
		default:
			j.db.outbox[i].Error, j.db.outbox[i].until = failure, again
		}
		return nil
	})
}
