package bunstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
)

// A Session is where a store works: on the database, or within a transaction of the host.
type Session struct {
	db   *DB
	host *hostTx // nil: on the database
}

// A hostTx is a transaction of the host, which is used by one goroutine at a time.
type hostTx struct {
	tx   bun.Tx
	conn *Conn
}

// On returns a session on the database.
func On(db *DB) Session { return Session{db: db} }

// WithTx returns a session within the host's transaction. What is written in it is durable when the host commits.
func (s Session) WithTx(tx bun.Tx) Session {
	t := &transaction{tx: tx.Tx, dialect: s.db.dialect}
	return Session{s.db, &hostTx{tx, &Conn{preparer: t, dialect: s.db.dialect, several: true}}}
}

// A Domain is a session of one package, whose events, messages and keys are told from those of others by its name.
type Domain struct {
	Session
	name string
}

// Domain returns the session of the package of the name.
func (s Session) Domain(name string) Domain { return Domain{s, name} }

// DB returns the database.
func (s Session) DB() *DB { return s.db }

// Hosted reports whether the session is within a transaction of the host, so that what it reads may never be committed.
func (s Session) Hosted() bool { return s.host != nil }

// Bun returns Bun's handle for reading.
func (s Session) Bun() bun.IDB {
	if s.host != nil {
		return s.host.tx
	}
	return s.db.pool.bun
}

func (s Session) reader() *Conn {
	if s.host != nil {
		return s.host.conn
	}
	return s.db.pool.conn()
}

// brief returns the context for a read that ends soon. On SQLite it cannot be cancelled any more: watching for it would
// cost more than the read.
func (s Session) brief(ctx context.Context) (context.Context, error) {
	if s.db.dialect == SQLite {
		return context.WithoutCancel(ctx), ctx.Err()
	}
	return ctx, ctx.Err()
}

// Row reads one row into dest, or returns [innards.ErrNotFound].
func (s Session) Row(ctx context.Context, dest []any, st *Stmt, args ...any) error {
	ctx, err := s.brief(ctx)
	if err == nil {
		err = s.reader().Row(ctx, dest, st, args...)
	}
	return s.db.failure(err)
}

// Rows calls each for every row.
func (s Session) Rows(ctx context.Context, each func(*sql.Rows) error, st *Stmt, args ...any) error {
	ctx, err := s.brief(ctx)
	if err == nil {
		err = s.reader().Rows(ctx, each, st, args...)
	}
	return s.db.failure(err)
}

// Search runs a query that was put together for this call, and calls each for every row. Parameters are question marks,
// for texts, numbers and bools. Searches may take long: they never have all connections, so that reads of one record go on.
func (s Session) Search(ctx context.Context, each func(*sql.Rows) error, query string, args ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.host == nil {
		select {
		case s.db.searches <- struct{}{}:
			defer func() { <-s.db.searches }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	rows, err := s.query(ctx, query, args)
	if err == nil {
		err = forEach(rows, each)
	}
	return s.db.failure(err)
}

// query has Bun write the parameters into the text, so that PostgreSQL can plan for their values. SQLite plans without
// them, and prepares what is asked again and again.
func (s Session) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if s.host == nil && s.db.dialect == SQLite {
		st, err := s.db.pool.search(ctx, query)
		if err != nil {
			return nil, err
		}
		if st != nil {
			return st.QueryContext(ctx, args...)
		}
	}
	return s.Bun().QueryContext(ctx, query, args...)
}

// Snapshot runs do in a transaction that reads, so that all its statements see the same.
func (s Session) Snapshot(ctx context.Context, do func(context.Context, *Conn) error) error {
	ctx, err := s.brief(ctx)
	switch {
	case err != nil:
	case s.host != nil:
		err = do(ctx, s.host.conn)
	default:
		o := &sql.TxOptions{ReadOnly: true}
		if s.db.dialect == Postgres {
			o.Isolation = sql.LevelRepeatableRead
		}
		err = s.db.pool.within(ctx, o, func(c *Conn) error { return do(ctx, c) })
	}
	return s.db.failure(err)
}

// A Work is what one transaction writes.
type Work struct {
	// Run writes. It may be run more than once, each time as if the times before had not been.
	Run func(context.Context, *Conn) error
	// Risky says that it may well fail after it has written something, so that it is worth a savepoint.
	Risky bool
	// Many says that it writes the entries of several records.
	Many bool
}

// Write carries out the work: all of it, durable on return, or nothing. In a transaction of the host it is durable when
// the host commits.
func (s Session) Write(ctx context.Context, w Work) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case s.host != nil:
		return s.db.writeFailure(s.host.savepoint(ctx, w.Run))
	case s.db.dialect == SQLite:
		return s.db.writer.write(ctx, w)
	}
	// A cancelled connection leaves the outcome unknown, so what has begun is carried out.
	ctx = context.WithoutCancel(ctx)
	err := s.db.pool.within(ctx, nil, func(c *Conn) error {
		c.several = w.Many
		return w.Run(ctx, c)
	})
	return s.db.counted(s.db.writeFailure(err))
}

// savepoint runs do so that nothing of it is left in the host's transaction if it fails.
func (h *hostTx) savepoint(ctx context.Context, do func(context.Context, *Conn) error) error {
	return h.tx.RunInTx(ctx, nil, func(ctx context.Context, _ bun.Tx) error { return do(ctx, h.conn) })
}

// WriteAlone runs one statement of PostgreSQL that is a transaction by itself. It returns [innards.ErrStale] if no row is
// written, because the facts do not hold any more. It is not for a session of the host.
func (s Session) WriteAlone(ctx context.Context, st *Stmt, args ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// A cancelled connection leaves the outcome unknown, so what has begun is carried out.
	err := s.db.pool.conn().Write(context.WithoutCancel(ctx), st, args...)
	if err != nil && !errors.Is(err, innards.ErrStale) {
		err = &commitError{err}
	}
	return s.db.counted(s.db.writeFailure(err))
}
