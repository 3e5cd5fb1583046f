package reservationbun_test

import (
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// eachStore runs the test on a fresh store of every database.
func eachStore(t *testing.T, do func(*testing.T, reservation.Store)) {
	eachDB(t, func(t *testing.T, db *reservationbun.DB) { do(t, reservationbun.New(db)) })
}

// eachDB runs the test on a fresh database of each kind.
func eachDB(t *testing.T, do func(*testing.T, *reservationbun.DB)) {
	t.Run("SQLite", func(t *testing.T) { do(t, openSQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { do(t, openPostgres(t)) })
}
