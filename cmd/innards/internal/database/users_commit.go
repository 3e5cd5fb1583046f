package database

import (
	"context"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/internal/bunstore"
)

const isAdministrator = `tenant = ? AND property = '' AND role = ? AND password_hash <> '' AND suspended_at IS NULL`

var (
	addUser = bunstore.Both(`INSERT INTO innards_server_user (id, tenant, property, email, name, role, language, password_hash,
		suspended_at, created_at, version, stamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
	changeUser = bunstore.Both(`UPDATE innards_server_user SET property = ?, name = ?, role = ?, language = ?, password_hash = ?,
		suspended_at = ?, version = ?, stamp = ? WHERE id = ? AND version = ?`)
	countUsers = bunstore.Both("SELECT count(*) FROM innards_server_user WHERE tenant = ?")
	// Of two administrators who step back at once, the second waits here for the first, and then sees it gone.
	countOthers = bunstore.Each(
		"SELECT coalesce(sum(id <> ?), 0) FROM innards_server_user WHERE "+isAdministrator,
		"SELECT count(*) FILTER (WHERE id <> ?) FROM (SELECT id FROM innards_server_user WHERE "+isAdministrator+" ORDER BY id FOR UPDATE) a")
)

// Commit implements account.Store.
func (a *Accounts) Commit(ctx context.Context, c account.Change) error {
	return a.session.Write(ctx, bunstore.Work{Risky: c.User != nil, Run: func(ctx context.Context, conn *bunstore.Conn) error {
		for _, write := range []func(context.Context, *bunstore.Conn, account.Change) error{writeUser, writeLinks, writeEntry} {
			if err := write(ctx, conn, c); err != nil {
				return err
			}
		}
		return nil
	}})
}

// writeUser writes the user, after what it rests on was checked and locked.
func writeUser(ctx context.Context, conn *bunstore.Conn, c account.Change) error {
	u := c.User
	if u == nil {
		return nil
	}
	if err := checkFacts(ctx, conn, c); err != nil {
		return err
	}
	if c.Rests == 0 {
		return conn.Write(ctx, addUser, u.ID, u.Tenant, u.Property, u.Email, u.Name, string(u.Role), u.Language, u.PasswordHash,
			micro(u.SuspendedAt), u.CreatedAt.UnixMicro(), u.Version, u.Stamp)
	}
	err := conn.Write(ctx, changeUser, u.Property, u.Name, string(u.Role), u.Language, u.PasswordHash, micro(u.SuspendedAt), u.Version,
		u.Stamp, u.ID, c.Rests)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, endSessions, u.ID, u.Stamp)
	return err
}

// checkFacts returns [innards.ErrStale] if what the change rests on beside versions does not hold.
func checkFacts(ctx context.Context, conn *bunstore.Conn, c account.Change) error {
	var n int
	if c.First {
		if err := conn.Row(ctx, []any{&n}, countUsers, c.User.Tenant); err != nil || n > 0 {
			return stale(err)
		}
	}
	if c.KeepAdministrator {
		if err := conn.Row(ctx, []any{&n}, countOthers, c.User.ID, c.User.Tenant, string(access.Administrator)); err != nil || n == 0 {
			return stale(err)
		}
	}
	return nil
}

// stale returns [innards.ErrStale] unless there is another error.
func stale(err error) error {
	if err == nil {
		err = innards.ErrStale
	}
	return err
}
