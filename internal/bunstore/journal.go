package bunstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/innards-go/innards"
)

// A Journal is the [innards.Journal] of one package, to be embedded in its store.
type Journal struct{ on Domain }

var _ innards.Journal = Journal{}

// Journal returns the journal of the package.
func (d Domain) Journal() Journal { return Journal{d} }

var (
	eventScope = Confine{"tenant", "property", "party"}

	history = eventScope.Stmt("SELECT cursor, " + eventColumns + ` FROM innards_event
		WHERE record = ? AND kind = ? AND domain = ? AND sequence > ? AND {scope} ORDER BY sequence LIMIT ?`)
	recordExists = eventScope.Stmt("SELECT 1 FROM innards_event WHERE record = ? AND kind = ? AND domain = ? AND {scope} LIMIT 1")

	// On PostgreSQL a transaction that began earlier may end later, so that its events would appear below a cursor that
	// was already returned. Therefore the feed ends before the oldest transaction that is still running.
	feed = eventScope.Each("SELECT cursor, "+eventColumns+` FROM innards_event
		WHERE domain = ? AND cursor > ? AND {scope} ORDER BY cursor LIMIT ?`,
		"SELECT cursor, "+eventColumns+` FROM innards_event
		WHERE domain = ? AND cursor > ? AND {scope}
		AND cursor < (SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ahead) << 16 FROM innards_feed)
		ORDER BY cursor LIMIT ?`)
)

// History implements [innards.Journal].
func (j Journal) History(ctx context.Context, s innards.Scope, kind, record string, after int64, limit int) ([]innards.Event, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	st, args := history.For(s, record, kind, j.on.name, after)
	events, err := j.events(ctx, st, append(args, limit)...)
	if err != nil || len(events) > 0 {
		return events, err
	}
	var one int
	st, args = recordExists.For(s, record, kind, j.on.name)
	return nil, j.on.Row(ctx, []any{&one}, st, args...)
}

// Feed implements [innards.Journal].
func (j Journal) Feed(ctx context.Context, s innards.Scope, after int64, limit int) ([]innards.Event, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	st, args := feed.For(s, j.on.name, after)
	return j.events(ctx, st, append(args, limit)...)
}

func (j Journal) events(ctx context.Context, st *Stmt, args ...any) (events []innards.Event, err error) {
	err = j.on.Rows(ctx, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		events = append(events, e)
		return err
	}, st, args...)
	return events, err
}

func scanEvent(rows *sql.Rows) (e innards.Event, err error) {
	var domain, party, businessDate string
	var moves, overrides []byte
	var at int64
	digest, previous, hash := []byte{}, []byte{}, []byte{}
	err = rows.Scan(&e.Cursor, &domain, &e.Tenant, &e.Property, &party, &e.Kind, &e.Record, &e.Sequence, &e.Command, &moves,
		&e.Actor, &e.Cause, &overrides, &at, &businessDate, &e.Payload, &e.Private, &e.Salt, &digest, &previous, &hash)
	if err != nil {
		return e, err
	}
	e.At = Instant(at)
	copy(e.Digest[:], digest)
	copy(e.Previous[:], previous)
	copy(e.Hash[:], hash)
	if err := e.BusinessDate.UnmarshalText([]byte(businessDate)); err != nil {
		return e, corrupt(e, err)
	}
	if err := parseList(moves, &e.Moves); err != nil {
		return e, corrupt(e, err)
	}
	if err := parseList(overrides, &e.Overrides); err != nil {
		return e, corrupt(e, err)
	}
	return e, nil
}

func corrupt(e innards.Event, err error) error {
	return fmt.Errorf("%w: event %d of %s %s: %w", innards.ErrCorrupt, e.Sequence, e.Kind, e.Record, err)
}

func parseList(text []byte, list any) error {
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, list)
}

// keepKey leaves alone what is kept already.
var keepKey = Both("INSERT INTO innards_key (domain, tenant, property, party, key, digest, body, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")

// Keep keeps the answer under its key for the scope, unless one is kept already, and returns the one that is kept then.
func (j Journal) Keep(ctx context.Context, s innards.Scope, a innards.Answer) (kept innards.Answer, err error) {
	if err := s.Err(); err != nil {
		return kept, err
	}
	args := append(j.on.AnswerArgs(s, a.Key), a.Digest[:], string(a.Body), Micros(a.At))
	err = j.on.Write(ctx, Work{Run: func(ctx context.Context, c *Conn) error {
		if _, err := c.Exec(ctx, keepKey, args...); err != nil {
			return err
		}
		prior, err := j.on.Prior(ctx, c, s, a.Key)
		switch {
		case err != nil:
			return err
		case prior == nil: // the host's snapshot is older than the one that is kept
			return innards.ErrStale
		}
		kept = *prior
		return nil
	}})
	return kept, err
}

var forget = Both(`DELETE FROM innards_key WHERE id IN (SELECT id FROM innards_key WHERE domain = ? AND at < ? ORDER BY at LIMIT ?)`)

// Forget removes up to limit answers from before the instant, and returns how many.
func (j Journal) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := j.on.Write(ctx, Work{Run: func(ctx context.Context, c *Conn) (err error) {
		n, err = c.Exec(ctx, forget, j.on.name, Micros(before), limit)
		return err
	}})
	return int(n), err
}
