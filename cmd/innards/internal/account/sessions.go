package account

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// How long a session lasts: at most from the login on, and without a request.
const (
	SessionLife = 24 * time.Hour
	SessionIdle = 8 * time.Hour
)

// extendEvery is how much later a session has to expire for that to be worth a write.
const extendEvery = 5 * time.Minute

// SessionOptions are what [Sessions] work with.
type SessionOptions struct {
	Store SessionStore
	Now   innards.Clock
	// Secure says that browsers reach the server by HTTPS: the cookie is then sent by HTTPS only, and bound to the host.
	Secure bool
	// Failed answers a request whose session cannot be read or written.
	Failed func(http.ResponseWriter, *http.Request, error)
}

// Sessions tells who is logged in. It implements [access.Sessions]. It is safe for concurrent use.
type Sessions struct {
	store   SessionStore
	now     innards.Clock
	manager *scs.SessionManager
}

var _ access.Sessions = (*Sessions)(nil)

// NewSessions returns sessions.
func NewSessions(o SessionOptions) *Sessions {
	s := &Sessions{store: o.Store, now: o.Now}
	// Not scs.New, which starts a goroutine. How long a session lasts is the adapter's, by the clock that was given; the
	// cookie ends with the browser.
	s.manager = &scs.SessionManager{
		Lifetime: SessionLife, Store: adapter{s}, Codec: scs.GobCodec{}, ErrorFunc: o.Failed,
		Cookie: scs.SessionCookie{Name: CookieName(o.Secure), HttpOnly: true, Path: "/", SameSite: http.SameSiteLaxMode, Secure: o.Secure},
	}
	return s
}

// CookieName returns the name of the cookie. With the prefix, browsers take it from no other host and path (RFC 6265bis,
// section 4.1.3.2).
func CookieName(secure bool) string {
	if secure {
		return "__Host-innards"
	}
	return "innards"
}

// Middleware reads the session of each request, and writes what has changed before the answer begins. Who is not logged in
// gets no cookie.
func (s *Sessions) Middleware(next http.Handler) http.Handler {
	inner := s.manager.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, &visit{})))
	})
}

// Visitor implements [access.Sessions]. A session that has ended since the request was read is noticed within
// [access.TokenLife], also by a request that goes on for long.
func (s *Sessions) Visitor(r *http.Request) (access.Visitor, bool, error) {
	user, ok, err := s.User(r.Context())
	return user.Visitor(), ok, err
}

// User returns who makes the request of the context, and false if nobody is logged in.
func (s *Sessions) User(ctx context.Context) (User, bool, error) {
	v, _ := visitOf(ctx)
	user, read := v.get()
	if user.ID == "" {
		return User{}, false, nil
	}
	now := s.now()
	if now.Sub(read) < access.TokenLife {
		return user, true, nil
	}
	_, user, err := s.store.Session(ctx, digestOf(s.manager.Token(ctx)), now)
	if errors.Is(err, innards.ErrNotFound) {
		user, err = User{}, nil
	}
	if err != nil {
		return User{}, false, err
	}
	v.set(user, now)
	return user, user.ID != "", nil
}

// Begin logs a user in: the browser gets a new session, and the one it had ends. It comes after [Service.Login],
// [Service.Redeem] and [Service.ChangePassword], and before the answer begins.
func (s *Sessions) Begin(ctx context.Context, u User) error {
	v, ok := visitOf(ctx)
	if !ok {
		return errNoVisit
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	now := s.now().UTC()
	data, err := s.manager.Codec.Encode(now.Add(SessionLife), map[string]any{})
	if err != nil {
		return err
	}
	err = s.store.AddSession(ctx, Session{
		Digest: digestOf(s.manager.Token(ctx)), User: u.ID, Stamp: u.Stamp, Data: data, CreatedAt: now, ExpiresAt: now.Add(SessionIdle),
	})
	if err == nil {
		v.set(u, now)
	}
	return err
}

// End logs out whoever is logged in, and has the browser drop the cookie.
func (s *Sessions) End(ctx context.Context) error {
	v, ok := visitOf(ctx)
	if !ok {
		return errNoVisit
	}
	v.set(User{}, time.Time{})
	return s.manager.Destroy(ctx)
}

const flashKey = "flash"

// Flash keeps a message that is shown once, by the next page. Who is not logged in has nowhere to keep one.
func (s *Sessions) Flash(ctx context.Context, message string) {
	if s.known(ctx) {
		s.manager.Put(ctx, flashKey, message)
	}
}

// TakeFlash returns the message to be shown now, if there is one. It comes before the answer begins.
func (s *Sessions) TakeFlash(ctx context.Context) string {
	if !s.known(ctx) {
		return ""
	}
	return s.manager.PopString(ctx, flashKey)
}

// known reports whether somebody was logged in when the session was read.
func (s *Sessions) known(ctx context.Context) bool {
	v, _ := visitOf(ctx)
	user, _ := v.get()
	return user.ID != ""
}
