package reservationtest

import (
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func reportPromises() []promise {
	return []promise{
		on("Segments", "segments are summed by segment, guarantee, occupancy and currency, in that order", segments),
		on("SegmentsExact", "amounts are summed exactly, in the minor units of their currency", segmentsExact),
		on("SegmentsOfQuery", "only what the query finds is summed", segmentsOfQuery),
		on("Held", "held are the claims of the property for the nights from the first date up to the second, in order", heldWindow),
		on("HeldInForce", "only the claims that are in force at the instant are held", heldInForce),
	}
}

// segmentRows returns the report of what the query finds.
func (t *trial) segmentRows(q reservation.Query) []reservation.SegmentRow {
	rows, err := t.store.Segments(t.Ctx, t.scope(), q)
	t.OK("Segments", err)
	return rows
}

// priced sets the price of every night.
func priced(price innards.Money) Edit {
	return func(r *reservation.Reservation) {
		for i := range r.Nights {
			r.Nights[i].Price = price
		}
	}
}

func extra(price innards.Money) Edit {
	return func(r *reservation.Reservation) {
		r.Extras = append(r.Extras, reservation.Extra{Group: "board", Price: price})
	}
}

func line(segment string, g reservation.Guarantee, o reservation.Occupancy, reservations, nights int64, revenue innards.Money) reservation.SegmentRow {
	return reservation.SegmentRow{Segment: segment, Guarantee: g, Occupancy: o, Reservations: reservations, Nights: nights, Revenue: revenue}
}

func segments(t *trial) {
	leisure := inSegment("leisure")
	t.book(Stay(0, 3, Double, ""), leisure)
	t.book(Stay(1, 1, Double, ""), leisure, extra(Euro(2500)), extra(Euro(-500)))
	t.book(Stay(2, 0, Double, ""), leisure)
	t.book(Stay(0, 2, Double, ""), leisure, Void(reservation.Cancelled))
	t.book(Stay(0, 2, Double, ""), leisure, guaranteed)
	t.book(Stay(0, 2, Double, ""), leisure, guaranteed, priced(Amount(900, "BGN")))
	t.book(Stay(0, 1, Double, ""))
	t.book(Stay(0, 1, Double, ""), inSegment("business"), at(sisterID))
	t.as(stranger(), func() { t.book(Stay(0, 1, Double, ""), leisure, at(strangeID)) })
	t.Equal("the segments", t.segmentRows(reservation.Query{Limit: 1}), []reservation.SegmentRow{
		line("", reservation.NotGuaranteed, reservation.Expected, 1, 1, Euro(10000)),
		line("business", reservation.NotGuaranteed, reservation.Expected, 1, 1, Euro(10000)),
		line("leisure", reservation.Guaranteed, reservation.Expected, 1, 2, Amount(1800, "BGN")),
		line("leisure", reservation.Guaranteed, reservation.Expected, 1, 2, Euro(20000)),
		line("leisure", reservation.NotGuaranteed, reservation.Cancelled, 1, 2, Euro(20000)),
		line("leisure", reservation.NotGuaranteed, reservation.Expected, 3, 4, Euro(52000)),
	})
}

func segmentsExact(t *trial) {
	stay := Stay(0, 3, Double, "")
	for range 10 {
		t.book(stay, priced(Euro(10)))
		t.book(stay, priced(Amount(3333, "JPY")))
		t.book(stay, priced(Amount(1, "KWD")), extra(Amount(-2, "KWD")))
		t.book(stay, priced(Amount(999_999_999_999, "USD")), extra(Amount(1, "USD")))
	}
	t.Equal("the sums", t.segmentRows(reservation.Query{}), []reservation.SegmentRow{
		line("", reservation.NotGuaranteed, reservation.Expected, 10, 30, Euro(300)),
		line("", reservation.NotGuaranteed, reservation.Expected, 10, 30, Amount(99990, "JPY")),
		line("", reservation.NotGuaranteed, reservation.Expected, 10, 30, Amount(10, "KWD")),
		line("", reservation.NotGuaranteed, reservation.Expected, 10, 30, Amount(29_999_999_999_980, "USD")),
	})
}

func segmentsOfQuery(t *trial) {
	t.book(Stay(0, 3, Double, ""), inSegment("leisure"))
	t.book(Stay(0, 2, Double, ""), inSegment("leisure"), Void(reservation.NoShow), Guest("Boris Kolev"))
	only := line("leisure", reservation.NotGuaranteed, reservation.NoShow, 1, 2, Euro(20000))
	for _, q := range []reservation.Query{{Where: []reservation.Condition{isOccupancy(reservation.NoShow)}}, {Words: []string{"boris"}}} {
		t.Equal("the segments", t.segmentRows(q), []reservation.SegmentRow{only})
	}
	t.Equal("the segments of nothing", t.segmentRows(reservation.Query{Words: []string{"nobody"}}), []reservation.SegmentRow{})
}

func heldWindow(t *trial) {
	a := t.book(Stay(0, 4, Double, "102"))
	b := t.book(Stay(1, 1, Double, "101"))
	c := t.book(Stay(1, 1, Double, ""))
	d := t.book(Stay(1, 1, Double, ""))
	e := t.book(Stay(1, 1, Apartment, "201"))
	f := t.book(Stay(2, 0, Double, "102"))
	t.book(at(sisterID), Stay(1, 1, Double, "101"))
	held, err := t.store.Held(t.Ctx, t.scope(), HotelID, BusinessDate().AddDays(1), BusinessDate().AddDays(3), t.Clock.Now())
	t.OK("Held", err)
	claim := func(r reservation.Reservation, at reservation.SlotDate, roomType, room string) reservation.HeldNight {
		return reservation.HeldNight{Claim: reservation.Claim{Date: at.Date, Slot: at.Slot, Type: roomType, Room: room}, Reservation: r.ID}
	}
	t.Equal("what is held", held, []reservation.HeldNight{
		claim(e, nightAt(1), Apartment, "201"),
		claim(c, nightAt(1), Double, ""), claim(d, nightAt(1), Double, ""),
		claim(b, nightAt(1), Double, "101"), claim(a, nightAt(1), Double, "102"),
		claim(f, dayAt(2), Double, "102"),
		claim(a, nightAt(2), Double, "102"),
	})
}

func heldInForce(t *trial) {
	release := t.Clock.Now().Add(time.Hour)
	option := t.book(Stay(0, 1, Double, "101"), Option(release))
	t.Equal("what is held before the release", t.held(HotelID), []reservation.HeldNight{{
		Claim:       reservation.Claim{Date: BusinessDate(), Slot: reservation.SlotNight, Type: Double, Room: "101", Expires: &release},
		Reservation: option.ID,
	}})
	t.Clock.Set(release)
	t.Equal("what is held from the release on", t.held(HotelID), []reservation.HeldNight{})
}
