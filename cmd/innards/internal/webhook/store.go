package webhook

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/internal/bunstore"
)

// Endpoints keeps endpoints and what was delivered to them. It is safe for concurrent use.
type Endpoints struct {
	session bunstore.Session
	queue   *jobs.Queue
	newID   innards.IDSource
	now     innards.Clock
	feeds   []string
	// internal says that internal addresses may be sent to, and http.
	internal bool
}

// Options are what endpoints need beside their database.
type Options struct {
	Queue *jobs.Queue
	NewID innards.IDSource
	Now   innards.Clock
	// Feeds are the names of the packages whose events are sent, such as "reservation".
	Feeds []string
	// AllowInternal allows internal addresses and http: for tests, and for programs in the same network.
	AllowInternal bool
}

// New returns the endpoints of the database.
func New(db *bunstore.DB, o Options) *Endpoints {
	return &Endpoints{bunstore.On(db), o.Queue, o.NewID, o.Now, o.Feeds, o.AllowInternal}
}

const endpointColumns = `id, tenant, property, url, types, secret, old_secret, old_until, created_at, failing_since, failures, paused_until,
	disabled_at, disabled_reason`

var (
	ofStaff = bunstore.Confine{Tenant: "tenant", Property: "property"}

	addEndpoint = bunstore.Both("INSERT INTO innards_server_endpoint (" + endpointColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, '', 0, ?, NULL, 0, 0, NULL, '')`)
	// An event of a transaction that has begun and not ended may be before the newest, and is not sent.
	startCursor = bunstore.Both(`INSERT INTO innards_server_cursor (endpoint, feed, cursor)
		SELECT ?, ?, COALESCE(max(cursor), 0) FROM innards_event WHERE tenant = ? AND domain = ? ON CONFLICT (endpoint, feed) DO NOTHING`)
	getEndpoint     = ofStaff.Stmt("SELECT " + endpointColumns + " FROM innards_server_endpoint WHERE id = ? AND {scope}")
	listEndpoints   = ofStaff.Stmt("SELECT " + endpointColumns + " FROM innards_server_endpoint WHERE {scope} ORDER BY id")
	activeEndpoints = bunstore.Both("SELECT " + endpointColumns + " FROM innards_server_endpoint WHERE disabled_at IS NULL AND paused_until <= ? ORDER BY id")
	changeEndpoint  = ofStaff.Stmt("UPDATE innards_server_endpoint SET url = ?, types = ? WHERE id = ? AND {scope}")
	rotateSecret    = ofStaff.Stmt("UPDATE innards_server_endpoint SET old_secret = secret, old_until = ?, secret = ? WHERE id = ? AND {scope}")
	enable          = ofStaff.Stmt(`UPDATE innards_server_endpoint SET disabled_at = NULL, disabled_reason = '', failing_since = NULL, failures = 0,
		paused_until = 0 WHERE id = ? AND {scope}`)
	disable = ofStaff.Stmt(`UPDATE innards_server_endpoint SET disabled_at = COALESCE(disabled_at, ?), disabled_reason = ?
		WHERE id = ? AND {scope}`)
	removeEndpoint = ofStaff.Stmt("DELETE FROM innards_server_endpoint WHERE id = ? AND {scope}")
	removeCursors  = bunstore.Both("DELETE FROM innards_server_cursor WHERE endpoint = ?")
)

// Create makes an endpoint for the events that the scope sees, from now on, and returns its secret, which cannot be read
// again. An error about what is asked for matches [ErrURL] or [ErrTypes].
func (e *Endpoints) Create(ctx context.Context, s innards.Scope, url string, types []string) (made Endpoint, secret string, err error) {
	if err := e.check(s, url, types); err != nil {
		return Endpoint{}, "", err
	}
	id, err := e.newID()
	if err != nil {
		return Endpoint{}, "", err
	}
	secret = newSecret()
	err = e.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		if err := c.Write(ctx, addEndpoint, id, s.Tenant(), s.Property(), url, listJSON(types), secret, e.now().UnixMicro()); err != nil {
			return err
		}
		for _, feed := range e.feeds {
			if _, err := c.Exec(ctx, startCursor, id, feed, s.Tenant(), feed); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil {
		return Endpoint{}, "", err
	}
	made, err = e.Get(ctx, s, id)
	return made, secret, err
}

func (e *Endpoints) check(s innards.Scope, url string, types []string) error {
	if err := jobs.CheckStaff(s); err != nil {
		return err
	}
	if err := checkURL(url, e.internal); err != nil {
		return err
	}
	return checkTypes(types)
}

func listJSON(list []string) string {
	text, _ := json.Marshal(append([]string{}, list...)) // strings can be encoded
	return string(text)
}

// Get returns an endpoint, or [innards.ErrNotFound].
func (e *Endpoints) Get(ctx context.Context, s innards.Scope, id string) (Endpoint, error) {
	if err := jobs.CheckStaff(s); err != nil {
		return Endpoint{}, err
	}
	st, args := getEndpoint.For(s, id)
	var r endpointRow
	if err := e.session.Row(ctx, r.dest(), st, args...); err != nil {
		return Endpoint{}, err
	}
	return r.endpoint()
}

// List returns all endpoints, oldest first.
func (e *Endpoints) List(ctx context.Context, s innards.Scope) ([]Endpoint, error) {
	if err := jobs.CheckStaff(s); err != nil {
		return nil, err
	}
	st, args := listEndpoints.For(s)
	return e.list(ctx, st, args...)
}

func (e *Endpoints) list(ctx context.Context, st *bunstore.Stmt, args ...any) (all []Endpoint, err error) {
	err = e.session.Rows(ctx, func(rows *sql.Rows) error {
		var r endpointRow
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		one, err := r.endpoint()
		all = append(all, one)
		return err
	}, st, args...)
	return all, err
}

// Change gives an endpoint another URL and other types of events.
func (e *Endpoints) Change(ctx context.Context, s innards.Scope, id, url string, types []string) error {
	if err := e.check(s, url, types); err != nil {
		return err
	}
	st, args := changeEndpoint.For(s, url, listJSON(types), id)
	return e.change(ctx, s, st, args...)
}

// Rotate gives an endpoint another secret and returns it. For [OldSecretFor] the old one signs as well.
func (e *Endpoints) Rotate(ctx context.Context, s innards.Scope, id string) (secret string, err error) {
	secret = newSecret()
	st, args := rotateSecret.For(s, e.now().Add(OldSecretFor).UnixMicro(), secret, id)
	if err := e.change(ctx, s, st, args...); err != nil {
		return "", err
	}
	return secret, nil
}

// Disable ends what is sent to an endpoint until it is enabled.
func (e *Endpoints) Disable(ctx context.Context, s innards.Scope, id, reason string) error {
	st, args := disable.For(s, e.now().UnixMicro(), reason, id)
	return e.change(ctx, s, st, args...)
}

// Enable has events sent to an endpoint again, from where it stopped. Those that were given up meanwhile are sent by
// [Endpoints.Replay].
func (e *Endpoints) Enable(ctx context.Context, s innards.Scope, id string) error {
	st, args := enable.For(s, id)
	return e.change(ctx, s, st, args...)
}

// Remove forgets an endpoint. What it was sent stays in the log for its time.
func (e *Endpoints) Remove(ctx context.Context, s innards.Scope, id string) error {
	st, args := removeEndpoint.For(s, id)
	if err := e.change(ctx, s, st, args...); err != nil {
		return err
	}
	_, err := e.exec(ctx, removeCursors, id)
	return err
}

func (e *Endpoints) change(ctx context.Context, s innards.Scope, st *bunstore.Stmt, args ...any) error {
	if err := jobs.CheckStaff(s); err != nil {
		return err
	}
	n, err := e.exec(ctx, st, args...)
	if err == nil && n == 0 {
		err = innards.ErrNotFound
	}
	return err
}

func (e *Endpoints) exec(ctx context.Context, st *bunstore.Stmt, args ...any) (n int64, err error) {
	err = e.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) (err error) {
		n, err = c.Exec(ctx, st, args...)
		return err
	}})
	return n, err
}

// endpointRow is where a row is read into.
type endpointRow struct {
	Endpoint
	types                     []byte
	oldUntil, created, paused int64
	failing, disabled         sql.NullInt64
}

func (r *endpointRow) dest() []any {
	return []any{&r.ID, &r.Tenant, &r.Property, &r.URL, &r.types, &r.secret, &r.oldSecret, &r.oldUntil, &r.created, &r.failing,
		&r.Failures, &r.paused, &r.disabled, &r.DisabledReason}
}

func (r *endpointRow) endpoint() (Endpoint, error) {
	if err := json.Unmarshal(r.types, &r.Types); err != nil {
		return Endpoint{}, fmt.Errorf("%w: endpoint %s: %w", innards.ErrCorrupt, r.ID, err)
	}
	r.CreatedAt, r.Endpoint.oldUntil = bunstore.Instant(r.created), bunstore.Instant(r.oldUntil)
	r.FailingSince, r.DisabledAt = instantOrZero(r.failing), instantOrZero(r.disabled)
	r.PausedUntil = instantOrZero(sql.NullInt64{Int64: r.paused, Valid: r.paused > 0})
	return r.Endpoint, nil
}

func instantOrZero(micros sql.NullInt64) time.Time {
	if !micros.Valid {
		return time.Time{}
	}
	return bunstore.Instant(micros.Int64)
}
