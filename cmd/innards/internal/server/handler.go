// Package server puts the parts of the reference server together and runs them.
package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/api"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/metrics"
	"github.com/innards-go/innards/cmd/innards/internal/pages"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/cmd/innards/internal/web"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// Config is what a handler needs. All fields are required, but the last three.
type Config struct {
	Service *reservation.Service
	Tokens  access.Tokens
	// Accounts are the staff, Sessions who of them is logged in.
	Accounts *account.Service
	Sessions *account.Sessions
	// Work is what the server does by itself.
	Work web.Work
	// Filters keeps the searches that people have named; nil: none are kept.
	Filters web.Filters
	// Words are what the pages say.
	Words *words.Catalogue
	// Links lets guests in, and Cards keeps their cards; nil: the house takes cards at the desk.
	Links portal.Links
	Cards portal.Cards
	// PublicURL is where people reach the server, without a slash at the end.
	PublicURL string
	Book      api.Book
	Log       *slog.Logger
	Now       innards.Clock
	IDs       innards.IDSource
	Metrics   *metrics.Metrics
	// Ready says why the server cannot do its work now; nil: it can.
	Ready   func(context.Context) error
	Changed *api.Signal     // raised after every commit of this process
	Effects *api.Signal     // raised when there is something to deliver
	Closing <-chan struct{} // closed when the server begins to stop
	Version string
	// Demo says that the database holds invented data.
	Demo bool
	// RateLimit is how many requests a second one token may make; 0: no limit.
	RateLimit float64
	// BodyTimeout is how long a client may take to send a body; 0: [edge.BodyTimeout].
	BodyTimeout time.Duration
}

// NewHandler returns the handler of all requests, and the table of its routes.
func NewHandler(c Config) (http.Handler, []router.Route, error) {
	gate := access.NewGate(c.Tokens, c.Sessions, c.Now, c.RateLimit)
	rt := router.New(gate, c.BodyTimeout)
	doc := api.Register(rt, api.Config{
		Service: c.Service, Book: c.Book, Log: c.Log, Now: c.Now, Version: c.Version, Changed: c.Changed, Effects: c.Effects, Closing: c.Closing,
		Admitted: gate.Admitted, Committed: c.Metrics.Committed,
	})
	describe := func() ([]byte, error) { return json.Marshal(doc) }
	if err := pages.Register(rt, pages.Info{Version: c.Version, OpenAPI: describe, Demo: c.Demo}); err != nil {
		return nil, nil, err
	}
	web.Register(rt, web.Config{
		Service: c.Service, Words: c.Words, Log: c.Log, Now: c.Now, IDs: c.IDs, Accounts: c.Accounts, Sessions: c.Sessions,
		Links: c.Links, Cards: c.Cards, Work: c.Work, PublicURL: c.PublicURL, Committed: c.Metrics.Committed, Done: c.done, Filters: c.Filters,
	})
	registerHealth(rt, c)
	handler := edge.Wrap(c.sessions(rt), edge.Config{Log: c.Log, Now: c.Now, IDs: c.IDs, Observe: c.Metrics.Observe})
	return handler, rt.Routes(), rt.Err()
}

// sessions reads the session of those who come with a browser. Programs come to the API with a token and have none.
func (c Config) sessions(next http.Handler) http.Handler {
	browsers := c.Sessions.Middleware(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" && strings.HasPrefix(r.URL.Path, "/v1/") {
			next.ServeHTTP(w, r)
			return
		}
		browsers.ServeHTTP(w, r)
	})
}

// done wakes those who wait for what a page has committed.
func (c Config) done(effects bool) {
	c.Changed.Raise()
	if effects {
		c.Effects.Raise()
	}
}

// readyTimeout bounds how long the check of the database may take.
const readyTimeout = 2 * time.Second

func registerHealth(rt *router.Router, c Config) {
	get := func(path string, p router.Policy) router.Route {
		return router.Route{Method: http.MethodGet, Path: path, Policy: p}
	}
	rt.Handle(get("/healthz", router.Public()), func(w http.ResponseWriter, _ *http.Request) { writeStatus(w, "ok") })
	rt.Handle(get("/readyz", router.Public()), func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := c.Ready(ctx); err != nil {
			c.Log.WarnContext(ctx, "not ready", "error", err.Error())
			p := problem.New(problem.Unavailable, problem.Unavailable.Text)
			p.RetryAfter = time.Second
			edge.Answer(w, r, p)
			return
		}
		writeStatus(w, "ready")
	})
	rt.Handle(get("/metrics", router.Needs(access.ReadMetrics)), wholeServer(c.Metrics.Handler()))
}

// wholeServer keeps out those who are confined to one property: the metrics are of all.
func wholeServer(h http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if access.ActorOf(r.Context()).Property != "" {
			edge.Answer(w, r, problem.New(problem.NotPermitted, "the token is confined to one property"))
			return
		}
		h.ServeHTTP(w, r)
	}
}

func writeStatus(w http.ResponseWriter, status string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, "{\"status\":%q}\n", status) // a client that has gone needs none
}
