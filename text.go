package innards

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckText returns what stands against storing the text of an input field: bad UTF-8, control characters other than
// line breaks and tabs, more than most characters, or a card number.
func CheckText(field, text string, most int) []Blocker {
	if text == "" {
		return nil
	}
	if !utf8.ValidString(text) {
		return []Blocker{TextInvalid.In(field, "it is not valid UTF-8")}
	}
	if n := utf8.RuneCountInString(text); n > most {
		return []Blocker{TextInvalid.In(field, "it has", n, "characters, at most", most, "are accepted")}
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return []Blocker{TextInvalid.In(field, "it holds a control character")}
		}
	}
	if HasCardNumber(text) {
		return []Blocker{CardNumber.In(field)}
	}
	return nil
}

// IsBlank reports whether a reader sees nothing of text: it is empty, or all spaces and characters without a shape.
func IsBlank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !isGap(r) && !isUnseen(r) })
}

// isGap reports whether r is white: a space, tab or line break, or braille without a dot.
func isGap(r rune) bool { return unicode.IsSpace(r) || r == '\u2800' }

// isUnseen reports whether r has no shape, as joiners, directions, variations and fillers of scripts have none.
func isUnseen(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// maxSeparators is how many spaces and hyphens may stand between two groups of digits. With one more, two dates with
// " - " between them would be one number, and one in ten such ranges looks like a card.
const maxSeparators = 2

// HasCardNumber reports whether text holds 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1), as payment card
// numbers do. They may be digits of any script, in groups with a single tab, line break, dot, slash or underscore, or up to
// two spaces and hyphens between; further groups before and after, such as a room number, do not hide them.
func HasCardNumber(text string) bool {
	text = strings.Map(plainDigits, strings.ReplaceAll(text, "\r\n", "\n"))
	var groups []string // of digits, each only separators after the one before
	end := 0            // of the last group
	for i := 0; i < len(text); {
		group := leadingDigits(text[i:])
		if group == "" {
			i++
			continue
		}
		if !isSeparator(text[end:i]) {
			groups = groups[:0]
		}
		groups = append(groups, group)
		if endsInCardNumber(groups) {
			return true
		}
		i += len(group)
		end = i
	}
	return false
}

// isSeparator reports whether plain text between two groups only separates them.
func isSeparator(between string) bool {
	return between == "." || len(between) <= maxSeparators && strings.Trim(between, "-") == ""
}

// plainDigits makes digits of any script ASCII's, spaces and hyphens hyphens, and other separators of groups dots; it drops
// what is not seen.
func plainDigits(r rune) rune {
	switch {
	case strings.ContainsRune("./_\t\n\v\f\r\u0085\u2028\u2029", r):
		return '.'
	case isGap(r) || unicode.Is(unicode.Pd, r) || r == '\u2212': // the minus sign
		return '-'
	case r < utf8.RuneSelf:
		return r
	case isUnseen(r):
		return -1
	case unicode.IsDigit(r):
		return '0' + digitValue(r)
	}
	return r
}

// digitValue returns the value of a decimal digit: in every script they follow each other from nought to nine, and runs
// of digits begin with nought.
func digitValue(r rune) rune {
	before := rune(0)
	for unicode.IsDigit(r - before - 1) {
		before++
	}
	return before % 10
}

func leadingDigits(s string) string { return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))] }

// endsInCardNumber reports whether the last group, or the last few together, are a card number.
func endsInCardNumber(groups []string) bool {
	number := ""
	for i := len(groups) - 1; i >= 0 && len(number) < 19; i-- {
		number = groups[i] + number
		if isCardNumber(number) {
			return true
		}
	}
	return false
}

func isCardNumber(digits string) bool {
	if len(digits) < 13 || len(digits) > 19 {
		return false
	}
	sum, distinct := 0, false
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		distinct = distinct || digits[i] != digits[0]
	}
	return sum%10 == 0 && distinct
}
