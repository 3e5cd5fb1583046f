package reservation

import (
	"fmt"
	"strings"

	"github.com/innards-go/innards"
)

// A Warning is what somebody should know of a command that was carried out: it is in the receipt, and stops nothing.
type Warning struct {
	Code innards.Code `json:"code"` // stable: callers may branch on it
	Text string       `json:"text"` // in English; details, such as a room or a day, follow a colon
}

// The warnings that a receipt may hold.
var (
	WarnNoPolicy              = Warning{"no_policy", "there is no cancellation policy, so there is no fee"}
	WarnDepositStaysOut       = Warning{"deposit_stays_out", "a part of the deposit was refunded and stays out"}
	WarnAuthorisationStaysOut = Warning{"authorisation_stays_out", "a part of the authorisation was released and stays out"}
	WarnOverbooked            = Warning{"overbooked", "the room type is overbooked"}
	WarnRoomDropped           = Warning{"room_dropped", "the stay is without a room, since its room is not free any more"}
	WarnEarlyDeparture        = Warning{"early_departure", "the departure is early, and the nights are given back from this day on"}
	WarnArrivalDayOpen        = Warning{"arrival_day_open", "the day of arrival is not over"}
	WarnStayOver              = Warning{"stay_over", "the stay is over, and its dates need to be amended"}
	WarnNightWithoutRoom      = Warning{"night_without_room", "a night is without a room, since its room is taken or of another type"}
)

// Warnings returns every warning that a receipt may hold, in the order of the documentation.
func Warnings() []Warning {
	return []Warning{WarnNoPolicy, WarnDepositStaysOut, WarnAuthorisationStaysOut, WarnOverbooked, WarnRoomDropped,
		WarnEarlyDeparture, WarnArrivalDayOpen, WarnStayOver, WarnNightWithoutRoom}
}

// warn adds a warning to the receipt. The details, if any, are appended to its text.
func (c *Change) warn(w Warning, details ...any) {
	if len(details) > 0 {
		w.Text += ": " + strings.TrimSuffix(fmt.Sprintln(details...), "\n")
	}
	c.warnings = append(c.warnings, w)
}
