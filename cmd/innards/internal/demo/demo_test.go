package demo_test

import (
	"errors"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/demo"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// On whatever day it is made, the demo shows every status and fills every list.
func TestFill(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, time.November, 24, 11, 30, 0, 0, time.UTC),
		time.Date(2027, time.March, 28, 2, 30, 0, 0, time.UTC),     // clocks are set forward
		time.Date(2027, time.October, 31, 0, 30, 0, 0, time.UTC),   // clocks are set back
		time.Date(2028, time.February, 29, 23, 59, 0, 0, time.UTC), // it is tomorrow in Varna
		time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC),
	} {
		t.Run(now.Format(time.DateOnly), func(t *testing.T) {
			store := reservationtest.NewStore()
			if err := demo.Fill(t.Context(), store, nil, "main", now); err != nil {
				t.Fatal(err)
			}
			s, err := reservation.NewService(store, reservation.Options{Clock: func() time.Time { return now }, Random: reservationtest.Random(1)})
			if err != nil {
				t.Fatal(err)
			}
			check(t, s)
		})
	}
}

func check(t *testing.T, s *reservation.Service) {
	t.Helper()
	staff := innards.Actor{ID: "test", Tenant: "main", Rights: []innards.Right{"*"}}
	counts, err := s.Count(t.Context(), staff, reservation.Search{})
	if err != nil {
		t.Fatal(err)
	}
	if counts.Total < 60 || len(counts.Occupancy) != 5 || len(counts.Guarantee) != 2 || len(counts.Confirmation) != 2 || len(counts.Commitment) != 4 {
		t.Errorf("the hotel has %+v", counts)
	}
	for _, state := range reservation.StayStates() {
		want(t, s, staff, string(state), reservation.Search{Property: demo.Property, StayState: []reservation.StayState{state}})
	}
	for _, state := range reservation.GuaranteeStates() {
		want(t, s, staff, string(state), reservation.Search{Property: demo.Property, GuaranteeState: []reservation.GuaranteeState{state}})
	}
	for _, name := range []string{"soren", "йорданова", "íñigo", "щукина"} {
		want(t, s, staff, name, reservation.Search{Text: name})
	}
}

func want(t *testing.T, s *reservation.Service, a innards.Actor, what string, q reservation.Search) {
	t.Helper()
	found, err := s.Search(t.Context(), a, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Reservations) == 0 {
		t.Errorf("nothing is %s", what)
	}
}

// A database that is in use is left alone.
func TestFillRefusesOtherHotels(t *testing.T) {
	store, now := reservationtest.NewStore(), time.Date(2026, time.November, 24, 11, 30, 0, 0, time.UTC)
	s, err := reservation.NewService(store, reservation.Options{Clock: func() time.Time { return now }, Random: reservationtest.Random(1)})
	if err != nil {
		t.Fatal(err)
	}
	in := reservation.CreateProperty{ID: "real", Title: "Real", Zone: "UTC", Currency: "EUR", BusinessDate: innards.DateOf(now)}
	staff := innards.Actor{ID: "test", Tenant: "main", Rights: []innards.Right{"*"}}
	if _, err := s.DoProperty(t.Context(), innards.Command{Actor: staff}, "real", in); err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(t.Context(), store, nil, "main", now); !errors.Is(err, demo.ErrInUse) {
		t.Errorf("filled with %v", err)
	}
}

// A second start leaves the hotel as it is.
func TestFillTwice(t *testing.T) {
	store, now := reservationtest.NewStore(), time.Date(2026, time.November, 24, 11, 30, 0, 0, time.UTC)
	for range 2 {
		if err := demo.Fill(t.Context(), store, nil, "main", now); err != nil {
			t.Fatal(err)
		}
	}
}
