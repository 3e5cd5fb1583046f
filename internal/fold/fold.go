// Package fold makes texts comparable as people search for them: without case, accents and punctuation, in any script.
package fold

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// plainTable has a line for each letter with what it is folded to. A test makes it from Unicode's tables, so that who
// imports the in-memory stores gets no library with them.
//
//go:embed plain.txt
var plainTable string

// plain returns what letters are folded to, for those that change.
var plain = sync.OnceValue(func() map[rune]string {
	table := map[rune]string{}
	for line := range strings.Lines(plainTable) {
		letter, to, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		for _, r := range letter {
			table[r] = to
		}
	}
	return table
})

// Text returns the text in lower case and without marks: "Søren" and "sOren" become "soren", "Ёлка" becomes "елка".
func Text(text string) string {
	if lower, ok := ascii(text); ok {
		return lower
	}
	table := plain()
	var b strings.Builder
	for _, r := range text {
		to, changes := table[r]
		switch {
		case changes:
			b.WriteString(to)
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// ascii is Text for texts that have nothing but ASCII.
func ascii(text string) (string, bool) {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return "", false
		}
	}
	return strings.ToLower(text), true
}

// Words returns the folded words of the texts: their runs of letters and digits, each once. A telephone number is also
// one word without its spaces and signs, so that it is found however it is written.
func Words(texts ...string) (words []string) {
	add := func(word string) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	for _, text := range texts {
		parts := strings.FieldsFunc(Text(text), isBetween)
		for _, part := range parts {
			add(part)
		}
		if len(parts) > 1 && !strings.ContainsFunc(text, unicode.IsLetter) {
			add(strings.Join(parts, ""))
		}
	}
	return words
}

func isBetween(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// Prefixes returns what each word that somebody searches for must begin, and whether there is anything to search for in
// every one: a word without a letter or digit begins no word.
func Prefixes(words []string) (prefixes []string, ok bool) {
	for _, word := range words {
		parts := strings.FieldsFunc(Text(word), isBetween)
		if len(parts) == 0 {
			return nil, false
		}
		prefixes = append(prefixes, parts...)
	}
	return prefixes, true
}
