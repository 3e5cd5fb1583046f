package database

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/internal/bunstore"
)

var (
	getSession = bunstore.Both("SELECT s.user_id, s.stamp, s.data, s.created_at, s.expires_at, " + userColumns + `
		FROM innards_server_session s JOIN innards_server_user u ON u.id = s.user_id AND u.stamp = s.stamp AND u.suspended_at IS NULL
		WHERE s.digest = ? AND s.expires_at > ?`)
	addSession = bunstore.Both(`INSERT INTO innards_server_session (digest, user_id, stamp, data, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?)`)
	saveSession    = bunstore.Both("UPDATE innards_server_session SET data = ? WHERE digest = ?")
	extendSession  = bunstore.Both("UPDATE innards_server_session SET expires_at = ? WHERE digest = ? AND expires_at < ?")
	endSession     = bunstore.Both("DELETE FROM innards_server_session WHERE digest = ?")
	endSessions    = bunstore.Both("DELETE FROM innards_server_session WHERE user_id = ? AND stamp < ?")
	forgetSessions = bunstore.Both(`DELETE FROM innards_server_session WHERE digest IN (
		SELECT digest FROM innards_server_session WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`)
)

// Session implements account.SessionStore.
func (a *Accounts) Session(ctx context.Context, digest [sha256.Size]byte, at time.Time) (account.Session, account.User, error) {
	s := account.Session{Digest: digest}
	var r userRow
	var created, expires int64
	dest := append([]any{&s.User, &s.Stamp, &s.Data, &created, &expires}, r.dest()...)
	if err := a.session.Row(ctx, dest, getSession, digest[:], at.UnixMicro()); err != nil {
		return account.Session{}, account.User{}, err
	}
	s.CreatedAt, s.ExpiresAt = time.UnixMicro(created).UTC(), time.UnixMicro(expires).UTC()
	return s, r.user(), nil
}

// AddSession implements account.SessionStore.
func (a *Accounts) AddSession(ctx context.Context, s account.Session) error {
	return a.exec(ctx, addSession, s.Digest[:], s.User, s.Stamp, s.Data, s.CreatedAt.UnixMicro(), s.ExpiresAt.UnixMicro())
}

// SaveSession implements account.SessionStore.
func (a *Accounts) SaveSession(ctx context.Context, digest [sha256.Size]byte, data []byte) error {
	return a.exec(ctx, saveSession, data, digest[:])
}

// ExtendSession implements account.SessionStore.
func (a *Accounts) ExtendSession(ctx context.Context, digest [sha256.Size]byte, expires time.Time) error {
	return a.exec(ctx, extendSession, expires.UnixMicro(), digest[:], expires.UnixMicro())
}

// EndSession implements account.SessionStore.
func (a *Accounts) EndSession(ctx context.Context, digest [sha256.Size]byte) error {
	return a.exec(ctx, endSession, digest[:])
}

// exec runs one statement as a transaction.
func (a *Accounts) exec(ctx context.Context, st *bunstore.Stmt, args ...any) error {
	return a.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		_, err := c.Exec(ctx, st, args...)
		return err
	}})
}
