package web

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"

	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/reservation"
)

// query returns a parameter of the address, or the other if it is not there.
func (v *view) query(name, other string) string { return cmp.Or(v.r.URL.Query().Get(name), other) }

// A bookmark is where a page of a list begins, with the sorting that it belongs to.
type bookmark struct {
	Sort  reservation.Field `json:"s"`
	Value string            `json:"v"`
	ID    string            `json:"i"`
}

// cursor reads where the page begins. The store checks what it says, as anybody can make one.
func (v *view) cursor(sort reservation.Field) (*reservation.Cursor, error) {
	given := v.query("after", "")
	if given == "" {
		return nil, nil
	}
	var b bookmark
	text, err := base64.RawURLEncoding.DecodeString(given)
	if err != nil || json.Unmarshal(text, &b) != nil || b.Sort != sort || b.ID == "" {
		return nil, problem.At(problem.Invalid, "query.after", "it is not the next page of this list")
	}
	return &reservation.Cursor{Value: b.Value, ID: b.ID}, nil
}

// next returns the address of the page that begins there; empty if there is none.
func (v *view) next(c *reservation.Cursor, sort reservation.Field) string {
	if c == nil {
		return ""
	}
	text, err := json.Marshal(bookmark{sort, c.Value, c.ID})
	if err != nil {
		return "" // three strings can be encoded
	}
	return v.with("after", base64.RawURLEncoding.EncodeToString(text))
}

// with returns the address of this page with a parameter set, or removed if the value is empty. A list begins anew with
// every other parameter than "after".
func (v *view) with(name, value string) string {
	q := v.r.URL.Query()
	if name != "after" {
		q.Del("after")
	}
	if value == "" {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	return (&url.URL{Path: v.r.URL.Path, RawQuery: q.Encode()}).String()
}
