package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/innards-go/innards"
)

// A Token lets a program or person use the API. What its holder sends is "ink_ID_SECRET"; only the hash is kept.
type Token struct {
	ID     string
	Digest [sha256.Size]byte // of the whole text
	Name   string            // what it is for
	Role   Role
	Tenant string
	// Property confines the token to one property; empty: all of the tenant.
	Property  string
	CreatedAt time.Time
	RevokedAt *time.Time
}

// Tokens keeps tokens.
type Tokens interface {
	// Token returns a token by its id, also a revoked one, or [innards.ErrNotFound].
	Token(ctx context.Context, id string) (Token, error)
	// Tokens returns all tokens, by the time of their creation.
	Tokens(ctx context.Context) ([]Token, error)
	// AddToken keeps a new token.
	AddToken(ctx context.Context, t Token) error
	// RevokeToken ends a token, or returns [innards.ErrNotFound]. The first revocation counts.
	RevokeToken(ctx context.Context, id string, at time.Time) error
}

// letters spell ids and secrets: base 32 in lower case (RFC 4648), so that a token is one word that a double click marks.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

const (
	prefix      = "ink"
	idBytes     = 10
	secretBytes = 20 // 160 random bits: nothing to guess, so a fast hash will do
)

// Issue completes a token with its id and digest and returns the text that its holder sends. The text cannot be had again.
func Issue(t Token, random io.Reader) (Token, string, error) {
	var b [idBytes + secretBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return t, "", fmt.Errorf("reading random bytes: %w", err)
	}
	t.ID = letters.EncodeToString(b[:idBytes])
	text := prefix + "_" + t.ID + "_" + letters.EncodeToString(b[idBytes:])
	t.Digest = sha256.Sum256([]byte(text))
	return t, text, nil
}

// idOf returns the id within the text of a token, and whether it is one.
func idOf(text string) (string, bool) {
	parts := strings.Split(text, "_")
	ok := len(parts) == 3 && parts[0] == prefix &&
		len(parts[1]) == letters.EncodedLen(idBytes) && len(parts[2]) == letters.EncodedLen(secretBytes)
	if !ok {
		return "", false
	}
	return parts[1], true
}

// admits reports whether text is the token and it was not revoked.
func (t Token) admits(text string) bool {
	digest := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(digest[:], t.Digest[:]) == 1 && t.RevokedAt == nil
}

// Actor returns whom the token stands for.
func (t Token) Actor() innards.Actor {
	return innards.Actor{ID: "token-" + t.ID, Tenant: t.Tenant, Property: t.Property, Rights: t.Role.Rights()}
}
