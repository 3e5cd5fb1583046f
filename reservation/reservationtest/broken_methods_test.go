package reservationtest

import (
	"context"
	"errors"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/reservation"
)

func brokenMethods() []brokenStore {
	return []brokenStore{
		breaks("shows everything of a tenant", "OtherParty OtherProperty", func(s *Store) reservation.Store { return tenantWide{s} }),
		breaks("ignores the scope", "ZeroScope OtherTenant", func(s *Store) reservation.Store { return scopeless{s} }),
		breaks("writes half of a stale change", "RoomTakenOnce WholeStayOrNothing Limit", func(s *Store) reservation.Store { return halfWriting{s} }),
		breaks("schedules a stale change", "StaleVersion StaleProperty", func(s *Store) reservation.Store { return scheduling{s} }),
		breaks("lets expired claims block", "ExpiredGivesWay", func(s *Store) reservation.Store { return blocking{s} }),
		breaks("lends its memory", "NoAliasing", func(s *Store) reservation.Store { return lending{s} }),
		breaks("goes on when the context is cancelled", "CancelledContext", func(s *Store) reservation.Store { return tireless{s} }),
		breaks("finds what there is not", "Unknown", func(s *Store) reservation.Store { return inventing{s} }),
		breaks("drops the version check of properties", "PropertyVersion", func(s *Store) reservation.Store { return overwriting{s} }),
		breaks("does not know new properties", "PropertyFacts", func(s *Store) reservation.Store { return oldOnly{s} }),
		breaks("demands that what is freed is there", "FreeIsLenient", func(s *Store) reservation.Store { return pedantic{s} }),
		breaks("sets the due time of any version", "SetDue", func(s *Store) reservation.Store { return anyVersion{s} }),
		breaks("wakes everybody", "Wake", func(s *Store) reservation.Store { return alarming{s} }),
		breaks("wakes before it is sure", "WakeStale", func(s *Store) reservation.Store { return early{s} }),
	}
}

// wide is the scope of all that the tenant has.
func wide(s innards.Scope) innards.Scope { return innards.Actor{Tenant: s.Tenant()}.Scope() }

type tenantWide struct{ *Store }

func (s tenantWide) Reservation(ctx context.Context, scope innards.Scope, id string) (reservation.Reservation, error) {
	return s.Store.Reservation(ctx, wide(scope), id)
}

type scopeless struct{ *Store }

func (s scopeless) Reservation(ctx context.Context, _ innards.Scope, id string) (reservation.Reservation, error) {
	return s.Store.Reservation(ctx, Staff().Scope(), id)
}

type halfWriting struct{ *Store }

func (s halfWriting) Commit(ctx context.Context, c *reservation.Change) error {
	err := s.Store.Commit(ctx, c)
	if errors.Is(err, innards.ErrStale) {
		s.locked(func() { s.claim(c) })
	}
	return err
}

type scheduling struct{ *Store }

func (s scheduling) Commit(ctx context.Context, c *reservation.Change) error {
	err := s.Store.Commit(ctx, c)
	s.locked(func() {
		if r := s.reservations[memstore.Key{Tenant: c.After.Tenant, ID: c.After.ID}]; r != nil {
			r.due = c.Due
		}
	})
	return err
}

type blocking struct{ *Store }

func (s blocking) Commit(ctx context.Context, c *reservation.Change) error {
	taken := false
	s.locked(func() {
		for _, take := range c.Take {
			taken = taken || holder(s.nights[nightOf(c, take)], take.Room, c.After.ID, time.Time{}) != ""
		}
	})
	if taken {
		return innards.ErrStale
	}
	return s.Store.Commit(ctx, c)
}

type lending struct{ *Store }

func (s lending) Reservation(ctx context.Context, scope innards.Scope, id string) (r reservation.Reservation, err error) {
	err = s.db.View(ctx, scope, func() error {
		found, err := s.row(scope, id)
		if err == nil {
			r = found.Reservation
		}
		return err
	})
	return r, err
}

type tireless struct{ *Store }

func (s tireless) Commit(ctx context.Context, c *reservation.Change) error {
	return s.Store.Commit(context.WithoutCancel(ctx), c)
}

type inventing struct{ *Store }

func (s inventing) Reservation(ctx context.Context, scope innards.Scope, id string) (reservation.Reservation, error) {
	r, err := s.Store.Reservation(ctx, scope, id)
	if errors.Is(err, innards.ErrNotFound) {
		err = nil
	}
	return r, err
}

type overwriting struct{ *Store }

func (s overwriting) CommitProperty(ctx context.Context, c *reservation.PropertyChange) error {
	own := *c
	if p, err := s.Property(ctx, c.Scope, c.After.ID); err == nil {
		own.Head.Version = p.Version
	}
	return s.Store.CommitProperty(ctx, &own)
}

type oldOnly struct{ *Store }

func (s oldOnly) PropertyFacts(ctx context.Context, scope innards.Scope, ask reservation.Ask) (*reservation.PropertyFacts, error) {
	f, err := s.Store.PropertyFacts(ctx, scope, ask)
	if err == nil && f.Property == nil {
		return nil, innards.ErrNotFound
	}
	return f, err
}

type pedantic struct{ *Store }

func (s pedantic) Commit(ctx context.Context, c *reservation.Change) error {
	missing := false
	s.locked(func() {
		for _, free := range c.Free {
			_, held := s.nights[nightOf(c, free)][c.After.ID]
			missing = missing || !held
		}
	})
	if missing {
		return innards.ErrStale
	}
	return s.Store.Commit(ctx, c)
}

type anyVersion struct{ *Store }

func (s anyVersion) SetDue(ctx context.Context, scope innards.Scope, id string, version int64, due *time.Time) error {
	if r, err := s.Store.Reservation(ctx, scope, id); err == nil {
		version = r.Version
	}
	return s.Store.SetDue(ctx, scope, id, version, due)
}

type alarming struct{ *Store }

func (s alarming) CommitProperty(ctx context.Context, c *reservation.PropertyChange) error {
	own := *c
	if c.Wake != nil {
		own.Wake = &reservation.Wake{At: c.Wake.At, Where: reservation.All()}
	}
	return s.Store.CommitProperty(ctx, &own)
}

type early struct{ *Store }

func (s early) CommitProperty(ctx context.Context, c *reservation.PropertyChange) error {
	s.locked(func() { s.wake(&c.After, c.Wake) })
	return s.Store.CommitProperty(ctx, c)
}
