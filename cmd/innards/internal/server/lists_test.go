package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/reservation/reservationtest"
)

const desk = "/desk/" + hotel

// form sends a form as a browser does.
func (c client) form(path string, values url.Values) reply {
	c.t.Helper()
	return c.send(http.MethodPost, path, values.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// named makes a reservation for a guest of the name, with a booking like [stay] that is changed where the pairs say.
func (c client) named(name string, change ...string) string {
	c.t.Helper()
	return c.book(strings.NewReplacer(append(change, "Søren Kierkegaard", name)...).Replace(stay))
}

// shows fails the test unless the page has all of the texts, and no text that is missing from the catalogue.
func (r reply) shows(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(string(r.body), text) {
			t.Errorf("%q is not on the page:\n%s", text, r.body)
		}
	}
	if m := regexp.MustCompile(`⟦[^⟧]*⟧`).Find(r.body); m != nil {
		t.Errorf("there is no text for %s", m)
	}
}

func (r reply) hides(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(string(r.body), text) {
			t.Errorf("%q is on the page", text)
		}
	}
}

func TestSearchPage(t *testing.T) {
	h := newHouse(t)
	c := h.as(access.FrontDesk)
	id := c.named("Inger Christensen")
	c.named("Tove Ditlevsen", `"2026-06-01"`, `"2026-06-05"`, `"2026-06-03"`, `"2026-06-07"`)

	all := c.get(desk+"/reservations").want(t, 200, "")
	all.shows(t, "Inger Christensen", "Tove Ditlevsen", "Arriving today <b>1</b>", `name="pick"`)
	c.get(desk+"/reservations?text=inger").shows(t, "Inger Christensen")
	c.get(desk+"/reservations?text=inger").hides(t, "Tove Ditlevsen")
	c.get(desk+"/reservations?arrival_from=2026-06-02").hides(t, "Inger Christensen")
	c.get(desk+"/reservations?text=segm").shows(t, `href="`+desk+`/segments"`, "No reservation is like this", "New reservation")

	number := h.numberOf(id)
	if r := c.get(desk + "/reservations?text=" + strings.ToLower(number)); r.status != 303 || r.header.Get("Location") != desk+"/reservations/"+id {
		t.Errorf("the number leads to %d %s", r.status, r.header.Get("Location"))
	}
	wrong := c.get(desk+"/reservations?arrival_from=soon&segment=leisure").want(t, 422, "")
	wrong.shows(t, `aria-invalid="true"`, "<q>soon</q>", `value="leisure"`)
	c.get(desk+"/reservations?after=x").want(t, 422, "")
}

// numberOf returns the number that people see of a reservation.
func (h *house) numberOf(id string) string {
	h.t.Helper()
	return h.as(access.Administrator).get("/v1/reservations/"+id).want(h.t, 200, "").field(h.t, "number").(string)
}

// A list goes on where it ended, in every order.
func TestListsGoOn(t *testing.T) {
	h := newHouse(t)
	c := h.as(access.FrontDesk)
	for i := range 60 {
		day := reservationtest.BusinessDate().AddDays(i / 2)
		c.named(fmt.Sprintf("Guest %02d", i), "2026-06-01", day.String(), "2026-06-03", day.AddDays(1).String())
	}
	for _, order := range []string{"", "?sort=guest", "?sort=guest&descending=true", "?sort=created_at", "?sort=number", "?sort=departure"} {
		seen := map[string]bool{}
		for at := desk + "/reservations" + order; at != ""; {
			page := c.get(at).want(t, 200, "")
			for _, m := range regexp.MustCompile(`name="pick" form="bulk" value="([^"]+)"`).FindAllSubmatch(page.body, -1) {
				seen[string(m[1])] = true
			}
			at = ""
			if m := regexp.MustCompile(`hx-get="([^"]+)"`).FindSubmatch(page.body); m != nil {
				at = strings.ReplaceAll(string(m[1]), "&amp;", "&")
			}
		}
		if len(seen) != 60 {
			t.Errorf("%s: %d of 60 are listed", order, len(seen))
		}
	}
}

func TestBulkPage(t *testing.T) {
	h := newHouse(t)
	c := h.as(access.FrontDesk)
	one, two, gone := c.named("Karen Blixen"), c.named("Peter Høeg"), c.named("Piet Hein")
	c.command("/v1/reservations/"+gone+"/cancel", `{"reason_code":"guest_request"}`).want(t, 200, "")
	h.clock.Advance(time.Hour) // it is not free any more
	path := desk + "/bulk/cancel"

	picked := url.Values{"pick": {one, two, gone, "nobody"}}
	form := c.form(path, picked).want(t, 200, "")
	form.shows(t, "4 reservations are chosen", `name="reason_code"`)
	form.hides(t, `value="do"`)
	picked.Set("key", keyIn(t, form))
	picked.Set("reason_code", "house")
	picked.Set("step", "preview")
	preview := c.form(path, picked).want(t, 200, "")
	preview.shows(t, "2 reservations.", "Charges 161.00", "2 would be refused", "It is not in this property", "Piet Hein", "Cancel: 2 reservations")
	c.get(desk+"/reservations?occupancy=cancelled").hides(t, "Karen Blixen")

	picked.Set("step", "do")
	done := c.form(path, picked).want(t, 200, "")
	done.shows(t, "Done for 2 reservations", "2 were refused", desk+"/reservations/"+one)
	c.form(path, picked).want(t, 200, "").shows(t, "2 of them had been done before")
	c.get(desk+"/reservations?occupancy=cancelled").shows(t, "Karen Blixen", "Peter Høeg")

	c.form(path, url.Values{"step": {"do"}}).want(t, 422, "").shows(t, "Choose reservations")
	c.form(path, url.Values{"step": {"preview"}, "pick": {one}, "reason_code": {""}}).want(t, 422, "")
}

func keyIn(t *testing.T, page reply) string {
	t.Helper()
	m := regexp.MustCompile(`name="key" value="([^"]+)"`).FindSubmatch(page.body)
	if m == nil {
		t.Fatalf("there is no key in %s", page.body)
	}
	return string(m[1])
}

func TestBulkOfASearch(t *testing.T) {
	h := newHouse(t)
	c := h.as(access.FrontDesk)
	c.named("Inger Christensen")
	c.named("Tove Ditlevsen", `"2026-06-01"`, `"2026-06-05"`, `"2026-06-03"`, `"2026-06-07"`)
	path := desk + "/bulk/send-confirmation"
	search := url.Values{"all": {"true"}, "search": {"arrival_to=2026-06-01"}, "key": {"k1"}}
	c.form(path, search).want(t, 200, "").shows(t, "1 reservation.", "Inger Christensen")
	search.Set("step", "do")
	c.form(path, search).want(t, 200, "").shows(t, "Done for 1 reservation.")

	search.Set("search", "") // everything
	c.form(path, search).want(t, 422, "")
	search.Set("search", "arrival_to=x")
	c.form(path, search).want(t, 422, "")
}

// Each bulk command needs its own right, and is offered to those who have it.
func TestBulkRights(t *testing.T) {
	h := newHouse(t)
	id := h.as(access.FrontDesk).named("Karen Blixen")
	operator := h.as(access.Operator)
	operator.form(desk+"/bulk/mark-no-show", url.Values{"pick": {id}}).want(t, 403, "")
	operator.form(desk+"/bulk/send-confirmation", url.Values{"pick": {id}}).want(t, 200, "")
	list := operator.get(desk+"/reservations").want(t, 200, "")
	list.shows(t, desk+"/bulk/cancel")
	list.hides(t, desk+"/bulk/mark-no-show")
}

func TestSavedFilters(t *testing.T) {
	h := newHouse(t)
	c := h.as(access.FrontDesk)
	r := c.form(desk+"/filters", url.Values{"name": {"  Late   in June "}, "query": {"arrival_from=2026-06-20&after=x&type="}}).want(t, 303, "")
	at := r.header.Get("Location")
	if at != desk+"/reservations?arrival_from=2026-06-20" {
		t.Errorf("it leads to %s", at)
	}
	c.get(at).shows(t, "Late in June", "Delete the filter")
	h.as(access.FrontDesk).get(desk+"/reservations").hides(t, "Late in June") // it is of somebody else

	for _, values := range []url.Values{
		{"name": {""}, "query": {"type=DBL"}}, {"name": {strings.Repeat("ж", 61)}, "query": {"type=DBL"}},
		{"name": {"x"}, "query": {"occupancy=asleep"}}, {"name": {"x"}, "query": {"%zz"}},
	} {
		c.form(desk+"/filters", values).want(t, 422, "")
	}
	c.form(desk+"/filters", url.Values{"name": {"Late in June"}, "step": {"delete"}}).want(t, 303, "")
	c.get(desk+"/reservations").hides(t, "Late in June")
}

func TestReportPages(t *testing.T) {
	h := newHouse(t)
	c := h.as(access.FrontDesk)
	c.get(desk+"/awaiting").want(t, 200, "").shows(t, "No reservation waits")
	c.get(desk+"/segments").want(t, 200, "").shows(t, "Nothing arrives")
	c.get(desk+"/notifications").want(t, 200, "").shows(t, "Nothing needs a look")

	id := c.named("Karen Blixen", `"source":"front_desk"`, `"source":"front_desk","segment":"leisure","guarantee_policy":"`+reservationtest.Hotel().GuaranteePolicies[0].Name+`"`)
	c.named("Piet Hein")
	c.get(desk+"/awaiting").shows(t, "Karen Blixen", "1 reservation waits", desk+"/reservations/"+id+"/guarantee")
	segments := c.get(desk+"/segments?split=true").want(t, 200, "")
	segments.shows(t, "brings 50 % of the revenue of 322.00", "leisure", "No segment", "Expected", "<svg")
	c.get(desk+"/segments?guarantee=guaranteed").shows(t, "Nothing arrives")
	c.get(desk+"/segments?arrival_from=x").want(t, 422, "").shows(t, "<q>x</q>")
}

// What money has to be looked at is derived of the last events.
func TestNotificationsOfMoney(t *testing.T) {
	h := newHouse(t)
	c := h.as(access.Administrator)
	failed, paid := c.named("Karen Blixen"), c.named("Piet Hein")
	for _, id := range []string{failed, paid} {
		c.command("/v1/reservations/"+id+"/record-payment", `{"kind":"failed"}`).want(t, 200, "")
	}
	c.command("/v1/reservations/"+paid+"/record-payment", `{"kind":"paid","amount":{"amount":"161.00","currency":"EUR"}}`).want(t, 200, "")
	page := c.get(desk+"/notifications").want(t, 200, "")
	page.shows(t, "Payments failed", "Karen Blixen")
	page.hides(t, "Piet Hein")
}
