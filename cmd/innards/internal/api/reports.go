package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/cursor"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

const reportTag = "Reports"

func (a *api) registerReports() {
	read, reports := router.Needs(access.ReadReservations), router.Needs(access.ReadReports)
	get := func(id, path, summary string, p router.Policy) huma.Operation {
		return operation(id, http.MethodGet, propertyPath+path, reportTag, summary, p)
	}
	for _, l := range []struct {
		list reservation.DayList
		doc  string
	}{
		{reservation.ListArrivals, "List the arrivals of the business date."},
		{reservation.ListDepartures, "List the departures of the business date."},
		{reservation.ListInHouse, "List the guests in the house."},
		{reservation.ListOverdue, "List the overdue arrivals and overstays."},
	} {
		name := hyphens(string(l.list))
		register(a, get(name, "/"+name, l.doc, read), a.dayList(l.list))
	}
	register(a, get("calendar", "/calendar", "Get the room calendar: rooms with their stays.", read), a.calendar)
	register(a, get("availability", "/availability", "Get what is left of every room type, by night.", read), a.availability)
	register(a, get("awaiting-guarantee", "/awaiting-guarantee", "List the reservations whose guarantee is awaited or overdue.", reports), a.awaiting)
	register(a, get("segments", "/segments", "Sum nights, reservations and revenue by segment, guarantee and occupancy.", reports), a.segments)
	register(a, get("automation-preview", "/automation", "List what automation is going to do.", reports), a.preview)
	a.registerRoomFeed(get("room-calendar-feed", "/rooms/{room}/calendar.ics", "Get the stays in a room as iCalendar (RFC 5545), without names.", read))
}

type dayInput struct {
	RecordID
	Paging
}

func (a *api) dayList(l reservation.DayList) func(context.Context, *dayInput) (*pageOutput[Summary], error) {
	return func(ctx context.Context, in *dayInput) (*pageOutput[Summary], error) {
		after, err := in.cursor(reservation.FieldArrival)
		if err != nil {
			return nil, err
		}
		found, err := a.Service.Day(ctx, access.ActorOf(ctx), in.ID, l, after, in.Limit)
		return a.page(ctx, found, reservation.FieldArrival, err)
	}
}

type rangeInput struct {
	RecordID
	From innards.Date `query:"from" required:"true" doc:"first night"`
	To   innards.Date `query:"to" required:"true" doc:"day after the last night"`
}

func (a *api) calendar(ctx context.Context, in *rangeInput) (*output[list[reservation.CalendarRow]], error) {
	rows, err := a.Service.Calendar(ctx, access.ActorOf(ctx), in.ID, in.From, in.To)
	return listOf(rows), err
}

func (a *api) availability(ctx context.Context, in *rangeInput) (*output[list[reservation.Availability]], error) {
	nights, err := a.Service.Availability(ctx, access.ActorOf(ctx), in.ID, in.From, in.To)
	return listOf(nights), err
}

// Awaiting is a line of the report of reservations awaiting guarantee.
type Awaiting struct {
	Reservation Reservation   `json:"reservation"`
	Deadline    *time.Time    `json:"deadline,omitempty"`
	DaysLeft    *int          `json:"days_left,omitempty" doc:"civil days until the deadline in the property's zone, negative if it is late"`
	Due         innards.Money `json:"due" doc:"deposit that is due and neither paid nor authorised"`
}

func (a *api) awaiting(ctx context.Context, in *dayInput) (*pageOutput[Awaiting], error) {
	after, err := in.cursor(reservation.FieldArrival)
	if err != nil {
		return nil, err
	}
	q := reservation.Search{Property: in.ID, After: after, Limit: in.Limit}
	lines, next, err := a.Service.AwaitingGuarantee(ctx, access.ActorOf(ctx), q)
	if err != nil {
		return nil, err
	}
	rs := make([]reservation.Reservation, len(lines))
	for i, l := range lines {
		rs[i] = l.Reservation
	}
	views, err := a.views(ctx, rs)
	if err != nil {
		return nil, err
	}
	out := &pageOutput[Awaiting]{page[Awaiting]{make([]Awaiting, len(lines)), cursor.Text(next, reservation.FieldArrival)}}
	for i, l := range lines {
		out.Body.Items[i] = Awaiting{views[i], l.Deadline, l.DaysLeft, l.Due}
	}
	return out, nil
}

type segmentsInput struct {
	RecordID
	Filter
}

func (a *api) segments(ctx context.Context, in *segmentsInput) (*output[list[reservation.SegmentRow]], error) {
	q := in.search()
	q.Property = in.ID
	rows, err := a.Service.Segments(ctx, access.ActorOf(ctx), q)
	return listOf(rows), err
}

type previewInput struct {
	RecordID
	Until time.Time `query:"until" required:"true" doc:"what is due up to this instant"`
}

func (a *api) preview(ctx context.Context, in *previewInput) (*output[list[reservation.Plan]], error) {
	plans, err := a.Service.Preview(ctx, access.ActorOf(ctx), reservation.Search{Property: in.ID}, in.Until.UTC())
	return listOf(plans), err
}
