package server_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// The calendar shows a stay in its room, or without one, as a link to its reservation; nothing in it is inline.
func TestRoomCalendar(t *testing.T) {
	onEveryStore(t, func(t *testing.T, h *house) {
		desk := h.as(access.FrontDesk)
		id := desk.book(stay)
		bar := func(room string) *regexp.Regexp {
			return regexp.MustCompile(`data-room="` + room + `"><th scope="row">.*?<td class="[a-z]" colspan="4"><a href="reservations/` + id +
				`" title="Søren Kierkegaard · [^"]* · 1 Jun – 3 Jun · [^"]*">Søren Kierkegaard</a></td>`)
		}
		page := string(desk.get("/desk/vitosha/calendar").want(t, 200, "").body)
		if !bar("").MatchString(page) {
			t.Errorf("no bar without a room in %s", page)
		}
		desk.command("/v1/reservations/"+id+"/assign-room", `{"room":"102"}`).want(t, 200, "")
		page = string(desk.get("/desk/vitosha/calendar?nights=30&from=2026-06-01&type=DBL").want(t, 200, "").body)
		if !bar("102").MatchString(page) || strings.Contains(page, `class="lane"`) {
			t.Errorf("no bar in 102: %s", page)
		}
		if !strings.Contains(page, `<tr class="out" data-room="104">`) || strings.Contains(page, `data-room="201"`) {
			t.Errorf("104 is not out of order, or another type is shown: %s", page)
		}
		if m := regexp.MustCompile(`<script>|<style|style="| on[a-z]+="`).FindString(page); m != "" {
			t.Errorf("inline %s", m)
		}
		for _, m := range regexp.MustCompile(`(?:src|href)="(/assets/[^"#]*)`).FindAllStringSubmatch(page, -1) {
			desk.get(m[1]).want(t, 200, "")
		}
	})
}

// A drop asks what it would do, with the values of its address, through the form that the page of the command has.
func TestDropOnTheRoomCalendar(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	form := "/desk/vitosha/reservations/" + desk.book(stay) + "/"
	field := func(page []byte, name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindSubmatch(page)
		if m == nil {
			t.Fatalf("no %s in %s", name, page)
		}
		return string(m[1])
	}
	post := func(command, values string, status int) string {
		t.Helper()
		page := desk.get(form+command+"?"+values).want(t, 200, "").body
		typed := "step=preview&key=" + field(page, "key") + "&version=" + field(page, "version") + "&" + values
		return string(desk.send("POST", form+command, typed, "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true").want(t, status, "").body)
	}
	if page := post("assign-room", "room=103", 200); !strings.Contains(page, `class="foreseen"`) {
		t.Errorf("a free room is refused: %s", page)
	}
	if page := post("assign-room", "room=104", 409); !strings.Contains(page, "The room is out of order") {
		t.Errorf("no reason for a room out of order, which may be overridden: %s", page)
	}
	page := string(desk.get(form+"amend?departure=2026-06-05").want(t, 200, "").body)
	if !strings.Contains(page, `name="departure" value="2026-06-05"`) || !strings.Contains(page, `name="was.departure" value="2026-06-03"`) {
		t.Errorf("the address proposes no departure: %s", page)
	}
}

func TestRoomCalendarRefuses(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	for query, status := range map[string]int{
		"nights=15": 422, "nights=x": 422, "from=yesterday": 422, "type=none": 404, "after=x": 422,
		"from=9999-12-31": 200, "from=0001-01-01": 200, "after=DBL:none:0": 200,
	} {
		if r := desk.get("/desk/vitosha/calendar?" + query); r.status != status {
			t.Errorf("%s: %d, want %d", query, r.status, status)
		}
	}
	desk.get("/desk/none/calendar").want(t, 404, "")
}
