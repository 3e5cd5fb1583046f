package reservationtest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/reservation"
)

// A segment is what a line of the segments report is about.
type segment struct {
	name      string
	guarantee reservation.Guarantee
	occupancy reservation.Occupancy
	currency  innards.Currency
}

// Segments implements [reservation.Store].
func (s *Store) Segments(ctx context.Context, scope innards.Scope, q reservation.Query) (rows []reservation.SegmentRow, err error) {
	sums := map[segment]*reservation.SegmentRow{}
	err = s.db.View(ctx, scope, func() error {
		for _, r := range s.matching(scope, q) {
			key := segment{r.Segment, r.Guarantee, r.Occupancy, r.Currency()}
			if sums[key] == nil {
				sums[key] = &reservation.SegmentRow{Segment: r.Segment, Guarantee: r.Guarantee, Occupancy: r.Occupancy}
			}
			if err := addTo(sums[key], &r.Reservation); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, row := range sums {
		rows = append(rows, *row)
	}
	slices.SortFunc(rows, compareSegments)
	return rows, nil
}

func compareSegments(a, b reservation.SegmentRow) int {
	return cmp.Or(cmp.Compare(a.Segment, b.Segment), cmp.Compare(a.Guarantee, b.Guarantee),
		cmp.Compare(a.Occupancy, b.Occupancy), cmp.Compare(a.Revenue.Currency(), b.Revenue.Currency()))
}

func addTo(row *reservation.SegmentRow, r *reservation.Reservation) (err error) {
	row.Reservations++
	amounts := make([]innards.Money, 0, len(r.Nights)+len(r.Extras))
	for _, n := range r.Nights {
		amounts = append(amounts, n.Price)
		if n.Slot == reservation.SlotNight {
			row.Nights++
		}
	}
	for _, e := range r.Extras {
		amounts = append(amounts, e.Price)
	}
	for _, amount := range amounts {
		if row.Revenue, err = row.Revenue.Add(amount); err != nil {
			return err
		}
	}
	return nil
}

// Held implements [reservation.Store].
func (s *Store) Held(ctx context.Context, scope innards.Scope, property string, from, to innards.Date, at time.Time) (held []reservation.HeldNight, err error) {
	err = s.db.View(ctx, scope, func() error {
		if _, err := s.property(scope, property); err != nil {
			return err
		}
		for n, claims := range s.nights {
			if n.tenant != scope.Tenant() || n.property != property || n.Date.Before(from) || !n.Date.Before(to) {
				continue
			}
			for id, c := range claims {
				if _, err := s.row(scope, id); err == nil && inForce(c, at) {
					held = append(held, reservation.HeldNight{Claim: memstore.Copy(c), Reservation: id})
				}
			}
		}
		return nil
	})
	slices.SortFunc(held, compareHeld)
	return held, err
}

func compareHeld(a, b reservation.HeldNight) int {
	return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Room, b.Room), cmp.Compare(a.Reservation, b.Reservation))
}
