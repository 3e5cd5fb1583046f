package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"github.com/innards-go/innards/internal/bunstore"
)

// A TaskState is how a task last went, in whatever process.
type TaskState struct {
	Name string
	// LastAt is when its last round began, NextAt when the next begins at the latest.
	LastAt, NextAt time.Time
	Took           time.Duration
	// Error of the last round that failed, and when that was: zero, if none ever has.
	Error    string
	FailedAt time.Time
}

// Failing reports whether the last round failed.
func (t TaskState) Failing() bool { return !t.FailedAt.IsZero() && !t.FailedAt.Before(t.LastAt) }

// noteEvery is how often rounds of the same outcome are noted at most, so that an idle server hardly writes.
const noteEvery = 30 * time.Second

// Tasks keeps how tasks went. It is safe for concurrent use.
type Tasks struct {
	session bunstore.Session
	log     *slog.Logger
	mu      sync.Mutex
	noted   map[string]Round
	asked   map[string]chan struct{}
}

// NewTasks returns the tasks of the database.
func NewTasks(db *bunstore.DB, log *slog.Logger) *Tasks {
	return &Tasks{session: bunstore.On(db), log: log, noted: map[string]Round{}, asked: map[string]chan struct{}{}}
}

var (
	noteTask = bunstore.Both(`INSERT INTO innards_server_task (name, last_at, next_at, took, last_error, failed_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET last_at = excluded.last_at, next_at = excluded.next_at, took = excluded.took,
			last_error = CASE WHEN excluded.failed_at IS NULL THEN innards_server_task.last_error ELSE excluded.last_error END,
			failed_at = COALESCE(excluded.failed_at, innards_server_task.failed_at)
		WHERE innards_server_task.last_at <= excluded.last_at`)
	listTasks = bunstore.Both("SELECT name, last_at, next_at, took, last_error, failed_at FROM innards_server_task ORDER BY name")
)

// Note keeps the outcome of a round: at once if it is another than that of the round before, else every half minute.
func (t *Tasks) Note(ctx context.Context, r Round) {
	if !t.worthNoting(r) {
		return
	}
	failure, failedAt := "", any(nil)
	if r.Err != nil {
		failure, failedAt = ErrorText(r.Err.Error()), r.At.UnixMicro()
	}
	err := t.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		_, err := c.Exec(ctx, noteTask, r.Task, r.At.UnixMicro(), r.At.Add(r.Took+r.Every).UnixMicro(), r.Took.Microseconds(), failure, failedAt)
		return err
	}})
	if err != nil && ctx.Err() == nil {
		t.log.WarnContext(ctx, "task not noted", "task", r.Task, "error", err.Error())
	}
}

func (t *Tasks) worthNoting(r Round) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	last, known := t.noted[r.Task]
	if known && (last.Err == nil) == (r.Err == nil) && r.At.Sub(last.At) < noteEvery {
		return false
	}
	t.noted[r.Task] = r
	return true
}

// List returns how every task last went, by name.
func (t *Tasks) List(ctx context.Context) (all []TaskState, err error) {
	err = t.session.Rows(ctx, func(rows *sql.Rows) error {
		var s TaskState
		var lastAt, nextAt, took int64
		var failedAt sql.NullInt64
		if err := rows.Scan(&s.Name, &lastAt, &nextAt, &took, &s.Error, &failedAt); err != nil {
			return err
		}
		s.LastAt, s.NextAt, s.Took = bunstore.Instant(lastAt), bunstore.Instant(nextAt), time.Duration(took)*time.Microsecond
		if failedAt.Valid {
			s.FailedAt = bunstore.Instant(failedAt.Int64)
		}
		all = append(all, s)
		return nil
	}, listTasks)
	return all, err
}

// Ask has this process run the task at once, if it has one of the name.
func (t *Tasks) Ask(name string) {
	select {
	case t.channel(name) <- struct{}{}:
	default: // it was asked before
	}
}

// Asked returns the channel that sends when the task is asked for. It is for a [Runner].
func (t *Tasks) Asked(name string) <-chan struct{} { return t.channel(name) }

func (t *Tasks) channel(name string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked[name] == nil {
		t.asked[name] = make(chan struct{}, 1)
	}
	return t.asked[name]
}
