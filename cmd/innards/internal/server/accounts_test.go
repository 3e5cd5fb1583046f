package server_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A browser is a client with cookies, which goes where it is sent.
type browser struct {
	*house
	web *http.Client
}

func (h *house) browser() browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	web := *h.server.Client()
	web.Jar = jar
	return browser{h, &web}
}

// A page is where a browser ended up.
type page struct {
	reply
	at string
}

func (b browser) open(path string) page {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.server.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.load(req)
}

func (b browser) submit(path string, form url.Values, header ...string) page {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return b.load(req)
}

func (b browser) load(req *http.Request) page {
	b.t.Helper()
	resp, err := b.web.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := read(resp)
	if err != nil {
		b.t.Fatal(err)
	}
	b.checkPage(req, r)
	return page{r, resp.Request.URL.RequestURI()}
}

// says fails the test unless the page has the status and holds the texts.
func (p page) says(t *testing.T, status int, texts ...string) page {
	t.Helper()
	if p.status != status {
		t.Fatalf("%s: %d, want %d\n%s", p.at, p.status, status, p.body)
	}
	for _, text := range texts {
		if !strings.Contains(string(p.body), text) {
			t.Errorf("%s does not say %q\n%s", p.at, text, p.body)
		}
	}
	return p
}

// hidden returns the value of a hidden input.
func (p page) hidden(t *testing.T, name string) string {
	t.Helper()
	found := regexp.MustCompile(`<input type="hidden" name="` + name + `" value="([^"]*)"`).FindSubmatch(p.body)
	if found == nil {
		t.Fatalf("%s has no hidden %s\n%s", p.at, name, p.body)
	}
	return string(found[1])
}

const password = "a long walk by the sea"

// hire makes a user who has joined.
func (h *house) hire(email string, role access.Role) account.User {
	h.t.Helper()
	by := account.By{Actor: innards.Actor{ID: "test", Tenant: reservationtest.Tenant, Rights: []innards.Right{"*"}}}
	_, link, err := h.staff.Invite(h.t.Context(), by, email, account.Profile{Name: "Ana", Role: role})
	if err != nil {
		h.t.Fatal(err)
	}
	user, err := h.staff.Redeem(h.t.Context(), link, account.Redemption{Password: password}, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return user
}

func (h *house) login(email string) browser {
	h.t.Helper()
	b := h.browser()
	b.submit("/login", url.Values{"email": {email}, "password": {password}}).says(h.t, 200)
	return b
}

// Whoever is not logged in is sent to the log-in and then to where it wanted to go.
func TestLogin(t *testing.T) {
	h := newHouse(t)
	h.hire("ana@example.com", access.FrontDesk)
	b := h.browser()
	p := b.open("/desk/vitosha/settings").says(t, 200, "Log in")
	if p.at != "/login?next=%2Fdesk%2Fvitosha%2Fsettings" {
		t.Errorf("sent to %s", p.at)
	}
	for name, form := range map[string]url.Values{
		"wrong password": {"email": {"ana@example.com"}, "password": {"another long walk"}},
		"no account":     {"email": {"eve@example.com"}, "password": {password}},
	} {
		if p := b.submit(p.at, form).says(t, 422, "The e-mail address or the password is not right."); strings.Contains(string(p.body), form.Get("password")) {
			t.Errorf("%s: the page repeats the password", name)
		}
	}
	b.submit(p.at, url.Values{"email": {"ana@example.com"}}).says(t, 422, "This is needed.", `value="ana@example.com"`)
	if p := b.submit(p.at, url.Values{"email": {"ana@example.com"}, "password": {password}}).says(t, 200, "Hotel Vitosha"); p.at != "/desk/vitosha/settings" {
		t.Errorf("after the log-in: %s", p.at)
	}
	b.submit("/logout", nil).says(t, 200, "Log in")
	if p := b.open("/desk/vitosha"); !strings.HasPrefix(p.at, "/login") {
		t.Errorf("after the log-out: %s", p.at)
	}
}

// Nobody is sent to another site after a log-in.
func TestLoginGoesNowhereElse(t *testing.T) {
	h := newHouse(t)
	h.hire("ana@example.com", access.FrontDesk)
	for _, next := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"} {
		b := h.browser()
		p := b.submit("/login?next="+url.QueryEscape(next), url.Values{"email": {"ana@example.com"}, "password": {password}})
		if p.status >= 500 || strings.Contains(p.at, "evil") {
			t.Errorf("%q leads to %s", next, p.at)
		}
	}
}

func TestLoginIsThrottled(t *testing.T) {
	h := newHouse(t)
	h.hire("ana@example.com", access.FrontDesk)
	b := h.browser()
	wrong := url.Values{"email": {"ana@example.com"}, "password": {"not the password"}}
	for range account.MaxTries {
		b.submit("/login", wrong).says(t, 422)
	}
	b.submit("/login", url.Values{"email": {"ana@example.com"}, "password": {password}}).says(t, 429, "Too many tries.")
	h.clock.Advance(account.TriesWithin)
	b.submit("/login", url.Values{"email": {"ana@example.com"}, "password": {password}}).says(t, 200)
}

// A session ends with the suspension of its user, whatever it was about to do.
func TestSuspendedInMidSession(t *testing.T) {
	h := newHouse(t)
	ana := h.hire("ana@example.com", access.FrontDesk)
	h.hire("vera@example.com", access.Administrator)
	b, vera := h.login("ana@example.com"), h.login("vera@example.com")
	b.open("/desk/vitosha").says(t, 200, "Today")
	vera.submit("/staff/"+ana.ID+"/suspend", nil).says(t, 200, "Suspended")
	if p := b.open("/desk/vitosha"); !strings.HasPrefix(p.at, "/login") {
		t.Errorf("a suspended user sees %s", p.at)
	}
	b.submit("/login", url.Values{"email": {"ana@example.com"}, "password": {password}}).says(t, 422)
	vera.submit("/staff/"+ana.ID+"/resume", nil).says(t, 200, "Active")
	h.login("ana@example.com").open("/desk/vitosha").says(t, 200, "Today")
}

// The pages of the staff, as an administrator uses them.
func TestStaffPages(t *testing.T) {
	h := newHouse(t)
	vera := h.hire("vera@example.com", access.Administrator)
	b := h.login("vera@example.com")
	p := b.submit("/staff/new", url.Values{"email": {"ivo@example.com"}, "name": {"Ivo"}, "role": {"accounting"}}).says(t, 200, "http://desk.example/link/")
	link := regexp.MustCompile(`http://desk.example(/link/[^"]+)`).FindSubmatch(p.body)
	ivo := h.browser()
	ivo.open(string(link[1])).says(t, 200, "Join the staff", "Ivo")
	ivo.submit(string(link[1]), url.Values{"password": {"short"}}).says(t, 422, "The length of the password does not do")
	ivo.submit(string(link[1]), url.Values{"password": {password}}).says(t, 200, "Today")
	ivo.open(string(link[1])).says(t, 409, "The link was used")
	b.open("/staff").says(t, 200, "ivo@example.com", "Accounting", "Active")
	b.submit("/staff/new", url.Values{"email": {"ivo@example.com"}, "name": {"Ivo"}, "role": {"king"}}).says(t, 422, "The role cannot be given")

	one := b.open("/staff/"+vera.ID).says(t, 200, "vera@example.com")
	b.submit("/staff/"+vera.ID, url.Values{"version": {one.hidden(t, "version")}, "name": {"Vera"}, "role": {"front_desk"}}).says(t, 422, "Nobody else could manage access")
	b.submit("/staff/"+vera.ID, url.Values{"version": {"1"}, "name": {"Vera Q"}, "role": {"administrator"}}).says(t, 422, "changed meanwhile")
	b.submit("/staff/"+vera.ID, url.Values{"version": {one.hidden(t, "version")}, "name": {"Vera Q"}, "role": {"administrator"}}).says(t, 200, "Vera Q")
	b.open("/staff/record").says(t, 200, "invited Ivo")

	ivo.open("/staff").says(t, 403, "You may not do this")
}

// Tokens are made and ended in pages, and count at once in the API.
func TestTokenPages(t *testing.T) {
	h := newHouse(t)
	h.hire("vera@example.com", access.Administrator)
	b := h.login("vera@example.com")
	p := b.submit("/tokens/new", url.Values{"name": {"channel manager"}, "role": {"integration"}}).says(t, 200, "ink_")
	text := regexp.MustCompile(`ink_[a-z2-7]+_[a-z2-7]+`).FindString(string(p.body))
	program := client{h, text}
	program.get("/v1/properties").want(t, 200, "")
	id := strings.Split(text, "_")[1]
	if p := b.open("/tokens").says(t, 200, "channel manager"); strings.Contains(string(p.body), text) {
		t.Error("the list shows the token")
	}
	b.submit("/tokens/"+id+"/revoke", nil).says(t, 200, "Revoked")
	h.clock.Advance(access.TokenLife)
	program.get("/v1/properties").want(t, 401, "unauthenticated")
}

// What another site makes a browser send with its session is refused, in pages and in the API.
func TestCrossOrigin(t *testing.T) {
	h := newHouse(t)
	h.hire("vera@example.com", access.Administrator)
	b := h.login("vera@example.com")
	for _, path := range []string{"/language", "/logout", "/staff/new", "/desk/vitosha/close-day"} {
		b.submit(path, url.Values{"a": {"b"}}, "Sec-Fetch-Site", "cross-site").says(t, 403, "This came from another site")
		b.submit(path, url.Values{"a": {"b"}}, "Origin", "https://evil.example").says(t, 403)
	}
	r := b.submit("/v1/reservations", url.Values{"a": {"b"}}, "Sec-Fetch-Site", "cross-site")
	if r.status != 403 || r.field(t, "code") != "cross_origin" {
		t.Errorf("the API answers %d %s", r.status, r.body)
	}
	b.open("/desk/vitosha").says(t, 200, "Today")
}

// The language is that of the account, else of the browser; a chosen one stays.
func TestLanguage(t *testing.T) {
	h := newHouse(t)
	h.hire("ana@example.com", access.FrontDesk)
	b := h.login("ana@example.com")
	if p := b.submit("/language", url.Values{"language": {"bg"}, "back": {"/desk/vitosha"}}); p.header.Get("Content-Language") != "bg" || p.at != "/desk/vitosha" {
		t.Errorf("%s is in %s", p.at, p.header.Get("Content-Language"))
	}
	if p := h.login("ana@example.com").open("/desk/vitosha"); p.header.Get("Content-Language") != "bg" {
		t.Errorf("a new session is in %s", p.header.Get("Content-Language"))
	}
}
