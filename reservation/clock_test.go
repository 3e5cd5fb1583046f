package reservation_test

import (
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// onDay lets the hotel open on another day, at nine in the morning.
func onDay(t *testing.T, date string, settings ...setting) (*house, innards.Date) {
	t.Helper()
	d, err := innards.ParseDate(date)
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, append(settings, func(p *reservation.Property) { p.BusinessDate = d })...)
	h.clock.Set(d.At(9*60, h.property().Location()))
	return h, d
}

// nightsFrom sets the nights of a booking.
func nightsFrom(arrival innards.Date, n int) edit {
	return func(c *reservation.Create) { c.Arrival, c.Departure = arrival, arrival.AddDays(n) }
}

// A deadline at an hour that the clocks skip comes when they are set forward; at one that they show twice, the first time.
func TestDeadlinesWhenTheClocksChange(t *testing.T) {
	hold := reservation.GuaranteePolicy{Name: "hold", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineHoldUntil, HoldUntil: 3*60 + 30}
	for date, want := range map[string]string{"2026-03-29": "2026-03-29T01:00:00Z", "2026-10-25": "2026-10-25T00:30:00Z"} {
		h, d := onDay(t, date, withGuarantee(hold))
		h.clock.Set(d.AddDays(-1).At(9*60, h.property().Location()))
		id := h.book(nightsFrom(d, 1), under("hold", ""))
		deadline := *h.get(id).GuaranteeDeadline
		equal(t, date, deadline.Format(time.RFC3339), want)
		h.clock.Set(deadline.Add(-time.Second))
		equal(t, "too early", h.sweep(), 0)
		h.clock.Set(deadline)
		equal(t, "held until then", h.sweep(), 1)
		equal(t, "occupancy", h.get(id).Occupancy, reservation.Cancelled)
	}
}

// A stay over the night in which an hour is lost or gained has as many nights as it has dates.
func TestStaysWhenTheClocksChange(t *testing.T) {
	for _, date := range []string{"2026-03-28", "2026-10-24", "2028-02-28", "2026-12-30"} {
		h, d := onDay(t, date)
		id := h.book(nightsFrom(d, 3), inRoom("101"))
		equal(t, date, len(h.get(id).Nights), 3)
		h.do(id, reservation.CheckIn{})
		h.closeDay(3)
		equal(t, "business date", h.property().BusinessDate, d.AddDays(3))
		equal(t, "due out", ptr(h.get(id)).StayState(h.property().Today(h.clock.Now())), reservation.StayDueOut)
		equal(t, "released", len(h.do(id, reservation.CheckOut{}).Warnings), 0)
	}
}

// Leap day is a day like any other, and only in a leap year.
func TestLeapDay(t *testing.T) {
	h, d := onDay(t, "2028-02-28")
	id := h.book(nightsFrom(d, 2), under(reservationtest.Deposit, ""))
	equal(t, "second night", h.get(id).Nights[1].Date.String(), "2028-02-29")
	equal(t, "deadline", h.get(id).GuaranteeDeadline.Format(time.RFC3339), "2028-03-02T07:00:00Z")
	if _, err := innards.ParseDate("2027-02-29"); err == nil {
		t.Error("2027 has a leap day")
	}
}

// Today is where the hotel is: the day begins there, and ends there.
func TestZones(t *testing.T) {
	for zone, offset := range map[string]time.Duration{"Pacific/Kiritimati": 14 * time.Hour, "Pacific/Pago_Pago": -11 * time.Hour, "Asia/Kathmandu": 5*time.Hour + 45*time.Minute} {
		h, d := onDay(t, "2026-06-01", inZone(zone))
		id := h.book(nightsFrom(d.AddDays(1), 1))
		midnight := time.Date(2026, 6, 2, 0, 0, 0, 0, time.UTC).Add(-offset)
		h.clock.Set(midnight.Add(-time.Second))
		r := h.get(id)
		equal(t, zone+", before midnight", h.States(&r, h.property()).StayState, reservation.StayFuture)
		h.doProperty(reservation.CloseDay{Date: d})
		h.propertyRefused(reservationtest.HotelID, reservation.CloseDay{Date: d.AddDays(1)}, reservation.DayNotBegun)
		h.clock.Set(midnight)
		equal(t, zone+", at midnight", h.States(&r, h.property()).StayState, reservation.StayDueIn)
		h.doProperty(reservation.CloseDay{Date: d.AddDays(1)})
	}
}

// A clock that jumps back lets nothing happen twice and takes nothing back.
func TestClockJumpsBack(t *testing.T) {
	h := open(t)
	id := h.book(stay(5, 1), under(reservationtest.Deposit, reservationtest.Strict))
	option := h.book(ofType("APT"), inRoom("201"), optionUntil(h.clock.Now().Add(time.Hour)))
	h.clock.Advance(100 * time.Hour)
	equal(t, "swept", h.sweep(), 2)
	h.clock.Advance(-99 * time.Hour)
	equal(t, "again", h.sweep(), 0)
	other := h.book(ofType("APT"), inRoom("201"))
	h.do(id, reservation.MakeExpected{})
	h.do(option, reservation.MakeExpected{})
	equal(t, "room", h.nights(other), "201 APT 100")
	h.clock.Advance(99 * time.Hour)
	equal(t, "the deadline that is ahead again comes", h.sweep(), 1)
	for _, record := range []string{id, option, other} {
		r := h.get(record)
		if err := innards.VerifyHistory(record, r.Version, r.Hash, h.history(record)); err != nil {
			t.Error(err)
		}
	}
}
