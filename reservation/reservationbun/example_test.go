package reservationbun_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
)

// A hotel keeps its reservations in one file.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "hotel-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := reservationbun.OpenSQLite(ctx, "sqlite", filepath.Join(dir, "stays.db"), reservationbun.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if err := reservationbun.Migrate(ctx, db); err != nil {
		log.Fatal(err)
	}
	stays, err := reservation.NewService(reservationbun.New(db), reservation.Options{Clock: time.Now, Random: rand.Reader})
	if err != nil {
		log.Fatal(err)
	}
	desk := innards.Command{Actor: innards.Actor{ID: "staff-7", Tenant: "rila", Rights: []innards.Right{"*"}}}
	today := innards.DateOf(time.Now().UTC())
	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: "vitosha", Title: "Hotel Vitosha", Zone: "Europe/Sofia", Currency: "EUR", BusinessDate: today},
		reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "double", Name: "Double room"}}},
		reservation.PutRooms{Rooms: []reservation.Room{{ID: "214", Name: "214", Type: "double"}}},
	} {
		if _, err := stays.DoProperty(ctx, desk, "vitosha", in); err != nil {
			log.Fatal(err)
		}
	}
	booked, err := stays.Do(ctx, desk, "", reservation.Create{
		Property: "vitosha", Type: "double", Room: "214", Arrival: today, Departure: today.AddDays(2),
		Guest: reservation.Person{Name: "Søren Kierkegaard"}, Source: reservation.SourcePhone,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(booked.Occupancy, booked.Rooms)
	found, err := stays.Search(ctx, desk.Actor, reservation.Search{Text: "soren"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Reservations[0].Guest.Name)
	// Output:
	// expected [214]
	// Søren Kierkegaard
}

// A host notes the arrival in a table of its own, together with the check-in or not at all.
func ExampleStore_WithTx() {
	checkIn := func(ctx context.Context, db *reservationbun.DB, store *reservationbun.Store, by innards.Command, id string) error {
		return db.InTx(ctx, func(ctx context.Context, tx bun.Tx) error {
			stays, err := reservation.NewService(store.WithTx(tx), reservation.Options{Clock: time.Now, Random: rand.Reader})
			if err != nil {
				return err
			}
			if _, err := stays.Do(ctx, by, id, reservation.CheckIn{Room: "214"}); err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, "INSERT INTO arrivals (reservation) VALUES (?)", id)
			return err
		})
	}
	_ = checkIn
	// Output:
}
