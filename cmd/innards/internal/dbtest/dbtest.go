// Package dbtest gives tests migrated databases of both kinds.
package dbtest

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
)

// Each runs the test on an empty database of each kind.
func Each(t *testing.T, run func(t *testing.T, db *bunstore.DB)) {
	t.Run("sqlite", func(t *testing.T) { run(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, open(t, PostgresURL(t))) })
}

// SQLite returns an empty SQLite database.
func SQLite(t *testing.T) *bunstore.DB { return open(t, filepath.Join(t.TempDir(), "test.db")) }

// PostgresURL returns the address of an empty PostgreSQL database, as --db takes it.
func PostgresURL(t *testing.T) string {
	t.Helper()
	query := url.Values{}
	for _, setting := range strings.Fields(pgtest.Open(t)) {
		name, value, _ := strings.Cut(setting, "=")
		query.Set(name, value)
	}
	return "postgres:///?" + query.Encode()
}

func open(t *testing.T, address string) *bunstore.DB {
	t.Helper()
	db, err := database.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := database.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}
