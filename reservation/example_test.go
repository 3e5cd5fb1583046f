package reservation_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A hotel opens with one room, sells it, and lets the guest in and out. In production the clock is time.Now, the
// randomness crypto/rand.Reader, and the store is on a database.
func Example() {
	ctx := context.Background()
	clock := reservationtest.NewClock(time.Date(2026, time.May, 1, 7, 0, 0, 0, time.UTC))
	stays, err := reservation.NewService(reservationtest.NewStore(), reservation.Options{Clock: clock.Now, Random: reservationtest.Random(1)})
	if err != nil {
		log.Fatal(err)
	}
	desk := innards.Command{Actor: innards.Actor{ID: "staff-7", Tenant: "rila", Rights: []innards.Right{"property.*", "reservation.*"}}}
	today := innards.NewDate(2026, time.May, 1)

	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: "sofia", Title: "Hotel Sofia", Zone: "Europe/Sofia", Currency: "EUR", BusinessDate: today},
		reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "DBL", Name: "Double room", Sleeps: 2}}},
		reservation.PutRooms{Rooms: []reservation.Room{{ID: "101", Name: "101", Type: "DBL"}}},
	} {
		if _, err := stays.DoProperty(ctx, desk, "sofia", in); err != nil {
			log.Fatal(err)
		}
	}

	price, err := innards.ParseMoney("90.00", "EUR")
	if err != nil {
		log.Fatal(err)
	}
	booked, err := stays.Do(ctx, desk, "", reservation.Create{
		Property: "sofia", Type: "DBL", Arrival: today, Departure: today.AddDays(2), Adults: 2,
		Guest: reservation.Person{Name: "Elena Todorova"}, Source: reservation.SourcePhone, Prices: []innards.Money{price},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("booked:", booked.Occupancy, booked.Confirmation, booked.Guarantee)

	for _, in := range []reservation.Intent{reservation.CheckIn{Room: "101"}, reservation.CheckOut{}} {
		receipt, err := stays.Do(ctx, desk, booked.ID, in)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(in.Name()+":", receipt.Occupancy)
		for _, w := range receipt.Warnings {
			fmt.Println(w.Code, "-", w.Text)
		}
	}
	// Output:
	// booked: expected unconfirmed not_guaranteed
	// check_in: checked_in
	// check_out: checked_out
	// early_departure - the departure is early, and the nights are given back from this day on: 2026-05-01
}

// A command that cannot be done says everything that stands against it, and who could override it.
func ExampleService_Do_refused() {
	h := open(exampleTest{}, strictly)
	h.book(ofType("APT"))
	_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, "", booking(ofType("APT"), inRoom("201")))
	if refusal, ok := errors.AsType[*innards.Refusal](err); ok {
		for _, b := range refusal.Blockers {
			fmt.Println(b.Code, "-", b.Lift, "-", b.Right)
		}
	}
	// Output:
	// sold_out - choose another type or other dates - override.overbook
}

// The same key gets the same answer, so that a request whose answer was lost can be sent again.
func ExampleService_Do_idempotent() {
	h := open(exampleTest{})
	by := innards.Command{Actor: h.desk, Key: "web-4711"}
	first, err := h.Do(h.ctx, by, "", booking())
	if err != nil {
		log.Fatal(err)
	}
	again, err := h.Do(h.ctx, by, "", booking())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(first.ID == again.ID, again.Replayed)
	// Output: true true
}

// A dry run shows what a cancellation would cost and writes nothing; the timeline is for the guest.
func ExampleService_Timeline() {
	h := open(exampleTest{})
	id := h.book(stay(3, 2), under("", reservationtest.Flexible))
	dry, err := h.Do(h.ctx, innards.Command{Actor: h.desk, DryRun: true}, id, reservation.Cancel{Reason: reservation.ReasonGuest})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("now:", dry.Fee.Amount)
	line, err := h.Timeline(h.ctx, h.desk, id)
	if err != nil {
		log.Fatal(err)
	}
	for _, quote := range line {
		fmt.Println(quote.At.Format(time.DateTime), quote.Fee, quote.Rule)
	}
	// Output:
	// now: 0.00 EUR
	// 2026-06-01 06:00:00 0.00 EUR grace
	// 2026-06-03 15:00:00 100.00 EUR tier 1
}

// Actions tells a front end which buttons to show, and why the others are off.
func ExampleService_Actions() {
	h := open(exampleTest{})
	id := h.book(stay(1, 1))
	actions, err := h.Actions(h.ctx, h.desk, id)
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range actions {
		switch {
		case a.Command == "cancel" || a.Command == "check_in" || a.Command == "check_out":
			fmt.Println(a.Command, a.Allowed, codesOf(&innards.Refusal{Blockers: a.Blockers}))
		}
	}
	// Output:
	// check_in false [arrival_ahead]
	// check_out false [wrong_status]
	// cancel true []
}

// exampleTest ends an example that fails.
type exampleTest struct{}

func (exampleTest) Helper()                           {}
func (exampleTest) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }
func (exampleTest) Errorf(format string, args ...any) { log.Fatalf(format, args...) }
