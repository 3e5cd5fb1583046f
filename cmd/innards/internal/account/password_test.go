package account

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestHashesAtOnce(t *testing.T) {
	h := newHasher(nil, "unknown")
	for range hashesAtOnce {
		if _, err := h.turn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx := cancelled(t)
	if _, err := h.hash(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("one hash too many: %v", err)
	}
	if _, err := h.admits(ctx, User{}, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("one comparison too many: %v", err)
	}
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// Where there is no account, the comparison is with a hash that took the same work.
func TestDecoy(t *testing.T) {
	h := newHasher(nil, "nobody knows it")
	decoy, err := h.decoy()
	if err != nil {
		t.Fatal(err)
	}
	real, err := h.hash(t.Context(), "three calm horses")
	if err != nil {
		t.Fatal(err)
	}
	work := func(hash string) string { return strings.Join(strings.Split(hash, "$")[:4], "$") }
	if work(decoy) != work(real) || work(real) != "$argon2id$v=19$m=19456,t=2,p=1" {
		t.Errorf("%s and %s", decoy, real)
	}
	for password, u := range map[string]User{"three calm horses": {}, "nobody knows it": {}, "": {PasswordHash: ""}} {
		if ok, err := h.admits(t.Context(), u, password); ok || err != nil {
			t.Errorf("nobody is admitted with %q: %v", password, err)
		}
	}
	if ok, err := h.admits(t.Context(), User{PasswordHash: real}, "three calm horses"); !ok || err != nil {
		t.Errorf("not admitted: %v", err)
	}
}

func TestCommonPasswordsAreOfTheLength(t *testing.T) {
	for p := range commonPasswords {
		if n := len(p); n < MinPassword || n > MaxPassword || p != strings.ToLower(p) {
			t.Errorf("%q is never met", p)
		}
	}
}
