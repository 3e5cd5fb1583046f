package storecheck

import (
	"time"

	"github.com/innards-go/innards"
)

func keyPromises() []journalPromise {
	return []journalPromise{
		{"KeyKept", "the answer is kept under its key, for its scope", keyKept},
		{"KeyTaken", "a commit whose key is taken is stale, and nothing of it is written", keyTaken},
		{"Forget", "forgetting removes the answers from before the instant, up to the limit, and says how many", forget},
	}
}

// prior reads the answer under the key from the facts of the record.
func (t *journalTrial) prior(r *record, key string) *innards.Answer {
	a, err := t.Prior(t.Ctx, t.scope(), r.ID, key)
	t.OK("Prior", err)
	return a
}

// remembered returns the next entry of the record, with an answer under the key.
func (t *journalTrial) remembered(r *record, key string) innards.Entry {
	e := t.entry(r, "told")
	t.Remember(&e, key)
	return e
}

var noAnswer = (*innards.Answer)(nil)

func keyKept(t *journalTrial) {
	r := t.record(Property)
	e := t.remembered(r, "key-1")
	t.commit(r, e, false)
	t.write(r)
	t.Equal("the answer", t.prior(r, "key-1"), e.Answer)
	t.Equal("the answer under another key", t.prior(r, "key-2"), noAnswer)
	t.as(Staff(Strangers), func() {
		other := t.record(Strange)
		t.commit(other, t.remembered(other, "key-1"), false)
	})
}

func keyTaken(t *journalTrial) {
	r, other := t.record(Property), t.record(Property)
	e := t.remembered(r, "key-1")
	t.commit(r, e, false)
	for _, late := range []innards.Entry{t.remembered(r, "key-1"), t.remembered(other, "key-1")} {
		t.Is("Commit", t.Commit(t.Ctx, late, false), innards.ErrStale)
	}
	t.Equal("the answer", t.prior(r, "key-1"), e.Answer)
	t.Equal("how many events there are", len(t.history(r, 0, 100)), 1)
	t.Equal("what is in the outbox", kinds(t.drain()), []string{"told"})
}

func forget(t *journalTrial) {
	r := t.record(Property)
	for _, key := range []string{"key-1", "key-2", "key-3"} {
		t.commit(r, t.remembered(r, key), false)
		t.Clock.Advance(time.Hour)
	}
	third := t.Clock.Now().Add(-time.Hour)
	forgets := func(limit, want int) {
		n, err := t.Forget(t.Ctx, third, limit)
		t.OK("Forget", err)
		t.Equal("how many answers were removed", n, want)
	}
	forgets(1, 1)
	forgets(10, 1)
	forgets(10, 0)
	t.Equal("an answer from before", t.prior(r, "key-1"), noAnswer)
	if t.prior(r, "key-3") == nil {
		t.Failf("an answer that was not from before is gone")
	}
	t.commit(r, t.remembered(r, "key-1"), false)
}
