package database

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/internal/bunstore"
)

var (
	getLink = bunstore.Both("SELECT kind, tenant, user_id, created_at, expires_at, used_at FROM innards_server_link WHERE digest = ?")
	addLink = bunstore.Both(`INSERT INTO innards_server_link (digest, kind, tenant, user_id, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?)`)
	useLink         = bunstore.Both("UPDATE innards_server_link SET used_at = ? WHERE digest = ? AND used_at IS NULL")
	endLinks        = bunstore.Both("DELETE FROM innards_server_link WHERE tenant = ? AND user_id = ? AND used_at IS NULL")
	endEarlierLinks = bunstore.Both("DELETE FROM innards_server_link WHERE tenant = ? AND user_id = ? AND kind = ? AND used_at IS NULL")
	forgetLinks     = bunstore.Both(`DELETE FROM innards_server_link WHERE digest IN (
		SELECT digest FROM innards_server_link WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`)
)

// Link implements account.Store.
func (a *Accounts) Link(ctx context.Context, digest [sha256.Size]byte) (account.Link, error) {
	l := account.Link{Digest: digest}
	var created, expires int64
	var used sql.NullInt64
	err := a.session.Row(ctx, []any{&l.Kind, &l.Tenant, &l.User, &created, &expires, &used}, getLink, digest[:])
	if err != nil {
		return account.Link{}, err
	}
	l.CreatedAt, l.ExpiresAt, l.UsedAt = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC(), instant(used)
	return l, nil
}

// writeLinks uses a link up, ends links and adds one.
func writeLinks(ctx context.Context, conn *bunstore.Conn, c account.Change) error {
	if c.Uses != nil {
		if err := conn.Write(ctx, useLink, c.Entry.At.UnixMicro(), c.Uses[:]); err != nil {
			return err
		}
	}
	if c.EndLinks && c.User != nil {
		if _, err := conn.Exec(ctx, endLinks, c.User.Tenant, c.User.ID); err != nil {
			return err
		}
	}
	l := c.Link
	if l == nil {
		return nil
	}
	if _, err := conn.Exec(ctx, endEarlierLinks, l.Tenant, l.User, string(l.Kind)); err != nil {
		return err
	}
	return conn.Write(ctx, addLink, l.Digest[:], string(l.Kind), l.Tenant, l.User, l.CreatedAt.UnixMicro(), l.ExpiresAt.UnixMicro())
}
