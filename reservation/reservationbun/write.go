package reservationbun

import (
	"maps"
	"slices"

	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/fold"
	"github.com/innards-go/innards/reservation"
)

// A write is a change with all that could be made ready before its transaction.
type write struct {
	*reservation.Change
	after  reservation.Reservation // as it will be stored
	record *bunstore.Record
	doc    string
	state  []any // values of stateColumns
	rest   []any // values of restColumns
	due    any
	same   bool    // nothing but the state has changed
	words  *string // nil: the same as before
	terms  *string // JSON; nil: the same as before
	claims *claims // nil: none are freed or taken
}

func (s *Store) newWrite(c *reservation.Change) (w *write, err error) {
	w = &write{Change: c, after: c.After, due: bunstore.MicrosOrNil(c.Due), state: stateOf(&c.After)}
	w.after.Version, w.after.Hash = c.Event.Sequence, c.Event.Hash
	if w.doc, err = documentOf(&w.after); err != nil {
		return nil, err
	}
	if w.record, err = s.on.Encode(&c.Entry, c.After.Party, c.Erase); err != nil {
		return nil, err
	}
	if w.rest, err = restOf(&c.After); err != nil {
		return nil, err
	}
	before, err := restOf(&c.Before)
	w.same = err == nil && slices.Equal(before, w.rest)
	w.words = s.newWords(&c.Before, &c.After)
	if w.terms, err = newTerms(&c.Before, &c.After); err != nil {
		return nil, err
	}
	w.claims, err = newClaims(c)
	return w, err
}

// whole returns the values of wholeColumns.
func (w *write) whole() []any {
	return slices.Concat(w.state, w.rest, []any{w.due, w.after.Version, w.doc})
}

// isPlain reports whether nothing is to be written but the row and its entry.
func (w *write) isPlain() bool {
	return w.Head.Version > 0 && w.words == nil && w.terms == nil && w.claims == nil && w.record.FitsAlone()
}

// newWords returns the words by which the reservation is found, or nil if they have not changed.
func (s *Store) newWords(before, after *reservation.Reservation) *string {
	texts := after.SearchTexts()
	if texts == before.SearchTexts() {
		return nil
	}
	words := s.indexed(fold.Words(texts[:]...))
	return &words
}

// A Term is one of the rooms or attributes by which a reservation is found, as the store keeps it.
type Term struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// The names of terms.
const (
	roomTerm      = "room"
	attributeTerm = "attribute." // and the name of the attribute
)

// Terms returns the terms of a reservation: its rooms in their order, and its attributes in any.
func Terms(r *reservation.Reservation) []Term {
	terms := []Term{}
	rooms, _ := r.Rooms()
	for _, room := range rooms {
		terms = append(terms, Term{roomTerm, room})
	}
	for name, value := range r.Attributes {
		terms = append(terms, Term{attributeTerm + name, value})
	}
	return terms
}

// newTerms returns the terms as JSON, or nil if they have not changed.
func newTerms(before, after *reservation.Reservation) (*string, error) {
	rooms, _ := before.Rooms()
	newRooms, _ := after.Rooms()
	if slices.Equal(rooms, newRooms) && maps.Equal(before.Attributes, after.Attributes) {
		return nil, nil
	}
	text, err := documentOf(Terms(after))
	return &text, err
}
