// Package cursor turns the end of a page into the text that asks for the next one, in the API and in pages.
package cursor

import (
	"encoding/base64"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/reservation"
)

// A mark is what the text holds.
type mark struct {
	Sort  reservation.Field `json:"s"`
	Value string            `json:"v"`
	ID    string            `json:"i"`
}

// Text returns the text of a page's end, in the sorting of its list; empty for the last page.
func Text(c *reservation.Cursor, sort reservation.Field) string {
	if c == nil {
		return ""
	}
	text, err := json.Marshal(mark{sort, c.Value, c.ID})
	if err != nil {
		return "" // three strings can be encoded
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// Parse reads the end of the page before, nil for the first page. It is checked like any input, since anybody can make one; an
// error is a problem with the parameter "after".
func Parse(text string, sort reservation.Field) (*reservation.Cursor, error) {
	if text == "" {
		return nil, nil
	}
	var m mark
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &m) != nil || m.Sort != sort || !m.fits() {
		return nil, problem.At(problem.Invalid, "query.after", "it is not the next of a page with the same sorting")
	}
	return &reservation.Cursor{Value: m.Value, ID: m.ID}, nil
}

// fits reports whether the value is one of the sorting field.
func (m mark) fits() bool {
	var err error
	switch m.Sort {
	case reservation.FieldArrival, reservation.FieldDeparture:
		_, err = innards.ParseDate(m.Value)
	case reservation.FieldCreated:
		_, err = time.Parse(time.RFC3339Nano, m.Value)
	}
	return err == nil && isPlain(m.Value) && isPlain(m.ID)
}

func isPlain(s string) bool {
	if !utf8.ValidString(s) || len(s) > 2000 {
		return false
	}
	for _, r := range s {
		if r < ' ' {
			return false
		}
	}
	return true
}
