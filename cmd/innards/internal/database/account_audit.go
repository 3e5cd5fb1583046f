package database

import (
	"context"
	"database/sql"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/internal/bunstore"
)

const entryColumns = "id, tenant, property, at, act, actor, user_id, address, detail"

// afterAll is above every id.
const afterAll = "~"

var (
	addEntry    = bunstore.Both("INSERT INTO innards_server_audit (" + entryColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
	listEntries = bunstore.Confine{Tenant: "tenant", Property: "property"}.Stmt(
		"SELECT " + entryColumns + " FROM innards_server_audit WHERE {scope} AND id < ? ORDER BY id DESC LIMIT ?")
	forgetStrangers = bunstore.Both(`DELETE FROM innards_server_audit WHERE id IN (SELECT id FROM innards_server_audit
		WHERE user_id = '' AND at < ? AND act IN ('` + string(account.ActLoginRefused) + `', '` + string(account.ActThrottled) + `')
		ORDER BY at LIMIT ?)`)
)

func writeEntry(ctx context.Context, conn *bunstore.Conn, c account.Change) error {
	e := c.Entry
	return conn.Write(ctx, addEntry, e.ID, e.Tenant, e.Property, e.At.UnixMicro(), string(e.Act), e.Actor, e.User, e.Address, e.Detail)
}

// Entries implements account.Store.
func (a *Accounts) Entries(ctx context.Context, s innards.Scope, after string, limit int) (page []account.Entry, err error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	if after == "" {
		after = afterAll
	}
	st, args := listEntries.For(s)
	err = a.session.Rows(ctx, func(rows *sql.Rows) error {
		var e account.Entry
		var at int64
		if err := rows.Scan(&e.ID, &e.Tenant, &e.Property, &at, &e.Act, &e.Actor, &e.User, &e.Address, &e.Detail); err != nil {
			return err
		}
		e.At = time.UnixMicro(at).UTC()
		page = append(page, e)
		return nil
	}, st, append(args, after, limit)...)
	return page, err
}

// Forget implements account.Store.
func (a *Accounts) Forget(ctx context.Context, at, strangers time.Time, limit int) (forgotten int64, err error) {
	for _, f := range []struct {
		st     *bunstore.Stmt
		before time.Time
	}{{forgetSessions, at}, {forgetLinks, at}, {forgetStrangers, strangers}} {
		var n int64
		err := a.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) (err error) {
			n, err = c.Exec(ctx, f.st, f.before.UnixMicro(), limit)
			return err
		}})
		if err != nil {
			return forgotten, err
		}
		forgotten += n
	}
	return forgotten, nil
}
