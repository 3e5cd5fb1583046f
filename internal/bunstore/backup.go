package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/innards-go/innards"
)

// Backup writes a copy of the SQLite database, as it is at one instant, into a new file, while others read and write. A
// file that exists is left alone. The copy is checked before the file gets its name, so that a file of the name is a
// whole backup. For PostgreSQL it returns errors.ErrUnsupported: use pg_dump or pg_basebackup.
func (db *DB) Backup(ctx context.Context, file string) error {
	if db.dialect != SQLite {
		return fmt.Errorf("innards: backing up PostgreSQL: %w", errors.ErrUnsupported)
	}
	if _, err := os.Lstat(file); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("innards: backing up into %s: %w", file, errors.Join(err, os.ErrExist))
	}
	partial := file + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("innards: backing up: %w", err)
	}
	err := db.copyInto(ctx, partial)
	if err == nil {
		err = os.Rename(partial, file)
	}
	if err != nil {
		return errors.Join(db.failure(fmt.Errorf("backing up: %w", err)), ignoreMissing(os.Remove(partial)))
	}
	return flush(filepath.Dir(file))
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func (db *DB) copyInto(ctx context.Context, file string) error {
	source := db.openPool(reading[:1], 1) // one that is not read-only, which VACUUM INTO does not like
	_, err := source.bun.DB.ExecContext(ctx, "VACUUM INTO ?", file)
	if err = errors.Join(err, source.close()); err != nil {
		return err
	}
	if err := flush(file); err != nil {
		return err
	}
	copied := newDB(SQLite, db.options)
	copied.file, copied.driver = file, db.driver
	copied.pool = copied.openPool(nil, 1)
	return errors.Join(copied.CheckIntegrity(ctx), copied.pool.close())
}

// flush makes what was written to the file, or directory, survive a power cut.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// CheckIntegrity reads the whole SQLite database and returns an error that matches [innards.ErrCorrupt] if it is
// damaged. It takes long. For PostgreSQL it does nothing.
func (db *DB) CheckIntegrity(ctx context.Context) error {
	if db.dialect != SQLite {
		return nil
	}
	var problems []error
	check := func(pragma string, each func(*sql.Rows) error) error {
		rows, err := db.pool.bun.DB.QueryContext(ctx, pragma)
		if err != nil {
			return err
		}
		return forEach(rows, each)
	}
	err := check("PRAGMA integrity_check", func(rows *sql.Rows) error {
		var verdict string
		err := rows.Scan(&verdict)
		if verdict != "ok" {
			problems = append(problems, errors.New(verdict))
		}
		return err
	})
	if err == nil {
		err = check("PRAGMA foreign_key_check", func(rows *sql.Rows) error {
			var table string
			var row, parent, key any
			err := rows.Scan(&table, &row, &parent, &key)
			problems = append(problems, fmt.Errorf("row %v of %s refers to nothing", row, table))
			return err
		})
	}
	if err != nil {
		return db.failure(err)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%w: %w", innards.ErrCorrupt, errors.Join(problems...))
	}
	return nil
}
