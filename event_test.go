package innards_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"pgregory.net/rapid"
)

// history returns a sound history of n events and the head that the record keeps.
func history(t fataler, n int) ([]innards.Event, innards.Hash) {
	t.Helper()
	head := innards.Hash{}
	events := make([]innards.Event, n)
	for i := range events {
		e := innards.Event{
			Cursor: int64(100 + i), Kind: "reservation", Tenant: "t", Property: "p", Record: "r", Sequence: int64(i) + 1,
			Command: "amend", Moves: []innards.Move{{Axis: "occupancy", From: "expected", To: "expected"}, {Axis: "guarantee", From: "a", To: "b"}},
			Actor: "staff-7", Cause: "rule 3", Overrides: []innards.Code{"sold_out"},
			At: instant(t, "2024-05-01T10:00:00.000001Z").Add(time.Duration(i) * time.Minute), BusinessDate: date(t, "2024-05-01"),
			Payload: fmt.Appendf(nil, `{"n":%d}`, i),
		}
		if i%2 == 0 {
			e.Private = []byte(`{"reason":"ill"}`)
		}
		e.Seal(head, []byte("0123456789abcdef"))
		events[i], head = e, e.Hash
	}
	return events, head
}

func TestVerifyHistory(t *testing.T) {
	for _, n := range []int{0, 1, 5} {
		events, head := history(t, n)
		if err := innards.VerifyHistory("r", int64(n), head, events); err != nil {
			t.Errorf("a history of %d events: %v", n, err)
		}
	}
}

func TestVerifyHistoryWithoutPrivateParts(t *testing.T) {
	events, head := history(t, 3)
	for i := range events {
		events[i].Private, events[i].Salt = nil, nil // erased
		events[i].Cursor += 5                        // moved to another feed
	}
	if err := innards.VerifyHistory("r", 3, head, events); err != nil {
		t.Error(err)
	}
}

// Every change of a field that the hash covers shows at its event.
func TestVerifyHistoryFindsEveryChange(t *testing.T) {
	for name, change := range map[string]func(*innards.Event){
		"kind":             func(e *innards.Event) { e.Kind = "meter" },
		"tenant":           func(e *innards.Event) { e.Tenant = "u" },
		"property":         func(e *innards.Event) { e.Property = "q" },
		"command":          func(e *innards.Event) { e.Command = "cancel" },
		"actor":            func(e *innards.Event) { e.Actor = "staff-8" },
		"cause":            func(e *innards.Event) { e.Cause = "" },
		"a field's border": func(e *innards.Event) { e.Actor, e.Cause = "staff-7r", "ule 3" },
		"instant":          func(e *innards.Event) { e.At = e.At.Add(time.Microsecond) },
		"business date":    func(e *innards.Event) { e.BusinessDate = e.BusinessDate.AddDays(1) },
		"payload":          func(e *innards.Event) { e.Payload = []byte(`{"n":9}`) },
		"digest":           func(e *innards.Event) { e.Digest[31] ^= 1 },
		"hash":             func(e *innards.Event) { e.Hash[0] ^= 1 },
		"previous":         func(e *innards.Event) { e.Previous[0] ^= 1 },
		"private part":     func(e *innards.Event) { e.Private = []byte(`{"reason":"well"}`) },
		"salt":             func(e *innards.Event) { e.Salt = []byte("0123456789abcdeg"); e.Private = []byte(`{}`) },
		"a private part where there was none": func(e *innards.Event) {
			e.Digest, e.Private = innards.Hash{}, []byte(`{}`)
		},
		"axis of a move": func(e *innards.Event) {
			e.Moves = []innards.Move{{Axis: "x", From: "expected", To: "expected"}, e.Moves[1]}
		},
		"start of a move":  func(e *innards.Event) { e.Moves = []innards.Move{e.Moves[0], {Axis: "guarantee", From: "x", To: "b"}} },
		"end of a move":    func(e *innards.Event) { e.Moves = []innards.Move{e.Moves[0], {Axis: "guarantee", From: "a", To: "x"}} },
		"order of moves":   func(e *innards.Event) { e.Moves = []innards.Move{e.Moves[1], e.Moves[0]} },
		"a move less":      func(e *innards.Event) { e.Moves = e.Moves[:1] },
		"an override less": func(e *innards.Event) { e.Overrides = nil },
		"another override": func(e *innards.Event) { e.Overrides = []innards.Code{"room_taken"} },
		"a move as override": func(e *innards.Event) {
			e.Moves, e.Overrides = nil, []innards.Code{"occupancy", "expected", "expected", "guarantee", "a", "b", "sold_out"}
		},
	} {
		for at := range 4 {
			events, head := history(t, 4)
			change(&events[at])
			checkBroken(t, name, innards.VerifyHistory("r", 4, head, events), int64(at)+1)
		}
	}
}

func checkBroken(t *testing.T, name string, err error, at int64) {
	t.Helper()
	var broken *innards.HistoryError
	if !errors.As(err, &broken) || broken.Record != "r" || broken.Sequence != at || !errors.Is(err, innards.ErrCorrupt) {
		t.Errorf("%s of event %d: %v", name, at, err)
		return
	}
	if want := fmt.Sprintf("history of r is broken at event %d: ", at); !strings.HasPrefix(err.Error(), want) || len(err.Error()) == len(want) {
		t.Errorf("%s of event %d: the error is %q", name, at, err)
	}
}

func TestVerifyHistoryFindsMissingRows(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func([]innards.Event) []innards.Event
		at     int64
	}{
		{"first event removed", func(e []innards.Event) []innards.Event { return e[1:] }, 1},
		{"event removed", func(e []innards.Event) []innards.Event { return slices.Delete(e, 1, 2) }, 2},
		{"tail cut", func(e []innards.Event) []innards.Event { return e[:3] }, 4},
		{"all removed", func([]innards.Event) []innards.Event { return nil }, 1},
		{"two swapped", func(e []innards.Event) []innards.Event { e[1], e[2] = e[2], e[1]; return e }, 2},
		{"two swapped and renumbered", func(e []innards.Event) []innards.Event {
			e[1], e[2] = e[2], e[1]
			e[1].Sequence, e[2].Sequence = 2, 3
			return e
		}, 2},
		{"one there twice", func(e []innards.Event) []innards.Event { return slices.Insert(e, 1, e[0]) }, 2},
		{"one of another record", func(e []innards.Event) []innards.Event { e[2].Record = "s"; return e }, 3},
		{"one added", func(e []innards.Event) []innards.Event {
			more := innards.Event{Record: "r", Sequence: 5}
			more.Seal(e[3].Hash, nil)
			return append(e, more)
		}, 6},
	} {
		events, head := history(t, 4)
		checkBroken(t, tc.name, innards.VerifyHistory("r", 4, head, tc.change(events)), tc.at)
	}
}

// A whole new history for the same version shows in the head only.
func TestVerifyHistoryFindsAnotherHead(t *testing.T) {
	events, head := history(t, 2)
	other, _ := history(t, 2)
	other[1].Command = "cancel"
	other[1].Seal(other[0].Hash, other[1].Salt)
	checkBroken(t, "rewritten", innards.VerifyHistory("r", 2, head, other), 3)
	checkBroken(t, "at an older version", innards.VerifyHistory("r", 1, head, events), 3)
	checkBroken(t, "with an older head", innards.VerifyHistory("r", 2, events[0].Hash, events), 3)
}

func TestSeal(t *testing.T) {
	previous := innards.Hash{1}
	open := innards.Event{Record: "r", Salt: []byte("left over"), Digest: innards.Hash{9}}
	open.Seal(previous, []byte("salt"))
	if open.Salt != nil || open.Digest != (innards.Hash{}) || open.Previous != previous || open.Hash == (innards.Hash{}) {
		t.Errorf("without a private part: %+v", open)
	}
	first := innards.Event{Record: "r", Private: []byte("x")}
	first.Seal(previous, []byte("salt"))
	second := innards.Event{Record: "r", Private: []byte("x")}
	second.Seal(previous, []byte("another"))
	if !bytes.Equal(first.Salt, []byte("salt")) || first.Digest == (innards.Hash{}) || first.Digest == second.Digest || first.Hash == second.Hash {
		t.Errorf("the salt does not count: %v, %v", first, second)
	}
}

// Two histories whose fields differ never have the same hash.
func TestSealTellsFieldsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.StringMatching(`[ab]{0,2}`)
		draw := func(name string) innards.Event {
			e := innards.Event{
				Kind: field.Draw(t, name+" kind"), Tenant: field.Draw(t, name+" tenant"), Property: field.Draw(t, name+" property"),
				Record: field.Draw(t, name+" record"), Command: field.Draw(t, name+" command"), Actor: field.Draw(t, name+" actor"),
				Payload: []byte(field.Draw(t, name+" payload")),
			}
			e.Seal(innards.Hash{}, nil)
			return e
		}
		a, b := draw("a"), draw("b")
		same := a.Kind == b.Kind && a.Tenant == b.Tenant && a.Property == b.Property && a.Record == b.Record &&
			a.Command == b.Command && a.Actor == b.Actor && bytes.Equal(a.Payload, b.Payload)
		if same != (a.Hash == b.Hash) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// The hash is part of what is stored: a change of its input would break every history there is.
func TestHashIsStable(t *testing.T) {
	_, head := history(t, 3)
	if got, want := head.String(), "6274c83bb4c666c70d7c912716d746799c08a5e8ae122d79b175ca2f5ab90ab9"; got != want {
		t.Errorf("the head is %s, want %s", got, want)
	}
}

func TestHashText(t *testing.T) {
	h := innards.Hash{0: 0x01, 31: 0xff}
	text, err := json.Marshal(h)
	want := `"01` + strings.Repeat("00", 30) + `ff"`
	if err != nil || string(text) != want || `"`+h.String()+`"` != want {
		t.Fatalf("the text is %s, %v", text, err)
	}
	var again innards.Hash
	if err := json.Unmarshal(text, &again); err != nil || again != h {
		t.Errorf("read back as %v, %v", again, err)
	}
	for _, bad := range []string{"", "01", strings.Repeat("0", 63), strings.Repeat("0", 65), strings.Repeat("0", 66), strings.Repeat("g", 64)} {
		if err := again.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	if err := again.UnmarshalText([]byte("01")); err == nil || err.Error() != "a hash has 64 hexadecimal digits, not 2" {
		t.Errorf("the error is %v", err)
	}
}
