package web

import (
	"github.com/a-h/templ"

	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/reservation"
)

// A notice is a group of things that somebody should look at. Its heading is the text "notice.NAME", what it means
// "notice.NAME.help".
type notice struct {
	name  string
	count int64
	all   templ.SafeURL // where all of them are; empty: nowhere else
	items []noticeItem
}

// A noticeItem is one of them.
type noticeItem struct {
	title string // whom or what it is about
	at    templ.SafeURL
	says  string
}

// noticeItems is how many of a group are shown.
const noticeItems = 10

// notifications shows what the staff should look at. It is derived from what is there: nothing is kept for it.
func (s *site) notifications(v *view) error {
	notices, err := v.notices()
	if err != nil {
		return err
	}
	return v.show(notificationsPage(v, notices))
}

// notices returns the groups that have something.
func (v *view) notices() (all []notice, err error) {
	for _, w := range v.watches() {
		n, err := v.watch(w)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	money, err := v.moneyNotices()
	if err != nil {
		return nil, err
	}
	mails, err := v.mailNotice()
	if err != nil {
		return nil, err
	}
	var some []notice
	for _, n := range append(append(all, money...), mails) {
		if n.count > 0 {
			some = append(some, n)
		}
	}
	return some, nil
}

// A watch is a search whose every result is worth a look.
type watch struct {
	name   string
	search reservation.Search
	says   func(v *view, r *row) string
}

func (v *view) watches() []watch {
	yes, day := true, v.property.BusinessDate
	return []watch{
		{"overdue_guarantee", reservation.Search{GuaranteeState: []reservation.GuaranteeState{reservation.StateOverdue}}, (*view).deadlineOf},
		{"overdue_arrival", reservation.Search{StayState: []reservation.StayState{reservation.StayOverdueArrival}}, (*view).stayOf},
		{"overstay", reservation.Search{StayState: []reservation.StayState{reservation.StayOverstay}}, (*view).stayOf},
		{"overbooked", reservation.Search{
			Overbooked: &yes, Occupancy: []reservation.Occupancy{reservation.Expected, reservation.CheckedIn}, DepartureFrom: day,
		}, (*view).stayOf},
	}
}

func (v *view) watch(w watch) (notice, error) {
	n := notice{name: w.name, all: v.found(address(v.property, &w.search))}
	var err error
	if n.count, err = v.countOf(w.search); err != nil || n.count == 0 {
		return n, err
	}
	w.search.Property, w.search.Limit = v.property.ID, noticeItems
	found, err := v.Service.List(v.ctx(), v.visitor.Actor, w.search)
	if err != nil {
		return n, err
	}
	for _, r := range v.rows(found) {
		n.items = append(n.items, noticeItem{r.GuestName + " · " + r.Number, v.path("reservations", r.ID), w.says(v, &r)})
	}
	return n, nil
}

func (v *view) deadlineOf(r *row) string {
	if r.GuaranteeDeadline == nil {
		return v.stayOf(r)
	}
	return v.say.Say("notice.deadline", "at", v.say.Instant(*r.GuaranteeDeadline, v.property.Location())) + " · " + v.stayOf(r)
}

func (v *view) stayOf(r *row) string { return v.say.Day(r.Arrival) + " – " + v.say.Day(r.Departure) }

// mailNotice tells which mails could not be sent, in the property.
func (v *view) mailNotice() (notice, error) {
	n := notice{name: "unsent_mail"}
	if v.Work.Box == nil {
		return n, nil
	}
	mails, err := v.Work.Box.List(v.ctx(), v.here().Scope(), mail.Failed, "", noticeItems)
	for _, m := range mails {
		item := noticeItem{title: m.Subject + " → " + m.To, says: m.Error}
		if m.Record != "" {
			item.at = v.path("reservations", m.Record)
		}
		n.add(item)
	}
	return n, err
}
