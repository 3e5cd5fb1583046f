package innards_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/innards-go/innards"
	"pgregory.net/rapid"
)

func TestCheckText(t *testing.T) {
	for _, tc := range []struct {
		why, text string
		most      int
		want      []innards.Code
	}{
		{"empty", "", 0, nil},
		{"as long as it may be", "Ивàн", 4, nil},
		{"one too long", "Ивàн!", 4, []innards.Code{"text_invalid"}},
		{"line breaks and tabs", "a\tb\r\nc", 10, nil},
		{"NUL", "a\x00b", 10, []innards.Code{"text_invalid"}},
		{"bell", "a\ab", 10, []innards.Code{"text_invalid"}},
		{"delete", "a\x7fb", 10, []innards.Code{"text_invalid"}},
		{"a control character beyond ASCII", "a\u0085b", 10, []innards.Code{"text_invalid"}},
		{"bad UTF-8", "a\xffb", 10, []innards.Code{"text_invalid"}},
		{"bad UTF-8 of the right length", "\xff", 1, []innards.Code{"text_invalid"}},
		{"a card number", "Visa 4111 1111 1111 1111", 50, []innards.Code{"card_number"}},
	} {
		blockers := innards.CheckText("note", tc.text, tc.most)
		var got []innards.Code
		for _, b := range blockers {
			got = append(got, b.Code)
			if b.Field != "note" || b.Kind != innards.KindInput {
				t.Errorf("%s: the blocker is %+v", tc.why, b)
			}
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s: %s", tc.why, d)
		}
	}
}

func TestCheckTextSaysHowLong(t *testing.T) {
	got := innards.CheckText("note", "12345", 4)[0].Text
	if want := "the text cannot be stored: it has 5 characters, at most 4 are accepted"; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
}

// The numbers are the payment networks' published test numbers, or made to pass or fail the Luhn check.
func TestHasCardNumber(t *testing.T) {
	for _, tc := range []struct {
		why, text string
		want      bool
	}{
		{"16 digits", "4111111111111111", true},
		{"15 digits", "378282246310005", true},
		{"14 digits", "30569309025904", true},
		{"13 digits", "4222222222222", true},
		{"19 digits that fail", "6304000000000000001", false},
		{"19 digits that pass", "6304000000000000018", true},
		{"12 digits that pass", "411111111112", false},
		{"20 digits that pass", "41111111111111111114", false},
		{"one digit wrong", "4111111111111112", false},
		{"two digits swapped of 13", "4222222222222242", false},
		{"a digit doubled above nine", "5555555555554444", true},
		{"spaces", "4111 1111 1111 1111", true},
		{"hyphens", "4111-1111-1111-1111", true},
		{"groups of any length", "3782 822463 10005", true},
		{"every digit alone", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", true},
		{"within words", "pay with card4111111111111111please", true},
		{"at the end", "it is 4111111111111111", true},
		{"after a space", " 4111111111111111", true},
		{"at the start", "4111111111111111 it is", true},
		{"after a room number", "12 4111 1111 1111 1111", true},
		{"before a check code", "4111 1111 1111 1111 123", true},
		{"between other numbers", "room 7-4111-1111-1111-1111-12/29", true},
		{"after a number that is too long", "12345678901234567890 4111 1111 1111 1111", true},
		{"two spaces", "4111 1111  1111 1111", true},
		{"a space and a hyphen", "4111 -1111- 1111--1111", true},
		{"dates from and to", "4111-11-11 - 1111-11-11", false},
		{"minus signs", "4111\u22121111\u22121111\u22121111", true},
		{"spaces beside dashes", "4111 \u20131111\u2212 1111\u00a0\u20141111", true},
		{"three separators divide", "4111 1111 - 1111 1111", false},
		{"two dots divide", "4111 1111..1111 1111", false},
		{"a dot and a space divide", "4111 1111. 1111 1111", false},
		{"dots", "4111.1111.1111.1111", true},
		{"slashes and underscores", "4111/1111_1111/1111", true},
		{"spaces that do not break", "4111\u00a01111\u00a01111\u00a01111", true},
		{"spaces that are not seen", "4111\u200b1111\u200b1111\u200b1111", true},
		{"dashes", "4111\u20131111\u20131111\u20131111", true},
		{"wide digits", "４１１１１１１１１１１１１１１１", true},
		{"Arabic digits", "٤١١١١١١١١١١١١١١١", true},
		{"mathematical digits", "𝟺𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷𝟷", true},
		{"other signs divide", "4111:1111:1111:1111", false},
		{"a line break", "4111 1111\n1111 1111", true},
		{"line breaks of two characters", "4111\r\n1111\r\n1111\r\n1111", true},
		{"tabs and other breaks", "4111\t1111\r1111\v1111", true},
		{"an empty line divides", "4111 1111\n\n1111 1111", false},
		{"braille without a dot", "4111\u28001111\u28001111\u28001111", true},
		{"fillers and variations", "4111\u31641111\ufe0f1111\u034f1111", true},
		{"a letter divides", "41111111a11111111", false},
		{"a number within a longer one", "994111111111111111", false},
		{"sixteen times the same digit", "0000000000000000", false},
		{"sixteen nines", "8888888888888888", false},
		{"a phone number", "+359 2 123 4567", false},
		{"a stay", "2024-05-01 to 2024-05-08", false},
		{"nothing", "", false},
		{"no digits", "no digits - none", false},
		{"a hyphen before", "-4111111111111111", true},
	} {
		if got := innards.HasCardNumber(tc.text); got != tc.want {
			t.Errorf("%s: %q is %v", tc.why, tc.text, got)
		}
	}
}

// luhn is the check digit that completes digits, computed from the definition.
func luhn(digits string) byte {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return byte('0' + (10-sum%10)%10)
}

func TestHasCardNumberFindsEveryNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[1-9][0-9]{11,17}`).Draw(t, "digits")
		number := digits + string(luhn(digits))
		if strings.Trim(number, number[:1]) == "" {
			t.Skip("all digits are the same")
		}
		text := rapid.StringMatching(`([a-z]+|[0-9]{1,3})[ -]`).Draw(t, "before") + spaced(t, number) +
			rapid.StringMatching(`[ -]([a-z]+|[0-9]{1,3})`).Draw(t, "after")
		if !innards.HasCardNumber(text) {
			t.Fatalf("%q hides %s", text, number)
		}
	})
}

// spaced puts a space or hyphen between some digits.
func spaced(t *rapid.T, number string) string {
	var b strings.Builder
	for i, digit := range number {
		if i > 0 {
			b.WriteString(rapid.SampledFrom([]string{"", "", "", " ", "-", "  ", " -"}).Draw(t, "gap"))
		}
		b.WriteRune(digit)
	}
	return b.String()
}

func FuzzHasCardNumber(f *testing.F) {
	for _, s := range []string{
		"4111 1111 1111 1111", "12 4111-1111-1111-1111 5", "", "1234567890123", "\xff4111111111111111",
		"111.01111111111", "4111\t1111\r\n1111\n1111", "4111\r1111\v1111\f1111", "4111 - 1111 -- 1111  1111", "4111_1111/1111.1111", "4111\u00a01111\u00ad1111\u20131111", "\u0664111111111111111",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
			innards.HasCardNumber(text) // what it makes of other scripts is in the table; here it must only come to an end
			return
		}
		if got, want := innards.HasCardNumber(text), hasCardNumber(text); got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	})
}

// TestIsBlank: of the name of a guest something must be seen.
func TestIsBlank(t *testing.T) {
	for _, blank := range []string{"", " ", "\t\r\n", "\u00a0\u2003\u3000", "\u200b\u200d\u2060\ufeff", "\u00ad", "\u202e", "\u3164", "\u115f\u1160\uffa0", "\u2800", "\ufe0f", "\u034f", "\u180e \U000e0020"} {
		if !innards.IsBlank(blank) {
			t.Errorf("%q is not blank", blank)
		}
	}
	for _, seen := range []string{"a", " .", "\u200b_\u200b", "—", "李", "\u0301", "\u2801", "\ufffd", "☃\ufe0f", "\xff"} {
		if innards.IsBlank(seen) {
			t.Errorf("%q is blank", seen)
		}
	}
}

// hasCardNumber tries every part of the ASCII text that begins and ends with a whole group of digits.
func hasCardNumber(text string) bool {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	isDigit := func(i int) bool { return 0 <= i && i < len(text) && '0' <= text[i] && text[i] <= '9' }
	for from := range text {
		if !isDigit(from) || isDigit(from-1) {
			continue
		}
		number := ""
		for i := from; i < len(text) && len(number) < 20; i++ {
			if !isDigit(i) {
				next := i + len(text[i:]) - len(strings.TrimLeft(text[i:], " -"))
				if next == i && strings.ContainsRune("./_\t\n\r\v\f", rune(text[i])) {
					next++
				}
				if !isDigit(next) || next-i > 2 {
					break
				}
				i = next
			}
			number += text[i : i+1]
			n := len(number)
			if !isDigit(i+1) && 13 <= n && n <= 19 && luhn(number[:n-1]) == number[n-1] && strings.Trim(number, number[:1]) != "" {
				return true
			}
		}
	}
	return false
}
