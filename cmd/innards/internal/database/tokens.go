package database

import (
	"context"
	"database/sql"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/internal/bunstore"
)

// Tokens keeps API tokens. It implements [access.Tokens].
type Tokens struct{ session bunstore.Session }

// NewTokens returns the tokens of the database.
func NewTokens(db *bunstore.DB) *Tokens { return &Tokens{bunstore.On(db)} }

const tokenColumns = "id, digest, name, role, tenant, property, created_at, revoked_at"

var (
	getToken    = bunstore.Both("SELECT " + tokenColumns + " FROM innards_server_token WHERE id = ?")
	listTokens  = bunstore.Both("SELECT " + tokenColumns + " FROM innards_server_token ORDER BY created_at, id")
	addToken    = bunstore.Both("INSERT INTO innards_server_token (" + tokenColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
	revokeToken = bunstore.Both("UPDATE innards_server_token SET revoked_at = COALESCE(revoked_at, ?) WHERE id = ?")
)

// tokenRow is where a row is read into.
type tokenRow struct {
	access.Token
	digest  []byte
	created int64
	revoked sql.NullInt64
}

func (r *tokenRow) dest() []any {
	return []any{&r.ID, &r.digest, &r.Name, &r.Role, &r.Tenant, &r.Property, &r.created, &r.revoked}
}

func (r *tokenRow) token() access.Token {
	copy(r.Digest[:], r.digest)
	r.CreatedAt = time.UnixMicro(r.created).UTC()
	if r.revoked.Valid {
		at := time.UnixMicro(r.revoked.Int64).UTC()
		r.RevokedAt = &at
	}
	return r.Token
}

// Token implements access.Tokens.
func (t *Tokens) Token(ctx context.Context, id string) (access.Token, error) {
	var r tokenRow
	if err := t.session.Row(ctx, r.dest(), getToken, id); err != nil {
		return access.Token{}, err
	}
	return r.token(), nil
}

// Tokens implements access.Tokens.
func (t *Tokens) Tokens(ctx context.Context) ([]access.Token, error) {
	var all []access.Token
	err := t.session.Rows(ctx, func(rows *sql.Rows) error {
		var r tokenRow
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		all = append(all, r.token())
		return nil
	}, listTokens)
	return all, err
}

// AddToken implements access.Tokens.
func (t *Tokens) AddToken(ctx context.Context, k access.Token) error {
	return t.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		return c.Write(ctx, addToken, k.ID, k.Digest[:], k.Name, string(k.Role), k.Tenant, k.Property, k.CreatedAt.UnixMicro(), nil)
	}})
}

// RevokeToken implements access.Tokens.
func (t *Tokens) RevokeToken(ctx context.Context, id string, at time.Time) error {
	var n int64
	err := t.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) (err error) {
		n, err = c.Exec(ctx, revokeToken, at.UnixMicro(), id)
		return err
	}})
	if err == nil && n == 0 {
		err = innards.ErrNotFound
	}
	return err
}
