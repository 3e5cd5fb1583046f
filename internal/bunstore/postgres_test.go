package bunstore

import (
	"context"
	"errors"
	"testing"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/pgtest"
)

func TestServerCrashes(t *testing.T) {
	pgtest.Open(t) // skips the test where there is no PostgreSQL
	cluster, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	db, err := OpenPostgres(t.Context(), "pgx", cluster.Source(), Options{Connections: 2})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, db)
	migrateThings(t, db)
	if err := On(db).Write(t.Context(), add("a", 1)); err != nil {
		t.Fatal(err)
	}
	if err := cluster.Crash(); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"a write":  On(db).Write(t.Context(), add("b", 1)),
		"a read":   On(db).Row(t.Context(), []any{new(int), new(int)}, countThing),
		"writable": db.CheckWritable(t.Context()),
		"migrated": db.CheckMigrated(t.Context(), things()),
	} {
		if !errors.Is(err, innards.ErrUnavailable) {
			t.Errorf("%s, while the server is down: %v", what, err)
		}
	}
	if err := cluster.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := On(db).Write(t.Context(), add("c", 1)); err != nil {
		t.Errorf("a write, once the server is up again: %v", err)
	}
	expect(t, On(db), 2, 2)
}

// addAlone adds a thing in one statement.
var addAlone = Each("", "INSERT INTO thing SELECT ?, ? FROM pg_sleep(?)")

// TestConnectionIsEnded ends the connection while a statement runs that is a transaction by itself: whether it was
// committed cannot be known.
func TestConnectionIsEnded(t *testing.T) {
	db := openPostgres(t)
	ended := make(chan error, 1)
	go func() { ended <- On(db).WriteAlone(t.Context(), addAlone, "a", 1, 60) }()
	for n := 0; n == 0; {
		err := db.Bun().NewRaw(`SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE '%pg_sleep(%' AND state = 'active' AND pid <> pg_backend_pid()) ended`).Scan(t.Context(), &n)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-ended; !errors.Is(err, innards.ErrOutcomeUnknown) {
		t.Errorf("the statement whose connection was ended: %v", err)
	}
	if err := On(db).WriteAlone(t.Context(), addAlone, "b", 1, 0); err != nil {
		t.Errorf("the next one: %v", err)
	}
	if err := On(db).WriteAlone(t.Context(), addAlone, "b", 1, 0); !errors.Is(err, innards.ErrStale) {
		t.Errorf("one that a unique key stands against: %v", err)
	}
	expect(t, On(db), 1, 1)
}

// TestDeadlock lets two transactions wait for each other: one of them is stale.
func TestDeadlock(t *testing.T) {
	db := openPostgres(t)
	for _, name := range []string{"a", "b"} {
		if err := On(db).Write(t.Context(), add(name, 1)); err != nil {
			t.Fatal(err)
		}
	}
	locked := make(chan struct{})
	other := make(chan struct{})
	move := func(first, second string, mine, theirs chan struct{}) error {
		return On(db).Write(t.Context(), Work{Run: func(ctx context.Context, c *Conn) error {
			if err := c.Write(ctx, moveThing, 2, first, 1); err != nil {
				return err
			}
			close(mine)
			<-theirs
			return c.Write(ctx, moveThing, 2, second, 1)
		}})
	}
	result := make(chan error, 1)
	go func() { result <- move("a", "b", locked, other) }()
	errs := []error{move("b", "a", other, locked), <-result}
	for i, err := range errs {
		if err != nil && (!errors.Is(err, innards.ErrStale) || errs[1-i] != nil) {
			t.Errorf("the errors are %v", errs)
		}
	}
	if errs[0] == nil && errs[1] == nil {
		t.Error("there was no deadlock")
	}
	expect(t, On(db), 2, 4)
}

func TestHostsOwnHandle(t *testing.T) {
	db, host := openPostgres(t), openPostgres(t)
	host2, err := OpenPostgres(t.Context(), "pgx", "host=/nowhere", Options{})
	if !errors.Is(err, innards.ErrUnavailable) || host2 != nil {
		t.Errorf("opening a server that does not exist: %v", err)
	}
	// The transaction of another handle, to which none of the statements prepared by this one belongs.
	err = host.Bun().RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		for range 2 {
			expect(t, On(db), 0, 0)
			expect(t, On(db).WithTx(tx), 0, 0)
		}
		return On(db).WithTx(tx).Write(ctx, add("a", 1))
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, On(host), 1, 1)
}

func TestBackupOfPostgres(t *testing.T) {
	if err := openPostgres(t).Backup(t.Context(), t.TempDir()+"/copy"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Backup: %v", err)
	}
}
