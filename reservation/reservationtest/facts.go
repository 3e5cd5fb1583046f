package reservationtest

import (
	"context"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/reservation"
)

// Facts implements [reservation.Store].
func (s *Store) Facts(ctx context.Context, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
	f := &reservation.Facts{}
	err := s.db.View(ctx, scope, func() error {
		if err := s.readRecord(f, scope, ask); err != nil {
			return err
		}
		f.Now, f.BusinessDate = ask.At, f.Property.BusinessDate
		f.Prior = s.db.Prior(scope, ask.Key)
		if ask.Need != nil {
			s.readInventory(f, ask.Need(&f.Reservation, f.Property))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// readRecord reads the reservation, if there is one, and its property.
func (s *Store) readRecord(f *reservation.Facts, scope innards.Scope, ask reservation.Ask) (err error) {
	f.Head = innards.Head{Kind: reservation.Kind, ID: ask.ID, Tenant: scope.Tenant(), Property: ask.Property}
	if ask.ID != "" {
		r, err := s.row(scope, ask.ID)
		if err != nil {
			return err
		}
		f.Reservation = memstore.Copy(r.Reservation)
		f.Head.Property, f.Party, f.Version, f.Hash = r.Property, r.Party, r.Version, r.Hash
	}
	f.Property, err = s.property(scope, f.Head.Property)
	return err
}

func (s *Store) readInventory(f *reservation.Facts, need reservation.Need) {
	f.Taken = map[reservation.RoomNight]string{}
	f.Sold = map[reservation.TypeNight]int{}
	f.InHouse = map[string]string{}
	for _, date := range need.Dates {
		others := s.nights[night{f.Tenant, f.Property.ID, date}]
		for _, room := range need.Rooms {
			if id := holder(others, room, f.ID, f.Now); id != "" {
				f.Taken[reservation.RoomNight{Room: room, SlotDate: date}] = id
			}
		}
		for _, t := range need.Types {
			f.Sold[reservation.TypeNight{Type: t, SlotDate: date}] = sold(others, t, f.ID, f.Now)
		}
	}
	for _, room := range need.Rooms {
		if id := s.inHouse[inProperty{f.Tenant, f.Property.ID, room}]; id != "" && id != f.ID {
			f.InHouse[room] = id
		}
	}
}

// holder returns the reservation, other than own, whose claim on the room is in force.
func holder(claims map[string]reservation.Claim, room, own string, at time.Time) string {
	for id, c := range claims {
		if id != own && c.Room == room && inForce(c, at) {
			return id
		}
	}
	return ""
}

// sold counts the claims in force on the type, own left out.
func sold(claims map[string]reservation.Claim, roomType, own string, at time.Time) (n int) {
	for id, c := range claims {
		if id != own && c.Type == roomType && inForce(c, at) {
			n++
		}
	}
	return n
}

func inForce(c reservation.Claim, at time.Time) bool {
	return c.Expires == nil || at.Before(*c.Expires)
}

// PropertyFacts implements [reservation.Store].
func (s *Store) PropertyFacts(ctx context.Context, scope innards.Scope, ask reservation.Ask) (*reservation.PropertyFacts, error) {
	f := &reservation.PropertyFacts{}
	f.Head = innards.Head{Kind: reservation.PropertyKind, ID: ask.ID, Tenant: scope.Tenant(), Property: ask.ID, Now: ask.At}
	err := s.db.View(ctx, scope, func() error {
		if !scope.Sees(scope.Tenant(), ask.ID, scope.Party()) {
			return innards.ErrNotFound
		}
		f.Prior = s.db.Prior(scope, ask.Key)
		if p, err := s.property(scope, ask.ID); err == nil {
			f.Property, f.Version, f.Hash, f.BusinessDate = p, p.Version, p.Hash, p.BusinessDate
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}
