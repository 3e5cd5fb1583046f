// Package database opens the server's database and keeps what is the server's own: API tokens and postings.
package database

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation/reservationbun"
)

//go:embed migrations
var files embed.FS

// schemas returns the tables that the server needs: those of the packages and its own.
func schemas() []bunstore.Schema {
	return []bunstore.Schema{reservationbun.Tables(), {Name: "server", Files: files}}
}

// Migrate makes all tables, or brings them up to date. It is safe to call at every start.
func Migrate(ctx context.Context, db *bunstore.DB) error { return db.Migrate(ctx, schemas()...) }

// CheckMigrated returns nil if the tables are as this program needs them.
func CheckMigrated(ctx context.Context, db *bunstore.DB) error {
	return db.CheckMigrated(ctx, schemas()...)
}

// Ready returns why the server cannot do its work with the database now; nil: it can.
func Ready(ctx context.Context, db *bunstore.DB) error {
	if err := CheckMigrated(ctx, db); err != nil {
		return err
	}
	return db.CheckWritable(ctx)
}

// ErrAddress is matched by errors about how the database is named.
var ErrAddress = errors.New("not a usable database")

// Open opens the SQLite file, which is made if it does not exist, or the PostgreSQL database that the address names.
func Open(ctx context.Context, address string) (*bunstore.DB, error) {
	if isPostgres(address) {
		source, err := source(address)
		if err != nil {
			return nil, err
		}
		return bunstore.OpenPostgres(ctx, postgresDriver, source, bunstore.Options{})
	}
	if address == "" || strings.Contains(address, "://") {
		return nil, fmt.Errorf("%w: it is a file, or an address that begins with postgres://", ErrAddress)
	}
	if _, err := os.Stat(filepath.Dir(address)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	return bunstore.OpenSQLite(ctx, sqliteDriver, address, bunstore.Options{})
}

// OpenExisting is [Open], but makes no file: an error matches [os.ErrNotExist].
func OpenExisting(ctx context.Context, address string) (*bunstore.DB, error) {
	if !isPostgres(address) && !strings.Contains(address, "://") {
		if _, err := os.Stat(address); errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no database %s: %w", address, os.ErrNotExist)
		}
	}
	return Open(ctx, address)
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// source completes the address with what the stores need. An error does not show the address: it may hold a password.
func source(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("%w: the address cannot be read", ErrAddress)
	}
	query := u.Query()
	if !query.Has("default_query_exec_mode") {
		query.Set("default_query_exec_mode", "simple_protocol")
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}
