package storecheck

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/innards-go/innards"
)

func keyPromises() []journalPromise {
	return []journalPromise{
		{"KeyKept", "the answer is kept under its key, for its scope", keyKept},
		{"KeyTaken", "a commit whose key is taken is stale, and nothing of it is written", keyTaken},
		{"Keep", "an answer is kept under its key, for its scope, unless one is kept already; both get the one that is", keep},
		{"KeptOnce", "of many answers that are kept under one key at once, all get the same", keptOnce},
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

// kept keeps an answer under the key and returns the one that is kept then.
func (t *journalTrial) kept(key, body string) innards.Answer {
	a, err := t.Keep(t.Ctx, t.scope(), answer(key, body))
	t.OK("Keep", err)
	return a
}

func answer(key, body string) innards.Answer {
	return innards.Answer{Key: key, Digest: sha256.Sum256([]byte(body)), Body: []byte(body), At: start()}
}

func keep(t *journalTrial) {
	r := t.record(Property)
	e := t.remembered(r, "key-1")
	t.commit(r, e, false)
	t.Equal("what is kept beside the answer of a commit", t.kept("key-1", `"a"`), *e.Answer)
	t.Equal("what is kept first", t.kept("key-2", `"a"`), answer("key-2", `"a"`))
	t.Equal("what is kept in the end", t.kept("key-2", `"b"`), answer("key-2", `"a"`))
	first := answer("key-2", `"a"`)
	t.Equal("the answer", t.prior(r, "key-2"), &first)
	t.Is("Commit", t.Commit(t.Ctx, t.remembered(r, "key-2"), false), innards.ErrStale)
	t.as(Staff(Strangers), func() { t.Equal("what is kept elsewhere", t.kept("key-2", `"b"`), answer("key-2", `"b"`)) })
	_, err := t.Keep(t.Ctx, innards.Scope{}, first)
	t.Is("Keep for nobody", err, innards.ErrUnscoped)
}

func keptOnce(t *journalTrial) {
	const callers = 8
	var all [callers]innards.Answer
	t.Race(callers, func(i int) (err error) {
		all[i], err = t.Keep(t.Ctx, t.scope(), answer("key-1", fmt.Sprint(i)))
		return err
	})
	for _, a := range all {
		t.Equal("what is kept", a, all[0])
	}
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
