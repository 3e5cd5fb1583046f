// Command hosttx answers: how do I check a guest in and write to a table of my own in one transaction?
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"
	_ "modernc.org/sqlite"

	"github.com/innards-go/innards/examples/internal/house"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
)

func main() {
	dir, err := os.MkdirTemp("", "hosttx")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := run(context.Background(), filepath.Join(dir, "hotel.db")); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, file string) error {
	db, err := reservationbun.OpenSQLite(ctx, "sqlite", file, reservationbun.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := reservationbun.Migrate(ctx, db); err != nil {
		return err
	}
	store := reservationbun.New(db)
	stays, err := house.Open(ctx, store, house.Options())
	if err != nil {
		return err
	}
	id, err := house.Book(ctx, stays, "Guest")
	if err != nil {
		return err
	}
	err = db.InTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, "CREATE TABLE keycard (reservation TEXT PRIMARY KEY)")
		return err
	})
	if err != nil {
		return err
	}
	// The first attempt fails after the check-in, and takes it back with it.
	for _, fails := range []bool{true, false} {
		err := checkInWithKeycard(ctx, db, store, id, fails)
		r, readErr := stays.Get(ctx, house.Desk().Actor, id)
		if readErr != nil {
			return readErr
		}
		fmt.Printf("%s, error: %v\n", r.Occupancy, err)
	}
	return nil
}

func checkInWithKeycard(ctx context.Context, db *reservationbun.DB, store *reservationbun.Store, id string, fails bool) error {
	return db.InTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		stays, err := reservation.NewService(store.WithTx(tx), house.Options())
		if err != nil {
			return err
		}
		if _, err := stays.Do(ctx, house.Desk(), id, reservation.CheckIn{Room: "214"}); err != nil {
			return err
		}
		if fails {
			return errors.New("the keycard machine is out of cards")
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO keycard VALUES (?)", id)
		return err
	})
}
