package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A segmentReport is what the segments brought.
type segmentReport struct {
	form  *searchForm
	rows  []segment
	total segment
	split bool // by guarantee and occupancy
}

// filters reports whether the report's form has the filter.
func (*segmentReport) filters(name string) bool {
	return slices.Contains([]string{"arrival_from", "arrival_to", "guarantee", "occupancy"}, name)
}

// A segment sums one segment, with its parts by guarantee and occupancy.
type segment struct {
	name                 string
	guarantee            reservation.Guarantee
	occupancy            reservation.Occupancy
	reservations, nights int64
	revenue              innards.Money
	parts                []segment
}

// segments shows nights, reservations and revenue by segment.
func (s *site) segments(v *view) error {
	asked := v.segmentQuery()
	report := &segmentReport{form: v.readSearch(asked), split: asked.Get("split") == "true"}
	if !report.form.wrong() {
		rows, err := s.Service.Segments(v.ctx(), v.visitor.Actor, report.form.search)
		if err != nil {
			return err
		}
		if err := report.sum(rows); err != nil {
			return err
		}
	} else {
		v.status = http.StatusUnprocessableEntity
	}
	return v.show(segmentsPage(v, report))
}

// segmentQuery returns what the address asks for: the valid reservations that arrive in the business date's month, unless it
// says otherwise.
func (v *view) segmentQuery() url.Values {
	asked := v.r.URL.Query()
	if !asked.Has("arrival_from") && !asked.Has("arrival_to") {
		first, last := monthOf(v.property.BusinessDate)
		asked.Set("arrival_from", first.String())
		asked.Set("arrival_to", last.String())
	}
	if !asked.Has("occupancy") {
		asked["occupancy"] = []string{string(reservation.Expected), string(reservation.CheckedIn), string(reservation.CheckedOut)}
	}
	return asked
}

// monthOf returns the first and the last day of the month.
func monthOf(d innards.Date) (first, last innards.Date) {
	_, _, day := d.Date()
	first = d.AddDays(1 - day)
	next := first.AddDays(31)
	_, _, over := next.Date()
	return first, next.AddDays(-over)
}

// sum adds the rows up by segment, and sorts the segments by revenue.
func (r *segmentReport) sum(rows []reservation.SegmentRow) error {
	for _, row := range rows {
		i := slices.IndexFunc(r.rows, func(s segment) bool { return s.name == row.Segment })
		if i < 0 {
			i = len(r.rows)
			r.rows = append(r.rows, segment{name: row.Segment})
		}
		part := segment{guarantee: row.Guarantee, occupancy: row.Occupancy, reservations: row.Reservations, nights: row.Nights, revenue: row.Revenue}
		r.rows[i].parts = append(r.rows[i].parts, part)
		for _, of := range []*segment{&r.rows[i], &r.total} {
			if err := of.add(part); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(r.rows, func(a, b segment) int {
		return cmp.Or(cmp.Compare(b.revenue.Minor(), a.revenue.Minor()), cmp.Compare(a.name, b.name))
	})
	return nil
}

func (s *segment) add(part segment) (err error) {
	s.reservations += part.reservations
	s.nights += part.nights
	s.revenue, err = add(s.revenue, part.revenue)
	return err
}

// title returns how the segment is called.
func (s *segment) title(v *view) string {
	if s.name == "" {
		return v.say.Say("segments.none")
	}
	return s.name
}

// share returns how many of a hundred the segment's revenue is, rounded.
func (s *segment) share(of innards.Money) int {
	if of.Sign() <= 0 {
		return 0
	}
	return int((200*s.revenue.Minor() + of.Minor()) / (2 * of.Minor()))
}
