package replay

import (
	"math/bits"
	"slices"

	"github.com/innards-go/innards"
)

// An inventory is the model of what the hotels have and have sold. It plans which commands need the right to overbook;
// the service is the judge of them.
type inventory struct {
	first, last innards.Date
	width       int     // number of room types
	rooms       []int   // by hotel and type
	sold        []int32 // by hotel, type, slot and day
	free        []roomSet
	used        []bool // by hotel and type: some booking names it
}

// Slots of a day. A day use does not collide with the nights before and after it.
const (
	slotNight = iota
	slotDayUse
	slots
)

// newInventory gives each hotel as many rooms of a type as were taken on its fullest day.
func newInventory(f *file) *inventory {
	v := &inventory{width: len(f.types)}
	for i := range f.bookings {
		v.span(&f.bookings[i])
	}
	kinds := len(hotels) * v.width
	v.used = make([]bool, kinds)
	v.sold = make([]int32, kinds*slots*v.days())
	v.rooms = v.fullest(f)
	for _, n := range v.rooms {
		v.free = append(v.free, newRoomSet(n))
	}
	return v
}

// span widens the calendar by the days of the booking.
func (v *inventory) span(b *booking) {
	if v.first.IsZero() || b.created.Before(v.first) {
		v.first = b.created
	}
	for _, day := range []innards.Date{b.departure, b.ended} {
		if day.After(v.last) {
			v.last = day
		}
	}
}

func (v *inventory) days() int {
	if v.first.IsZero() {
		return 0
	}
	return v.first.DaysUntil(v.last) + 1
}

// fullest returns the most rooms of each hotel and type that were taken on one day.
func (v *inventory) fullest(f *file) []int {
	change := make([]int32, len(v.used)*(v.days()+1))
	for i := range f.bookings {
		b := &f.bookings[i]
		v.used[v.kind(b.hotel, b.booked)], v.used[v.kind(b.hotel, b.assigned)] = true, true
		if b.stays() {
			days := change[v.kind(b.hotel, b.assigned)*(v.days()+1):]
			days[v.first.DaysUntil(b.arrival)]++
			days[v.first.DaysUntil(b.vacated())]--
		}
	}
	most := make([]int, len(v.used))
	for kind := range most {
		var taken int32
		for _, n := range change[kind*(v.days()+1) : (kind+1)*(v.days()+1)] {
			taken += n
			most[kind] = max(most[kind], int(taken))
		}
	}
	return most
}

// kind returns the index of a room type of a hotel.
func (v *inventory) kind(hotel, roomType uint8) int { return int(hotel)*v.width + int(roomType) }

// has reports whether some booking is for the hotel.
func (v *inventory) has(hotel uint8) bool {
	return slices.Contains(v.used[int(hotel)*v.width:][:v.width], true)
}

// nights returns the numbers sold of the type in the nights of the booking from the day on, or on its day of day use.
func (v *inventory) nights(b *booking, roomType uint8, from innards.Date) []int32 {
	slot, n := slotNight, from.DaysUntil(b.departure)
	if b.dayUse() {
		slot, n = slotDayUse, 1
	}
	begin := (v.kind(b.hotel, roomType)*slots+slot)*v.days() + v.first.DaysUntil(from)
	return v.sold[begin : begin+n]
}

// reserve counts a room of the type as sold for every night of the booking, if one is left for each.
func (v *inventory) reserve(b *booking, roomType uint8) bool {
	rooms := int32(v.rooms[v.kind(b.hotel, roomType)])
	for _, sold := range v.nights(b, roomType, b.arrival) {
		if sold >= rooms {
			return false
		}
	}
	v.sell(b, roomType, b.arrival, 1)
	return true
}

// sell adds n, 1 or -1, to what is sold of the type in the nights of the booking from the day on.
func (v *inventory) sell(b *booking, roomType uint8, from innards.Date, n int32) {
	nights := v.nights(b, roomType, from)
	for i := range nights {
		nights[i] += n
	}
}

// enter takes the lowest free room of the assigned type, -1 if there is none.
func (v *inventory) enter(b *booking) { b.room = v.free[v.kind(b.hotel, b.assigned)].take() }

// leave gives the room back.
func (v *inventory) leave(b *booking) {
	if b.room >= 0 {
		v.free[v.kind(b.hotel, b.assigned)].put(b.room)
	}
}

// A roomSet is a set of rooms of one type, one bit each, that quickly finds the lowest.
type roomSet []uint64

func newRoomSet(n int) roomSet {
	s := make(roomSet, (n+63)/64)
	for i := range n {
		s.put(int32(i))
	}
	return s
}

func (s roomSet) put(room int32) { s[room/64] |= 1 << (room % 64) }

// take removes the lowest room and returns it, -1 if there is none.
func (s roomSet) take() int32 {
	for i, rooms := range s {
		if rooms != 0 {
			s[i] &= rooms - 1
			return int32(i*64 + bits.TrailingZeros64(rooms))
		}
	}
	return -1
}
