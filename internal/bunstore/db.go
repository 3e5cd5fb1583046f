package bunstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
)

// A Dialect is one of the two databases.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota
	Postgres
)

// ErrClosed is matched by the error of a call on a closed DB, as is [innards.ErrUnavailable].
var ErrClosed = fmt.Errorf("%w: the database is closed", innards.ErrUnavailable)

// Options are what may differ from one database to another. The zero Options will do.
type Options struct {
	// Connections is the most that are open: for reading on SQLite, 0: 6; for everything on PostgreSQL, 0: 16. Searches
	// leave two of them to others.
	Connections int
	// ErrorCode returns the result code of a SQLite driver's error, and false for other errors. Nil: that of errors with a
	// method Code() int, which those of modernc.org/sqlite have.
	ErrorCode func(error) (code int, ok bool)
}

// A DB is one database that all stores of a process share. It is safe for concurrent use. Use [OpenSQLite] or
// [OpenPostgres], and Close it in the end.
type DB struct {
	dialect Dialect
	options Options
	file    string        // SQLite
	driver  driver.Driver // SQLite
	pool    *pool         // reads; on PostgreSQL it also writes
	writer  *writer
	// searches has as many places as searches may run at once.
	searches chan struct{}
	counts   counts
	closed   atomic.Bool
	close    func() error
}

func newDB(d Dialect, o Options) *DB {
	db := &DB{dialect: d, options: o, searches: make(chan struct{}, max(o.Connections-2, 1))}
	db.close = sync.OnceValue(db.shut)
	return db
}

// Dialect returns which database it is.
func (db *DB) Dialect() Dialect { return db.dialect }

// Bun returns Bun's handle for reading. On SQLite it cannot write.
func (db *DB) Bun() *bun.DB { return db.pool.bun }

// Close waits for the changes that are already queued, then closes all connections.
func (db *DB) Close() error { return db.close() }

func (db *DB) shut() error {
	db.closed.Store(true)
	var errs []error
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	return errors.Join(append(errs, db.pool.close())...)
}

// InTx runs do in one transaction, for a host that puts commands of stores into its own. The transaction is committed
// if do returns nil, else rolled back. Within do, use the stores only through their WithTx: on SQLite the transaction
// has the only connection that writes, alone, so that any other change would wait for ever.
func (db *DB) InTx(ctx context.Context, do func(context.Context, bun.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if db.dialect == Postgres {
		return db.writeFailure(db.pool.inTx(ctx, do))
	}
	return db.writeFailure(db.writer.alone(ctx, func(p *pool) error { return p.inTx(ctx, do) }))
}
