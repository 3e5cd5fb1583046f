package replay

import (
	"cmp"
	"slices"

	"github.com/innards-go/innards"
)

// An agenda hands out bookings by the day, those of one day in the order of the file. The days must be asked for in order.
type agenda struct {
	of    []booking
	order []int32
	day   func(*booking) innards.Date
}

// newAgenda returns the agenda of the bookings that it is for.
func newAgenda(of []booking, isFor func(*booking) bool, day func(*booking) innards.Date) *agenda {
	a := &agenda{of: of, day: day}
	for i := range of {
		if isFor(&of[i]) {
			a.order = append(a.order, int32(i))
		}
	}
	slices.SortFunc(a.order, func(i, j int32) int { return cmp.Or(day(&of[i]).Compare(day(&of[j])), cmp.Compare(i, j)) })
	return a
}

// on returns the bookings of the day that are not lost, and forgets them.
func (a *agenda) on(day innards.Date) (today []*booking) {
	n := 0
	for ; n < len(a.order); n++ {
		b := &a.of[a.order[n]]
		if a.day(b) != day {
			break
		}
		if !b.lost {
			today = append(today, b)
		}
	}
	a.order = a.order[n:]
	return today
}

// split returns those that are and those that are not, in order.
func split[T any](list []T, is func(T) bool) (those, others []T) {
	for _, e := range list {
		if is(e) {
			those = append(those, e)
		} else {
			others = append(others, e)
		}
	}
	return those, others
}
