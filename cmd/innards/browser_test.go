package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/innards-go/innards/cmd/innards/internal/browsertest"
	"github.com/innards-go/innards/cmd/innards/internal/demo"
	"github.com/innards-go/innards/cmd/innards/internal/words"
)

// A desk is a demo server with a browser that is logged in.
type desk struct {
	*browsertest.Browser
	t       *testing.T
	process *process
}

// openDesk starts the demo and logs a person in.
func openDesk(t *testing.T, look browsertest.Look, email string) desk {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts a browser")
	}
	b := browsertest.Open(t, look) // before the server, which a test without a browser need not start
	d := desk{b, t, serve(t, "--db", t.TempDir()+"/demo.db", "--demo", "--log-level", "error")}
	d.login(email)
	return d
}

// beside opens another browser on the same server.
func (d desk) beside(look browsertest.Look, email string) desk {
	d.t.Helper()
	other := desk{browsertest.Open(d.t, look), d.t, d.process}
	other.login(email)
	return other
}

func (d desk) login(email string) {
	d.t.Helper()
	d.open("/login")
	d.Type("#field-email", email)
	d.Type("#field-password", demo.Password)
	d.Submit(kb.Enter)
	if at := d.At(); !strings.Contains(at, "/desk/") {
		d.t.Fatalf("after the log-in of %s: %s", email, at)
	}
}

func (d desk) open(path string) { d.t.Helper(); d.Go(d.process.url + path) }

// arrival returns the address of a guest who arrives today and has a room.
func (d desk) arrival() string {
	d.t.Helper()
	d.open("/desk/" + demo.Property)
	return browsertest.Evaluate[string](d.Browser, `[...document.querySelectorAll(".rows tbody tr")]
		.find(row => row.querySelector("td b") && row.querySelector(".occupancy-expected")).querySelector("a.whole").getAttribute("href")`)
}

// A receptionist without a mouse finds a guest, looks what a check-in does, and does it.
func TestBrowserCheckInByKeyboard(t *testing.T) {
	d := openDesk(t, browsertest.Desk, "desk@demo.example")
	at := d.arrival()
	d.open(at)
	number := d.Text(".crumbs [aria-current]")
	d.open("/desk/" + demo.Property)
	d.Shortcut("/")
	d.Press(number)
	d.Submit(kb.Enter)
	if got := d.At(); !strings.HasSuffix(got, at) {
		t.Fatalf("the number leads to %s, want %s", got, at)
	}
	// The first thing that can be done now is the check-in; the tab key reaches it.
	for range 60 {
		d.Press(kb.Tab)
		if browsertest.Evaluate[bool](d.Browser, `document.activeElement.matches("#act a[href$='/check-in']")`) {
			break
		}
	}
	d.Press(kb.Enter)
	d.Await("#act select[name=room]")
	if !browsertest.Evaluate[bool](d.Browser, `document.activeElement.matches("#act select[name=room]")`) {
		t.Error("the form does not take the keyboard")
	}
	d.Press(kb.Tab)
	d.Submit(kb.Enter)
	if text := d.Text(".axes"); !strings.Contains(text, "In house") {
		t.Errorf("after the check-in it is %s", text)
	}
	if text := d.Text(".flash"); text != "The guest is checked in." {
		t.Errorf("the page says %q", text)
	}
	if text := d.Text(".history li"); !strings.Contains(text, "Ana Front Desk checked the guest in") {
		t.Errorf("the history begins with %q", text)
	}
	d.fine("the check-in")
}

// Two people change one reservation: the second is told, keeps what was typed, and takes nothing of the first's back.
func TestBrowserTwoSessions(t *testing.T) {
	ana := openDesk(t, browsertest.Desk, "desk@demo.example")
	vera := ana.beside(browsertest.Desk, "administrator@demo.example")
	at := ana.arrival()
	ana.open(at + "/amend")
	vera.open(at + "/amend")

	vera.Type("#field-segment", "conference")
	vera.Swap("button[value=preview]", ".foreseen")
	vera.Click("button[value=do]")

	ana.Type("#field-guest-phone", "+359 88 000")
	ana.Swap("button[value=preview]", ".meanwhile")
	if text := ana.Text(".meanwhile"); !strings.Contains(text, "Vera Administrator amended") {
		t.Errorf("it says %q", text)
	}
	if phone, segment := ana.Value("#field-guest-phone"), ana.Value("#field-segment"); phone != "+359 88 000" || segment != "conference" {
		t.Errorf("the form has the phone %q and the segment %q", phone, segment)
	}
	ana.Swap("button[value=preview]", ".foreseen")
	ana.Click("button[value=do]")
	ana.open(at + "/amend")
	if phone, segment := ana.Value("#field-guest-phone"), ana.Value("#field-segment"); phone != "+359 88 000" || segment != "conference" {
		t.Errorf("stored are the phone %q and the segment %q", phone, segment)
	}
}

// A cancellation shows what it costs before it is done; a refused form keeps its values.
func TestBrowserCancel(t *testing.T) {
	d := openDesk(t, browsertest.Desk, "administrator@demo.example")
	at := d.arrival()
	d.open(at)
	d.Swap("#act a[href$='/cancel']", "#act select[name=reason_code]")
	d.Type("#act textarea[name=note]", "4111 1111 1111 1111")
	d.Swap("button[value=preview]", "#wrong")
	if text := d.Text("#wrong"); !strings.Contains(text, "card number") {
		t.Errorf("a card number is refused with %q", text)
	}
	d.Type("#act textarea[name=note]", "the train is late")
	d.Swap("button[value=preview]", ".foreseen")
	if text := d.Text(".foreseen"); !strings.Contains(text, "Cancels the reservation") || !strings.Contains(text, "harges") {
		t.Errorf("the preview says %q", text)
	}
	d.Click("button[value=do]")
	if text := d.Text(".axes"); !strings.Contains(text, "Cancelled") {
		t.Errorf("after it: %s", text)
	}
	if text := d.Text(".history"); !strings.Contains(text, "the train is late") {
		t.Errorf("the history is %s", text)
	}
}

// fine fails the test if a page had errors, or loaded something from elsewhere.
func (d desk) fine(what string) {
	d.t.Helper()
	for _, problem := range d.Problems() {
		d.t.Errorf("%s: %s", what, problem)
	}
	for _, l := range d.Loaded() {
		if !strings.HasPrefix(l.URL, d.process.url+"/") && !strings.HasPrefix(l.URL, "data:") {
			d.t.Errorf("%s loads %s", what, l.URL)
		}
	}
}

// places returns the addresses of all pages that the rail and a reservation lead to.
func (d desk) places() []string {
	d.t.Helper()
	at := d.arrival()
	d.open(at)
	stay := strings.TrimPrefix(d.Value("#guest-link"), d.process.url)
	desk := "/desk/" + demo.Property
	return []string{stay, stay + "/cancel", stay + "/card", stay + "/update-guest", desk, desk + "?list=in_house", desk + "/calendar", desk + "/reservations", desk + "/awaiting", desk + "/segments",
		desk + "/notifications", desk + "/settings", desk + "/automation", desk + "/close-day", desk + "/reservations/new",
		desk + "/settings/put-cancellation-policy?of=season", desk + "/settings/put-rooms", at, at + "/cancel", at + "/amend",
		"/staff", "/staff/new", "/staff/record", "/tokens", "/tokens/new", "/work", "/mails", "/webhooks", "/webhooks/new", "/account", desk + "/no-such-page"}
}

//go:embed testdata/axe/axe.min.js
var axe string

// A violation is what axe-core finds.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ Target []any }
}

// accessible fails the test if axe-core finds something serious or critical in the page.
func (d desk) accessible(what string) {
	d.t.Helper()
	browsertest.Evaluate[any](d.Browser, axe+"; null")
	found := browsertest.Evaluate[string](d.Browser, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(
		r.violations.filter(v => v.impact === "serious" || v.impact === "critical").map(v => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map(n => ({Target: n.target}))}))))`)
	var violations []violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		d.t.Fatal(err)
	}
	for _, v := range violations {
		d.t.Errorf("%s: %s (%s) at %v", what, v.Help, v.ID, v.Nodes[:min(3, len(v.Nodes))])
	}
}

// Every page can be used by people who see little or nothing, in every language, in light and dark.
func TestBrowserAccessible(t *testing.T) {
	d := openDesk(t, browsertest.Desk, "administrator@demo.example")
	places := d.places()
	for _, language := range words.Languages() {
		for _, dark := range []bool{false, true} {
			look := browsertest.Desk
			look.Language, look.Dark = language.String(), dark
			d.See(look)
			d.speak(language.String())
			for _, place := range places {
				d.open(place)
				d.accessible(fmt.Sprintf("%s in %s, dark %t", place, language, dark))
			}
		}
	}
}

// speak has the pages in another language, as the menu does.
func (d desk) speak(language string) {
	d.t.Helper()
	browsertest.Evaluate[any](d.Browser, `fetch("/language", {method: "POST", body: new URLSearchParams({language: "`+url.QueryEscape(language)+`"})}).then(() => null)`)
}

// No page is wider than a phone, heavier than 200 kB, loads anything from elsewhere, or has a text missing.
func TestBrowserPhone(t *testing.T) {
	d := openDesk(t, browsertest.Phone, "administrator@demo.example")
	for _, place := range d.places() {
		d.open(place)
		if width := browsertest.Evaluate[int](d.Browser, `document.documentElement.scrollWidth`); int64(width) > browsertest.Phone.Width {
			t.Errorf("%s is %d pixels wide", place, width)
		}
		if size := browsertest.Evaluate[int](d.Browser, `performance.getEntriesByType("navigation")[0].decodedBodySize`); size > 200_000 {
			t.Errorf("%s has %d bytes", place, size)
		}
		if !strings.HasSuffix(place, "no-such-page") {
			d.fine(place)
		}
		d.Problems()
	}
}
