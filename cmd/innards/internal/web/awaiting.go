package web

import (
	"github.com/innards-go/innards/reservation"
)

// An awaitingList is the report of reservations awaiting guarantee.
type awaitingList struct {
	lines         []reservation.Awaiting
	total, late   int64 // in the whole property
	next          string
	mayGuarantee  bool
	mayRecordPaid bool
}

// awaitingRows is the length of a page of the report.
const awaitingRows = 100

// awaiting shows the reservations that wait for their guarantee, by arrival.
func (s *site) awaiting(v *view) error {
	after, err := v.cursor(reservation.FieldArrival)
	if err != nil {
		return err
	}
	list := awaitingList{
		mayGuarantee:  v.may(rightTo(reservation.Kind, "guarantee")),
		mayRecordPaid: v.may(rightTo(reservation.Kind, "record_payment")),
	}
	q := reservation.Search{Property: v.property.ID, After: after, Limit: awaitingRows}
	lines, next, err := s.Service.AwaitingGuarantee(v.ctx(), v.visitor.Actor, q)
	if err != nil {
		return err
	}
	list.lines, list.next = lines, v.next(next, reservation.FieldArrival)
	if list.late, err = v.countOf(reservation.Search{GuaranteeState: []reservation.GuaranteeState{reservation.StateOverdue}}); err != nil {
		return err
	}
	waiting, err := v.countOf(reservation.Search{GuaranteeState: []reservation.GuaranteeState{reservation.StateAwaiting}})
	if err != nil {
		return err
	}
	list.total = list.late + waiting
	return v.show(awaitingPage(v, &list))
}

// countOf counts what a search finds in the property.
func (v *view) countOf(q reservation.Search) (int64, error) {
	q.Property = v.property.ID
	counts, err := v.Service.Count(v.ctx(), v.visitor.Actor, q)
	return counts.Total, err
}

// left says how many days are left until the deadline, or since when it is over.
func (v *view) left(a *reservation.Awaiting) string {
	if a.DaysLeft == nil {
		return v.say.Say("awaiting.no_deadline")
	}
	switch days := *a.DaysLeft; {
	case a.State == reservation.StateOverdue && days == 0:
		return v.say.Say("awaiting.late_today")
	case days < 0:
		return v.say.Say("awaiting.late", "n", -days)
	case days == 0:
		return v.say.Say("awaiting.today")
	default:
		return v.say.Say("awaiting.left", "n", days)
	}
}
