package replay

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	var b bytes.Buffer // nothing can fail until it is written
	r.writeTable(&b)
	r.writeFigures(&b)
	for _, refused := range r.Refusals {
		fmt.Fprintf(&b, "line %d: %s\n", refused.Line, refused.Text)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// writeTable writes what is stored by hotel, month of arrival and final status, "38 of 39" where the file has another number.
func (r *Report) writeTable(b *bytes.Buffer) {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(hotel, month string, totals []Total) {
		fmt.Fprintf(table, "%s\t%s\t", hotel, month)
		for _, t := range totals {
			fmt.Fprintf(table, "%s\t", t)
		}
		fmt.Fprintln(table)
	}
	fmt.Fprintf(table, "hotel\tarrival\t%s\t%s\t%s\t\n", endings[asCheckOut].word, endings[asCancelled].word, endings[asNoShow].word)
	for _, h := range r.Hotels {
		for _, m := range h.Months {
			row(h.Hotel, m.Month, m.Totals)
		}
		row(h.Hotel, "all", h.Totals)
	}
	row("both", "all", r.Totals)
	_ = table.Flush()
}

func (r *Report) writeFigures(b *bytes.Buffer) {
	line := func(format string, args ...any) { fmt.Fprintf(b, format+"\n", args...) }
	for _, h := range r.Hotels {
		line("%s: %d rooms", h.Hotel, h.Rooms)
	}
	line("%d rows, %d refused", r.Rows, r.Refused)
	for _, code := range slices.Sorted(maps.Keys(r.RefusedByCode)) {
		line("refused for %s: %d", code, r.RefusedByCode[code])
	}
	line("%d room nights stayed, %d early departures, %d day uses, %d bookings without guests, %d negative rates",
		r.RoomNights, r.EarlyDepartures, r.DayUses, r.NoGuests, r.NegativeRates)
	line("%d check-ins into another type, %d commands with the right to overbook", r.TypeChanges, r.Overbooked)
	line("%d commands in %s, %.0f a second, %d of them done by an earlier run",
		r.Commands, r.Elapsed.Round(time.Millisecond), r.CommandsPerSecond, r.Repeated)
	if r.Commits != nil && r.CommitsPerCommand != nil {
		line("%d commits, %.3f for each command", *r.Commits, *r.CommitsPerCommand)
	}
	line("%.1f MiB of memory at the most", float64(r.PeakMemory)/(1<<20))
}
