package reservationtest

import (
	"context"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/internal/storecheck"
	"github.com/innards-go/innards/reservation"
)

// A trial drives a store for one promise.
type trial struct {
	*storecheck.Trial
	*Desk
	store reservation.Store
}

// What there is beside [Hotel]: another hotel of the company, and the hotel of another company. Both have its rooms.
const (
	sisterID  = storecheck.Sister
	strangers = storecheck.Strangers
	strangeID = storecheck.Strange
)

// begin stores the hotels.
func begin(ctx context.Context, store reservation.Store) *trial {
	t := &trial{Trial: &storecheck.Trial{Ctx: ctx}, Desk: NewDesk(1), store: store}
	t.Options = cmp.Options{cmpopts.IgnoreUnexported(reservation.Property{})}
	sister := Hotel()
	sister.ID = sisterID
	t.put(sister)
	t.put(Hotel())
	t.as(stranger(), func() {
		strange := Hotel()
		strange.ID, strange.Tenant = strangeID, strangers
		t.put(strange)
	})
	return t
}

func stranger() innards.Actor { return storecheck.Staff(strangers) }

func guestOf(party string) innards.Actor {
	return innards.Actor{ID: "guest", Tenant: Tenant, Party: party}
}

func staffOf(property string) innards.Actor {
	a := Staff()
	a.Property = property
	return a
}

// as lets another actor do the steps.
func (t *trial) as(a innards.Actor, steps func()) {
	before := t.Actor
	t.Actor = a
	steps()
	t.Actor = before
}

func (t *trial) scope() innards.Scope { return t.Actor.Scope() }

// put stores a property and returns it as it is stored.
func (t *trial) put(p reservation.Property) reservation.Property {
	t.OK("CommitProperty of "+p.ID, t.store.CommitProperty(t.Ctx, t.Property(p)))
	return t.property(p.ID)
}

func (t *trial) property(id string) (p reservation.Property) {
	stored, err := t.store.Property(t.Ctx, t.scope(), id)
	t.OK("Property "+id, err)
	if stored != nil {
		p = *stored
	}
	return p
}

// book stores a draft as edited and returns it as it must be stored.
func (t *trial) book(edits ...Edit) reservation.Reservation { return t.commit(t.Create(edits...)) }

// amend stores the reservation as edited and returns it as it must be stored.
func (t *trial) amend(r reservation.Reservation, edits ...Edit) reservation.Reservation {
	return t.commit(t.Amend(r, edits...))
}

func (t *trial) commit(c *reservation.Change) reservation.Reservation {
	t.OK("Commit of "+c.Event.Command, t.store.Commit(t.Ctx, c))
	return stored(c)
}

// stored is the reservation of the change as it must be stored.
func stored(c *reservation.Change) reservation.Reservation {
	r := memstore.Copy(c.After)
	r.Version, r.Hash = c.Event.Sequence, c.Event.Hash
	return r
}

func (t *trial) read(id string) reservation.Reservation {
	r, err := t.store.Reservation(t.Ctx, t.scope(), id)
	t.OK("Reservation "+id, err)
	return r
}

func (t *trial) facts(ask reservation.Ask) *reservation.Facts {
	ask.At = t.Clock.Now()
	f, err := t.store.Facts(t.Ctx, t.scope(), ask)
	t.OK("Facts", err)
	if f == nil {
		f = &reservation.Facts{}
	}
	return f
}

// held returns what is held of the property in the fortnight from the [BusinessDate] on.
func (t *trial) held(property string) []reservation.HeldNight {
	held, err := t.store.Held(t.Ctx, t.scope(), property, BusinessDate(), BusinessDate().AddDays(14), t.Clock.Now())
	t.OK("Held", err)
	return held
}

// A picture is all that can be seen of a store through its methods.
type picture struct {
	Properties   []*reservation.Property
	Reservations []reservation.Reservation
	Events       []innards.Event
	Messages     []innards.Message
	Held         []reservation.HeldNight
	Taken        []takenBy
	Sold         []soldOf
	Due          []innards.Due
}

// far is later than anything in a trial.
func far() time.Time { return Morning().AddDate(10, 0, 0) }

// look takes a picture of what the actor's scope sees.
func (t *trial) look() (p picture) {
	var err error
	p.Properties, err = t.store.Properties(t.Ctx, t.scope())
	t.OK("Properties", err)
	page, err := t.store.Find(t.Ctx, t.scope(), reservation.Query{Limit: 1000})
	t.OK("Find", err)
	p.Reservations = page.Reservations
	p.Events, err = t.store.Feed(t.Ctx, t.scope(), 0, 1000)
	t.OK("Feed", err)
	for _, hotel := range p.Properties {
		p.Held = append(p.Held, t.held(hotel.ID)...)
		f := t.facts(reservation.Ask{Property: hotel.ID, Need: needAll})
		p.Taken, p.Sold = append(p.Taken, f.Taken), append(p.Sold, t.sold(f))
	}
	p.Due, err = t.store.Due(t.Ctx, far(), 1000)
	t.OK("Due", err)
	if t.Actor.Party == "" {
		p.Messages = t.messages()
	}
	return p
}

// messages returns what is in the outbox, and leaves it there.
func (t *trial) messages() []innards.Message {
	messages, err := t.store.Lease(t.Ctx, t.scope(), far(), far(), 1000)
	t.OK("Lease", err)
	for i := range messages {
		messages[i].Attempts = 0
	}
	return messages
}

// stale commits a change that must be stale, and checks that nothing of it was written.
func (t *trial) stale(c *reservation.Change) { t.refused(c, innards.ErrStale) }

// refused commits a change that must meet the error, and checks that nothing of it was written. The change is given
// more to write than it needs.
func (t *trial) refused(c *reservation.Change, want error) {
	t.Tell(&c.Entry, "half")
	if c.Answer == nil {
		t.Remember(&c.Entry, "half")
	}
	due := t.Clock.Now()
	c.Due = &due
	before := t.look()
	t.Is("Commit", t.store.Commit(t.Ctx, c), want)
	t.Equal("what is stored after the refused commit", t.look(), before)
	t.Equal("the answer that was kept", t.facts(reservation.Ask{Property: HotelID, Key: "half"}).Prior, (*innards.Answer)(nil))
}
