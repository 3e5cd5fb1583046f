package bunstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"github.com/innards-go/innards"
)

var (
	// ErrNewer is matched when the database was migrated by a later version of the program.
	ErrNewer = errors.New("innards: the database is newer than this program")
	// ErrNotMigrated is matched when tables are missing that this program needs.
	ErrNotMigrated = errors.New("innards: the database is not migrated")
)

// A Schema is the tables of one package: migrations that are carried out once each, in order. Files holds them in the
// directories migrations/sqlite and migrations/postgres, named as in "0001_rooms.tx.up.sql".
type Schema struct {
	// Name of the package. What was carried out is noted in the table innards_NAME_migration.
	Name  string
	Files fs.FS
}

//go:embed migrations
var files embed.FS

// schemas returns the schemas with the one that all packages share.
func schemas(others []Schema) []Schema { return append([]Schema{{"shared", files}}, others...) }

// Migrate makes the tables that all packages share and those of the schemas, or brings them up to date. Each migration
// is one transaction that also notes that it was carried out. A database that has been migrated by a later version of
// the program is refused with [ErrNewer].
func (db *DB) Migrate(ctx context.Context, others ...Schema) error {
	err := db.migrating(ctx, func(b *bun.DB) error {
		for _, s := range schemas(others) {
			m, err := db.migrator(b, s)
			if err != nil {
				return err
			}
			if err := m.Init(ctx); err != nil {
				return fmt.Errorf("migrating %s: %w", s.Name, err)
			}
			if err := m.up(ctx); err != nil {
				return fmt.Errorf("migrating %s: %w", s.Name, err)
			}
		}
		return db.advanceFeed(ctx)
	})
	if errors.Is(err, ErrNewer) {
		return err
	}
	return db.failure(err)
}

// advanceFeed sees to it that the cursors to come are above those that there are, also when the tables were restored
// into a cluster that has seen fewer transactions than the one that they come from.
func (db *DB) advanceFeed(ctx context.Context) error {
	if db.dialect == SQLite {
		return nil
	}
	_, err := db.pool.bun.DB.ExecContext(ctx, `UPDATE innards_feed SET ahead = last.transaction + 1 - now.transaction
		FROM (SELECT coalesce(max(cursor), 0) >> 16 AS transaction FROM innards_event) last,
		(SELECT pg_current_xact_id()::text::bigint AS transaction) now
		WHERE last.transaction >= now.transaction + ahead`)
	return err
}

// migrationLock is a number that no other program is likely to lock.
const migrationLock = 0x696e6e61726473

// migrating runs do on a connection that writes, while no other program migrates the database.
func (db *DB) migrating(ctx context.Context, do func(*bun.DB) error) error {
	if db.dialect == SQLite {
		return db.writer.alone(ctx, func(p *pool) error { return do(p.bun) })
	}
	conn, err := db.pool.bun.DB.Conn(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return errors.Join(err, conn.Close())
	}
	err = do(db.pool.bun)
	_, unlocked := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
	return errors.Join(err, unlocked, conn.Close())
}

// A migrator migrates one schema.
type migrator struct {
	*migrate.Migrator
	table string
}

func (db *DB) migrator(b *bun.DB, s Schema) (*migrator, error) {
	dir := [...]string{SQLite: "migrations/sqlite", Postgres: "migrations/postgres"}[db.dialect]
	sub, err := fs.Sub(s.Files, dir)
	if err != nil {
		return nil, fmt.Errorf("innards: the migrations of %s: %w", s.Name, err)
	}
	migrations := migrate.NewMigrations()
	if err := migrations.Discover(sub); err != nil {
		return nil, fmt.Errorf("innards: the migrations of %s: %w", s.Name, err)
	}
	m := &migrator{table: "innards_" + s.Name + "_migration"}
	m.Migrator = migrate.NewMigrator(b, migrations, migrate.WithTableName(m.table), migrate.WithLocksTableName(m.table+"_lock"),
		migrate.WithMarkAppliedOnSuccess(true), migrate.WithUpsert(true), migrate.BeforeMigration(m.note))
	return m, nil
}

// note notes a migration within its own transaction, first of all: if the program is killed, either both are there or
// neither, and of two programs at once the second waits and fails here. The migrator's own note comes after the commit
// and changes nothing.
func (m *migrator) note(ctx context.Context, tx bun.IConn, migration *migrate.Migration) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ? (name, group_id) VALUES (?, ?)", bun.Ident(m.table), migration.Name, migration.GroupID)
	return err
}

// up carries out what was not carried out yet.
func (m *migrator) up(ctx context.Context) error {
	if err := m.refuseNewer(ctx); err != nil {
		return err
	}
	_, err := m.Migrate(ctx)
	if err == nil {
		return nil
	}
	if pending, unread := m.pending(ctx); unread == nil && pending == 0 {
		return nil // another program has carried it out meanwhile
	}
	return err
}

func (m *migrator) refuseNewer(ctx context.Context) error {
	unknown, err := m.MissingMigrations(ctx)
	if err == nil && len(unknown) > 0 {
		err = fmt.Errorf("%w: %s has %q", ErrNewer, m.table, unknown[0].Name)
	}
	return err
}

func (m *migrator) pending(ctx context.Context) (int, error) {
	all, err := m.MigrationsWithStatus(ctx)
	return len(all.Unapplied()), err
}

// CheckMigrated returns nil if the tables are as this program needs them, else an error that matches [ErrNotMigrated],
// [ErrNewer] or [innards.ErrUnavailable].
func (db *DB) CheckMigrated(ctx context.Context, others ...Schema) error {
	for _, s := range schemas(others) {
		m, err := db.migrator(db.pool.bun, s)
		if err != nil {
			return err
		}
		pending, err := m.pending(ctx)
		switch {
		case err != nil && errors.Is(db.failure(err), innards.ErrUnavailable), ctx.Err() != nil:
			return db.failure(err)
		case err != nil: // there is no such table
			return fmt.Errorf("%w: %s: %w", ErrNotMigrated, s.Name, err)
		case pending > 0:
			return fmt.Errorf("%w: %s lacks %d migrations", ErrNotMigrated, s.Name, pending)
		}
		if err := m.refuseNewer(ctx); err != nil {
			return err
		}
	}
	return nil
}

// CheckWritable returns nil if the database can be written, else an error that matches [innards.ErrUnavailable].
func (db *DB) CheckWritable(ctx context.Context) error {
	return On(db).Write(ctx, Work{Run: func(ctx context.Context, c *Conn) error {
		_, err := c.Exec(ctx, touch)
		return err
	}})
}

// touch takes the lock for writing and writes nothing.
var touch = Each(lockForWriting, "DELETE FROM innards_key WHERE false")
