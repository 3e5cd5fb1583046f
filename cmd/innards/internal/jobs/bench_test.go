package jobs_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// BenchmarkDrain works off 10,000 jobs that do nothing, on SQLite in the directory of TMPDIR, beside somebody who writes
// every millisecond. It tells how many jobs a second that are, and how long the other has to wait.
func BenchmarkDrain(b *testing.B) {
	const total = 10_000
	db, err := database.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := database.Migrate(b.Context(), db); err != nil {
		b.Fatal(err)
	}
	queue := jobs.NewQueue(db, innards.UUIDv7(time.Now, reservationtest.Random(1)), time.Now)
	crew := jobs.Crew{Queue: queue, Log: slog.New(slog.DiscardHandler), Jitter: func() float64 { return 0 }}
	task := crew.Task(jobs.Work{
		Kind: "dig", Do: func(context.Context, jobs.Job) error { return nil }, Parallel: 25, Timeout: time.Second,
	})
	for b.Loop() {
		b.StopTimer()
		all := make([]jobs.Job, total)
		for i := range all {
			all[i] = jobs.Job{Kind: "dig", Tenant: "main", Payload: []byte(`{}`)}
			if err := queue.Complete(&all[i]); err != nil {
				b.Fatal(err)
			}
			all[i].Key = all[i].ID
		}
		err := bunstore.On(db).Write(b.Context(), bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
			return jobs.Insert(ctx, c, all...)
		}})
		if err != nil {
			b.Fatal(err)
		}
		other := watch(b, db)
		b.StartTimer()
		for more := true; more; {
			if more, err = task.Do(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		waits := other()
		b.ReportMetric(float64(waits[len(waits)/2].Microseconds()), "p50-wait-µs")
		b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds()), "p99-wait-µs")
		b.ReportMetric(float64(waits[len(waits)-1].Microseconds()), "max-wait-µs")
		b.StartTimer()
	}
	b.ReportMetric(total*float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
}

// watch writes every millisecond until the returned function is called, which returns how long that took each time.
func watch(b *testing.B, db *bunstore.DB) func() []time.Duration {
	touch := bunstore.Both("UPDATE innards_server_task SET last_at = last_at + 1 WHERE name = 'bench'")
	tasks := jobs.NewTasks(db, slog.New(slog.DiscardHandler))
	tasks.Note(b.Context(), jobs.Round{Task: "bench", At: time.Now()})
	var writing sync.WaitGroup
	var waits []time.Duration
	quit := make(chan struct{})
	writing.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
			}
			began := time.Now()
			err := bunstore.On(db).Write(b.Context(), bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
				return c.Write(ctx, touch)
			}})
			if err != nil {
				b.Error(err)
			}
			waits = append(waits, time.Since(began))
		}
	})
	return func() []time.Duration {
		close(quit)
		writing.Wait()
		slices.Sort(waits)
		return waits
	}
}
