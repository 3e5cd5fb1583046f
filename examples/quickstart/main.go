// Command quickstart answers: how do I book a stay and check the guest in?
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
)

func main() {
	dir, err := os.MkdirTemp("", "quickstart")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := run(context.Background(), filepath.Join(dir, "hotel.db")); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, file string) error {
	stays, closeDB, err := open(ctx, file)
	if err != nil {
		return err
	}
	defer closeDB()
	today := innards.DateOf(time.Now())
	if err := furnish(ctx, stays, today); err != nil {
		return err
	}
	// README: book and check in
	desk := innards.Command{Actor: innards.Actor{ID: "ana", Tenant: "sol", Rights: []innards.Right{"reservation.*"}}}
	booked, err := stays.Do(ctx, desk, "", reservation.Create{
		Property: "hotel", Type: "double", Arrival: today, Departure: today.AddDays(2), Adults: 2,
		Guest: reservation.Person{Name: "Søren Kjær"}, Source: reservation.SourcePhone})
	if err != nil {
		return err // an *innards.Refusal says everything that stands against it
	}
	inHouse, err := stays.Do(ctx, desk, booked.ID, reservation.CheckIn{Room: "214"})
	// README: end
	if err != nil {
		return err
	}
	fmt.Println(inHouse.Occupancy, "in room", inHouse.Rooms[0])
	return nil
}

// open returns a service on an SQLite file.
func open(ctx context.Context, file string) (*reservation.Service, func() error, error) {
	db, err := reservationbun.OpenSQLite(ctx, "sqlite", file, reservationbun.Options{})
	if err != nil {
		return nil, nil, err
	}
	if err := reservationbun.Migrate(ctx, db); err != nil {
		return nil, db.Close, err
	}
	stays, err := reservation.NewService(reservationbun.New(db), reservation.Options{Clock: time.Now, Random: rand.Reader})
	return stays, db.Close, err
}

// furnish opens a hotel with one room.
func furnish(ctx context.Context, stays *reservation.Service, today innards.Date) error {
	owner := innards.Command{Actor: innards.Actor{ID: "owner", Tenant: "sol", Rights: []innards.Right{"property.*"}}}
	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: "hotel", Title: "Hotel Sol", Zone: "Europe/Madrid", Currency: "EUR", BusinessDate: today},
		reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "double", Name: "Double room", Sleeps: 3}}},
		reservation.PutRooms{Rooms: []reservation.Room{{ID: "214", Name: "214", Type: "double"}}},
	} {
		if _, err := stays.DoProperty(ctx, owner, "hotel", in); err != nil {
			return err
		}
	}
	return nil
}
