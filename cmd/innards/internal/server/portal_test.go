package server_test

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/cmd/innards/internal/server"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// staff sees everything of the tenant.
var staff = innards.Actor{ID: "test", Tenant: reservationtest.Tenant, Rights: []innards.Right{"*"}}

// A lodger is the guest of one reservation, with a browser.
type lodger struct {
	browser
	id, home string
}

// lodge books as the body says and opens a browser for the guest.
func (h *house) lodge(body string) lodger {
	h.t.Helper()
	id := h.as(access.Administrator).book(body)
	return lodger{h.browser(), id, "/stay/" + h.links.Make(h.reservation(id))}
}

func (h *house) reservation(id string) reservation.Reservation {
	h.t.Helper()
	r, err := h.service.Get(h.t.Context(), staff, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// do carries out what is asked as the staff.
func (l lodger) do(in reservation.Intent) {
	l.t.Helper()
	if _, err := l.service.Do(l.t.Context(), innards.Command{Actor: staff}, l.id, in); err != nil {
		l.t.Fatal(err)
	}
}

// form returns the form of a page of the stay, filled in.
func (l lodger) form(path string, typed ...string) url.Values {
	l.t.Helper()
	p := l.open(l.home+path).says(l.t, 200)
	form := url.Values{"key": {p.hidden(l.t, "key")}, "version": {p.hidden(l.t, "version")}, "step": {"do"}}
	for i := 0; i < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	return form
}

// cardOnly is a policy that a card alone meets.
func (h *house) cardOnly() {
	h.t.Helper()
	in := reservation.PutGuaranteePolicy{Policy: reservation.GuaranteePolicy{
		Name: "card", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineNothing}}
	if _, err := h.service.DoProperty(h.t.Context(), innards.Command{Actor: staff}, hotel, in); err != nil {
		h.t.Fatal(err)
	}
}

const later = `{"property":"vitosha","arrival":"2026-06-10","departure":"2026-06-12","type":"DBL","adults":2,
	"guest":{"name":"Søren Kierkegaard","email":"soren@example.dk","language":"en"},"source":"front_desk",
	"prices":[{"amount":"80.50","currency":"EUR"}],"cancellation_policy":"flexible","guarantee_policy":"GUARANTEE"}`

func laterUnder(guarantee string) string { return strings.Replace(later, "GUARANTEE", guarantee, 1) }

// The stay is shown in plain words, in the guest's language unless another is chosen.
func TestStayPage(t *testing.T) {
	h := newHouse(t)
	g := h.lodge(laterUnder("deposit"))
	p := g.open(g.home).says(t, 200, "Hotel Vitosha", "We look forward to welcoming you on 10 June 2026, Søren Kierkegaard.",
		"Please guarantee your stay by 4 June 2026", "Double room", "2 adults", "161.00", "80.50", "Free of charge until Tue 9 Jun 2026, 18:00",
		"Then a cancellation costs 80.50", "Guarantee with a card", "Cancel the stay", `href="`+g.home+`/cancel"`)
	for _, not := range []string{`"/desk`, "Check out", "front_desk", "rail"} {
		if strings.Contains(string(p.body), not) {
			t.Errorf("the page shows %s", not)
		}
	}
	if p.header.Get("X-Robots-Tag") != "noindex" || p.header.Get("Cache-Control") != "no-store" {
		t.Errorf("it may be kept: %v", p.header)
	}
	g.submit("/language", url.Values{"language": {"bg"}, "back": {g.home}}).says(t, 200, `lang="bg"`, "Вашият престой")
	ofDane := h.lodge(strings.Replace(laterUnder("deposit"), `"language":"en"`, `"language":"da"`, 1))
	ofDane.open(ofDane.home).says(t, 200, `lang="da"`, "Dit ophold")
	g.do(reservation.MarkNoShow{})
	h.browser().open(g.home).says(t, 200, "you did not arrive")
	h.as(access.Operator).get("/desk/vitosha/reservations/"+g.id).want(t, 200, "")
}

// What is no link, or not any more, is told by the same page, which says nothing of a stay.
func TestLinkThatLeadsNowhere(t *testing.T) {
	h := newHouse(t)
	g := h.lodge(laterUnder("deposit"))
	link := strings.TrimPrefix(g.home, "/stay/")
	r := h.reservation(g.id)
	elsewhere, gone, sister := r, r, r
	elsewhere.Tenant, gone.ID, sister.Property = "another tenant", "none", "rila"
	forger := portal.Links{Key: []byte(strings.Repeat("f", 32)), Now: h.clock.Now}
	for name, text := range map[string]string{
		"forged": forger.Make(r), "cut": link[:len(link)-1], "longer": link + "A", "no link": "no-link", "of another tenant": h.links.Make(elsewhere),
		"of another property": h.links.Make(sister), "of no reservation": h.links.Make(gone),
	} {
		for _, path := range []string{"", "/cancel", "/card", "/update-guest"} {
			p := g.open("/stay/"+text+path).says(t, 404, "This link leads to no stay")
			if strings.Contains(string(p.body), "Kierkegaard") || strings.Contains(string(p.body), g.id) {
				t.Errorf("%s: the page tells of the stay", name)
			}
		}
		g.submit("/stay/"+text+"/cancel", url.Values{"key": {"k"}, "version": {"1"}}).says(t, 404)
	}
	h.clock.Advance(41 * 24 * time.Hour)
	g.open(g.home).says(t, 410, "This link leads to no stay")
	g.submit(g.home+"/cancel", url.Values{"key": {"k"}, "version": {"1"}}).says(t, 410)
	if now := h.reservation(g.id); now.Version != 1 {
		t.Errorf("it became %+v", now)
	}
}

// A cancellation says what it costs, is done once however often it is sent, and then no more.
func TestGuestCancels(t *testing.T) {
	h := newHouse(t)
	g := h.lodge(strings.Replace(stay, `"source"`, `"paid":{"amount":"100.00","currency":"EUR"},"source"`, 1))
	h.clock.Advance(time.Hour) // the time to think again is over
	g.open(g.home+"/cancel").says(t, 200, "Cancels your stay from 1 June 2026 to 3 June 2026.", "The fee is 80.50", "80.50", "19.50", "of your deposit goes back to you")
	form := g.form("/cancel", "waive", "true", "override", "waive_not_allowed", "reason", "please")
	g.submit(g.home+"/cancel", form).says(t, 200, "Your stay is cancelled.", h.reservation(g.id).CancellationNumber)
	g.submit(g.home+"/cancel", form).says(t, 200, "Your stay is cancelled.")
	r := h.reservation(g.id)
	if r.Version != 2 || r.Occupancy != reservation.Cancelled || len(r.Fees) != 1 || r.Fees[0].Waived {
		t.Errorf("it became %+v", r)
	}
	again := url.Values{"key": {"another"}, "version": {"2"}, "step": {"do"}}
	g.submit(g.home+"/cancel", again).says(t, 422, "This is not possible any more.")
	g.open(g.home+"/cancel").says(t, 200, "This is not possible any more.")
	desk := h.as(access.FrontDesk).get("/desk/vitosha/reservations/"+g.id).want(t, 200, "")
	if !strings.Contains(string(desk.body), "The guest cancelled") || !strings.Contains(string(desk.body), `value="http://desk.example`+g.home+`"`) {
		t.Errorf("the staff sees %s", desk.body)
	}
}

// Who decides on what has changed meanwhile is asked again, and not told who of the staff it was.
func TestGuestIsOvertaken(t *testing.T) {
	h := newHouse(t)
	g := h.lodge(laterUnder("deposit"))
	form, details := g.form("/cancel"), g.form("/update-guest", "email", "s@example.dk", "phone", "+45 1", "country", "DK")
	g.do(reservation.Amend{Departure: new(innards.NewDate(2026, time.June, 14))})
	p := g.submit(g.home+"/cancel", form).says(t, 409, "changed meanwhile", "to 14 June 2026")
	if strings.Contains(string(p.body), "amended") {
		t.Errorf("the guest is told of the staff: %s", p.body)
	}
	p = g.submit(g.home+"/update-guest", details).says(t, 409, "changed meanwhile", "s@example.dk")
	if r := h.reservation(g.id); r.Version != 2 {
		t.Errorf("it became %+v", r)
	}
	details.Set("key", p.hidden(t, "key"))
	details.Set("version", p.hidden(t, "version"))
	g.submit(g.home+"/update-guest", details).says(t, 200, "Thank you, your details are saved.", "s@example.dk", "+45 1")
	if r := h.reservation(g.id); r.Guest.Name != "Søren Kierkegaard" || r.Guest.Country != "DK" || r.Guest.Language != "" {
		t.Errorf("it became %+v", r.Guest)
	}
	bad := g.form("/update-guest", "email", "soren", "phone", "4111 1111 1111 1111")
	p = g.submit(g.home+"/update-guest", bad).says(t, 422, "no e-mail address that we can write to", "Please do not send a card number.")
	if strings.Contains(h.log.String(), "4111") {
		t.Error("the log holds a card number")
	}
}

// bills are folios with one balance in cents.
type bills struct{ cents atomic.Int64 }

func (b *bills) State(context.Context, string) (reservation.FolioState, error) {
	return reservation.FolioState{Balance: reservationtest.Euro(b.cents.Load())}, nil
}

// A guest who owes something is told so, and checks out once it is paid.
func TestGuestChecksOut(t *testing.T) {
	var owed bills
	h := newHouse(t, option{folio: &owed})
	owed.cents.Store(8050)
	g := h.lodge(stay)
	g.open(g.home+"/check-out").says(t, 200, "This is not possible any more.")
	g.do(reservation.CheckIn{Room: "101"})
	p := g.open(g.home).says(t, 200, "You are checked in, room 101.", "Your bill is not settled yet. Open: 80.50 EUR.", "Please pay at the reception")
	if strings.Contains(string(p.body), "/check-out") || strings.Contains(string(p.body), "/cancel") {
		t.Errorf("it offers what cannot be done: %s", p.body)
	}
	form := url.Values{"key": {"k"}, "version": {"2"}, "step": {"do"}, "override": {"balance_open"}, "reason": {"I insist"}}
	g.submit(g.home+"/check-out", form).says(t, 422, "Your bill is not settled yet.")
	owed.cents.Store(0)
	g.open(g.home+"/check-out").says(t, 200, "Ends your stay now.", "You leave before the day that you booked.")
	g.submit(g.home+"/check-out", g.form("/check-out")).says(t, 200, "Thank you for staying with us.")
	if r := h.reservation(g.id); r.Occupancy != reservation.CheckedOut || r.Version != 3 {
		t.Errorf("it became %+v", r)
	}
}

// A card that the provider accepts is kept and guarantees the stay, unless a deposit is due as well.
func TestGuestGuaranteesWithACard(t *testing.T) {
	for policy, want := range map[string]struct{ before, after string }{
		"card":    {"Your stay is guaranteed with it.", "Your stay is guaranteed."},
		"deposit": {"The hotel also asks for a deposit", "Please guarantee your stay"},
	} {
		h := newHouse(t)
		h.cardOnly()
		g := h.lodge(laterUnder(policy))
		g.open(g.home+"/card").says(t, 200, `href="http://desk.example`+g.home+`/card/test"`)
		g.open(g.home+"/card/test").says(t, 200, `href="`+g.home+`/card?card=accepted"`)
		g.open(g.home+"/card?card=declined").says(t, 200, "The card was declined.", "Use another card")
		g.submit(g.home+"/card?card=declined", url.Values{"key": {"k"}, "version": {"1"}, "step": {"do"}}).says(t, 422, "The card was declined.")
		g.submit(g.home+"/card", url.Values{"key": {"k"}, "version": {"1"}, "step": {"do"}}).says(t, 404)
		g.open(g.home+"/card?card=accepted").says(t, 200, "Nothing is charged now.", want.before)
		form := g.form("/card?card=accepted")
		g.submit(g.home+"/card?card=accepted", form).says(t, 200, "we have your card on file", "•••• 0000", want.after)
		g.submit(g.home+"/card?card=accepted", form).says(t, 200)
		r := h.reservation(g.id)
		if r.Version != 2 || r.Card == nil || r.Card.Token != "tok_test_accepted" || (r.Guarantee == reservation.Guaranteed) != (policy == "card") {
			t.Errorf("%s: it became %+v", policy, r)
		}
	}
}

// Money that came before counts: the card completes what the policy asks for, by the trigger of the portal if by no other.
func TestGuestGuaranteesByThePortal(t *testing.T) {
	h := newHouse(t)
	in := reservation.PutGuaranteePolicy{Policy: reservation.GuaranteePolicy{
		Name: "paid", Methods: []reservation.Method{reservation.MethodDeposit}, Deposit: reservation.Deposit{Nights: 1}, AtDeadline: reservation.DeadlineNothing}}
	if _, err := h.service.DoProperty(t.Context(), innards.Command{Actor: staff}, hotel, in); err != nil {
		t.Fatal(err)
	}
	g := h.lodge(laterUnder("paid"))
	g.do(reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: reservationtest.Euro(8050)})
	g.submit(g.home+"/card?card=accepted", g.form("/card?card=accepted")).says(t, 200, "Your stay is guaranteed.")
	r := h.reservation(g.id)
	if len(r.Evidence) != 1 || r.Evidence[0].Trigger != reservation.TriggerPortal || r.Evidence[0].Actor != "guest-"+g.id {
		t.Errorf("the evidence is %+v", r.Evidence)
	}
}

// Without a provider there are no test cards either.
func TestHouseThatTakesCardsAtTheDesk(t *testing.T) {
	h := newHouse(t, option{config: func(c *server.Config) { c.Cards = nil }})
	h.cardOnly()
	g := h.lodge(laterUnder("card"))
	g.open(g.home+"/card").says(t, 200, "takes cards at the reception")
	g.open(g.home+"/card?card=accepted").says(t, 404)
	if r := (client{h, ""}).get(g.home + "/card/test"); r.status != 404 {
		t.Errorf("there are test cards: %d", r.status)
	}
}

// A link opens one stay and what guests do with it, to nobody more, whatever is sent where.
func TestGuestIsNoStaff(t *testing.T) {
	h := newHouse(t)
	g := h.lodge(laterUnder("deposit"))
	other := h.lodge(laterUnder("deposit"))
	for _, c := range reservation.Commands() {
		path := "/" + strings.ReplaceAll(c.Name, "_", "-")
		version := strconv.FormatInt(h.reservation(g.id).Version, 10)
		form := url.Values{"key": {"key-" + c.Name}, "version": {version}, "step": {"do"}, "room": {"101"}, "method": {"other"}, "note": {"x"}}
		r := (client{h, ""}).send("POST", "/desk/vitosha/reservations/"+g.id+path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		if r.status != 401 && r.status != 404 && r.status != 405 {
			t.Errorf("%s: %d", c.Name, r.status)
		}
		switch c.Name {
		case "cancel", "check_out", "update_guest":
		default:
			if r := (client{h, ""}).send("POST", g.home+path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded"); r.status != 404 {
				t.Errorf("guests give %s: %d", c.Name, r.status)
			}
		}
	}
	g.submit(g.home+"/update-guest", url.Values{"key": {"k"}, "version": {"1"}, "step": {"do"}, "guest.name": {"Eve"}, "reservation": {other.id}, "id": {other.id}, "phone": {"1"}}).says(t, 200)
	if mine, others := h.reservation(g.id), h.reservation(other.id); mine.Guest.Name != "Søren Kierkegaard" || mine.Guest.Phone != "1" || others.Version != 1 {
		t.Errorf("it became %+v, and another %+v", mine.Guest, others.Guest)
	}
	g.submit(g.home+"/cancel", g.form("/cancel"), "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site").says(t, 403)
}

// Who of the staff follows the link of a guest sees and does what the guest would.
func TestStaffInThePortal(t *testing.T) {
	h := newHouse(t)
	h.hire("ana@example.com", access.FrontDesk)
	g := h.lodge(laterUnder("deposit"))
	g.browser = h.login("ana@example.com")
	if p := g.open(g.home).says(t, 200, "Your stay"); strings.Contains(string(p.body), `"/desk`) {
		t.Errorf("it is a page of the staff: %s", p.body)
	}
	g.submit(g.home+"/cancel", g.form("/cancel")).says(t, 200, "Your stay is cancelled.")
	events, err := h.service.History(t.Context(), staff, g.id, 1, 10)
	if err != nil || len(events) != 1 || events[0].Actor != "guest-"+g.id {
		t.Errorf("the history is %+v (%v)", events, err)
	}
	if !strings.Contains(h.log.String(), `"actor":"guest-`+g.id) || strings.Contains(h.log.String(), strings.TrimPrefix(g.home, "/stay/")) {
		t.Error("the log does not name the guest, or holds the link")
	}
}
