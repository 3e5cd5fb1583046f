// Package router is the table of all routes. A route cannot be added without saying who may use it, and nothing is
// answered in any other form than the API's: an address without a route is a problem too.
package router

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// A Policy says who may use a route. The zero Policy is refused.
type Policy struct {
	public bool
	right  innards.Right
}

// Public opens a route to everybody, without a token.
func Public() Policy { return Policy{public: true} }

// Needs opens a route to the tokens whose role has the right.
func Needs(right innards.Right) Policy { return Policy{right: right} }

// Right returns the right that the route needs, "" if it is public.
func (p Policy) Right() innards.Right { return p.right }

func (p Policy) valid() bool { return p.public != (p.right != "") }

// A Route is one entry of the table.
type Route struct {
	Method, Path string
	Policy       Policy
	// Timeout bounds the handling; 0: [Timeout].
	Timeout time.Duration
	// Page says that people look at the answer: what goes wrong is told by a page.
	Page bool
}

const (
	// Timeout is how long a request may take, if its route does not say otherwise.
	Timeout = 30 * time.Second
	// Receiving is how long a client may then take to receive the answer.
	Receiving = 30 * time.Second
)

// A Router is the table of routes and the handler of all of them.
type Router struct {
	mux    *http.ServeMux
	gate   *access.Gate
	origin *http.CrossOriginProtection
	body   time.Duration
	routes []Route
	err    error
	// refuse answers people. Until it is set, they get what programs get.
	refuse func(http.ResponseWriter, *http.Request, *problem.Problem)
}

// RefusePages sets how people are told what went wrong.
func (rt *Router) RefusePages(refuse func(http.ResponseWriter, *http.Request, *problem.Problem)) {
	rt.refuse = refuse
}

// answer tells what went wrong: to people by a page, to programs by problem details.
func (rt *Router) answer(page bool, w http.ResponseWriter, r *http.Request, p *problem.Problem) {
	if page && rt.refuse != nil {
		rt.refuse(w, r, p)
		return
	}
	edge.Answer(w, r, p)
}

// New returns an empty router behind the gate. A client may take as long as body to send one; 0: [edge.BodyTimeout].
func New(gate *access.Gate, body time.Duration) *Router {
	if body == 0 {
		body = edge.BodyTimeout
	}
	return &Router{mux: http.NewServeMux(), gate: gate, origin: http.NewCrossOriginProtection(), body: body}
}

// Handle adds a route. What is wrong with it is told by [Router.Err].
func (rt *Router) Handle(r Route, h http.HandlerFunc) {
	if !r.Policy.valid() {
		rt.err = errors.Join(rt.err, fmt.Errorf("route %s %s has no policy", r.Method, r.Path))
		return
	}
	if r.Timeout == 0 {
		r.Timeout = Timeout
	}
	rt.routes = append(rt.routes, r)
	rt.mux.HandleFunc(r.Method+" "+r.Path, func(w http.ResponseWriter, req *http.Request) { rt.serve(r, h, w, req) })
}

// Routes returns the table.
func (rt *Router) Routes() []Route { return rt.routes }

// Err returns what is wrong with the table, nil if nothing is.
func (rt *Router) Err() error { return rt.err }

func (rt *Router) serve(route Route, h http.HandlerFunc, w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	edge.TraceOf(ctx).Route = route.Method + " " + route.Path
	// A browser adds the session to whatever another site makes it send, but never a token.
	if r.Header.Get("Authorization") == "" && rt.origin.Check(r) != nil {
		rt.answer(route.Page, w, r, problem.New(problem.CrossOrigin, problem.CrossOrigin.Text))
		return
	}
	if p := edge.CheckOnce(r); p != nil && !route.Page {
		edge.Answer(w, r, p)
		return
	}
	if !route.Policy.public {
		visitor, p := rt.gate.Admit(r, route.Policy.right)
		edge.TraceOf(ctx).Actor = visitor.Actor.ID
		ctx = access.WithVisitor(ctx, visitor)
		if p != nil {
			rt.answer(route.Page, w, r.WithContext(ctx), p)
			return
		}
	} else if route.Page {
		if visitor, known := rt.gate.Known(r); known {
			ctx = access.WithVisitor(ctx, visitor)
		}
	}
	if p := edge.ReadBody(w, r, rt.body); p != nil {
		rt.answer(route.Page, w, r, p)
		return
	}
	if route.Timeout > Timeout {
		// A writer without deadlines, as in tests, writes without one.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(route.Timeout + Receiving))
	}
	ctx, cancel := context.WithTimeout(ctx, route.Timeout)
	defer cancel()
	h(w, r.WithContext(ctx))
}

// ServeHTTP implements http.Handler.
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, pattern := rt.mux.Handler(r)
	if pattern != "" {
		rt.mux.ServeHTTP(w, r)
		return
	}
	// The mux knows whether another method would do; its own answer is plain text.
	var probe probe
	h.ServeHTTP(&probe, r)
	p := problem.New(problem.NotFound, problem.NotFound.Text)
	if probe.status == http.StatusMethodNotAllowed {
		p = problem.New(problem.MethodNotAllowed, problem.MethodNotAllowed.Text)
		p.Header = http.Header{"Allow": probe.Header().Values("Allow")}
	}
	rt.answer(strings.Contains(r.Header.Get("Accept"), "text/html"), w, r, p)
}

// A probe takes an answer that nobody sees.
type probe struct {
	header http.Header
	status int
}

// Header implements http.ResponseWriter.
func (p *probe) Header() http.Header {
	if p.header == nil {
		p.header = http.Header{}
	}
	return p.header
}

// Write implements http.ResponseWriter.
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter.
func (p *probe) WriteHeader(status int) { p.status = status }
