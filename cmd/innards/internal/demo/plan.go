package demo

import (
	"github.com/innards-go/innards/reservation"
)

// A fate is what becomes of a reservation.
type fate int

const (
	leaves    fate = iota // comes and goes on the days booked, as far as they are over
	stays                 // came, and should have left already
	comesLate             // should have come yesterday
	cancels               // three days before the arrival, or today
	misses                // does not come
)

// A booking is one reservation of the demo. Days count from today.
type booking struct {
	booked, arrives int // days
	nights          int
	roomType        int // index of types
	fate            fate
	commitment      reservation.Commitment
	guarantee       string // policy
	cancellation    string // policy
	guaranteed      bool
	confirmed       bool
	assigned        bool // a room in advance
}

// plan returns the bookings, each group with one thing to see.
func plan() []booking {
	var all []booking
	add := func(count int, make func(i int) booking) {
		for i := range count {
			all = append(all, make(i))
		}
	}
	add(14, func(i int) booking { // departed
		return booking{booked: -20, arrives: -13 + i%9, nights: 1 + i%4, roomType: i % 3, cancellation: "flexible", confirmed: true}
	})
	add(10, func(i int) booking { // in house
		return booking{booked: -18 + i, arrives: -1 - i%3, nights: 4 + i%3, roomType: i % 4, cancellation: "flexible", guarantee: "card", guaranteed: true, confirmed: true}
	})
	add(4, func(i int) booking { // due out today
		return booking{booked: -12, arrives: -2 - i%2, nights: 2 + i%2, roomType: 1, cancellation: "season", confirmed: true}
	})
	add(7, func(i int) booking { // due in today, three of them with a room
		return booking{booked: -9 + i, arrives: 0, nights: 1 + i, roomType: i % 3, cancellation: "flexible", guarantee: "deposit-30", guaranteed: i%2 == 0, confirmed: i%3 > 0, assigned: i < 3}
	})
	add(15, func(i int) booking { // to come: guaranteed, awaiting and overdue
		return booking{booked: -14 + i, arrives: 2 + 2*i, nights: 2 + i%5, roomType: (i + 1) % 4, cancellation: "season", guarantee: "deposit-30", guaranteed: i%3 == 0, confirmed: i%2 == 0}
	})
	add(4, func(i int) booking {
		return booking{booked: -16, arrives: -2 + 3*i, nights: 3, roomType: i % 3, fate: cancels, cancellation: []string{"flexible", "non-refundable"}[i%2], confirmed: true}
	})
	add(2, func(i int) booking {
		return booking{booked: -10, arrives: -4 - i, nights: 2, roomType: 1, fate: misses, cancellation: "flexible", guarantee: "card", guaranteed: i == 0}
	})
	return append(all,
		booking{booked: -7, arrives: -3, nights: 2, roomType: 3, fate: stays, confirmed: true},
		booking{booked: -6, arrives: -1, nights: 3, roomType: 1, fate: comesLate, guarantee: "card"},
		booking{booked: -2, arrives: 12, nights: 3, roomType: 2, commitment: reservation.Optional, cancellation: "flexible"},
		booking{booked: -3, arrives: 18, nights: 4, roomType: 1, commitment: reservation.Optional, cancellation: "flexible"},
		booking{booked: -1, arrives: 5, nights: 2, roomType: 3, commitment: reservation.Waitlisted},
		booking{booked: -1, arrives: 40, nights: 7, roomType: 1, commitment: reservation.Inquiry},
	)
}

var sources = []reservation.Source{reservation.SourceFrontDesk, reservation.SourceBookingEngine, reservation.SourceChannelManager,
	reservation.SourcePhone, reservation.SourceEmail, reservation.SourceAgency}

var segments = []string{"leisure", "business", "group", "direct"}
