package reservationbun

import (
	"strings"
	"unicode/utf8"

	"github.com/innards-go/innards/internal/bunstore"
)

// longestBeginning is up to how many letters the beginnings of words have entries of their own in the index, so that a
// search for one reads one entry and not that of every word which begins so. The migration tells SQLite the same.
const longestBeginning = 6

// Lexemes returns what PostgreSQL's index has for the words: each of them, and its beginnings of up to six letters. Some
// may be there twice.
func Lexemes(words []string) (lexemes []string) {
	for _, word := range words {
		letters := 0
		for end := range word {
			if 0 < letters && letters <= longestBeginning {
				lexemes = append(lexemes, word[:end])
			}
			letters++
		}
		lexemes = append(lexemes, word)
	}
	return lexemes
}

// indexed returns the words as the statements that index them want them.
func (s *Store) indexed(words []string) string {
	if s.on.DB().Dialect() == bunstore.Postgres {
		words = Lexemes(words)
	}
	return strings.Join(words, " ")
}

// A wordSearch finds words by their beginnings.
type wordSearch struct {
	tables string
	clause
}

// matching returns the search for words that begin so. On SQLite the words come first: the planner does not know how few
// they are.
func (s *Store) matching(beginnings []string) wordSearch {
	if s.on.DB().Dialect() == bunstore.SQLite {
		return wordSearch{
			" FROM innards_reservation_word w CROSS JOIN innards_reservation r INDEXED BY innards_reservation_found ON r.seq = w.rowid",
			clause{"w.words MATCH ?", []any{`"` + strings.Join(beginnings, `"* "`) + `"*`}},
		}
	}
	return wordSearch{" FROM innards_reservation r", clause{"r.words @@ CAST(? AS tsquery)", []any{tsquery(beginnings)}}}
}

// tsquery asks PostgreSQL for words that begin so: for the entry of a beginning if it has one. Each is asked for twice,
// since the planner takes every word that it has no statistics of for half as frequent as the rarest of which it has some:
// too many, so that it would look for it through all reservations in their order. It multiplies what is asked for together,
// so a word that is asked for twice is thought rare unless it is known to be in a large part of them.
func tsquery(beginnings []string) string {
	asked := make([]string, len(beginnings))
	for i, beginning := range beginnings {
		one := "'" + beginning + "'"
		if utf8.RuneCountInString(beginning) > longestBeginning {
			one += ":*"
		}
		asked[i] = one + " & " + one
	}
	return strings.Join(asked, " & ")
}
