package api

import (
	"strings"
	"testing"

	"github.com/innards-go/innards/reservation"
)

func FuzzParseKey(f *testing.F) {
	for _, seed := range []string{"a", `"a"`, `"a\"b"`, `"`, `""`, `"a\b"`, `"a"b"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, err := parseKey(s)
		if (err == nil) == (key == "") {
			t.Errorf("%q is read as %q (%v)", s, key, err)
		}
		quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key) + `"`
		if again, err := parseKey(quoted); key != "" && (err != nil || again != key) {
			t.Errorf("%q quoted is read as %q (%v)", key, again, err)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(encodeCursor(&reservation.Cursor{Value: "2026-06-01", ID: "x"}, reservation.FieldArrival))
	f.Add(encodeCursor(&reservation.Cursor{Value: "Søren", ID: "x"}, reservation.FieldGuest))
	f.Add("e30")
	f.Add("%%%")
	f.Fuzz(func(t *testing.T, text string) {
		for _, sort := range []reservation.Field{reservation.FieldArrival, reservation.FieldCreated, reservation.FieldGuest} {
			c, err := Paging{After: text}.cursor(sort)
			if err != nil || c == nil {
				continue
			}
			again, err := Paging{After: encodeCursor(c, sort)}.cursor(sort)
			if err != nil || *again != *c {
				t.Errorf("%+v is read as %+v (%v)", c, again, err)
			}
		}
	})
}
