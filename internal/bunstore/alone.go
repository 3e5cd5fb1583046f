package bunstore

import (
	"context"
	"slices"

	"github.com/innards-go/innards"
)

// An Alone is a change of one row and its entry as one statement of PostgreSQL, which is a transaction by itself: either
// all of it is written, or, if the row does not match, nothing. See [Session.WriteAlone].
type Alone [4]*Scoped

// Alone returns the statement. Change is a list of common table expressions, in which {scope} stands for the condition
// that the scope sees the row, and of which "changed" writes the row and returns something if it did.
func (c Confine) Alone(change string) *Alone {
	var a Alone
	for i, text := range entryTexts(change, firstCursor) {
		a[i] = c.Each("", text)
	}
	return &a
}

// entryTexts returns the statements that write an entry if "changed" has a row, by [Record.parts]. They affect as many
// rows as there are events: one or none.
func entryTexts(change, cursor string) (texts [4]string) {
	for i := range texts {
		texts[i] = "WITH " + change
		if i&hasMessages != 0 {
			texts[i] += ", messages AS (" + outboxPart(" FROM changed, ") + ")"
		}
		if i&hasAnswer != 0 {
			texts[i] += ", answer AS (" + keyPart(" FROM changed") + ")"
		}
		texts[i] += " " + eventPart(cursor, " FROM changed")
	}
	return texts
}

// What an entry may have beside its event.
const (
	hasMessages = 1 << iota
	hasAnswer
)

// parts says what the entry has.
func (r *Record) parts() (parts int) {
	if r.outbox != nil {
		parts |= hasMessages
	}
	if r.answer != nil {
		parts |= hasAnswer
	}
	return parts
}

func (r *Record) args() []any {
	return slices.Concat(r.outbox, r.answer, r.event)
}

// For returns the statement for the scope and the entry, and its parameters: those of the change that come before the
// scope's, and the others.
func (a *Alone) For(s innards.Scope, r *Record, before ...any) (*Stmt, []any) {
	st, args := a[r.parts()].For(s, before...)
	return st, append(args, r.args()...)
}

// FitsAlone reports whether the entry needs no more than one statement.
func (r *Record) FitsAlone() bool { return r.party == nil && r.erase == nil }

// The statements that write an entry whatever else there is, as the only entry of its transaction and as one of several.
var singleEntries, severalEntries = entries(firstCursor), entries(anyCursor)

func entries(cursor string) (stmts [4]*Stmt) {
	for i, text := range entryTexts("changed AS (SELECT 1)", cursor) {
		stmts[i] = Each("", text)
	}
	return stmts
}

// writeWhole writes event, messages and answer with one statement of PostgreSQL.
func (r *Record) writeWhole(ctx context.Context, c *Conn) error {
	stmts := singleEntries
	if c.several {
		stmts = severalEntries
	}
	_, err := c.Exec(ctx, stmts[r.parts()], r.args()...)
	return err
}
