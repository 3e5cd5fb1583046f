package reservationbun_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// serviceOn returns a service on the store, whose clock stands in the morning of the hotel's business date.
func serviceOn(t *testing.T, store reservation.Store) *reservation.Service {
	t.Helper()
	s, err := reservation.NewService(store, reservation.Options{
		Clock: reservationtest.NewClock(reservationtest.Morning()).Now, Random: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var staff = innards.Command{Actor: reservationtest.Staff()}

// openHotel stores the hotel.
func openHotel(t *testing.T, store reservation.Store) {
	t.Helper()
	if err := store.CommitProperty(t.Context(), reservationtest.NewDesk(1).Property(reservationtest.Hotel())); err != nil {
		t.Fatal(err)
	}
}

func booking(room string) reservation.Create {
	return reservation.Create{
		Property: reservationtest.HotelID, Type: reservationtest.Double, Room: room, Source: reservation.SourcePhone,
		Arrival: reservationtest.BusinessDate(), Departure: reservationtest.BusinessDate().AddDays(2),
		Guest: reservation.Person{Name: "Elena Todorova"}, Adults: 2,
	}
}

// TestCommandInHostsTransaction has a host that notes its own row together with a command.
func TestCommandInHostsTransaction(t *testing.T) {
	eachDB(t, func(t *testing.T, db *reservationbun.DB) {
		store := reservationbun.New(db)
		openHotel(t, store)
		undone := errors.New("the host changed its mind")
		var ids []string
		inTx := func(result error) error {
			return db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
				hosted := serviceOn(t, store.WithTx(tx))
				receipt, err := hosted.Do(ctx, staff, "", booking("101"))
				if err != nil {
					return err
				}
				ids = append(ids, receipt.ID)
				if _, err := hosted.Do(ctx, staff, receipt.ID, reservation.CheckIn{}); err != nil {
					return err
				}
				if _, err := hosted.Do(ctx, staff, "", booking("101")); !innards.RefusedFor(err, reservation.RoomTaken.Code) {
					t.Errorf("booking the room again: %v", err)
				}
				return result
			})
		}
		if err := inTx(undone); !errors.Is(err, undone) {
			t.Errorf("InTx returned %v", err)
		}
		if err := inTx(nil); err != nil {
			t.Fatal(err)
		}
		s := serviceOn(t, store)
		if _, err := s.Get(t.Context(), staff.Actor, ids[0]); !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("what the host rolled back: %v", err)
		}
		r, err := s.Get(t.Context(), staff.Actor, ids[1])
		if err != nil || r.Occupancy != reservation.CheckedIn || r.Version != 2 {
			t.Errorf("what the host committed is %s at version %d, %v", r.Occupancy, r.Version, err)
		}
	})
}

// TestPropertyOfHostIsNotKept has a host that changes a property and takes it back: nobody else may decide on what it
// wrote, also not on another change that has made the same version.
func TestPropertyOfHostIsNotKept(t *testing.T) {
	eachDB(t, func(t *testing.T, db *reservationbun.DB) {
		store := reservationbun.New(db)
		openHotel(t, store)
		rename := func(ctx context.Context, s *reservation.Service, title string) error {
			_, err := s.DoProperty(ctx, staff, reservationtest.HotelID, reservation.AmendProperty{Title: &title})
			return err
		}
		titleIn := func(ctx context.Context, store reservation.Store) string {
			f, err := store.Facts(ctx, staff.Actor.Scope(), reservation.Ask{Property: reservationtest.HotelID, At: reservationtest.Morning()})
			if err != nil {
				t.Fatal(err)
			}
			return f.Property.Name
		}
		undone := errors.New("the host changed its mind")
		err := db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			hosted := store.WithTx(tx)
			if err := rename(ctx, serviceOn(t, hosted), "Undone"); err != nil {
				return err
			}
			if got := titleIn(ctx, hosted); got != "Undone" {
				t.Errorf("within the transaction the hotel is called %q", got)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Errorf("InTx returned %v", err)
		}
		if err := rename(t.Context(), serviceOn(t, store), "Grand Hotel"); err != nil {
			t.Fatal(err)
		}
		if got := titleIn(t.Context(), store); got != "Grand Hotel" {
			t.Errorf("the hotel is called %q", got)
		}
	})
}
