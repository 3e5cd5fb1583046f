package demo

import (
	"time"

	"github.com/innards-go/innards"
)

// A season is how a month goes at the sea.
type season struct {
	full  float64 // share of the rooms that are taken
	price int64   // percent of the price in spring
}

var seasons = map[time.Month]season{
	time.January: {0.30, 75}, time.February: {0.34, 75}, time.March: {0.42, 82}, time.April: {0.55, 92},
	time.May: {0.66, 100}, time.June: {0.82, 125}, time.July: {0.93, 155}, time.August: {0.95, 165},
	time.September: {0.80, 125}, time.October: {0.55, 95}, time.November: {0.38, 80}, time.December: {0.42, 85},
}

func seasonOf(d innards.Date) season {
	_, month, _ := d.Date()
	return seasons[month]
}

func isSummer(d innards.Date) bool { return seasonOf(d).price > 100 }

// isWeekend holds for the nights before a Saturday and a Sunday.
func isWeekend(d innards.Date) bool {
	return d.Weekday() == time.Friday || d.Weekday() == time.Saturday
}

// startChance returns how likely somebody comes to a free room on the day, so that rooms are as full as the season says
// with stays of about three nights.
func (p *plan) startChance(day int) float64 {
	full := seasonOf(p.date(day)).full
	if isWeekend(p.date(day)) {
		full = min(full+0.14, 0.97)
	}
	if day < early {
		full *= 0.7
	}
	return full / (full + 3*(1-full))
}

// nightPrice returns the price of a night in a room of the type, in whole euros.
func nightPrice(t roomType, d innards.Date) (innards.Money, error) {
	cents := t.cents * seasonOf(d).price / 100
	if isWeekend(d) {
		cents += cents / 8
	}
	return innards.FromMinor(cents/100*100, currency)
}
