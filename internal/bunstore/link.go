package bunstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// A link is the connection of the writer with the statements that were prepared on it. Its statements have a context of
// their own: a caller who gives up does not roll back what others have in the same transaction.
type link struct {
	ctx      context.Context
	sql      *sql.Conn
	prepared map[*Stmt]*sql.Stmt
	conn     *Conn
}

// The statements that control transactions.
var (
	begin       = Both("BEGIN IMMEDIATE")
	commit      = Both("COMMIT")
	rollback    = Both("ROLLBACK")
	savepoint   = Both("SAVEPOINT innards")
	releaseSave = Both("RELEASE innards")
	undoSave    = Both("ROLLBACK TO innards")
)

// prepare implements preparer.
func (l *link) prepare(ctx context.Context, st *Stmt) (*sql.Stmt, error) {
	if have, ok := l.prepared[st]; ok {
		return have, nil
	}
	fresh, err := l.sql.PrepareContext(ctx, st.text[SQLite])
	if err != nil {
		return nil, err
	}
	l.prepared[st] = fresh
	return fresh, nil
}

// once implements preparer.
func (l *link) once(ctx context.Context, text string, args []any) (sql.Result, error) {
	return l.sql.ExecContext(ctx, text, args...)
}

// run runs a statement that controls the transaction.
func (l *link) run(st *Stmt) error {
	prepared, err := l.prepare(l.ctx, st)
	if err == nil {
		_, err = prepared.ExecContext(l.ctx)
	}
	return err
}

// carryOut does the work within the transaction. If it fails, conn.written tells whether something of it is left.
func (l *link) carryOut(w Work) error {
	l.conn.written = false
	if !w.Risky {
		return w.Run(l.ctx, l.conn)
	}
	if err := l.run(savepoint); err != nil {
		return err
	}
	err := w.Run(l.ctx, l.conn)
	if err == nil {
		return l.run(releaseSave)
	}
	if undone := l.run(undoSave); undone != nil {
		return err
	}
	if released := l.run(releaseSave); released != nil {
		return released
	}
	l.conn.written = false
	return err
}

// begin begins a transaction, on a new connection if there is none.
func (w *writer) begin() (*link, error) {
	if w.link == nil {
		l, err := w.connect()
		if err != nil {
			return nil, w.db.writeFailure(err)
		}
		w.link = l
	}
	if err := w.link.run(begin); err != nil {
		if w.db.sqliteCode(err) != sqliteBusy {
			w.drop()
		}
		return nil, w.db.writeFailure(err)
	}
	return w.link, nil
}

func (w *writer) connect() (*link, error) {
	l := &link{ctx: context.Background(), prepared: map[*Stmt]*sql.Stmt{}}
	l.conn = &Conn{preparer: l}
	var err error
	l.sql, err = w.pool.bun.DB.Conn(l.ctx)
	return l, err
}

// rollBack ends the transaction, which SQLite may have rolled back already.
func (w *writer) rollBack() {
	if err := w.link.run(rollback); err != nil && w.db.sqliteCode(err) != sqliteGeneric {
		w.drop()
	}
}

// release gives the connection back to the pool.
func (w *writer) release() {
	if w.link == nil {
		return
	}
	for _, st := range w.link.prepared {
		_ = st.Close() // it is not used any more
	}
	_ = w.link.sql.Close()
	w.link = nil
}

// drop is release for a connection that may be broken: the next will be a new one.
func (w *writer) drop() {
	_ = w.link.sql.Raw(func(any) error { return driver.ErrBadConn })
	w.release()
}
