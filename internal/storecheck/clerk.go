package storecheck

import (
	"fmt"
	"io"
	"time"

	"github.com/innards-go/innards"
)

// The companies whose records the promises are about, and their properties. Each may have any ids.
const (
	Tenant    = "rila"
	Property  = "vitosha"
	Sister    = "musala"
	Strangers = "pirin"
	Strange   = "bansko"
)

// Staff returns somebody of the tenant with every right.
func Staff(tenant string) innards.Actor {
	return innards.Actor{ID: "staff-of-" + tenant, Tenant: tenant, Rights: []innards.Right{"*"}}
}

// A Clerk makes entries by hand, so that a store can be tested without the package's service. It is safe for concurrent
// use. Use [NewClerk].
type Clerk struct {
	Actor  innards.Actor
	Clock  *Clock
	ids    innards.IDSource
	random io.Reader
}

// NewClerk returns a clerk of the [Tenant]. The same seed and instant give the same ids.
func NewClerk(now time.Time, seed uint64) *Clerk {
	clock := NewClock(now)
	return &Clerk{Actor: Staff(Tenant), Clock: clock, ids: innards.UUIDv7(clock.Now, Random(seed)), random: Random(seed + 1)}
}

// NewID returns a new id.
func (c *Clerk) NewID() string {
	id, err := c.ids()
	if err != nil {
		panic(fmt.Sprintf("storecheck: %v", err)) // pseudo-random readers do not fail
	}
	return id
}

// Seal completes the entry, of which Head and what the command adds to the event are given, and links the event to the
// one before. Whoever changes the event afterwards seals it again.
func (c *Clerk) Seal(e *innards.Entry) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(c.random, salt); err != nil {
		panic(fmt.Sprintf("storecheck: %v", err)) // pseudo-random readers do not fail
	}
	e.Scope = c.Actor.Scope()
	h, event := &e.Head, &e.Event
	event.Kind, event.Tenant, event.Property, event.Record = h.Kind, h.Tenant, h.Property, h.ID
	event.Sequence, event.Actor = h.Version+1, c.Actor.ID
	event.At, event.BusinessDate = h.Now, h.BusinessDate
	event.Seal(h.Hash, salt)
}

// Tell adds a message of the kind to the entry.
func (c *Clerk) Tell(e *innards.Entry, kind string) {
	h := &e.Head
	e.Outbox = append(e.Outbox, innards.Message{
		Key: fmt.Sprintf("%s/%s/%s/%d/%d", h.Kind, h.ID, kind, h.Version+1, len(e.Outbox)), Kind: kind,
		Tenant: h.Tenant, Property: h.Property, Record: h.ID, Sequence: h.Version + 1,
		Payload: fmt.Appendf(nil, `{"kind": %q, "at":1.0}`, kind), At: h.Now,
	})
}

// Remember keeps an answer under the key.
func (c *Clerk) Remember(e *innards.Entry, key string) {
	e.Answer = &innards.Answer{Key: key, Digest: e.Event.Hash, Body: fmt.Appendf(nil, `{"id":%q}`, e.Head.ID), At: e.Head.Now}
}
