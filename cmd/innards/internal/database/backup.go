package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/innards-go/innards/internal/bunstore"
)

// errPostgres says what to use instead.
var errPostgres = fmt.Errorf("%w: back up and restore PostgreSQL with its own pg_dump and pg_restore", ErrAddress)

// Backup copies a committed state of the database at the address into a new file, while it is used.
func Backup(ctx context.Context, address, file string) error {
	if isPostgres(address) {
		return errPostgres
	}
	db, err := OpenExisting(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(db.Backup(ctx, file), db.Close())
}

// Restore makes the database at the address, which must not exist, from a backup, and brings its tables up to date.
func Restore(ctx context.Context, file, address string) error {
	if isPostgres(address) {
		return errPostgres
	}
	for _, left := range []string{address, address + "-wal", address + "-shm"} {
		if _, err := os.Lstat(left); err == nil { // a log that was left behind would be taken for the backup's
			return fmt.Errorf("%s: %w", left, os.ErrExist)
		}
	}
	part, err := os.CreateTemp(filepath.Dir(address), filepath.Base(address)+".*.part")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	if err := errors.Join(copyFile(part, file), part.Sync(), part.Close()); err != nil {
		return err
	}
	if err := prepare(ctx, part.Name()); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.Link(part.Name(), address) // unlike a renaming, it overwrites nothing
}

func copyFile(to io.Writer, name string) error {
	from, err := os.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	_, err = io.Copy(to, from)
	return err
}

// prepare reads the whole file and brings its tables up to date, before it becomes the database.
func prepare(ctx context.Context, file string) error {
	db, err := Open(ctx, file)
	if err != nil {
		return err
	}
	err = db.CheckIntegrity(ctx)
	if err == nil {
		err = checkOurs(ctx, db)
	}
	if err == nil {
		err = Migrate(ctx, db)
	}
	return errors.Join(err, db.Close())
}

// errForeign is returned for a database that another program has made.
var errForeign = errors.New("it is no backup of a database of innards")

var countMigrations = bunstore.Both("SELECT count(*) FROM innards_server_migration")

// checkOurs returns nil if the database was once made by this program, whatever its version.
func checkOurs(ctx context.Context, db *bunstore.DB) error {
	var n int
	if err := bunstore.On(db).Row(ctx, []any{&n}, countMigrations); err != nil || n == 0 {
		return errors.Join(errForeign, ctx.Err())
	}
	return nil
}
