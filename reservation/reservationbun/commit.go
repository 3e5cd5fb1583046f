package reservationbun

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/fold"
	"github.com/innards-go/innards/reservation"
)

// The statements that write a reservation. Their parameters are in the order of the columns.
var (
	sameState = rowScope.Stmt("UPDATE innards_reservation AS r SET " + assign(stateColumns) +
		", version = ?, doc = ? WHERE r.id = ? AND r.version = ? AND r.due_at IS ? AND {scope}")
	updateWhole     = rowScope.Stmt(updateText + " AND {scope}")
	updateAlone     = rowScope.Alone("changed AS (" + updateText + " AND {scope} RETURNING 1)")
	updateAloneSeen = rowScope.Alone("seen AS (" + seenText + " FOR SHARE), changed AS (" + updateText +
		" AND EXISTS (SELECT 1 FROM seen) AND {scope} RETURNING 1)")
	insertWhole = bunstore.Both("INSERT INTO innards_reservation (" + strings.Join(wholeColumns, ", ") + ", id, tenant, property) VALUES (?" +
		strings.Repeat(", ?", len(wholeColumns)+2) + ")")
	isSeen = rowScope.Stmt("SELECT 1 FROM innards_reservation r WHERE r.id = ? AND {scope}")

	seenVersion = bunstore.Each(seenText, seenText+" FOR SHARE")

	setWords = bunstore.Each(
		`INSERT OR REPLACE INTO innards_reservation_word (rowid, words) SELECT seq, ? FROM innards_reservation WHERE tenant = ? AND id = ?`,
		`UPDATE innards_reservation SET words = array_to_tsvector(string_to_array(?, ' ')) WHERE tenant = ? AND id = ?`)
	dropTerms = bunstore.Both("DELETE FROM innards_reservation_term WHERE tenant = ? AND reservation = ?")
	addTerms  = bunstore.Each(
		`INSERT INTO innards_reservation_term (tenant, reservation, name, value)
		SELECT ?, ?, t.value ->> 'name', t.value ->> 'value' FROM json_each(?) t`,
		`INSERT INTO innards_reservation_term (tenant, reservation, name, value)
		SELECT ?, ?, t.name, t.value FROM json_to_recordset(?) AS t (name text, value text)`)
)

const seenText = "SELECT 1 FROM innards_property WHERE tenant = ? AND id = ? AND version = ?"

var updateText = "UPDATE innards_reservation AS r SET " + assign(wholeColumns) + " WHERE r.id = ? AND r.version = ?"

var wholeColumns = slices.Concat(stateColumns, restColumns, []string{"due_at", "version", "doc"})

func assign(columns []string) string { return strings.Join(columns, " = ?, ") + " = ?" }

// Commit implements [reservation.Store].
func (s *Store) Commit(ctx context.Context, c *reservation.Change) error {
	if err := c.Scope.Err(); err != nil {
		return err
	}
	head := &c.Head
	if head.Tenant != c.Scope.Tenant() || head.Version == 0 && !c.Scope.Sees(head.Tenant, c.After.Property, c.After.Party) {
		return innards.ErrNotFound
	}
	w, err := s.newWrite(c)
	if err != nil {
		return err
	}
	if w.fitsAlone() {
		return s.commitAlone(ctx, w)
	}
	return s.on.Write(ctx, bunstore.Work{Run: w.run, Risky: w.claims != nil})
}

// fitsAlone reports whether the change is one row and its entry, for which PostgreSQL needs no more than one statement.
func (w *write) fitsAlone() bool {
	return !w.onSQLite && w.Head.Version > 0 && w.words == nil && w.terms == nil && w.claims == nil && w.record.FitsAlone()
}

func (s *Store) commitAlone(ctx context.Context, w *write) error {
	alone, before := updateAlone, w.whole()
	if w.SeenProperty != 0 {
		alone, before = updateAloneSeen, append([]any{w.after.Tenant, w.after.Property, w.SeenProperty}, before...)
	}
	st, args := alone.For(w.Scope, w.record, append(before, w.Head.ID, w.Head.Version)...)
	err := s.on.WriteAlone(ctx, st, args...)
	if errors.Is(err, innards.ErrStale) {
		return w.whyStale(ctx, s.on)
	}
	return err
}

// whyStale returns ErrNotFound if the scope does not see the stored reservation, else ErrStale.
func (w *write) whyStale(ctx context.Context, from bunstore.Reader) error {
	st, args := isSeen.For(w.Scope, w.Head.ID)
	if err := from.Row(ctx, []any{new(int)}, st, args...); err != nil {
		return err
	}
	return innards.ErrStale
}

// A write is a change with all that could be made ready before its transaction.
type write struct {
	*reservation.Change
	onSQLite bool
	after    reservation.Reservation // as it will be stored
	record   *bunstore.Record
	doc      string
	state    []any
	rest     []any
	due      any
	same     bool    // nothing but the state has changed
	words    *string // nil: the same as before
	terms    *string // JSON; nil: the same as before
	claims   *claims // nil: none are freed or taken
}

func (s *Store) newWrite(c *reservation.Change) (w *write, err error) {
	w = &write{Change: c, onSQLite: s.on.DB().Dialect() == bunstore.SQLite, after: c.After, due: bunstore.MicrosOrNil(c.Due)}
	w.after.Version, w.after.Hash = c.Event.Sequence, c.Event.Hash
	if w.doc, err = documentOf(&w.after); err != nil {
		return nil, err
	}
	if w.record, err = s.on.Encode(&c.Entry, c.After.Party, c.Erase); err != nil {
		return nil, err
	}
	w.state = stateOf(&c.After)
	if w.rest, err = restOf(&c.After); err != nil {
		return nil, err
	}
	before, err := restOf(&c.Before)
	w.same = err == nil && slices.Equal(before, w.rest)
	w.newWords()
	if err := w.newTerms(); err != nil {
		return nil, err
	}
	w.claims, err = newClaims(c)
	return w, err
}

// newWords finds out whether what is searched for words has changed.
func (w *write) newWords() {
	before, after := &w.Before, &w.After
	if before.Guest.Name == after.Guest.Name && before.Guest.Email == after.Guest.Email &&
		before.Guest.Phone == after.Guest.Phone && before.Number == after.Number {
		return
	}
	words := strings.Join(fold.Words(after.Guest.Name, after.Guest.Email, after.Guest.Phone, after.Number), " ")
	w.words = &words
}

// newTerms finds out whether rooms or attributes have changed.
func (w *write) newTerms() error {
	before, _ := w.Before.Rooms()
	after, _ := w.After.Rooms()
	if slices.Equal(before, after) && maps.Equal(w.Before.Attributes, w.After.Attributes) {
		return nil
	}
	terms := []term{}
	for _, room := range after {
		terms = append(terms, term{roomTerm, room})
	}
	for name, value := range w.After.Attributes {
		terms = append(terms, term{attributeTerm + name, value})
	}
	text, err := documentOf(terms)
	w.terms = &text
	return err
}

// A term is what a reservation has several of.
type term struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

const (
	roomTerm      = "room"
	attributeTerm = "attribute."
)

// run writes the change. What may stand against it comes first, so that a change without claims fails before it has
// written anything.
func (w *write) run(ctx context.Context, c *bunstore.Conn) error {
	if err := w.checkSeen(ctx, c); err != nil {
		return err
	}
	if err := w.writeRow(ctx, c); err != nil {
		return err
	}
	if err := w.index(ctx, c); err != nil {
		return err
	}
	if w.claims != nil {
		if err := w.claims.write(ctx, c); err != nil {
			return err
		}
	}
	return w.record.Write(ctx, c)
}

// checkSeen looks at what the decision rests on beside the reservation.
func (w *write) checkSeen(ctx context.Context, c *bunstore.Conn) error {
	if w.SeenProperty != 0 {
		err := c.Row(ctx, []any{new(int)}, seenVersion, w.after.Tenant, w.after.Property, w.SeenProperty)
		if errors.Is(err, innards.ErrNotFound) {
			return innards.ErrStale
		}
		if err != nil {
			return err
		}
	}
	if w.onSQLite {
		return w.record.CheckKey(ctx, c)
	}
	return nil
}

func (w *write) writeRow(ctx context.Context, c *bunstore.Conn) error {
	if w.Head.Version == 0 {
		args := slices.Concat(w.whole(), []any{w.Head.ID, w.after.Tenant, w.after.Property})
		return c.Write(ctx, insertWhole, args...)
	}
	if w.same && w.onSQLite {
		st, args := sameState.For(w.Scope, slices.Concat(w.state, []any{w.after.Version, w.doc, w.Head.ID, w.Head.Version, w.due})...)
		if n, err := c.Exec(ctx, st, args...); n > 0 || err != nil {
			return err
		}
		// Its due time, or more, has changed.
	}
	st, args := updateWhole.For(w.Scope, append(w.whole(), w.Head.ID, w.Head.Version)...)
	err := c.Write(ctx, st, args...)
	if errors.Is(err, innards.ErrStale) {
		return w.whyStale(ctx, c)
	}
	return err
}

// whole returns the values of wholeColumns.
func (w *write) whole() []any {
	return slices.Concat(w.state, w.rest, []any{w.due, w.after.Version, w.doc})
}

// index brings the words and terms up to date.
func (w *write) index(ctx context.Context, c *bunstore.Conn) error {
	tenant, id := w.after.Tenant, w.Head.ID
	if w.words != nil {
		if _, err := c.Exec(ctx, setWords, *w.words, tenant, id); err != nil {
			return err
		}
	}
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
