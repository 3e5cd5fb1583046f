package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation/reservationtest"
)

var staff = innards.Actor{Tenant: "main"}.Scope()

// A bench is a queue and who works on it, with a clock that is moved by hand.
type bench struct {
	t     *testing.T
	db    *bunstore.DB
	clock *reservationtest.Clock
	queue *jobs.Queue
	crew  jobs.Crew
	work  jobs.Work
}

func newBench(t *testing.T, db *bunstore.DB, do func(context.Context, jobs.Job) error) *bench {
	t.Helper()
	b := &bench{t: t, db: db, clock: reservationtest.NewClock(reservationtest.Morning())}
	b.queue = jobs.NewQueue(db, innards.UUIDv7(b.clock.Now, reservationtest.Random(1)), b.clock.Now)
	b.crew = jobs.Crew{Queue: b.queue, Log: slog.New(slog.DiscardHandler), Jitter: func() float64 { return 0.5 }}
	b.work = jobs.Work{Kind: "dig", Do: do, Schedule: jobs.Schedule{time.Minute, time.Hour}, Parallel: 4, Timeout: 10 * time.Second}
	return b
}

func (b *bench) add(key string) jobs.Job {
	b.t.Helper()
	if err := b.queue.Add(b.t.Context(), jobs.Job{Kind: "dig", Key: key, Tenant: "main", Property: "varna", Record: "r", Payload: []byte(`{}`)}); err != nil {
		b.t.Fatal(err)
	}
	all, err := b.queue.List(b.t.Context(), staff, jobs.Due, "", 1)
	if err != nil || len(all) != 1 {
		b.t.Fatalf("due are %v (%v)", all, err)
	}
	return all[0]
}

// round lets the crew work once.
func (b *bench) round() {
	b.t.Helper()
	if _, err := b.crew.Task(b.work).Do(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// expect fails the test unless the job is as told.
func (b *bench) expect(id string, state jobs.State, attempts int, failure string) jobs.Job {
	b.t.Helper()
	j, err := b.queue.Get(b.t.Context(), staff, id)
	if err != nil || j.State != state || j.Attempts != attempts || j.Error != failure {
		b.t.Fatalf("the job is %+v (%v), want %s after %d attempts with %q", j, err, state, attempts, failure)
	}
	return j
}

func TestJobIsAddedAndDoneOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		done := 0
		b := newBench(t, db, func(_ context.Context, j jobs.Job) error {
			done++
			if j.Scope() != (innards.Actor{Tenant: "main", Property: "varna"}).Scope() || j.Record != "r" || string(j.Payload) != `{}` {
				t.Errorf("the job is %+v", j)
			}
			return nil
		})
		j := b.add("a")
		b.add("a")
		b.round()
		if err := b.queue.Add(t.Context(), jobs.Job{Kind: "dig", Key: "a", Tenant: "main", Payload: []byte(`{}`)}); err != nil {
			t.Fatal(err)
		}
		b.round()
		if got := b.expect(j.ID, jobs.Done, 1, ""); done != 1 || !got.DoneAt.Equal(b.clock.Now()) {
			t.Errorf("it was done %d times, at last at %s", done, got.DoneAt)
		}
	})
}

func TestFailedJobIsTriedAgainUntilItIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		var mended bool
		b := newBench(t, db, func(context.Context, jobs.Job) error {
			if mended {
				return nil
			}
			return errors.New("rock")
		})
		var dead, led []string
		b.work.Dead = func(_ context.Context, j jobs.Job, cause error) error {
			dead = append(dead, j.Key+" "+cause.Error())
			return nil
		}
		b.crew.Worked = func(_ string, s jobs.State) { led = append(led, string(s)) }
		j := b.add("a")
		for i, wait := range []time.Duration{66 * time.Second, 66 * time.Minute} { // a minute, an hour, and half of a fifth
			b.round()
			if got := b.expect(j.ID, jobs.Due, i+1, "rock"); !got.RunAt.Equal(b.clock.Now().Add(wait)) {
				t.Errorf("attempt %d is followed at %s, want after %s", i+1, got.RunAt, wait)
			}
			b.clock.Advance(wait - time.Microsecond)
			b.round()
			b.expect(j.ID, jobs.Due, i+1, "rock")
			b.clock.Advance(time.Microsecond)
		}
		b.round()
		b.expect(j.ID, jobs.Dead, 3, "rock")
		if diff := cmp.Diff([]string{"a rock"}, dead); diff != "" {
			t.Error(diff)
		}

		mended = true
		if err := b.queue.Retry(t.Context(), staff, j.ID); err != nil {
			t.Fatal(err)
		}
		b.round()
		b.expect(j.ID, jobs.Done, 1, "")
		if diff := cmp.Diff([]string{"due", "due", "dead", "done"}, led); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOutcomes(t *testing.T) {
	rest := reservationtest.Morning().Add(2 * time.Hour)
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		outcomes := map[string]func() error{}
		b := newBench(t, db, func(_ context.Context, j jobs.Job) error { return outcomes[j.Key]() })
		for _, c := range []struct {
			name     string
			do       func() error
			state    jobs.State
			attempts int
			failure  string
		}{
			{"permanent", func() error { return jobs.Permanent(errors.New("no such place")) }, jobs.Dead, 1, "no such place"},
			{"wrapped", func() error { return fmt.Errorf("at all: %w", jobs.Permanent(errors.New("no"))) }, jobs.Dead, 1, "at all: no"},
			{"panic", func() error { panic("a hole") }, jobs.Due, 1, "panic: a hole"},
			{"unclean", func() error { return errors.New("a\x00b\xff") }, jobs.Due, 1, "ab"},
			{"postponed", func() error { return jobs.Postpone(rest, errors.New("asleep")) }, jobs.Due, 0, "asleep"},
		} {
			outcomes[c.name] = c.do
			id := b.add(c.name).ID
			b.round()
			got := b.expect(id, c.state, c.attempts, c.failure)
			if c.name == "postponed" && !got.RunAt.Equal(rest) {
				t.Errorf("it is postponed to %s", got.RunAt)
			}
		}
	})
}

// Whoever cancels a job has the last word, also while it is being done.
func TestCancel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		var b *bench
		b = newBench(t, db, func(ctx context.Context, j jobs.Job) error {
			if err := b.queue.Retry(ctx, staff, j.ID); !errors.Is(err, jobs.ErrRunning) {
				t.Errorf("retrying what is being done: %v", err)
			}
			return b.queue.Cancel(ctx, staff, j.ID, "cancelled by staff-7")
		})
		running := b.add("a")
		b.round()
		b.expect(running.ID, jobs.Dead, 1, "cancelled by staff-7")
		if err := b.queue.Cancel(t.Context(), staff, running.ID, "again"); err != nil {
			t.Error(err)
		}
		b.expect(running.ID, jobs.Dead, 1, "cancelled by staff-7")

		waiting := b.add("b")
		if err := b.queue.Cancel(t.Context(), staff, waiting.ID, "not needed"); err != nil {
			t.Fatal(err)
		}
		b.round()
		b.expect(waiting.ID, jobs.Dead, 0, "not needed")
	})
}

// A process that is killed leaves its job to others when its lease ends, and can say nothing about it any more.
func TestAbandonedLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		done := 0
		b := newBench(t, db, func(context.Context, jobs.Job) error { done++; return nil })
		j := b.add("a")
		claimed, err := jobs.Claim(b.queue, t.Context(), "dig", 10, time.Minute)
		if err != nil || len(claimed) != 1 {
			t.Fatalf("claimed are %v (%v)", claimed, err)
		}
		b.clock.Advance(time.Minute - time.Microsecond)
		b.round()
		b.expect(j.ID, jobs.Running, 1, "")
		b.clock.Advance(time.Microsecond)
		b.round()
		b.expect(j.ID, jobs.Done, 2, "")
		late := claimed[0]
		late.State, late.Error, late.RunAt = jobs.Due, "too late", b.clock.Now()
		if err := jobs.Settle(b.queue, t.Context(), late); err != nil {
			t.Fatal(err)
		}
		b.expect(j.ID, jobs.Done, 2, "")
		if done != 1 {
			t.Errorf("it was done %d times", done)
		}
	})
}

// A job that kills its process each time is given up as well.
func TestKillerIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		b := newBench(t, db, func(context.Context, jobs.Job) error { t.Error("it is tried a fourth time"); return nil })
		j := b.add("a")
		for range 3 {
			if claimed, err := jobs.Claim(b.queue, t.Context(), "dig", 10, time.Minute); err != nil || len(claimed) != 1 {
				t.Fatalf("claimed are %v (%v)", claimed, err)
			}
			b.clock.Advance(time.Minute)
		}
		b.round()
		b.expect(j.ID, jobs.Dead, 4, "no attempt came to an end")
	})
}

// When the server ends, what it has claimed is left to the next one, untried.
func TestShutdownLeavesJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		b := newBench(t, db, func(ctx context.Context, _ jobs.Job) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		})
		b.work.Parallel = 1
		first := b.add("a")
		second := b.add("b")
		if _, err := b.crew.Task(b.work).Do(ctx); err != nil {
			t.Fatal(err)
		}
		b.expect(first.ID, jobs.Due, 0, "")
		b.expect(second.ID, jobs.Due, 0, "")
		claimed, err := jobs.Claim(b.queue, t.Context(), "dig", 10, time.Minute)
		if err != nil || len(claimed) != 2 {
			t.Errorf("the next server finds %v (%v)", claimed, err)
		}
	})
}

// seed adds n jobs in one transaction.
func (b *bench) seed(n int) {
	b.t.Helper()
	all := make([]jobs.Job, n)
	for i := range all {
		all[i] = jobs.Job{Kind: "dig", Key: fmt.Sprint(i), Tenant: "main", Payload: []byte(`{}`)}
		if err := b.queue.Complete(&all[i]); err != nil {
			b.t.Fatal(err)
		}
	}
	err := bunstore.On(b.db).Write(b.t.Context(), bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		return jobs.Insert(ctx, c, all...)
	}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// However many jobs are due, a process takes only some at once.
func TestManyDueJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		const total, parallel = 10_000, 40
		var done, taken, working atomic.Int64
		b := newBench(t, db, func(context.Context, jobs.Job) error {
			if working.Add(1) > parallel || taken.Add(1) > 100 {
				t.Error("too many at once")
			}
			working.Add(-1)
			done.Add(1)
			return nil
		})
		b.work.Parallel = parallel
		b.seed(total)
		task, rounds := b.crew.Task(b.work), 0
		for more := true; more; rounds++ {
			taken.Store(0)
			var err error
			if more, err = task.Do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		counts, err := b.queue.Count(t.Context(), staff)
		if diff := cmp.Diff(map[jobs.State]int64{jobs.Done: total}, counts); diff != "" || err != nil || done.Load() != total || rounds != total/100+1 {
			t.Errorf("%d done in %d rounds: %s (%v)", done.Load(), rounds, diff, err)
		}
	})
}

// Two processes on one PostgreSQL do nothing twice.
func TestTwoProcesses(t *testing.T) {
	const total = 600
	address := dbtest.PostgresURL(t)
	var mu sync.Mutex
	times := map[string]int{}
	var working sync.WaitGroup
	for i := range 2 {
		db, err := database.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		b := newBench(t, db, func(_ context.Context, j jobs.Job) error {
			mu.Lock()
			defer mu.Unlock()
			times[j.Key]++
			return nil
		})
		if i == 0 {
			if err := database.Migrate(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			b.seed(total)
		}
		working.Go(func() {
			for more := true; more; {
				var err error
				if more, err = b.crew.Task(b.work).Do(t.Context()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	working.Wait()
	if len(times) != total {
		t.Errorf("%d of %d are done", len(times), total)
	}
	for key, n := range times {
		if n != 1 {
			t.Errorf("%s was done %d times", key, n)
		}
	}
}
