package web

import (
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// Config is what the pages need. All fields are required.
type Config struct {
	Service *reservation.Service
	Words   *words.Catalogue
	Log     *slog.Logger
	Now     innards.Clock
	IDs     innards.IDSource
	// Accounts are the staff, Sessions who of them is logged in.
	Accounts *account.Service
	Sessions *account.Sessions
	// Work is what the server does by itself.
	Work Work
	// Links lets guests in, and Cards keeps their cards; nil: the house takes cards at the desk.
	Links portal.Links
	Cards portal.Cards
	// PublicURL is where people reach the server, without a slash at the end.
	PublicURL string
	// Committed is told every command that a page has carried out, once.
	Committed func(kind, command string, moves []innards.Move)
	// Done is called after it, so that streams and deliveries go on.
	Done func(effects bool)
	// Filters keeps the searches that people have named; nil: none are kept.
	Filters Filters
}

// A site is the handler of all pages.
type site struct {
	Config
	reasons map[innards.Code]string // the texts of all reasons in English
}

// Register adds the routes of all pages.
func Register(rt *router.Router, c Config) {
	s := &site{c, reasonTexts()}
	rt.RefusePages(s.refuse)
	reading := router.Needs(access.ReadReservations)
	s.get(rt, "/desk", reading, s.start)
	s.post(rt, "/language", router.Public(), s.chooseLanguage)
	s.get(rt, deskPath, reading, s.today)
	s.get(rt, recordPath, reading, s.record)
	s.get(rt, recordPath+"/confirmation.pdf", reading, s.document("confirmation", document.Confirmation))
	s.get(rt, recordPath+"/registration-card.pdf", reading, s.document("registration-card", document.Card))
	s.get(rt, recordPath+"/guest-data", router.Needs(access.ReadHistory), s.exportGuest)
	s.get(rt, calendarPath, reading, s.calendar)
	s.registerActs(rt)
	s.registerLists(rt)
	s.registerLogin(rt)
	s.registerPortal(rt)
	s.registerStaff(rt)
	s.registerWork(rt)
	s.registerSettings(rt)
}

// The addresses. All of the front desk's begin with the property, so that a page can be kept and sent.
const (
	deskPath         = "/desk/{id}"
	reservationsPath = deskPath + "/reservations"
	recordPath       = reservationsPath + "/{reservation}"
)

// A handler makes one page. What it returns is told on a page of its own.
type handler func(*view) error

func (s *site) get(rt *router.Router, path string, p router.Policy, h handler) {
	rt.Handle(router.Route{Method: http.MethodGet, Path: path, Policy: p, Page: true}, s.serve(h))
}

func (s *site) post(rt *router.Router, path string, p router.Policy, h handler) {
	rt.Handle(router.Route{Method: http.MethodPost, Path: path, Policy: p, Page: true}, s.serve(h))
}

func (s *site) serve(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := s.view(w, r)
		err := v.open()
		if err == nil && r.Method == http.MethodPost {
			err = v.readForm()
		}
		if err == nil {
			err = h(v)
		}
		if err != nil {
			v.fail(err)
		}
	}
}

// hyphens turns the name of a command into the part of an address.
func hyphens(name string) string { return strings.ReplaceAll(name, "_", "-") }

// start goes on to the board of the first property that the visitor sees.
func (s *site) start(v *view) error {
	properties, err := s.Service.Properties(v.r.Context(), v.visitor.Actor)
	if err != nil {
		return err
	}
	if len(properties) == 0 {
		return v.show(noPropertyPage(v))
	}
	return v.redirect("/desk/" + properties[0].ID)
}

const languageCookie = "language"

// chooseLanguage keeps the language in a cookie and goes back to where the visitor was.
func (s *site) chooseLanguage(v *view) error {
	chosen := s.Words.In(v.r.PostFormValue("language")).Language()
	if v.visitor.Session {
		if _, err := s.Accounts.SetLanguage(v.ctx(), v.by(), chosen); err != nil {
			return err
		}
	}
	http.SetCookie(v.w, &http.Cookie{Name: languageCookie, Value: chosen, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return v.redirect(local(v.r.PostFormValue("back"), "/desk"))
}

// local returns the address if it is one of this server, else the other: nobody is sent elsewhere.
func local(address, other string) string {
	if strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") && !strings.Contains(address, "\\") && strings.IndexFunc(address, unicode.IsControl) < 0 {
		return address
	}
	return other
}
