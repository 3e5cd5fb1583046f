package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/innards-go/innards"
)

// show returns how a value stands within a text.
func (p *Printer) show(value any) string {
	switch v := value.(type) {
	case int:
		return p.Number(v)
	case innards.Money:
		return p.Money(v)
	case innards.Date:
		return p.Date(v)
	case string:
		return v
	}
	return fmt.Sprint(value)
}

// Number returns a whole number with its digits grouped.
func (p *Printer) Number(n int) string { return p.group(strconv.Itoa(n)) }

// group groups the digits of a whole number by thousands.
func (p *Printer) group(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	if len(digits) <= 4 {
		return sign + digits // as most style guides of these languages have it, so that years and rooms are not split
	}
	var out []string
	for ; len(digits) > 3; digits = digits[:len(digits)-3] {
		out = append([]string{digits[len(digits)-3:]}, out...)
	}
	return sign + strings.Join(append([]string{digits}, out...), p.Say("number.group"))
}

// Amount returns an amount without its currency, as the column of a table shows it.
func (p *Printer) Amount(m innards.Money) string {
	whole, fraction, ok := strings.Cut(m.Amount(), ".")
	if !ok {
		return p.group(whole)
	}
	if strings.HasPrefix(whole, "-0") {
		return "−0" + p.Say("number.decimal") + fraction
	}
	return p.group(whole) + p.Say("number.decimal") + fraction
}

// Money returns an amount with its currency.
func (p *Printer) Money(m innards.Money) string {
	if m.IsZero() {
		return "—"
	}
	return p.Amount(m) + "\u00a0" + string(m.Currency())
}

// Plain returns an amount as people type it: without groups, with the language's decimal separator.
func (p *Printer) Plain(m innards.Money) string {
	if m.IsZero() {
		return ""
	}
	return strings.Replace(m.Amount(), ".", p.Say("number.decimal"), 1)
}

// ParseAmount turns an amount as people type it into one that [innards.ParseMoney] reads, or into an empty text, which it
// refuses, if it is none or could be another one. It has a minus sign or none, then digits:
//
//   - The decimal separator is that of the language, or a point, which is on every keypad.
//   - Groups of three digits are divided by that of the language or by spaces, by the same all along, or not at all.
//   - Where the decimal separator is a comma, one point before exactly three digits, as in 1.234, could be meant either way
//     and is refused. It is a group's where there are two of them or a comma as well.
func (p *Printer) ParseAmount(typed string) string {
	digits, negative := strings.TrimSpace(typed), ""
	for _, sign := range []string{"-", "−"} {
		if rest, ok := strings.CutPrefix(digits, sign); ok {
			digits, negative = strings.TrimLeft(rest, " "), "-"
			break
		}
	}
	whole, fraction, broken := p.cutDecimals(digits)
	whole, ok := p.ungroup(whole)
	switch {
	case !ok || broken && !isDigits(fraction):
		return ""
	case !broken:
		return negative + whole
	}
	return negative + whole + "." + fraction
}

// cutDecimals divides an amount at its decimal separator, if it has one. The whole part is empty if that is not sure.
func (p *Printer) cutDecimals(s string) (whole, fraction string, broken bool) {
	decimal := p.Say("number.decimal")
	if strings.Contains(s, decimal) || strings.Count(s, ".") != 1 {
		return strings.Cut(s, decimal)
	}
	whole, fraction, _ = strings.Cut(s, ".")
	if len(fraction) == 3 {
		return "", "", true
	}
	return whole, fraction, true
}

// ungroup takes the separators of groups out of a whole number.
func (p *Printer) ungroup(s string) (string, bool) {
	group := p.Say("number.group")
	isSpace := func(r rune) bool { return unicode.Is(unicode.Zs, r) }
	switch {
	case strings.TrimFunc(s, isSpace) != s:
		return "", false
	case strings.ContainsFunc(s, isSpace):
		s, group = strings.Join(strings.FieldsFunc(s, isSpace), " "), " "
	}
	groups := strings.Split(s, group)
	if len(groups) > 1 && (len(groups[0]) > 3 || strings.HasPrefix(s, "0")) {
		return "", false
	}
	for i, g := range groups {
		if !isDigits(g) || i > 0 && len(g) != 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// Weekday returns the short name of a day of the week.
func (p *Printer) Weekday(d innards.Date) string {
	return p.Say("weekday." + strconv.Itoa(int(d.Weekday())))
}

// Month returns the name of a month.
func (p *Printer) Month(m time.Month) string { return p.Say("month." + strconv.Itoa(int(m))) }

// Date returns a day so that nobody can mistake it, such as "Tue 24 Nov 2026".
func (p *Printer) Date(d innards.Date) string {
	if d.IsZero() {
		return "—"
	}
	year, month, day := d.Date()
	return p.Say("date.full", "weekday", p.Weekday(d), "day", strconv.Itoa(day),
		"month", p.Say("month.short."+strconv.Itoa(int(month))), "year", strconv.Itoa(year))
}

// Day returns a day of the present time, such as "24 Nov".
func (p *Printer) Day(d innards.Date) string {
	if d.IsZero() {
		return "—"
	}
	_, month, day := d.Date()
	return p.Say("date.day", "day", strconv.Itoa(day), "month", p.Say("month.short."+strconv.Itoa(int(month))))
}

// DateInFull returns a day as letters have it, such as "Tuesday 24 November 2026".
func (p *Printer) DateInFull(d innards.Date) string {
	if d.IsZero() {
		return "—"
	}
	return p.Say("date.long", "weekday", p.Say("weekday.long."+strconv.Itoa(int(d.Weekday()))), "date", p.DateInText(d))
}

// DateInText returns a day as it stands within a sentence, such as "24 November 2026".
func (p *Printer) DateInText(d innards.Date) string {
	if d.IsZero() {
		return "—"
	}
	year, month, day := d.Date()
	return p.Say("date.plain", "day", strconv.Itoa(day), "month", p.Say("month.date."+strconv.Itoa(int(month))), "year", strconv.Itoa(year))
}

// Moment returns an instant in a zone as it stands within a sentence, such as "24 November 2026 at 18:00".
func (p *Printer) Moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "—"
	}
	return p.Say("date.moment", "date", p.DateInText(innards.DateOf(t.In(zone))), "time", p.Clock(t, zone))
}

// Instant returns an instant in a zone: day and time of day.
func (p *Printer) Instant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "—"
	}
	local := t.In(zone)
	return p.Date(innards.DateOf(local)) + ", " + local.Format("15:04")
}

// Clock returns the time of day of an instant in a zone.
func (p *Printer) Clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// Wrap breaks a text between words into lines that fit. A word that does not fit has a line of its own.
func Wrap(text string, fits func(line string) bool) []string {
	var lines []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		if last := len(lines) - 1; last >= 0 && fits(lines[last]+" "+word) {
			lines[last] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}
