package reservationtest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func brokenQueries() []brokenStore {
	var blind []brokenStore
	for _, f := range fields(nil) {
		blind = append(blind, asks("does not look at "+string(f.field), "FindBy_"+string(f.field), func(q *reservation.Query) { forgetField(q, f.field) }))
	}
	return append(blind,
		asks("finds the first page again", "SortBy_default PagesWhileWriting", func(q *reservation.Query) { q.After = nil }),
		asks("pages by value alone", "PagesOfEqual", func(q *reservation.Query) {
			if q.After != nil {
				q.After = &reservation.Cursor{Value: q.After.Value, ID: strings.Repeat("~", len(q.After.ID))}
			}
		}),
		asks("sorts up only", "SortBy_guest SortBy_number PagesOfEqual", func(q *reservation.Query) { q.Descending = false }),
		asks("always sorts by arrival", "SortBy_departure SortBy_created_at SortBy_number SortBy_guest", func(q *reservation.Query) { q.Sort = "" }),
		asks("treats an unset field as unknown, like SQL", "FindBy_segment FindBy_in_room FindBy_room", unknownIsFalse),
		asks("tells upper from lower case", "Words", func(q *reservation.Query) {
			for _, w := range q.Words {
				if w != strings.ToLower(w) {
					q.Where = append(q.Where, reservation.Condition{})
				}
			}
		}),
		asks("understands a query language", "WordsLiteral", func(q *reservation.Query) {
			q.Words = slices.DeleteFunc(slices.Clone(q.Words), func(w string) bool { return strings.ContainsAny(w, "%*") })
		}),
		asks("looks at the first word only", "Words", func(q *reservation.Query) { q.Words = q.Words[:min(len(q.Words), 1)] }),
		asks("looks at words or conditions", "WordsAndConditions", func(q *reservation.Query) {
			if len(q.Words) > 0 {
				q.Where = nil
			}
		}),
		asks("takes an empty condition for none", "FindAll Count", func(q *reservation.Query) {
			q.Where = slices.DeleteFunc(slices.Clone(q.Where), func(c reservation.Condition) bool { return len(c) == 0 })
		}),
		asks("takes alternatives for demands", "FindCombined", func(q *reservation.Query) {
			q.Where = slices.Clone(q.Where)
			for i, c := range q.Where {
				if len(c) > 1 {
					q.Where[i] = reservation.All(slices.Concat(c...)...)
				}
			}
		}),
		breaks("pages by offset", "PagesWhileWriting CursorNames", func(s *Store) reservation.Store { return byOffset{s} }),
		breaks("says of a full last page that another follows", "SortBy_arrival", func(s *Store) reservation.Store { return endless{s} }),
		breaks("finds what was", "FindAfterUpdate", func(s *Store) reservation.Store { return nostalgic{s} }),
		breaks("lists stays without their rooms", "SortBy_arrival", func(s *Store) reservation.Store { return roomless{s} }),
		breaks("counts a page", "Count", func(s *Store) reservation.Store { return pageCounting{s} }),
		breaks("sums everything", "SegmentsOfQuery", func(s *Store) reservation.Store { return summing{s} }),
		breaks("sums floats", "SegmentsExact", func(s *Store) reservation.Store { return floating{s} }),
		breaks("counts a day use as a night", "Segments", func(s *Store) reservation.Store { return dayCounting{s} }),
		breaks("holds the last day too", "Held", func(s *Store) reservation.Store { return lastDay{s} }),
		breaks("forgets the longest due", "Due", func(s *Store) reservation.Store { return hasty{s} }),
	)
}

// asking alters queries before it answers them.
type asking struct {
	*Store
	alter func(*reservation.Query)
}

func asks(what, promises string, alter func(*reservation.Query)) brokenStore {
	return breaks(what, promises, func(s *Store) reservation.Store { return asking{s, alter} })
}

func (s asking) Find(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Page, error) {
	s.alter(&q)
	return s.Store.Find(ctx, scope, q)
}

func (s asking) Count(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Counts, error) {
	s.alter(&q)
	return s.Store.Count(ctx, scope, q)
}

// forgetField takes every test of the field for true.
func forgetField(q *reservation.Query, f reservation.Field) {
	q.Where = slices.Clone(q.Where)
	for i, c := range q.Where {
		q.Where[i] = nil
		for _, tests := range c {
			q.Where[i] = append(q.Where[i], slices.DeleteFunc(slices.Clone(tests), func(t reservation.Test) bool { return t.Field == f }))
		}
	}
}

// unknownIsFalse demands of every negated field that it is set.
func unknownIsFalse(q *reservation.Query) {
	q.Where = slices.Clone(q.Where)
	for i, c := range q.Where {
		q.Where[i] = nil
		for _, tests := range c {
			strict := slices.Clone(tests)
			for _, t := range tests {
				if t.Op == reservation.OpNot {
					strict = append(strict, reservation.Test{Field: t.Field, Op: reservation.OpSet})
				}
			}
			q.Where[i] = append(q.Where[i], strict)
		}
	}
}

type byOffset struct{ *Store }

func (s byOffset) Find(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Page, error) {
	limit, offset := q.Limit, 0
	if q.After != nil {
		offset, _ = strconv.Atoi(q.After.Value)
	}
	q.After, q.Limit = nil, 1_000_000
	page, err := s.Store.Find(ctx, scope, q)
	page.Reservations = page.Reservations[min(offset, len(page.Reservations)):]
	if len(page.Reservations) > limit {
		page.Reservations = page.Reservations[:limit]
		page.Next = &reservation.Cursor{Value: strconv.Itoa(offset + limit)}
	}
	return page, err
}

type endless struct{ *Store }

func (s endless) Find(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Page, error) {
	page, err := s.Store.Find(ctx, scope, q)
	if n := len(page.Reservations); n == q.Limit {
		last := cursorOf(q, &row{Reservation: page.Reservations[n-1]})
		page.Next = &last
	}
	return page, err
}

// nostalgic keeps the words of a reservation's first version.
type nostalgic struct{ *Store }

func (s nostalgic) Commit(ctx context.Context, c *reservation.Change) error {
	err := s.Store.Commit(ctx, c)
	s.locked(func() {
		for _, r := range s.reservations {
			if r.ID == c.After.ID && c.Before.ID != "" {
				r.words = wordsOf(&c.Before)
			}
		}
	})
	return err
}

type pageCounting struct{ *Store }

func (s pageCounting) Count(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Counts, error) {
	n, err := s.Store.Count(ctx, scope, q)
	n.Total = min(n.Total, int64(q.Limit))
	return n, err
}

type roomless struct{ *Store }

func (s roomless) List(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Listing, error) {
	l, err := s.Store.List(ctx, scope, q)
	for i := range l.Items {
		l.Items[i].Rooms = nil
	}
	return l, err
}

type summing struct{ *Store }

func (s summing) Segments(ctx context.Context, scope innards.Scope, _ reservation.Query) ([]reservation.SegmentRow, error) {
	return s.Store.Segments(ctx, scope, reservation.Query{})
}

type floating struct{ *Store }

func (s floating) Segments(ctx context.Context, scope innards.Scope, q reservation.Query) ([]reservation.SegmentRow, error) {
	rows, err := s.Store.Segments(ctx, scope, q)
	for i, r := range rows {
		rows[i].Revenue = Amount(int64(float32(r.Revenue.Minor())), r.Revenue.Currency())
	}
	return rows, err
}

type dayCounting struct{ *Store }

func (s dayCounting) Segments(ctx context.Context, scope innards.Scope, q reservation.Query) ([]reservation.SegmentRow, error) {
	rows, err := s.Store.Segments(ctx, scope, q)
	for i := range rows {
		rows[i].Nights = max(rows[i].Nights, rows[i].Reservations+1)
	}
	return rows, err
}

type lastDay struct{ *Store }

func (s lastDay) Held(ctx context.Context, scope innards.Scope, property string, from, to innards.Date, at time.Time) ([]reservation.HeldNight, error) {
	return s.Store.Held(ctx, scope, property, from, to.AddDays(1), at)
}

type hasty struct{ *Store }

func (s hasty) Due(ctx context.Context, at time.Time, limit int) ([]innards.Due, error) {
	due, err := s.Store.Due(ctx, at, limit+1)
	slices.Reverse(due)
	return due[:min(limit, len(due))], err
}
