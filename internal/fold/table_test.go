package fold_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/innards-go/innards/internal/fold"
)

var update = flag.Bool("update", false, "write golden files anew")

// undecomposed are letters that Unicode does not take apart.
var undecomposed = strings.NewReplacer("ø", "o", "đ", "d", "ð", "d", "ł", "l", "ħ", "h", "ŧ", "t", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th")

// byUnicode folds a letter by the tables of Unicode.
func byUnicode(r rune) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(cases.Fold().String(string(r))))
	return undecomposed.Replace(norm.NFC.String(plain))
}

// TestGoldenTable holds the table to Unicode's, for all letters and digits of the basic plane but ideographs.
func TestGoldenTable(t *testing.T) {
	var table strings.Builder
	for r := rune(0x80); r <= 0xffff; r++ {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) || unicode.In(r, unicode.Han, unicode.Hangul) {
			continue
		}
		want := byUnicode(r)
		if want != string(unicode.ToLower(r)) {
			fmt.Fprintf(&table, "%c %s\n", r, want)
		}
		if got := fold.Text(string(r)); got != want && !*update {
			t.Errorf("%q (%U) is folded to %q, want %q", r, r, got, want)
		}
	}
	if *update {
		if err := os.WriteFile("plain.txt", []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
