// Package audit checks a database: the file itself, every history against the record it belongs to, and what must hold
// between records.
package audit

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

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

var (
	tenants        = bunstore.Both("SELECT DISTINCT tenant FROM innards_property ORDER BY tenant")
	propertyIDs    = bunstore.Both("SELECT id FROM innards_property WHERE tenant = ? ORDER BY id")
	reservationIDs = bunstore.Both("SELECT id FROM innards_reservation WHERE tenant = ? AND id > ? ORDER BY id LIMIT 200")
)

// Run checks everything. It returns an error only if the check itself could not be carried out.
func (a *Audit) Run(ctx context.Context) (Sum, error) {
	if err := a.checkFile(ctx); err != nil {
		return a.sum, err
	}
	names, err := a.texts(ctx, tenants)
	if err != nil {
		return a.sum, err
	}
	for _, name := range names {
		if err := a.tenant(ctx, innards.Actor{ID: "system:check", Tenant: name}); err != nil {
			return a.sum, err
		}
	}
	return a.sum, a.checkTables(ctx)
}

// texts returns the only column that the statement finds.
func (a *Audit) texts(ctx context.Context, find *bunstore.Stmt, args ...any) (all []string, err error) {
	err = bunstore.On(a.DB).Rows(ctx, func(rows *sql.Rows) error {
		var text string
		err := rows.Scan(&text)
		all = append(all, text)
		return err
	}, find, args...)
	return all, err
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

// tenant looks at the records of a tenant by the ids of their rows, so that one that cannot be read hides no other.
func (a *Audit) tenant(ctx context.Context, actor innards.Actor) error {
	ids, err := a.texts(ctx, propertyIDs, actor.Tenant)
	if err != nil {
		return err
	}
	known := map[string]*reservation.Property{}
	for _, id := range ids {
		a.sum.Properties++
		if err := a.settle("property "+id, func() (*look, error) { return a.property(ctx, actor, id, known) }); err != nil {
			return err
		}
	}
	for after := ""; ; {
		ids, err := a.texts(ctx, reservationIDs, actor.Tenant, after)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := a.reservations(ctx, actor, ids, known); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// property looks at a property and its history, and adds it to those that are known.
func (a *Audit) property(ctx context.Context, actor innards.Actor, id string, known map[string]*reservation.Property) (*look, error) {
	p, err := a.Service.Property(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	known[p.ID] = p
	l := &look{}
	_, err = a.history(ctx, l, actor, reservation.PropertyKind, p.ID, p.Version, p.Hash)
	return l, err
}

func (a *Audit) reservations(ctx context.Context, actor innards.Actor, ids []string, known map[string]*reservation.Property) error {
	for _, id := range ids {
		a.sum.Reservations++
		a.Looked()
		err := a.settle("reservation "+id, func() (*look, error) { return a.reservation(ctx, actor, id, known) })
		if err != nil {
			return err
		}
	}
	return nil
}

// reservation looks at a reservation, its history, its nights, and by what it is found.
func (a *Audit) reservation(ctx context.Context, actor innards.Actor, id string, known map[string]*reservation.Property) (*look, error) {
	stored, err := a.Service.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	l, r := &look{}, &stored
	events, err := a.history(ctx, l, actor, reservation.Kind, r.ID, r.Version, r.Hash)
	if err != nil {
		return l, err
	}
	l.replay(r, events)
	p := known[r.Property]
	if p != nil { // the nights cannot be read without their property
		if err := a.claims(ctx, l, actor, r); err != nil {
			return l, err
		}
	}
	if err := a.summary(ctx, l, actor, r); err != nil {
		return l, err
	}
	return l, a.index(ctx, l, r, p)
}

// A look is what one look at a record has found.
type look struct {
	version  int64
	events   int
	problems []string
}

func (l *look) found(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

// settle examines a record and, if something is wrong, again until it finds the same of the same version: what was changed
// between one reading and the next is no problem. One that cannot be read is a problem too.
func (a *Audit) settle(record string, examine func() (*look, error)) error {
	for before := (*look)(nil); ; {
		l, err := examine()
		if errors.Is(err, innards.ErrCorrupt) {
			a.found("%s: %v", record, err)
			return nil
		}
		if err != nil {
			return err
		}
		if len(l.problems) == 0 || before != nil && l.version == before.version && slices.Equal(l.problems, before.problems) {
			a.sum.Events += l.events
			for _, problem := range l.problems {
				a.found("%s", problem)
			}
			return nil
		}
		before = l
	}
}

// historyPage is how many events are read at once.
const historyPage = 1000

// history checks a record's chain of events and returns them.
func (a *Audit) history(ctx context.Context, l *look, actor innards.Actor, kind, id string, version int64, head innards.Hash) ([]innards.Event, error) {
	var all []innards.Event
	for after := int64(0); ; after = all[len(all)-1].Sequence {
		events, err := a.Store.History(ctx, actor.Scope(), kind, id, after, historyPage)
		if err != nil {
			return nil, err
		}
		all = append(all, events...)
		if len(events) < historyPage {
			break
		}
	}
	l.version, l.events = version, len(all)
	if broken, ok := errors.AsType[*innards.HistoryError](innards.VerifyHistory(id, version, head, all)); ok {
		l.found("%s", broken.Error())
	}
	return all, nil
}

// replay compares the reservation with what its history says of it.
func (l *look) replay(r *reservation.Reservation, events []innards.Event) {
	told, err := reservation.Replay(events)
	if err != nil {
		l.found("reservation %s: %v", r.ID, err)
		return
	}
	told.Version = r.Version // the chain was checked already
	l.compare(r.ID, "its %s is %s, but its history says %s", r.Replayed(), told)
}

// compare reports every field in which two accounts of a reservation differ: its name, and what it is in the one and the
// other.
func (l *look) compare(id, format string, one, other any) {
	a, b := fields(one), fields(other)
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if a[name] != b[name] {
			l.found("reservation %s: "+format, id, name, cmp.Or(a[name], "not there"), cmp.Or(b[name], "not there"))
		}
	}
}

// fields returns the fields of a value by name, each as JSON.
func fields(of any) map[string]string {
	var raw map[string]json.RawMessage
	text, err := json.Marshal(of)
	if err == nil {
		err = json.Unmarshal(text, &raw)
	}
	all := map[string]string{}
	if err != nil {
		all["form"] = err.Error()
	}
	for name, value := range raw {
		all[name] = string(value)
	}
	return all
}

// A claimed is what of a claim can be compared.
type claimed struct {
	date       innards.Date
	slot       reservation.Slot
	room, kind string
}

// claims compares the nights that the reservation should hold with those that it does.
func (a *Audit) claims(ctx context.Context, l *look, actor innards.Actor, r *reservation.Reservation) error {
	now := a.Now()
	held, err := a.Store.Held(ctx, actor.Scope(), r.Property, r.Arrival, r.Departure.AddDays(1), now)
	if err != nil {
		return err
	}
	var due []claimed
	if !r.Lapsed(now) {
		for _, c := range r.Claims() {
			due = append(due, claimed{c.Date, c.Slot, c.Room, c.Type})
		}
	}
	for _, h := range held {
		i := slices.Index(due, claimed{h.Date, h.Slot, h.Room, h.Type})
		switch {
		case h.Reservation != r.ID:
		case i >= 0:
			due = slices.Delete(due, i, i+1)
		default:
			l.found("reservation %s holds %s %s on %s, which it should not", r.ID, h.Type, h.Room, h.Date)
		}
	}
	for _, c := range due {
		l.found("reservation %s does not hold %s %s on %s", r.ID, c.kind, c.room, c.date)
	}
	return nil
}
