package storecheck

import "github.com/innards-go/innards"

func historyPromises() []journalPromise {
	return []journalPromise{
		{"HistoryOrder", "the history of a record is its events as they were committed, in order", historyOrder},
		{"HistoryPages", "a page of a history begins after the sequence and ends at the limit", historyPages},
		{"HistoryOutside", "the history of a record outside of the scope, or of none of the kind and id, is not found", historyOutside},
		{"Erase", "erasing removes the private part of the record's earlier events; the chain still holds", erase},
	}
}

func historyOrder(t *journalTrial) {
	a, b := t.record(Property), t.record(Property)
	for range 3 {
		t.write(a)
		t.write(b)
	}
	for _, r := range []*record{a, b} {
		events := t.history(r, 0, 100)
		t.Equal("the history", withoutCursor(events), r.events)
		t.OK("VerifyHistory", innards.VerifyHistory(r.ID, r.Version, r.Hash, events))
	}
}

func historyPages(t *journalTrial) {
	r := t.record(Property)
	for range 5 {
		t.write(r)
	}
	for _, page := range []struct{ after, limit, from, to int }{{0, 2, 0, 2}, {2, 2, 2, 4}, {4, 2, 4, 5}, {5, 2, 5, 5}, {9, 2, 5, 5}, {1, 100, 1, 5}} {
		events := t.history(r, int64(page.after), page.limit)
		t.Equal("a page of the history", withoutCursor(events), r.events[page.from:page.to])
	}
}

func historyOutside(t *journalTrial) {
	r := t.record(Property)
	t.write(r)
	elsewhere := Staff(Tenant)
	elsewhere.Property = Sister
	for _, s := range []innards.Scope{Staff(Strangers).Scope(), elsewhere.Scope()} {
		_, err := t.History(t.Ctx, s, r.Kind, r.ID, 0, 10)
		t.Is("History", err, innards.ErrNotFound)
	}
	for _, none := range []innards.Head{{Kind: r.Kind, ID: t.NewID()}, {Kind: r.Kind + "s", ID: r.ID}} {
		_, err := t.History(t.Ctx, t.scope(), none.Kind, none.ID, 0, 10)
		t.Is("History of no record", err, innards.ErrNotFound)
	}
}

func erase(t *journalTrial) {
	r, other := t.record(Property), t.record(Property)
	for range 2 {
		t.write(r)
		t.write(other)
	}
	e := t.entry(r)
	t.commit(r, e, true)
	for i := range r.events[:2] {
		r.events[i].Private, r.events[i].Salt = nil, nil
	}
	events := t.history(r, 0, 100)
	t.Equal("the history", withoutCursor(events), r.events)
	t.OK("VerifyHistory", innards.VerifyHistory(r.ID, r.Version, r.Hash, events))
	t.Equal("the history of another record", withoutCursor(t.history(other, 0, 100)), other.events)
	for _, e := range t.feed(0, 100) {
		if e.Record == r.ID && e.Sequence < 3 && (len(e.Private) > 0 || len(e.Salt) > 0) {
			t.Failf("the feed still has the private part of event %d", e.Sequence)
		}
	}
}
