// Package house furnishes the hotel of the examples, in memory and at a fixed time, so that they print the same each time.
package house

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// Today is the business date.
var Today = innards.NewDate(2026, time.May, 4)

// Desk is a receptionist, who may do everything but override.
func Desk() innards.Command {
	return innards.Command{Actor: innards.Actor{ID: "ana", Tenant: "sol", Rights: []innards.Right{"reservation.*", "property.*"}}}
}

// Options are a fixed clock and seeded ids.
func Options() reservation.Options {
	at := Today.At(10*60, time.UTC)
	return reservation.Options{Clock: func() time.Time { return at }, Random: rand.NewChaCha8([32]byte{1})}
}

// Open makes the hotel on the store.
func Open(ctx context.Context, store reservation.Store, o reservation.Options) (*reservation.Service, error) {
	stays, err := reservation.NewService(store, o)
	if err != nil {
		return nil, err
	}
	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: "hotel", Title: "Hotel Sol", Zone: "Europe/Madrid", Currency: "EUR", BusinessDate: Today},
		reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "double", Name: "Double room"}}},
		reservation.PutRooms{Rooms: []reservation.Room{{ID: "214", Name: "214", Type: "double"}}},
		reservation.PutCancellationPolicy{Policy: reservation.CancellationPolicy{Name: "strict", NonRefundable: true}},
	} {
		if _, err := stays.DoProperty(ctx, Desk(), "hotel", in); err != nil {
			return nil, err
		}
	}
	return stays, nil
}

// Book books two nights for a guest.
func Book(ctx context.Context, stays *reservation.Service, name string) (string, error) {
	price, err := innards.ParseMoney("90.00", "EUR")
	if err != nil {
		return "", err
	}
	receipt, err := stays.Do(ctx, Desk(), "", reservation.Create{
		Property: "hotel", Type: "double", Arrival: Today, Departure: Today.AddDays(2), CancellationPolicy: "strict",
		Guest: reservation.Person{Name: name}, Source: reservation.SourcePhone, Prices: []innards.Money{price},
	})
	return receipt.ID, err
}
