package account_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
)

// A site is a server with pages on which one logs in and out.
type site struct {
	*httptest.Server
	office   *office
	sessions *account.Sessions
}

func newSite(o *office, secure bool) *site {
	s := &site{office: o, sessions: account.NewSessions(account.SessionOptions{
		Store: o.store, Now: o.clock.Now, Secure: secure,
		Failed: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		},
	})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) { s.answer(w, "out", s.sessions.End(r.Context())) })
	mux.HandleFunc("POST /flash", func(w http.ResponseWriter, r *http.Request) {
		s.sessions.Flash(r.Context(), r.FormValue("text"))
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /flash", func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, s.sessions.TakeFlash(r.Context()), nil)
	})
	mux.HandleFunc("GET /me", s.me)
	mux.HandleFunc("GET /long", s.long)
	handler := s.sessions.Middleware(mux)
	if secure {
		s.Server = httptest.NewTLSServer(handler)
	} else {
		s.Server = httptest.NewServer(handler)
	}
	o.t.Cleanup(s.Close)
	return s
}

func (s *site) answer(w http.ResponseWriter, text string, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, text)
}

func (s *site) login(w http.ResponseWriter, r *http.Request) {
	user, err := s.office.Login(r.Context(), r.FormValue("email"), r.FormValue("password"), desk)
	if errors.Is(err, account.ErrCredentials) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if err == nil {
		err = s.sessions.Begin(r.Context(), user)
	}
	s.answer(w, "in", err)
}

func (s *site) me(w http.ResponseWriter, r *http.Request) {
	v, ok, err := s.sessions.Visitor(r)
	if err == nil && !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.answer(w, fmt.Sprintf("%s %s %s %t", v.Name, v.Role, v.Actor.Tenant, v.Session), err)
}

// long answers a request that goes on, during which the user is suspended.
func (s *site) long(w http.ResponseWriter, r *http.Request) {
	_, before, _ := s.sessions.Visitor(r)
	id := r.FormValue("suspend")
	root := account.By{Actor: innards.Actor{ID: "system:test", Tenant: tenant, Rights: []innards.Right{"*"}}}
	if _, err := s.office.Suspend(r.Context(), root, id); err != nil {
		s.answer(w, "", err)
		return
	}
	s.office.clock.Advance(access.TokenLife)
	_, after, err := s.sessions.Visitor(r)
	s.answer(w, fmt.Sprint(before, after), err)
}

// A browser keeps cookies.
type browser struct {
	*site
	client *http.Client
}

func (s *site) browser() browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.office.t.Fatal(err)
	}
	client := *s.Client()
	client.Jar = jar
	return browser{s, &client}
}

// send makes a request and returns the status, the text and the cookies that were set.
func (b browser) send(method, path string, form url.Values) (int, string, []*http.Cookie) {
	b.office.t.Helper()
	req, err := http.NewRequestWithContext(b.office.t.Context(), method, b.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.office.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.client.Do(req)
	if err != nil {
		b.office.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.office.t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Cookies()
}

func (b browser) login(email, password string) *http.Cookie {
	b.office.t.Helper()
	status, text, cookies := b.send("POST", "/login", url.Values{"email": {email}, "password": {password}})
	if status != http.StatusOK || len(cookies) != 1 {
		b.office.t.Fatalf("logging in: %d %s %v", status, text, cookies)
	}
	return cookies[0]
}

func (b browser) loggedIn() bool {
	b.office.t.Helper()
	status, text, _ := b.send("GET", "/me", nil)
	if status != http.StatusOK && status != http.StatusUnauthorized {
		b.office.t.Fatalf("%d %s", status, text)
	}
	return status == http.StatusOK
}

func TestSessions(t *testing.T) {
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("secure=%t", secure), func(t *testing.T) {
			onEach(t, func(t *testing.T, o *office) {
				ana := o.ana()
				b := newSite(o, secure).browser()
				if status, _, cookies := b.send("GET", "/me", nil); status != http.StatusUnauthorized || len(cookies) > 0 {
					t.Fatalf("a stranger: %d %v", status, cookies)
				}
				first := b.login(ana.Email, password)
				if first.Name != account.CookieName(secure) || !first.HttpOnly || first.Secure != secure || first.SameSite != http.SameSiteLaxMode ||
					first.Path != "/" || first.Domain != "" {
					t.Errorf("the cookie is %s", first)
				}
				if status, text, cookies := b.send("GET", "/me", nil); status != http.StatusOK || text != "Ana administrator main true" || len(cookies) > 0 {
					t.Errorf("%d %q %v", status, text, cookies)
				}
				second := b.login(ana.Email, password)
				if second.Value == first.Value {
					t.Error("the token is the same after the second login")
				}
				thief := b.site.browser()
				at, err := url.Parse(b.URL)
				if err != nil {
					t.Fatal(err)
				}
				thief.client.Jar.SetCookies(at, []*http.Cookie{first})
				if thief.loggedIn() {
					t.Error("the session before the login goes on")
				}
				thief.client.Jar.SetCookies(at, []*http.Cookie{second})
				if !thief.loggedIn() {
					t.Error("the cookie is not all that counts")
				}
				if status, _, cookies := b.send("POST", "/logout", nil); status != http.StatusOK || len(cookies) != 1 || cookies[0].MaxAge >= 0 {
					t.Errorf("logging out: %d %v", status, cookies)
				}
				if b.loggedIn() || thief.loggedIn() {
					t.Error("logged in after logging out")
				}
			})
		})
	}
}

// Whoever fails to log in, or has a cookie that is none, gets no cookie and leaves no row.
func TestStrangersLeaveNothing(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		b := newSite(o, false).browser()
		at, err := url.Parse(b.URL)
		if err != nil {
			t.Fatal(err)
		}
		b.client.Jar.SetCookies(at, []*http.Cookie{{Name: account.CookieName(false), Value: "forged"}})
		for _, request := range []struct {
			method, path string
			form         url.Values
		}{
			{"POST", "/login", url.Values{"email": {ana.Email}, "password": {another}}},
			{"POST", "/flash", url.Values{"text": {"x"}}}, {"GET", "/flash", nil}, {"GET", "/me", nil},
		} {
			if _, text, cookies := b.send(request.method, request.path, request.form); len(cookies) > 0 || text != "" {
				t.Errorf("%s: %q %v", request.path, text, cookies)
			}
		}
		o.clock.Advance(account.SessionLife)
		if n, err := o.Forget(t.Context(), o.clock.Now(), 10); err != nil || n != 1 { // the link of the first start
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		b := newSite(o, false).browser()
		b.login(ana.Email, password)
		for range 3 { // used every now and then
			o.clock.Advance(account.SessionIdle - 10*time.Minute)
			if !b.loggedIn() {
				t.Fatal("logged out while working")
			}
		}
		o.clock.Advance(30*time.Minute - time.Second)
		if !b.loggedIn() {
			t.Error("logged out before the end")
		}
		o.clock.Advance(time.Second)
		if b.loggedIn() {
			t.Error("logged in after a day")
		}

		b.login(ana.Email, password)
		o.clock.Advance(account.SessionIdle)
		if b.loggedIn() {
			t.Error("logged in after hours away")
		}
		if n, err := o.Forget(t.Context(), o.clock.Now(), 1); err != nil || n != 2 { // a session and the link of the first start
			t.Errorf("forgot %d, %v", n, err)
		}
		if n, err := o.Forget(t.Context(), o.clock.Now(), 10); err != nil || n != 1 {
			t.Errorf("forgot %d, %v", n, err)
		}
	})
}

// What changes of a user is seen by the next request; what takes trust away logs out at once.
func TestChangesDuringSession(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(o *office, ana, ben account.User) error
		stay bool
	}{
		"suspended": {do: func(o *office, ana, ben account.User) error {
			_, err := o.Suspend(o.t.Context(), from(ana), ben.ID)
			return err
		}},
		"suspended and resumed": {do: func(o *office, ana, ben account.User) error {
			_, err := o.Suspend(o.t.Context(), from(ana), ben.ID)
			_, again := o.Resume(o.t.Context(), from(ana), ben.ID)
			return errors.Join(err, again)
		}},
		"another role": {do: func(o *office, ana, ben account.User) error {
			_, err := o.Amend(o.t.Context(), from(ana), ben.ID, ben.Version, account.Profile{Name: "ben", Role: access.Operator})
			return err
		}},
		"another password": {do: func(o *office, ana, ben account.User) error {
			_, err := o.ChangePassword(o.t.Context(), from(ben), password, another)
			return err
		}},
		"logged out everywhere": {do: func(o *office, ana, ben account.User) error {
			_, err := o.LogOutEverywhere(o.t.Context(), from(ben), ben.ID)
			return err
		}},
		"another name": {stay: true, do: func(o *office, ana, ben account.User) error {
			_, err := o.Amend(o.t.Context(), from(ana), ben.ID, ben.Version, account.Profile{Name: "Benjamin", Role: ben.Role})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, o *office) {
				ana := o.ana()
				ben := o.join(ana, "ben@example.com", access.FrontDesk, "")
				s := newSite(o, false)
				desktop, phone, boss := s.browser(), s.browser(), s.browser()
				for _, b := range []browser{desktop, phone} {
					b.login(ben.Email, password)
				}
				boss.login(ana.Email, password)
				if err := c.do(o, ana, ben); err != nil {
					t.Fatal(err)
				}
				for _, b := range []browser{desktop, phone} {
					if b.loggedIn() != c.stay {
						t.Errorf("logged in: %t", !c.stay)
					}
				}
				if !boss.loggedIn() {
					t.Error("somebody else is logged out")
				}
				if _, text, _ := desktop.send("GET", "/me", nil); c.stay && !strings.HasPrefix(text, "Benjamin ") {
					t.Errorf("it is %q", text)
				}
			})
		})
	}
}

// Whoever was suspended between the look at the password and the beginning of the session is not logged in.
func TestSuspendedWhileLoggingIn(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		ben := o.join(ana, "ben@example.com", access.FrontDesk, "")
		b := newSite(o, false).browser()
		o.hooks = append(o.hooks, func() {
			if _, err := o.Suspend(t.Context(), from(ana), ben.ID); err != nil {
				t.Error(err)
			}
		})
		b.login(ben.Email, password)
		if b.loggedIn() {
			t.Error("logged in")
		}
	})
}

// A request that goes on for long notices that its session has ended.
func TestSuspendedDuringRequest(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ben := o.join(o.ana(), "ben@example.com", access.FrontDesk, "")
		b := newSite(o, false).browser()
		b.login(ben.Email, password)
		if status, text, _ := b.send("GET", "/long?suspend="+ben.ID, nil); status != http.StatusOK || text != "true false" {
			t.Errorf("%d %q", status, text)
		}
	})
}

func TestFlash(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		b := newSite(o, false).browser()
		b.login(ana.Email, password)
		if status, text, _ := b.send("POST", "/flash", url.Values{"text": {"Saved."}}); status != http.StatusNoContent {
			t.Fatalf("%d %s", status, text)
		}
		for _, want := range []string{"Saved.", ""} {
			if status, text, _ := b.send("GET", "/flash", nil); status != http.StatusOK || text != want {
				t.Errorf("%d %q, want %q", status, text, want)
			}
		}
		if !b.loggedIn() {
			t.Error("logged out")
		}
	})
}

// Without the database, nobody is taken for a stranger.
func TestSessionsCannotBeRead(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		b := newSite(o, false).browser()
		b.login(ana.Email, password)
		o.closeDB()
		if status, text, _ := b.send("GET", "/me", nil); status != http.StatusServiceUnavailable {
			t.Errorf("%d %s", status, text)
		}
	})
}

func TestSessionsWithoutMiddleware(t *testing.T) {
	s := account.NewSessions(account.SessionOptions{Now: time.Now})
	if err := s.Begin(t.Context(), account.User{ID: "1"}); err == nil {
		t.Error("a session began")
	}
	if err := s.End(t.Context()); err == nil {
		t.Error("a session ended")
	}
	s.Flash(t.Context(), "x")
	user, ok, err := s.User(t.Context())
	if s.TakeFlash(t.Context()) != "" || ok || err != nil || user.ID != "" {
		t.Errorf("%+v %t %v", user, ok, err)
	}
}
