package web

import (
	"testing"

	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// reservationHotel returns a hotel with policies.
func reservationHotel(t *testing.T) *reservation.Property {
	t.Helper()
	hotel := reservationtest.Hotel()
	if err := hotel.Prepare(); err != nil {
		t.Fatal(err)
	}
	if len(hotel.GuaranteePolicies) == 0 || len(hotel.CancellationPolicies) == 0 {
		t.Fatal("the hotel has no policies")
	}
	return &hotel
}
