package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"

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

// ParseAmount turns an amount as people type it, in groups or not and with the language's decimal separator or a point,
// into one that [innards.ParseMoney] reads.
func (p *Printer) ParseAmount(typed string) string {
	s := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(strings.TrimSpace(typed))
	decimal := p.Say("number.decimal")
	if strings.Contains(s, decimal) && decimal != "." {
		return strings.Replace(strings.ReplaceAll(s, ".", ""), decimal, ".", 1)
	}
	if decimal == "." {
		return strings.ReplaceAll(s, ",", "")
	}
	return s
}

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
