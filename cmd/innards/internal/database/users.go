package database

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/internal/bunstore"
)

// Accounts keeps users, their links and sessions, and what was done to them. It implements [account.Store] and
// [account.SessionStore].
type Accounts struct{ session bunstore.Session }

var (
	_ account.Store        = (*Accounts)(nil)
	_ account.SessionStore = (*Accounts)(nil)
)

// NewAccounts returns the accounts of the database.
func NewAccounts(db *bunstore.DB) *Accounts { return &Accounts{bunstore.On(db)} }

const userColumns = "u.id, u.tenant, u.property, u.email, u.name, u.role, u.language, u.password_hash, u.suspended_at, u.created_at, u.version, u.stamp"

// ofUser is how a scope confines users.
var ofUser = bunstore.Confine{Tenant: "u.tenant", Property: "u.property"}

var (
	getUser     = bunstore.Both("SELECT " + userColumns + " FROM innards_server_user u WHERE u.id = ?")
	getByEmail  = bunstore.Both("SELECT " + userColumns + " FROM innards_server_user u WHERE u.email = ?")
	listUsers   = ofUser.Stmt("SELECT " + userColumns + " FROM innards_server_user u WHERE {scope} ORDER BY lower(u.name), u.id")
	selectNames = "SELECT id, name FROM innards_server_user WHERE tenant = ? AND id IN (?"
)

// userRow is where a row is read into.
type userRow struct {
	account.User
	created   int64
	suspended sql.NullInt64
}

func (r *userRow) dest() []any {
	return []any{&r.ID, &r.Tenant, &r.Property, &r.Email, &r.Name, &r.Role, &r.Language, &r.PasswordHash, &r.suspended,
		&r.created, &r.Version, &r.Stamp}
}

func (r *userRow) user() account.User {
	r.CreatedAt = time.UnixMicro(r.created).UTC()
	r.SuspendedAt = instant(r.suspended)
	return r.User
}

// instant returns the time of a column that may be null.
func instant(micro sql.NullInt64) *time.Time {
	if !micro.Valid {
		return nil
	}
	at := time.UnixMicro(micro.Int64).UTC()
	return &at
}

// micro is the value of a column for a time that may be missing.
func micro(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at.UnixMicro()
}

// User implements account.Store.
func (a *Accounts) User(ctx context.Context, id string) (account.User, error) {
	return a.user(ctx, getUser, id)
}

// UserByEmail implements account.Store.
func (a *Accounts) UserByEmail(ctx context.Context, email string) (account.User, error) {
	return a.user(ctx, getByEmail, email)
}

func (a *Accounts) user(ctx context.Context, st *bunstore.Stmt, key string) (account.User, error) {
	var r userRow
	if err := a.session.Row(ctx, r.dest(), st, key); err != nil {
		return account.User{}, err
	}
	return r.user(), nil
}

// Users implements account.Store.
func (a *Accounts) Users(ctx context.Context, s innards.Scope) (all []account.User, err error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	st, args := listUsers.For(s)
	err = a.session.Rows(ctx, func(rows *sql.Rows) error {
		var r userRow
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		all = append(all, r.user())
		return nil
	}, st, args...)
	return all, err
}

// Names implements account.Store.
func (a *Accounts) Names(ctx context.Context, s innards.Scope, ids []string) (map[string]string, error) {
	if err := s.Err(); err != nil || len(ids) == 0 {
		return nil, err
	}
	args := []any{s.Tenant()}
	for _, id := range ids {
		args = append(args, id)
	}
	names := make(map[string]string, len(ids))
	err := a.session.Search(ctx, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		names[id] = name
		return err
	}, selectNames+strings.Repeat(", ?", len(ids)-1)+")", args...)
	return names, err
}
