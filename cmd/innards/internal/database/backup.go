package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// errPostgres says what to use instead.
var errPostgres = fmt.Errorf("%w: back up and restore PostgreSQL with its own pg_dump and pg_restore", ErrAddress)

// Backup copies a committed state of the database at the address into a new file, while it is used.
func Backup(ctx context.Context, address, file string) error {
	if isPostgres(address) {
		return errPostgres
	}
	if _, err := os.Stat(address); err != nil { // else it would be made, and backed up empty
		return err
	}
	db, err := Open(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(db.Backup(ctx, file), db.Close())
}

// Restore makes the database at the address, which must not exist, from a backup.
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
	if err := check(ctx, part.Name()); err != nil {
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

// check reads the whole file before it becomes the database.
func check(ctx context.Context, file string) error {
	db, err := Open(ctx, file)
	if err != nil {
		return err
	}
	return errors.Join(db.CheckIntegrity(ctx), db.Close())
}
