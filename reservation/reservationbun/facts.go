package reservationbun

import (
	"context"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

var rowScope = bunstore.Confine{Tenant: "r.tenant", Property: "r.property", Party: "r.party"}

const (
	storedTables = " FROM innards_reservation r JOIN innards_property p ON p.tenant = r.tenant AND p.id = r.property"
	newTables    = " FROM innards_property p"
)

var (
	findReservation = rowScope.Stmt("SELECT r.doc FROM innards_reservation r WHERE r.id = ? AND {scope}")

	factsOfStored = factsStmts{
		plain: rowScope.Stmt("SELECT r.doc, p.version" + storedTables + " WHERE r.id = ? AND {scope}"),
		keyed: rowScope.Stmt("SELECT r.doc, p.version, " + bunstore.AnswerColumns + storedTables + bunstore.AnswerJoin + " WHERE r.id = ? AND {scope}"),
	}
	factsOfNew = factsStmts{
		plain: propertyScope.Stmt("SELECT NULL, p.version" + newTables + " WHERE p.id = ? AND {scope}"),
		keyed: propertyScope.Stmt("SELECT NULL, p.version, " + bunstore.AnswerColumns + newTables + bunstore.AnswerJoin + " WHERE p.id = ? AND {scope}"),
	}
)

// factsStmts read facts in one statement: without an idempotency key, and with one.
type factsStmts struct{ plain, keyed *bunstore.Scoped }

// Reservation implements [reservation.Store].
func (s *Store) Reservation(ctx context.Context, scope innards.Scope, id string) (r reservation.Reservation, err error) {
	if err := scope.Err(); err != nil {
		return r, err
	}
	var doc []byte
	st, args := findReservation.For(scope, id)
	if err := s.on.Row(ctx, []any{&doc}, st, args...); err != nil {
		return r, err
	}
	return parseReservation(doc)
}

// Facts implements [reservation.Store]. Without a need it is one statement, which is a snapshot by itself.
func (s *Store) Facts(ctx context.Context, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
	if err := scope.Err(); err != nil {
		return nil, err
	}
	f, need, err := s.recordFacts(ctx, s.on, scope, ask)
	if err != nil || len(need.Dates)+len(need.Rooms) == 0 {
		return f, err
	}
	err = s.on.Snapshot(ctx, func(ctx context.Context, c *bunstore.Conn) error {
		if f, need, err = s.recordFacts(ctx, c, scope, ask); err != nil {
			return err
		}
		return readInventory(ctx, c, f, need)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// recordFacts reads all but the inventory, and asks what is needed of it.
func (s *Store) recordFacts(ctx context.Context, from bunstore.Reader, scope innards.Scope, ask reservation.Ask) (f *reservation.Facts, need reservation.Need, err error) {
	for f == nil && err == nil {
		f, err = s.tryFacts(ctx, from, scope, ask)
	}
	if err == nil && ask.Need != nil {
		need = ask.Need(&f.Reservation, f.Property)
	}
	return f, need, err
}

// tryFacts returns nil if the property has changed between the two statements that read its version and itself.
func (s *Store) tryFacts(ctx context.Context, from bunstore.Reader, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
	var doc []byte
	var version int64
	var prior bunstore.StoredAnswer
	if err := s.factsRow(ctx, from, scope, ask, &doc, &version, &prior); err != nil {
		return nil, err
	}
	f := &reservation.Facts{Head: innards.Head{
		Kind: reservation.Kind, ID: ask.ID, Tenant: scope.Tenant(), Property: ask.Property, Now: ask.At, Prior: prior.Answer(ask.Key),
	}}
	if doc != nil {
		r, err := parseReservation(doc)
		if err != nil {
			return nil, err
		}
		f.Reservation = r
		f.Head.Property, f.Party, f.Version, f.Hash = r.Property, r.Party, r.Version, r.Hash
	}
	p, err := s.propertyAt(ctx, from, scope, f.Head.Property, version)
	if p == nil || err != nil {
		return nil, err
	}
	f.Property, f.BusinessDate = p, p.BusinessDate
	return f, nil
}

func (s *Store) factsRow(ctx context.Context, from bunstore.Reader, scope innards.Scope, ask reservation.Ask, doc *[]byte, version *int64, prior *bunstore.StoredAnswer) error {
	stmts, id := factsOfStored, ask.ID
	if id == "" {
		stmts, id = factsOfNew, ask.Property
	}
	if ask.Key == "" {
		st, args := stmts.plain.For(scope, id)
		return from.Row(ctx, []any{doc, version}, st, args...)
	}
	st, args := stmts.keyed.For(scope, append(s.on.AnswerArgs(scope, ask.Key), id)...)
	return from.Row(ctx, append([]any{doc, version}, prior.Dest()...), st, args...)
}

// propertyAt returns the property at the version, or nil if it is at another by now.
func (s *Store) propertyAt(ctx context.Context, from bunstore.Reader, scope innards.Scope, id string, version int64) (*reservation.Property, error) {
	if p := s.properties.at(scope.Tenant(), id, version); p != nil {
		return p, nil
	}
	p, err := readProperty(ctx, from, scope, id)
	if err != nil || p.Version != version {
		return nil, err
	}
	if !s.on.Hosted() { // what the host's transaction has written may never be committed
		s.properties.keep(p)
	}
	return p, nil
}
