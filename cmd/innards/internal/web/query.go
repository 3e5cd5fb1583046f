package web

import (
	"cmp"
	"net/url"

	"github.com/innards-go/innards/cmd/innards/internal/cursor"
	"github.com/innards-go/innards/reservation"
)

// query returns a parameter of the address, or the other if it is not there.
func (v *view) query(name, other string) string { return cmp.Or(v.r.URL.Query().Get(name), other) }

// cursor reads where the page begins.
func (v *view) cursor(sort reservation.Field) (*reservation.Cursor, error) {
	return cursor.Parse(v.query("after", ""), sort)
}

// next returns the address of the page that begins there; empty if there is none.
func (v *view) next(c *reservation.Cursor, sort reservation.Field) string {
	if c == nil {
		return ""
	}
	return v.with("after", cursor.Text(c, sort))
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
