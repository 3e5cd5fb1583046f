package webhook

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
)

// KeptFor is how long the log of deliveries is kept.
const KeptFor = 30 * 24 * time.Hour

// A Delivery is one attempt to send a message.
type Delivery struct {
	ID       string
	Endpoint string
	Event    string // id of the message
	Job      string
	Attempt  int // since the message was made, or replayed
	Status   int // of the answer; 0: there was none
	Error    string
	At       time.Time
	Took     time.Duration
}

const deliveryColumns = "id, endpoint, event, job, attempt, status, error, at, took"

var (
	addDelivery    = bunstore.Both("INSERT INTO innards_server_delivery (tenant, " + deliveryColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	listDeliveries = bunstore.Both("SELECT " + deliveryColumns + ` FROM innards_server_delivery
		WHERE tenant = ? AND endpoint = ? AND id < ? ORDER BY id DESC LIMIT ?`)
	forgetDeliveries = bunstore.Both(`DELETE FROM innards_server_delivery WHERE id IN (
		SELECT id FROM innards_server_delivery WHERE at < ? ORDER BY at LIMIT ?)`)

	succeeded = bunstore.Both("UPDATE innards_server_endpoint SET failing_since = NULL, failures = 0, paused_until = 0 WHERE id = ? AND failures > 0")
	// Attempts that were under way together count as one.
	failedAgain = bunstore.Both(`UPDATE innards_server_endpoint SET failing_since = COALESCE(failing_since, ?), failures = failures + 1,
		paused_until = ? WHERE id = ? AND paused_until <= ?`)
	giveUp = bunstore.Both(`UPDATE innards_server_endpoint SET disabled_at = ?, disabled_reason = ?
		WHERE id = ? AND disabled_at IS NULL AND failing_since <= ?`)
)

// note keeps the delivery, and what it says about the endpoint. A test that fails says nothing.
func (e *Endpoints) note(ctx context.Context, to *Endpoint, d Delivery, isTest bool) error {
	id, err := e.newID()
	if err != nil {
		return err
	}
	return e.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		err := c.Write(ctx, addDelivery, to.Tenant, id, d.Endpoint, d.Event, d.Job, d.Attempt, d.Status, d.Error, d.At.UnixMicro(), d.Took.Microseconds())
		switch {
		case err != nil:
			return err
		case d.Error == "":
			_, err = c.Exec(ctx, succeeded, to.ID)
		case !isTest:
			err = e.noteFailure(ctx, c, to, d)
		}
		return err
	}})
}

func (e *Endpoints) noteFailure(ctx context.Context, c *bunstore.Conn, to *Endpoint, d Delivery) error {
	at := d.At.Add(d.Took)
	pause := min(firstPause<<min(to.Failures, 20), lastPause)
	if _, err := c.Exec(ctx, failedAgain, d.At.UnixMicro(), at.Add(pause).UnixMicro(), to.ID, d.At.UnixMicro()); err != nil {
		return err
	}
	reason, since := "it has failed for five days, at last: "+d.Error, at.Add(-patience)
	if d.Status == http.StatusGone {
		reason, since = "it answered that it is gone (410)", at
	}
	_, err := c.Exec(ctx, giveUp, at.UnixMicro(), reason, to.ID, since.UnixMicro())
	return err
}

// Deliveries returns up to limit deliveries to an endpoint, newest first; after is the id of the last that was seen, or
// empty.
func (e *Endpoints) Deliveries(ctx context.Context, s innards.Scope, endpoint, after string, limit int) (all []Delivery, err error) {
	if _, err := e.Get(ctx, s, endpoint); err != nil {
		return nil, err
	}
	if after == "" {
		after = "~" // above every id
	}
	err = e.session.Rows(ctx, func(rows *sql.Rows) error {
		var d Delivery
		var at, took int64
		err := rows.Scan(&d.ID, &d.Endpoint, &d.Event, &d.Job, &d.Attempt, &d.Status, &d.Error, &at, &took)
		d.At, d.Took = bunstore.Instant(at), time.Duration(took)*time.Microsecond
		all = append(all, d)
		return err
	}, listDeliveries, s.Tenant(), endpoint, after, limit)
	return all, err
}

// Forget removes up to limit deliveries from before the instant, and returns how many.
func (e *Endpoints) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := e.exec(ctx, forgetDeliveries, before.UnixMicro(), limit)
	return int(n), err
}
