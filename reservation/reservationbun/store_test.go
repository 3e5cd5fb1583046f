package reservationbun_test

import (
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestStoreOnSQLite(t *testing.T) {
	reservationtest.TestStore(t, func(t *testing.T) reservation.Store { return reservationbun.New(openSQLite(t)) })
}

func TestStoreOnPostgreSQL(t *testing.T) {
	reservationtest.TestStore(t, func(t *testing.T) reservation.Store { return reservationbun.New(openPostgres(t)) })
}

func openSQLite(t testing.TB) *reservationbun.DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "stays.db")
	return migrated(t)(reservationbun.OpenSQLite(t.Context(), "sqlite", file, reservationbun.Options{}))
}

func openPostgres(t testing.TB) *reservationbun.DB {
	t.Helper()
	return migrated(t)(reservationbun.OpenPostgres(t.Context(), "pgx", pgtest.Open(t), reservationbun.Options{}))
}

// migrated migrates the database that was opened, and closes it at the end of the test.
func migrated(t testing.TB) func(*reservationbun.DB, error) *reservationbun.DB {
	return func(db *reservationbun.DB, err error) *reservationbun.DB {
		t.Helper()
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
}
