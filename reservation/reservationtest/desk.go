package reservationtest

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/storecheck"
	"github.com/innards-go/innards/reservation"
)

// A Desk makes changes by hand, so that a store can be tested without the service. It knows no rules: what it is told
// becomes a change. Its methods Seal, Tell and Remember add to the entry of a change. It is safe for concurrent use. Use
// [NewDesk].
type Desk struct {
	*storecheck.Clerk
	numbers atomic.Int64
}

// NewDesk returns the desk of [Hotel], with its [Staff], in the [Morning]. The same seed gives the same ids.
func NewDesk(seed uint64) *Desk { return &Desk{Clerk: storecheck.NewClerk(Morning(), seed)} }

// An Edit changes a reservation.
type Edit func(*reservation.Reservation)

// Draft returns a new reservation of [Hotel] as edited: one night from the [BusinessDate] on in a [Double] without a
// room, if the edits do not say otherwise.
func (d *Desk) Draft(edits ...Edit) reservation.Reservation {
	r := reservation.Reservation{
		ID: d.NewID(), Tenant: d.Actor.Tenant, Property: HotelID, Number: strconv.FormatInt(1000+d.numbers.Add(1), 10),
		Confirmation: reservation.Unconfirmed, Guarantee: reservation.NotGuaranteed, Occupancy: reservation.Expected,
		Commitment: reservation.Definite, Revision: 1, Adults: 2,
		Guest:  reservation.Person{Name: "Elena Todorova", Email: "elena@example.com"},
		Source: reservation.SourceFrontDesk, CreatedAt: d.Clock.Now(),
		Paid: Euro(0), Authorised: Euro(0),
	}
	Stay(0, 1, Double, "")(&r)
	for _, edit := range edits {
		edit(&r)
	}
	return r
}

// Stay sets the nights, at 100.00 EUR each: from days after the [BusinessDate] on, in rooms of the type, in the room
// unless it is empty. A stay of 0 nights is a day use.
func Stay(from, nights int, roomType, room string) Edit {
	return func(r *reservation.Reservation) {
		r.Arrival = BusinessDate().AddDays(from)
		r.Departure, r.Type, r.Nights = r.Arrival.AddDays(nights), roomType, nil
		for i := range max(nights, 1) {
			n := reservation.Night{Date: r.Arrival.AddDays(i), Slot: reservation.SlotNight, Type: roomType, Room: room, Price: Euro(10000)}
			if nights == 0 {
				n.Slot = reservation.SlotDayUse
			}
			r.Nights = append(r.Nights, n)
		}
	}
}

// Option makes it an option until the instant.
func Option(until time.Time) Edit {
	return func(r *reservation.Reservation) { r.Commitment, r.ReleaseAt = reservation.Optional, &until }
}

// Guest sets the guest's name.
func Guest(name string) Edit {
	return func(r *reservation.Reservation) { r.Guest.Name = name }
}

// Void sets an occupancy in which nothing of the inventory is held.
func Void(o reservation.Occupancy) Edit {
	return func(r *reservation.Reservation) { r.Occupancy, r.ReleasedFrom, r.InRoom = o, r.Arrival, "" }
}

// InRoom checks the guest in.
func InRoom(room string) Edit {
	return func(r *reservation.Reservation) { r.Occupancy, r.InRoom = reservation.CheckedIn, room }
}

// Create returns the change that makes a draft as edited.
func (d *Desk) Create(edits ...Edit) *reservation.Change {
	return d.change(reservation.Reservation{}, d.Draft(edits...))
}

// Amend returns the change of a stored reservation as edited. The edits must replace slices and maps, not change them.
func (d *Desk) Amend(before reservation.Reservation, edits ...Edit) *reservation.Change {
	after := before
	for _, edit := range edits {
		edit(&after)
	}
	return d.change(before, after)
}

func (d *Desk) change(before, after reservation.Reservation) *reservation.Change {
	head := innards.Head{
		Kind: reservation.Kind, ID: after.ID, Tenant: after.Tenant, Property: after.Property, Party: before.Party,
		Version: before.Version, Hash: before.Hash, Now: d.Clock.Now(), BusinessDate: BusinessDate(),
	}
	c := &reservation.Change{Before: before, After: after, Free: before.Claims(), Take: after.Claims()}
	c.Head = head
	c.Event.Command, c.Event.Payload = "amend", []byte(`{}`)
	c.Event.Private = []byte(`{"reason":"the guest asked"}`)
	c.Event.Moves = []innards.Move{{Axis: "occupancy", From: string(before.Occupancy), To: string(after.Occupancy)}}
	d.Seal(&c.Entry)
	return c
}

// Property returns the change that stores the property as it is given: the version and hash are those that it was read
// with, or zero.
func (d *Desk) Property(p reservation.Property) *reservation.PropertyChange {
	head := innards.Head{
		Kind: reservation.PropertyKind, ID: p.ID, Tenant: p.Tenant, Property: p.ID, Version: p.Version, Hash: p.Hash,
		Now: d.Clock.Now(), BusinessDate: p.BusinessDate,
	}
	c := &reservation.PropertyChange{Entry: innards.Entry{Head: head}, After: p}
	c.Event.Command, c.Event.Payload = "put_property", []byte(`{}`)
	d.Seal(&c.Entry)
	return c
}
