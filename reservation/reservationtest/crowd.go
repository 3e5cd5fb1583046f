package reservationtest

import (
	"fmt"
	"maps"
	"time"

	"github.com/innards-go/innards/reservation"
)

// crowd stores reservations that differ in every field that searches can test, and returns them.
func (t *trial) crowd() []reservation.Reservation {
	all := []reservation.Reservation{
		t.book(everything),
		t.book(Stay(0, 1, Double, "")),
		t.book(Stay(1, 3, Double, "102"), option(4*time.Hour), inSegment("leisure")),
		t.book(Stay(1, 2, Apartment, ""), Void(reservation.Cancelled), inSegment("business"), Guest("Boris Kolev"), attribute("loyalty", "silver")),
		t.book(Stay(3, 1, Double, ""), Void(reservation.NoShow), confirmed, attribute("x.y", `"`)),
		t.book(Stay(5, 0, Apartment, "201"), source(reservation.SourceBookingEngine), party("guest-2"), Guest("Вяра Колева")),
		t.book(split, Void(reservation.CheckedOut), guaranteed, inSegment("business")),
	}
	t.Clock.Advance(time.Hour)
	all = append(all,
		t.book(Stay(2, 1, Double, "103"), waitlisted, Guest("Boris Kolev"), policies(Company, Flexible)),
		t.book(at(sisterID), Stay(2, 4, Double, "101"), InRoom("101"), deadline(2*time.Hour), guaranteed),
	)
	t.Clock.Advance(time.Hour)
	all = append(all, t.book(at(sisterID), Stay(0, 1, Double, ""), overbooked, option(5*time.Hour), policies(Deposit, Strict)))
	t.as(stranger(), func() { t.book(at(strangeID), everything, Stay(0, 1, Double, "102"), at(strangeID)) })
	return all
}

func inSegment(s string) Edit { return func(r *reservation.Reservation) { r.Segment = s } }

func source(s reservation.Source) Edit { return func(r *reservation.Reservation) { r.Source = s } }

func confirmed(r *reservation.Reservation) { r.Confirmation = reservation.Confirmed }

func guaranteed(r *reservation.Reservation) { r.Guarantee = reservation.Guaranteed }

func overbooked(r *reservation.Reservation) { r.Overbooked = true }

func option(d time.Duration) Edit { return Option(Morning().Add(d)) }

func deadline(d time.Duration) Edit {
	at := Morning().Add(d)
	return func(r *reservation.Reservation) { r.GuaranteeDeadline = &at }
}

func attribute(name, value string) Edit {
	return func(r *reservation.Reservation) { r.Attributes = map[string]string{name: value} }
}

func policies(guarantee, cancellation string) Edit {
	hotel := Hotel()
	return func(r *reservation.Reservation) {
		if g, ok := hotel.Guarantee(guarantee); ok {
			r.GuaranteePolicy = &g
		}
		if c, ok := hotel.Cancellation(cancellation); ok {
			r.CancellationPolicy = &c
		}
	}
}

// split is a stay in two rooms, with a night without one.
func split(r *reservation.Reservation) {
	Stay(6, 3, Double, "101")(r)
	r.Nights[1].Room, r.Nights[2].Room = "102", ""
}

func quoted(words []string) string { return fmt.Sprintf("%q", words) }

func dropNoughts[K comparable](n map[K]int64) {
	maps.DeleteFunc(n, func(_ K, count int64) bool { return count == 0 })
}
