package web

import (
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A board is the front desk's day: a tile for each list, and one of the lists.
type board struct {
	list  reservation.DayList
	tiles []tile
	rows  []row
	next  string // address of the next page; empty: there is none
}

// A tile counts one of the lists.
type tile struct {
	list   reservation.DayList
	count  int64
	done   int64 // of them, those that came or went already
	active bool
}

// A row is a reservation in a list, with what is derived of it.
type row struct {
	reservation.Summary
	reservation.States
}

// today shows the business date.
func (s *site) today(v *view) error {
	b := board{list: reservation.DayList(v.query("list", string(reservation.ListArrivals)))}
	if !slices.Contains(reservation.DayLists(), b.list) {
		return innards.ErrNotFound
	}
	for _, list := range reservation.DayLists() {
		t, err := v.count(list)
		if err != nil {
			return err
		}
		t.active = list == b.list
		b.tiles = append(b.tiles, t)
	}
	after, err := v.cursor(reservation.FieldArrival)
	if err != nil {
		return err
	}
	found, err := s.Service.Day(v.ctx(), v.visitor.Actor, v.property.ID, b.list, after, boardRows)
	if err != nil {
		return err
	}
	b.rows, b.next = v.rows(found), v.next(found.Next, reservation.FieldArrival)
	return v.show(todayPage(v, b))
}

// boardRows is the length of the board's list: a small hotel's day on one page.
const boardRows = 100

func (v *view) count(list reservation.DayList) (tile, error) {
	t := tile{list: list}
	q, _ := list.Search(v.property)
	counts, err := v.Service.Count(v.ctx(), v.visitor.Actor, q)
	if err != nil {
		return t, err
	}
	t.count = counts.Total
	switch list {
	case reservation.ListArrivals:
		t.done = counts.Occupancy[reservation.CheckedIn] + counts.Occupancy[reservation.CheckedOut]
	case reservation.ListDepartures:
		t.done = counts.Occupancy[reservation.CheckedOut]
	}
	return t, nil
}

// rows adds what is derived of the reservations of the view's property.
func (v *view) rows(l reservation.Listing) []row {
	derive := v.Service.Derive(v.property)
	rows := make([]row, len(l.Items))
	for i := range l.Items {
		rows[i] = row{l.Items[i], derive.OfSummary(&l.Items[i])}
	}
	return rows
}
