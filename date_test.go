package innards_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, wherever they run

	"github.com/innards-go/innards"
	"pgregory.net/rapid"
)

// zones have offsets from -11 to +14, gaps and overlaps of half an hour to two hours, at night and at midnight, and in
// Apia a whole day that was skipped.
var zones = []string{"Pacific/Pago_Pago", "America/St_Johns", "America/New_York", "America/Sao_Paulo", "UTC",
	"Antarctica/Troll", "Africa/Casablanca", "Europe/Sofia", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe",
	"Pacific/Apia", "Pacific/Kiritimati"}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func zone(t fataler, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("zone %s: %v", name, err)
	}
	return z
}

func date(t fataler, s string) innards.Date {
	t.Helper()
	d, err := innards.ParseDate(s)
	if err != nil {
		t.Fatalf("date: %v", err)
	}
	return d
}

func instant(t fataler, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatalf("instant: %v", err)
	}
	return at
}

func TestParseDate(t *testing.T) {
	for _, tc := range []struct {
		text  string
		valid bool
	}{
		{"0001-01-01", true}, {"1999-12-31", true}, {"2024-02-29", true}, {"2000-02-29", true}, {"9999-12-31", true},
		{"0000-12-31", false}, {"2023-02-29", false}, {"1900-02-29", false}, {"2024-02-30", false}, {"2024-13-01", false},
		{"2024-00-10", false}, {"2024-01-00", false}, {"24-01-01", false}, {"2024-1-1", false}, {"2024-01-01 ", false},
		{"2024-01-01T00:00:00Z", false}, {"", false}, {"10000-01-01", false}, {"-001-01-01", false},
	} {
		d, err := innards.ParseDate(tc.text)
		if (err == nil) != tc.valid {
			t.Errorf("ParseDate(%q) error = %v, want valid %v", tc.text, err, tc.valid)
		}
		if tc.valid && d.String() != tc.text || !tc.valid && !d.IsZero() {
			t.Errorf("ParseDate(%q) = %q", tc.text, d)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2024-02-29", "0001-01-01", "9999-12-31", "2023-02-29", "", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := innards.ParseDate(text)
		if err != nil {
			return
		}
		if d.String() != text || d.IsZero() {
			t.Errorf("%q is read as %q", text, d)
		}
		if y, m, day := d.Date(); fmt.Sprintf("%04d-%02d-%02d", y, m, day) != text {
			t.Errorf("%q has year, month and day %d %d %d", text, y, m, day)
		}
	})
}

func TestDateZero(t *testing.T) {
	var none innards.Date
	if !none.IsZero() || none.String() != "" {
		t.Errorf("the zero Date is %q", none)
	}
	if first := innards.NewDate(1, time.January, 1); first.IsZero() || !none.Before(first) {
		t.Errorf("the first day %v is not after the zero Date", first)
	}
}

func TestDateStaysInRange(t *testing.T) {
	first, last := date(t, "0001-01-01"), date(t, "9999-12-31")
	for _, tc := range []struct {
		name      string
		got, want innards.Date
	}{
		{"one day before the first", first.AddDays(-1), first},
		{"one day after the last", last.AddDays(1), last},
		{"the last day from the first", first.AddDays(3652058), last},
		{"the day before the last", first.AddDays(3652057), date(t, "9999-12-30")},
		{"the first day from the last", last.AddDays(-3652058), first},
		{"the second day from the last", last.AddDays(-3652057), date(t, "0001-01-02")},
		{"as far as it goes", last.AddDays(math.MaxInt), last},
		{"as far back as it goes", first.AddDays(math.MinInt), first},
		{"a year after the last", innards.NewDate(10000, time.January, 1), last},
		{"years that overflow", innards.NewDate(6_000_000, time.January, 1), last},
		{"a year before the first", innards.NewDate(0, time.December, 31), first},
		{"months carry on", innards.NewDate(2024, 14, 30), date(t, "2025-03-02")},
		{"the day is that of the zone", innards.DateOf(instant(t, "2024-12-31T23:30:00-02:00")), date(t, "2024-12-31")},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, tc.got, tc.want)
		}
	}
}

// dates draws days; oracle is the standard library's midnight in UTC.
func drawDate(t *rapid.T, name string) (innards.Date, time.Time) {
	n := rapid.IntRange(0, 3652058).Draw(t, name)
	midnight := time.Date(1, time.January, 1+n, 0, 0, 0, 0, time.UTC)
	return innards.DateOf(midnight), midnight
}

func TestDateAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, midnight := drawDate(t, "d")
		e, other := drawDate(t, "e")
		n := rapid.IntRange(-1000, 1000).Draw(t, "n")
		if got := d.String(); got != midnight.Format(time.DateOnly) {
			t.Fatalf("String = %s, want %s", got, midnight.Format(time.DateOnly))
		}
		if got := d.Weekday(); got != midnight.Weekday() {
			t.Fatalf("Weekday = %v, want %v", got, midnight.Weekday())
		}
		wantYear, wantMonth, wantDay := midnight.Date()
		if y, m, day := d.Date(); y != wantYear || m != wantMonth || day != wantDay {
			t.Fatalf("Date = %d %d %d", y, m, day)
		}
		if innards.NewDate(wantYear, wantMonth, wantDay) != d {
			t.Fatalf("NewDate is another day than %v", d)
		}
		if days := int(other.Unix()-midnight.Unix()) / 86400; d.DaysUntil(e) != days || d.AddDays(days) != e {
			t.Fatalf("from %v to %v are %d days, not %d", d, e, days, d.DaysUntil(e))
		}
		if d.Compare(e) != midnight.Compare(other) || d.Before(e) != midnight.Before(other) || d.After(e) != midnight.After(other) {
			t.Fatalf("%v and %v are in another order than in time", d, e)
		}
		later := midnight.AddDate(0, 0, n)
		if later.Year() >= 1 && later.Year() <= 9999 && d.AddDays(n).String() != later.Format(time.DateOnly) {
			t.Fatalf("%d days after %v is %v", n, d, d.AddDays(n))
		}
	})
}

func TestDateOrderIsStrict(t *testing.T) {
	d := date(t, "2024-05-01")
	if d.Before(d) || d.After(d) || d.Compare(d) != 0 || d.DaysUntil(d) != 0 {
		t.Error("a day is not the same as itself")
	}
}

func TestDateJSON(t *testing.T) {
	type stay struct {
		Arrival, Departure innards.Date
		From               innards.TimeOfDay
	}
	want := stay{Arrival: date(t, "2024-02-29"), From: 14*60 + 30}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"Arrival":"2024-02-29","Departure":"","From":"14:30"}` {
		t.Fatalf("JSON is %s, %v", text, err)
	}
	got := stay{Departure: date(t, "2024-03-01")}
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("read back as %v, %v", got, err)
	}
	for _, bad := range []string{`{"Arrival":"2024-02-30"}`, `{"From":"24:01"}`} {
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestTimeOfDay(t *testing.T) {
	for text, want := range map[string]innards.TimeOfDay{"00:00": 0, "00:59": 59, "09:05": 545, "14:30": 870, "23:59": 1439, "24:00": 1440} {
		got, err := innards.ParseTimeOfDay(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s is read as %d %s, %v", text, got, got, err)
		}
	}
	for _, bad := range []string{"", "24:01", "25:00", "12:60", "12:99", "1:00", "01:0", "001:00", "12.00", "aa:bb", "+1:00",
		"1 :00", "/0:00", ":0:00", "00:/0", "00:0:", "-1:00", "99:00"} {
		if got, err := innards.ParseTimeOfDay(bad); err == nil || got != 0 {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

func TestDateAt(t *testing.T) {
	for _, tc := range []struct{ why, zone, day, time, want string }{
		{"an ordinary day", "Europe/Sofia", "2024-05-01", "14:00", "2024-05-01T11:00:00Z"},
		{"midnight begins the day", "Europe/Sofia", "2024-05-01", "00:00", "2024-04-30T21:00:00Z"},
		{"24:00 ends it", "Europe/Sofia", "2024-05-01", "24:00", "2024-05-01T21:00:00Z"},
		{"leap day", "America/New_York", "2024-02-29", "12:00", "2024-02-29T17:00:00Z"},
		{"24:00 of the day before a leap day", "UTC", "2024-02-28", "24:00", "2024-02-29T00:00:00Z"},
		{"offset -11", "Pacific/Pago_Pago", "2024-05-01", "14:00", "2024-05-02T01:00:00Z"},
		{"offset +14", "Pacific/Kiritimati", "2024-05-01", "14:00", "2024-05-01T00:00:00Z"},
		{"offset +5:45", "Asia/Kathmandu", "2024-05-01", "14:00", "2024-05-01T08:15:00Z"},

		{"last minute before the gap", "Europe/Sofia", "2024-03-31", "02:59", "2024-03-31T00:59:00Z"},
		{"first minute of the gap", "Europe/Sofia", "2024-03-31", "03:00", "2024-03-31T01:00:00Z"},
		{"within the gap: its end", "Europe/Sofia", "2024-03-31", "03:30", "2024-03-31T01:00:00Z"},
		{"last minute of the gap: its end", "Europe/Sofia", "2024-03-31", "03:59", "2024-03-31T01:00:00Z"},
		{"end of the gap", "Europe/Sofia", "2024-03-31", "04:00", "2024-03-31T01:00:00Z"},
		{"after the gap", "Europe/Sofia", "2024-03-31", "04:01", "2024-03-31T01:01:00Z"},
		{"before the overlap", "Europe/Sofia", "2024-10-27", "02:59", "2024-10-26T23:59:00Z"},
		{"start of the overlap: the first", "Europe/Sofia", "2024-10-27", "03:00", "2024-10-27T00:00:00Z"},
		{"within the overlap: the first", "Europe/Sofia", "2024-10-27", "03:59", "2024-10-27T00:59:00Z"},
		{"after the overlap", "Europe/Sofia", "2024-10-27", "04:00", "2024-10-27T02:00:00Z"},

		{"gap, west", "America/New_York", "2024-03-10", "02:30", "2024-03-10T07:00:00Z"},
		{"overlap, west", "America/New_York", "2024-11-03", "01:30", "2024-11-03T05:30:00Z"},
		{"gap of half an hour", "Australia/Lord_Howe", "2024-10-06", "02:15", "2024-10-05T15:30:00Z"},
		{"overlap of half an hour", "Australia/Lord_Howe", "2024-04-07", "01:45", "2024-04-06T14:45:00Z"},
		{"gap of two hours", "Antarctica/Troll", "2024-03-31", "02:59", "2024-03-31T01:00:00Z"},
		{"gap at midnight", "America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00:00Z"},
		{"gap at the midnight that ends a day", "America/Sao_Paulo", "2018-11-03", "24:00", "2018-11-04T03:00:00Z"},
		{"overlap before midnight", "America/Sao_Paulo", "2018-02-17", "23:30", "2018-02-18T01:30:00Z"},
		{"a day that was skipped", "Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00:00Z"},
		{"the day after", "Pacific/Apia", "2011-12-31", "12:00", "2011-12-30T22:00:00Z"},
		{"the day before", "Pacific/Apia", "2011-12-29", "12:00", "2011-12-29T22:00:00Z"},
		{"beyond the tables of the zone", "Europe/Sofia", "2199-07-01", "12:00", "2199-07-01T09:00:00Z"},
		{"before the tables of the zone", "Europe/Sofia", "0001-01-01", "00:00", "0000-12-31T22:26:44Z"},
		{"the last day", "Pacific/Pago_Pago", "9999-12-31", "24:00", "10000-01-01T11:00:00Z"},
	} {
		clock, err := innards.ParseTimeOfDay(tc.time)
		if err != nil {
			t.Fatal(err)
		}
		got := date(t, tc.day).At(clock, zone(t, tc.zone))
		if got.Format("2006-01-02T15:04:05Z07:00") != tc.want {
			t.Errorf("%s: %s %s in %s is %v, want %s", tc.why, tc.day, tc.time, tc.zone, got, tc.want)
		}
		if got.Location() != time.UTC {
			t.Errorf("%s: the instant is in %v", tc.why, got.Location())
		}
	}
}

// twoChanges is a zone whose clocks are set an hour forward at 12:00 UTC of two days in a row and back at once two days
// later, as in a TZif file (RFC 8536).
func twoChanges(t *testing.T) *time.Location {
	t.Helper()
	day := instant(t, "2024-06-01T12:00:00Z").Unix()
	block := []byte("TZif\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x03\x00\x00\x00\x0c")
	for _, at := range []int64{day, day + 86400, day + 3*86400} {
		block = append(block, byte(at>>24), byte(at>>16), byte(at>>8), byte(at))
	}
	block = append(block, 1, 2, 0)
	for i := range 3 {
		offset := i * 3600
		block = append(block, 0, 0, byte(offset>>8), byte(offset), 0, byte(4*i))
	}
	block = append(block, "AAA\x00BBB\x00CCC\x00"...)
	z, err := time.LoadLocationFromTZData("Test/Twice", block)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDateAtBetweenTwoChanges(t *testing.T) {
	z := twoChanges(t)
	for _, tc := range []struct{ day, time, want string }{
		{"2024-06-01", "11:00", "2024-06-01T11:00:00Z"},
		{"2024-06-01", "12:30", "2024-06-01T12:00:00Z"}, // the first gap
		{"2024-06-02", "12:00", "2024-06-02T11:00:00Z"}, // between
		{"2024-06-02", "13:30", "2024-06-02T12:00:00Z"}, // the second gap
		{"2024-06-02", "14:30", "2024-06-02T12:30:00Z"},
		{"2024-06-04", "13:00", "2024-06-04T11:00:00Z"}, // shown twice
		{"2024-06-04", "14:00", "2024-06-04T14:00:00Z"},
	} {
		clock, _ := innards.ParseTimeOfDay(tc.time)
		if got := date(t, tc.day).At(clock, z).Format(time.RFC3339); got != tc.want {
			t.Errorf("%s %s is %s, want %s", tc.day, tc.time, got, tc.want)
		}
	}
}

// wall returns what the clocks of z show at the instant, as if it was UTC.
func wall(at time.Time, z *time.Location) time.Time {
	_, offset := at.In(z).Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}

// checkFirstShown fails unless at is the first instant at which the clocks of z show want or later.
func checkFirstShown(t fataler, at, want time.Time, z *time.Location) {
	t.Helper()
	if wall(at, z).Before(want) {
		t.Fatalf("at %v the clocks of %v show %v, not yet %v", at, z, wall(at, z), want)
	}
	for before := at.Add(-time.Second); before.After(at.Add(-27 * time.Hour)); before = before.Add(-15 * time.Minute) {
		if !wall(before, z).Before(want) {
			t.Fatalf("the clocks of %v show %v or later already at %v, not first at %v", z, want, before, at)
		}
	}
}

func TestDateAtIsTheFirstInstantShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		d := date(t, "2000-01-01").AddDays(rapid.IntRange(0, 40*365).Draw(t, "day"))
		clock := innards.TimeOfDay(rapid.IntRange(0, 1440).Draw(t, "minute"))
		y, m, day := d.Date()
		checkFirstShown(t, d.At(clock, z), time.Date(y, m, day, 0, int(clock), 0, 0, time.UTC), z)
	})
}

func FuzzDateAt(f *testing.F) {
	f.Add(uint32(738975), uint16(210), uint8(7))  // in a gap of Europe/Sofia
	f.Add(uint32(739185), uint16(210), uint8(7))  // in an overlap
	f.Add(uint32(734501), uint16(720), uint8(11)) // the day that Apia skipped
	f.Add(uint32(0), uint16(0), uint8(0))
	f.Fuzz(func(t *testing.T, day uint32, minute uint16, which uint8) {
		z := zone(t, zones[int(which)%len(zones)])
		d := date(t, "0001-01-01").AddDays(int(day % 3652059))
		clock := innards.TimeOfDay(minute % 1441)
		y, m, dd := d.Date()
		checkFirstShown(t, d.At(clock, z), time.Date(y, m, dd, 0, int(clock), 0, 0, time.UTC), z)
	})
}

func TestDaysLater(t *testing.T) {
	for _, tc := range []struct {
		why, zone, from string
		days            int
		want            string
	}{
		{"the same time of the day, to the nanosecond", "Europe/Sofia", "2024-05-01T10:11:12.000000013Z", 3, "2024-05-04T10:11:12.000000013Z"},
		{"over the change to summer", "Europe/Sofia", "2024-03-30T10:00:00Z", 1, "2024-03-31T09:00:00Z"},
		{"over the change to winter", "Europe/Sofia", "2024-10-26T10:00:00Z", 1, "2024-10-27T11:00:00Z"},
		{"back over the change to winter", "Europe/Sofia", "2024-10-27T11:00:00Z", -1, "2024-10-26T10:00:00Z"},
		{"into the gap: its end, without the seconds", "Europe/Sofia", "2024-03-30T01:30:59Z", 1, "2024-03-31T01:00:00Z"},
		{"into the overlap: the first", "Europe/Sofia", "2024-10-26T00:30:00Z", 1, "2024-10-27T00:30:00Z"},
		{"from the second of an overlap", "Europe/Sofia", "2024-10-27T01:30:00Z", 1, "2024-10-28T01:30:00Z"},
		{"no days later is the same instant, also in the second of an overlap", "Europe/Sofia", "2024-10-27T01:30:00Z", 0, "2024-10-27T01:30:00Z"},
		{"over a leap day", "UTC", "2024-02-28T12:00:00Z", 2, "2024-03-01T12:00:00Z"},
		{"a year before a leap day", "UTC", "2024-02-29T12:00:00Z", -366, "2023-02-28T12:00:00Z"},
		{"where the day differs from that in UTC", "Pacific/Kiritimati", "2024-05-01T11:00:00Z", 1, "2024-05-02T11:00:00Z"},
		{"over the day that was skipped", "Pacific/Apia", "2011-12-29T20:00:00Z", 2, "2011-12-30T20:00:00Z"},
	} {
		got := innards.DaysLater(instant(t, tc.from), tc.days, zone(t, tc.zone))
		if !got.Equal(instant(t, tc.want)) {
			t.Errorf("%s: %d days after %s in %s is %v, want %s", tc.why, tc.days, tc.from, tc.zone, got.UTC(), tc.want)
		}
	}
}

func TestDaysLaterShowsTheSameTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		from := time.Unix(rapid.Int64Range(946684800, 2208988800).Draw(t, "from"), 0)
		n := rapid.IntRange(-400, 400).Filter(func(n int) bool { return n != 0 }).Draw(t, "days")
		checkFirstShown(t, innards.DaysLater(from, n, z), wall(from, z).AddDate(0, 0, n), z)
	})
}
