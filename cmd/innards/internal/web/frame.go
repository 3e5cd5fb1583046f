package web

import (
	"net/http"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// places returns the entries of the rail that the visitor may open.
func (v *view) places() []place {
	return v.allowed([]place{
		{name: "today", at: v.path(), right: access.ReadReservations},
		{name: "calendar", at: v.path("calendar"), right: access.ReadReservations},
		{name: "reservations", at: v.path("reservations"), right: access.ReadReservations},
		{name: "awaiting", at: v.path("awaiting"), right: access.ReadReports},
		{name: "segments", at: v.path("segments"), right: access.ReadReports},
	})
}

// administration returns the entries below the rule.
func (v *view) administration() []place {
	return v.allowed([]place{
		{name: "settings", at: v.path("settings"), right: access.ReadProperties},
		{name: "close_day", at: v.path("close-day"), right: "property.close_day"},
		{name: "staff", at: "/staff", right: access.ManageAccess},
		{name: "tokens", at: "/tokens", right: access.ManageAccess},
		{name: "work", at: "/work", right: access.ManageWork},
		{name: "mails", at: "/mails", right: access.ManageWork},
		{name: "webhooks", at: "/webhooks", right: access.ManageWork},
	})
}

func (v *view) allowed(all []place) (some []place) {
	for _, p := range all {
		if v.may(p.right) {
			at := string(p.at)
			p.active = v.r.URL.Path == at || p.name != "today" && strings.HasPrefix(v.r.URL.Path, at+"/")
			some = append(some, p)
		}
	}
	return some
}

// back returns the address to go back to after something was chosen: this page if it can be asked for again.
func (v *view) back() string {
	if v.r.Method == http.MethodGet {
		return v.at()
	}
	return v.front()
}

// front returns the address where the visitor begins.
func (v *view) front() string {
	if v.stay != nil {
		return string(v.stayPath())
	}
	return "/desk"
}

// brand returns whose pages these are.
func (v *view) brand() string {
	if v.stay != nil {
		return v.property.Name
	}
	return "Innards"
}

const flashCookie = "done"

// announce keeps what was done for the next page, as the name of a text.
func (v *view) announce(key string) {
	http.SetCookie(v.w, &http.Cookie{Name: flashCookie, Value: key, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// flash says what was done before this page, once. It says nothing but texts of the catalogue.
func (v *view) flash() string {
	c, err := v.r.Cookie(flashCookie)
	if err != nil || !strings.HasPrefix(strings.TrimPrefix(c.Value, guestVoice), "done.") || !v.say.Has(c.Value) {
		return ""
	}
	http.SetCookie(v.w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return v.say.Say(c.Value)
}

// problemTitle and problemText say what went wrong in the language of the page, as far as there is a text for it.
func (v *view) problemTitle(p *problem.Problem) string {
	for _, key := range []string{"problem." + string(p.Code), "problem.status." + statusClass(p.Status)} {
		if v.say.Has(key) {
			return v.say.Say(key)
		}
	}
	return p.Title
}

func statusClass(status int) string {
	if status >= 500 {
		return "5"
	}
	return "4"
}

func (v *view) problemText(p *problem.Problem) string {
	if key := "problem." + string(p.Code) + ".help"; v.say.Has(key) {
		return v.say.Say(key)
	}
	return p.Detail
}

// rightTo returns the right that a command on a reservation needs.
func rightTo(kind, command string) innards.Right { return innards.Right(kind + "." + command) }
