package web

import (
	"errors"
	"net/url"
	"sync"

	"github.com/a-h/templ"

	"github.com/innards-go/innards/reservation"
)

// A quickFilter is a search that is always there as words, with how many it finds. Its name is the text "filter.quick.NAME".
type quickFilter struct {
	name   string
	at     templ.SafeURL
	count  int64
	urgent bool // somebody should look at what it finds
	active bool
}

// soon is how many days ahead the filters of what is to come look.
const soon = 7

// quickSearches returns the searches of a property's quick filters. Each is bounded by days or by a status that few
// reservations have at a time, so that it is counted as fast in a house with a long past.
func quickSearches(p *reservation.Property) []struct {
	name   string
	search reservation.Search
	urgent bool
} {
	day := p.BusinessDate
	of := func(list reservation.DayList) reservation.Search { // as the board has it, so that the two never disagree
		q, _ := list.Search(p)
		return q
	}
	expected := []reservation.Occupancy{reservation.Expected}
	return []struct {
		name   string
		search reservation.Search
		urgent bool
	}{
		{"arriving", of(reservation.ListArrivals), false},
		{"leaving", of(reservation.ListDepartures), false},
		{"in_house", of(reservation.ListInHouse), false},
		{"late", of(reservation.ListOverdue), true},
		{"unassigned", reservation.Search{Occupancy: expected, Unassigned: true, ArrivalFrom: day, ArrivalTo: day.AddDays(soon)}, false},
		{"unconfirmed", reservation.Search{
			Occupancy: expected, Confirmation: []reservation.Confirmation{reservation.Unconfirmed}, ArrivalFrom: day, ArrivalTo: day.AddDays(soon),
		}, false},
		{"awaiting", reservation.Search{GuaranteeState: []reservation.GuaranteeState{reservation.StateAwaiting}}, false},
		{"overdue", reservation.Search{GuaranteeState: []reservation.GuaranteeState{reservation.StateOverdue}}, true},
		{"options", reservation.Search{Occupancy: expected, Commitment: []reservation.Commitment{reservation.Optional}}, false},
	}
}

// quickFilters counts the quick filters, all at the same time; asked is the query of the search that is shown.
func (v *view) quickFilters(asked string) ([]quickFilter, error) {
	searches := quickSearches(v.property)
	all, errs := make([]quickFilter, len(searches)), make([]error, len(searches))
	var counting sync.WaitGroup
	for i, of := range searches {
		query := address(v.property, &of.search)
		all[i] = quickFilter{name: of.name, at: v.found(query), active: query.Encode() == asked}
		counting.Go(func() {
			all[i].count, errs[i] = v.countOf(of.search)
			all[i].urgent = of.urgent && all[i].count > 0
		})
	}
	counting.Wait()
	return all, errors.Join(errs...)
}

// all returns the filter of nothing, which is not counted.
func (v *view) all(asked url.Values) quickFilter {
	return quickFilter{name: "all", at: v.path("reservations"), active: len(asked) == 0}
}
