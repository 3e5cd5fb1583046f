// Package demo invents a small hotel: some three weeks of its life up to today, led through the real commands, so that
// every status and list has something to show.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// firstDay is when the hotel opens, in days from today.
const firstDay = -20

// ErrInUse is returned for a database that holds other hotels: inventing one beside them would be no help.
var ErrInUse = errors.New("the database holds other properties")

// Fill opens the demo hotel, unless it is there. The same day gives the same hotel.
func Fill(ctx context.Context, store reservation.Store, folio reservation.Folio, tenant string, now time.Time) error {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	f := &filler{
		ctx: ctx, today: innards.DateOf(now.In(location)), location: location, now: now,
		actor: innards.Actor{ID: "system:demo", Tenant: tenant, Rights: []innards.Right{"*"}},
	}
	f.clock.set(f.today.AddDays(firstDay).At(8*60, location))
	random := rand.NewChaCha8([32]byte([]byte(fmt.Sprintf("%-32s", "innards demo "+f.today.String()))))
	f.service, err = reservation.NewService(store, reservation.Options{Clock: f.clock.now, Random: random, Folio: folio})
	if err != nil {
		return err
	}
	properties, err := f.service.Properties(ctx, f.actor)
	switch {
	case err != nil:
		return err
	case len(properties) == 0:
		return f.fill()
	case slices.ContainsFunc(properties, func(p *reservation.Property) bool { return p.ID == Property }):
		return nil
	}
	return ErrInUse
}

// A clock shows what it was set to.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

type filler struct {
	ctx      context.Context
	service  *reservation.Service
	actor    innards.Actor
	clock    clock
	today    innards.Date
	location *time.Location
	now      time.Time
	stays    []stay
}

// A stay is a booking that was made.
type stay struct {
	booking
	id string
}

func (f *filler) fill() error {
	for _, in := range hotel(f.today.AddDays(firstDay)) {
		if err := f.property(in); err != nil {
			return err
		}
	}
	bookings := plan()
	for day := firstDay; day <= 0; day++ {
		f.clock.set(f.today.AddDays(day).At(8*60, f.location))
		for i, b := range bookings {
			if b.booked == day {
				if err := f.book(i, b); err != nil {
					return fmt.Errorf("booking %d: %w", i, err)
				}
			}
		}
		for _, s := range f.stays {
			if err := f.live(s, day); err != nil {
				return fmt.Errorf("stay %s on day %d: %w", s.id, day, err)
			}
		}
		if day < 0 {
			if err := f.property(reservation.CloseDay{Date: f.today.AddDays(day)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// command lets some minutes pass before each command, but never later than it is.
func (f *filler) command() innards.Command {
	next := f.clock.now().Add(4 * time.Minute)
	if next.After(f.now) {
		next = f.now
	}
	f.clock.set(next)
	return innards.Command{Actor: f.actor}
}

func (f *filler) property(in reservation.PropertyIntent) error {
	_, err := f.service.DoProperty(f.ctx, f.command(), Property, in)
	return err
}

func (f *filler) do(id string, in reservation.Intent) error {
	_, err := f.service.Do(f.ctx, f.command(), id, in)
	return err
}

func (f *filler) book(i int, b booking) error {
	in, err := f.create(i, b)
	if err != nil {
		return err
	}
	receipt, err := f.service.Do(f.ctx, f.command(), "", in)
	if err != nil {
		return err
	}
	f.stays = append(f.stays, stay{b, receipt.ID})
	if b.confirmed && receipt.Confirmation != reservation.Confirmed {
		if err := f.do(receipt.ID, reservation.MarkConfirmed{Note: "by telephone"}); err != nil {
			return err
		}
	}
	if b.guaranteed && receipt.Guarantee != reservation.Guaranteed {
		in := reservation.GuaranteeBy{Trigger: reservation.TriggerManual, Method: reservation.MethodCard, Note: "card seen at the desk"}
		if err := f.do(receipt.ID, in); err != nil {
			return err
		}
	}
	if b.assigned {
		return f.room(b, func(room string) error { return f.do(receipt.ID, reservation.AssignRoom{Room: room}) })
	}
	return nil
}

func (f *filler) create(i int, b booking) (reservation.Create, error) {
	t := types[b.roomType]
	price, err := euro(t.cents + int64(i%5)*350)
	c := reservation.Create{
		Property: Property, Arrival: f.today.AddDays(b.arrives), Departure: f.today.AddDays(b.arrives + b.nights), Type: t.id,
		Adults: 1 + i%min(t.sleeps, 2), Guest: guest(i), Source: sources[i%len(sources)], Segment: segments[i%len(segments)],
		Commitment: b.commitment, Prices: []innards.Money{price}, GuaranteePolicy: b.guarantee, CancellationPolicy: b.cancellation,
	}
	if t.sleeps > 3 {
		c.Children = i % 3
	}
	if c.Source == reservation.SourceChannelManager {
		c.Channel = &reservation.Channel{Name: "Booking portal", Reference: fmt.Sprintf("BP-%05d", 20_000+37*i)}
	}
	if b.commitment == reservation.Optional {
		release := c.Arrival.AddDays(-7).At(18*60, f.location)
		c.ReleaseAt = &release
	}
	return c, err
}

// live leads a stay through one day.
func (f *filler) live(s stay, day int) error {
	arrives, leaves := s.arrives == day, s.arrives+s.nights == day
	switch {
	case s.fate == cancels && (day == s.arrives-3 || day == 0 && s.arrives > 3):
		return f.do(s.id, reservation.Cancel{Reason: reservation.ReasonGuest, Note: "plans changed"})
	case s.fate == misses && day == s.arrives+1:
		return f.do(s.id, reservation.MarkNoShow{})
	case s.fate == cancels || s.fate == misses || s.fate == comesLate:
		return nil
	case arrives && day < 0:
		return f.room(s.booking, func(room string) error { return f.do(s.id, reservation.CheckIn{Room: room}) })
	case leaves && day < 0 && s.fate != stays:
		return f.do(s.id, reservation.CheckOut{})
	}
	return nil
}

// room tries the rooms of the booked type until one will do.
func (f *filler) room(b booking, try func(room string) error) error {
	t := types[b.roomType]
	var err error
	for n := range t.rooms {
		if err = try(fmt.Sprint(100*t.floor + n + 1)); len(innards.Codes(err)) == 0 {
			return err
		}
	}
	return err
}
