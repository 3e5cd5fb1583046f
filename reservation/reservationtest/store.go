package reservationtest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/reservation"
)

// A Store keeps reservations and properties in memory. It keeps every promise of [reservation.Store] except that
// commits are durable. Use [NewStore].
type Store struct {
	journal
	db           *memstore.DB
	reservations map[memstore.Key]*row
	properties   map[memstore.Key]*reservation.Property
	nights       map[night]map[string]reservation.Claim // what is claimed in a night, by reservation
	numbers      map[inProperty]string                  // reservation by number
	inHouse      map[inProperty]string                  // reservation that is checked in, by room
}

type journal = memstore.Journal

var _ reservation.Store = (*Store)(nil)

// A row is a stored reservation with what is kept beside it.
type row struct {
	reservation.Reservation
	due   *time.Time
	words []string // of what searches look at, folded
}

// inProperty names something by its id in a property.
type inProperty struct{ tenant, property, id string }

// A night is one slot of a day in a property.
type night struct {
	tenant, property string
	reservation.SlotDate
}

// NewStore returns an empty store.
func NewStore() *Store {
	db := memstore.New()
	return &Store{
		journal:      db.Journal(),
		db:           db,
		reservations: map[memstore.Key]*row{},
		properties:   map[memstore.Key]*reservation.Property{},
		nights:       map[night]map[string]reservation.Claim{},
		numbers:      map[inProperty]string{},
		inHouse:      map[inProperty]string{},
	}
}

// row returns the reservation if the scope sees it.
func (s *Store) row(scope innards.Scope, id string) (*row, error) {
	r := s.reservations[memstore.Key{Tenant: scope.Tenant(), ID: id}]
	if r == nil || !scope.Sees(r.Tenant, r.Property, r.Party) {
		return nil, innards.ErrNotFound
	}
	return r, nil
}

// property returns the property if the scope sees it. It is seen by every party.
func (s *Store) property(scope innards.Scope, id string) (*reservation.Property, error) {
	p := s.properties[memstore.Key{Tenant: scope.Tenant(), ID: id}]
	if p == nil || !scope.Sees(p.Tenant, p.ID, scope.Party()) {
		return nil, innards.ErrNotFound
	}
	return p, nil
}

// Reservation implements [reservation.Store].
func (s *Store) Reservation(ctx context.Context, scope innards.Scope, id string) (found reservation.Reservation, err error) {
	err = s.db.View(ctx, scope, func() error {
		r, err := s.row(scope, id)
		if err == nil {
			found = memstore.Copy(r.Reservation)
		}
		return err
	})
	return found, err
}

// Property implements [reservation.Store].
func (s *Store) Property(ctx context.Context, scope innards.Scope, id string) (p *reservation.Property, err error) {
	err = s.db.View(ctx, scope, func() error {
		p, err = s.property(scope, id)
		return err
	})
	return p, err
}

// Properties implements [reservation.Store].
func (s *Store) Properties(ctx context.Context, scope innards.Scope) (all []*reservation.Property, err error) {
	err = s.db.View(ctx, scope, func() error {
		for _, p := range s.properties {
			if scope.Sees(p.Tenant, p.ID, scope.Party()) {
				all = append(all, p)
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b *reservation.Property) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// Keep implements [reservation.Store].
func (s *Store) Keep(ctx context.Context, scope innards.Scope, a innards.Answer) (innards.Answer, error) {
	return s.db.Keep(ctx, scope, a)
}

// Forget implements [reservation.Store].
func (s *Store) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.db.Forget(ctx, before, limit)
}
