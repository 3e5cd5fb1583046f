package reservationtest_test

import (
	"context"
	"fmt"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A service on the store in memory, with a clock that stands still, does the same at every run.
func ExampleNewStore() {
	ctx := context.Background()
	store, desk := reservationtest.NewStore(), reservationtest.NewDesk(1)
	if err := store.CommitProperty(ctx, desk.Property(reservationtest.Hotel())); err != nil {
		fmt.Println(err)
		return
	}
	stays, err := reservation.NewService(store, reservation.Options{Clock: desk.Clock.Now, Random: reservationtest.Random(2)})
	if err != nil {
		fmt.Println(err)
		return
	}
	receipt, err := stays.Do(ctx, innards.Command{Actor: desk.Actor}, "", reservation.Create{
		Property: reservationtest.HotelID, Arrival: reservationtest.BusinessDate(), Departure: reservationtest.BusinessDate().AddDays(2),
		Type: reservationtest.Double, Room: "101", Adults: 2, Guest: reservation.Person{Name: "Elena Todorova"}, Source: reservation.SourcePhone,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(receipt.Occupancy, receipt.Guarantee, "in", receipt.Rooms)
	_, err = stays.Do(ctx, innards.Command{Actor: desk.Actor}, receipt.ID, reservation.CheckIn{})
	fmt.Println(err)
	// Output:
	// expected not_guaranteed in [101]
	// <nil>
}

// A commit whose answer is lost has taken effect all the same.
func ExampleNewFaulty() {
	ctx := context.Background()
	desk, store := reservationtest.NewDesk(1), reservationtest.NewStore()
	if err := store.CommitProperty(ctx, desk.Property(reservationtest.Hotel())); err != nil {
		fmt.Println(err)
		return
	}
	lost := reservationtest.Fault{Err: innards.ErrOutcomeUnknown, After: true}
	faulty := reservationtest.NewFaulty(store, reservationtest.Nth(1, lost))
	change := desk.Create()
	fmt.Println(faulty.Commit(ctx, change))
	stored, err := faulty.Reservation(ctx, desk.Actor.Scope(), change.After.ID)
	fmt.Println(stored.Number, stored.Version, err)
	fmt.Println(faulty.Calls(), "calls")
	// Output:
	// innards: the outcome of the commit is unknown
	// 1001 1 <nil>
	// 2 calls
}
