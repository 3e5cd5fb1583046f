// Command refusals answers: how do I tell the user why not, and who could do it anyway?
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/examples/internal/house"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	stays, err := house.Open(ctx, reservationtest.NewStore(), house.Options())
	if err != nil {
		return err
	}
	if _, err := house.Book(ctx, stays, "First Guest"); err != nil {
		return err
	}
	// The only room is booked. A refusal lists every reason, what would lift it, and the right that could override it.
	_, err = house.Book(ctx, stays, "Second Guest")
	refusal, ok := errors.AsType[*innards.Refusal](err)
	if !ok {
		return fmt.Errorf("want a refusal, not %w", err)
	}
	for _, b := range refusal.Blockers {
		fmt.Printf("%s: %s. To lift it, %s; %s overrides it.\n", b.Code, b.Text, b.Lift, b.Right)
	}
	// A manager overbooks, with a reason.
	manager := house.Desk()
	manager.Actor.ID, manager.Actor.Rights = "max", append(manager.Actor.Rights, refusal.Blockers[0].Right)
	manager.Override, manager.Reason = refusal.Codes(), "a guest of the first hour"
	receipt, err := stays.Do(ctx, manager, "", reservation.Create{
		Property: "hotel", Type: "double", Arrival: house.Today, Departure: house.Today.AddDays(2),
		Guest: reservation.Person{Name: "Second Guest"}, Source: reservation.SourcePhone,
	})
	if err != nil {
		return err
	}
	fmt.Println("booked, overriding", receipt.Overrides)
	// What can be done now, before anybody presses a button.
	actions, err := stays.Actions(ctx, manager.Actor, receipt.ID)
	if err != nil {
		return err
	}
	for _, a := range actions {
		if a.Command == "check_out" {
			fmt.Printf("check_out: allowed %v, %s\n", a.Allowed, a.Blockers[0].Lift)
		}
	}
	return nil
}
