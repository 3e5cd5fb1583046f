package bunstore

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
)

func TestHostCommits(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		err := db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO thing (name, n) VALUES (?, ?)", "host", 1); err != nil {
				return err
			}
			s := On(db).WithTx(tx)
			if err := s.Write(ctx, add("a", 1)); err != nil {
				return err
			}
			expect(t, s, 2, 2)
			expect(t, On(db), 0, 0)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, On(db), 2, 2)
	})
}

func TestHostRollsBack(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		failed := errors.New("the host changed its mind")
		err := db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			return errors.Join(On(db).WithTx(tx).Write(ctx, add("a", 1)), failed)
		})
		if !errors.Is(err, failed) {
			t.Errorf("InTx returned %v", err)
		}
		expect(t, On(db), 0, 0)
	})
}

// TestStaleInHostsTransaction shows that a change that fails leaves nothing behind in the host's transaction, which
// goes on.
func TestStaleInHostsTransaction(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		err := db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			s := On(db).WithTx(tx)
			if err := s.Write(ctx, addTwice("a", 100)); !errors.Is(err, innards.ErrStale) {
				t.Errorf("a change that a check stands against: %v", err)
			}
			return s.Write(ctx, add("b", 1))
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"b"}, names(t, On(db))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSnapshotSeesOneInstant(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		count := func(ctx context.Context, c *Conn) (things int) {
			if err := c.Row(ctx, []any{&things, new(int)}, countThing); err != nil {
				t.Error(err)
			}
			return things
		}
		err := On(db).Snapshot(t.Context(), func(ctx context.Context, c *Conn) error {
			before := count(ctx, c)
			if err := On(db).Write(t.Context(), add("a", 1)); err != nil {
				return err
			}
			if after := count(ctx, c); before != 0 || after != 0 {
				t.Errorf("the snapshot saw %d and then %d things", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, On(db), 1, 1)
	})
}
