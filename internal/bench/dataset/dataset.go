// Package dataset makes the reservations that every server under comparison is filled with. The n-th reservation is
// always the same, so that two servers with the same count hold the same rows.
package dataset

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Properties is how many hotels share the reservations.
const Properties = 20

// Days is how many arrival days the reservations spread over, from [FirstArrival] on.
const Days = 730

// FirstArrival is the earliest arrival date, in UTC.
var FirstArrival = time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)

var (
	givenNames = []string{"Ana", "Boris", "Chen", "Dora", "Emil", "Fatima", "Goran", "Hanna", "Ivan", "Jens", "Kira", "Luis"}
	surnames   = []string{"Alonso", "Berg", "Castro", "Dimitrov", "Eriksen", "Fischer", "Garcia", "Hansen", "Ivanova", "Jensen", "Kovac", "Larsen", "Moreno", "Nielsen", "Petrova", "Rossi"}
	roomTypes  = []string{"single", "double", "twin", "suite"}
)

// A Reservation is one stay, not yet confirmed.
type Reservation struct {
	Number    string
	GuestName string
	Property  string
	RoomType  string
	Adults    int
	Arrival   time.Time
	Departure time.Time
}

// Property names the i-th hotel, from 0.
func Property(i int) string {
	return fmt.Sprintf("hotel-%02d", i%Properties+1)
}

// At returns the n-th reservation, from 0.
func At(n int) Reservation {
	r := rand.New(rand.NewPCG(uint64(n), 0))
	arrival := FirstArrival.AddDate(0, 0, r.IntN(Days))
	return Reservation{
		Number:    fmt.Sprintf("R%07d", n+1),
		GuestName: givenNames[r.IntN(len(givenNames))] + " " + surnames[r.IntN(len(surnames))],
		Property:  Property(n),
		RoomType:  roomTypes[r.IntN(len(roomTypes))],
		Adults:    1 + r.IntN(3),
		Arrival:   arrival,
		Departure: arrival.AddDate(0, 0, 1+r.IntN(6)),
	}
}
