package server_test

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// desk returns a browser of the front desk and the address of a reservation that arrives today.
func (h *house) desk(role access.Role) (b browser, at string) {
	h.t.Helper()
	h.hire("ana@example.com", role)
	return h.login("ana@example.com"), "/desk/" + hotel + "/reservations/" + h.as(access.Administrator).book(stay)
}

// late makes a reservation and lets the day go by until cancelling it costs something. It returns its address.
func (h *house) late() (at string) {
	h.t.Helper()
	_, at = h.desk(access.FrontDesk)
	h.clock.Advance(10 * time.Hour) // past the drop time; nobody stays logged in so long
	return at
}

// sent returns what a form carries, with fields set.
func (p page) sent(t *testing.T, fields ...string) url.Values {
	t.Helper()
	form := url.Values{"key": {p.hidden(t, "key")}, "version": {p.hidden(t, "version")}}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return form
}

// A form that is sent twice does what it does once; one that is not whole does nothing.
func TestFormIsDoneOnce(t *testing.T) {
	h := newHouse(t)
	b, at := h.desk(access.FrontDesk)
	form := b.open(at+"/check-in").says(t, 200, "Check in").sent(t, "room", "101", "step", "do")
	b.submit(at+"/check-in", form).says(t, 200, "The guest is checked in.", "In house", "Ana checked the guest in (room 101)")
	b.submit(at+"/check-in", form).says(t, 200, "In house")
	if page := b.open(at).says(t, 200); strings.Count(string(page.body), "checked the guest in") != 1 || strings.Contains(string(page.body), "The guest is checked in.") {
		t.Error("it was done, or said, twice")
	}
	for _, missing := range []string{"key", "version"} {
		form := b.open(at+"/check-out").sent(t, "step", "do")
		form.Del(missing)
		b.submit(at+"/check-out", form).says(t, 400)
	}
	b.open(at).says(t, 200, "In house")
}

// A preview changes nothing, and what it says is what is then done.
func TestPreview(t *testing.T) {
	h := newHouse(t)
	at := h.late()
	b := h.login("ana@example.com")
	p := b.open(at + "/cancel")
	form := p.sent(t, "reason_code", "guest_request", "note", "ill", "step", "preview")
	p = b.submit(at+"/cancel", form).says(t, 200, "Cancels the reservation.", "Charges 80.50", "policy flexible")
	if got := h.as(access.Administrator).get("/v1"+strings.TrimPrefix(at, "/desk/"+hotel)).field(t, "occupancy"); got != "expected" {
		t.Fatalf("after the preview it is %v", got)
	}
	b.submit(at+"/cancel", p.sent(t, "reason_code", p.hidden(t, "reason_code"), "note", p.hidden(t, "note"), "step", "do")).
		says(t, 200, "Cancelled", "80.50", "ill")
}

// What is wrong is told at its field, in the language of the page, and what was typed stays.
func TestRefusedForm(t *testing.T) {
	h := newHouse(t)
	b, _ := h.desk(access.FrontDesk)
	at := "/desk/" + hotel + "/reservations/new"
	b.submit("/language", url.Values{"language": {"da"}, "back": {at}})
	form := b.open(at).sent(t, "guest.name", "Søren", "arrival", "2026-06-03", "departure", "2026-06-01", "type", "DBL", "adults", "two", "source", "phone", "prices", "80,505", "step", "preview")
	p := b.submit(at, form).says(t, 422, `value="Søren"`, `value="two"`, `value="80,505"`, `href="#field-adults"`, `href="#field-prices"`, `aria-invalid="true"`)
	if strings.Contains(string(p.body), "A whole number") {
		t.Error("the message is in English")
	}
	form.Set("adults", "2")
	form.Set("prices", "80,50")
	b.submit(at, form).says(t, 422, `href="#field-departure"`, `value="80,50"`)
	form.Set("departure", "2026-06-05")
	p = b.submit(at, form).says(t, 200)
	for name := range form {
		if name != "step" && name != "key" && name != "version" {
			form.Set(name, p.hidden(t, name))
		}
	}
	form.Set("step", "do")
	b.submit(at, form).says(t, 200, "Søren", "161,00")
}

// Who has the right may override, with a reason; who has not sees why not.
func TestOverrideInPages(t *testing.T) {
	h := newHouse(t)
	h.hire("ivo@example.com", access.Accounting)
	at := h.late()
	b := h.login("ivo@example.com")
	form := b.open(at+"/cancel").sent(t, "reason_code", "guest_request", "waive", "true", "step", "preview")
	b.submit(at+"/cancel", form).says(t, 409, `name="override" value="waive_not_allowed"`)
	form.Add("override", "waive_not_allowed")
	b.submit(at+"/cancel", form).says(t, 422)
	form.Set("reason", "a good guest")
	form.Set("step", "do")
	b.submit(at+"/cancel", form).says(t, 200, "Cancelled", "waived", "a good guest")
}

// Commands that cannot be done now are listed with every reason, those without a right not at all.
func TestNotNow(t *testing.T) {
	h := newHouse(t)
	b, at := h.desk(access.FrontDesk)
	page := string(b.open(at).says(t, 200, "Not now").body)
	for _, want := range []string{`href="` + at + `/check-in"`, "Check out"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %s", want)
		}
	}
	if strings.Contains(page, "erase-guest") || strings.Contains(page, "/record-payment") {
		t.Error("the page offers what the role may not do")
	}
}

// A policy that is made in a page is what was typed, and a change of it keeps the rest.
func TestPolicyPages(t *testing.T) {
	h := newHouse(t)
	b, _ := h.desk(access.Administrator)
	at := "/desk/" + hotel + "/settings/put-cancellation-policy"
	form := b.open(at).says(t, 200, "Step 1").sent(t, "policy.name", "winter", "policy.grace_minutes", "60", "policy.cap_at_revenue", "true",
		"policy.tiers.0.from", "arrival", "policy.tiers.0.days", "14", "policy.tiers.0.fee.kind", "percent", "policy.tiers.0.fee.percent", "33.5",
		"policy.no_show.kind", "full", "step", "do")
	b.submit(at, form).says(t, 200, "winter", "33.5 %")
	got := dig(h.policy(t, "winter"), "tiers")
	if tiers, ok := got.([]any); !ok || len(tiers) != 1 || dig(tiers[0], "fee", "percent") != "33.5" {
		t.Fatalf("stored is %v", got)
	}
	form = b.open(at+"?of=winter").says(t, 200, `value="33.5"`, `value="60"`).sent(t)
	form.Set("policy.name", "winter")
	form.Set("policy.tiers.0.from", "arrival")
	form.Set("policy.tiers.0.days", "-1")
	form.Set("policy.tiers.0.fee.kind", "percent")
	form.Set("policy.tiers.0.fee.percent", "330")
	form.Set("step", "do")
	b.submit(at, form).says(t, 422, `href="#field-policy-tiers-0-days"`, `href="#field-policy-tiers-0-fee-percent"`)
	if got := dig(h.policy(t, "winter"), "grace_minutes"); got != 60.0 {
		t.Errorf("a refused change left %v", got)
	}
}

// policy returns a cancellation policy as the API tells it.
func (h *house) policy(t *testing.T, name string) any {
	t.Helper()
	for _, p := range h.as(access.Administrator).get("/v1/properties/"+hotel).field(t, "cancellation_policies").([]any) {
		if dig(p, "name") == name {
			return p
		}
	}
	return nil
}

// The day is closed by its date, once.
func TestCloseDayPage(t *testing.T) {
	h := newHouse(t)
	b, _ := h.desk(access.FrontDesk)
	at := "/desk/" + hotel + "/close-day"
	form := b.open(at).sent(t, "date", "2026-06-01", "step", "preview")
	p := b.submit(at, form).says(t, 200, "Closes the business date")
	form.Set("key", p.hidden(t, "key"))
	form.Set("step", "do")
	b.submit(at, form).says(t, 200, "Tue 2 Jun 2026")
	b.submit(at, form).says(t, 200, "Tue 2 Jun 2026")
	b.submit(at, b.open(at).sent(t, "date", "2026-06-05", "step", "do")).says(t, 422, "The day is not the business date")
}

// Mails that were kept can be read, with their files; jobs are seen and tried again; webhooks show their secret once.
func TestWorkPages(t *testing.T) {
	h := newHouse(t)
	b, _ := h.desk(access.Administrator)
	m := mail.Mail{
		Key: "k", Kind: "confirmation", Tenant: reservationtest.Tenant, To: "Ida Lund <ida@example.dk>", Subject: "Your stay", Text: "Welcome <b>",
		Attachments: []mail.Attachment{{Name: "stay.pdf", Type: "application/pdf", Bytes: []byte("%PDF-1.3")}}, Language: "da",
	}
	if err := h.work.Box.Queue(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	p := b.open("/mails?state=queued").says(t, 200, "Your stay", "Ida Lund")
	one := regexp.MustCompile(`href="(/mails/[^"]+)"`).FindSubmatch(p.body)
	b.open(string(one[1])).says(t, 200, "Welcome &lt;b&gt;", "stay.pdf")
	if file := b.open(string(one[1]) + "/stay.pdf"); string(file.body) != "%PDF-1.3" || file.header.Get("Content-Disposition") != "attachment" {
		t.Errorf("the file is %q %v", file.body, file.header)
	}
	p = b.open("/work").says(t, 200, "Mail", "Due 1")
	job := regexp.MustCompile(`action="(/work/jobs/[^"]+/cancel)"`).FindSubmatch(p.body)
	b.submit(string(job[1]), nil).says(t, 200, "The job is cancelled.")
	b.open("/work?state=dead").says(t, 200, "Given up 1", "Ana")

	b.submit("/webhooks/new", url.Values{"url": {"http://127.0.0.1/hook"}}).says(t, 422, `href="#field-url"`)
	b.submit("/webhooks/new", url.Values{"url": {"https://hooks.example.com/in"}, "types": {"reservation.*"}}).says(t, 200, "whsec_")
	p = b.open("/webhooks").says(t, 200, "https://hooks.example.com/in")
	if strings.Contains(string(p.body), "whsec_") {
		t.Error("the secret is shown again")
	}
	hook := regexp.MustCompile(`href="(/webhooks/[^"]+)"`).FindAllSubmatch(p.body, -1)
	b.open(string(hook[len(hook)-1][1])).says(t, 200, "Nothing was delivered yet.", "reservation.*")
}

// What is kept of a guest is handed out whole, to those who may read histories.
func TestGuestData(t *testing.T) {
	h := newHouse(t)
	b, at := h.desk(access.FrontDesk)
	form := b.open(at+"/mark-confirmed").sent(t, "note", "by phone, at noon", "step", "do")
	b.submit(at+"/mark-confirmed", form).says(t, 200, "by phone, at noon")
	r := b.open(at + "/guest-data")
	if r.status != 200 || !strings.Contains(string(r.body), "soren@example.dk") || !strings.Contains(string(r.body), "by phone, at noon") {
		t.Errorf("handed out is %d %s", r.status, r.body)
	}
}

// Documents are in the language of the guest, or the one that is asked for.
func TestDocuments(t *testing.T) {
	h := newHouse(t)
	b, at := h.desk(access.FrontDesk)
	for path, language := range map[string]string{"/confirmation.pdf": "en", "/registration-card.pdf?language=bg": "bg"} {
		r := b.open(at + path)
		if r.status != 200 || !strings.HasPrefix(string(r.body), "%PDF") || r.header.Get("Content-Language") != language {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
}

// Every link of the search page leads somewhere, those with several values too.
func TestLinksOfTheSearchPage(t *testing.T) {
	h := newHouse(t)
	b, at := h.desk(access.Administrator)
	followed := 0
	for _, from := range []string{"/desk/" + hotel + "/reservations", "/desk/" + hotel, at} {
		for _, m := range regexp.MustCompile(`href="(/(?:desk|staff|tokens|work|mails|webhooks)[^"#]*)"`).FindAllSubmatch(b.open(from).says(t, 200).body, -1) {
			if p := b.open(html.UnescapeString(string(m[1]))); p.status != 200 {
				t.Errorf("%s leads to %s: %d", from, m[1], p.status)
			}
			followed++
		}
	}
	if followed < 40 {
		t.Errorf("only %d links", followed)
	}
}

// Metrics and the log name the route of a page, and never its address.
func TestRoutesOfPagesAreLogged(t *testing.T) {
	h := newHouse(t)
	b, at := h.desk(access.FrontDesk)
	b.open(at).says(t, 200)
	if log := h.log.String(); !strings.Contains(log, `"route":"GET /desk/{id}/reservations/{reservation}"`) || strings.Contains(log, at) {
		t.Errorf("the log is %s", log)
	}
}

// A form that was sent with other values is shown again, and can then be sent.
func TestFormSentBefore(t *testing.T) {
	h := newHouse(t)
	b, at := h.desk(access.FrontDesk)
	form := b.open(at+"/mark-confirmed").sent(t, "note", "by phone", "step", "do")
	b.submit(at+"/mark-confirmed", form).says(t, 200)
	form.Set("note", "by mail")
	p := b.submit(at+"/mark-confirmed", form).says(t, 422, "This form was sent before with other values", "by mail")
	form.Set("key", p.hidden(t, "key"))
	form.Set("version", p.hidden(t, "version"))
	if p := b.submit(at+"/mark-confirmed", form); p.status != 200 && p.status != 409 {
		t.Errorf("sent again: %d", p.status)
	}
}

// Where a page of a list begins is checked like any input: anybody can make one.
func TestCursorsOfPages(t *testing.T) {
	onEveryStore(t, func(t *testing.T, h *house) {
		b, _ := h.desk(access.FrontDesk)
		for _, mark := range []string{"garbage", `{"s":"arrival","v":"zzz","i":"x"}`, `{"s":"guest","v":"a","i":"x"}`, `{"s":"arrival","v":"2026-02-30","i":"x"}`} {
			after := base64.RawURLEncoding.EncodeToString([]byte(mark))
			for _, list := range []string{"?list=arrivals&", "/reservations?"} {
				b.open("/desk/"+hotel+list+"after="+after).says(t, 422)
			}
		}
	})
}
