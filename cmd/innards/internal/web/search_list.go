package web

import (
	"net/url"

	"github.com/a-h/templ"

	"github.com/innards-go/innards/reservation"
)

// A listing is a table of reservations.
type listing struct {
	rows    []row
	next    string              // address of the next page; empty: there is none
	actions bool                // a button for the next step of each
	picks   bool                // boxes to choose some for a bulk command
	sort    *reservation.Search // by which the list is sorted; nil: its order is given
}

// sorted returns the order of a column as ARIA has it.
func (l *listing) sorted(by reservation.Field) string {
	switch {
	case sortField(l.sort) != by:
		return "none"
	case l.sort.Descending:
		return "descending"
	}
	return "ascending"
}

// sortedBy returns the address of the list in the order of a column: turned round if that is the order already.
func (v *view) sortedBy(l listing, by reservation.Field) templ.SafeURL {
	q := v.r.URL.Query()
	for _, name := range []string{"after", "sort", "descending"} {
		q.Del(name)
	}
	if by != sorts()[0] {
		q.Set("sort", string(by))
	}
	if l.sorted(by) == "ascending" {
		q.Set("descending", "true")
	}
	return templ.SafeURL((&url.URL{Path: v.r.URL.Path, RawQuery: q.Encode()}).String())
}
