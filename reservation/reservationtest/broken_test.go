package reservationtest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/internal/storecheck"
	"github.com/innards-go/innards/reservation"
)

// TestSuiteBites shows that the suite catches stores that break what they promise.
func TestSuiteBites(t *testing.T) {
	storecheck.Bites(t, promises(), slices.Concat(brokenChanges(), brokenMethods(), brokenFacts(), brokenQueries(), brokenJournals()))
}

type brokenStore = storecheck.Broken[reservation.Store]

// breaks returns a store in memory that open has broken, with the names of the promises that it breaks.
func breaks(what, promises string, open func(*Store) reservation.Store) brokenStore {
	return brokenStore{What: what, Promises: strings.Fields(promises), Open: func() reservation.Store { return open(NewStore()) }}
}

// A falsifier alters changes before it writes them.
type falsifier struct {
	*Store
	alter func(*Store, *reservation.Change)
}

func (s falsifier) Commit(ctx context.Context, c *reservation.Change) error {
	own := *c
	s.alter(s.Store, &own)
	return s.Store.Commit(ctx, &own)
}

func alters(what, promises string, alter func(*Store, *reservation.Change)) brokenStore {
	return breaks(what, promises, func(s *Store) reservation.Store { return falsifier{s, alter} })
}

func brokenChanges() []brokenStore {
	return []brokenStore{
		alters("drops the version check", "StaleVersion StaleCreate OneVersionWins", func(s *Store, c *reservation.Change) {
			s.locked(func() {
				if r := s.reservations[memstore.Key{Tenant: c.After.Tenant, ID: c.After.ID}]; r != nil {
					c.Head.Version = r.Version
				}
			})
		}),
		alters("double books rooms", "RoomTakenOnce OneRoomWins RacingStays", func(s *Store, c *reservation.Change) {
			s.locked(func() {
				for _, take := range c.Take {
					maps.DeleteFunc(s.nights[nightOf(c, take)], func(_ string, held reservation.Claim) bool { return held.Room == take.Room })
				}
			})
		}),
		alters("forgets the outbox", "Outbox Pending", func(_ *Store, c *reservation.Change) { c.Outbox = nil }),
		alters("forgets the key", "Prior KeyKept KeyTaken StaleKey OneKeyWins", func(_ *Store, c *reservation.Change) { c.Answer = nil }),
		alters("ignores limits", "Limit LimitInRace", func(_ *Store, c *reservation.Change) { c.Limits = nil }),
		alters("counts day uses against the limit of a night", "LimitIsNarrow", func(s *Store, c *reservation.Change) {
			s.tighten(c, func(l reservation.Limit) int {
				return len(s.nights[night{c.After.Tenant, c.After.Property, reservation.SlotDate{Date: l.Date, Slot: reservation.SlotDayUse}}])
			})
		}),
		alters("looks at the first limit only", "Limit TwoLimits", func(_ *Store, c *reservation.Change) {
			c.Limits = c.Limits[:min(len(c.Limits), 1)]
		}),
		alters("counts what is freed against a limit", "LimitOfOwn", func(s *Store, c *reservation.Change) {
			s.tighten(c, func(l reservation.Limit) int {
				if held, ok := s.nights[night{c.After.Tenant, c.After.Property, l.SlotDate}][c.After.ID]; ok && held.Type == l.Type {
					return 1
				}
				return 0
			})
		}),
		alters("lets anybody write", "CommitOutsideScope", func(_ *Store, c *reservation.Change) {
			c.Scope = innards.Actor{Tenant: c.Head.Tenant}.Scope()
		}),
		alters("ignores the property it saw", "StaleProperty", func(_ *Store, c *reservation.Change) { c.SeenProperty = 0 }),
		alters("never erases", "Erase", func(_ *Store, c *reservation.Change) { c.Erase = false }),
		alters("erases everything at once", "Erase HistoryOrder", func(_ *Store, c *reservation.Change) { c.Event.Private, c.Event.Salt = nil, nil }),
		alters("forgets the due time", "Due DueScope DueFollowsCommit", func(_ *Store, c *reservation.Change) { c.Due = nil }),
		alters("gives a number twice", "StaleNumber", func(s *Store, c *reservation.Change) {
			s.locked(func() { delete(s.numbers, inProperty{c.After.Tenant, c.After.Property, c.After.Number}) })
		}),
		alters("lets two into a room", "OneInRoom OneCheckInWins", func(s *Store, c *reservation.Change) {
			s.locked(func() { delete(s.inHouse, inProperty{c.After.Tenant, c.After.Property, c.After.InRoom}) })
		}),
		alters("takes day uses for nights", "DayUse", func(_ *Store, c *reservation.Change) {
			c.Free, c.Take = slices.Clone(c.Free), slices.Clone(c.Take)
			for i := range c.Free {
				c.Free[i].Slot = reservation.SlotNight
			}
			for i := range c.Take {
				c.Take[i].Slot = reservation.SlotNight
			}
		}),
		alters("lets options never expire", "ExpiredGivesWay LateOption LimitExpired SoldExpired HeldInForce FreeOwnOnly", func(_ *Store, c *reservation.Change) {
			c.Take = slices.Clone(c.Take)
			for i := range c.Take {
				c.Take[i].Expires = nil
			}
		}),
		alters("forgets the claims of options", "OptionBlocks", func(_ *Store, c *reservation.Change) {
			if c.After.Commitment == reservation.Optional {
				c.Take = nil
			}
		}),
		alters("keeps what is freed", "FreedRoom OwnClaims", func(_ *Store, c *reservation.Change) { c.Free = nil }),
		alters("takes nothing", "Taken WholeStayOrNothing Held Sold LikeMemory_0 LikeMemory_1 LikeMemory_2", func(_ *Store, c *reservation.Change) { c.Take = nil }),
		alters("drops amounts of nought", "StoresNought", func(_ *Store, c *reservation.Change) {
			if c.After.Paid.Sign() == 0 {
				c.After.Paid = innards.Money{}
			}
		}),
		alters("loses attributes", "StoresEverything FindAttribute", func(_ *Store, c *reservation.Change) { c.After.Attributes = nil }),
		alters("keeps instants to the second", "StoresEverything FindBy_created_at", func(_ *Store, c *reservation.Change) {
			c.After.CreatedAt = c.After.CreatedAt.Truncate(time.Second)
		}),
		alters("keeps an old hash", "Update Chain", func(_ *Store, c *reservation.Change) { c.Event.Hash = c.Event.Previous }),
		alters("mixes up the sequence", "HistoryOrder Create", func(_ *Store, c *reservation.Change) { c.Event.Sequence++ }),
		alters("keeps a new one's party secret", "OtherParty PartySeesProperties FindBy_party", func(_ *Store, c *reservation.Change) { c.After.Party = "" }),
	}
}

// tighten lowers the limits of a change.
func (s *Store) tighten(c *reservation.Change, by func(reservation.Limit) int) {
	c.Limits = slices.Clone(c.Limits)
	s.locked(func() {
		for i, l := range c.Limits {
			c.Limits[i].Most -= by(l)
		}
	})
}

// locked keeps others out while a broken store tampers.
func (s *Store) locked(tamper func()) {
	err := s.db.Update(context.Background(), Staff().Scope(), func() error { tamper(); return nil })
	if err != nil {
		panic(err)
	}
}
