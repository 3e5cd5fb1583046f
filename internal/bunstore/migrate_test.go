package bunstore

import (
	"errors"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/innards-go/innards"
)

// later is the schema of a later version: with another migration.
func later(statements string) Schema {
	s := things()
	files := s.Files.(fstest.MapFS)
	for _, dir := range []string{"sqlite", "postgres"} {
		files["migrations/"+dir+"/0002_later.tx.up.sql"] = &fstest.MapFile{Data: []byte(statements)}
	}
	return s
}

func TestMigrateTwice(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		if err := On(db).Write(t.Context(), add("a", 1)); err != nil {
			t.Fatal(err)
		}
		migrateThings(t, db)
		expect(t, On(db), 1, 1)
		if err := db.CheckMigrated(t.Context(), things()); err != nil {
			t.Error(err)
		}
	})
}

func TestMigrateFromManyPrograms(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		next := later("CREATE TABLE other (id bigint); INSERT INTO other VALUES (1);")
		var all sync.WaitGroup
		for range 4 {
			program := db
			if db.dialect == SQLite {
				program = openFile(t, db.file)
			}
			all.Go(func() {
				if err := program.Migrate(t.Context(), next); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		var rows int
		if err := On(db).Row(t.Context(), []any{&rows}, Both("SELECT count(*) FROM other")); err != nil || rows != 1 {
			t.Errorf("the migration left %d rows, %v, want 1", rows, err)
		}
		if err := db.CheckMigrated(t.Context(), next); err != nil {
			t.Error(err)
		}
	})
}

func TestNotMigrated(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		if err := db.CheckMigrated(t.Context(), later("SELECT 1;")); !errors.Is(err, ErrNotMigrated) {
			t.Errorf("with a migration that is missing: %v", err)
		}
		if err := db.CheckMigrated(t.Context(), Schema{Name: "unknown", Files: things().Files}); !errors.Is(err, ErrNotMigrated) {
			t.Errorf("without the tables: %v", err)
		}
	})
}

// TestCheckMigratedClosed: whether the tables of a closed database are there is not known.
func TestCheckMigratedClosed(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"CheckMigrated": db.CheckMigrated(t.Context(), things()), "Migrate": db.Migrate(t.Context(), things())} {
			if !errors.Is(err, innards.ErrUnavailable) || !errors.Is(err, ErrClosed) || errors.Is(err, ErrNotMigrated) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		if err := db.Migrate(t.Context(), later("CREATE TABLE other (id bigint);")); err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context(), things()); !errors.Is(err, ErrNewer) || errors.Is(err, innards.ErrUnavailable) {
			t.Errorf("migrating it: %v", err)
		}
		if err := db.CheckMigrated(t.Context(), things()); !errors.Is(err, ErrNewer) {
			t.Errorf("checking it: %v", err)
		}
	})
}

// TestFailedMigrationLeavesNothing stands for a program that is killed between two statements of a migration.
func TestFailedMigrationLeavesNothing(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		if err := db.Migrate(t.Context(), later("CREATE TABLE other (id bigint); SELECT * FROM missing;")); err == nil {
			t.Error("a migration that fails: no error")
		}
		whole := later("CREATE TABLE other (id bigint); CREATE TABLE another (id bigint);")
		if err := db.Migrate(t.Context(), whole); err != nil {
			t.Errorf("running it again: %v", err)
		}
	})
}
