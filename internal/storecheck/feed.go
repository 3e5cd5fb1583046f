package storecheck

import (
	"sync"

	"github.com/innards-go/innards"
)

func feedPromises() []journalPromise {
	return []journalPromise{
		{"FeedOrder", "the feed has every event of the scope once, by ascending cursor, in the order of the commits", feedOrder},
		{"FeedPages", "a page of the feed begins after the cursor and ends at the limit", feedPages},
		{"FeedScope", "the feed has no event of another tenant or property", feedScope},
		{"FeedSkipsNothing", "who follows the feed while others commit misses no event", feedSkipsNothing},
	}
}

func (t *journalTrial) feed(after int64, limit int) []innards.Event {
	events, err := t.Feed(t.Ctx, t.scope(), after, limit)
	t.OK("Feed", err)
	return events
}

// end returns the cursor of the last event that there is.
func (t *journalTrial) end() (cursor int64) {
	return t.follow(0, 100, func(innards.Event) {})
}

// follow reads the feed to its end, page by page, and returns the last cursor.
func (t *journalTrial) follow(cursor int64, limit int, see func(innards.Event)) int64 {
	for t.Err == nil {
		page := t.feed(cursor, limit)
		if len(page) == 0 {
			break
		}
		if len(page) > limit {
			t.Failf("a page of %d has %d events", limit, len(page))
		}
		for _, e := range page {
			if e.Cursor <= cursor {
				t.Failf("the feed gives cursor %d after %d", e.Cursor, cursor)
			}
			cursor = e.Cursor
			see(e)
		}
	}
	return cursor
}

func feedOrder(t *journalTrial) {
	begin := t.end()
	a, b := t.record(Property), t.record(Sister)
	var want []innards.Event
	for range 3 {
		t.write(a)
		t.write(b)
		want = append(want, a.events[len(a.events)-1], b.events[len(b.events)-1])
	}
	events := t.feed(begin, 100)
	t.Equal("the feed", withoutCursor(events), want)
	for i := 1; i < len(events); i++ {
		if events[i].Cursor <= events[i-1].Cursor {
			t.Failf("the cursors do not ascend")
		}
	}
	t.Equal("the first event in the history", t.history(a, 0, 1), events[:min(1, len(events))])
}

func feedPages(t *journalTrial) {
	begin := t.end()
	r := t.record(Property)
	for range 5 {
		t.write(r)
	}
	var all []innards.Event
	end := t.follow(begin, 2, func(e innards.Event) { all = append(all, e) })
	t.Equal("the pages", withoutCursor(all), r.events)
	t.write(r)
	t.Equal("the page after the last", withoutCursor(t.feed(end, 2)), r.events[5:])
}

func feedScope(t *journalTrial) {
	here, there := t.record(Property), t.record(Sister)
	t.write(here)
	t.write(there)
	t.as(Staff(Strangers), func() { t.write(t.record(Strange)) })
	confined := Staff(Tenant)
	confined.Property = Sister
	for _, a := range []innards.Actor{Staff(Tenant), Staff(Strangers), confined} {
		t.as(a, func() {
			for _, e := range t.feed(0, 100) {
				if !t.scope().Sees(e.Tenant, e.Property, "") {
					t.Failf("the feed of %s shows an event of %s, %s", a.ID, e.Tenant, e.Property)
				}
			}
		})
	}
	t.as(confined, func() { t.Equal("the feed of the property", ofKind(t.feed(0, 100), t.Kind), there.events) })
}

// ofKind returns the events of the kind, as they were before the store gave them cursors.
func ofKind(events []innards.Event, kind string) (out []innards.Event) {
	for _, e := range withoutCursor(events) {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

func feedSkipsNothing(t *journalTrial) {
	const writers, each = 4, 10
	cursor := t.end()
	written := make(chan struct{})
	var all sync.WaitGroup
	for range writers {
		r := t.record(Property)
		all.Go(func() {
			for range each {
				e := t.entry(r)
				if t.Commit(t.Ctx, e, false) != nil {
					return // it is missing in the feed
				}
				r.Version, r.Hash = e.Event.Sequence, e.Event.Hash
			}
		})
	}
	go func() {
		all.Wait()
		close(written)
	}()
	seen := map[innards.Hash]bool{}
	for following := true; following; {
		select {
		case <-written:
			following = false
		default:
		}
		cursor = t.follow(cursor, 7, func(e innards.Event) { seen[e.Hash] = true })
	}
	t.Equal("how many events were seen", len(seen), writers*each)
}
