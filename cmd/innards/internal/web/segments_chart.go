package web

import (
	"strconv"

	"github.com/innards-go/innards"
)

// The chart's measures, in its own units.
const (
	chartWidth  = 640
	chartLabels = 150 // of which the names take
	chartRoom   = 110 // right of the longest bar, for its amount
	chartStep   = 26
	chartBars   = 10 // at most; the table has all
)

// A segmentBar is one segment in the chart.
type segmentBar struct {
	label, value string
	y, width     int
}

// bars returns the segments with the highest revenue.
func (r *segmentReport) bars(v *view) (bars []segmentBar) {
	rows := r.rows[:min(len(r.rows), chartBars)]
	for i := range rows {
		s := &rows[i]
		bars = append(bars, segmentBar{
			label: clip(s.title(v), 20), value: v.say.Amount(s.revenue), y: i * chartStep, width: r.length(s.revenue),
		})
	}
	return bars
}

// length returns the length of a bar: that of the highest revenue is what there is room for.
func (r *segmentReport) length(m innards.Money) int {
	most := r.rows[0].revenue.Minor()
	if most <= 0 || m.Sign() <= 0 {
		return 0
	}
	return max(1, int(m.Minor()*(chartWidth-chartLabels-chartRoom)/most))
}

// clip cuts a text to so many letters.
func clip(s string, letters int) string {
	if r := []rune(s); len(r) > letters {
		return string(r[:letters-1]) + "…"
	}
	return s
}

// finding says what the chart shows.
func (r *segmentReport) finding(v *view) string {
	first := &r.rows[0]
	if r.total.revenue.Sign() <= 0 {
		return v.say.Say("segments.finding.none")
	}
	return v.say.Say("segments.finding", "segment", first.title(v), "share", strconv.Itoa(first.share(r.total.revenue)), "total", r.total.revenue)
}
