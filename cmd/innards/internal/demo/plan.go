package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// The year of the demo, in days from today. The hotel takes bookings for two months before it opens.
const (
	firstBooking = -240
	firstDay     = -180
	lastDay      = 180
)

// What is over for longer is told with fewer words: to live it costs time, and nobody looks whether a guest of last summer
// was confirmed. In its first months, early ones, the hotel is emptier too.
const (
	recent = -21
	early  = -90
)

// A trip is when somebody comes and goes, and when that was booked: days from today. The plan keeps a room for it, so that
// no room is ever promised twice.
type trip struct {
	booked, arrives, leaves int
	room                    string
}

// A stay is a booking, and what is done to it later.
type stay struct {
	trip
	create    reservation.Create
	overbooks bool
	steps     []step
	id        string // once it was made
}

// A step is done to a stay on a day from today, some minutes after midnight.
type step struct {
	day, minute int
	intent      reservation.Intent
	override    innards.Code // by right, for the reason
	reason      string
}

// A plan is the year of the hotel, made room by room.
type plan struct {
	today    innards.Date
	location *time.Location
	random   *rand.Rand
	guests   registry
	nights   map[roomNight]bool // that are taken, or kept free
	stays    []*stay
	err      error // the first
}

type roomNight struct {
	room  string
	night int
}

// newPlan returns what happens up to today, in the order of bookings.
func newPlan(today innards.Date, location *time.Location, random *rand.Rand) ([]*stay, error) {
	p := &plan{today: today, location: location, random: random, nights: map[roomNight]bool{}}
	p.guests = registry{random: random, booked: map[visit]bool{}}
	p.special()
	for _, t := range types {
		for n := range t.rooms {
			p.fillRoom(t.room(n))
		}
	}
	made := slices.DeleteFunc(p.stays, func(s *stay) bool { return s.booked > 0 })
	slices.SortStableFunc(made, func(a, b *stay) int { return cmp.Compare(a.booked, b.booked) })
	return made, p.err
}

func (p *plan) date(day int) innards.Date { return p.today.AddDays(day) }

// keep takes the nights of a room.
func (p *plan) keep(room string, from, to int) {
	for night := from; night < to; night++ {
		p.nights[roomNight{room, night}] = true
	}
}

// chance reports one time in so many.
func (p *plan) chance(one int) bool { return p.random.IntN(one) == 0 }

// between draws a number, the small ones more often.
func (p *plan) between(low, high int) int {
	u := p.random.Float64()
	return low + int(u*u*float64(high-low+1))
}

// fillRoom lets guests come to the room throughout the year, as the season has it. Where somebody has cancelled, others may
// come instead, who book after that.
func (p *plan) fillRoom(room string) {
	earliest, cancelledUntil := firstBooking, firstDay
	for day := firstDay; day < lastDay; {
		if day >= cancelledUntil {
			earliest = firstBooking
		}
		free := p.free(room, day, 14)
		if free == 0 || p.random.Float64() > p.startChance(day) {
			day++
			continue
		}
		m := p.market(room, day)
		t := trip{arrives: day, leaves: day + min(free, p.length(m, day)), room: room}
		t.booked = min(max(day-p.between(m.soonest, m.longest), earliest), day)
		cancelled, ok := p.lead(p.book(t, m), m)
		switch {
		case !ok:
			day = t.leaves
		case cancelled < day:
			earliest, cancelledUntil = cancelled+1, max(cancelledUntil, t.leaves)
		default:
			day = t.leaves
		}
	}
}

// free returns how many nights of the room are free from the day on, at most so many.
func (p *plan) free(room string, day, most int) (n int) {
	for n < most && !p.nights[roomNight{room, day + n}] {
		n++
	}
	return n
}

// length draws the number of nights.
func (p *plan) length(m market, day int) int {
	if isSummer(p.date(day)) {
		return p.between(m.shortest, m.summer)
	}
	return p.between(m.shortest, m.winter)
}

// book adds a booking of the market for the trip.
func (p *plan) book(t trip, m market) *stay {
	kind := typeOf(t.room)
	s := &stay{trip: t}
	s.create = reservation.Create{
		Property: Property, Arrival: p.date(t.arrives), Departure: p.date(t.leaves), Type: kind.id,
		Adults: 1 + p.random.IntN(min(kind.sleeps, 2)), Guest: p.guests.guest(t),
		Source: m.sources[p.random.IntN(len(m.sources))], Segment: m.segment,
		Prices: p.prices(kind, t), CancellationPolicy: m.cancellation,
	}
	if isSummer(s.create.Arrival) && m.cancellation == "flexible" && m.segment != "business" {
		s.create.CancellationPolicy = "season"
	}
	if kind.id == "family" {
		s.create.Adults, s.create.Children = 2, p.random.IntN(4)
	}
	p.detail(s)
	p.stays = append(p.stays, s)
	return s
}

// detail adds what guests ask for beside a room.
func (p *plan) detail(s *stay) {
	if p.chance(4) {
		s.create.Extras = []reservation.Extra{{Group: "board", Price: p.money(1400 * int64(s.create.Adults*max(s.leaves-s.arrives, 1)))}}
	}
	if p.chance(9) {
		s.create.Attributes = map[string]string{"note": notes[p.random.IntN(len(notes))]}
	}
}

var notes = []string{
	"Arrives late, after 22:00", "Quiet room, please", "Baby cot", "Vegetarian breakfast", "Comes by car: parking place",
	"Allergic to feathers", "Wedding anniversary: flowers in the room", "Brings a small dog", "Transfer from the airport",
	"Invoice to the company", "High floor", "Two beds apart",
}

// prices returns the price of every night, or of the day.
func (p *plan) prices(kind roomType, t trip) (prices []innards.Money) {
	for night := range max(t.leaves-t.arrives, 1) {
		price, err := nightPrice(kind, p.date(t.arrives+night))
		p.err = cmp.Or(p.err, err)
		prices = append(prices, price)
	}
	return prices
}

func (p *plan) money(cents int64) innards.Money {
	m, err := innards.FromMinor(cents, currency)
	p.err = cmp.Or(p.err, err)
	return m
}

// noon is the minute by which everything of today has happened, so that the afternoon finds the same hotel.
const noon = 12 * 60

// on adds a step, unless its day is still to come.
func (s *stay) on(day, minute int, in reservation.Intent) {
	if day == 0 {
		minute = min(minute, noon)
	}
	if day <= 0 {
		s.steps = append(s.steps, step{day: day, minute: minute, intent: in})
	}
}
