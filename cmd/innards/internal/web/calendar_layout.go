package web

import (
	"cmp"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A window is the part of the calendar that is looked at: one column a day, of two half cells. Guests arrive in the second half
// of a day and leave in the first half of another, so that stays which follow each other fill the row without touching.
type window struct {
	from   innards.Date // of the first column
	nights int
	today  innards.Date // the business date
}

// end returns the day after the last column.
func (w window) end() innards.Date { return w.from.AddDays(w.nights) }

func (w window) halves() int { return 2 * w.nights }

// extent returns the half cells that a stay takes, up to, not including, the second. They can lie outside of the window. A day
// use takes both halves of its day.
func (w window) extent(s *reservation.CalendarStay) (start, end int) {
	start, end = 2*w.from.DaysUntil(s.From)+1, 2*w.from.DaysUntil(s.To)+1
	if s.From == s.To {
		return start - 1, end + 1
	}
	return start, end
}

// A section is a room type: a lane for those without a room, then the rooms.
type section struct {
	reservation.RoomType
	rooms      int // all of the type, wherever the page ends
	outOfOrder int
	free       []int // rooms that are left in each night; negative: overbooked
	lines      []line
	continued  bool // it began on the page before
}

// A line is a row of the table. A room whose stays overlap, such as a day use on a day of arrival, has several.
type line struct {
	room       string // empty: without a room
	name       string
	lane       int // 0 is the first of the room
	outOfOrder bool
	cells      []cell
}

// A cell is a bar, or what is free between two.
type cell struct {
	span int // half cells
	bar  *bar
}

// A bar is a stay in a row. Where it does not begin or end, it goes on in another room or outside of the window.
type bar struct {
	*reservation.CalendarStay
	begins, ends bool
}

// sections lays the rows of a calendar out. The rows should begin a day before the window, for those who leave on its first.
func (w window) sections(rows []reservation.CalendarRow, types []reservation.RoomType) []section {
	spans := spansOf(rows)
	out := make([]section, len(types))
	at := map[string]*section{}
	for i, t := range types {
		out[i] = section{RoomType: t, free: make([]int, w.nights)}
		at[t.ID] = &out[i]
	}
	slices.SortStableFunc(rows, func(a, b reservation.CalendarRow) int { // lanes come before rooms
		return cmp.Compare(min(len(a.Room), 1), min(len(b.Room), 1))
	})
	for i := range rows {
		if s := at[rows[i].Type]; s != nil {
			s.add(w, &rows[i], spans)
		}
	}
	return out
}

func (s *section) add(w window, row *reservation.CalendarRow, spans map[string]span) {
	if row.Room != "" {
		s.rooms++
		if row.OutOfOrder {
			s.outOfOrder++
		} else {
			s.vary(0, w.nights, 1)
		}
	}
	for i := range row.Stays {
		s.vary(w.from.DaysUntil(row.Stays[i].From), w.from.DaysUntil(row.Stays[i].To), -1)
	}
	for lane, cells := range w.lanes(row.Stays, spans) {
		if row.Room == "" && len(row.Stays) == 0 {
			continue
		}
		s.lines = append(s.lines, line{row.Room, row.Name, lane, row.OutOfOrder, cells})
	}
}

// vary adds to what is free in the nights from the first up to, not including, the second.
func (s *section) vary(from, to, by int) {
	for i := max(0, from); i < min(to, len(s.free)); i++ {
		s.free[i] += by
	}
}

// A span is from the first night of a reservation that is known to the day after the last.
type span struct{ from, to innards.Date }

func spansOf(rows []reservation.CalendarRow) map[string]span {
	spans := map[string]span{}
	for _, row := range rows {
		for _, stay := range row.Stays {
			s, known := spans[stay.Reservation]
			if !known || stay.From.Before(s.from) {
				s.from = stay.From
			}
			if !known || s.to.Before(stay.To) {
				s.to = stay.To
			}
			spans[stay.Reservation] = s
		}
	}
	return spans
}

// lanes puts stays, which are sorted by their first night, into as few rows as they need: at least one.
func (w window) lanes(stays []reservation.CalendarStay, spans map[string]span) [][]cell {
	lanes, filled := make([][]cell, 1), make([]int, 1)
	for i := range stays {
		from, to := w.extent(&stays[i])
		start, end := max(from, 0), min(to, w.halves())
		if start >= end {
			continue
		}
		lane := slices.IndexFunc(filled, func(until int) bool { return until <= start })
		if lane < 0 {
			lane, lanes, filled = len(lanes), append(lanes, nil), append(filled, 0)
		}
		s := spans[stays[i].Reservation]
		b := &bar{&stays[i], start == from && stays[i].From == s.from, end == to && stays[i].To == s.to}
		lanes[lane] = append(gap(lanes[lane], start-filled[lane]), cell{end - start, b})
		filled[lane] = end
	}
	for i := range lanes {
		lanes[i] = gap(lanes[i], w.halves()-filled[i])
	}
	return lanes
}

// gap adds free half cells.
func gap(cells []cell, span int) []cell {
	if span == 0 {
		return cells
	}
	return append(cells, cell{span: span})
}
