package bunstore

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	_ "github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"github.com/innards-go/innards/internal/pgtest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		pgtest.Stop()
		os.Exit(code)
	}))
}

// things is the schema of the tests: numbers below 100, by name.
func things() Schema {
	const table = "CREATE TABLE thing (name text PRIMARY KEY, n bigint NOT NULL CHECK (n < 100));"
	return Schema{Name: "thing", Files: fstest.MapFS{
		"migrations/sqlite/0001_thing.tx.up.sql":   {Data: []byte(table)},
		"migrations/postgres/0001_thing.tx.up.sql": {Data: []byte(table)},
	}}
}

var (
	addThing   = Both("INSERT INTO thing (name, n) VALUES (?, ?)")
	moveThing  = Both("UPDATE thing SET n = ? WHERE name = ? AND n = ?")
	countThing = Both("SELECT count(*), coalesce(sum(n), 0) FROM thing")
)

func openSQLite(t testing.TB) *DB {
	t.Helper()
	db := openFile(t, filepath.Join(t.TempDir(), "things.db"))
	migrateThings(t, db)
	return db
}

func openFile(t testing.TB, file string) *DB {
	t.Helper()
	db, err := OpenSQLite(t.Context(), "sqlite", file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, db)
	return db
}

func openPostgres(t testing.TB) *DB {
	t.Helper()
	db, err := OpenPostgres(t.Context(), "pgx", pgtest.Open(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, db)
	migrateThings(t, db)
	return db
}

func closeAtEnd(t testing.TB, db *DB) {
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
}

func migrateThings(t testing.TB, db *DB) {
	t.Helper()
	if err := db.Migrate(t.Context(), things()); err != nil {
		t.Fatal(err)
	}
}

// eachDB runs the test on a fresh database of each kind.
func eachDB(t *testing.T, do func(*testing.T, *DB)) {
	t.Run("SQLite", func(t *testing.T) { do(t, openSQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { do(t, openPostgres(t)) })
}

// add is the work of adding a thing.
func add(name string, n int) Work {
	return Work{Run: func(ctx context.Context, c *Conn) error {
		_, err := c.Exec(ctx, addThing, name, n)
		return err
	}}
}

// sums returns how many things there are and what their numbers add up to, as the session sees them.
func sums(t testing.TB, s Session) (things, sum int) {
	t.Helper()
	if err := s.Row(context.WithoutCancel(t.Context()), []any{&things, &sum}, countThing); err != nil {
		t.Fatal(err)
	}
	return things, sum
}

// expect fails the test unless there are so many things, whose numbers add up to sum.
func expect(t testing.TB, s Session, things, sum int) {
	t.Helper()
	if gotThings, gotSum := sums(t, s); gotThings != things || gotSum != sum {
		t.Errorf("there are %d things that add up to %d, want %d and %d", gotThings, gotSum, things, sum)
	}
}

// names reads the names of all things.
func names(t testing.TB, s Session) (all []string) {
	t.Helper()
	err := s.Rows(t.Context(), func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		all = append(all, name)
		return err
	}, Both("SELECT name FROM thing ORDER BY name"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}
