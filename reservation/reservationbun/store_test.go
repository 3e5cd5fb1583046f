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

func openPostgres(t testing.TB) *reservationbun.DB {
	t.Helper()
	source := pgtest.OpenLike(t, "reservation", func(source string) {
		db, err := reservationbun.OpenPostgres(t.Context(), "pgx", source, reservationbun.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := reservationbun.Migrate(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	})
	db, err := reservationbun.OpenPostgres(t.Context(), "pgx", source, reservationbun.Options{})
	return closedAtEnd(t, db, err)
}

func openSQLite(t testing.TB) *reservationbun.DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "stays.db")
	db, err := reservationbun.OpenSQLite(t.Context(), "sqlite", file, reservationbun.Options{})
	closedAtEnd(t, db, err)
	if err := reservationbun.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func closedAtEnd(t testing.TB, db *reservationbun.DB, err error) *reservationbun.DB {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
