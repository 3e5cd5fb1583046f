package replay

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// good is a row under head.
const good = "City Hotel,0,2016,May,10,0,1,2,0,0,Direct,Direct,A,A,No Deposit,80.5,Check-Out,5/11/2016"

// with returns the good row with one value replaced.
func with(column, value string) string {
	values := strings.Split(good, ",")
	values[slices.Index(strings.Split(strings.TrimSpace(head), ","), column)] = value
	return strings.Join(values, ",")
}

func TestDamagedRowsAreRefusedByCode(t *testing.T) {
	tests := []struct {
		row  string
		want innards.Code
	}{
		{good + ",1", RowUnreadable.Code},
		{"City Hotel,0", RowUnreadable.Code},
		{with("hotel", `"City`), RowUnreadable.Code},
		{with("hotel", strings.Repeat("x", 2*maxLine)), RowUnreadable.Code},
		{with("hotel", "Grand Hotel"), HotelUnknown.Code},
		{with("lead_time", "-1"), NumberInvalid.Code},
		{with("lead_time", "3651"), NumberInvalid.Code},
		{with("lead_time", "soon"), NumberInvalid.Code},
		{with("stays_in_week_nights", "1.5"), NumberInvalid.Code},
		{with("stays_in_weekend_nights", "366"), NumberInvalid.Code},
		{with("adults", ""), NumberInvalid.Code},
		{with("children", "many"), NumberInvalid.Code},
		{with("arrival_date_year", "1999"), reservation.DateInvalid.Code},
		{with("arrival_date_month", "Maj"), reservation.DateInvalid.Code},
		{with("arrival_date_day_of_month", "32"), reservation.DateInvalid.Code},
		{with("reservation_status_date", "31/12/2016"), reservation.DateInvalid.Code},
		{with("reservation_status_date", "5/9/2016"), DatesOutOfOrder.Code},
		{with("reservation_status", "Gone"), reservation.StatusUnknown.Code},
		{with("adr", "1e3"), reservation.AmountInvalid.Code},
		{with("adr", "80.555"), reservation.AmountInvalid.Code},
		{with("reserved_room_type", "A/B"), reservation.IDInvalid.Code},
		{with("assigned_room_type", ""), reservation.IDInvalid.Code},
		{with("market_segment", "Di\x00rect"), innards.TextInvalid.Code},
		{with("distribution_channel", "4111111111111111"), innards.CardNumber.Code},
	}
	for _, test := range tests {
		report := replayed(t, head+test.row+"\n"+good+"\n", options(reservationtest.NewStore()))
		if len(report.Refusals) != 1 || report.Refusals[0].Line != 2 || report.Refusals[0].Command != readRow {
			t.Errorf("%.120s: refusals %+v, want one, of line 2", test.row, report.Refusals)
			continue
		}
		if diff := cmp.Diff(map[innards.Code]int64{test.want: 1}, report.RefusedByCode); diff != "" {
			t.Errorf("%.120s: by code (-want +got):\n%s", test.row, diff)
		}
		if report.Rows != 2 || report.Totals[asCheckOut] != (Total{"Check-Out", 1, 1}) || report.Matches() {
			t.Errorf("%.120s: %d rows, totals %v", test.row, report.Rows, report.Totals)
		}
	}
}

func TestTooManyWordsAreRefused(t *testing.T) {
	var rows strings.Builder
	for i := range maxTable + 2 {
		rows.WriteString(with("market_segment", strings.Repeat("s", i%20+1)+string(rune('A'+i/20))) + "\n")
	}
	f, err := read(strings.NewReader(head + rows.String()))
	if err != nil || len(f.damaged) != 2 || f.damaged[0].Blockers[0].Code != TooManyWords.Code {
		t.Errorf("damaged %+v, error %v, want the last two", f.damaged, err)
	}
}

func TestRowsAreReadInOtherForms(t *testing.T) {
	for name, text := range map[string]string{
		"byte order mark":       "\ufeff" + head + good + "\n",
		"without the last line": head + good,
		"carriage returns":      strings.ReplaceAll(head+good+"\n", "\n", "\r\n"),
		"empty lines":           head + "\n" + good + "\n\n",
		"quoted":                head + with("hotel", `"City Hotel"`),
		"padded":                head + with("deposit_type", "No Deposit     "),
		"other dates":           head + with("reservation_status_date", "2016-05-11"),
		"unknown children":      head + with("children", "NA"),
		"more columns":          "agent," + head + "NULL," + good,
	} {
		f, err := read(strings.NewReader(text))
		if err != nil || f.rows != 1 || len(f.damaged) > 0 || len(f.bookings) != 1 {
			t.Errorf("%s: %+v, error %v, want one row", name, f, err)
			continue
		}
		if b := f.bookings[0]; b.ended != day(11) || b.rate.String() != "80.50 EUR" || f.deposits[b.deposit] != "No Deposit" {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

func TestFilesThatAreNotUsable(t *testing.T) {
	broken := errors.New("broken")
	for name, in := range map[string]io.Reader{
		"empty":             strings.NewReader(""),
		"no columns":        strings.NewReader("a,b\n1,2\n"),
		"a column missing":  strings.NewReader(strings.Replace(head, "adr", "rate", 1) + good),
		"head not readable": strings.NewReader(`"hotel` + "\n"),
		"fails at the head": iotest.ErrReader(broken),
		"fails in the rows": io.MultiReader(strings.NewReader(head+good+"\n"), iotest.ErrReader(broken)),
	} {
		if _, err := HotelBookings(t.Context(), in, options(reservationtest.NewStore())); !errors.Is(err, ErrFile) {
			t.Errorf("%s: error %v, want one that matches ErrFile", name, err)
		}
	}
}

func TestAFileWithoutRowsHasAnEmptyReport(t *testing.T) {
	report := replayed(t, head, options(reservationtest.NewStore()))
	if report.Rows != 0 || report.Commands != 0 || len(report.Hotels) != 0 || !report.Matches() {
		t.Errorf("%+v", report)
	}
}

func TestManyRefusalsAreCountedButNotListed(t *testing.T) {
	report := replayed(t, head+strings.Repeat("x\n", maxListed+5), options(reservationtest.NewStore()))
	if report.Refused != maxListed+5 || len(report.Refusals) != maxListed {
		t.Errorf("%d refused, %d listed", report.Refused, len(report.Refusals))
	}
}

func TestCodesAreListedOnce(t *testing.T) {
	seen := map[innards.Code]bool{}
	for _, r := range slices.Concat(reservation.Reasons(), Reasons()) {
		if seen[r.Code] || r.Text == "" || r.Lift == "" {
			t.Errorf("%+v is there twice or says too little", r)
		}
		seen[r.Code] = true
	}
	if want := len(reservation.Reasons()) + 5; len(seen) != want {
		t.Errorf("%d codes, want %d: %v", len(seen), want, slices.Sorted(maps.Keys(seen)))
	}
}
