package database_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/internal/bunstore"
)

// Everybody on a database has the same secret, however many ask for it first, and another for another name.
func TestSecret(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		broken := errors.New("no randomness")
		if _, err := database.Secret(t.Context(), db, "a", iotest.ErrReader(broken)); !errors.Is(err, broken) {
			t.Errorf("without randomness: %v", err)
		}
		type answer struct {
			value []byte
			err   error
		}
		answers := make(chan answer)
		for range 8 {
			go func() {
				value, err := database.Secret(t.Context(), db, "a", rand.Reader)
				answers <- answer{value, err}
			}()
		}
		first := <-answers
		for range 7 {
			if other := <-answers; other.err != nil || !bytes.Equal(first.value, other.value) {
				t.Errorf("%x and %x (%v)", first.value, other.value, other.err)
			}
		}
		if len(first.value) != database.SecretSize {
			t.Errorf("the secret is %x (%v)", first.value, first.err)
		}
		other, err := database.Secret(t.Context(), db, "b", strings.NewReader(strings.Repeat("b", database.SecretSize)))
		if string(other) != strings.Repeat("b", database.SecretSize) || err != nil {
			t.Errorf("the other is %q (%v)", other, err)
		}
	})
}
