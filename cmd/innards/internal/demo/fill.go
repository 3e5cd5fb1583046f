// Package demo invents a small hotel: a year of its life around today, led through the real commands, so that every status
// and list has something to show.
package demo

import (
	"cmp"
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

// ErrInUse is returned for a database that holds other hotels: inventing one beside them would be no help.
var ErrInUse = errors.New("the database holds other properties")

// Fill opens the demo hotel, unless it is there. From noon on the same day gives the same hotel; before, what is done in the
// morning is done by now, since nothing in it is later.
func Fill(ctx context.Context, store reservation.Store, folio reservation.Folio, tenant string, now time.Time) error {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	f := &filler{
		ctx: ctx, today: innards.DateOf(now.In(location)), location: location, now: now,
		actor: innards.Actor{ID: "system:demo", Tenant: tenant, Rights: []innards.Right{"*"}},
	}
	f.clock.set(f.at(firstBooking, 8*60))
	f.service, err = reservation.NewService(store, reservation.Options{Clock: f.clock.now, Random: seeded("ids", f.today), Folio: folio})
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

// seeded returns the same random bytes for the same use and day.
func seeded(use string, day innards.Date) *rand.ChaCha8 {
	return rand.NewChaCha8([32]byte(fmt.Appendf(nil, "%-32.32s", "innards "+use+" "+day.String())))
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
}

// at returns an instant of a day from today.
func (f *filler) at(day, minute int) time.Time {
	return f.today.AddDays(day).At(innards.TimeOfDay(minute), f.location)
}

// wait lets time pass until the minute of the day, but never later than it is, and never back.
func (f *filler) wait(day, minute int) {
	next := f.at(day, minute)
	if before := f.clock.now(); next.Before(before) {
		next = before
	}
	if next.After(f.now) {
		next = f.now
	}
	f.clock.set(next)
}

// fill lives the year up to today, day by day.
func (f *filler) fill() error {
	for _, in := range hotel(f.today.AddDays(firstDay)) {
		if err := f.property(in); err != nil {
			return err
		}
	}
	stays, err := newPlan(f.today, f.location, rand.New(seeded("plan", f.today)))
	if err != nil {
		return err
	}
	steps := map[int][]todo{}
	for _, s := range stays {
		for _, next := range s.steps {
			steps[next.day] = append(steps[next.day], todo{s, next})
		}
	}
	for day := firstBooking; day <= 0; day++ {
		n := 0
		for n < len(stays) && stays[n].booked == day {
			n++
		}
		if err := f.live(day, stays[:n], steps[day]); err != nil {
			return fmt.Errorf("day %d: %w", day, err)
		}
		stays = stays[n:]
	}
	return nil
}

// A todo is a step with its stay.
type todo struct {
	*stay
	step step
}

// live lives a day: what the hotel does, the bookings, what is done to the stays, and the night audit.
func (f *filler) live(day int, booked []*stay, steps []todo) error {
	f.wait(day, 8*60)
	for _, in := range f.chores(day) {
		if err := f.property(in); err != nil {
			return err
		}
	}
	if err := f.book(booked); err != nil {
		return err
	}
	slices.SortStableFunc(steps, func(a, b todo) int { return cmp.Compare(a.step.minute, b.step.minute) })
	for _, t := range steps {
		f.wait(day, t.step.minute)
		if err := f.do(t); err != nil {
			return fmt.Errorf("%s in %s, %v: %w", t.step.intent.Name(), t.room, t.trip, err)
		}
	}
	if day < firstDay || day == 0 {
		return nil
	}
	f.wait(day, 23*60)
	return f.property(reservation.CloseDay{Date: f.today.AddDays(day)})
}

// chores returns what the hotel does in the morning of the day.
func (f *filler) chores(day int) []reservation.PropertyIntent {
	switch day {
	case closedFrom:
		return []reservation.PropertyIntent{closeRooms()}
	case 0:
		return []reservation.PropertyIntent{thanks()}
	}
	return nil
}

func (f *filler) property(in reservation.PropertyIntent) error {
	_, err := f.service.DoProperty(f.ctx, innards.Command{Actor: f.actor}, Property, in)
	return err
}

func (f *filler) do(t todo) error {
	by := innards.Command{Actor: f.actor, Reason: t.step.reason}
	if t.step.override != "" {
		by.Override = []innards.Code{t.step.override}
	}
	_, err := f.service.Do(f.ctx, by, t.id, t.step.intent)
	return err
}

// book makes the bookings of a day, all at once but those that overbook.
func (f *filler) book(stays []*stay) error {
	var list []reservation.Creation
	var made []*stay
	for _, s := range stays {
		if s.overbooks {
			if err := f.overbook(s); err != nil {
				return err
			}
			continue
		}
		list, made = append(list, reservation.Creation{Create: s.create}), append(made, s)
	}
	for i, created := range f.service.CreateMany(f.ctx, innards.Command{Actor: f.actor}, list) {
		if created.Err != nil {
			return fmt.Errorf("%v: %w", made[i].trip, created.Err)
		}
		made[i].id = created.Receipt.ID
	}
	return nil
}

func (f *filler) overbook(s *stay) error {
	by := innards.Command{Actor: f.actor, Override: []innards.Code{reservation.SoldOut.Code}, Reason: "a regular guest; somebody always cancels"}
	receipt, err := f.service.Do(f.ctx, by, "", s.create)
	s.id = receipt.ID
	return err
}
