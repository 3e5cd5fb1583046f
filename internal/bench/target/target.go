// Package target knows how each server under comparison is spoken to: the spelling of its calls, and the command lines
// that fill and start it. Nothing else in this module names a path of theirs.
package target

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// A Call is one HTTP request.
type Call struct {
	Method string
	Path   string // with the query
	Header []Field
	Body   string // JSON, or empty
}

// A Field is one line of a header.
type Field struct{ Name, Value string }

// A Reservation is what a client has to remember between two calls.
type Reservation struct {
	ID        string
	Version   int
	Confirmed bool
}

// A Target spells the compared calls for one server.
type Target interface {
	// List asks for the page of up to limit reservations of a property that arrive on or after a date, in order of
	// arrival, without counting them all.
	List(property string, from time.Time, limit int) Call
	// Page reads the answer to List.
	Page(body []byte) ([]Reservation, error)
	// Get asks for one reservation.
	Get(Reservation) Call
	// Change confirms the reservation, or revokes the confirmation it has. No two calls have the same key.
	Change(r Reservation, key string) Call
	// Changed reads the answer to Change: the version that the next one must name.
	Changed(body []byte) (version int, err error)
}

// targets holds, for each kind of target, the mode in which its Change is measured: a guarded and recorded transition
// is not the same work as the plain update of a row.
var targets = map[string]struct {
	Target
	mode string
}{
	"innards":          {innards{}, "transition"},
	"pocketbase-route": {pocketbaseRoute{}, "transition"},
	"pocketbase-patch": {pocketbasePatch{}, "patch"},
}

// Modes are the calls that can be measured.
var Modes = []string{"transition", "patch", "get", "list"}

// For returns the target of a kind, if it offers the mode.
func For(kind, mode string) (Target, error) {
	t, ok := targets[kind]
	switch {
	case !ok:
		return nil, fmt.Errorf("unknown kind %q", kind)
	case !slices.Contains(Modes, mode):
		return nil, fmt.Errorf("unknown mode %q", mode)
	case mode != "get" && mode != "list" && mode != t.mode:
		return nil, fmt.Errorf("%s has no %s", kind, mode)
	}
	return t.Target, nil
}

// version reads the field "version" of a record.
func version(body []byte) (int, error) {
	var record struct {
		Version int `json:"version"`
	}
	err := json.Unmarshal(body, &record)
	return record.Version, err
}

// date is a civil date.
func date(t time.Time) string { return t.Format(time.DateOnly) }
