package bunstore

import (
	"strings"

	"github.com/innards-go/innards"
)

// An Alone is a change of one row and its entry as one statement of PostgreSQL: either all of it is written, or, if the
// row does not match, nothing. See [Session.WriteAlone].
type Alone struct {
	plain, messages, answer, both *Scoped
}

// Alone returns the statement. Change is a list of common table expressions, in which {scope} stands for the condition
// that the scope sees the row, and of which "changed" writes the row and returns something if it did.
func (c Confine) Alone(change string) *Alone {
	text := "WITH " + change + ", event AS (" + eventPart(" FROM changed") + ")"
	messages := ", messages AS (" + outboxPart(" FROM changed") + ")"
	answer := ", answer AS (" + keyPart(" FROM changed") + ")"
	make := func(parts ...string) *Scoped {
		return c.Each("", text+strings.Join(parts, "")+" SELECT count(*) FROM changed")
	}
	return &Alone{make(), make(messages), make(answer), make(messages, answer)}
}

// For returns the statement for the scope and the entry, and its parameters: those of the change that come before the
// scope's, and the others.
func (a *Alone) For(s innards.Scope, r *Record, before ...any) (*Stmt, []any) {
	scoped := a.plain
	switch {
	case r.outbox != nil && r.answer != nil:
		scoped = a.both
	case r.outbox != nil:
		scoped = a.messages
	case r.answer != nil:
		scoped = a.answer
	}
	st, args := scoped.For(s, before...)
	args = append(args, r.event...)
	args = append(args, r.outbox...)
	return st, append(args, r.answer...)
}

// FitsAlone reports whether the entry needs no more than one statement.
func (r *Record) FitsAlone() bool { return r.party == nil && r.erase == nil }
