package fold_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards/internal/fold"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Anna MULLER", "anna muller"},
		{"Søren", "soren"},
		{"sOren", "soren"},
		{"Мария", "мария"},
		{"МАРИЯ", "мария"},
		{"Ёлка Тодоровский", "елка тодоровскии"},
		{"Zoë MÜLLER-Núñez", "zoe muller-nunez"},
		{"Straße", "strasse"},
		{"STRASSE", "strasse"},
		{"Đorđe Łukasz Ægir Œuvre Þór Ħal Ŧ", "dorde lukasz aegir oeuvre thor hal t"},
		{"İstanbul ıI", "istanbul ii"},
		{"Ὀδυσσεύς", "οδυσσευσ"},
		{"e\u0301", "e"},
		{"ﬁnal ４２", "final 42"},
		{"בְּרֵאשִׁית", "בראשית"},
		{"한국", "한국"},
	} {
		if got := fold.Text(c.text); got != c.want {
			t.Errorf("Text(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		texts, want []string
	}{
		{nil, nil},
		{[]string{"", " ,.-"}, nil},
		{[]string{"Søren  Kierkegaard", "soren@example.com"}, []string{"soren", "kierkegaard", "example", "com"}},
		{[]string{"+359 (88) 765-43-21"}, []string{"359", "88", "765", "43", "21", "359887654321"}},
		{[]string{"7K3M-9QX2"}, []string{"7k3m", "9qx2"}},
		{[]string{"90017"}, []string{"90017"}},
		{[]string{"O'Neill"}, []string{"o", "neill"}},
	} {
		if diff := cmp.Diff(c.want, fold.Words(c.texts...)); diff != "" {
			t.Errorf("Words(%q) (- wanted, + got):\n%s", c.texts, diff)
		}
	}
}

func TestPrefixes(t *testing.T) {
	for _, c := range []struct {
		words, want []string
		ok          bool
	}{
		{nil, nil, true},
		{[]string{"Sør", "+35988"}, []string{"sor", "35988"}, true},
		{[]string{"vanko.petrov@ex"}, []string{"vanko", "petrov", "ex"}, true},
		{[]string{"anna", "%"}, nil, false},
		{[]string{""}, nil, false},
	} {
		got, ok := fold.Prefixes(c.words)
		if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
			t.Errorf("Prefixes(%q) = %q, %t, want %q, %t", c.words, got, ok, c.want, c.ok)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"Søren", "Мария +359 88", "\xff\xfe", "İ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := fold.Words(text)
		if again := fold.Words(words...); len(words) > 0 && len(again) == 0 {
			t.Errorf("the words %q of %q have no words", words, text)
		}
		for _, w := range words {
			if w == "" {
				t.Errorf("%q has an empty word", text)
			}
		}
	})
}
