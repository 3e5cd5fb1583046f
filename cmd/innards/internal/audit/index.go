package audit

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/fold"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
)

// summary compares what lists show of the reservation, which they read from columns, with what its document says.
func (a *Audit) summary(ctx context.Context, l *look, actor innards.Actor, r *reservation.Reservation) error {
	where := reservation.All(reservation.Test{Field: reservation.FieldID, Op: reservation.OpIs, Value: r.ID})
	list, err := a.Store.List(ctx, actor.Scope(), reservation.Query{Where: []reservation.Condition{where}, Limit: 1})
	if err != nil {
		return err
	}
	told, err := r.Summary()
	if err != nil {
		l.found("reservation %s: %v", r.ID, err)
		return nil
	}
	if len(list.Items) == 0 {
		l.found("reservation %s is in no list", r.ID)
		return nil
	}
	l.compare(r.ID, "lists say %s %s, but its document %s", list.Items[0], told)
	return nil
}

var (
	// The words are kept in an index that does not tell them, but whether all of some are there, and how many there are.
	findIndex = bunstore.Each(`
		SELECT r.due_at, EXISTS (SELECT 1 FROM innards_reservation_word w WHERE w.rowid = r.seq AND w.words MATCH ?),
			(SELECT z.sz FROM innards_reservation_word_docsize z WHERE z.id = r.seq)
		FROM innards_reservation r WHERE r.tenant = ? AND r.id = ?`, `
		SELECT r.due_at, coalesce(r.words = array_to_tsvector(string_to_array(?, ' ')), false), NULL::bytea
		FROM innards_reservation r WHERE r.tenant = ? AND r.id = ?`)
	findTerms = bunstore.Both("SELECT name || ' ' || value FROM innards_reservation_term WHERE tenant = ? AND reservation = ?")
)

// index compares the words and terms by which the reservation is found, and its due time, with what they are made from.
func (a *Audit) index(ctx context.Context, l *look, r *reservation.Reservation, p *reservation.Property) error {
	texts := r.SearchTexts()
	words := fold.Words(texts[:]...)
	query := strings.Join(reservationbun.Lexemes(words), " ")
	plain := words
	if a.DB.Dialect() == bunstore.SQLite {
		plain = slices.DeleteFunc(slices.Clone(words), isNew)
		query = `"` + strings.Join(plain, `" AND "`) + `"`
	}
	var due sql.NullInt64
	var found bool
	var size []byte
	err := bunstore.On(a.DB).Row(ctx, []any{&due, &found, &size}, findIndex, query, r.Tenant, r.ID)
	if errors.Is(err, innards.ErrNotFound) {
		return nil // its row is under another id, which the tables tell
	}
	if err != nil {
		return err
	}
	switch n := count(size); {
	case !found:
		l.found("reservation %s is not found by its words", r.ID)
	case n > len(words), n < len(words) && len(plain) == len(words) && size != nil:
		l.found("reservation %s is found by %d words, but has %d", r.ID, n, len(words))
	}
	l.due(r, p, a.Now, due)
	return a.terms(ctx, l, r)
}

// isNew reports whether the word has letters that SQLite may not know as such, since its Unicode is older than Go's.
func isNew(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return r > 0x52f })
}

// count reads the number of words from a record of FTS5: seven bits a byte, the highest first, the last without the eighth.
func count(size []byte) (n int) {
	for _, b := range size {
		n = n<<7 | int(b&0x7f)
		if b < 0x80 {
			break
		}
	}
	return n
}

// due compares the due time with that of the property's rules, unless the property could not be read.
func (l *look) due(r *reservation.Reservation, p *reservation.Property, clock innards.Clock, due sql.NullInt64) {
	if p == nil {
		return
	}
	by := r.DueBy(clock(), p)
	if by != nil && (!due.Valid || due.Int64 > bunstore.Micros(*by)) {
		l.found("reservation %s is not looked at by the sweeps when it is due", r.ID)
	}
}

func (a *Audit) terms(ctx context.Context, l *look, r *reservation.Reservation) error {
	var due []string
	for _, t := range reservationbun.Terms(r) {
		due = append(due, t.Name+" "+t.Value)
	}
	stored, err := a.texts(ctx, findTerms, r.Tenant, r.ID)
	slices.Sort(due)
	slices.Sort(stored)
	if err == nil && !slices.Equal(due, stored) {
		l.found("reservation %s is found by %q, but has %q", r.ID, stored, due)
	}
	return err
}
