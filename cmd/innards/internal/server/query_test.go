package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// bookMany makes reservations that arrive on different days, and returns the ids in the order of the arrivals.
func (c client) bookMany(n int) (ids []string) {
	c.t.Helper()
	for i := range n {
		ids = append(ids, c.book(fmt.Sprintf(`{"property":"vitosha","arrival":"2026-07-%02d","departure":"2026-07-%02d","type":"DBL",
			"guest":{"name":"Guest %d"},"source":"phone","segment":"leisure","attributes":{"colour":"c%d"}}`, i+1, i+2, i, i%2)))
	}
	return ids
}

func (r reply) ids(t *testing.T) (ids []string) {
	t.Helper()
	for _, item := range r.field(t, "items").([]any) {
		ids = append(ids, dig(item, "id").(string))
	}
	return ids
}

func TestPagesHoldEverythingOnce(t *testing.T) { onEveryStore(t, pagesHoldEverythingOnce) }

func pagesHoldEverythingOnce(t *testing.T, h *house) {
	desk := h.as(access.FrontDesk)
	want := desk.bookMany(9)
	for _, sort := range []string{"arrival", "departure", "created_at", "number", "guest"} {
		for _, descending := range []string{"false", "true"} {
			got := map[string]bool{}
			path, pages := "/v1/reservations?limit=4&sort="+sort+"&descending="+descending, 0
			for next := ""; pages == 0 || next != ""; pages++ {
				r := desk.get(path+"&after="+next).want(t, 200, "")
				for _, id := range r.ids(t) {
					got[id] = true
				}
				next, _ = r.field(t, "next").(string)
			}
			if len(got) != len(want) || pages != 3 {
				t.Errorf("by %s, %s: %d reservations on %d pages", sort, descending, len(got), pages)
			}
		}
	}
	first := desk.get("/v1/reservations?limit=4").field(t, "next").(string)
	desk.get("/v1/reservations?limit=4&sort=guest&after="+first).want(t, 422, "invalid")
}

func TestSearch(t *testing.T) { onEveryStore(t, search) }

func search(t *testing.T, h *house) {
	desk := h.as(access.FrontDesk)
	ids := desk.bookMany(6)
	soren := desk.book(stay)
	desk.command("/v1/reservations/"+ids[0]+"/cancel", `{"reason_code":"guest_request"}`).want(t, 200, "")
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"text=soren", []string{soren}},
		{"text=KIERKEGAARD", []string{soren}},
		{"text=kierkegaard nobody", nil},
		{"occupancy=cancelled", ids[:1]},
		{"occupancy=cancelled,checked_in", ids[:1]},
		{"valid=false", ids[:1]},
		{"property=vitosha&stay_state=due_in", []string{soren}},
		{"arrival_from=2026-07-02&arrival_to=2026-07-03", ids[1:3]},
		{"departure_from=2026-07-07", ids[5:]},
		{"stay_from=2026-07-04&stay_to=2026-07-04", ids[3:4]},
		{"created_to=2026-06-01T06:00:00Z", nil},
		{"type=DBL&source=front_desk", []string{soren}},
		{"segment=leisure&valid=true", ids[1:]},
		{"cancellation_policy=flexible", []string{soren}},
		{"attribute[colour]=c1", []string{ids[1], ids[3], ids[5]}},
		{"unassigned=true&valid=true&arrival_to=2026-06-30", []string{soren}},
		{"overbooked=true", nil},
		{"party=x", nil},
		{"room=101", nil},
		{"number=none", nil},
	} {
		query := url.QueryEscape(c.query)
		query = strings.NewReplacer("%3D", "=", "%26", "&", "%2C", ",").Replace(query)
		r := desk.get("/v1/reservations?"+query).want(t, 200, "")
		if got := r.ids(t); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s finds %v, want %v", c.query, got, c.want)
		}
		total := desk.get("/v1/reservations/counts?"+query).want(t, 200, "").field(t, "total")
		if total != float64(len(c.want)) {
			t.Errorf("%s counts %v, want %d", c.query, total, len(c.want))
		}
	}
}

func TestReports(t *testing.T) { onEveryStore(t, reports) }

func reports(t *testing.T, h *house) {
	desk := h.as(access.FrontDesk)
	in := desk.book(stay)
	desk.command("/v1/reservations/"+in+"/check-in", `{"room":"101"}`).want(t, 200, "")
	due := desk.book(strings.Replace(stay, `"flexible"`, `"flexible","guarantee_policy":"deposit"`, 1))

	for path, want := range map[string][]string{"arrivals": {in, due}, "in-house": {in}, "departures": nil, "overdue": nil} {
		if got := desk.get("/v1/properties/vitosha/"+path).want(t, 200, "").ids(t); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	items := desk.get("/v1/properties/vitosha/awaiting-guarantee").want(t, 200, "").field(t, "items").([]any)
	if len(items) != 1 || dig(items[0], "reservation", "id") != due || dig(items[0], "due", "amount") != "48.30" || dig(items[0], "days_left") != 3.0 {
		t.Errorf("awaiting guarantee: %v", items)
	}
	items = desk.get("/v1/properties/vitosha/calendar?from=2026-06-01&to=2026-06-08").want(t, 200, "").field(t, "items").([]any)
	if dig(items[0], "room") != "101" || dig(items[0], "stays").([]any)[0].(map[string]any)["class"] != "in_house" {
		t.Errorf("the first room is %v", items[0])
	}
	items = desk.get("/v1/properties/vitosha/availability?from=2026-06-01&to=2026-06-02").want(t, 200, "").field(t, "items").([]any)
	if fmt.Sprint(items[0]) != "map[date:2026-06-01 free:1 in_service:3 sold:2 type:DBL]" {
		t.Errorf("left are %v", items[0])
	}
	items = desk.get("/v1/properties/vitosha/segments").want(t, 200, "").field(t, "items").([]any)
	if len(items) != 2 || dig(items[0], "revenue", "amount") != "161.00" {
		t.Errorf("segments: %v", items)
	}
	items = desk.get("/v1/properties/vitosha/automation?until=2026-06-08T00:00:00Z").want(t, 200, "").field(t, "items").([]any)
	if len(items) != 1 || dig(items[0], "reservation") != due || dig(items[0], "command") != "cancel" {
		t.Errorf("automation: %v", items)
	}
	desk.get("/v1/reservations/"+due+"/fee-timeline").want(t, 200, "")
	q := desk.get("/v1/reservations/"+due+"/quote?kind=no_show&at=2026-06-02T06:00:00Z").want(t, 200, "")
	if dig(q.field(t, "fee"), "amount") != "161.00" {
		t.Errorf("a no-show costs %s", q.body)
	}
	desk.get("/v1/reservations/"+due+"/quote?kind=checked_in").want(t, 422, "invalid")
}

func TestRoomFeed(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	id := desk.book(stay)
	desk.command("/v1/reservations/"+id+"/assign-room", `{"room":"102"}`).want(t, 200, "")
	r := desk.get("/v1/properties/vitosha/rooms/102/calendar.ics").want(t, 200, "")
	if r.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Errorf("the type is %s", r.header.Get("Content-Type"))
	}
	text := string(r.body)
	for _, line := range []string{"DTSTART;VALUE=DATE:20260601\r\n", "DTEND;VALUE=DATE:20260603\r\n", "BEGIN:VEVENT\r\n"} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is missing in\n%s", line, text)
		}
	}
	if strings.Contains(text, "Kierkegaard") {
		t.Error("the feed names the guest")
	}
	if other := desk.get("/v1/properties/vitosha/rooms/101/calendar.ics").want(t, 200, ""); strings.Contains(string(other.body), "VEVENT") {
		t.Errorf("another room's feed: %s", other.body)
	}
}

func TestBulk(t *testing.T) { onEveryStore(t, bulk) }

func bulk(t *testing.T, h *house) {
	desk := h.as(access.FrontDesk)
	ids := desk.bookMany(3)
	body := fmt.Sprintf(`{"ids":[%q,%q,%q,"none"],"intent":{"note":"by fax"}}`, ids[0], ids[1], ids[0])
	preview := desk.command("/v1/reservations/bulk/mark-confirmed?dry_run=true", body).want(t, 200, "")
	real := desk.command("/v1/reservations/bulk/mark-confirmed", body, "Idempotency-Key", "b").want(t, 200, "")
	for name, r := range map[string]reply{"preview": preview, "real": real} {
		if r.field(t, "done") != 2.0 || r.field(t, "refused") != 1.0 {
			t.Errorf("%s: %s", name, r.body)
		}
	}
	again := desk.command("/v1/reservations/bulk/mark-confirmed", body, "Idempotency-Key", "b").want(t, 200, "")
	if again.field(t, "done") != 2.0 || !strings.Contains(string(again.body), `"replayed":true`) {
		t.Errorf("again: %s", again.body)
	}
	desk.command("/v1/reservations/bulk/mark-confirmed", fmt.Sprintf(`{"ids":[%q],"intent":{"note":"by fax"}}`, ids[2]), "Idempotency-Key", "b").want(t, 422, "key_reused")
	// By a search, which does not find what was done meanwhile.
	r := desk.command("/v1/reservations/bulk/mark-confirmed?property=vitosha&confirmation=unconfirmed", `{"intent":{"note":"by fax"}}`).want(t, 200, "")
	if r.field(t, "done") != 1.0 {
		t.Errorf("by a search: %s", r.body)
	}
	desk.command("/v1/reservations/bulk/mark-confirmed", `{"intent":{"note":"by fax"}}`).want(t, 422, "invalid")
	desk.command("/v1/reservations/bulk/mark-confirmed?valid=true", body).want(t, 422, "invalid")
	desk.command("/v1/reservations/bulk/mark-confirmed?valid=true", `{"intent":{"Note":"x"}}`).want(t, 422, "invalid")
}

func TestMappings(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	desk.get("/v1/mappings").want(t, 200, "")
	if got := desk.get("/v1/mappings/mews/Started").want(t, 200, "").field(t, "occupancy"); got != "checked_in" {
		t.Errorf("Started is %v", got)
	}
	desk.get("/v1/mappings/mews/started").want(t, 422, "status_unknown")
	id := desk.book(stay)
	if got := desk.get("/v1/reservations/"+id+"/status/ohip").want(t, 200, "").field(t, "word"); got != "Reserved" {
		t.Errorf("the word is %v", got)
	}
}

func TestPropertyCommands(t *testing.T) {
	h := newHouse(t)
	admin := h.as(access.Administrator)
	body := `{"id":"rila","name":"Rila","zone":"Europe/Sofia","currency":"EUR","business_date":"2026-06-01"}`
	r := admin.command("/v1/properties", body).want(t, 201, "")
	at := r.header.Get("Location")
	if at != "/v1/properties/rila" {
		t.Fatalf("it is at %q", at)
	}
	admin.command(at+"/put-room-types", `{"types":[{"id":"D","name":"Double"}]}`, "If-Match", `"1"`).want(t, 200, "")
	admin.command(at+"/put-rooms", `{"rooms":[{"id":"1","name":"1","type":"D"}]}`, "If-Match", `"1"`).want(t, 412, "stale_version")
	admin.command(at+"/close-day", `{"date":"2026-06-01"}`).want(t, 200, "")
	r = admin.get(at).want(t, 200, "")
	if r.field(t, "business_date") != "2026-06-02" || r.header.Get("ETag") != `"3"` {
		t.Errorf("it is now %v %s", r.header, r.body)
	}
	admin.get(at+"/actions").want(t, 200, "")
	admin.get(at+"/history").want(t, 200, "")
	if n := len(admin.get("/v1/properties").want(t, 200, "").field(t, "items").([]any)); n != 2 {
		t.Errorf("there are %d properties", n)
	}
}
