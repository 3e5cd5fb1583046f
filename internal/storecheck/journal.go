package storecheck

import (
	"context"
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// A Bench is a store of any package, as the promises of the journal need it.
type Bench struct {
	innards.Journal
	// Kind of the records that Commit writes.
	Kind string
	// Commit writes the entry, which is of a record in a property of [Tenant] or [Strangers], with a change of the package
	// that means nothing. Erase removes the private part of the record's earlier events.
	Commit func(ctx context.Context, e innards.Entry, erase bool) error
	// Prior returns the answer under the key from the facts of the record.
	Prior func(ctx context.Context, s innards.Scope, record, key string) (*innards.Answer, error)
	// Keep and Forget are the store's.
	Keep   func(ctx context.Context, s innards.Scope, a innards.Answer) (innards.Answer, error)
	Forget func(ctx context.Context, before time.Time, limit int) (int, error)
}

// JournalPromises returns what every store promises of its histories, feed, outbox and keys. Bench prepares an empty
// store.
func JournalPromises[S any](bench func(context.Context, S) (Bench, error)) []Promise[S] {
	all := slices.Concat(historyPromises(), feedPromises(), outboxPromises(), keyPromises())
	promises := make([]Promise[S], len(all))
	for i, p := range all {
		promises[i] = Promise[S]{Name: p.name, Text: p.text, Check: func(ctx context.Context, store S) error {
			b, err := bench(ctx, store)
			if err != nil {
				return err
			}
			t := &journalTrial{Trial: &Trial{Ctx: ctx}, Clerk: NewClerk(start(), 2), Bench: b}
			p.check(t)
			return t.Err
		}}
	}
	return promises
}

// A journalPromise is one promise of the journal.
type journalPromise struct {
	name, text string
	check      func(*journalTrial)
}

// start is the instant at which the promises of the journal begin.
func start() time.Time { return time.Date(2026, time.June, 1, 6, 0, 0, 123456000, time.UTC) }

// A journalTrial drives a store for one promise of the journal.
type journalTrial struct {
	*Trial
	*Clerk
	Bench
}

func (t *journalTrial) scope() innards.Scope { return t.Actor.Scope() }

// as lets another actor do the steps.
func (t *journalTrial) as(a innards.Actor, steps func()) {
	before := t.Actor
	t.Actor = a
	steps()
	t.Actor = before
}

// A record is what the trial knows of one.
type record struct {
	innards.Head
	events []innards.Event // as they were committed
}

// record returns a record that is not stored yet.
func (t *journalTrial) record(property string) *record {
	return &record{Head: innards.Head{Kind: t.Kind, ID: t.NewID(), Tenant: t.Actor.Tenant, Property: property}}
}

// entry returns the next entry of the record, with the messages.
func (t *journalTrial) entry(r *record, messages ...string) innards.Entry {
	r.Now, r.BusinessDate = t.Clock.Now(), innards.DateOf(start())
	e := innards.Entry{Head: r.Head}
	e.Event.Command, e.Event.Cause = "note", "the check"
	e.Event.Moves = []innards.Move{{Axis: "mood", From: "", To: "good"}, {Axis: "mood", From: "good", To: "good"}}
	e.Event.Overrides = []innards.Code{"sold_out"}
	e.Event.Payload, e.Event.Private = []byte(`{"b": 1.50, "a":"12.50"}`), []byte(`{"reason":"да", "a": [ ]}`)
	t.Seal(&e)
	for _, kind := range messages {
		t.Tell(&e, kind)
	}
	return e
}

// write commits the next entry of the record.
func (t *journalTrial) write(r *record, messages ...string) {
	t.commit(r, t.entry(r, messages...), false)
}

func (t *journalTrial) commit(r *record, e innards.Entry, erase bool) {
	t.OK("Commit", t.Commit(t.Ctx, e, erase))
	r.Version, r.Hash = e.Event.Sequence, e.Event.Hash
	r.events = append(r.events, e.Event)
}

// history reads the record's events.
func (t *journalTrial) history(r *record, after int64, limit int) []innards.Event {
	events, err := t.History(t.Ctx, t.scope(), r.Kind, r.ID, after, limit)
	t.OK("History", err)
	return events
}

// withoutCursor returns the events as they were before the store gave them cursors.
func withoutCursor(events []innards.Event) []innards.Event {
	events = slices.Clone(events)
	for i := range events {
		events[i].Cursor = 0
	}
	return events
}
