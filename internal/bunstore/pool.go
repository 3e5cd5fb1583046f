package bunstore

import (
	"context"
	"database/sql"
	"sync"

	"github.com/uptrace/bun"
)

// A pool is some connections with the statements that were prepared on them.
type pool struct {
	bun      *bun.DB
	dialect  Dialect
	prepared sync.Map // *Stmt to *sql.Stmt

	mu       sync.Mutex
	searches map[string]*Stmt // by their texts, at most maxSearches
}

// maxSearches is how many searches are kept prepared. There is no end to the conditions that people combine, but what a
// program asks most it asks first.
const maxSearches = 64

// prepare implements preparer. The statement is prepared again on every connection that comes to run it.
func (p *pool) prepare(ctx context.Context, st *Stmt) (*sql.Stmt, error) {
	if have, ok := p.prepared.Load(st); ok {
		return have.(*sql.Stmt), nil
	}
	fresh, err := p.bun.DB.PrepareContext(ctx, st.text[p.dialect])
	if err != nil {
		return nil, err
	}
	have, loaded := p.prepared.LoadOrStore(st, fresh)
	if loaded {
		err = fresh.Close()
	}
	return have.(*sql.Stmt), err
}

// search returns the search prepared, or nil if too many others are.
func (p *pool) search(ctx context.Context, text string) (*sql.Stmt, error) {
	p.mu.Lock()
	st := p.searches[text]
	if st == nil && len(p.searches) < maxSearches {
		st = Each(text, "")
		p.searches[text] = st
	}
	p.mu.Unlock()
	if st == nil {
		return nil, nil
	}
	return p.prepare(ctx, st)
}

// once implements preparer.
func (p *pool) once(ctx context.Context, text string, args []any) (sql.Result, error) {
	return p.bun.DB.ExecContext(ctx, p.dialect.numbered(text), args...)
}

func (p *pool) conn() *Conn { return &Conn{preparer: p, dialect: p.dialect} }

// within runs do in a transaction and commits it.
func (p *pool) within(ctx context.Context, o *sql.TxOptions, do func(*Conn) error) error {
	tx, err := p.bun.DB.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	t := &transaction{tx: tx, dialect: p.dialect, pool: p}
	defer func() {
		_ = tx.Rollback() // after a commit there is nothing to roll back
		t.share(ctx)
	}()
	if err := do(&Conn{preparer: t, dialect: p.dialect}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return &commitError{err}
	}
	return nil
}

// inTx runs do in a transaction for the host and commits it.
func (p *pool) inTx(ctx context.Context, do func(context.Context, bun.Tx) error) error {
	tx, err := p.bun.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to roll back
	if p.dialect == SQLite {
		if _, err := tx.Tx.ExecContext(ctx, lockForWriting); err != nil {
			return err
		}
	}
	if err := do(ctx, tx); err != nil {
		return &hostError{err}
	}
	if err := tx.Commit(); err != nil {
		return &commitError{err}
	}
	return nil
}

// lockForWriting writes nothing, but makes a transaction of SQLite the one that writes, before it reads anything: a
// transaction that begins to write after it has read fails if another program has written meanwhile.
const lockForWriting = "DELETE FROM innards_key WHERE 0"

func (p *pool) close() error {
	p.prepared.Range(func(st, prepared any) bool {
		p.prepared.Delete(st)
		_ = prepared.(*sql.Stmt).Close() // the connections are closed next
		return true
	})
	return p.bun.Close()
}

// A transaction prepares statements in one transaction, and uses those of its pool, if it has one.
type transaction struct {
	tx       *sql.Tx
	dialect  Dialect
	pool     *pool // nil in a transaction of the host
	prepared map[*Stmt]*sql.Stmt
	missed   []*Stmt // that the pool did not have
}

// prepare implements preparer. It never waits for another connection, which might wait for this one.
func (t *transaction) prepare(ctx context.Context, st *Stmt) (*sql.Stmt, error) {
	if have, ok := t.prepared[st]; ok {
		return have, nil
	}
	fresh, err := t.fresh(ctx, st)
	if err != nil {
		return nil, err
	}
	if t.prepared == nil {
		t.prepared = map[*Stmt]*sql.Stmt{}
	}
	t.prepared[st] = fresh
	return fresh, nil
}

// once implements preparer.
func (t *transaction) once(ctx context.Context, text string, args []any) (sql.Result, error) {
	return t.tx.ExecContext(ctx, t.dialect.numbered(text), args...)
}

func (t *transaction) fresh(ctx context.Context, st *Stmt) (*sql.Stmt, error) {
	if t.pool != nil {
		if have, ok := t.pool.prepared.Load(st); ok {
			return t.tx.StmtContext(ctx, have.(*sql.Stmt)), nil
		}
		t.missed = append(t.missed, st)
	}
	return t.tx.PrepareContext(ctx, st.text[t.dialect])
}

// share prepares what the pool did not have, for the transactions to come.
func (t *transaction) share(ctx context.Context) {
	for _, st := range t.missed {
		if _, err := t.pool.prepare(ctx, st); err != nil {
			return // the next transaction prepares it for itself
		}
	}
}
