package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
)

// A State is how far a job is.
type State string

// The states of a job.
const (
	Due     State = "due"     // to be done, for the first time or again
	Running State = "running" // claimed; it is due again when the lease ends
	Done    State = "done"
	Dead    State = "dead" // given up or cancelled
)

// States returns all states of a job.
func States() []State { return []State{Due, Running, Done, Dead} }

// Kept is how long jobs that are done or dead are kept.
const Kept = 30 * 24 * time.Hour

// ErrRunning is returned for what cannot be asked of a job while it is being done.
var ErrRunning = errors.New("the job is being done")

// A Job is one piece of work.
type Job struct {
	ID string
	// Kind of work, such as "mail".
	Kind string
	// Key says what the job is about. Of one kind and tenant a key is added once.
	Key string
	// Tenant, Property and Record that it is done for. The last two may be empty.
	Tenant, Property, Record string
	// Payload is JSON.
	Payload []byte
	State   State
	// Attempts made so far, the one that runs included.
	Attempts int
	// RunAt is when a job that is due is done next, or when the lease of one that is running ends.
	RunAt time.Time
	// Error of the last attempt that failed.
	Error     string
	CreatedAt time.Time
	// DoneAt is since when it is done or dead, else zero.
	DoneAt time.Time
	claim  int64
}

// Scope returns what whoever does the job may see.
func (j *Job) Scope() innards.Scope {
	return innards.Actor{Tenant: j.Tenant, Property: j.Property}.Scope()
}

// A Queue keeps jobs. It is safe for concurrent use.
type Queue struct {
	session bunstore.Session
	newID   innards.IDSource
	now     innards.Clock
	mu      sync.Mutex
	woken   map[string]chan struct{} // by kind
}

// NewQueue returns the queue of the database.
func NewQueue(db *bunstore.DB, newID innards.IDSource, now innards.Clock) *Queue {
	return &Queue{session: bunstore.On(db), newID: newID, now: now, woken: map[string]chan struct{}{}}
}

const jobColumns = "id, kind, key, tenant, property, record, payload, state, attempts, claim, run_at, last_error, created_at, done_at"

var (
	ofStaff = bunstore.Confine{Tenant: "tenant", Property: "property"}

	addJob = bunstore.Both("INSERT INTO innards_server_job (" + jobColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, 'due', 0, 0, ?, '', ?, NULL) ON CONFLICT (tenant, kind, key) DO NOTHING`)
	getJob    = ofStaff.Stmt("SELECT " + jobColumns + " FROM innards_server_job WHERE id = ? AND {scope}")
	listJobs  = ofStaff.Stmt("SELECT " + jobColumns + " FROM innards_server_job WHERE state = ? AND id < ? AND {scope} ORDER BY id DESC LIMIT ?")
	countJobs = ofStaff.Stmt("SELECT state, count(*) FROM innards_server_job WHERE {scope} GROUP BY state")
	retryJob  = ofStaff.Stmt(`UPDATE innards_server_job SET state = 'due', attempts = 0, run_at = ?, done_at = NULL
		WHERE id = ? AND state <> 'running' AND {scope}`)
	idOfKey   = ofStaff.Stmt("SELECT id FROM innards_server_job WHERE kind = ? AND key = ? AND {scope}")
	cancelJob = ofStaff.Stmt(`UPDATE innards_server_job SET state = 'dead', done_at = ?, last_error = ?
		WHERE id = ? AND state IN ('due', 'running') AND {scope}`)
	again = bunstore.Both(`UPDATE innards_server_job SET state = 'due', attempts = 0, run_at = ?, done_at = NULL
		WHERE tenant = ? AND kind = ? AND key >= ? AND key < ? AND created_at >= ? AND state IN ('done', 'dead')`)
	forgetJobs = bunstore.Both(`DELETE FROM innards_server_job WHERE id IN (
		SELECT id FROM innards_server_job WHERE done_at < ? ORDER BY done_at LIMIT ?)`)
)

// CheckStaff returns nil if the scope is of somebody who may look after background work: not of a guest or partner, who is
// confined to a party.
func CheckStaff(s innards.Scope) error {
	if s.Party() != "" {
		return innards.ErrNotFound
	}
	return s.Err()
}

// Complete gives a new job its id and times.
func (q *Queue) Complete(j *Job) error {
	id, err := q.newID()
	if err != nil {
		return err
	}
	j.ID, j.CreatedAt = id, q.now()
	if j.RunAt.IsZero() {
		j.RunAt = j.CreatedAt
	}
	return nil
}

// Insert adds completed jobs within a transaction. What was added before, or is done already, is left as it is. Call
// [Queue.Wake] after the commit.
func Insert(ctx context.Context, c *bunstore.Conn, all ...Job) error {
	for _, j := range all {
		_, err := c.Exec(ctx, addJob, j.ID, j.Kind, j.Key, j.Tenant, j.Property, j.Record, string(j.Payload), j.RunAt.UnixMicro(), j.CreatedAt.UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}

// Add adds a job of the kind, key and payload, due at once unless RunAt says otherwise. One that was added before is left
// as it is.
func (q *Queue) Add(ctx context.Context, j Job) error {
	if err := q.Complete(&j); err != nil {
		return err
	}
	err := q.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error { return Insert(ctx, c, j) }})
	if err == nil {
		q.Wake(j.Kind)
	}
	return err
}

// Wake has jobs of the kind looked for at once, in this process.
func (q *Queue) Wake(kind string) {
	select {
	case q.waker(kind) <- struct{}{}:
	default: // it will be anyway
	}
}

func (q *Queue) waker(kind string) chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.woken[kind] == nil {
		q.woken[kind] = make(chan struct{}, 1)
	}
	return q.woken[kind]
}

// Get returns a job, or [innards.ErrNotFound].
func (q *Queue) Get(ctx context.Context, s innards.Scope, id string) (Job, error) {
	if err := CheckStaff(s); err != nil {
		return Job{}, err
	}
	var r jobRow
	st, args := getJob.For(s, id)
	err := q.session.Row(ctx, r.dest(), st, args...)
	return r.job(), err
}

// newest is above every id.
const newest = "~"

// List returns up to limit jobs in the state, newest first; after is the id of the last that was seen, or empty.
func (q *Queue) List(ctx context.Context, s innards.Scope, state State, after string, limit int) ([]Job, error) {
	if err := CheckStaff(s); err != nil {
		return nil, err
	}
	if after == "" {
		after = newest
	}
	st, args := listJobs.For(s, string(state), after)
	return q.jobs(ctx, st, append(args, limit)...)
}

func (q *Queue) jobs(ctx context.Context, st *bunstore.Stmt, args ...any) (all []Job, err error) {
	err = q.session.Rows(ctx, func(rows *sql.Rows) error {
		j, err := scanJob(rows)
		all = append(all, j)
		return err
	}, st, args...)
	return all, err
}

// Count returns how many jobs are in each state.
func (q *Queue) Count(ctx context.Context, s innards.Scope) (map[State]int64, error) {
	if err := CheckStaff(s); err != nil {
		return nil, err
	}
	counts := map[State]int64{}
	st, args := countJobs.For(s)
	err := q.session.Rows(ctx, func(rows *sql.Rows) error {
		var state State
		var n int64
		err := rows.Scan(&state, &n)
		counts[state] = n
		return err
	}, st, args...)
	return counts, err
}

// Retry has a job done at once, whether it was waiting, given up or done before, and as often as a new one. One that is
// being done is [ErrRunning].
func (q *Queue) Retry(ctx context.Context, s innards.Scope, id string) error {
	if err := CheckStaff(s); err != nil {
		return err
	}
	st, args := retryJob.For(s, q.now().UnixMicro(), id)
	if err := q.change(ctx, s, id, st, args); err != nil {
		return err
	}
	j, err := q.Get(ctx, s, id)
	if err == nil {
		q.Wake(j.Kind)
	}
	return err
}

// RetryKey is Retry for the job of the kind with the key.
func (q *Queue) RetryKey(ctx context.Context, s innards.Scope, kind, key string) error {
	var id string
	st, args := idOfKey.For(s, kind, key)
	if err := q.session.Row(ctx, []any{&id}, st, args...); err != nil {
		return err
	}
	return q.Retry(ctx, s, id)
}

// Cancel gives up a job that is due, or being done: then what the attempt comes to is not kept. One that is done or dead is
// left as it is.
func (q *Queue) Cancel(ctx context.Context, s innards.Scope, id, reason string) error {
	if err := CheckStaff(s); err != nil {
		return err
	}
	st, args := cancelJob.For(s, q.now().UnixMicro(), ErrorText(reason), id)
	err := q.change(ctx, s, id, st, args)
	if errors.Is(err, ErrRunning) {
		return nil // it has ended meanwhile
	}
	return err
}

// change runs a statement that changes the job unless its state forbids it.
func (q *Queue) change(ctx context.Context, s innards.Scope, id string, st *bunstore.Stmt, args []any) error {
	n, err := q.exec(ctx, st, args...)
	if err != nil || n > 0 {
		return err
	}
	if _, err := q.Get(ctx, s, id); err != nil {
		return err
	}
	return ErrRunning
}

// Again has all jobs of a kind whose keys begin with prefix, and which ended, done again if they were added at or after the
// instant. It returns how many.
func (q *Queue) Again(ctx context.Context, tenant, kind, prefix string, since time.Time) (int64, error) {
	n, err := q.exec(ctx, again, q.now().UnixMicro(), tenant, kind, prefix, prefix+newest, since.UnixMicro())
	if err == nil {
		q.Wake(kind)
	}
	return n, err
}

// Forget removes up to limit jobs that ended before the instant, and returns how many.
func (q *Queue) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := q.exec(ctx, forgetJobs, before.UnixMicro(), limit)
	return int(n), err
}

func (q *Queue) exec(ctx context.Context, st *bunstore.Stmt, args ...any) (n int64, err error) {
	err = q.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) (err error) {
		n, err = c.Exec(ctx, st, args...)
		return err
	}})
	return n, err
}

// jobRow is where a row is read into.
type jobRow struct {
	Job
	runAt, createdAt int64
	doneAt           sql.NullInt64
}

func (r *jobRow) dest() []any {
	return []any{&r.ID, &r.Kind, &r.Key, &r.Tenant, &r.Property, &r.Record, &r.Payload, &r.State, &r.Attempts, &r.claim, &r.runAt,
		&r.Error, &r.createdAt, &r.doneAt}
}

func (r *jobRow) job() Job {
	r.RunAt, r.CreatedAt = bunstore.Instant(r.runAt), bunstore.Instant(r.createdAt)
	if r.doneAt.Valid {
		r.DoneAt = bunstore.Instant(r.doneAt.Int64)
	}
	return r.Job
}

func scanJob(rows *sql.Rows) (Job, error) {
	var r jobRow
	err := rows.Scan(r.dest()...)
	return r.job(), err
}

// maxError is the length of the longest text of an error that is kept, in bytes.
const maxError = 1000

// ErrorText returns the text of an error as databases take it: of limited length, without what they cannot keep.
func ErrorText(text string) string {
	if len(text) > maxError {
		text = text[:maxError]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
}

func ignoreNotFound(err error) error {
	if errors.Is(err, innards.ErrNotFound) {
		return nil
	}
	return err
}

// FirstID returns what is below every id that a source of [innards.UUIDv7] makes from the instant on, and above all from
// before.
func FirstID(at time.Time) string {
	ms := max(at.UnixMilli(), 0)
	return fmt.Sprintf("%08x-%04x", ms>>16, ms&0xffff)
}
