package replay

import (
	"errors"

	"github.com/innards-go/innards"
)

// ErrFile is matched when the file cannot be replayed at all: it cannot be read, or it has not the columns of the data set.
var ErrFile = errors.New("replay: the file is not usable")

// The refusal codes of damaged rows, beside those of package reservation.
var (
	RowUnreadable   = innards.Reason{Code: "row_unreadable", Kind: innards.KindInput, Text: "the row cannot be read", Lift: "write it as one line of comma-separated values, one for every column"}
	NumberInvalid   = innards.Reason{Code: "number_invalid", Kind: innards.KindInput, Text: "the number is not usable", Lift: "write a whole number in the range named"}
	HotelUnknown    = innards.Reason{Code: "hotel_unknown", Kind: innards.KindInput, Text: "there is no such hotel", Lift: "write Resort Hotel or City Hotel"}
	DatesOutOfOrder = innards.Reason{Code: "dates_out_of_order", Kind: innards.KindInput, Text: "the status was reached before it could be", Lift: "write a status date on or after the booking, and for a guest who stayed on or after the arrival"}
	TooManyWords    = innards.Reason{Code: "too_many_words", Kind: innards.KindInput, Text: "the column has too many different words", Lift: "use at most 256 in a file"}
)

// Reasons returns the refusal codes that only this package has, in the order of the documentation.
func Reasons() []innards.Reason {
	return []innards.Reason{RowUnreadable, NumberInvalid, HotelUnknown, DatesOutOfOrder, TooManyWords}
}
