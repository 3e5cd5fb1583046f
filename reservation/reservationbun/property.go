package reservationbun

import (
	"context"
	"database/sql"
	"errors"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// propertyScope: an actor who is confined to a party sees the properties too.
var propertyScope = bunstore.Confine{Tenant: "p.tenant", Property: "p.id"}

var (
	findProperty = propertyScope.Stmt("SELECT p.doc FROM innards_property p WHERE p.id = ? AND {scope}")
	// freshProperty reads no document of a version that is known.
	freshProperty  = propertyScope.Stmt("SELECT CASE WHEN p.version <> ? THEN p.doc END FROM innards_property p WHERE p.id = ? AND {scope}")
	allProperties  = propertyScope.Stmt("SELECT p.doc FROM innards_property p WHERE {scope} ORDER BY p.id")
	insertProperty = bunstore.Both("INSERT INTO innards_property (doc, version, tenant, id) VALUES (?, ?, ?, ?)")
	updateProperty = bunstore.Both("UPDATE innards_property SET doc = ?, version = ? WHERE tenant = ? AND id = ? AND version = ?")
)

// Property implements [reservation.Store].
func (s *Store) Property(ctx context.Context, scope innards.Scope, id string) (*reservation.Property, error) {
	if err := scope.Err(); err != nil {
		return nil, err
	}
	known := s.properties.latest(scope.Tenant(), id)
	version := int64(0)
	if known != nil {
		version = known.Version
	}
	var doc []byte
	st, args := freshProperty.For(scope, version, id)
	if err := s.on.Row(ctx, []any{&doc}, st, args...); err != nil {
		return nil, err
	}
	if doc == nil {
		return known, nil
	}
	p, err := parseProperty(doc)
	if err == nil && !s.on.Hosted() { // what the host's transaction has written may never be committed
		s.properties.keep(p)
	}
	return p, err
}

func readProperty(ctx context.Context, from bunstore.Reader, scope innards.Scope, id string) (*reservation.Property, error) {
	var doc []byte
	st, args := findProperty.For(scope, id)
	if err := from.Row(ctx, []any{&doc}, st, args...); err != nil {
		return nil, err
	}
	return parseProperty(doc)
}

// Properties implements [reservation.Store].
func (s *Store) Properties(ctx context.Context, scope innards.Scope) (all []*reservation.Property, err error) {
	if err := scope.Err(); err != nil {
		return nil, err
	}
	st, args := allProperties.For(scope)
	err = s.on.Rows(ctx, func(rows *sql.Rows) error {
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return err
		}
		p, err := parseProperty(doc)
		all = append(all, p)
		return err
	}, st, args...)
	return all, err
}

// PropertyFacts implements [reservation.Store].
func (s *Store) PropertyFacts(ctx context.Context, scope innards.Scope, ask reservation.Ask) (*reservation.PropertyFacts, error) {
	if err := scope.Err(); err != nil {
		return nil, err
	}
	if !scope.Sees(scope.Tenant(), ask.ID, scope.Party()) {
		return nil, innards.ErrNotFound
	}
	f := &reservation.PropertyFacts{Head: innards.Head{
		Kind: reservation.PropertyKind, ID: ask.ID, Tenant: scope.Tenant(), Property: ask.ID, Now: ask.At,
	}}
	err := s.on.Snapshot(ctx, func(ctx context.Context, c *bunstore.Conn) (err error) {
		if f.Prior, err = s.on.Prior(ctx, c, scope, ask.Key); err != nil {
			return err
		}
		p, err := readProperty(ctx, c, scope, ask.ID)
		if errors.Is(err, innards.ErrNotFound) {
			return nil
		}
		if err == nil {
			f.Property, f.Version, f.Hash, f.BusinessDate = p, p.Version, p.Hash, p.BusinessDate
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// CommitProperty implements [reservation.Store].
func (s *Store) CommitProperty(ctx context.Context, c *reservation.PropertyChange) error {
	if err := c.Scope.Err(); err != nil {
		return err
	}
	if !c.Scope.Sees(c.After.Tenant, c.After.ID, "") {
		return innards.ErrNotFound
	}
	p := c.After
	p.Version, p.Hash = c.Event.Sequence, c.Event.Hash
	doc, err := documentOf(&p)
	if err != nil {
		return err
	}
	record, err := s.on.Encode(&c.Entry, "", false)
	if err != nil {
		return err
	}
	return s.on.Write(ctx, bunstore.Work{Run: func(ctx context.Context, conn *bunstore.Conn) error {
		if err := record.CheckKey(ctx, conn); err != nil {
			return err
		}
		if err := writeProperty(ctx, conn, &p, c.Head.Version, doc); err != nil {
			return err
		}
		if err := wake(ctx, conn, &p, c.Wake); err != nil {
			return err
		}
		return record.Write(ctx, conn)
	}})
}

func writeProperty(ctx context.Context, conn *bunstore.Conn, p *reservation.Property, before int64, doc string) error {
	if before == 0 {
		return conn.Write(ctx, insertProperty, doc, p.Version, p.Tenant, p.ID)
	}
	return conn.Write(ctx, updateProperty, doc, p.Version, p.Tenant, p.ID, before)
}

// wake sets the due time of those reservations of the property for which the condition holds.
func wake(ctx context.Context, conn *bunstore.Conn, p *reservation.Property, w *reservation.Wake) error {
	if w == nil {
		return nil
	}
	where, err := render(w.Where)
	if err != nil {
		return err
	}
	text := "UPDATE innards_reservation AS r SET due_at = ? WHERE r.tenant = ? AND r.property = ? AND " + where.text
	args := append([]any{bunstore.Micros(w.At), p.Tenant, p.ID}, where.args...)
	_, err = conn.ExecOnce(ctx, text, args...)
	return err
}
