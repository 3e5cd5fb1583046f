package reservationbun

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/fold"
	"github.com/innards-go/innards/reservation"
)

// Find implements [reservation.Store].
func (s *Store) Find(ctx context.Context, scope innards.Scope, q reservation.Query) (page reservation.Page, err error) {
	page.Reservations, page.Next, err = pageOf(ctx, s, scope, q, "r.doc", func(rows *sql.Rows) (r reservation.Reservation, err error) {
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return r, err
		}
		return parseReservation(doc)
	}, func(r *reservation.Reservation) *reservation.Cursor {
		last, _ := r.Summary() // whose total is of no interest here
		return cursorOf(q, &last)
	})
	return page, err
}

// List implements [reservation.Store].
func (s *Store) List(ctx context.Context, scope innards.Scope, q reservation.Query) (l reservation.Listing, err error) {
	l.Items, l.Next, err = pageOf(ctx, s, scope, q, summaryColumns, scanSummary, func(last *reservation.Summary) *reservation.Cursor {
		return cursorOf(q, last)
	})
	return l, err
}

// pageOf reads a page and one more row, which tells whether another page follows.
func pageOf[T any](ctx context.Context, s *Store, scope innards.Scope, q reservation.Query, columns string,
	scan func(*sql.Rows) (T, error), end func(last *T) *reservation.Cursor,
) (page []T, next *reservation.Cursor, err error) {
	query, err := s.pageQuery(scope, q, columns)
	if err != nil {
		return nil, nil, err
	}
	limit, more := max(q.Limit, 0), false
	err = s.on.Search(ctx, func(rows *sql.Rows) error {
		if more = len(page) == limit; more {
			return nil
		}
		item, err := scan(rows)
		page = append(page, item)
		return err
	}, query.text, query.args...)
	if err == nil && more && limit > 0 {
		next = end(&page[limit-1])
	}
	return page, next, err
}

// pageQuery returns the query for a page and one more row.
func (s *Store) pageQuery(scope innards.Scope, q reservation.Query, columns string) (clause, error) {
	from, err := s.from(scope, q)
	if err != nil {
		return clause{}, err
	}
	after, err := afterCursor(q)
	if err != nil {
		return clause{}, err
	}
	direction := ""
	if q.Descending {
		direction = " DESC"
	}
	order := " ORDER BY r." + string(sortField(q)) + direction + ", r.id" + direction
	page := from.text + after.text + order + " LIMIT ?"
	if len(q.Words) > 0 && s.on.DB().Dialect() == bunstore.SQLite {
		page = " FROM innards_reservation r WHERE r.seq IN (SELECT r.seq" + page + ")" + order
	}
	return clause{"SELECT " + columns + page, slices.Concat(from.args, after.args, []any{max(q.Limit, 0) + 1})}, nil
}

// from returns the FROM and WHERE of what the query finds in the scope.
func (s *Store) from(scope innards.Scope, q reservation.Query) (clause, error) {
	if err := scope.Err(); err != nil {
		return clause{}, err
	}
	text, args := rowScope.Where(scope)
	all := []clause{{text, args}}
	for _, c := range q.Where {
		rendered, err := render(c)
		if err != nil {
			return clause{}, err
		}
		all = append(all, rendered)
	}
	prefixes, ok := fold.Prefixes(q.Words)
	if !ok {
		all = append(all, clause{text: "FALSE"})
	}
	tables := " FROM innards_reservation r"
	if ok && len(prefixes) > 0 {
		words := s.matching(prefixes)
		tables, all = words.tables, append(all, words.clause)
	}
	where := join(all, " AND ", "")
	return clause{tables + " WHERE " + where.text, where.args}, nil
}

func sortField(q reservation.Query) reservation.Field {
	switch q.Sort {
	case reservation.FieldDeparture, reservation.FieldCreated, reservation.FieldNumber, reservation.FieldGuest:
		return q.Sort
	}
	return reservation.FieldArrival
}

// instantLayout has a fixed width, so that the order of the texts is that of the instants.
const instantLayout = "2006-01-02T15:04:05.000000Z07:00"

func cursorOf(q reservation.Query, r *reservation.Summary) *reservation.Cursor {
	c := &reservation.Cursor{ID: r.ID}
	switch sortField(q) {
	case reservation.FieldDeparture:
		c.Value = r.Departure.String()
	case reservation.FieldCreated:
		c.Value = r.CreatedAt.UTC().Format(instantLayout)
	case reservation.FieldNumber:
		c.Value = r.Number
	case reservation.FieldGuest:
		c.Value = r.GuestName
	default:
		c.Value = r.Arrival.String()
	}
	return c
}

// afterCursor returns the condition that a reservation comes after the query's cursor.
func afterCursor(q reservation.Query) (clause, error) {
	if q.After == nil {
		return clause{}, nil
	}
	var value any = q.After.Value
	if sortField(q) == reservation.FieldCreated {
		at, err := time.Parse(time.RFC3339Nano, q.After.Value)
		if err != nil {
			return clause{}, fmt.Errorf("reservation: the cursor is not one of this query: %w", err)
		}
		value = bunstore.Micros(at)
	}
	operator := ">"
	if q.Descending {
		operator = "<"
	}
	return clause{" AND (r." + string(sortField(q)) + ", r.id) " + operator + " (?, ?)", []any{value, q.After.ID}}, nil
}

// Count implements [reservation.Store].
func (s *Store) Count(ctx context.Context, scope innards.Scope, q reservation.Query) (reservation.Counts, error) {
	n := reservation.Counts{
		Confirmation: map[reservation.Confirmation]int64{},
		Guarantee:    map[reservation.Guarantee]int64{},
		Occupancy:    map[reservation.Occupancy]int64{},
		Commitment:   map[reservation.Commitment]int64{},
	}
	from, err := s.from(scope, q)
	if err != nil {
		return n, err
	}
	const statuses = "r.confirmation, r.guarantee, r.occupancy, r.commitment"
	err = s.on.Search(ctx, func(rows *sql.Rows) error {
		var of reservation.Reservation
		var found int64
		if err := rows.Scan(&of.Confirmation, &of.Guarantee, &of.Occupancy, &of.Commitment, &found); err != nil {
			return err
		}
		n.Total += found
		n.Confirmation[of.Confirmation] += found
		n.Guarantee[of.Guarantee] += found
		n.Occupancy[of.Occupancy] += found
		n.Commitment[of.Commitment] += found
		return nil
	}, "SELECT "+statuses+", count(*)"+from.text+" GROUP BY "+statuses, from.args...)
	return n, err
}

// Segments implements [reservation.Store].
func (s *Store) Segments(ctx context.Context, scope innards.Scope, q reservation.Query) (all []reservation.SegmentRow, err error) {
	from, err := s.from(scope, q)
	if err != nil {
		return nil, err
	}
	const by = "coalesce(r.segment, ''), r.guarantee, r.occupancy, r.currency"
	err = s.on.Search(ctx, func(rows *sql.Rows) error {
		var row reservation.SegmentRow
		var currency innards.Currency
		var revenue int64
		err := rows.Scan(&row.Segment, &row.Guarantee, &row.Occupancy, &currency, &row.Reservations, &row.Nights, &revenue)
		if err != nil {
			return err
		}
		if currency != "" {
			row.Revenue, err = innards.FromMinor(revenue, currency)
		}
		all = append(all, row)
		return err
	}, "SELECT "+by+", count(*), CAST(sum(r.nights) AS bigint), CAST(sum(r.revenue) AS bigint)"+from.text+
		" GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4", from.args...)
	return all, err
}
