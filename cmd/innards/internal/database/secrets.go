package database

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
)

// SecretSize is the length of a secret in bytes.
const SecretSize = 32

var (
	getSecret = bunstore.Both("SELECT value FROM innards_server_secret WHERE name = ?")
	addSecret = bunstore.Both("INSERT INTO innards_server_secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
)

// Secret returns what all processes on the database sign with, and nobody else knows, by its name. The first who asks makes
// it from random; everybody else gets the same.
func Secret(ctx context.Context, db *bunstore.DB, name string, random io.Reader) ([]byte, error) {
	session := bunstore.On(db)
	var value []byte
	err := session.Row(ctx, []any{&value}, getSecret, name)
	if !errors.Is(err, innards.ErrNotFound) {
		return value, err
	}
	fresh := make([]byte, SecretSize)
	if _, err := io.ReadFull(random, fresh); err != nil {
		return nil, fmt.Errorf("making the secret %s: %w", name, err)
	}
	err = session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		_, err := c.Exec(ctx, addSecret, name, fresh)
		return err
	}})
	if err != nil {
		return nil, err
	}
	err = session.Row(ctx, []any{&value}, getSecret, name) // another process may have been faster
	return value, err
}
