package bunstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/innards-go/innards"
)

// isFree is the condition that message m may be leased at an instant, its parameters: no earlier one of its record is
// leased or waiting for its next attempt.
const isFree = `m.due_at <= ? AND NOT EXISTS (SELECT 1 FROM innards_outbox e WHERE e.tenant = m.tenant
	AND e.record = m.record AND e.domain = m.domain AND e.position < m.position AND e.due_at > ?)`

var outboxScope = Confine{Tenant: "m.tenant", Property: "m.property"}

var (
	// The tenants are found one after the other, so that a long queue of one does not hold up the search.
	pending = Both(`WITH RECURSIVE t (tenant) AS (
			SELECT min(tenant) FROM innards_outbox WHERE domain = ?
			UNION ALL
			SELECT (SELECT min(o.tenant) FROM innards_outbox o WHERE o.domain = ? AND o.tenant > t.tenant) FROM t WHERE t.tenant IS NOT NULL
		)
		SELECT t.tenant FROM t WHERE t.tenant IS NOT NULL
		AND EXISTS (SELECT 1 FROM innards_outbox m WHERE m.domain = ? AND m.tenant = t.tenant AND ` + isFree + `) LIMIT ?`)

	findFree = outboxScope.Stmt(`SELECT m.position, m.key, m.kind, m.tenant, m.property, m.record, m.sequence, m.payload, m.at, m.attempts, m.error
		FROM innards_outbox m WHERE m.domain = ? AND ` + isFree + ` AND {scope} ORDER BY m.position LIMIT ?`)
	takeLease = Each(
		`UPDATE innards_outbox SET due_at = ?, attempts = attempts + 1 WHERE position IN (SELECT value FROM json_each(?))`,
		`UPDATE innards_outbox SET due_at = ?, attempts = attempts + 1 WHERE position = ANY(translate(?, '[]', '{}')::bigint[])`)
	// Two callers that lease for one tenant at the same time would disturb the order of a record's messages.
	queueUp = Each("", "SELECT pg_advisory_xact_lock(hashtextextended(? || ' ' || ?, 0))")

	deliveredMessage = outboxScope.Each(
		`DELETE FROM innards_outbox AS m WHERE m.position = ? AND m.attempts = ? AND {scope}`,
		`DELETE FROM innards_outbox m WHERE m.position = ? AND m.attempts = ? AND {scope}`)
	failedMessage = outboxScope.Each(
		`UPDATE innards_outbox AS m SET error = ?, due_at = ? WHERE m.position = ? AND m.attempts = ? AND {scope}`,
		`UPDATE innards_outbox m SET error = ?, due_at = ? WHERE m.position = ? AND m.attempts = ? AND {scope}`)
)

// Pending implements [innards.Journal].
func (j Journal) Pending(ctx context.Context, at time.Time, limit int) (scopes []innards.Scope, err error) {
	err = j.on.Rows(ctx, func(rows *sql.Rows) error {
		var tenant string
		err := rows.Scan(&tenant)
		scopes = append(scopes, innards.Actor{Tenant: tenant}.Scope())
		return err
	}, pending, j.on.name, j.on.name, j.on.name, Micros(at), Micros(at), limit)
	return scopes, err
}

// Lease implements [innards.Journal]. Who is confined to a party has nothing to deliver.
func (j Journal) Lease(ctx context.Context, s innards.Scope, now, until time.Time, limit int) (leased []innards.Message, err error) {
	if err := s.Err(); err != nil || s.Party() != "" {
		return nil, err
	}
	err = j.on.Write(ctx, Work{Run: func(ctx context.Context, c *Conn) (err error) {
		if leased, err = j.free(ctx, c, s, Micros(now), limit); err != nil || len(leased) == 0 {
			return err
		}
		positions := make([]int64, len(leased))
		for i, m := range leased {
			positions[i] = m.Position
		}
		text, err := json.Marshal(positions)
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, takeLease, Micros(until), string(text))
		return err
	}})
	if err != nil {
		return nil, err
	}
	return leased, nil
}

// free returns the messages that may be leased, as they are once they have been.
func (j Journal) free(ctx context.Context, c *Conn, s innards.Scope, now int64, limit int) (found []innards.Message, err error) {
	if c.dialect == Postgres {
		if err := c.Row(ctx, []any{new(any)}, queueUp, j.on.name, s.Tenant()); err != nil {
			return nil, err
		}
	}
	st, args := findFree.For(s, j.on.name, now, now)
	err = c.Rows(ctx, func(rows *sql.Rows) error {
		m, err := scanMessage(rows)
		found = append(found, m)
		return err
	}, st, append(args, limit)...)
	return found, err
}

// scanMessage reads a message that is being leased.
func scanMessage(rows *sql.Rows) (m innards.Message, err error) {
	var at int64
	err = rows.Scan(&m.Position, &m.Key, &m.Kind, &m.Tenant, &m.Property, &m.Record, &m.Sequence, &m.Payload, &at, &m.Attempts, &m.Error)
	m.At = Instant(at)
	m.Attempts++
	return m, err
}

// Settle implements [innards.Journal]. Who is confined to a party has leased nothing.
func (j Journal) Settle(ctx context.Context, s innards.Scope, m innards.Message, failure string, again time.Time) error {
	if err := s.Err(); err != nil || s.Party() != "" {
		return err
	}
	st, args := deliveredMessage.For(s, m.Position, m.Attempts)
	if failure != "" {
		st, args = failedMessage.For(s, failure, Micros(again), m.Position, m.Attempts)
	}
	return j.on.Write(ctx, Work{Run: func(ctx context.Context, c *Conn) error {
		_, err := c.Exec(ctx, st, args...)
		return err
	}})
}
