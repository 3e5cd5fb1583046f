package api

import (
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/innards-go/innards/cmd/innards/internal/cursor"
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
	f.Add(cursor.Text(&reservation.Cursor{Value: "2026-06-01", ID: "x"}, reservation.FieldArrival))
	f.Add(cursor.Text(&reservation.Cursor{Value: "Søren", ID: "x"}, reservation.FieldGuest))
	f.Add("e30")
	f.Add("%%%")
	f.Fuzz(func(t *testing.T, text string) {
		for _, sort := range []reservation.Field{reservation.FieldArrival, reservation.FieldCreated, reservation.FieldGuest} {
			c, err := Paging{After: text}.cursor(sort)
			if err != nil || c == nil {
				continue
			}
			again, err := Paging{After: cursor.Text(c, sort)}.cursor(sort)
			if err != nil || *again != *c {
				t.Errorf("%+v is read as %+v (%v)", c, again, err)
			}
		}
	})
}

// What a command takes one word of a few for is described with all of them.
func TestWordsAreDescribed(t *testing.T) {
	registry := newRegistry()
	var intents []any
	for _, c := range reservation.Commands() {
		intents = append(intents, c.New())
	}
	for _, c := range reservation.PropertyCommands() {
		intents = append(intents, c.New())
	}
	seen := map[reflect.Type]bool{}
	for _, in := range intents {
		wantWords(t, registry, reflect.TypeOf(in), seen)
	}
	rule := registry.SchemaFromRef(registry.Schema(reflect.TypeFor[reservation.PaymentTask](), true, "").Ref)
	if got := rule.Properties["amount"].Enum; len(got) != 3 || got[0] != "deposit_due" {
		t.Errorf("the amount of a payment task is one of %v", got)
	}
	if !seen[reflect.TypeFor[reservation.ReasonCode]()] || !seen[reflect.TypeFor[reservation.MessageTrigger]()] {
		t.Errorf("only %v were looked at", seen)
	}
}

// wantWords expects the words of every type of strings of the reservation package that the type is made of.
func wantWords(t *testing.T, registry huma.Registry, of reflect.Type, seen map[reflect.Type]bool) {
	t.Helper()
	if seen[of] {
		return
	}
	seen[of] = true
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		wantWords(t, registry, of.Elem(), seen)
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(of) {
			wantWords(t, registry, f.Type, seen)
		}
	case reflect.String:
		if strings.HasSuffix(of.PkgPath(), "/reservation") && len(registry.Schema(of, false, "").Enum) == 0 {
			t.Errorf("the words of %v are not described", of)
		}
	}
}
