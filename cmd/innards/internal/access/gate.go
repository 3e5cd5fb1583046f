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

// A Gate admits requests by their token. It is safe for concurrent use.
type Gate struct {
	tokens Tokens
	now    innards.Clock
	limit  rate.Limit // requests a second per token; 0: no limit

	mu     sync.Mutex
	passes map[string]*pass // by id of the token; only tokens that exist, so that it cannot be made to grow
}

// A pass is what is remembered of a token.
type pass struct {
	token   Token
	actor   innards.Actor
	until   time.Time
	limiter *rate.Limiter
}

// NewGate returns a gate that lets every token make so many requests a second, in bursts of twice as many; 0: no limit.
func NewGate(tokens Tokens, now innards.Clock, perSecond float64) *Gate {
	return &Gate{tokens: tokens, now: now, limit: rate.Limit(perSecond), passes: map[string]*pass{}}
}

// Admit returns who makes the request, if it has the right, or why it is not let in.
func (g *Gate) Admit(r *http.Request, right innards.Right) (innards.Actor, *problem.Problem) {
	p, why := g.identify(r)
	if why != nil {
		return innards.Actor{}, why
	}
	if wait := p.wait(g.now()); wait > 0 {
		late := problem.New(problem.TooManyRequests, problem.TooManyRequests.Text)
		late.RetryAfter = wait
		return p.actor, late
	}
	if !p.actor.May(right) {
		return p.actor, problem.New(problem.NotPermitted, "the role "+string(p.token.Role)+" lacks the right "+string(right))
	}
	return p.actor, nil
}

// Admitted reports whether a request that was admitted, and goes on, would be let in again: its token may have been
// revoked. It counts against no limit.
func (g *Gate) Admitted(r *http.Request) bool {
	_, why := g.identify(r)
	return why == nil
}

// identify returns what is known of the request's token, or why there is none that counts.
func (g *Gate) identify(r *http.Request) (*pass, *problem.Problem) {
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
	fresh := &pass{token: token, actor: token.Actor(), until: now.Add(TokenLife)}
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

type actorKey struct{}

// WithActor returns ctx with the actor of the request.
func WithActor(ctx context.Context, a innards.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns the actor of the request; one who may nothing if there is none.
func ActorOf(ctx context.Context) innards.Actor {
	a, _ := ctx.Value(actorKey{}).(innards.Actor)
	return a
}
