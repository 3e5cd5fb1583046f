package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A month is the head of the columns of its days.
type month struct {
	name string
	days int
}

// months returns the months of the window with the number of their days in it.
func (c *calendar) months(v *view) []month {
	var list []month
	for i := range c.nights {
		year, m, _ := c.from.AddDays(i).Date()
		name := v.say.Month(m) + " " + strconv.Itoa(year)
		if n := len(list); n == 0 || list[n-1].name != name {
			list = append(list, month{name: name})
		}
		list[len(list)-1].days++
	}
	return list
}

// shade returns the classes of the table, by which the style sheet finds the columns of the business date and of weekends.
func (c *calendar) shade() string {
	saturday := (int(time.Saturday) - int(c.from.Weekday()) + 7) % 7
	classes := "chart n" + strconv.Itoa(c.nights) + " w" + strconv.Itoa(saturday)
	if i := c.from.DaysUntil(c.today); i >= 0 && i < c.nights {
		classes += " t" + strconv.Itoa(i)
	}
	return classes
}

// date returns the day of a column as the number that its head shows.
func (c *calendar) date(column int) (day innards.Date, number string) {
	day = c.from.AddDays(column)
	_, _, n := day.Date()
	return day, strconv.Itoa(n)
}

func isWeekend(d innards.Date) bool {
	return slices.Contains([]time.Weekday{time.Saturday, time.Sunday}, d.Weekday())
}

// marks of the classes in the style sheet. They are short, as a page has many hundreds.
var classMarks = map[reservation.DisplayClass]string{
	reservation.ClassGuaranteed: "g", reservation.ClassAwaiting: "w", reservation.ClassOverdue: "o",
	reservation.ClassNonGuaranteed: "n", reservation.ClassOptional: "p", reservation.ClassInHouse: "h", reservation.ClassDeparted: "d",
}

// mark returns the classes of a bar: that of the reservation, and l or r where it goes on to the left or right.
func (b *bar) mark() string {
	mark := classMarks[b.Class]
	if !b.begins {
		mark += " l"
	}
	if !b.ends {
		mark += " r"
	}
	return mark
}

// title says all of a bar: who, which reservation, when and in which state.
func (c *calendar) title(v *view, b *bar) string {
	return b.Guest + " · " + b.Number + " · " + c.when(v, b) + " · " + c.classes[b.Class]
}

// when says from when until when a bar is, as far as the window knows.
func (c *calendar) when(v *view, b *bar) string {
	from, to := c.from.DaysUntil(b.From), c.from.DaysUntil(b.To)
	switch {
	case from == to:
		return c.days[from] + ", " + c.dayUse
	case from >= 0 && to < c.nights:
		return c.days[from] + " – " + c.days[to]
	case from >= 0:
		return v.say.Say("calendar.since", "from", c.days[from])
	case to < c.nights:
		return v.say.Say("calendar.until", "to", c.days[to])
	}
	return v.say.Say("calendar.throughout")
}

// about says how many rooms of the type there are.
func (s *section) about(v *view) string {
	said := v.say.Say("calendar.rooms", "n", s.rooms)
	if s.outOfOrder > 0 {
		said += ", " + v.say.Say("calendar.rooms.out_of_order", "n", s.outOfOrder)
	}
	if s.continued {
		said += " · " + v.say.Say("calendar.continued")
	}
	return said
}

// vacancy returns the class of a number of free rooms.
func vacancy(free int) string {
	switch {
	case free < 0:
		return "over"
	case free == 0:
		return "full"
	}
	return ""
}

// move returns the address of the calendar that many days later.
func (v *view) move(c *calendar, days int) templ.SafeURL {
	return templ.SafeURL(v.with("from", c.from.AddDays(days).String()))
}

// mark returns the class of a line.
func (l *line) mark() string {
	switch {
	case l.room == "":
		return "lane"
	case l.outOfOrder:
		return "out"
	}
	return ""
}
