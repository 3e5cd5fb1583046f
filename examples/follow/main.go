// Command follow answers: how do I hear of what happened, and charge what has to be charged?
package main

import (
	"context"
	"fmt"
	"log"
	"time"

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
	store := reservationtest.NewStore()
	stays, err := house.Open(ctx, store, house.Options())
	if err != nil {
		return err
	}
	id, err := house.Book(ctx, stays, "Guest")
	if err != nil {
		return err
	}
	if _, err := stays.Do(ctx, house.Desk(), id, reservation.Cancel{Reason: reservation.ReasonGuest}); err != nil {
		return err
	}
	if err := follow(ctx, stays); err != nil {
		return err
	}
	return deliver(ctx, store)
}

// follow reads the feed from a cursor, which the host keeps, and misses nothing.
func follow(ctx context.Context, stays *reservation.Service) error {
	cursor := int64(0)
	for {
		events, err := stays.Feed(ctx, house.Desk().Actor, cursor, 100)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			cursor = e.Cursor
			if e.Kind == reservation.Kind {
				fmt.Printf("event %d: %s by %s\n", e.Sequence, e.Command, e.Actor)
			}
		}
	}
}

// deliver takes the effects out of the outbox. A message is delivered at least once, so a receiver keeps the keys.
func deliver(ctx context.Context, store reservation.Store) error {
	now := house.Today.At(11*60, time.UTC)
	tenants, err := store.Pending(ctx, now, 10)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		messages, err := store.Lease(ctx, tenant, now, now.Add(time.Minute), 10)
		if err != nil {
			return err
		}
		for _, m := range messages {
			failure := post(m)
			if err := store.Settle(ctx, tenant, m, failure, now.Add(time.Hour)); err != nil {
				return err
			}
		}
	}
	return nil
}

// post stands for the host's folio. It returns what went wrong, "" if nothing did.
func post(m innards.Message) (failure string) {
	fmt.Printf("%s: %s\n", m.Kind, m.Payload)
	return ""
}
