package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// Pages of jobs follow each other, newest first, and show only those of the scope.
func TestListOfJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		b := newBench(t, db, nil)
		for _, key := range []string{"a", "b", "c"} {
			b.add(key)
			b.clock.Advance(time.Second)
		}
		other := jobs.Job{Kind: "dig", Key: "a", Tenant: "other", Payload: []byte(`{}`)}
		if err := b.queue.Add(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		var keys []string
		for after := ""; ; {
			page, err := b.queue.List(t.Context(), staff, jobs.Due, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, j := range page {
				keys, after = append(keys, j.Key), j.ID
			}
		}
		if diff := cmp.Diff([]string{"c", "b", "a"}, keys); diff != "" {
			t.Error(diff)
		}
		for actor, want := range map[[2]string]int64{{"main", ""}: 3, {"main", "varna"}: 3, {"main", "sofia"}: 0, {"other", ""}: 1} {
			counts, err := b.queue.Count(t.Context(), innards.Actor{Tenant: actor[0], Property: actor[1]}.Scope())
			if err != nil || counts[jobs.Due] != want {
				t.Errorf("%v sees %v (%v)", actor, counts, err)
			}
		}
	})
}

func TestJobsOutOfScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		b := newBench(t, db, nil)
		id := b.add("a").ID
		for _, c := range []struct {
			who  innards.Actor
			want error
		}{
			{innards.Actor{Tenant: "other"}, innards.ErrNotFound}, {innards.Actor{Tenant: "main", Property: "sofia"}, innards.ErrNotFound},
			{innards.Actor{Tenant: "main", Party: "guest"}, innards.ErrNotFound}, {innards.Actor{}, innards.ErrUnscoped},
		} {
			s := c.who.Scope()
			_, get := b.queue.Get(t.Context(), s, id)
			for what, err := range map[string]error{
				"get": get, "retry": b.queue.Retry(t.Context(), s, id), "cancel": b.queue.Cancel(t.Context(), s, id, "no"),
			} {
				if !errors.Is(err, c.want) {
					t.Errorf("%s by %+v: %v", what, c.who, err)
				}
			}
		}
		b.expect(id, jobs.Due, 0, "")
		if err := b.queue.RetryKey(t.Context(), staff, "dig", "none"); !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("retrying an unknown key: %v", err)
		}
	})
}

// What ended is kept for a while, and what did not is kept.
func TestForgetJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		b := newBench(t, db, func(context.Context, jobs.Job) error { return nil })
		b.add("a")
		b.add("b")
		b.round()
		waiting := b.add("c")
		b.clock.Advance(jobs.Kept + time.Second)
		task := jobs.Forget(b.clock.Now, jobs.Keeper{For: jobs.Kept, Forget: b.queue.Forget})
		if more, err := task.Do(t.Context()); more || err != nil {
			t.Errorf("more %v (%v)", more, err)
		}
		counts, err := b.queue.Count(t.Context(), staff)
		if diff := cmp.Diff(map[jobs.State]int64{jobs.Due: 1}, counts); diff != "" || err != nil {
			t.Errorf("%s (%v)", diff, err)
		}
		b.expect(waiting.ID, jobs.Due, 0, "")
	})
}

// What ended is done again by its prefix and time.
func TestAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		var done []string
		b := newBench(t, db, func(_ context.Context, j jobs.Job) error { done = append(done, j.Key); return nil })
		b.work.Parallel = 1
		for _, key := range []string{"a/0", "a/1", "ab/2", "a/3"} {
			b.add(key)
			b.round()
			b.clock.Advance(time.Minute)
		}
		done = nil
		n, err := b.queue.Again(t.Context(), "main", "dig", "a/", reservationtest.Morning().Add(time.Minute))
		b.round()
		if diff := cmp.Diff([]string{"a/1", "a/3"}, done); diff != "" || err != nil || n != 2 {
			t.Errorf("%d: %s (%v)", n, diff, err)
		}
	})
}

// Rounds are noted when their outcome changes, else now and then, and the last failure is remembered.
func TestTasks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		tasks := jobs.NewTasks(db, slog.New(slog.DiscardHandler))
		at := reservationtest.Morning()
		note := func(after time.Duration, err error) jobs.TaskState {
			t.Helper()
			tasks.Note(t.Context(), jobs.Round{Task: "sweep", At: at.Add(after), Took: time.Second, Every: time.Minute, Err: err})
			all, err := tasks.List(t.Context())
			if err != nil || len(all) != 1 {
				t.Fatalf("tasks are %+v (%v)", all, err)
			}
			return all[0]
		}
		state := func(after time.Duration, failure string, failed time.Duration) jobs.TaskState {
			s := jobs.TaskState{Name: "sweep", LastAt: at.Add(after), NextAt: at.Add(after + time.Second + time.Minute), Took: time.Second, Error: failure}
			if failure != "" {
				s.FailedAt = at.Add(failed)
			}
			return s
		}
		broken := errors.New("no disk")
		for _, c := range []struct {
			after   time.Duration
			err     error
			want    jobs.TaskState
			failing bool
		}{
			{0, nil, state(0, "", 0), false},
			{10 * time.Second, nil, state(0, "", 0), false},
			{30 * time.Second, nil, state(30*time.Second, "", 0), false},
			{31 * time.Second, broken, state(31*time.Second, "no disk", 31*time.Second), true},
			{32 * time.Second, nil, state(32*time.Second, "no disk", 31*time.Second), false},
		} {
			got := note(c.after, c.err)
			if diff := cmp.Diff(c.want, got); diff != "" || got.Failing() != c.failing {
				t.Errorf("after %s: failing %v %s", c.after, got.Failing(), diff)
			}
		}
	})
}
