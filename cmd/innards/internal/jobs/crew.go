package jobs

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/innards-go/innards/internal/bunstore"
)

// Work is how jobs of one kind are done.
type Work struct {
	Kind string
	// Do does a job. It may be called again for what it has done: at least when its process is killed in between. An error
	// made by [Permanent] or [Postpone] is treated as those say, every other by the schedule.
	Do func(context.Context, Job) error
	// Dead, if there is one, is called before a job is given up.
	Dead func(context.Context, Job, error) error
	// Schedule says when what failed is tried again.
	Schedule Schedule
	// Parallel is how many jobs a process does at once.
	Parallel int
	// Timeout bounds one attempt.
	Timeout time.Duration
}

// A Schedule is how long to wait after each attempt that failed. After the last one a job is given up.
type Schedule []time.Duration

// wait returns how long to wait after so many attempts, longer by up to a fifth, so that what failed together is not tried
// again together.
func (s Schedule) wait(attempts int, jitter float64) (wait time.Duration, ok bool) {
	if attempts < 1 || attempts > len(s) {
		return 0, false
	}
	wait = s[attempts-1]
	return wait + time.Duration(float64(wait)*jitter/5), true
}

type permanent struct{ error }

// Unwrap returns the cause.
func (p permanent) Unwrap() error { return p.error }

// Permanent says that trying again is of no use: the job is given up.
func Permanent(err error) error { return permanent{err} }

type postponed struct {
	until time.Time
	error
}

// Postpone says that the job was not tried and is due again at the instant.
func Postpone(until time.Time, why error) error { return postponed{until, why} }

// A Crew does the jobs of a queue.
type Crew struct {
	Queue *Queue
	Log   *slog.Logger
	// Jitter returns a number from 0 up to 1, another each time.
	Jitter func() float64
	// Worked, if there is one, is told the state that each attempt led to.
	Worked func(kind string, led State)
}

const (
	workEvery  = time.Second // to see what other processes have added
	claimLimit = 100         // jobs, which bounds the memory
	perWorker  = 4           // jobs of one claim, so that those of a process that was killed do not wait long
)

// Task returns the task that does the work.
func (c Crew) Task(w Work) Task {
	return Task{
		Name: w.Kind, Every: workEvery,
		Wake: func() <-chan struct{} { return c.Queue.waker(w.Kind) },
		Do:   func(ctx context.Context) (bool, error) { return c.round(ctx, w) },
	}
}

// round claims some jobs and does them. It returns errors of the queue only.
func (c Crew) round(ctx context.Context, w Work) (more bool, err error) {
	limit := min(claimLimit, w.Parallel*perWorker)
	claimed, err := c.Queue.claim(ctx, w.Kind, limit, w.Timeout*time.Duration(limit/w.Parallel+1))
	if err != nil {
		return false, err
	}
	errs, next := make([]error, len(claimed)), make(chan int)
	var working sync.WaitGroup
	for range min(w.Parallel, len(claimed)) {
		working.Go(func() {
			for i := range next {
				errs[i] = c.work(ctx, w, claimed[i])
			}
		})
	}
	for i := range claimed {
		next <- i
	}
	close(next)
	working.Wait()
	return len(claimed) == limit, errors.Join(errs...)
}

var errTooOften = errors.New("no attempt came to an end")

// work makes one attempt and keeps what it came to.
func (c Crew) work(ctx context.Context, w Work, j Job) error {
	err := ctx.Err()
	switch {
	case err != nil: // the server ends: whoever comes next does it
	case j.Attempts > len(w.Schedule)+1: // it may be what kills the process
		err = Permanent(errTooOften)
	default:
		trying, cancel := context.WithTimeout(ctx, w.Timeout)
		err = guarded(func() error { return w.Do(trying, j) })
		cancel()
	}
	return c.settle(context.WithoutCancel(ctx), w, c.judge(ctx, w, j, err), err)
}

// judge returns the job as it is to be after the attempt.
func (c Crew) judge(ctx context.Context, w Work, j Job, err error) Job {
	now := c.Queue.now()
	p, isPostponed := errors.AsType[postponed](err)
	_, isPermanent := errors.AsType[permanent](err)
	wait, ok := w.Schedule.wait(j.Attempts, c.Jitter())
	switch {
	case err == nil:
		j.State, j.DoneAt, j.Error = Done, now, ""
	case ctx.Err() != nil:
		j.State, j.RunAt, j.Attempts = Due, now, j.Attempts-1
	case isPostponed:
		j.State, j.RunAt, j.Attempts, j.Error = Due, p.until, j.Attempts-1, err.Error()
	case isPermanent || !ok:
		j.State, j.DoneAt, j.Error = Dead, now, err.Error()
	default:
		j.State, j.RunAt, j.Error = Due, now.Add(wait), err.Error()
	}
	return j
}

func (c Crew) settle(ctx context.Context, w Work, j Job, cause error) error {
	if j.State == Dead {
		// The error may hold personal data, such as an address. It is kept with the job, not in the log.
		c.Log.ErrorContext(ctx, "job given up", "job", j.ID, "kind", j.Kind, "attempts", j.Attempts)
		if w.Dead != nil {
			if err := w.Dead(ctx, j, cause); err != nil {
				return err // the lease ends by itself
			}
		}
	}
	if c.Worked != nil {
		c.Worked(j.Kind, j.State)
	}
	return c.Queue.settle(ctx, j)
}

const isClaimable = "kind = ? AND state IN ('due', 'running') AND run_at <= ?"

var (
	anyDue   = bunstore.Both("SELECT 1 FROM innards_server_job WHERE " + isClaimable + " LIMIT 1")
	claimDue = bunstore.Each(
		`UPDATE innards_server_job SET state = 'running', attempts = attempts + 1, claim = claim + 1, run_at = ?
			WHERE id IN (SELECT id FROM innards_server_job WHERE `+isClaimable+` ORDER BY run_at, id LIMIT ?) RETURNING `+jobColumns,
		`WITH due AS MATERIALIZED (SELECT id AS due_id FROM innards_server_job WHERE `+isClaimable+`
				ORDER BY run_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
			UPDATE innards_server_job SET state = 'running', attempts = attempts + 1, claim = claim + 1, run_at = ?
			FROM due WHERE id = due_id RETURNING `+jobColumns)
	// A job that was cancelled, or claimed by another after the lease, is left alone.
	settleJob = bunstore.Both(`UPDATE innards_server_job SET state = ?, attempts = ?, run_at = ?, last_error = ?, done_at = ?
		WHERE id = ? AND claim = ? AND state = 'running'`)
)

// claim returns up to limit jobs of the kind that are due, and keeps every other caller from them for the lease.
func (q *Queue) claim(ctx context.Context, kind string, limit int, lease time.Duration) (claimed []Job, err error) {
	now := q.now()
	due, until := now.UnixMicro(), now.Add(lease).UnixMicro()
	var one int
	if err := q.session.Row(ctx, []any{&one}, anyDue, kind, due); err != nil {
		return nil, ignoreNotFound(err) // most of the time there is nothing, and nothing to be written
	}
	err = q.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		claimed = claimed[:0]
		args := []any{until, kind, due, limit}
		if c.Dialect() == bunstore.Postgres {
			args = []any{kind, due, limit, until}
		}
		return c.WriteRows(ctx, func(rows *sql.Rows) error {
			j, err := scanJob(rows)
			claimed = append(claimed, j)
			return err
		}, claimDue, args...)
	}})
	slices.SortFunc(claimed, func(a, b Job) int { return strings.Compare(a.ID, b.ID) })
	return claimed, err
}

func (q *Queue) settle(ctx context.Context, j Job) error {
	var doneAt any
	if !j.DoneAt.IsZero() {
		doneAt = j.DoneAt.UnixMicro()
	}
	_, err := q.exec(ctx, settleJob, string(j.State), j.Attempts, j.RunAt.UnixMicro(), ErrorText(j.Error), doneAt, j.ID, j.claim)
	return err
}
