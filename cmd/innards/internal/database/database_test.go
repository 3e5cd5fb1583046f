package database_test

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		tokens := database.NewTokens(db)
		created := time.Date(2026, time.November, 24, 9, 0, 0, 123_000, time.UTC)
		first, text, err := access.Issue(access.Token{Name: "desk", Role: access.FrontDesk, Tenant: "main", Property: "varna", CreatedAt: created}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		second, _, err := access.Issue(access.Token{Role: access.Accounting, Tenant: "main", CreatedAt: created.Add(time.Second)}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []access.Token{second, first} {
			if err := tokens.AddToken(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}
		all, err := tokens.Tokens(t.Context())
		if diff := cmp.Diff([]access.Token{first, second}, all); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}

		if err := tokens.RevokeToken(t.Context(), first.ID, created.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := tokens.RevokeToken(t.Context(), first.ID, created.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		got, err := tokens.Token(t.Context(), first.ID)
		if err != nil || got.RevokedAt == nil || !got.RevokedAt.Equal(created.Add(time.Hour)) {
			t.Errorf("the token is %+v (%v)", got, err)
		}

		if _, err := tokens.Token(t.Context(), "none"); !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("an unknown token: %v", err)
		}
		if err := tokens.RevokeToken(t.Context(), "none", created); !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("revoking an unknown token: %v", err)
		}
		if !strings.HasPrefix(text, "ink_"+first.ID+"_") {
			t.Errorf("the token is %q", text)
		}
	})
}

func TestReady(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		if err := database.Ready(t.Context(), db); err != nil {
			t.Errorf("migrated, but %v", err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := database.Ready(t.Context(), db); err == nil {
			t.Error("closed, but ready")
		}
	})
}

func TestNotMigratedIsNotReady(t *testing.T) {
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "new.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := database.Ready(t.Context(), db); !errors.Is(err, bunstore.ErrNotMigrated) {
		t.Errorf("not migrated, but %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for _, address := range []string{"", "mysql://x", filepath.Join(t.TempDir(), "none", "x.db"), "postgres://u:secret@%zz/x"} {
		_, err := database.Open(t.Context(), address)
		if !errors.Is(err, database.ErrAddress) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if err := database.Backup(t.Context(), "postgres://x", "y"); !errors.Is(err, database.ErrAddress) {
		t.Errorf("a backup of PostgreSQL: %v", err)
	}
	if err := database.Restore(t.Context(), "y", "postgres://x"); !errors.Is(err, database.ErrAddress) {
		t.Errorf("restoring PostgreSQL: %v", err)
	}
}
