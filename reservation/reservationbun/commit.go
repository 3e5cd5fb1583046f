package reservationbun

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

var wholeColumns = slices.Concat(stateColumns, restColumns, []string{"due_at", "version", "doc"})

func assign(columns []string) string { return strings.Join(columns, " = ?, ") + " = ?" }

const seenText = "SELECT 1 FROM innards_property WHERE tenant = ? AND id = ? AND version = ?"

var (
	stateText = "UPDATE innards_reservation AS r SET " + assign(stateColumns) + ", due_at = ?, version = ?, doc = ? WHERE r.id = ? AND r.version = ?"
	wholeText = "UPDATE innards_reservation AS r SET " + assign(wholeColumns) + " WHERE r.id = ? AND r.version = ?"
)

// tsvector is PostgreSQL's form of the words in a parameter.
const tsvector = "array_to_tsvector(string_to_array(?, ' '))"

// insertText returns the statement that inserts a row, with columns that only one database has.
func insertText(columns, values string) string {
	return "INSERT INTO innards_reservation (" + columns + strings.Join(wholeColumns, ", ") + ", id, tenant, property) VALUES (" +
		values + "?" + strings.Repeat(", ?", len(wholeColumns)+2) + ")"
}

// aloneStmts are an update and its entry in one statement: whatever the property, and with a version of it that was
// seen. The property is locked first, as everywhere.
type aloneStmts struct{ unseen, seen *bunstore.Alone }

func aloneTexts(update string) aloneStmts {
	return aloneStmts{
		rowScope.Alone("changed AS (" + update + " AND {scope} RETURNING 1)"),
		rowScope.Alone("seen AS (" + seenText + " FOR SHARE), changed AS (" + update + " AND EXISTS (SELECT 1 FROM seen) AND {scope} RETURNING 1)"),
	}
}

// The statements that write a reservation. Their parameters are in the order of the columns.
var (
	// On SQLite an index is written whenever one of its columns is set, changed or not. So this one sets none of them.
	updateState = rowScope.Stmt("UPDATE innards_reservation AS r SET " + assign(stateColumns) +
		", version = ?, doc = ? WHERE r.id = ? AND r.version = ? AND r.due_at IS ? AND {scope}")
	updateWhole = rowScope.Stmt(wholeText + " AND {scope}")
	insertWhole = bunstore.Each(insertText("", ""), insertText("words, ", tsvector+", "))

	// On PostgreSQL a plain change is one statement.
	stateAlone = aloneTexts(stateText)
	wholeAlone = aloneTexts(wholeText)

	isSeen      = rowScope.Stmt("SELECT 1 FROM innards_reservation r WHERE r.id = ? AND {scope}")
	seenVersion = bunstore.Each(seenText, seenText+" FOR SHARE")

	setWords = bunstore.Each(
		`INSERT OR REPLACE INTO innards_reservation_word (words, rowid) VALUES (?, (SELECT seq FROM innards_reservation WHERE tenant = ? AND id = ?))`,
		`UPDATE innards_reservation SET words = `+tsvector+` WHERE tenant = ? AND id = ?`)
	dropTerms = bunstore.Both("DELETE FROM innards_reservation_term WHERE tenant = ? AND reservation = ?")
	addTerms  = bunstore.Each(
		`INSERT INTO innards_reservation_term (tenant, reservation, name, value)
		SELECT ?, ?, t.value ->> 'name', t.value ->> 'value' FROM json_each(?) t`,
		`INSERT INTO innards_reservation_term (tenant, reservation, name, value)
		SELECT ?, ?, t.name, t.value FROM json_to_recordset(?) AS t (name text, value text)`)
)

// Commit implements [reservation.Store].
func (s *Store) Commit(ctx context.Context, c *reservation.Change) error {
	w, err := s.prepare(c)
	if err != nil {
		return err
	}
	if w.isPlain() && s.on.DB().Dialect() == bunstore.Postgres && !s.on.Hosted() {
		return s.commitAlone(ctx, w)
	}
	return s.on.Write(ctx, bunstore.Work{Run: w.run})
}

// prepare makes the change ready to be written, if its scope may write it.
func (s *Store) prepare(c *reservation.Change) (*write, error) {
	if err := c.Scope.Err(); err != nil {
		return nil, err
	}
	head := &c.Head
	if head.Tenant != c.Scope.Tenant() || head.Version == 0 && !c.Scope.Sees(head.Tenant, c.After.Property, c.After.Party) {
		return nil, innards.ErrNotFound
	}
	return s.newWrite(c)
}

func (s *Store) commitAlone(ctx context.Context, w *write) error {
	stmts, values := wholeAlone, w.whole()
	if w.same {
		stmts, values = stateAlone, slices.Concat(w.state, []any{w.due, w.after.Version, w.doc})
	}
	values = append(values, w.Head.ID, w.Head.Version)
	alone := stmts.unseen
	if w.SeenProperty != 0 {
		alone, values = stmts.seen, append([]any{w.after.Tenant, w.after.Property, w.SeenProperty}, values...)
	}
	st, args := alone.For(w.Scope, w.record, values...)
	err := s.on.WriteAlone(ctx, st, args...)
	if errors.Is(err, innards.ErrStale) {
		return w.whyStale(ctx, s.on)
	}
	return err
}

// run writes the change. What may stand against it comes first, so that on SQLite it fails before it has written
// anything.
func (w *write) run(ctx context.Context, c *bunstore.Conn) error {
	for _, step := range []func(context.Context, *bunstore.Conn) error{w.check, w.claims.look, w.writeRow, w.index, w.claims.write, w.record.Write} {
		if err := step(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// check looks at what the decision rests on beside the reservation.
func (w *write) check(ctx context.Context, c *bunstore.Conn) error {
	if w.SeenProperty != 0 {
		if err := checkProperty(ctx, c, propertyID{w.after.Tenant, w.after.Property}, w.SeenProperty); err != nil {
			return err
		}
	}
	return w.record.CheckKey(ctx, c)
}

// checkProperty returns ErrStale if the property is at another version by now.
func checkProperty(ctx context.Context, c *bunstore.Conn, p propertyID, version int64) error {
	err := c.Row(ctx, []any{new(int)}, seenVersion, p.tenant, p.id, version)
	if errors.Is(err, innards.ErrNotFound) {
		return innards.ErrStale
	}
	return err
}

// writeRow writes the row if it is still at the version that the decision rests on.
func (w *write) writeRow(ctx context.Context, c *bunstore.Conn) error {
	if w.Head.Version == 0 {
		return w.insertRow(ctx, c)
	}
	if w.same && c.Dialect() == bunstore.SQLite {
		st, args := updateState.For(w.Scope, append(slices.Clip(w.state), w.after.Version, w.doc, w.Head.ID, w.Head.Version, w.due)...)
		if n, err := c.Exec(ctx, st, args...); n > 0 || err != nil {
			return err
		} // its due time has changed as well, if not the version
	}
	st, args := updateWhole.For(w.Scope, append(w.whole(), w.Head.ID, w.Head.Version)...)
	err := c.Write(ctx, st, args...)
	if errors.Is(err, innards.ErrStale) {
		return w.whyStale(ctx, c)
	}
	return err
}

// insertRow writes a new row; on PostgreSQL with its words, since an update would write every index again.
func (w *write) insertRow(ctx context.Context, c *bunstore.Conn) error {
	args := append(w.whole(), w.Head.ID, w.after.Tenant, w.after.Property)
	if c.Dialect() == bunstore.Postgres {
		args = append([]any{w.words}, args...)
	}
	return c.Write(ctx, insertWhole, args...)
}

// whyStale returns ErrNotFound if the scope does not see the stored reservation, else ErrStale.
func (w *write) whyStale(ctx context.Context, from bunstore.Reader) error {
	st, args := isSeen.For(w.Scope, w.Head.ID)
	if err := from.Row(ctx, []any{new(int)}, st, args...); err != nil {
		return err
	}
	return innards.ErrStale
}

// index brings the words and terms up to date.
func (w *write) index(ctx context.Context, c *bunstore.Conn) error {
	if err := w.writeWords(ctx, c); err != nil {
		return err
	}
	return w.writeTerms(ctx, c)
}

func (w *write) writeWords(ctx context.Context, c *bunstore.Conn) error {
	inserted := w.Head.Version == 0 && c.Dialect() == bunstore.Postgres
	if w.words == nil || inserted {
		return nil
	}
	_, err := c.Exec(ctx, setWords, *w.words, w.after.Tenant, w.Head.ID)
	return err
}

func (w *write) writeTerms(ctx context.Context, c *bunstore.Conn) error {
	tenant, id := w.after.Tenant, w.Head.ID
	if w.terms == nil {
		return nil
	}
	if w.Head.Version > 0 {
		if _, err := c.Exec(ctx, dropTerms, tenant, id); err != nil {
			return err
		}
	}
	_, err := c.Exec(ctx, addTerms, tenant, id, *w.terms)
	return err
}
