package reservationtest

import (
	"context"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func scopePromises() []promise {
	return []promise{
		on("ZeroScope", "every method returns ErrUnscoped for the zero scope", zeroScope),
		on("OtherTenant", "a record of another tenant is not found, and lists do not show it", otherTenant),
		on("OtherProperty", "who is confined to a property finds the records of no other", otherProperty),
		on("OtherParty", "who is confined to a party finds the records of no other", otherParty),
		on("PartySeesProperties", "an actor confined to a party sees the properties too", partySeesProperties),
		on("Unknown", "a record that does not exist is not found", unknownRecord),
		on("CommitOutsideScope", "a change of a record outside of the scope is not found, and nothing is written", commitOutsideScope),
		on("CancelledContext", "a method that is given a cancelled context returns an error and writes nothing", cancelledContext),
	}
}

// An outcome is how a method ended.
type outcome struct {
	method string
	err    error
}

// errOf drops the result of a method.
func errOf[T any](_ T, err error) error { return err }

// onRecord calls the methods that name a reservation.
func (t *trial) onRecord(ctx context.Context, s innards.Scope, id string) []outcome {
	due := Morning()
	return []outcome{
		{"Facts", errOf(t.store.Facts(ctx, s, reservation.Ask{ID: id, At: Morning()}))},
		{"Reservation", errOf(t.store.Reservation(ctx, s, id))},
		{"History", errOf(t.store.History(ctx, s, reservation.Kind, id, 0, 10))},
		{"SetDue", t.store.SetDue(ctx, s, id, 1, &due)},
	}
}

// onProperty calls the methods that name a property that must exist.
func (t *trial) onProperty(ctx context.Context, s innards.Scope, id string) []outcome {
	return []outcome{
		{"Facts of a new reservation", errOf(t.store.Facts(ctx, s, reservation.Ask{Property: id, At: Morning()}))},
		{"Property", errOf(t.store.Property(ctx, s, id))},
		{"Held", errOf(t.store.Held(ctx, s, id, BusinessDate(), BusinessDate().AddDays(9), Morning()))},
	}
}

// onScope calls the other methods that take a scope.
func (t *trial) onScope(ctx context.Context, s innards.Scope) []outcome {
	return []outcome{
		{"PropertyFacts", errOf(t.store.PropertyFacts(ctx, s, reservation.Ask{ID: HotelID, At: Morning()}))},
		{"Properties", errOf(t.store.Properties(ctx, s))},
		{"Find", errOf(t.store.Find(ctx, s, reservation.Query{Limit: 10}))},
		{"List", errOf(t.store.List(ctx, s, reservation.Query{Limit: 10}))},
		{"Count", errOf(t.store.Count(ctx, s, reservation.Query{}))},
		{"Segments", errOf(t.store.Segments(ctx, s, reservation.Query{}))},
		{"Feed", errOf(t.store.Feed(ctx, s, 0, 10))},
		{"Lease", errOf(t.store.Lease(ctx, s, Morning(), Morning().Add(time.Minute), 10))},
		{"Keep", errOf(t.store.Keep(ctx, s, innards.Answer{Key: "kept", Body: []byte("1"), At: Morning()}))},
		{"Settle", t.store.Settle(ctx, s, innards.Message{Position: 1, Attempts: 1}, "", Morning())},
	}
}

// unscoped calls the methods that take no scope.
func (t *trial) unscoped(ctx context.Context) []outcome {
	return []outcome{
		{"Due", errOf(t.store.Due(ctx, Morning(), 10))},
		{"Pending", errOf(t.store.Pending(ctx, Morning(), 10))},
		{"Forget", errOf(t.store.Forget(ctx, far(), 10))},
	}
}

// commits calls the methods that write a change, with a new reservation and a new version of the hotel.
func (t *trial) commits(ctx context.Context, s innards.Scope) []outcome {
	c, p := t.Create(), t.Property(t.property(HotelID))
	c.Scope, p.Scope = s, s
	return []outcome{{"Commit", t.store.Commit(ctx, c)}, {"CommitProperty", t.store.CommitProperty(ctx, p)}}
}

// all expects every outcome to match the error.
func (t *trial) all(outcomes []outcome, want error) {
	for _, o := range outcomes {
		t.Is(o.method, o.err, want)
	}
}

func zeroScope(t *trial) {
	r, none := t.book(), innards.Scope{}
	t.all(t.onRecord(t.Ctx, none, r.ID), innards.ErrUnscoped)
	t.all(t.onProperty(t.Ctx, none, HotelID), innards.ErrUnscoped)
	t.all(t.onScope(t.Ctx, none), innards.ErrUnscoped)
	t.all(t.commits(t.Ctx, none), innards.ErrUnscoped)
}

func otherTenant(t *trial) {
	r := t.book(Stay(0, 2, Double, "101"))
	t.all(t.onRecord(t.Ctx, stranger().Scope(), r.ID), innards.ErrNotFound)
	t.all(t.onProperty(t.Ctx, stranger().Scope(), HotelID), innards.ErrNotFound)
	t.sees(stranger(), []string{strangeID})
}

func otherProperty(t *trial) {
	r := t.book(Stay(0, 2, Double, "101"))
	elsewhere := staffOf(sisterID).Scope()
	t.all(t.onRecord(t.Ctx, elsewhere, r.ID), innards.ErrNotFound)
	t.all(t.onProperty(t.Ctx, elsewhere, HotelID), innards.ErrNotFound)
	t.Is("PropertyFacts", errOf(t.store.PropertyFacts(t.Ctx, elsewhere, reservation.Ask{ID: HotelID, At: Morning()})), innards.ErrNotFound)
	t.sees(staffOf(sisterID), []string{sisterID})
	t.sees(staffOf(HotelID), []string{HotelID}, r.ID)
}

func otherParty(t *trial) {
	mine := t.book(party("guest-1"), Stay(0, 2, Double, "101"))
	theirs := t.book(party("guest-2"), Stay(0, 2, Double, "102"))
	nobodys := t.book(Stay(0, 2, Double, "103"))
	me := guestOf("guest-1")
	t.all(t.onRecord(t.Ctx, me.Scope(), theirs.ID), innards.ErrNotFound)
	t.all(t.onRecord(t.Ctx, me.Scope(), nobodys.ID), innards.ErrNotFound)
	t.all(t.onRecord(t.Ctx, me.Scope(), mine.ID), nil)
	t.sees(me, []string{sisterID, HotelID}, mine.ID)
}

func party(p string) Edit { return func(r *reservation.Reservation) { r.Party = p } }

// sees expects an actor to see the properties, and of the reservations those named and no others, whatever is asked.
func (t *trial) sees(a innards.Actor, properties []string, ids ...string) {
	t.as(a, func() {
		p := t.look()
		var hotels []string
		for _, hotel := range p.Properties {
			hotels = append(hotels, hotel.ID)
		}
		t.Equal("the properties that "+a.ID+" sees", hotels, properties)
		t.Equal("the reservations that "+a.ID+" finds", idsOf(p.Reservations), ids)
		for _, e := range p.Events {
			if e.Kind == reservation.Kind && !slices.Contains(ids, e.Record) {
				t.Failf("the feed shows %s an event of another", a.ID)
			}
		}
		for _, h := range p.Held {
			if !slices.Contains(ids, h.Reservation) {
				t.Failf("Held shows %s a reservation of another", a.ID)
			}
		}
		t.Equal("the reservations that "+a.ID+" counts", t.count(reservation.Query{}).Total, int64(len(ids)))
		t.Equal("the reservations in the segments of "+a.ID, t.inSegments(), int64(len(ids)))
	})
}

func idsOf(rs []reservation.Reservation) (ids []string) {
	for _, r := range rs {
		ids = append(ids, r.ID)
	}
	return ids
}

func (t *trial) count(q reservation.Query) reservation.Counts {
	n, err := t.store.Count(t.Ctx, t.scope(), q)
	t.OK("Count", err)
	return n
}

func (t *trial) inSegments() (n int64) {
	rows, err := t.store.Segments(t.Ctx, t.scope(), reservation.Query{})
	t.OK("Segments", err)
	for _, row := range rows {
		n += row.Reservations
	}
	return n
}

func partySeesProperties(t *trial) {
	me := guestOf("guest-1").Scope()
	r := t.book(party("guest-1"))
	t.all(t.onProperty(t.Ctx, me, HotelID), nil)
	f, err := t.store.Facts(t.Ctx, me, reservation.Ask{ID: r.ID, At: Morning()})
	t.OK("Facts", err)
	if f == nil || f.Property == nil || f.Property.ID != HotelID {
		t.Failf("Facts of one's own reservation lack the property")
	}
}

func unknownRecord(t *trial) {
	t.all(t.onRecord(t.Ctx, t.scope(), t.NewID()), innards.ErrNotFound)
	t.all(t.onProperty(t.Ctx, t.scope(), "nowhere"), innards.ErrNotFound)
}

func commitOutsideScope(t *trial) {
	r := t.book(party("guest-1"))
	for _, a := range []innards.Actor{stranger(), staffOf(sisterID), guestOf("guest-2")} {
		amend, create := t.Amend(r, Guest("Somebody else")), t.Create()
		amend.Scope, create.Scope = a.Scope(), a.Scope()
		t.refused(amend, innards.ErrNotFound)
		t.refused(create, innards.ErrNotFound)
	}
	p := t.Property(t.property(HotelID))
	p.Scope = stranger().Scope()
	before := t.look()
	t.Is("CommitProperty", t.store.CommitProperty(t.Ctx, p), innards.ErrNotFound)
	t.Equal("what is stored", t.look(), before)
}

func cancelledContext(t *trial) {
	c := t.Create()
	t.Tell(&c.Entry, "told")
	r := t.commit(c)
	before := t.look()
	ctx, cancel := context.WithCancel(t.Ctx)
	cancel()
	outcomes := slices.Concat(t.onRecord(ctx, t.scope(), r.ID), t.onProperty(ctx, t.scope(), HotelID),
		t.onScope(ctx, t.scope()), t.commits(ctx, t.scope()), t.unscoped(ctx))
	for _, o := range outcomes {
		if o.err == nil {
			t.Failf("%s: no error", o.method)
		}
	}
	t.Equal("what is stored", t.look(), before)
}
