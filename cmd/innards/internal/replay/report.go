package replay

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A Report is what came out of a replay.
type Report struct {
	SHA256 string `json:"sha256"` // of the file, as CSV
	Rows   int    `json:"rows"`   // damaged ones too
	// Totals compare the file with the store, for both hotels.
	Totals []Total `json:"totals"`
	Hotels []Hotel `json:"hotels"`
	Tally

	Commands          int64         `json:"commands"`
	Elapsed           time.Duration `json:"elapsed_ns"`
	CommandsPerSecond float64       `json:"commands_per_second"`
	// Commits of the store, nil if it does not tell.
	Commits           *int64   `json:"commits,omitempty"`
	CommitsPerCommand *float64 `json:"commits_per_command,omitempty"`
	// PeakMemory of the process in bytes.
	PeakMemory int64 `json:"peak_memory_bytes"`
}

// A Total is the number of bookings with a final status: as the rows say, and as the store has them.
type Total struct {
	Status string `json:"status"` // the file's word
	File   int64  `json:"file"`
	Stored int64  `json:"stored"`
}

// String returns the number, "38 of 39" if the file has another one.
func (t Total) String() string {
	if t.File == t.Stored {
		return strconv.FormatInt(t.Stored, 10)
	}
	return fmt.Sprintf("%d of %d", t.Stored, t.File)
}

// A Hotel is one hotel of a report.
type Hotel struct {
	Hotel  string  `json:"hotel"`
	Rooms  int     `json:"rooms"`
	Totals []Total `json:"totals"`
	Months []Month `json:"months"`
}

// A Month is the bookings of a hotel that were to arrive in the month.
type Month struct {
	Month  string  `json:"month"` // YYYY-MM
	Totals []Total `json:"totals"`
}

// Matches reports whether every row was led to the status that the file says.
func (r *Report) Matches() bool {
	return r.Refused == 0 && !slices.ContainsFunc(r.Totals, func(t Total) bool { return t.File != t.Stored })
}

// report compares the file with the store.
func (r *run) report(ctx context.Context) (Report, error) {
	elapsed := r.Clock().Sub(r.began)
	out := Report{
		SHA256: r.file.digest, Rows: r.file.rows, Tally: r.tally.Tally, Totals: []Total{}, Hotels: []Hotel{},
		Commands: r.tally.done.Load(), Elapsed: elapsed, PeakMemory: peakMemory(),
	}
	slices.SortStableFunc(out.Refusals, func(a, b Refused) int { return a.Line - b.Line })
	if elapsed > 0 {
		out.CommandsPerSecond = float64(out.Commands) / elapsed.Seconds()
	}
	if r.Options.Commits != nil && out.Commands > 0 {
		commits := r.Options.Commits() - r.committed
		ratio := float64(commits) / float64(out.Commands)
		out.Commits, out.CommitsPerCommand = &commits, &ratio
	}
	for h := range hotels {
		if !r.inventory.has(uint8(h)) {
			continue
		}
		hotel, err := r.hotel(ctx, uint8(h))
		if err != nil {
			return out, err
		}
		out.Hotels = append(out.Hotels, hotel)
		out.Totals = add(out.Totals, hotel.Totals)
	}
	return out, nil
}

// hotel compares the months of one hotel.
func (r *run) hotel(ctx context.Context, h uint8) (Hotel, error) {
	out := Hotel{Hotel: hotels[h].word}
	for kind := range r.file.types {
		out.Rooms += r.inventory.rooms[r.inventory.kind(h, uint8(kind))]
	}
	months := r.months(h)
	for _, month := range slices.Sorted(maps.Keys(months)) {
		totals, err := r.totals(ctx, h, month, months[month])
		if err != nil {
			return out, err
		}
		out.Months = append(out.Months, Month{Month: month, Totals: totals})
		out.Totals = add(out.Totals, totals)
	}
	return out, nil
}

// A perEnding is a number for each of the endings.
type perEnding [len(endings)]int64

// months counts the rows of a hotel by the month of arrival.
func (r *run) months(h uint8) map[string]perEnding {
	months := map[string]perEnding{}
	for i := range r.file.bookings {
		if b := &r.file.bookings[i]; b.hotel == h {
			month := b.arrival.String()[:len("2006-01")]
			n := months[month]
			n[b.endingAs]++
			months[month] = n
		}
	}
	return months
}

// totals compares the rows of a month with what is stored.
func (r *run) totals(ctx context.Context, h uint8, month string, rows perEnding) ([]Total, error) {
	first, err := innards.ParseDate(month + "-01")
	if err != nil {
		return nil, err
	}
	y, m, _ := first.Date()
	last := innards.NewDate(y, m+1, 0)
	counts, err := r.service.Count(ctx, r.actor, reservation.Search{Property: hotels[h].id, ArrivalFrom: first, ArrivalTo: last})
	if err != nil {
		return nil, err
	}
	var totals []Total
	for i, e := range endings {
		totals = append(totals, Total{Status: e.word, File: rows[i], Stored: counts.Occupancy[e.status]})
	}
	return totals, nil
}

// add returns the sums by status.
func add(sums, totals []Total) []Total {
	for _, t := range totals {
		i := slices.IndexFunc(sums, func(s Total) bool { return s.Status == t.Status })
		if i < 0 {
			sums = append(sums, t)
			continue
		}
		sums[i].File += t.File
		sums[i].Stored += t.Stored
	}
	return sums
}
