package demo

import (
	"fmt"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// special books what the desk meets seldom, each once, before the rooms are filled.
func (p *plan) special() {
	for _, room := range closedRooms {
		p.keep(room, closedFrom, lastDay)
	}
	p.dueToday()
	p.late()
	p.changed()
	p.split()
	p.dayUses()
	p.groups()
	p.uncertain()
	p.overbooked()
	p.returned()
}

// closedFrom is the day from which the closed rooms are out of order.
const closedFrom = -7

// take books a trip and keeps its room.
func (p *plan) take(t trip, m market) *stay {
	s := p.book(t, m)
	p.promise(s, m, true)
	p.confirm(s)
	p.keep(t.room, t.arrives, t.leaves)
	return s
}

// guest names the guest of a stay that is told about elsewhere, such as in the tour of the README.
func (s *stay) guest(name, language, country string) {
	s.create.Guest = reservation.Person{Name: name, Language: language, Country: country, Email: "guest@example.com", Phone: "+000 555 0100"}
}

// dueToday has guests come and go today: one with a room that was promised, of the first booking of all, two who are here
// already, one who has not gone yet.
func (p *plan) dueToday() {
	p.keep("501", -1, 0)
	first := p.take(trip{firstBooking, 0, 4, "501"}, leisure)
	first.guest("Søren Kjærgaard", "da", "DK")
	first.create.Adults, first.create.Attributes = 2, map[string]string{"note": "Silver wedding: the room with the balcony"}
	first.on(-3, 10*60, reservation.AssignRoom{Room: "501"})
	first.on(-3, 10*60+1, reservation.LockRoom{})
	for i, room := range []string{"102", "103"} {
		p.keep(room, -1, 0)
		early := p.take(trip{-30 - i, 0, 2, room}, business)
		early.on(0, 9*60+i, reservation.CheckIn{Room: room})
	}
	p.keep("201", 0, 1)
	goes := p.take(trip{-25, -3, 0, "201"}, online)
	goes.on(-3, 15*60, reservation.CheckIn{Room: "201"})
	p.take(trip{-6, 0, 3, "107"}, business) // without a room yet
}

// late has a guest who should have gone yesterday, and one who should have come.
func (p *plan) late() {
	p.keep("202", -1, 1)
	stays := p.take(trip{-20, -4, -1, "202"}, leisure)
	stays.on(-4, 16*60, reservation.CheckIn{Room: "202"})
	p.take(trip{-14, -1, 2, "203"}, online)
	misses := p.take(trip{-9, -3, -2, "203"}, business)
	misses.on(-2, 8*60+30, reservation.MarkNoShow{Note: "did not answer the telephone"})
}

// changed has a guest who left early, one who stays longer, and one whose booking was changed after the confirmation.
func (p *plan) changed() {
	early := p.take(trip{-40, -5, 2, "206"}, leisure)
	early.on(-5, 15*60, reservation.CheckIn{Room: "206"})
	early.on(-1, 9*60, reservation.CheckOut{})
	p.keep("207", -1, 2)
	longer, leaves := p.take(trip{-33, -3, -1, "207"}, leisure), p.date(2)
	longer.on(-3, 17*60, reservation.CheckIn{Room: "207"})
	longer.on(-2, 19*60, reservation.Amend{Departure: &leaves})
	grows := p.take(trip{-50, 12, 16, "401"}, leisure)
	adults, children := 2, 3
	grows.create.Adults, grows.create.Children = 2, 1
	grows.on(-48, 12*60, reservation.MarkConfirmed{Note: "by telephone"})
	grows.on(-5, 12*60, reservation.Amend{Adults: &adults, Children: &children})
}

// split has a guest who changes the room.
func (p *plan) split() {
	s := p.book(trip{-28, -2, 3, "204"}, leisure)
	p.promise(s, leisure, true)
	p.keep("204", -2, 1)
	p.keep("205", 1, 3)
	s.on(-4, 11*60, reservation.AssignRoom{Room: "204", To: p.date(1)})
	s.on(-4, 11*60+1, reservation.AssignRoom{Room: "205", From: p.date(1)})
	s.on(-2, 15*60, reservation.CheckIn{})
}

// dayUses has guests who need a room by day only.
func (p *plan) dayUses() {
	p.keep("108", -13, -11)
	past := p.take(trip{-15, -12, -12, "108"}, business)
	past.on(-12, 10*60, reservation.CheckIn{Room: "108"})
	past.on(-12, 17*60, reservation.CheckOut{})
	p.keep("108", -1, 1)
	today := p.take(trip{-2, 0, 0, "108"}, business)
	today.on(-1, 12*60, reservation.AssignRoom{Room: "108"})
}

// groups come to six rooms on the same days.
func (p *plan) groups() {
	const first, rooms = 209, 6
	for i, g := range []struct {
		company, country        string
		booked, arrives, nights int
	}{
		{"Nordlys Konferencer", "DK", -130, -34, 3},
		{"Балкан Софт", "BG", -60, -1, 3},
		{"Viajes Castaño", "ES", -45, 17, 4},
	} {
		from := slices.IndexFunc(countries, func(c country) bool { return c.code == g.country })
		for n := range rooms {
			t := trip{g.booked, g.arrives, g.arrives + g.nights, fmt.Sprint(first + n)}
			s := p.take(t, group)
			s.create.Guest = p.guests.from(from, t)
			s.create.Attributes = map[string]string{"company": g.company, "group": fmt.Sprintf("G-%d", 101+i)}
			p.comeAndGo(s)
		}
	}
}

// uncertain has options, a waiting list and an inquiry.
func (p *plan) uncertain() {
	for i, t := range []trip{{-4, 24, 28, "402"}, {-6, 33, 36, "210"}, {-3, 15, 17, "503"}} {
		s := p.book(t, leisure)
		p.keep(t.room, t.arrives, t.leaves)
		release := p.date(1 + 4*i)
		p.hold(s, release)
	}
	p.asks(trip{-2, 5, 6, "503"}, reservation.Waitlisted)
	p.asks(trip{-1, 4, 7, "504"}, reservation.Waitlisted)
	p.asks(trip{-1, 40, 47, "211"}, reservation.Inquiry)
}

func (p *plan) hold(s *stay, until innards.Date) {
	at := until.At(18*60, p.location)
	s.create.Source, s.create.Commitment, s.create.ReleaseAt = reservation.SourceEmail, reservation.Optional, &at
}

// asks books without taking a room.
func (p *plan) asks(t trip, c reservation.Commitment) {
	s := p.book(t, leisure)
	s.create.Source, s.create.Commitment = reservation.SourcePhone, c
}

// overbooked has one suite more sold for a night than there are.
func (p *plan) overbooked() {
	for _, t := range []trip{{-70, 4, 7, "502"}, {-44, 5, 8, "503"}, {-31, 3, 6, "504"}, {-90, 5, 6, "501"}} {
		p.take(t, leisure)
	}
	s := p.book(trip{-1, 5, 6, "501"}, business)
	p.promise(s, business, true)
	s.overbooks = true
}

// returned has bookings that were given up: one with a deposit to be paid back, one without the fee that was due, one that
// stands again.
func (p *plan) returned() {
	paid := p.book(trip{-30, 20, 25, "403"}, leisure)
	paid.create.Source, paid.create.GuaranteePolicy, paid.create.Card = reservation.SourceBookingEngine, "deposit-30", p.card()
	paid.create.Paid = p.deposit(&paid.create)
	p.keep("403", 20, 25)
	paid.on(-1, 18*60, reservation.Cancel{Reason: reservation.ReasonGuest, Note: "ill"})
	spared := p.take(trip{-60, -8, -5, "106"}, bargain)
	spared.on(-10, 10*60, reservation.Cancel{Reason: reservation.ReasonHouse, Note: "the lift is out of order", Waive: true})
	last := &spared.steps[len(spared.steps)-1]
	last.override, last.reason = reservation.WaiveNotAllowed.Code, "a guest in a wheelchair, and no lift"
	again := p.take(trip{-55, 27, 31, "405"}, bargain)
	again.on(-6, 9*60, reservation.Cancel{Reason: reservation.ReasonGuest})
	again.on(-5, 9*60, reservation.MakeExpected{})
}
