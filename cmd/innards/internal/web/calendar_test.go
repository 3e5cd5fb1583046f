package web

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// may returns a day of May 2026.
func may(day int) innards.Date { return innards.NewDate(2026, 5, day) }

// fortnight begins on 10 May 2026, a Sunday.
var fortnight = window{from: may(10), nights: 14, today: may(12)}

func stayOf(id string, from, to int) reservation.CalendarStay {
	return reservation.CalendarStay{Reservation: id, Number: "N" + id, Guest: "Guest " + id, Class: reservation.ClassGuaranteed, From: may(from), To: may(to)}
}

// draw writes a line as one character for each half cell: "." is free, a stay its id. "<" or ">" stands for the half cell at
// which a bar goes on beyond.
func draw(cells []cell) string {
	var out strings.Builder
	for _, c := range cells {
		if c.bar == nil {
			out.WriteString(strings.Repeat(".", c.span))
			continue
		}
		text := []byte(strings.Repeat(c.bar.Reservation, c.span))
		if !c.bar.begins {
			text[0] = '<'
		}
		if !c.bar.ends {
			text[len(text)-1] = '>'
		}
		out.Write(text)
	}
	return out.String()
}

func TestLinesOfARoom(t *testing.T) {
	for _, test := range []struct {
		name  string
		stays []reservation.CalendarStay
		want  []string
	}{
		{"empty", nil, []string{"............................"}},
		{"from the second half of a day to the first of another", []reservation.CalendarStay{stayOf("a", 11, 13)}, []string{"...aaaa....................."}},
		{"one night", []reservation.CalendarStay{stayOf("a", 10, 11)}, []string{".aa........................."}},
		{"one follows the other", []reservation.CalendarStay{stayOf("a", 11, 13), stayOf("b", 13, 14)}, []string{"...aaaabb..................."}},
		{"leaves on the first day", []reservation.CalendarStay{stayOf("a", 9, 10), stayOf("b", 10, 12)}, []string{"<bbbb......................."}},
		{"came before", []reservation.CalendarStay{stayOf("a", 9, 12)}, []string{"<aaaa......................."}},
		{"leaves on the last day", []reservation.CalendarStay{stayOf("a", 21, 23)}, []string{".......................aaaa."}},
		{"leaves on the day after the last", []reservation.CalendarStay{stayOf("a", 22, 24)}, []string{".........................aa>"}},
		{"goes on on both sides", []reservation.CalendarStay{stayOf("a", 9, 24)}, []string{"<aaaaaaaaaaaaaaaaaaaaaaaaaa>"}},
		{"day use takes its day", []reservation.CalendarStay{stayOf("a", 12, 12)}, []string{"....aa......................"}},
		{"day use before the window", []reservation.CalendarStay{stayOf("a", 9, 9)}, []string{"............................"}},
		{"day use on the last day", []reservation.CalendarStay{stayOf("a", 23, 23)}, []string{"..........................aa"}},
		{
			"day use where one leaves and another comes", []reservation.CalendarStay{stayOf("a", 10, 12), stayOf("b", 12, 12), stayOf("c", 12, 14)},
			[]string{".aaaacccc...................", "....bb......................"},
		},
		{
			"overlaps", []reservation.CalendarStay{stayOf("a", 10, 14), stayOf("b", 11, 13), stayOf("c", 13, 15), stayOf("d", 14, 15)},
			[]string{".aaaaaaaadd.................", "...bbbbcccc................."},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, cells := range fortnight.lanes(test.stays, spansOf([]reservation.CalendarRow{{Stays: test.stays}})) {
				got = append(got, draw(cells))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func calendarTypes() []reservation.RoomType {
	return []reservation.RoomType{{ID: "DBL", Name: "Double"}, {ID: "SGL", Name: "Single"}}
}

func TestSections(t *testing.T) {
	got := fortnight.sections([]reservation.CalendarRow{
		{Room: "101", Name: "101", Type: "DBL", Stays: []reservation.CalendarStay{stayOf("a", 10, 12)}},
		{Room: "102", Name: "102", Type: "DBL", Stays: []reservation.CalendarStay{stayOf("a", 12, 13)}},
		{Room: "103", Name: "103", Type: "DBL", OutOfOrder: true},
		{Room: "201", Name: "201", Type: "SGL"},
		{Type: "DBL", Stays: []reservation.CalendarStay{stayOf("b", 10, 11), stayOf("c", 10, 13), stayOf("d", 10, 10)}},
		{Type: "SGL"},
	}, calendarTypes())
	double := got[0]
	if double.rooms != 3 || double.outOfOrder != 1 || got[1].rooms != 1 || len(got) != 2 {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]int{-1, 0, 0, 2}, double.free[:4]); diff != "" {
		t.Errorf("free: %s", diff)
	}
	var lines []string
	for _, l := range double.lines {
		lines = append(lines, fmt.Sprintf("%s/%d %s", l.room, l.lane, draw(l.cells)[:10]))
	}
	want := []string{"/0 .bb.......", "/1 .cccccc...", "/2 dd........", "101/0 .aaa>.....", "102/0 .....<a...", "103/0 .........."}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines: %s", diff)
	}
	if l := double.lines[5]; !l.outOfOrder || l.mark() != "out" {
		t.Errorf("103 is %+v", l)
	}
	if len(got[1].lines) != 1 {
		t.Errorf("a type whose stays all have rooms has a lane: %+v", got[1].lines)
	}
}

// However small the parts, together they have every line once and in order.
func TestPartsOfACalendar(t *testing.T) {
	all := fortnight.sections(fullHouse(30, 14, 2), calendarTypes())
	var want []string
	for _, s := range all {
		for _, l := range s.lines {
			want = append(want, linePlace{s.ID, l.room, l.lane}.String())
		}
	}
	for _, weight := range []int{0, 1, 5_000, 12_345, 1 << 30} {
		var got []string
		rest, parts := all, 0
		for last := (&linePlace{}); last != nil; parts++ {
			var part []section
			part, last = first(rest, weight, 20)
			for _, s := range part {
				for _, l := range s.lines {
					got = append(got, linePlace{s.ID, l.room, l.lane}.String())
				}
			}
			if last != nil {
				again, err := parseLinePlace(last.String())
				if err != nil {
					t.Fatal(err)
				}
				rest = after(all, again)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("parts of %d: %s", weight, diff)
		}
		if weight == 0 && parts != len(want) {
			t.Errorf("%d parts of one line each, want %d", parts, len(want))
		}
	}
}

// A line that has gone leaves none out: those of its room or type come again.
func TestPartAfterALineThatHasGone(t *testing.T) {
	all := fortnight.sections(fullHouse(4, 14, 2), calendarTypes())
	for _, test := range []struct {
		place linePlace
		first string
	}{
		{linePlace{"DBL", "0", 3}, "2"},
		{linePlace{"DBL", "", 2}, "0"},
		{linePlace{"DBL", "none", 0}, "0"},
		{linePlace{"SGL", "1", 0}, "3"},
		{linePlace{"none", "0", 0}, "0"},
		{linePlace{"DBL", "2", 0}, "1"}, // the first of the other type
	} {
		if got := after(all, test.place)[0].lines[0].room; got != test.first {
			t.Errorf("after %v comes %s, want %s", test.place, got, test.first)
		}
	}
	for _, wrong := range []string{"", "DBL", "DBL:1", "DBL:1:x", "DBL:1:-1", "a:b:c:0"} {
		if _, err := parseLinePlace(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// fullHouse returns rooms, every other of the second type, in which a stay follows the other without a gap.
func fullHouse(rooms, nights, length int) []reservation.CalendarRow {
	rows := make([]reservation.CalendarRow, rooms, rooms+2)
	for i := range rows {
		rows[i] = reservation.CalendarRow{Room: fmt.Sprint(i), Name: fmt.Sprint(i), Type: calendarTypes()[i%2].ID}
		for d := -1 - i%length; d < nights; d += length {
			from, to := max(d, -1), min(d+length, nights)
			if from >= to {
				continue
			}
			rows[i].Stays = append(rows[i].Stays, reservation.CalendarStay{
				Reservation: fmt.Sprintf("01a1fcb4-5880-7000-8293-%06d%06d", i, from+1), Number: "2HGN-ZGNT", Guest: "Begoña Ibáñez Castaño",
				Class: displayClasses()[i%7], From: may(10).AddDays(from), To: may(10).AddDays(to),
			})
		}
	}
	return append(rows, reservation.CalendarRow{Type: "DBL"}, reservation.CalendarRow{Type: "SGL"})
}

// calendarView is a view of a house of these types.
func calendarView(t testing.TB, address string) *view {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	v := (&site{Config: Config{Words: catalogue}}).view(httptest.NewRecorder(), httptest.NewRequest("GET", address, nil))
	v.property = &reservation.Property{ID: "vitosha", Name: "Hotel Vitosha", BusinessDate: may(12), Types: calendarTypes()}
	v.visitor = access.Visitor{Actor: innards.Actor{ID: "test", Tenant: "test", Rights: []innards.Right{"*"}}}
	return v
}

// The page stays under what a poor network takes, even with stays of one night and long names.
func TestCalendarIsLight(t *testing.T) {
	w := window{from: may(10), nights: 30, today: may(12)}
	for _, test := range []struct {
		language             string
		rooms, length, least int
		guest                string
	}{
		{"en", 500, 3, 75, ""}, {"en", 500, 1, 25, ""}, {"en", 500, 7, 150, ""}, {"en", 2000, 400, 400, ""},
		{"bg", 500, 3, 60, ""}, {"ru", 500, 2, 40, ""}, {"ru", 100, 2, 10, strings.Repeat("Щ", 100)},
	} {
		v := calendarView(t, "/desk/vitosha/calendar?nights=30")
		v.say = v.Words.In(test.language)
		rows := fullHouse(test.rooms, 30, test.length)
		for i := range rows {
			for j := range rows[i].Stays {
				if test.guest != "" {
					rows[i].Stays[j].Guest = test.guest
				}
			}
		}
		c := v.calendarOf(w, w.sections(rows, calendarTypes()))
		var page bytes.Buffer
		if err := calendarPage(v, c).Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		lines := strings.Count(page.String(), "data-room=")
		t.Logf("%s, %d rooms, stays of %d nights: %d bytes, %d rooms on the first page", test.language, test.rooms, test.length, page.Len(), lines)
		if page.Len() > 200_000 || lines < test.least || c.next == "" {
			t.Errorf("%d rooms, stays of %d: %d bytes, %d rooms, next %q", test.rooms, test.length, page.Len(), lines, c.next)
		}
	}
}

func TestTitleOfABar(t *testing.T) {
	v := calendarView(t, "/desk/vitosha/calendar")
	c := v.calendarOf(fortnight, nil)
	for _, test := range []struct {
		from, to int
		want     string
	}{
		{11, 13, "Guest a · Na · 11 May – 13 May · Guaranteed"},
		{12, 12, "Guest a · Na · 12 May, day use · Guaranteed"},
		{9, 13, "Guest a · Na · until 13 May · Guaranteed"},
		{20, 24, "Guest a · Na · from 20 May on · Guaranteed"},
		{9, 24, "Guest a · Na · all of these days · Guaranteed"},
	} {
		stay := stayOf("a", test.from, test.to)
		if got := c.title(v, &bar{CalendarStay: &stay}); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func BenchmarkCalendarPage(b *testing.B) {
	v := calendarView(b, "/desk/vitosha/calendar?nights=30")
	w := window{from: may(10), nights: 30, today: may(12)}
	rows := fullHouse(500, 30, 3)
	b.ReportAllocs()
	for b.Loop() {
		var page bytes.Buffer
		if err := calendarPage(v, v.calendarOf(w, w.sections(rows, calendarTypes()))).Render(b.Context(), &page); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(page.Len()), "bytes/page")
	}
}
