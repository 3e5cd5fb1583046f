package innards

import (
	"cmp"
	"fmt"
	"time"
)

// A Date is a civil day, such as a day of arrival. It has no instant until it is given a time zone. Dates are
// comparable with ==; the zero Date is no date. It covers the years 1 to 9999.
type Date struct{ day int32 } // days since 31 December of the year 0

const (
	dateEpoch     = -62135683200 // 0000-12-31T00:00:00Z in Unix seconds
	secondsPerDay = 24 * 60 * 60
	lastDay       = 3652059 // 9999-12-31
)

// DateOf returns the civil day of t in t's location, the nearest one in the years 1 to 9999.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return nearest((time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() - dateEpoch) / secondsPerDay)
}

// nearest returns the day of that number, or the first or last one there is.
func nearest(day int64) Date { return Date{int32(min(max(day, 1), lastDay))} }

// NewDate returns a day of the Gregorian calendar. Overflowing months and days carry on, as in [time.Date].
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// ParseDate reads YYYY-MM-DD. It refuses days that do not exist, such as 30 February.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("%q is not a day of the form YYYY-MM-DD in the years 0001 to 9999", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.day == 0 }

// midnight returns the day's beginning in UTC, for calendar arithmetic only.
func (d Date) midnight() time.Time { return time.Unix(dateEpoch+int64(d.day)*secondsPerDay, 0).UTC() }

// String returns YYYY-MM-DD, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.midnight().Format(time.DateOnly)
}

// AddDays returns the day n days later. It stays within the years 1 to 9999.
func (d Date) AddDays(n int) Date {
	return nearest(int64(d.day) + int64(min(max(n, -lastDay), lastDay)))
}

// DaysUntil returns the number of days from d to e, negative if e is earlier.
func (d Date) DaysUntil(e Date) int { return int(e.day) - int(d.day) }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.day < e.day }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.day > e.day }

// Compare returns -1, 0 or +1 as d is before, the same as or after e.
func (d Date) Compare(e Date) int { return cmp.Compare(d.day, e.day) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// Date returns year, month and day.
func (d Date) Date() (year int, month time.Month, day int) { return d.midnight().Date() }

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

// A TimeOfDay is a local wall-clock time in minutes after midnight, 0 to 1440. 1440 is the midnight that ends the day.
type TimeOfDay int16

// ParseTimeOfDay reads HH:MM, 00:00 to 24:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	digits := len(s) == 5 && s[2] == ':'
	for i := range s {
		digits = digits && (i == 2 || '0' <= s[i] && s[i] <= '9')
	}
	if digits {
		h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
		if m < 60 && h*60+m <= 24*60 {
			return TimeOfDay(h*60 + m), nil
		}
	}
	return 0, fmt.Errorf("%q is not a time of day of the form HH:MM, 00:00 to 24:00", s)
}

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t/60, t%60) }

// MarshalText implements encoding.TextMarshaler.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *TimeOfDay) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTimeOfDay(string(text))
	return err
}

// At returns the instant of the wall-clock time t on day d in zone, in UTC. A time that the clocks skip, when they are
// set forward, is the instant at which they are; of a time that they show twice, the first counts.
func (d Date) At(t TimeOfDay, zone *time.Location) time.Time {
	return firstShown(d.midnight().Add(time.Duration(t)*time.Minute), zone)
}

// DaysLater returns the instant n civil days after t, or before it if n is negative, at the same wall-clock time in
// zone, found as [Date.At] does. No days later is t itself.
func DaysLater(t time.Time, n int, zone *time.Location) time.Time {
	if n == 0 {
		return t
	}
	_, offset := t.In(zone).Zone()
	wall := t.UTC().Add(time.Duration(offset) * time.Second)
	return firstShown(wall.AddDate(0, 0, n), zone)
}

// firstShown returns the first instant at which the clocks of zone show the time that wall has in UTC, or a later one.
func firstShown(wall time.Time, zone *time.Location) time.Time {
	since := wall.Add(-48 * time.Hour).In(zone) // no zone is two days from UTC
	for {
		_, offset := since.Zone()
		_, until := since.ZoneBounds()
		shown := wall.Add(-time.Duration(offset) * time.Second)
		switch {
		case !until.IsZero() && !shown.Before(until):
			since = until // this offset is over before the clocks get there
		case shown.Before(since):
			return since.UTC() // the clocks skipped it when this offset began
		default:
			return shown
		}
	}
}
