package document

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/innards-go/innards/cmd/innards/internal/words"
)

// A Fact is something that is known of a stay, such as the day of arrival, with its name.
type Fact struct{ Label, Value string }

// Facts returns what was booked: who, when and what kind of room. There is no price in it.
func Facts(p *words.Printer, s Stay) []Fact {
	return append([]Fact{{p.Say("document.guest"), s.Reservation.Guest.Name}}, stayFacts(p, s)...)
}

func stayFacts(p *words.Printer, s Stay) []Fact {
	r := &s.Reservation
	in, out := s.Property.Settings.CheckInTime, s.Property.Settings.CheckOutTime
	length := p.Say("document.nights", "n", r.RoomNights())
	if r.DayUse() {
		length = p.Say("document.day_use")
	}
	return []Fact{
		{p.Say("document.number"), r.Number},
		{p.Say("document.arrival"), p.Say("document.arrival.value", "date", p.DateInFull(r.Arrival), "time", in)},
		{p.Say("document.departure"), p.Say("document.departure.value", "date", p.DateInFull(r.Departure), "time", out)},
		{p.Say("document.length"), length},
		{p.Say("document.type"), s.roomType()},
		{p.Say("document.guests"), guests(p, r.Adults, r.Children)},
	}
}

func guests(p *words.Printer, adults, children int) string {
	said := p.Say("document.adults", "n", adults)
	if children > 0 {
		said += ", " + p.Say("document.children", "n", children)
	}
	return said
}

func (s Stay) roomType() string {
	if t, ok := s.Property.RoomType(s.Reservation.Type); ok && t.Name != "" {
		return t.Name
	}
	return s.Reservation.Type
}

// rooms returns the names of the rooms that are assigned.
func (s Stay) rooms() string {
	ids, _ := s.Reservation.Rooms()
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		if room, ok := s.Property.Room(id); ok && room.Name != "" {
			names[i] = room.Name
		}
	}
	return strings.Join(names, ", ")
}

// country returns the name of a country by its ISO 3166-1 code, or the code if it is none.
func country(p *words.Printer, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	tag, _ := language.Parse(p.Language())
	if name := display.Regions(tag).Name(region); name != "" {
		return name
	}
	return code
}
