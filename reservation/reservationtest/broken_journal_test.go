package reservationtest

import (
	"context"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func brokenJournals() []brokenStore {
	return []brokenStore{
		breaks("turns the feed round", "FeedOrder FeedPages", func(s *Store) reservation.Store { return reversed{s} }),
		breaks("loses events from the feed", "FeedOrder FeedSkipsNothing", func(s *Store) reservation.Store { return losing{s} }),
		breaks("shows the feed to everybody", "FeedScope OtherTenant", func(s *Store) reservation.Store { return publishing{s} }),
		breaks("repeats the last event of a page", "HistoryPages", func(s *Store) reservation.Store { return repeating{s} }),
		breaks("gives the history of a record of another kind", "HistoryOutside SameID", func(s *Store) reservation.Store { return mixing{s} }),
		breaks("shows any history", "HistoryOutside", func(s *Store) reservation.Store { return indiscreet{s} }),
		breaks("does not keep others from leased messages", "LeaseHolds LeasedOnce", func(s *Store) reservation.Store { return lendingOut{s} }),
		breaks("leases for good", "LeaseHolds TakenOver", func(s *Store) reservation.Store { return forGood{s} }),
		alters("lets messages overtake", "OrderOfRecord", func(_ *Store, c *reservation.Change) {
			c.Outbox = slices.Clone(c.Outbox)
			for i := range c.Outbox {
				c.Outbox[i].Record = c.Outbox[i].Key
			}
		}),
		breaks("lets the slow settle", "TakenOver", func(s *Store) reservation.Store { return lenient{s} }),
		breaks("never settles", "Delivered TriedAgain", func(s *Store) reservation.Store { return unsettled{s} }),
		breaks("leases messages of all tenants", "LeaseOfTenant", func(s *Store) reservation.Store { return communal{s} }),
		breaks("keeps what was kept last", "Keep KeptOnce", func(s *Store) reservation.Store { return lastWord{s} }),
		breaks("forgets too much", "Forget", func(s *Store) reservation.Store { return forgetful{s} }),
	}
}

type reversed struct{ *Store }

func (s reversed) Feed(ctx context.Context, scope innards.Scope, after int64, limit int) ([]innards.Event, error) {
	events, err := s.Store.Feed(ctx, scope, after, limit)
	slices.Reverse(events)
	return events, err
}

type losing struct{ *Store }

func (s losing) Feed(ctx context.Context, scope innards.Scope, after int64, limit int) ([]innards.Event, error) {
	events, err := s.Store.Feed(ctx, scope, after, limit)
	return slices.DeleteFunc(events, func(e innards.Event) bool { return e.Cursor%5 == 0 }), err
}

type publishing struct{ *Store }

func (s publishing) Feed(ctx context.Context, _ innards.Scope, after int64, limit int) ([]innards.Event, error) {
	return s.Store.Feed(ctx, Staff().Scope(), after, limit)
}

type repeating struct{ *Store }

func (s repeating) History(ctx context.Context, scope innards.Scope, kind, id string, after int64, limit int) ([]innards.Event, error) {
	return s.Store.History(ctx, scope, kind, id, max(after, 1)-1, limit)
}

type indiscreet struct{ *Store }

func (s indiscreet) History(ctx context.Context, _ innards.Scope, kind, id string, after int64, limit int) ([]innards.Event, error) {
	return s.Store.History(ctx, Staff().Scope(), kind, id, after, limit)
}

// mixing does not ask for the kind.
type mixing struct{ *Store }

func (s mixing) History(ctx context.Context, scope innards.Scope, _, id string, after int64, limit int) ([]innards.Event, error) {
	events, err := s.Store.History(ctx, scope, reservation.Kind, id, after, limit)
	if err == nil {
		return events, nil
	}
	return s.Store.History(ctx, scope, reservation.PropertyKind, id, after, limit)
}

type lendingOut struct{ *Store }

func (s lendingOut) Lease(ctx context.Context, scope innards.Scope, now, _ time.Time, limit int) ([]innards.Message, error) {
	return s.Store.Lease(ctx, scope, now, now, min(limit, 1))
}

type forGood struct{ *Store }

func (s forGood) Lease(ctx context.Context, scope innards.Scope, now, _ time.Time, limit int) ([]innards.Message, error) {
	return s.Store.Lease(ctx, scope, now, far(), limit)
}

type lenient struct{ *Store }

func (s lenient) Settle(ctx context.Context, scope innards.Scope, m innards.Message, failure string, again time.Time) (err error) {
	for m.Attempts = range 10 {
		err = s.Store.Settle(ctx, scope, m, failure, again)
	}
	return err
}

// lastWord returns what it was given.
type lastWord struct{ *Store }

func (s lastWord) Keep(ctx context.Context, scope innards.Scope, a innards.Answer) (innards.Answer, error) {
	_, err := s.Store.Keep(ctx, scope, a)
	return a, err
}

type unsettled struct{ *Store }

func (s unsettled) Settle(context.Context, innards.Scope, innards.Message, string, time.Time) error {
	return nil
}

type communal struct{ *Store }

func (s communal) Lease(ctx context.Context, scope innards.Scope, now, until time.Time, limit int) (all []innards.Message, err error) {
	for _, a := range []innards.Actor{Staff(), stranger()} {
		messages, err := s.Store.Lease(ctx, a.Scope(), now, until, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, messages...)
	}
	return all, nil
}

type forgetful struct{ *Store }

func (s forgetful) Forget(ctx context.Context, _ time.Time, limit int) (int, error) {
	return s.Store.Forget(ctx, far(), limit)
}
