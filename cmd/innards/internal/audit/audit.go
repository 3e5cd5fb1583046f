// Package audit checks a database: the file itself, every history against the record it belongs to, and what must hold
// between records.
package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// A Sum is what an audit has looked at.
type Sum struct {
	Properties, Reservations, Events, Problems int
}

// An Audit checks one database.
type Audit struct {
	DB      *bunstore.DB
	Store   reservation.Store
	Service *reservation.Service
	Now     innards.Clock
	// Found is told every problem, Looked is called for every record.
	Found  func(problem string)
	Looked func()

	sum Sum
}

var tenants = bunstore.Both("SELECT DISTINCT tenant FROM innards_property ORDER BY tenant")

// Run checks everything. It returns an error only if the check itself could not be carried out.
func (a *Audit) Run(ctx context.Context) (Sum, error) {
	if err := a.checkFile(ctx); err != nil {
		return a.sum, err
	}
	var names []string
	err := bunstore.On(a.DB).Rows(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}, tenants)
	if err != nil {
		return a.sum, err
	}
	for _, name := range names {
		if err := a.tenant(ctx, innards.Actor{ID: "system:check", Tenant: name}); err != nil {
			return a.sum, err
		}
	}
	return a.sum, nil
}

func (a *Audit) found(format string, args ...any) {
	a.sum.Problems++
	a.Found(fmt.Sprintf(format, args...))
}

// checkFile asks SQLite about its file. PostgreSQL checks its pages itself, if it was set up to.
func (a *Audit) checkFile(ctx context.Context) error {
	err := a.DB.CheckIntegrity(ctx)
	if errors.Is(err, innards.ErrCorrupt) {
		a.found("the file: %v", err)
		return nil
	}
	return err
}

func (a *Audit) tenant(ctx context.Context, actor innards.Actor) error {
	properties, err := a.Service.Properties(ctx, actor)
	if err != nil {
		return err
	}
	for _, p := range properties {
		a.sum.Properties++
		if _, err := a.history(ctx, actor, p.ID, p.Version, p.Hash); err != nil {
			return err
		}
		if err := a.property(ctx, actor, p); err != nil {
			return err
		}
	}
	return nil
}

func (a *Audit) property(ctx context.Context, actor innards.Actor, p *reservation.Property) error {
	return a.Service.Each(ctx, actor, reservation.Search{Property: p.ID}, func(r reservation.Reservation) error {
		a.sum.Reservations++
		a.Looked()
		events, err := a.history(ctx, actor, r.ID, r.Version, r.Hash)
		if err != nil {
			return err
		}
		a.replay(&r, events)
		return a.claims(ctx, actor, &r)
	})
}

// historyPage is how many events are read at once.
const historyPage = 1000

// history checks a record's chain of events and returns them.
func (a *Audit) history(ctx context.Context, actor innards.Actor, id string, version int64, head innards.Hash) ([]innards.Event, error) {
	var all []innards.Event
	for after := int64(0); ; after = all[len(all)-1].Sequence {
		events, err := a.Store.History(ctx, actor.Scope(), id, after, historyPage)
		if err != nil {
			return nil, err
		}
		all = append(all, events...)
		if len(events) < historyPage {
			break
		}
	}
	a.sum.Events += len(all)
	if broken, ok := errors.AsType[*innards.HistoryError](innards.VerifyHistory(id, version, head, all)); ok {
		a.found("%s", broken.Error())
	}
	return all, nil
}

// replay compares the reservation with what its history says of it.
func (a *Audit) replay(r *reservation.Reservation, events []innards.Event) {
	told, err := reservation.Replay(events)
	if err != nil {
		a.found("reservation %s: %v", r.ID, err)
		return
	}
	for _, c := range []struct {
		what         string
		stored, told any
	}{
		{"confirmation", r.Confirmation, told.Confirmation},
		{"guarantee", r.Guarantee, told.Guarantee},
		{"occupancy", r.Occupancy, told.Occupancy},
		{"commitment", r.Commitment, told.Commitment},
		{"arrival", r.Arrival, told.Arrival},
		{"departure", r.Departure, told.Departure},
		{"number", r.Number, told.Number},
		{"room", r.InRoom, told.InRoom},
		{"nights", fmt.Sprint(r.Nights), fmt.Sprint(told.Nights)},
		{"deposit", r.Paid.String(), told.Paid.String()},
	} {
		if c.stored != c.told {
			a.found("reservation %s: its %s is %v, but its history says %v", r.ID, c.what, c.stored, c.told)
		}
	}
}

// A claimed is what of a claim can be compared.
type claimed struct {
	date       innards.Date
	slot       reservation.Slot
	room, kind string
}

// claims compares the nights that the reservation should hold with those that it does.
func (a *Audit) claims(ctx context.Context, actor innards.Actor, r *reservation.Reservation) error {
	now := a.Now()
	held, err := a.Store.Held(ctx, actor.Scope(), r.Property, r.Arrival, r.Departure.AddDays(1), now)
	if err != nil {
		return err
	}
	due := map[claimed]bool{}
	if r.Blocks(now) {
		for _, c := range r.Claims() {
			due[claimed{c.Date, c.Slot, c.Room, c.Type}] = true
		}
	}
	for _, h := range held {
		c := claimed{h.Date, h.Slot, h.Room, h.Type}
		switch {
		case h.Reservation != r.ID:
		case due[c]:
			delete(due, c)
		default:
			a.found("reservation %s holds %s %s on %s, which it should not", r.ID, h.Type, h.Room, h.Date)
		}
	}
	for c := range due {
		a.found("reservation %s does not hold %s %s on %s", r.ID, c.kind, c.room, c.date)
	}
	return nil
}
