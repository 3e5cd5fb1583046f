package web

import (
	"slices"
	"strconv"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/reservation"
)

const calendarPath = deskPath + "/calendar"

// A calendar is a page of the room calendar.
type calendar struct {
	window
	roomType string // the only one that is shown; empty: all
	sections []section
	next     string   // address of the rooms that did not fit; empty: there are none
	days     []string // as texts
	classes  map[reservation.DisplayClass]string
	dayUse   string
}

// calendarLead is how many days before the business date a calendar begins, so that those who leave are seen.
const calendarLead = 2

// calendarNights are the lengths that can be chosen.
func calendarNights() []int { return []int{14, 30} }

// displayClasses lists the classes in the order of the legend.
func displayClasses() []reservation.DisplayClass {
	return []reservation.DisplayClass{reservation.ClassGuaranteed, reservation.ClassAwaiting, reservation.ClassOverdue,
		reservation.ClassNonGuaranteed, reservation.ClassOptional, reservation.ClassInHouse, reservation.ClassDeparted}
}

// calendar shows the rooms of the property and who is in them.
func (s *site) calendar(v *view) error {
	w, err := v.window()
	if err != nil {
		return err
	}
	types, err := v.chosenTypes()
	if err != nil {
		return err
	}
	rows, err := s.Service.Calendar(v.ctx(), v.visitor.Actor, v.property.ID, w.from.AddDays(-1), w.end())
	if err != nil {
		return err
	}
	sections := w.sections(rows, types)
	if at := v.query("after", ""); at != "" {
		place, err := parseLinePlace(at)
		if err != nil {
			return err
		}
		sections = after(sections, place)
	}
	return v.show(calendarPage(v, v.calendarOf(w, sections)))
}

// window reads which days are asked for.
func (v *view) window() (window, error) {
	w := window{from: v.property.BusinessDate.AddDays(-calendarLead), nights: calendarNights()[0], today: v.property.BusinessDate}
	if given := v.query("nights", ""); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || !slices.Contains(calendarNights(), n) {
			return w, problem.At(problem.Invalid, "query.nights", "14 and 30 are accepted")
		}
		w.nights = n
	}
	if given := v.query("from", ""); given != "" {
		var err error
		if w.from, err = innards.ParseDate(given); err != nil {
			return w, problem.At(problem.Invalid, "query.from", "a day is accepted, such as 2026-11-24")
		}
	}
	return w, nil
}

// chosenTypes returns the room types that are asked for.
func (v *view) chosenTypes() ([]reservation.RoomType, error) {
	id := v.query("type", "")
	if id == "" {
		return v.property.Types, nil
	}
	t, ok := v.property.RoomType(id)
	if !ok {
		return nil, innards.ErrNotFound
	}
	return []reservation.RoomType{t}, nil
}

// calendarOf makes the page of as many sections as fit.
func (v *view) calendarOf(w window, sections []section) *calendar {
	c := &calendar{window: w, roomType: v.query("type", ""), dayUse: v.say.Say("slot.day_use"), classes: map[reservation.DisplayClass]string{}}
	for i := range w.nights {
		c.days = append(c.days, v.say.Day(w.from.AddDays(i)))
	}
	for _, class := range displayClasses() {
		c.classes[class] = v.say.Say("calendar.class." + string(class))
	}
	var last *linePlace
	if c.sections, last = first(sections, calendarBytes, c.wordBytes()); last != nil {
		c.next = v.with("after", last.String())
	}
	return c
}

// wordBytes returns how long the words of a bar are: two days and a class, which vary with the language.
func (c *calendar) wordBytes() int {
	longest := 0
	for _, word := range c.classes {
		longest = max(longest, len(word))
	}
	return 2*len(c.days[0]) + longest*3/4
}
