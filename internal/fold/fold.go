// Package fold makes texts comparable as people search for them: without case, accents and punctuation, in any script.
package fold

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// letters are those that no decomposition turns into plain ones.
var letters = strings.NewReplacer("ø", "o", "đ", "d", "ð", "d", "ł", "l", "ħ", "h", "ŧ", "t", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th")

// Text returns the text in lower case and without marks: "Søren" and "sOren" become "soren", "Ёлка" becomes "елка".
func Text(text string) string {
	if lower, ok := ascii(text); ok {
		return lower
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(cases.Fold().String(text)))
	return letters.Replace(norm.NFC.String(plain))
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
