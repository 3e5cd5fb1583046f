package webhook

import (
	"context"
	"errors"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/internal/bunstore"
)

// JobKind is the kind of the jobs that send messages. Their keys are the endpoint's id, a slash and the message's id.
const JobKind = "webhook"

const (
	feedEvery = time.Second
	feedLimit = 100 // events of one page, which bounds the memory and what waits for an endpoint that does not answer
)

// Feed returns the task that makes a job of every event that an endpoint asks for. The journals are by the names of the
// packages. Each endpoint has its own cursor, moved in the transaction that adds the jobs, so that no event is missed and
// none is taken twice.
func (e *Endpoints) Feed(journals map[string]innards.Journal) jobs.Task {
	return jobs.Task{Name: "feed webhooks", Every: feedEvery, Do: func(ctx context.Context) (more bool, err error) {
		active, err := e.list(ctx, activeEndpoints, e.now().UnixMicro())
		if err != nil {
			return false, err
		}
		for _, to := range active {
			for _, name := range e.feeds {
				n, err := e.take(ctx, &to, name, journals[name])
				if err != nil {
					return false, err
				}
				more = more || n == feedLimit
			}
		}
		return more, nil
	}}
}

var (
	getCursor  = bunstore.Both("SELECT cursor FROM innards_server_cursor WHERE endpoint = ? AND feed = ?")
	moveCursor = bunstore.Both("UPDATE innards_server_cursor SET cursor = ? WHERE endpoint = ? AND feed = ? AND cursor = ?")
)

// take makes jobs of the next page of events, and returns how many there were.
func (e *Endpoints) take(ctx context.Context, to *Endpoint, feed string, journal innards.Journal) (int, error) {
	cursor, err := e.cursor(ctx, to, feed)
	if err != nil {
		return 0, err
	}
	events, err := journal.Feed(ctx, to.Scope(), cursor, feedLimit)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	made, err := e.jobsOf(to, events)
	if err != nil {
		return 0, err
	}
	err = e.session.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		if err := c.Write(ctx, moveCursor, events[len(events)-1].Cursor, to.ID, feed, cursor); err != nil {
			return err
		}
		return jobs.Insert(ctx, c, made...)
	}})
	if errors.Is(err, innards.ErrStale) {
		return 0, nil // another process has taken them, or the endpoint was removed
	}
	if err == nil && len(made) > 0 {
		e.queue.Wake(JobKind)
	}
	return len(events), err
}

// cursor returns how far the feed was taken. A feed that is new to the endpoint begins now.
func (e *Endpoints) cursor(ctx context.Context, to *Endpoint, feed string) (cursor int64, err error) {
	err = e.session.Row(ctx, []any{&cursor}, getCursor, to.ID, feed)
	if !errors.Is(err, innards.ErrNotFound) {
		return cursor, err
	}
	if _, err := e.exec(ctx, startCursor, to.ID, feed, to.Tenant, feed); err != nil {
		return 0, err
	}
	return cursor, e.session.Row(ctx, []any{&cursor}, getCursor, to.ID, feed)
}

func (e *Endpoints) jobsOf(to *Endpoint, events []innards.Event) (made []jobs.Job, err error) {
	for _, event := range events {
		if !to.wants(typeOf(&event)) {
			continue
		}
		payload, err := body(&event)
		if err != nil {
			return nil, err
		}
		j := jobs.Job{Kind: JobKind, Key: to.ID + "/" + idOf(&event), Tenant: to.Tenant, Property: to.Property, Record: event.Record, Payload: payload}
		if err := e.queue.Complete(&j); err != nil {
			return nil, err
		}
		made = append(made, j)
	}
	return made, nil
}

// testPrefix is what the ids of test messages begin with.
const testPrefix = "test_"

// Test sends a message of the type "innards.test" to an endpoint, also to one that is disabled, and returns its id, by which
// the log shows what came of it. It is tried once.
func (e *Endpoints) Test(ctx context.Context, s innards.Scope, id string) (message string, err error) {
	to, err := e.Get(ctx, s, id)
	if err != nil {
		return "", err
	}
	if message, err = e.newID(); err != nil {
		return "", err
	}
	message = testPrefix + message
	payload, err := testBody(message, to.Tenant, to.Property, e.now())
	if err != nil {
		return "", err
	}
	return message, e.queue.Add(ctx, jobs.Job{Kind: JobKind, Key: to.ID + "/" + message, Tenant: to.Tenant, Property: to.Property, Payload: payload})
}

// Replay sends everything again to an endpoint that was sent, or given up, of what happened since the instant, and returns
// how much that is. Messages are kept for [jobs.Kept].
func (e *Endpoints) Replay(ctx context.Context, s innards.Scope, id string, since time.Time) (int64, error) {
	to, err := e.Get(ctx, s, id)
	if err != nil {
		return 0, err
	}
	return e.queue.Again(ctx, to.Tenant, JobKind, to.ID+"/evt_", since)
}

// ReplayOne sends one message again to an endpoint.
func (e *Endpoints) ReplayOne(ctx context.Context, s innards.Scope, id, message string) error {
	if _, err := e.Get(ctx, s, id); err != nil {
		return err
	}
	return e.queue.RetryKey(ctx, s, JobKind, id+"/"+message)
}
