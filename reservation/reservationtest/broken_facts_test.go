package reservationtest

import (
	"context"
	"maps"
	"runtime"
	"sync/atomic"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func brokenFacts() []brokenStore {
	return []brokenStore{
		misreads("forgets the party in the head", "FactsOfStored", func(read factsFunc, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
			f, err := read(scope, ask)
			if err == nil {
				f.Party = ""
			}
			return f, err
		}),
		misreads("invents the head of a new one", "FactsOfNew", func(read factsFunc, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
			f, err := read(scope, ask)
			if err == nil && ask.ID == "" {
				f.Reservation.Property = f.Property.ID
			}
			return f, err
		}),
		misreads("asks what is needed without looking", "Need", func(read factsFunc, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
			if need := ask.Need; need != nil {
				ask.Need = func(_ *reservation.Reservation, p *reservation.Property) reservation.Need {
					return need(&reservation.Reservation{}, p)
				}
			}
			return read(scope, ask)
		}),
		misreads("reads what nobody needs", "NoNeed", func(read factsFunc, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
			if ask.Need == nil {
				ask.Need = needAll
			}
			return read(scope, ask)
		}),
		misreads("takes rooms by their name alone", "TakenElsewhere", func(read factsFunc, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
			f, err := read(scope, ask)
			if err == nil && ask.Need != nil {
				if elsewhere, err := read(scope, reservation.Ask{Property: sisterID, At: ask.At, Need: ask.Need}); err == nil {
					maps.Copy(f.Taken, elsewhere.Taken)
				}
			}
			return f, err
		}),
		misreads("takes own claims for those of others", "Taken Sold InHouse", func(read factsFunc, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
			f, err := read(scope, ask)
			if err == nil && ask.ID != "" {
				if others, err := read(scope, reservation.Ask{Property: f.Property.ID, At: ask.At, Need: ask.Need}); err == nil {
					f.Taken, f.Sold, f.InHouse = others.Taken, others.Sold, others.InHouse
				}
			}
			return f, err
		}),
		misreads("shares keys between scopes", "PriorOfScope", func(read factsFunc, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
			f, err := read(scope, ask)
			if shared, err := read(wide(scope), ask); f != nil && err == nil {
				f.Prior = shared.Prior
			}
			return f, err
		}),
		breaks("reads facts piece by piece", "FactsAreSnapshot", func(s *Store) reservation.Store { return &piecemeal{Store: s} }),
	}
}

// A factsFunc reads facts as they should be read.
type factsFunc func(innards.Scope, reservation.Ask) (*reservation.Facts, error)

// misreading reads facts in its own way.
type misreading struct {
	*Store
	read func(factsFunc, innards.Scope, reservation.Ask) (*reservation.Facts, error)
}

func misreads(what, promises string, read func(factsFunc, innards.Scope, reservation.Ask) (*reservation.Facts, error)) brokenStore {
	return breaks(what, promises, func(s *Store) reservation.Store { return misreading{s, read} })
}

func (s misreading) Facts(ctx context.Context, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
	return s.read(func(scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
		return s.Store.Facts(ctx, scope, ask)
	}, scope, ask)
}

// piecemeal lets others commit between one room and the next.
type piecemeal struct {
	*Store
	commits atomic.Int64
}

func (s *piecemeal) Commit(ctx context.Context, c *reservation.Change) error {
	defer s.commits.Add(1)
	return s.Store.Commit(ctx, c)
}

func (s *piecemeal) Facts(ctx context.Context, scope innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
	f, err := s.Store.Facts(ctx, scope, ask)
	if err != nil || ask.Need == nil {
		return f, err
	}
	before := s.commits.Load()
	for range 100_000 {
		if runtime.Gosched(); s.commits.Load() > before {
			break
		}
	}
	later, err := s.Store.Facts(ctx, scope, ask)
	if err != nil {
		return nil, err
	}
	for at, id := range later.Taken {
		f.Taken[at] = id
	}
	return f, nil
}
