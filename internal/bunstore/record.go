package bunstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/innards-go/innards"
)

// A Record is an entry ready to be written: all of it was encoded before the transaction began.
type Record struct {
	event  []any
	outbox []any // nil: no messages
	answer []any // nil: no key
	party  []any // nil: it is the one that it was
	erase  []any // nil: nothing is to be erased
}

// Encode makes the entry ready to be written. Party is the one that may see the record from now on.
func (d Domain) Encode(e *innards.Entry, party string, erase bool) (*Record, error) {
	r := &Record{}
	var err error
	if r.event, err = d.eventArgs(&e.Event, party); err != nil {
		return nil, fmt.Errorf("innards: encoding the event: %w", err)
	}
	if len(e.Outbox) > 0 {
		if r.outbox, err = d.outboxArgs(e.Outbox); err != nil {
			return nil, fmt.Errorf("innards: encoding the messages: %w", err)
		}
	}
	if a := e.Answer; a != nil {
		s := e.Scope
		r.answer = []any{d.name, s.Tenant(), s.Property(), s.Party(), a.Key, a.Digest[:], string(a.Body), Micros(a.At)}
	}
	if e.Head.Version > 0 && party != e.Head.Party {
		r.party = []any{party, e.Head.Tenant, e.Head.ID, e.Head.Kind}
	}
	if erase {
		r.erase = []any{e.Head.Tenant, e.Head.ID, e.Head.Kind, e.Event.Sequence}
	}
	return r, nil
}

func (d Domain) eventArgs(e *innards.Event, party string) ([]any, error) {
	moves, err := listJSON(e.Moves)
	if err != nil {
		return nil, err
	}
	overrides, err := listJSON(e.Overrides)
	if err != nil {
		return nil, err
	}
	return []any{
		d.name, e.Tenant, e.Property, party, e.Kind, e.Record, e.Sequence, e.Command, moves, e.Actor, e.Cause, overrides,
		Micros(e.At), e.BusinessDate.String(), textOrNil(e.Payload), textOrNil(e.Private), bytesOrNil(e.Salt),
		hashOrNil(e.Digest), hashOrNil(e.Previous), e.Hash[:],
	}, nil
}

// listJSON returns the list as text, or nil if it is empty.
func listJSON[T any](list []T) (any, error) {
	if len(list) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func textOrNil(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return string(b)
}

func bytesOrNil(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

func hashOrNil(h innards.Hash) any {
	if h == (innards.Hash{}) {
		return nil
	}
	return h[:]
}

// A wireMessage is what messages of one entry differ in.
type wireMessage struct {
	Key     string `json:"key"`
	Kind    string `json:"kind"`
	Payload string `json:"payload"`
}

func (d Domain) outboxArgs(messages []innards.Message) ([]any, error) {
	wire := make([]wireMessage, len(messages))
	for i, m := range messages {
		wire[i] = wireMessage{m.Key, m.Kind, string(m.Payload)}
	}
	text, err := json.Marshal(wire)
	m := messages[0]
	return []any{d.name, m.Tenant, m.Property, m.Record, m.Sequence, Micros(m.At), Micros(m.At), string(text)}, err
}

const eventColumns = `domain, tenant, property, party, kind, record, sequence, command, moves, actor, cause, overrides, at,
	business_date, payload, private, salt, digest, previous, hash`

var marks = strings.TrimSuffix(strings.Repeat("?, ", strings.Count(eventColumns, ",")+1), ", ")

// PostgreSQL's expressions for the cursor of the next event: of the first in its transaction, which has only one unless
// it is the host's, and of any. The second is written so that the planner sees one step into the index.
const (
	firstCursor = "(SELECT (pg_current_xact_id()::text::bigint + ahead) << 16 FROM innards_feed)"
	anyCursor   = `(WITH own AS MATERIALIZED (SELECT ` + firstCursor + ` AS first)
		SELECT coalesce((SELECT max(cursor) + 1 FROM innards_event
			WHERE cursor >= (SELECT first FROM own) AND cursor < (SELECT first + 65536 FROM own)), (SELECT first FROM own)))`
)

// The statements that write an entry on SQLite. On PostgreSQL they are parts of one, see [Alone].
var (
	insertEvent  = Each("INSERT INTO innards_event ("+eventColumns+") VALUES ("+marks+")", "")
	insertOutbox = Each(
		`INSERT INTO innards_outbox (domain, tenant, property, record, sequence, at, due_at, key, kind, payload)
		SELECT ?, ?, ?, ?, ?, ?, ?, m.value ->> 'key', m.value ->> 'kind', m.value ->> 'payload' FROM json_each(?) m ORDER BY m.key`, "")
	insertKey = Each(
		"INSERT INTO innards_key (domain, tenant, property, party, key, digest, body, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "")
)

var (
	findKey      = Both(`SELECT 1 FROM innards_key WHERE domain = ? AND tenant = ? AND property = ? AND party = ? AND key = ?`)
	setParty     = Both(`UPDATE innards_event SET party = ? WHERE tenant = ? AND record = ? AND kind = ?`)
	erasePrivate = Both(`UPDATE innards_event SET private = NULL, salt = NULL
		WHERE tenant = ? AND record = ? AND kind = ? AND sequence < ?`)
)

func eventPart(cursor, from string) string {
	return "INSERT INTO innards_event (cursor, " + eventColumns + ") SELECT " + cursor + ", " + marks + from
}

func outboxPart(from string) string {
	return `INSERT INTO innards_outbox (domain, tenant, property, record, sequence, at, due_at, key, kind, payload)
		SELECT ?, ?, ?, ?, ?::bigint, ?::bigint, ?::bigint, m.key, m.kind, m.payload` + from +
		`ROWS FROM (json_to_recordset(?) AS (key text, kind text, payload text)) WITH ORDINALITY AS m (key, kind, payload, n) ORDER BY m.n`
}

func keyPart(from string) string {
	return "INSERT INTO innards_key (domain, tenant, property, party, key, digest, body, at) SELECT ?, ?, ?, ?, ?, ?, ?, ?" + from
}

// CheckKey returns [innards.ErrStale] if the entry's key is taken. On SQLite, where one transaction writes at a time, it
// is called before the first write, so that nothing is to be undone; on PostgreSQL a unique key decides.
func (r *Record) CheckKey(ctx context.Context, c *Conn) error {
	if r.answer == nil || c.dialect == Postgres {
		return nil
	}
	var one int
	switch err := c.Row(ctx, []any{&one}, findKey, r.answer[:5]...); {
	case err == nil:
		return innards.ErrStale
	case !errors.Is(err, innards.ErrNotFound):
		return err
	}
	return nil
}

// Write writes the entry.
func (r *Record) Write(ctx context.Context, c *Conn) error {
	parts := []part{{setParty, r.party}, {erasePrivate, r.erase}}
	if c.dialect == SQLite {
		parts = append(parts, part{insertEvent, r.event}, part{insertOutbox, r.outbox}, part{insertKey, r.answer})
	}
	for _, p := range parts {
		if p.args == nil {
			continue
		}
		if _, err := c.Exec(ctx, p.statement, p.args...); err != nil {
			return err
		}
	}
	if c.dialect == SQLite {
		return nil
	}
	return r.writeWhole(ctx, c)
}

// A part of writing an entry; nothing if it has no parameters.
type part struct {
	statement *Stmt
	args      []any
}

// Micros returns the instant as it is stored.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// MicrosOrNil is Micros of an instant that may be none.
func MicrosOrNil(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro()
}

// Instant returns the stored instant.
func Instant(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
