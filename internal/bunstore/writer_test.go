package bunstore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
)

// A crowd is callers that wait for the writer while somebody else has the connection alone.
type crowd struct {
	t    *testing.T
	db   *DB
	free chan struct{}
	held sync.WaitGroup
	errs []chan error
}

// gather takes the connection, so that whoever writes from now on waits.
func gather(t *testing.T, db *DB) *crowd {
	t.Helper()
	c := &crowd{t: t, db: db, free: make(chan struct{})}
	has := make(chan struct{})
	c.held.Go(func() {
		err := db.InTx(t.Context(), func(context.Context, bun.Tx) error {
			close(has)
			<-c.free
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-has
	return c
}

// join lets another caller wait with the work, behind the others.
func (c *crowd) join(ctx context.Context, w Work) {
	err := make(chan error, 1)
	c.errs = append(c.errs, err)
	c.held.Go(func() { err <- On(c.db).Write(ctx, w) })
	for len(c.db.writer.queue) < len(c.errs) {
		runtime.Gosched()
	}
}

// letGo lets all of them write and returns their errors.
func (c *crowd) letGo() (errs []error) {
	close(c.free)
	c.held.Wait()
	for _, err := range c.errs {
		errs = append(errs, <-err)
	}
	return errs
}

func TestWaitingChangesShareACommit(t *testing.T) {
	db := openSQLite(t)
	before := db.Stats()
	c := gather(t, db)
	for i := range 64 {
		c.join(t.Context(), add(fmt.Sprint(i), 1))
	}
	if err := errors.Join(c.letGo()...); err != nil {
		t.Error(err)
	}
	expect(t, On(db), 64, 64)
	after := db.Stats()
	if got := (Stats{after.Commits - before.Commits, after.Changes - before.Changes}); got != (Stats{1, 64}) {
		t.Errorf("counted %+v, want 1 commit of 64 changes", got)
	}
}

func TestManyCallersShareCommits(t *testing.T) {
	db := openSQLite(t)
	before := db.Stats()
	const callers, each = 64, 50
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for n := range each {
				if err := On(db).Write(t.Context(), add(fmt.Sprint(i, "/", n), 1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	after := db.Stats()
	commits, changes := after.Commits-before.Commits, after.Changes-before.Changes
	if changes != callers*each || commits*16 > changes {
		t.Errorf("%d changes took %d commits, want at most one for 16", changes, commits)
	}
}

func TestWritersAndReadersAreNeverBusy(t *testing.T) {
	db := openSQLite(t)
	var writers, readers sync.WaitGroup
	written := make(chan struct{})
	for i := range 64 {
		writers.Go(func() {
			for n := range 10 {
				if err := On(db).Write(t.Context(), add(fmt.Sprint(i, "/", n), 1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 8 {
		readers.Go(func() {
			seen := 0
			for done := false; !done; {
				select {
				case <-written:
					done = true
				default:
				}
				things, sum := sums(t, On(db))
				if things < seen || things != sum {
					t.Errorf("saw %d things that add up to %d, after %d", things, sum, seen)
				}
				seen = things
			}
		})
	}
	writers.Wait()
	close(written)
	readers.Wait()
	expect(t, On(db), 640, 640)
}

func TestCancelledCallerHarmsNobody(t *testing.T) {
	db := openSQLite(t)
	c := gather(t, db)
	gaveUp, cancel := context.WithCancel(t.Context())
	c.join(t.Context(), add("a", 1))
	c.join(gaveUp, add("b", 1))
	c.join(t.Context(), add("c", 1))
	cancel()
	if err := <-c.errs[1]; !errors.Is(err, context.Canceled) {
		t.Errorf("whoever gave up waits, or got %v", err)
	}
	c.errs[1] <- context.Canceled // for letGo
	errs := c.letGo()
	if errs[0] != nil || !errors.Is(errs[1], context.Canceled) || errs[2] != nil {
		t.Errorf("the errors are %v", errs)
	}
	if diff := cmp.Diff([]string{"a", "c"}, names(t, On(db))); diff != "" {
		t.Error(diff)
	}
	if err := On(db).Write(gaveUp, add("d", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a write with a cancelled context: %v", err)
	}
}

// addTwice adds a thing and then one that cannot be added.
func addTwice(name string, n int) Work {
	return Work{Run: func(ctx context.Context, c *Conn) error {
		if _, err := c.Exec(ctx, addThing, name, 1); err != nil {
			return err
		}
		_, err := c.Exec(ctx, addThing, name+name, n)
		return err
	}}
}

func TestBatchIsRunAgainOneByOne(t *testing.T) {
	db := openSQLite(t)
	before := db.Stats().Commits
	c := gather(t, db)
	c.join(t.Context(), add("a", 1))
	c.join(t.Context(), addTwice("b", 100))
	c.join(t.Context(), add("c", 1))
	errs := c.letGo()
	if errs[0] != nil || !errors.Is(errs[1], innards.ErrStale) || errs[2] != nil {
		t.Errorf("the errors are %v", errs)
	}
	if diff := cmp.Diff([]string{"a", "c"}, names(t, On(db))); diff != "" {
		t.Error(diff)
	}
	if got := db.Stats().Commits - before; got != 2 {
		t.Errorf("it took %d commits, want one for each", got)
	}
}

func TestSavepointSavesTheBatch(t *testing.T) {
	db := openSQLite(t)
	before := db.Stats().Commits
	c := gather(t, db)
	c.join(t.Context(), add("a", 1))
	for _, n := range []int{100, 2} {
		risky := addTwice(fmt.Sprint("b", n), n)
		risky.Risky = true
		c.join(t.Context(), risky)
	}
	c.join(t.Context(), add("c", 1))
	errs := c.letGo()
	if errs[0] != nil || !errors.Is(errs[1], innards.ErrStale) || errs[2] != nil || errs[3] != nil {
		t.Errorf("the errors are %v", errs)
	}
	if diff := cmp.Diff([]string{"a", "b2", "b2b2", "c"}, names(t, On(db))); diff != "" {
		t.Error(diff)
	}
	if got := db.Stats().Commits - before; got != 1 {
		t.Errorf("it took %d commits, want 1", got)
	}
}

func TestChangeThatFailsAtOnceSparesTheBatch(t *testing.T) {
	db := openSQLite(t)
	if err := On(db).Write(t.Context(), add("a", 1)); err != nil {
		t.Fatal(err)
	}
	before := db.Stats()
	c := gather(t, db)
	move := func(from, to int) Work {
		return Work{Run: func(ctx context.Context, c *Conn) error { return c.Write(ctx, moveThing, to, "a", from) }}
	}
	c.join(t.Context(), move(1, 2))
	c.join(t.Context(), move(1, 3))
	c.join(t.Context(), move(2, 4))
	c.join(t.Context(), add("a", 1))
	errs := c.letGo()
	if errs[0] != nil || !errors.Is(errs[1], innards.ErrStale) || errs[2] != nil || !errors.Is(errs[3], innards.ErrStale) {
		t.Errorf("the errors are %v", errs)
	}
	expect(t, On(db), 1, 4)
	after := db.Stats()
	if got := (Stats{after.Commits - before.Commits, after.Changes - before.Changes}); got != (Stats{1, 2}) {
		t.Errorf("counted %+v, want 1 commit of 2 changes", got)
	}
}

// TestWorkThatWritesNothing has callers that find nothing to write, one of them with a savepoint.
func TestWorkThatWritesNothing(t *testing.T) {
	db := openSQLite(t)
	if err := On(db).Write(t.Context(), add("a", 1)); err != nil {
		t.Fatal(err)
	}
	before := db.Stats()
	nothing := func(ctx context.Context, c *Conn) error {
		_, err := c.Exec(ctx, moveThing, 2, "b", 1)
		return err
	}
	c := gather(t, db)
	c.join(t.Context(), Work{Run: nothing})
	c.join(t.Context(), Work{Run: nothing, Risky: true})
	if err := errors.Join(c.letGo()...); err != nil {
		t.Error(err)
	}
	if after := db.Stats(); after != before {
		t.Errorf("counted %+v, want %+v as before", after, before)
	}
	expect(t, On(db), 1, 1)
}

func TestCloseFinishesWhatIsQueued(t *testing.T) {
	db := openSQLite(t)
	file := db.file
	c := gather(t, db)
	c.join(t.Context(), add("a", 1))
	closed := make(chan error)
	go func() { closed <- db.Close() }()
	<-db.writer.quit
	errs := c.letGo()
	if err := errors.Join(append(errs, <-closed)...); err != nil {
		t.Error(err)
	}
	for what, err := range map[string]error{
		"a write": On(db).Write(t.Context(), add("b", 1)),
		"InTx":    db.InTx(t.Context(), func(context.Context, bun.Tx) error { return nil }),
		"a read":  On(db).Row(t.Context(), []any{new(int), new(int)}, countThing),
	} {
		if !errors.Is(err, ErrClosed) || !errors.Is(err, innards.ErrUnavailable) {
			t.Errorf("%s after Close: %v", what, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	expect(t, On(openFile(t, file)), 1, 1)
}
