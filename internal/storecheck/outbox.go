package storecheck

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/innards-go/innards"
)

func outboxPromises() []journalPromise {
	return []journalPromise{
		{"Outbox", "a message is leased as it was committed, oldest first, up to the limit", outbox},
		{"LeaseHolds", "a leased message is kept from every other caller until the end of the lease, and no longer", leaseHolds},
		{"Delivered", "a delivered message is not leased again", delivered},
		{"TriedAgain", "a message that failed is leased again from the instant on, with its error and attempts", triedAgain},
		{"TakenOver", "a lease that another caller has taken over is left alone", takenOver},
		{"OrderOfRecord", "a message waits while an earlier one of its record is leased or waiting for its next attempt; those of other records do not", orderOfRecord},
		{"LeaseOfTenant", "only messages of the scope's tenant and property are leased, and only they can be settled; of a party, none", leaseOfTenant},
		{"Pending", "pending are the tenants that have a message to deliver at the instant, each once, up to the limit", pending},
		{"LeasedOnce", "of many callers that lease at once, one gets a message", leasedOnce},
	}
}

func (t *journalTrial) lease(now time.Time, d time.Duration, limit int) []innards.Message {
	messages, err := t.Lease(t.Ctx, t.scope(), now, now.Add(d), limit)
	t.OK("Lease", err)
	return messages
}

// kinds returns the kinds of the messages, which name them in these checks.
func kinds(messages []innards.Message) (names []string) {
	for _, m := range messages {
		names = append(names, m.Kind)
	}
	return names
}

// leases expects to lease the messages of these kinds for a minute.
func (t *journalTrial) leases(now time.Time, want ...string) []innards.Message {
	messages := t.lease(now, time.Minute, 100)
	t.Equal("the messages that are leased", kinds(messages), want)
	if len(messages) != len(want) {
		messages = make([]innards.Message, len(want)) // it has failed; let the steps that follow do nothing that counts
	}
	return messages
}

func (t *journalTrial) settle(m innards.Message, failure string, again time.Time) {
	t.OK("Settle", t.Settle(t.Ctx, t.scope(), m, failure, again))
}

func outbox(t *journalTrial) {
	r, other := t.record(Property), t.record(Sister)
	first := t.entry(r, "a", "b")
	t.commit(r, first, false)
	second := t.entry(r, "c")
	t.commit(r, second, false)
	third := t.entry(other, "d")
	t.commit(other, third, false)
	t.Equal("the limited lease", kinds(t.lease(t.Clock.Now(), 0, 1)), []string{"a"})
	messages := t.drain()
	t.Equal("the messages of a record", ofRecord(messages, r.ID), append(first.Outbox, second.Outbox...))
	t.Equal("the messages of another record", ofRecord(messages, other.ID), third.Outbox)
}

// drain leases and delivers until nothing is left, or it has taken too long.
func (t *journalTrial) drain() (all []innards.Message) {
	for range 20 {
		messages := t.lease(t.Clock.Now(), time.Minute, 100)
		if len(messages) == 0 {
			return all
		}
		for i, m := range messages {
			if i > 0 && m.Position <= messages[i-1].Position {
				t.Failf("position %d is leased after %d", m.Position, messages[i-1].Position)
			}
			t.settle(m, "", t.Clock.Now())
		}
		all = append(all, messages...)
	}
	t.Failf("the outbox is never empty")
	return all
}

// ofRecord returns the messages of a record, as they were before the store gave them positions.
func ofRecord(messages []innards.Message, id string) (out []innards.Message) {
	for _, m := range messages {
		if m.Record == id {
			m.Position, m.Attempts = 0, 0
			out = append(out, m)
		}
	}
	return out
}

func leaseHolds(t *journalTrial) {
	now := t.Clock.Now()
	t.write(t.record(Property), "a")
	t.Equal("the attempts at first", t.leases(now, "a")[0].Attempts, 1)
	t.leases(now)
	t.leases(now.Add(time.Minute - time.Microsecond))
	t.Equal("the attempts at the second lease", t.leases(now.Add(time.Minute), "a")[0].Attempts, 2)
}

func delivered(t *journalTrial) {
	now := t.Clock.Now()
	t.write(t.record(Property), "a")
	t.write(t.record(Property), "b")
	t.settle(t.leases(now, "a", "b")[0], "", now)
	t.leases(now.Add(time.Hour), "b")
}

func triedAgain(t *journalTrial) {
	now := t.Clock.Now()
	again := now.Add(time.Hour)
	t.write(t.record(Property), "a")
	t.settle(t.leases(now, "a")[0], "connection refused", again)
	t.leases(again.Add(-time.Microsecond))
	m := t.leases(again, "a")[0]
	t.Equal("the attempts", m.Attempts, 2)
	t.Equal("the error of the last one", m.Error, "connection refused")
	t.settle(m, "", now)
	t.leases(again.Add(time.Hour))
}

func takenOver(t *journalTrial) {
	now := t.Clock.Now()
	later := now.Add(time.Minute)
	t.write(t.record(Property), "a")
	slow := t.leases(now, "a")[0]
	t.leases(later, "a")
	t.settle(slow, "", now)
	t.settle(slow, "too late", now)
	t.leases(later)
	m := t.leases(later.Add(time.Minute), "a")[0]
	t.Equal("the error of the last attempt", m.Error, "")
}

func orderOfRecord(t *journalTrial) {
	now := t.Clock.Now()
	later := now.Add(time.Hour)
	r := t.record(Property)
	t.write(r, "a")
	a := t.leases(now, "a")[0]
	t.write(r, "b")
	t.write(t.record(Property), "x")
	t.settle(t.leases(now, "x")[0], "", now)
	t.settle(a, "connection refused", later)
	t.leases(later.Add(-time.Second))
	t.Equal("what is leased first", kinds(t.lease(later, time.Minute, 1)), []string{"a"})
	t.leases(later)
	t.Clock.Set(later.Add(time.Hour))
	t.Equal("what is left, in order", kinds(t.drain()), []string{"a", "b"})
}

func leaseOfTenant(t *journalTrial) {
	now := t.Clock.Now()
	t.write(t.record(Property), "a")
	t.as(Staff(Strangers), func() {
		t.write(t.record(Strange), "s")
		t.leases(now, "s")
	})
	a := t.leases(now, "a")[0]
	elsewhere, guest := Staff(Tenant), Staff(Tenant)
	elsewhere.Property, guest.Party = Sister, "guest-1"
	later := now.Add(time.Hour)
	for _, other := range []innards.Actor{Staff(Strangers), elsewhere, guest} {
		t.as(other, func() {
			err := t.Settle(t.Ctx, t.scope(), a, "", now)
			if err != nil {
				t.Is("Settle of a message that is not of the scope", err, innards.ErrNotFound)
			}
			for _, m := range t.lease(later, 0, 100) {
				if m.Key == a.Key {
					t.Failf("%+v leases a message of %s", t.scope(), m.Property)
				}
			}
		})
	}
	t.leases(later, "a")
}

func pending(t *journalTrial) {
	now := t.Clock.Now()
	expect := func(at time.Time, want ...innards.Scope) {
		scopes, err := t.Pending(t.Ctx, at, 10)
		t.OK("Pending", err)
		t.Equal("how many tenants are pending", len(scopes), len(want))
		for _, s := range want {
			if !slices.Contains(scopes, s) {
				t.Failf("tenant %s is not pending", s.Tenant())
			}
		}
	}
	rila, pirin := Staff(Tenant).Scope(), Staff(Strangers).Scope()
	expect(now)
	t.write(t.record(Property), "a")
	t.write(t.record(Property), "b")
	expect(now, rila)
	t.as(Staff(Strangers), func() { t.write(t.record(Strange), "s") })
	expect(now, rila, pirin)
	limited, err := t.Pending(t.Ctx, now, 1)
	t.OK("Pending", err)
	t.Equal("how many are returned at most", len(limited), 1)
	leased := t.leases(now, "a", "b")
	expect(now, pirin)
	expect(now.Add(time.Minute), rila, pirin)
	t.settle(leased[0], "connection refused", now.Add(time.Hour))
	t.settle(leased[1], "", now)
	expect(now.Add(time.Minute), pirin)
	expect(now.Add(time.Hour), rila, pirin)
}

func leasedOnce(t *journalTrial) {
	const messages, callers = 20, 8
	for range messages {
		t.write(t.record(Property), "a")
	}
	var mu sync.Mutex
	times := map[int64]int{}
	now := t.Clock.Now()
	t.Race(callers, func(int) error {
		for range messages {
			leased, err := t.Lease(t.Ctx, t.scope(), now, now.Add(time.Minute), 3)
			if err != nil || len(leased) == 0 {
				return err
			}
			mu.Lock()
			for _, m := range leased {
				times[m.Position]++
			}
			mu.Unlock()
		}
		return nil
	})
	t.Equal("how many messages were leased", len(times), messages)
	for position, n := range times {
		t.Equal(fmt.Sprint("how often message ", position, " was leased"), n, 1)
	}
}
