package access

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// TokenLife is how long a process trusts what it has read of a token: a revocation in another process takes effect
// within this time.
const TokenLife = 5 * time.Second

// A Visitor is who makes a request: the holder of a token, or a member of the staff who has logged in.
type Visitor struct {
	Actor innards.Actor
	Role  Role
	// Name is shown to the visitor; of a token, what it is for.
	Name string
	// Language is the one that the visitor has chosen (BCP 47); empty: none.
	Language string
	// Session says that the visitor has logged in with a browser.
	Session bool
}

// Sessions tells who is logged in.
type Sessions interface {
	// Visitor returns who makes the request, and false if nobody is logged in.
	Visitor(r *http.Request) (Visitor, bool, error)
}

// A Gate admits requests by their token or session. It is safe for concurrent use.
type Gate struct {
	tokens   Tokens
	sessions Sessions // nil: there are none
	now      innards.Clock
	limit    rate.Limit // requests a second per token; 0: no limit

	mu     sync.Mutex
	passes map[string]*pass // by id of the token; only tokens that exist, so that it cannot be made to grow
}

// A pass is what is remembered of a token.
type pass struct {
	token   Token
	visitor Visitor
	until   time.Time
	limiter *rate.Limiter
}

// NewGate returns a gate that lets every token make so many requests a second, in bursts of twice as many; 0: no limit.
func NewGate(tokens Tokens, sessions Sessions, now innards.Clock, perSecond float64) *Gate {
	return &Gate{tokens: tokens, sessions: sessions, now: now, limit: rate.Limit(perSecond), passes: map[string]*pass{}}
}

// Admit returns who makes the request, if it has the right, or why it is not let in.
func (g *Gate) Admit(r *http.Request, right innards.Right) (Visitor, *problem.Problem) {
	v, wait, why := g.identify(r)
	switch {
	case why != nil:
		return Visitor{}, why
	case wait > 0:
		late := problem.New(problem.TooManyRequests, problem.TooManyRequests.Text)
		late.RetryAfter = wait
		return v, late
	case !v.Actor.May(right):
		return v, problem.New(problem.NotPermitted, "the role "+string(v.Role)+" lacks the right "+string(right))
	}
	return v, nil
}

// Known returns who makes the request, for pages that are open to everybody; false if nobody is known.
func (g *Gate) Known(r *http.Request) (Visitor, bool) {
	v, wait, why := g.identify(r)
	return v, why == nil && wait == 0
}

// Admitted reports whether a request that was admitted, and goes on, would be let in again: its token may have been
// revoked, or its session ended. It counts against no limit.
func (g *Gate) Admitted(r *http.Request) bool {
	if _, ok := bearer(r.Header); !ok {
		_, _, why := g.session(r)
		return why == nil
	}
	_, why := g.holder(r)
	return why == nil
}

// identify returns who makes the request and how long it has to wait, or why it is not let in. A token goes before a session.
func (g *Gate) identify(r *http.Request) (Visitor, time.Duration, *problem.Problem) {
	if r.Header.Get("Authorization") == "" && g.sessions != nil {
		return g.session(r)
	}
	p, why := g.holder(r)
	if why != nil {
		return Visitor{}, 0, why
	}
	return p.visitor, p.wait(g.now()), nil
}

// session returns who is logged in.
func (g *Gate) session(r *http.Request) (Visitor, time.Duration, *problem.Problem) {
	if g.sessions == nil {
		return Visitor{}, 0, unauthenticated()
	}
	v, ok, err := g.sessions.Visitor(r)
	switch {
	case err != nil:
		return Visitor{}, 0, problem.From(err)
	case !ok:
		return Visitor{}, 0, unauthenticated()
	}
	return v, 0, nil
}

// holder returns what is known of the request's token, or why there is none that counts.
func (g *Gate) holder(r *http.Request) (*pass, *problem.Problem) {
	text, ok := bearer(r.Header)
	if !ok {
		return nil, unauthenticated()
	}
	p, err := g.pass(r.Context(), text)
	switch {
	case errors.Is(err, innards.ErrNotFound):
		return nil, unauthenticated()
	case err != nil:
		return nil, problem.From(err)
	case !p.token.admits(text):
		return nil, unauthenticated()
	}
	return p, nil
}

// bearer returns the token of the Authorization field (RFC 6750).
func bearer(h http.Header) (string, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, text, _ := strings.Cut(values[0], " ")
	return text, strings.EqualFold(scheme, "Bearer")
}

func unauthenticated() *problem.Problem {
	p := problem.New(problem.Unauthenticated, problem.Unauthenticated.Text)
	p.Header = http.Header{"Www-Authenticate": {`Bearer realm="innards"`}}
	return p
}

// pass returns what is known of the token, read anew when it is too old.
func (g *Gate) pass(ctx context.Context, text string) (*pass, error) {
	id, ok := idOf(text)
	if !ok {
		return nil, innards.ErrNotFound
	}
	now := g.now()
	g.mu.Lock()
	known := g.passes[id]
	g.mu.Unlock()
	if known != nil && now.Before(known.until) {
		return known, nil
	}
	token, err := g.tokens.Token(ctx, id)
	if err != nil {
		return nil, err
	}
	visitor := Visitor{Actor: token.Actor(), Role: token.Role, Name: token.Name}
	fresh := &pass{token: token, visitor: visitor, until: now.Add(TokenLife)}
	if known != nil {
		fresh.limiter = known.limiter
	} else if g.limit > 0 {
		fresh.limiter = rate.NewLimiter(g.limit, max(1, int(2*g.limit)))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.passes[id] = fresh
	return fresh, nil
}

// wait returns how long the token has to wait, 0 if its request is within the limit.
func (p *pass) wait(now time.Time) time.Duration {
	if p.limiter == nil {
		return 0
	}
	ahead := p.limiter.ReserveN(now, 1)
	wait := ahead.DelayFrom(now)
	if wait > 0 {
		ahead.CancelAt(now)
	}
	return wait
}

type visitorKey struct{}

// WithVisitor returns ctx with the visitor who makes the request.
func WithVisitor(ctx context.Context, v Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

// VisitorOf returns the visitor who makes the request; one who may nothing if there is none.
func VisitorOf(ctx context.Context) Visitor {
	v, _ := ctx.Value(visitorKey{}).(Visitor)
	return v
}

// ActorOf returns the actor of the request; one who may nothing if there is none.
func ActorOf(ctx context.Context) innards.Actor { return VisitorOf(ctx).Actor }
