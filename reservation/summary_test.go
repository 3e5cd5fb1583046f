package reservation

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/innards-go/innards"
)

// The same is derived of a summary as of the reservation.
func TestSummaryStates(t *testing.T) {
	now := moment(t, "2024-05-01T12:00:00Z")
	today := innards.DateOf(now)
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) innards.Date { return today.AddDays(rapid.IntRange(-2, 2).Draw(t, name)) }
		r := &Reservation{
			Guarantee:       rapid.SampledFrom([]Guarantee{NotGuaranteed, Guaranteed}).Draw(t, "guarantee"),
			GuaranteeLapsed: rapid.Bool().Draw(t, "lapsed"),
			Occupancy:       rapid.SampledFrom(occupancies).Draw(t, "occupancy"),
			Commitment:      rapid.SampledFrom([]Commitment{Definite, Optional, Waitlisted, Inquiry}).Draw(t, "commitment"),
			Arrival:         day("arrival"), Departure: day("departure"),
		}
		if rapid.Bool().Draw(t, "policy") {
			r.GuaranteePolicy = &GuaranteePolicy{Name: "deposit"}
		}
		if rapid.Bool().Draw(t, "deadline") {
			r.GuaranteeDeadline = ptr(now.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "seconds")) * time.Second))
		}
		s, err := r.Summary()
		if err != nil {
			t.Fatal(err)
		}
		of := s.standIn()
		if of.IsValid() != r.IsValid() || of.GuaranteeState(now) != r.GuaranteeState(now) || of.StayState(today) != r.StayState(today) {
			t.Fatalf("of the summary: %s, %s; of the reservation: %s, %s", of.GuaranteeState(now), of.StayState(today), r.GuaranteeState(now), r.StayState(today))
		}
	})
}

// A summary counts nights in rooms, names rooms once, and adds up nights and extras.
func TestSummary(t *testing.T) {
	price := func(s string) innards.Money {
		m, err := innards.ParseMoney(s, "EUR")
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	stay := Reservation{
		ID: "r", Number: "N-1", Guest: Person{Name: "Ann"},
		Nights: []Night{{Slot: SlotNight, Room: "2", Price: price("80.00")}, {Slot: SlotNight, Room: "1", Price: price("80.00")}, {Slot: SlotNight, Price: price("70.50")}},
		Extras: []Extra{{Group: "board", Price: price("9.50")}}, GuaranteePolicy: &GuaranteePolicy{Name: "card"},
		CancellationPolicy: &CancellationPolicy{Name: "flexible"}, Arrival: innards.DateOf(time.Unix(0, 0)), Departure: innards.DateOf(time.Unix(259200, 0)),
	}
	s, err := stay.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if s.Nights != 3 || len(s.Rooms) != 2 || s.Rooms[0] != "2" || s.Rooms[1] != "1" || s.Assigned || s.Total != price("240.00") ||
		s.GuestName != "Ann" || s.GuaranteePolicy != "card" || s.CancellationPolicy != "flexible" {
		t.Errorf("%+v", s)
	}
	day := Reservation{Nights: []Night{{Slot: SlotDayUse, Room: "2", Price: price("40.00")}}}
	if s, err = day.Summary(); err != nil || s.Nights != 0 || !s.Assigned || s.Total != price("40.00") {
		t.Errorf("a day use: %+v, %v", s, err)
	}
}
