package strictjson_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards/cmd/innards/internal/strictjson"
)

func TestDecode(t *testing.T) {
	got, err := strictjson.Decode([]byte(` {"name":"Søren","nights":[1,2.5,{"x":null}],"ok":true} `))
	if err != nil {
		t.Fatal(err)
	}
	want := map[any]any{"name": "Søren", "nights": []any{1.0, 2.5, map[any]any{"x": nil}}, "ok": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, path string }{
		{"nothing", "", ""},
		{"bad UTF-8", "\"\xff\"", ""},
		{"NUL", `{"a":"x\u0000"}`, "a"},
		{"NUL in a name", `{"a":{"\u0000":1}}`, "a"},
		{"half a surrogate pair", `["\ud800"]`, "[0]"},
		{"duplicate name", `{"a":{"b":1,"b":2}}`, "a.b"},
		{"duplicate name, escaped", `{"a":1,"\u0061":2}`, "a"},
		{"huge number", `{"a":[0,1e9999]}`, "a[1]"},
		{"inexact number", `9007199254740993`, ""},
		{"two values", `{} {}`, ""},
		{"trailing comma", `[1,]`, "[1]"},
		{"cut", `{"a":{"b":`, "a.b"},
		{"comment", `{/**/}`, ""},
		{"single quotes", `{'a':1}`, ""},
		{"NaN", `NaN`, ""},
		{"byte order mark", "\ufeff{}", ""},
		{"deep array", strings.Repeat("[", 10_000), strings.Repeat("[0]", strictjson.MaxDepth)},
		{"deep object", strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33), strings.TrimSuffix(strings.Repeat("a.", 32), ".")},
	} {
		t.Run(c.name, func(t *testing.T) {
			value, err := strictjson.Decode([]byte(c.text))
			e, ok := errors.AsType[*strictjson.Error](err)
			if !ok {
				t.Fatalf("accepted as %v, error %v", value, err)
			}
			if e.Path != c.path {
				t.Errorf("the path is %q, want %q (%s)", e.Path, c.path, e.Problem)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"x",null,true]}`, `[[[[]]]]`, `{"a":1,"a":2}`, `"\ud800"`, `1e400`, "\x00", `{"":{"":0}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := strictjson.Decode(text)
		if err != nil && value != nil {
			t.Errorf("a value %v with the error %v", value, err)
		}
	})
}
