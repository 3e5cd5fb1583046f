package reservationtest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/fold"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/reservation"
)

// Find implements [reservation.Store].
func (s *Store) Find(ctx context.Context, scope innards.Scope, q reservation.Query) (page reservation.Page, err error) {
	err = s.db.View(ctx, scope, func() error {
		found := s.matching(scope, q)
		compare := func(a, b *row) int { return compareCursors(q, cursorOf(q, a), cursorOf(q, b)) }
		slices.SortFunc(found, compare)
		if q.After != nil {
			found = slices.DeleteFunc(found, func(r *row) bool { return compareCursors(q, cursorOf(q, r), *q.After) <= 0 })
		}
		for _, r := range found[:min(max(q.Limit, 0), len(found))] {
			page.Reservations = append(page.Reservations, memstore.Copy(r.Reservation))
		}
		if n := len(page.Reservations); 0 < n && n < len(found) {
			next := cursorOf(q, found[n-1])
			page.Next = &next
		}
		return nil
	})
	return page, err
}

// List implements [reservation.Store].
func (s *Store) List(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Listing, error) {
	page, err := s.Find(ctx, scope, q)
	return listingOf(page), err
}

// listingOf returns the page as summaries.
func listingOf(page reservation.Page) reservation.Listing {
	l := reservation.Listing{Next: page.Next}
	for i := range page.Reservations {
		summary, _ := page.Reservations[i].Summary() // amounts that were stored add up
		l.Items = append(l.Items, summary)
	}
	return l
}

// matching returns the reservations that the scope sees and the query asks for, in any order.
func (s *Store) matching(scope innards.Scope, q reservation.Query) (found []*row) {
	prefixes, ok := fold.Prefixes(q.Words)
	for _, r := range s.reservations {
		holds := func(c reservation.Condition) bool { return c.Holds(&r.Reservation) }
		if ok && scope.Sees(r.Tenant, r.Property, r.Party) && every(q.Where, holds) && every(prefixes, r.has) {
			found = append(found, r)
		}
	}
	return found
}

func every[T any](list []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(list, func(e T) bool { return !holds(e) })
}

// has reports whether a word of the reservation begins with the prefix.
func (r *row) has(prefix string) bool {
	return slices.ContainsFunc(r.words, func(word string) bool { return strings.HasPrefix(word, prefix) })
}

func wordsOf(r *reservation.Reservation) []string {
	texts := r.SearchTexts()
	return fold.Words(texts[:]...)
}

// cursorOf returns where r stands in the order of the query. The text of an instant has a fixed width, so that the order
// of the texts is that of the instants.
func cursorOf(q reservation.Query, r *row) reservation.Cursor {
	c := reservation.Cursor{ID: r.ID}
	switch q.Sort {
	case reservation.FieldDeparture:
		c.Value = r.Departure.String()
	case reservation.FieldCreated:
		c.Value = r.CreatedAt.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
	case reservation.FieldNumber:
		c.Value = r.Number
	case reservation.FieldGuest:
		c.Value = r.Guest.Name
	default:
		c.Value = r.Arrival.String()
	}
	return c
}

func compareCursors(q reservation.Query, a, b reservation.Cursor) int {
	order := cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.ID, b.ID))
	if q.Descending {
		return -order
	}
	return order
}

// Count implements [reservation.Store].
func (s *Store) Count(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Counts, error) {
	n := reservation.Counts{
		Confirmation: map[reservation.Confirmation]int64{},
		Guarantee:    map[reservation.Guarantee]int64{},
		Occupancy:    map[reservation.Occupancy]int64{},
		Commitment:   map[reservation.Commitment]int64{},
	}
	err := s.db.View(ctx, scope, func() error {
		for _, r := range s.matching(scope, q) {
			n.Total++
			n.Confirmation[r.Confirmation]++
			n.Guarantee[r.Guarantee]++
			n.Occupancy[r.Occupancy]++
			n.Commitment[r.Commitment]++
		}
		return nil
	})
	return n, err
}

// Due implements [reservation.Store].
func (s *Store) Due(ctx context.Context, at time.Time, limit int) (due []innards.Due, err error) {
	var rows []*row
	err = s.db.Sweep(ctx, func() error {
		for _, r := range s.reservations {
			if r.due != nil && !r.due.After(at) {
				rows = append(rows, r)
			}
		}
		slices.SortFunc(rows, func(a, b *row) int { return cmp.Or(a.due.Compare(*b.due), cmp.Compare(a.ID, b.ID)) })
		for _, r := range rows[:min(max(limit, 0), len(rows))] {
			due = append(due, innards.Due{Scope: innards.Actor{Tenant: r.Tenant, Property: r.Property}.Scope(), Record: r.ID})
		}
		return nil
	})
	return due, err
}
