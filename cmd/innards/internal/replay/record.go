package replay

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// readRow is the command in the refusal of a damaged row.
const readRow = "read_row"

// The bounds of a row. The years keep one damaged row from making a calendar of centuries.
const (
	maxLead     = 3650 // days
	maxNights   = 730
	maxGuests   = 1000
	firstYear   = 2000
	lastYear    = 2099
	maxWord     = 64 // characters of a segment, channel or deposit type
	maxTypeWord = 32 // characters of a room type
)

// currency is that of all rates.
const currency = innards.Currency("EUR")

// A record is one row while it is read. It collects everything that stands against it.
type record struct {
	*columns
	*words
	values   []string
	blockers []innards.Blocker
}

func (r *record) text(column string) string { return strings.TrimSpace(r.values[r.at[column]]) }

func (r *record) block(b ...innards.Blocker) { r.blockers = append(r.blockers, b...) }

// booking returns the row; it is usable if nothing stands against it.
func (r *record) booking() booking {
	b := booking{room: -1, hotel: r.hotel(), endingAs: r.ending(), rate: r.rate()}
	b.booked, b.assigned = r.roomType("reserved_room_type"), r.roomType("assigned_room_type")
	b.segment = r.word(&r.segments, "market_segment")
	b.channel = r.word(&r.channels, "distribution_channel")
	b.deposit = r.word(&r.deposits, "deposit_type")
	b.adults = uint16(r.number("adults", maxGuests))
	b.children = uint16(r.count("children") + r.count("babies"))
	r.dates(&b)
	return b
}

func (r *record) hotel() uint8 {
	for i, h := range hotels {
		if h.word == r.text("hotel") {
			return uint8(i)
		}
	}
	r.block(HotelUnknown.In("hotel", strconv.Quote(r.text("hotel"))))
	return 0
}

func (r *record) ending() uint8 {
	for i, e := range endings {
		if e.word == r.text("reservation_status") {
			return uint8(i)
		}
	}
	r.block(reservation.StatusUnknown.In("reservation_status", strconv.Quote(r.text("reservation_status"))))
	return 0
}

func (r *record) rate() innards.Money {
	rate, err := innards.ParseMoney(r.text("adr"), currency)
	if err != nil {
		r.block(reservation.AmountInvalid.In("adr", err))
	}
	return rate
}

// typePattern keeps the words of room types usable as the beginning of a room's id.
var typePattern = regexp.MustCompile(`^[A-Za-z0-9]{1,` + strconv.Itoa(maxTypeWord) + `}$`)

func (r *record) roomType(column string) uint8 {
	if !typePattern.MatchString(r.text(column)) {
		r.block(reservation.IDInvalid.In(column, strconv.Quote(r.text(column))))
		return 0
	}
	return r.word(&r.types, column)
}

func (r *record) word(t *table, column string) uint8 {
	against := innards.CheckText(column, r.text(column), maxWord)
	if r.block(against...); len(against) > 0 {
		return 0
	}
	i, ok := t.index(r.text(column))
	if !ok {
		r.block(TooManyWords.In(column))
	}
	return i
}

// number returns a whole number from 0 to most.
func (r *record) number(column string, most int) int {
	n, err := strconv.Atoi(r.text(column))
	if err != nil || n < 0 || n > most {
		r.block(NumberInvalid.In(column, strconv.Quote(r.text(column)), "is not 0 to", most))
		return 0
	}
	return n
}

// count is number, where the file may not know it.
func (r *record) count(column string) int {
	if slices.Contains([]string{"NA", "NULL"}, r.text(column)) {
		return 0
	}
	return r.number(column, maxGuests/2)
}

// dates sets the days of the booking and checks that they follow each other.
func (r *record) dates(b *booking) {
	before := len(r.blockers)
	arrival := strings.Join([]string{r.text("arrival_date_year"), r.text("arrival_date_month"), r.text("arrival_date_day_of_month")}, " ")
	b.arrival = r.day("arrival_date_day_of_month", arrival, "2006 January 2")
	b.ended = r.day("reservation_status_date", r.text("reservation_status_date"), "1/2/2006", time.DateOnly)
	b.created = b.arrival.AddDays(-r.number("lead_time", maxLead))
	b.departure = b.arrival.AddDays(r.number("stays_in_weekend_nights", maxNights/2) + r.number("stays_in_week_nights", maxNights/2))
	if disordered := b.ended.Before(b.created) || b.stays() && b.ended.Before(b.arrival); disordered && len(r.blockers) == before {
		r.block(DatesOutOfOrder.In("reservation_status_date", b.ended))
	}
}

// day reads a day in one of the layouts.
func (r *record) day(column, text string, layouts ...string) innards.Date {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil && firstYear <= t.Year() && t.Year() <= lastYear {
			return innards.DateOf(t)
		}
	}
	r.block(reservation.DateInvalid.In(column, strconv.Quote(text)))
	return innards.Date{}
}
