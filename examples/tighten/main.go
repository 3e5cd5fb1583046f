// Command tighten answers: how do I add a rule of my own to a lifecycle?
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/examples/internal/house"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// passportMissing is a reason of the host's own. Its code is in the host's documentation.
var passportMissing = innards.Reason{
	Code: "passport_missing", Kind: innards.KindState,
	Text: "the passport was not seen", Lift: "see it and set the attribute passport",
}

// passportSeen reads an attribute of the reservation, which the version of the reservation protects.
func passportSeen(f *reservation.Facts) []innards.Blocker {
	if f.Reservation.Attributes["passport"] == "seen" {
		return nil
	}
	return []innards.Blocker{passportMissing.Block()}
}

// lifecycles are the usual ones, with one more guard. Rows and guards can be added, never removed or loosened.
func lifecycles(p reservation.Profile) (reservation.Lifecycles, error) {
	l, err := reservation.NewLifecycles(p)
	if err == nil {
		l.Occupancy, err = l.Occupancy.Tighten("check_in", passportSeen)
	}
	return l, err
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	options := house.Options()
	options.Lifecycles = lifecycles
	stays, err := house.Open(ctx, reservationtest.NewStore(), options)
	if err != nil {
		return err
	}
	id, err := house.Book(ctx, stays, "Guest")
	if err != nil {
		return err
	}
	_, err = stays.Do(ctx, house.Desk(), id, reservation.CheckIn{Room: "214"})
	fmt.Println(err)
	if _, err = stays.Do(ctx, house.Desk(), id, reservation.Amend{Attributes: map[string]string{"passport": "seen"}}); err != nil {
		return err
	}
	receipt, err := stays.Do(ctx, house.Desk(), id, reservation.CheckIn{Room: "214"})
	fmt.Println(receipt.Occupancy)
	return err
}
