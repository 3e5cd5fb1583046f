package reservationtest

import (
	"context"
	"maps"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/reservation"
)

// Commit implements [reservation.Store].
func (s *Store) Commit(ctx context.Context, c *reservation.Change) error {
	return s.db.Commit(ctx, &c.Entry, memstore.Write{
		Party: c.After.Party,
		Erase: c.Erase,
		Stale: func() bool { return s.stale(c) },
		Apply: func() { s.apply(c) },
	})
}

// stale reports whether anything but the version and the key stands against the change.
func (s *Store) stale(c *reservation.Change) bool {
	r := &c.After
	p := s.properties[memstore.Key{Tenant: r.Tenant, ID: r.Property}]
	numbered := s.numbers[inProperty{r.Tenant, r.Property, r.Number}]
	inside := s.inHouse[inProperty{r.Tenant, r.Property, r.InRoom}]
	return p == nil || c.SeenProperty != 0 && c.SeenProperty != p.Version ||
		numbered != "" && numbered != r.ID ||
		r.InRoom != "" && inside != "" && inside != r.ID ||
		s.collides(c) || s.exceeds(c)
}

// collides reports whether another reservation holds a room that is to be taken.
func (s *Store) collides(c *reservation.Change) bool {
	for _, take := range c.Take {
		others := s.nights[nightOf(c, take)]
		if take.Room != "" && holder(others, take.Room, c.After.ID, c.Head.Now) != "" {
			return true
		}
	}
	return false
}

// exceeds reports whether more would be sold of a type than the change allows.
func (s *Store) exceeds(c *reservation.Change) bool {
	for _, limit := range c.Limits {
		claims := s.nights[night{c.After.Tenant, c.After.Property, limit.SlotDate}]
		n := sold(claims, limit.Type, c.After.ID, c.Head.Now)
		own, holds := claims[c.After.ID]
		for _, free := range c.Free {
			holds = holds && slotDate(free) != limit.SlotDate
		}
		for _, take := range c.Take {
			if slotDate(take) == limit.SlotDate {
				own, holds = take, true
			}
		}
		if holds && own.Type == limit.Type && inForce(own, c.Head.Now) {
			n++
		}
		if n > limit.Most {
			return true
		}
	}
	return false
}

func slotDate(c reservation.Claim) reservation.SlotDate {
	return reservation.SlotDate{Date: c.Date, Slot: c.Slot}
}

func nightOf(c *reservation.Change, claim reservation.Claim) night {
	return night{c.After.Tenant, c.After.Property, slotDate(claim)}
}

// apply writes the change but for its entry.
func (s *Store) apply(c *reservation.Change) {
	r := memstore.Copy(c.After)
	r.Version, r.Hash = c.Event.Sequence, c.Event.Hash
	key := memstore.Key{Tenant: r.Tenant, ID: r.ID}
	if old := s.reservations[key]; old != nil {
		delete(s.numbers, inProperty{old.Tenant, old.Property, old.Number})
		delete(s.inHouse, inProperty{old.Tenant, old.Property, old.InRoom})
	}
	s.reservations[key] = &row{Reservation: r, due: memstore.Copy(c.Due), words: wordsOf(&r)}
	s.numbers[inProperty{r.Tenant, r.Property, r.Number}] = r.ID
	if r.InRoom != "" {
		s.inHouse[inProperty{r.Tenant, r.Property, r.InRoom}] = r.ID
	}
	s.claim(c)
}

// claim carries out Free and Take. Claims of others on a room that is taken have expired, else the change were stale.
func (s *Store) claim(c *reservation.Change) {
	for _, free := range c.Free {
		delete(s.nights[nightOf(c, free)], c.After.ID)
	}
	for _, take := range memstore.Copy(c.Take) {
		at := nightOf(c, take)
		if s.nights[at] == nil {
			s.nights[at] = map[string]reservation.Claim{}
		}
		maps.DeleteFunc(s.nights[at], func(_ string, other reservation.Claim) bool {
			return take.Room != "" && other.Room == take.Room
		})
		s.nights[at][c.After.ID] = take
	}
}

// CommitProperty implements [reservation.Store].
func (s *Store) CommitProperty(ctx context.Context, c *reservation.PropertyChange) error {
	p := memstore.Copy(c.After)
	p.Version, p.Hash = c.Event.Sequence, c.Event.Hash
	if err := p.Prepare(); err != nil {
		return err
	}
	return s.db.Commit(ctx, &c.Entry, memstore.Write{
		Stale: func() bool { return false },
		Apply: func() {
			s.properties[memstore.Key{Tenant: p.Tenant, ID: p.ID}] = &p
			s.wake(&p, c.Wake)
		},
	})
}

func (s *Store) wake(p *reservation.Property, w *reservation.Wake) {
	if w == nil {
		return
	}
	for _, r := range s.reservations {
		if r.Tenant == p.Tenant && r.Property == p.ID && w.Where.Holds(&r.Reservation) {
			r.due = memstore.Copy(&w.At)
		}
	}
}

// SetDue implements [reservation.Store].
func (s *Store) SetDue(ctx context.Context, scope innards.Scope, id string, version int64, due *time.Time) error {
	return s.db.Update(ctx, scope, func() error {
		r, err := s.row(scope, id)
		if err == nil && r.Version == version {
			r.due = memstore.Copy(due)
		}
		return err
	})
}
