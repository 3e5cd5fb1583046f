package bunstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/innards-go/innards"
)

// A preparer prepares statements where they are to run.
type preparer interface {
	prepare(context.Context, *Stmt) (*sql.Stmt, error)
	// once runs a statement that was put together for this call.
	once(ctx context.Context, text string, args []any) (sql.Result, error)
}

// A Conn runs statements: on any free connection, or in a transaction. Its errors are the driver's, so that whoever owns
// the transaction can judge them; sql.ErrNoRows becomes [innards.ErrNotFound].
type Conn struct {
	preparer
	dialect Dialect
	several bool // entries may be written in its transaction: by the host, or of many records
	written bool // something, in this piece of work
}

// Dialect returns which database it is.
func (c *Conn) Dialect() Dialect { return c.dialect }

// changes returns 1 if something was written, else 0.
func (c *Conn) changes() int {
	if c.written {
		return 1
	}
	return 0
}

// Exec runs a statement that writes and returns how many rows it wrote.
func (c *Conn) Exec(ctx context.Context, st *Stmt, args ...any) (int64, error) {
	prepared, err := c.prepare(ctx, st)
	if err != nil {
		return 0, err
	}
	return c.affected(prepared.ExecContext(ctx, args...))
}

// ExecOnce is Exec for a statement that was put together for this call. Its parameters are question marks.
func (c *Conn) ExecOnce(ctx context.Context, text string, args ...any) (int64, error) {
	return c.affected(c.once(ctx, text, args))
}

func (c *Conn) affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	c.written = c.written || n > 0
	return n, err
}

// Write is Exec for a statement that writes one row if the facts still hold, else none: then it returns
// [innards.ErrStale].
func (c *Conn) Write(ctx context.Context, st *Stmt, args ...any) error {
	n, err := c.Exec(ctx, st, args...)
	if err == nil && n == 0 {
		err = innards.ErrStale
	}
	return err
}

// Row reads one row into dest, or returns [innards.ErrNotFound].
func (c *Conn) Row(ctx context.Context, dest []any, st *Stmt, args ...any) error {
	prepared, err := c.prepare(ctx, st)
	if err != nil {
		return err
	}
	err = prepared.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return innards.ErrNotFound
	}
	return err
}

// Rows calls each for every row.
func (c *Conn) Rows(ctx context.Context, each func(*sql.Rows) error, st *Stmt, args ...any) error {
	prepared, err := c.prepare(ctx, st)
	if err != nil {
		return err
	}
	rows, err := prepared.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return forEach(rows, each)
}

// WriteRows is Rows for a statement that writes rows and returns them.
func (c *Conn) WriteRows(ctx context.Context, each func(*sql.Rows) error, st *Stmt, args ...any) error {
	return c.Rows(ctx, func(r *sql.Rows) error { c.written = true; return each(r) }, st, args...)
}

func forEach(rows *sql.Rows, each func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
