package replay

import (
	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A booking is a row of the file. All of them wait in memory for their days, so it is kept small.
type booking struct {
	line                                int32
	created, arrival, departure, ended  innards.Date // ended: checked out, cancelled or marked as a no-show
	hotel, booked, assigned             uint8        // indexes of hotels and of the file's types
	segment, channel, deposit, endingAs uint8        // indexes of the file's words and of endings
	adults, children                    uint16
	rate                                innards.Money // of each night

	// What follows is what became of it so far.

	id   string // of the reservation; "" before it is created
	room int32  // taken at the check-in; -1: none
	lost bool   // a command was refused: the rest of its life is left out
}

// hotels are the properties that the file has.
var hotels = [...]struct{ word, id string }{{"Resort Hotel", "resort-hotel"}, {"City Hotel", "city-hotel"}}

// endings are the final statuses that the file has.
var endings = [...]struct {
	word   string
	status reservation.Occupancy
}{{"Check-Out", reservation.CheckedOut}, {"Canceled", reservation.Cancelled}, {"No-Show", reservation.NoShow}}

const (
	asCheckOut = iota
	asCancelled
	asNoShow
)

func (b *booking) stays() bool       { return b.endingAs == asCheckOut }
func (b *booking) dayUse() bool      { return b.arrival == b.departure }
func (b *booking) changesType() bool { return b.booked != b.assigned }

// nights returns the number of nights that a guest stayed: at most those booked, fewer after an early departure.
func (b *booking) nights() int {
	return min(b.arrival.DaysUntil(b.ended), b.arrival.DaysUntil(b.departure))
}

// vacated returns the day from which on the room that was assigned can be given to somebody else. A room that was used
// for less than a day cannot be given away on that day.
func (b *booking) vacated() innards.Date {
	if b.arrival.Before(b.ended) {
		return b.ended
	}
	return b.arrival.AddDays(1)
}

// endsLate reports whether it ends on the day on which it began, or misses its arrival: after the arrivals of that day.
func (b *booking) endsLate() bool {
	switch b.endingAs {
	case asCheckOut:
		return b.ended == b.arrival
	case asCancelled:
		return b.ended == b.created
	}
	return true
}

// commands returns how many commands lead the booking through its life.
func (b *booking) commands(w *words) (n int64) {
	n = 2 // created and ended
	if !w.fromEngine(b) {
		n++
	}
	if w.hasDeposit(b) {
		n++
	}
	if b.stays() {
		n++
	}
	return n
}

// words are the words that many rows of the file share.
type words struct{ types, segments, channels, deposits table }

// A table numbers words by their first appearance.
type table []string

// maxTable is the most different words of one column.
const maxTable = 256

// index returns the number of the word; false if there are too many.
func (t *table) index(word string) (uint8, bool) {
	for i, w := range *t {
		if w == word {
			return uint8(i), true
		}
	}
	if len(*t) == maxTable {
		return 0, false
	}
	*t = append(*t, word)
	return uint8(len(*t) - 1), true
}

func (w *words) segment(b *booking) string { return w.segments[b.segment] }
func (w *words) channel(b *booking) string { return w.channels[b.channel] }

// fromEngine reports whether the guest booked in the hotel's own booking engine.
func (w *words) fromEngine(b *booking) bool {
	return w.segment(b) == "Direct" && w.channel(b) == "Direct"
}

// hasDeposit reports whether a deposit guarantees the booking.
func (w *words) hasDeposit(b *booking) bool {
	deposit := w.deposits[b.deposit]
	return deposit == "Non Refund" || deposit == "Refundable"
}

// source returns where the booking came from. A channel belongs to channel managers only.
func (w *words) source(b *booking) (reservation.Source, *reservation.Channel) {
	segment, channel := w.segment(b), w.channel(b)
	switch {
	case w.fromEngine(b):
		return reservation.SourceBookingEngine, nil
	case segment == "Online TA" || channel == "GDS":
		return reservation.SourceChannelManager, &reservation.Channel{Name: channel}
	case channel == "TA/TO":
		return reservation.SourceAgency, nil
	case channel == "Corporate":
		return reservation.SourceEmail, nil
	case channel == "Direct":
		return reservation.SourcePhone, nil
	}
	return reservation.SourceFrontDesk, nil
}
