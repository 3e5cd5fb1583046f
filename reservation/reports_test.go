package reservation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// The report of reservations awaiting guarantee counts civil days until the deadline and what is still to be paid.
func TestAwaitingGuarantee(t *testing.T) {
	h := open(t, withGuarantee(reservation.GuaranteePolicy{Name: "open", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineNothing, Deposit: reservation.Deposit{Fixed: euro(10)}}))
	early := h.book(stay(20, 2), under(reservationtest.Deposit, ""), paying(euro(20)))
	endless := h.book(stay(21, 1), under("open", ""))
	h.book(stay(22, 1))
	h.do(h.book(stay(20, 1), under(reservationtest.Deposit, "")), reservation.GuaranteeBy{Note: "x"})
	h.do(h.book(stay(20, 1), under(reservationtest.Deposit, "")), reservation.Cancel{Reason: reservation.ReasonGuest})
	h.clock.Advance(30 * time.Hour)
	late := h.book(stay(22, 2), under(reservationtest.Deposit, ""))
	report := func(at time.Time) string {
		t.Helper()
		h.clock.Set(at)
		lines, next, err := h.AwaitingGuarantee(h.ctx, h.desk, reservation.Search{Property: reservationtest.HotelID})
		if err != nil || next != nil {
			t.Fatal(next, err)
		}
		var text []string
		for _, l := range lines {
			days := "never"
			if l.DaysLeft != nil {
				days = fmt.Sprint(*l.DaysLeft)
			}
			if (l.Deadline == nil) != (l.DaysLeft == nil) {
				t.Errorf("%v days until %v", l.DaysLeft, l.Deadline)
			}
			name := map[string]string{early: "early", endless: "endless", late: "late"}[l.Reservation.ID]
			text = append(text, fmt.Sprintf("%s %s %s %s", name, l.State, days, l.Due))
		}
		return strings.Join(text, ", ")
	}
	// The deadlines are 4 June, 9:00, and 5 June, 15:00, in Sofia.
	for at, want := range map[string]string{
		"2026-06-02T12:00:00Z": "early awaiting 2 40.00 EUR, endless awaiting never 10.00 EUR, late awaiting 3 60.00 EUR",
		"2026-06-03T20:59:59Z": "early awaiting 1 40.00 EUR, endless awaiting never 10.00 EUR, late awaiting 2 60.00 EUR",
		"2026-06-03T21:00:00Z": "early awaiting 0 40.00 EUR, endless awaiting never 10.00 EUR, late awaiting 1 60.00 EUR", // midnight in Sofia
		"2026-06-04T06:00:00Z": "early overdue 0 40.00 EUR, endless awaiting never 10.00 EUR, late awaiting 1 60.00 EUR",
		"2026-06-06T12:00:00Z": "early overdue -2 40.00 EUR, endless awaiting never 10.00 EUR, late overdue -1 60.00 EUR",
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, at, report(moment), want)
	}
	lines, next, err := h.AwaitingGuarantee(h.ctx, h.desk, reservation.Search{Property: reservationtest.HotelID, Limit: 2})
	if err != nil || len(lines) != 2 || next == nil {
		t.Errorf("a page has %d lines, next %v, %v", len(lines), next, err)
	}
	_, _, err = h.AwaitingGuarantee(h.ctx, h.desk, reservation.Search{})
	equal(t, "without a property", equalCodes(err, reservation.PropertyRequired), true)
	_, _, err = h.AwaitingGuarantee(h.ctx, h.desk, reservation.Search{Property: reservationtest.HotelID, Sort: "x"})
	equal(t, "refused", equalCodes(err, reservation.QueryInvalid), true)
}

// The front desk's lists of the day.
func TestDayLists(t *testing.T) {
	h := open(t)
	names := map[string]string{}
	add := func(name string, edits ...edit) string {
		id := h.book(edits...)
		names[id] = name
		return id
	}
	add("overdue", stay(0, 5))
	leaves, stays := add("leaves", stay(0, 1), inRoom("101")), add("stays", stay(0, 3), inRoom("102"))
	h.do(leaves, reservation.CheckIn{})
	h.do(stays, reservation.CheckIn{})
	h.closeDay(1)
	add("comes", stay(1, 1))
	came := add("came", stay(1, 1), ofType("APT"), inRoom("201"))
	h.do(came, reservation.CheckIn{})
	h.do(add("void", stay(1, 0)), reservation.Cancel{Reason: reservation.ReasonGuest})
	add("waits", stay(1, 1), as(reservation.Waitlisted))
	add("later", stay(7, 1))
	list := func(l reservation.DayList) string {
		t.Helper()
		page, err := h.Day(h.ctx, h.desk, reservationtest.HotelID, l, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range page.Items {
			out = append(out, names[r.ID])
		}
		return strings.Join(out, " ")
	}
	equal(t, "arrivals", list(reservation.ListArrivals), "comes came")
	equal(t, "departures", list(reservation.ListDepartures), "leaves")
	equal(t, "in house", list(reservation.ListInHouse), "leaves stays came")
	equal(t, "overdue", list(reservation.ListOverdue), "overdue")
	h.do(leaves, reservation.CheckOut{})
	equal(t, "departures", list(reservation.ListDepartures), "leaves")
	h.clock.Set(day(4).At(9*60, h.property().Location()))
	equal(t, "overdue", list(reservation.ListOverdue), "overdue stays comes came")
	page, err := h.Day(h.ctx, h.desk, reservationtest.HotelID, reservation.ListInHouse, nil, 1)
	if err != nil || page.Next == nil {
		t.Fatal(err)
	}
	page, err = h.Day(h.ctx, h.desk, reservationtest.HotelID, reservation.ListInHouse, page.Next, 1)
	if err != nil || len(page.Items) != 1 || names[page.Items[0].ID] != "came" {
		t.Errorf("the next page: %+v, %v", page, err)
	}
	_, err = h.Day(h.ctx, h.desk, reservationtest.HotelID, "x", nil, 0)
	equal(t, "unknown list", equalCodes(err, reservation.QueryInvalid), true)
	_, err = h.Day(h.ctx, h.desk, "x", reservation.ListArrivals, nil, 0)
	wantError(t, err, innards.ErrNotFound)
}

// The calendar shows each room with its stays by class, joined over nights that follow each other, and for each type the
// stays that have no room.
func TestCalendar(t *testing.T) {
	h := open(t)
	h.do(h.book(stay(0, 1), inRoom("101"), guest("Inside")), reservation.CheckIn{})
	split := h.book(stay(0, 4), inRoom("102"), guest("Split"))
	h.do(split, reservation.AssignRoom{Room: "103", From: day(1), To: day(2)})
	left := h.book(stay(0, 2), inRoom("201"), ofType("APT"), guest("Left"))
	h.do(left, reservation.CheckIn{})
	h.closeDay(1)
	h.do(left, reservation.CheckOut{})
	h.book(stay(1, 0), inRoom("101"), guest("Day"))
	h.book(stay(2, 2), guest("Option"), optionUntil(h.clock.Now().Add(time.Hour)))
	h.book(stay(2, 2), guest("Awaiting"), under(reservationtest.Deposit, ""), ofType("APT"))
	h.do(h.book(stay(5, 1), inRoom("101"), guest("Sure")), reservation.GuaranteeBy{Note: "x"})
	h.do(h.book(stay(2, 1), inRoom("103"), guest("Void")), reservation.Cancel{Reason: reservation.ReasonGuest})
	h.book(stay(2, 1), as(reservation.Inquiry), guest("Asks"))
	show := func() string {
		t.Helper()
		rows, err := h.Calendar(h.ctx, h.desk, reservationtest.HotelID, day(0), day(6))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, row := range rows {
			fmt.Fprintf(&b, "%s|%s|%s|%v:", row.Room, row.Name, row.Type, row.OutOfOrder)
			for _, s := range row.Stays {
				if s.Number != h.get(s.Reservation).Number {
					t.Errorf("the number of %s is %s", s.Guest, s.Number)
				}
				fmt.Fprintf(&b, " %s %s %d-%d", s.Guest, s.Class, day(0).DaysUntil(s.From), day(0).DaysUntil(s.To))
			}
			b.WriteString("\n")
		}
		return b.String()
	}
	want := `101|101|DBL|false: Inside in_house 0-1 Day non_guaranteed 1-1 Sure guaranteed 5-6
102|102|DBL|false: Split non_guaranteed 0-1 Split non_guaranteed 2-4
103|103|DBL|false: Split non_guaranteed 1-2
104|104|DBL|true:
201|201|APT|false: Left departed 0-1
|Double room|DBL|false: Option optional 2-4
|Apartment|APT|false: Awaiting awaiting 2-4
`
	equal(t, "calendar", show(), want)
	h.clock.Advance(72 * time.Hour)
	equal(t, "calendar later", show(), strings.NewReplacer(" Option optional 2-4", "", "awaiting 2-4", "overdue 2-4").Replace(want))
	for _, period := range [][2]innards.Date{{day(0), day(0)}, {day(0), day(367)}} {
		_, err := h.Calendar(h.ctx, h.desk, reservationtest.HotelID, period[0], period[1])
		equal(t, "period", equalCodes(err, reservation.QueryInvalid), true)
	}
	part, err := h.Calendar(h.ctx, h.desk, reservationtest.HotelID, day(3), day(4))
	if err != nil || part[1].Stays[0].From != day(3) || part[1].Stays[0].To != day(4) {
		t.Errorf("a part of it: %+v, %v", part, err)
	}
}

// A stay that was cancelled after its first night is not shown, though that night was taken.
func TestCalendarLeavesOutVoidStays(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.do(id, reservation.Cancel{Reason: reservation.ReasonHouse})
	equal(t, "held", h.held("101", map[string]string{id: "a"}, 2), "a.")
	rows, err := h.Calendar(h.ctx, h.desk, reservationtest.HotelID, day(0), day(2))
	if err != nil || len(rows[0].Stays) != 0 {
		t.Errorf("%+v, %v", rows[0], err)
	}
}

// Revenue and nights by segment, guarantee and occupancy.
func TestSegments(t *testing.T) {
	h := open(t)
	segment := func(s string) edit { return func(c *reservation.Create) { c.Segment = s } }
	h.book(stay(0, 2), segment("leisure"))
	h.do(h.book(stay(0, 1), segment("leisure")), reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(h.book(stay(0, 3), segment("business")), reservation.GuaranteeBy{Note: "x"})
	h.book(stay(0, 0), segment("leisure"))
	rows, err := h.Segments(h.ctx, h.desk, reservation.Search{Property: reservationtest.HotelID})
	want := []reservation.SegmentRow{
		{Segment: "business", Guarantee: "guaranteed", Occupancy: "expected", Reservations: 1, Nights: 3, Revenue: euro(300)},
		{Segment: "leisure", Guarantee: "not_guaranteed", Occupancy: "cancelled", Reservations: 1, Nights: 1, Revenue: euro(100)},
		{Segment: "leisure", Guarantee: "not_guaranteed", Occupancy: "expected", Reservations: 2, Nights: 2, Revenue: euro(300)},
	}
	if d := diff(want, rows); d != "" || err != nil {
		t.Error(d, err)
	}
}

// What is derived is true now, whether anything has run or not.
func TestStates(t *testing.T) {
	h := open(t)
	r := h.get(h.book(under(reservationtest.Deposit, "")))
	equal(t, "now", h.States(&r, h.property()), reservation.States{Valid: true, GuaranteeState: reservation.StateAwaiting, StayState: reservation.StayDueIn})
	h.clock.Advance(72 * time.Hour)
	equal(t, "later", h.States(&r, h.property()), reservation.States{Valid: true, GuaranteeState: reservation.StateOverdue, StayState: reservation.StayOverdueArrival})
}
