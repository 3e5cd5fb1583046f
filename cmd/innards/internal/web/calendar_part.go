package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// What a page of the calendar may weigh, in bytes. The lines of a full house with 500 rooms do not fit into one page that is
// quick on a poor network, so that "more" brings the next.
const (
	calendarBytes = 172_000
	barBytes      = 120 // of one bar, without its words and the name of the guest, which it has twice
	gapBytes      = 25
	lineBytes     = 90
)

// weight returns what a line weighs if every bar has that many bytes of words.
func (l *line) weight(words int) int {
	weight := lineBytes
	for _, c := range l.cells {
		if c.bar == nil {
			weight += gapBytes
		} else {
			weight += barBytes + words + 2*len(c.bar.Guest)
		}
	}
	return weight
}

// A place of a line: type, room and lane, none of which has a colon.
type linePlace struct {
	roomType, room string
	lane           int
}

func (p linePlace) String() string { return p.roomType + ":" + p.room + ":" + strconv.Itoa(p.lane) }

func parseLinePlace(text string) (linePlace, error) {
	parts := strings.Split(text, ":")
	if len(parts) == 3 {
		if lane, err := strconv.Atoi(parts[2]); err == nil && lane >= 0 {
			return linePlace{parts[0], parts[1], lane}, nil
		}
	}
	return linePlace{}, problem.At(problem.Invalid, "query.after", "it is not the next page of this calendar")
}

// after returns the sections from the line behind the place on. If the line has gone meanwhile, lines of its room or type may
// come again, but none is left out.
func after(sections []section, p linePlace) []section {
	i := slices.IndexFunc(sections, func(s section) bool { return s.ID == p.roomType })
	if i < 0 {
		return sections
	}
	rest := slices.Clone(sections[i:])
	lines := rest[0].lines
	last := -1
	for j, l := range lines {
		if l.room == p.room && l.lane <= p.lane {
			last = j
		}
	}
	rest[0].lines, rest[0].continued = lines[last+1:], true
	if len(rest[0].lines) == 0 {
		return rest[1:]
	}
	return rest
}

// first returns the sections up to the weight, at least one line, and the place of the last line if others follow.
func first(sections []section, weight, words int) (part []section, last *linePlace) {
	for _, s := range sections {
		for i := range s.lines {
			weight -= s.lines[i].weight(words)
			if weight >= 0 || last == nil {
				last = &linePlace{s.ID, s.lines[i].room, s.lines[i].lane}
				continue
			}
			if s.lines = s.lines[:i]; i > 0 {
				part = append(part, s)
			}
			return part, last
		}
		part = append(part, s)
	}
	return part, nil
}
