package replay

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	_ "modernc.org/sqlite"

	"github.com/innards-go/innards/reservation/reservationbun"
)

// TestWholeFile replays the data set itself, as CSV or zip, through a durable store. It takes minutes: run it by name and
// with -timeout 30m.
func TestWholeFile(t *testing.T) {
	path := os.Getenv("INNARDS_TEST_HOTEL_BOOKINGS")
	if path == "" {
		t.Skip("INNARDS_TEST_HOTEL_BOOKINGS does not name the file")
	}
	in, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	db := openSQLite(t)
	report, err := HotelBookings(t.Context(), in, Options{
		Store: reservationbun.New(db), Tenant: tenant, Clock: time.Now, Random: rand.Reader,
		Commits: func() int64 { return db.Stats().Commits },
	})
	if err := errors.Join(err, in.Close()); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteText(t.Output()); err != nil {
		t.Fatal(err)
	}
	want := []Total{{"Check-Out", 75166, 75166}, {"Canceled", 43017, 43017}, {"No-Show", 1207, 1207}}
	if diff := cmp.Diff(want, report.Totals); diff != "" || !report.Matches() {
		t.Errorf("%d refused, totals (-want +got):\n%s", report.Refused, diff)
	}
	tally := Tally{
		RoomNights: 254841, DayUses: 715, NoGuests: 180, NegativeRates: 1, TypeChanges: 14115, EarlyDepartures: 27, Overbooked: 10461,
	}
	if diff := cmp.Diff(tally, report.Tally, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("tally (-want +got):\n%s", diff)
	}
	if report.Commands != 438_903 || report.PeakMemory >= 300<<20 || *report.CommitsPerCommand > 1.0/8 {
		t.Errorf("%d commands, %d bytes, %.3f commits for each", report.Commands, report.PeakMemory, *report.CommitsPerCommand)
	}
}

func openSQLite(t *testing.T) *reservationbun.DB {
	t.Helper()
	db, err := reservationbun.OpenSQLite(t.Context(), "sqlite", filepath.Join(t.TempDir(), "stays.db"), reservationbun.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := reservationbun.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}
