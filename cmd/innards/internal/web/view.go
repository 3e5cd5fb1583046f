package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// policy lets a page load what this server has, send forms to it, and nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// A view is one request for a page: who asks, in which language, of which property, and what the frame shows.
type view struct {
	*site
	w       http.ResponseWriter
	r       *http.Request
	say     *words.Printer
	visitor access.Visitor
	// property is that of the address, nil on pages of none; properties are all that the visitor sees.
	property   *reservation.Property
	properties []*reservation.Property
	// stay is the guest's, on the pages of guests; nil on all others.
	stay *guestStay
	// names are those of the actors of a history.
	names map[string]string
	// status of the answer; 0: 200.
	status int
}

func (s *site) view(w http.ResponseWriter, r *http.Request) *view {
	v := &view{site: s, w: w, r: r, visitor: access.VisitorOf(r.Context())}
	v.speak()
	return v
}

// speak takes the language that was chosen in this browser, else that of the visitor, else one that the browser asks for.
func (v *view) speak() {
	chosen := ""
	if c, err := v.r.Cookie(languageCookie); err == nil {
		chosen = c.Value
	}
	v.say = v.Words.In(chosen, v.visitor.Language, v.r.Header.Get("Accept-Language"))
}

// open reads what every page of a property shows of it. A page of no property shows the way to the first.
func (v *view) open() error {
	if v.visitor.Actor.Tenant == "" {
		return nil
	}
	var err error
	if v.properties, err = v.Service.Properties(v.r.Context(), v.visitor.Actor); err != nil {
		return err
	}
	id := v.r.PathValue("id")
	i := slices.IndexFunc(v.properties, func(p *reservation.Property) bool { return id == "" || p.ID == id })
	switch {
	case i >= 0:
		v.property = v.properties[i]
	case id != "":
		return innards.ErrNotFound
	}
	return nil
}

func (v *view) ctx() context.Context { return v.r.Context() }

// may reports whether the visitor has the right.
func (v *view) may(right innards.Right) bool { return v.visitor.Actor.May(right) }

// readForm reads the form that was sent, and refuses what is none or no text.
func (v *view) readForm() error {
	if kind, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type")); v.r.ContentLength > 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
		return problem.New(problem.MediaType, "the body is no form")
	}
	if err := v.r.ParseForm(); err != nil {
		return problem.New(problem.BodyInvalid, "the body is no form")
	}
	for name, values := range v.r.PostForm {
		for _, text := range append(values, name) {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, isForbidden) {
				return problem.New(problem.BodyInvalid, "the form holds what is no text")
			}
		}
	}
	return nil
}

// isForbidden reports whether no field may hold the character: a control character other than a line break or tab.
func isForbidden(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

// show answers with a page, made as a whole before the first byte is sent.
func (v *view) show(page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(v.ctx(), &b); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Language", v.say.Language())
	h.Set("Vary", "Cookie, Accept-Language, HX-Request")
	if v.status != 0 {
		v.w.WriteHeader(v.status)
	}
	_, _ = v.w.Write(b.Bytes()) // a visitor who has gone needs none
	return nil
}

// redirect goes on to another page, which is read anew.
func (v *view) redirect(address string) error {
	v.w.Header().Set("HX-Redirect", address)
	if v.r.Header.Get("HX-Request") != "" {
		v.w.WriteHeader(http.StatusOK)
		return nil
	}
	v.w.Header().Del("HX-Redirect")
	v.w.Header().Set("Location", address)
	v.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// fail tells what went wrong on a page of its own.
func (v *view) fail(err error) {
	p := problem.From(err)
	if p.Status >= 500 {
		v.Log.LogAttrs(v.ctx(), slog.LevelError, "page failed", slog.String("request_id", edge.TraceOf(v.ctx()).ID),
			slog.String("code", string(p.Code)), slog.String("error", err.Error()))
	}
	v.tell(p)
}

// refuse tells people what the router has found.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
	s.view(w, r).tell(p)
}

func (v *view) tell(p *problem.Problem) {
	if p.Code == problem.Unauthenticated.Code && v.r.Method == http.MethodGet {
		_ = v.redirect(v.loginAddress()) // to write headers does not fail
		return
	}
	for name, values := range p.GetHeaders() {
		v.w.Header()[name] = values
	}
	v.w.Header().Del("Www-Authenticate")
	v.status = p.Status
	if err := v.show(problemPage(v, p)); err != nil {
		edge.Answer(v.w, v.r, p)
	}
}

// path returns an address below the property's board.
func (v *view) path(parts ...string) templ.SafeURL {
	address := "/desk/" + url.PathEscape(v.property.ID)
	for _, part := range parts {
		address += "/" + url.PathEscape(part)
	}
	return templ.SafeURL(address)
}

// at returns the address of the page that is shown.
func (v *view) at() string { return v.r.URL.RequestURI() }

// reason says why not, in the language of the page. What the blocker adds to its text, such as the limit, is kept as it is.
func (v *view) reason(b innards.Blocker) string {
	if said, ok := v.guestReason(b); ok {
		return said
	}
	key := "reason." + string(b.Code)
	if !v.say.Has(key) {
		return b.Text
	}
	said := v.say.Say(key)
	if known, ok := v.reasons[b.Code]; ok && len(b.Text) > len(known) && b.Text[:len(known)] == known {
		said += b.Text[len(known):]
	}
	return said
}

// lift says what would help; empty: nothing is known.
func (v *view) lift(b innards.Blocker) string {
	if v.stay != nil {
		return v.guestLift(b)
	}
	if key := "reason." + string(b.Code) + ".lift"; v.say.Has(key) {
		return v.say.Say(key)
	}
	return b.Lift
}

func reasonTexts() map[innards.Code]string {
	texts := map[innards.Code]string{}
	for _, r := range slices.Concat(reservation.Reasons(), account.Reasons()) {
		texts[r.Code] = r.Text
	}
	return texts
}

// refusalOf returns the blockers of a refusal, and whether err is one.
func refusalOf(err error) ([]innards.Blocker, bool) {
	if r, ok := errors.AsType[*innards.Refusal](err); ok {
		return r.Blockers, true
	}
	return nil, false
}
