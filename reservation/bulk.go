package reservation

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// MaxBulk is the most reservations of one bulk command.
const MaxBulk = 10_000

// A Selection chooses the reservations of a bulk command: by ids, or by a search.
type Selection struct {
	IDs    []string
	Search *Search
}

// A BulkResult is what became of one reservation. Exactly one of Receipt and Err is set.
type BulkResult struct {
	ID      string
	Receipt *Receipt
	Err     error // an [*innards.Refusal], [innards.ErrNotFound], or what the store returned
}

// Bulk carries out the intent on every selected reservation, each in a transaction of its own, so that one bad item spoils
// none. An id that is given twice gets one result. A search is evaluated again for every reservation when its turn comes:
// one that is not found by it any more is refused with "query_invalid". With by.DryRun it is a preview. With by.Key, each
// item has the key and its id as key, so that a bulk command that was cut short can be sent again; the key itself is kept
// for the selection and the intent, and refused with others.
func (s *Service) Bulk(ctx context.Context, by innards.Command, of Selection, in Intent) ([]BulkResult, error) {
	if _, ok := intentOf[Create](in); ok || (len(of.IDs) == 0) == (of.Search == nil) {
		return nil, refuseBulk(in, "either ids or a search, and no create")
	}
	if blockers := command.Check(by); len(blockers) > 0 {
		return nil, refuse(in.Name(), blockers...)
	}
	ids, err := s.selected(ctx, by.Actor, of)
	if err != nil {
		return nil, err
	}
	if len(ids) > MaxBulk {
		return nil, refuseBulk(in, len(ids), "reservations; at most", MaxBulk, "are accepted")
	}
	if err := s.keepKey(ctx, by, of, in); err != nil {
		return nil, err
	}
	results := make([]BulkResult, 0, len(ids))
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return results, err
		}
		results = append(results, s.bulkItem(ctx, by, id, of.Search, in))
	}
	return results, nil
}

// keepKey keeps the key of a bulk command for what it asks for, and refuses one that was used for anything else.
func (s *Service) keepKey(ctx context.Context, by innards.Command, of Selection, in Intent) error {
	if by.Key == "" || by.DryRun {
		return nil
	}
	digest, err := command.Digest(by, "", in.Name(), []any{of, in})
	if err != nil {
		return err
	}
	kept, err := s.store.Keep(ctx, by.Actor.Scope(), innards.Answer{Key: by.Key, Digest: digest, Body: []byte("null"), At: command.Now(s.clock)})
	if err == nil && kept.Digest != digest {
		err = refuse(in.Name(), innards.KeyReused.Block())
	}
	return err
}

func refuseBulk(in Intent, details ...any) error {
	return refuse(in.Name(), QueryInvalid.In("selection", details...))
}

// selected returns the ids, each once, in the order given or found.
func (s *Service) selected(ctx context.Context, a innards.Actor, of Selection) ([]string, error) {
	if of.Search == nil {
		seen := map[string]bool{}
		return slices.DeleteFunc(slices.Clone(of.IDs), func(id string) bool {
			dup := seen[id]
			seen[id] = true
			return dup
		}), nil
	}
	var ids []string
	full := errors.New("enough")
	err := s.Each(ctx, a, *of.Search, func(r Reservation) error {
		if ids = append(ids, r.ID); len(ids) > MaxBulk {
			return full
		}
		return nil
	})
	if errors.Is(err, full) {
		err = nil
	}
	return ids, err
}

// itemKey returns the key of one item: the two joined, or their digest if that is too long for a key.
func itemKey(key, id string) string {
	joined := key + "/" + id
	if len(joined) <= innards.MaxKey {
		return joined
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(joined)))
}

// bulkItem carries out one item. If the reservation changes between the search and the command, both are done again.
func (s *Service) bulkItem(ctx context.Context, by innards.Command, id string, search *Search, in Intent) BulkResult {
	if by.Key != "" {
		by.Key = itemKey(by.Key, id)
	}
	for try := 0; ; try++ {
		if search != nil {
			version, err := s.stillFound(ctx, by.Actor, id, *search)
			if err != nil {
				return BulkResult{ID: id, Err: err}
			}
			by.Expect = version
		}
		receipt, err := s.Do(ctx, by, id, in)
		if search != nil && innards.RefusedFor(err, innards.StaleVersion.Code) && try < 8 {
			continue
		}
		if err != nil {
			return BulkResult{ID: id, Err: err}
		}
		return BulkResult{ID: id, Receipt: &receipt}
	}
}

// stillFound returns the version of the reservation if the search still finds it.
func (s *Service) stillFound(ctx context.Context, a innards.Actor, id string, search Search) (int64, error) {
	search.After, search.Limit = nil, 1
	query, err := s.query(ctx, a, search)
	if err != nil {
		return 0, err
	}
	query.Where = append(query.Where, All(Test{Field: FieldID, Op: OpIs, Value: id}))
	page, err := s.store.Find(ctx, a.Scope(), query)
	if err != nil {
		return 0, err
	}
	if len(page.Reservations) == 0 {
		return 0, refuse("search", QueryInvalid.In("selection", "it is not found by the search any more"))
	}
	return page.Reservations[0].Version, nil
}
