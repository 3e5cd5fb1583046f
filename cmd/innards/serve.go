package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/api"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/demo"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/metrics"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/server"
	"github.com/innards-go/innards/cmd/innards/internal/web"
)

type serveCommand struct {
	Addr      string  `placeholder:"HOST:PORT" default:"127.0.0.1:8080" help:"Address to listen on, 127.0.0.1:8080 if it is left out; with port 0 a free one is taken."`
	Demo      bool    `help:"Fill an empty database with an invented hotel around today, and print a token for every role."`
	PublicURL string  `name:"public-url" placeholder:"URL" help:"Where browsers reach the server, such as https://desk.example.org; the address that is listened on if it is left out. With https, the cookie of a session is sent by HTTPS only."`
	RateLimit float64 `default:"0" help:"Requests a second that one token may make, in bursts of twice as many; 0: no limit."`

	backgroundFlags
}

// Run serves until the program is told to stop.
func (c serveCommand) Run(p *program) error {
	listener, err := net.Listen("tcp", c.Addr) // before anything is made: a token that is printed cannot be shown again
	if err != nil {
		return usageError{err}
	}
	defer listener.Close() // once the server has done so, this does no harm
	if os.Getenv("GOGC") == "" {
		// The live heap of a server is a few megabytes: to collect it when it has grown fivefold costs less than it saves.
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	return p.withHouse(func(h *house) error {
		o, err := c.openOffice(p, h, cmp.Or(c.PublicURL, "http://"+listener.Addr().String()))
		if err != nil {
			return err
		}
		if err := c.welcome(p, o); err != nil {
			return err
		}
		return c.serve(p, o, listener)
	})
}

// welcome prints how to come in at the first start: a token for programs, and a link to make the first administrator.
func (c serveCommand) welcome(p *program, o *office) error {
	h := o.house
	if c.Demo {
		return c.fill(p, o)
	}
	tokens, err := h.tokens.Tokens(p.ctx)
	if err != nil || len(tokens) > 0 {
		return err
	}
	text, err := p.issue(h, access.Administrator, "first start", "")
	if err != nil {
		return err
	}
	link, err := o.staff.FirstLink(p.ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "First start. To log in with a browser, follow this link within a day and choose a password:\n%s/link/%s\n"+
		"The token of the administrator for programs, which cannot be shown again:\n%s\n", o.url, link, text)
	return err
}

// sessions returns the sessions of the house.
func (c serveCommand) sessions(h *house) *account.Sessions {
	return account.NewSessions(account.SessionOptions{
		Store: database.NewAccounts(h.db), Now: time.Now, Secure: strings.HasPrefix(c.PublicURL, "https://"),
		Failed: func(w http.ResponseWriter, r *http.Request, err error) { edge.Answer(w, r, problem.From(err)) },
	})
}

// fill makes the demo hotel, unless it is there, and issues a token for every role.
func (c serveCommand) fill(p *program, o *office) error {
	h := o.house
	err := h.db.InTx(p.ctx, func(ctx context.Context, tx bun.Tx) error { // so that it is never there in part
		return demo.Fill(ctx, h.store.WithTx(tx), h.book, p.Tenant, time.Now())
	})
	if err != nil {
		return fmt.Errorf("filling the demo: %w", err)
	}
	if err := endDemoTokens(p.ctx, h.tokens); err != nil {
		return err
	}
	if err := c.hire(p, o); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "A token for each role, until the next start:")
	for _, role := range access.Roles() {
		text, err := p.issue(h, role, demoToken, "")
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(p.stdout, "  %-14s %s\n", role, text); err != nil {
			return err
		}
	}
	return nil
}

// hire makes a log-in for every role of the staff, unless it is there, and prints it.
func (c serveCommand) hire(p *program, o *office) error {
	staff, err := o.newStaff(p, nil)
	if err != nil {
		return err
	}
	by := account.By{Actor: innards.Actor{ID: "system:demo", Tenant: p.Tenant, Rights: []innards.Right{access.Anything}}}
	fmt.Fprintf(p.stdout, "Demo. A log-in for each role, with the password %q:\n", demo.Password)
	for _, person := range demo.Staff() {
		_, link, err := staff.Invite(p.ctx, by, person.Email, account.Profile{Name: person.Name, Role: person.Role, Language: person.Language})
		if err == nil {
			_, err = staff.Redeem(p.ctx, link, account.Redemption{Password: demo.Password}, "")
		}
		if err != nil && !innards.RefusedFor(err, account.EmailTaken.Code) {
			return fmt.Errorf("making the demo's log-ins: %w", err)
		}
		if _, err := fmt.Fprintf(p.stdout, "  %-14s %s\n", person.Role, person.Email); err != nil {
			return err
		}
	}
	return nil
}

// demoToken is the name of the tokens of the demo.
const demoToken = "demo"

// endDemoTokens revokes the tokens of earlier starts, which nobody can see any more.
func endDemoTokens(ctx context.Context, tokens access.Tokens) error {
	all, err := tokens.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.Name == demoToken && t.RevokedAt == nil {
			if err := tokens.RevokeToken(ctx, t.ID, time.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// serve runs the server and the background work; both end before it returns.
func (c serveCommand) serve(p *program, o *office, listener net.Listener) error {
	h, work, log, closing := o.house, o.work, o.log, make(chan struct{})
	changed, effects := &api.Signal{}, &api.Signal{}
	counts := metrics.New(version(), h.pending, func() (int64, int64) { s := h.db.Stats(); return s.Commits, s.Changes })
	var cards portal.Cards
	if c.Demo {
		cards = portal.TestCards{}
	}
	handler, _, err := server.NewHandler(server.Config{
		Service: h.service, Tokens: h.tokens, Accounts: o.staff, Sessions: c.sessions(h), PublicURL: o.url, Words: o.words,
		Links: o.links, Cards: cards,
		Work:    web.Work{Tasks: work.tasks, Queue: work.queue, Box: work.box, Endpoints: work.endpoints},
		Filters: database.NewFilters(h.db), Book: h.book, Log: log, Now: time.Now, IDs: o.newID,
		Metrics: counts, Ready: func(ctx context.Context) error { return database.Ready(ctx, h.db) },
		Changed: changed, Effects: effects, Closing: closing, Version: version(), Demo: c.Demo, RateLimit: c.RateLimit,
	})
	if err != nil {
		return err
	}
	swept := func() {
		changed.Raise()
		effects.Raise()
	}
	stop := c.background(p, o, counts, swept, effects.Wait)
	defer stop()
	return c.listen(p, listener, handler, log, func() { close(closing) })
}

// listen says where it listens, and serves.
func (c serveCommand) listen(p *program, l net.Listener, h http.Handler, log *slog.Logger, stopping func()) error {
	if _, err := fmt.Fprintf(p.stdout, "listening on http://%s\n", l.Addr()); err != nil {
		return err
	}
	log.Info("listening", "addr", l.Addr().String(), "version", version())
	err := server.Serve(p.ctx, l, h, log, stopping)
	log.Info("stopped")
	return err
}
