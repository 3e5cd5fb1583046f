// Package api is the HTTP API: every command and query of the reservation package as a route, described by an OpenAPI
// document that is made from the same code.
package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/folio"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/cmd/innards/internal/strictjson"
	"github.com/innards-go/innards/reservation"
)

// Config is what the API needs. All fields are required.
type Config struct {
	Service *reservation.Service
	Book    Book
	Log     *slog.Logger
	Now     innards.Clock
	Version string // of the program
	// Changed wakes the streams of events when something was committed in this process, Effects wakes the delivery when
	// there is something to deliver.
	Changed, Effects *Signal
	// Closing ends the streams of events when it is closed.
	Closing <-chan struct{}
	// Admitted reports whether the token of a request that goes on is still good.
	Admitted func(*http.Request) bool
	// Committed is told every command that was carried out, once.
	Committed func(kind, command string, moves []innards.Move)
}

// A Book tells what was delivered for a record.
type Book interface {
	Postings(ctx context.Context, s innards.Scope, record string) ([]folio.Posting, error)
}

type api struct {
	Config
	huma    huma.API
	flights flights
	zones   sync.Map // [2]string of tenant and property -> *reservation.Property of any version
}

// Register adds all routes of the API and returns their description.
func Register(rt *router.Router, c Config) *huma.OpenAPI {
	a := &api{Config: c}
	a.huma = huma.NewAPI(configuration(c.Version), adapter{rt})
	a.registerReservations()
	a.registerProperties()
	a.registerReports()
	a.registerEvents()
	a.registerMappings()
	finish(a.huma.OpenAPI())
	return a.huma.OpenAPI()
}

func configuration(version string) huma.Config {
	strict := huma.Format{Marshal: marshal, Unmarshal: unmarshal}
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Innards", Version: version, Description: description},
			Tags: []*huma.Tag{
				{Name: reservationTag, Description: "Stays: their commands, statuses and fees."},
				{Name: bulkTag, Description: "The same commands on many reservations."},
				{Name: propertyTag, Description: "Hotels: calendar, rooms, policies and rules."},
				{Name: reportTag, Description: "Lists, calendars and sums of a property."},
				{Name: eventTag, Description: "What has happened, as a list and live."},
				{Name: mappingTag, Description: "The status words of other systems."},
			},
			Components: &huma.Components{
				Schemas:         newRegistry(),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": strict, "json": strict}, // the latter for +json
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{toProblem},
	}
	c.FieldsOptionalByDefault = true // what a request must hold is the domain's decision, which says more than a schema
	return c
}

const description = `Lifecycles of reservations: confirmation, guarantee, occupancy and commitment are four independent axes,
and every change is a command.

**Commands** are ` + "`POST /v1/<things>/{id}/<command>`" + `. They need ` + "`If-Match`" + ` with the ETag that you have seen
(` + "`*`" + `: any version) and ` + "`Idempotency-Key`" + `, a new one for every new command. Sending a command again with the
same key gives the committed answer again. ` + "`?dry_run=true`" + ` answers without doing it. ` + "`?override=code,code`" + `
overrides the named blockers, if the token has the right that each of them names, and needs a reason in the field
` + "`Innards-Reason`" + `, percent-encoded UTF-8.

**Refusals** are problem details (RFC 9457) with every blocker, not only the first. ` + "`GET .../actions`" + ` lists what can be
done now, and what stands against the rest.

**Pages** hold ` + "`items`" + ` and ` + "`next`" + `, to be sent as ` + "`after`" + `; no ` + "`next`" + `: the last page.
**Amounts** are decimal strings, **times** RFC 3339, **days** YYYY-MM-DD in the property's time zone. A null is a field
that is left out.`

// An adapter registers huma's operations as routes.
type adapter struct{ rt *router.Router }

const policyKey = "policy"

// Handle implements huma.Adapter.
func (a adapter) Handle(op *huma.Operation, h func(huma.Context)) {
	policy, _ := op.Metadata[policyKey].(router.Policy)
	timeout, _ := op.Metadata["timeout"].(time.Duration)
	route := router.Route{Method: op.Method, Path: op.Path, Policy: policy, Timeout: timeout}
	a.rt.Handle(route, func(w http.ResponseWriter, r *http.Request) { h(humago.NewContext(op, r, w)) })
}

// ServeHTTP implements huma.Adapter.
func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.rt.ServeHTTP(w, r) }

func marshal(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// unmarshal reads strictly into an any, which huma validates; what has passed is decoded into its type.
func unmarshal(text []byte, v any) error {
	tree, ok := v.(*any)
	if !ok {
		return json.Unmarshal(text, v)
	}
	var err error
	*tree, err = strictjson.Decode(text)
	return err
}

// operation returns the description of a route. Its id is made of the words of the summary that identify it.
func operation(id, method, path, tag, summary string, policy router.Policy) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: summary,
		Description:     "Needs the right `" + string(policy.Right()) + "`.",
		Metadata:        map[string]any{policyKey: policy},
		Security:        []map[string][]string{{"token": {}}},
		Responses:       map[string]*huma.Response{"default": problemResponse()},
		MaxBodyBytes:    edge.MaxBody + 1,
		BodyReadTimeout: -1, // the body is read at the edge
	}
}

// register is huma.Register with errors as problems.
func register[I, O any](a *api, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// problem logs what the client is not told.
func (a *api) problem(ctx context.Context, err error) *problem.Problem {
	p := *problem.From(err)
	p.RequestID = edge.TraceOf(ctx).ID
	if p.Status >= 500 {
		a.Log.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("request_id", p.RequestID),
			slog.String("code", string(p.Code)), slog.String("error", err.Error()))
	}
	return &p
}

// toProblem turns huma's own errors into problems.
func toProblem(ctx huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	kind := problem.Invalid
	for _, k := range []problem.Kind{problem.BodyInvalid, problem.MediaType, problem.BodyTooLarge, problem.BodyTimeout} {
		if k.Status == e.Status {
			kind = k
		}
	}
	p := problem.New(kind, kind.Text)
	p.RequestID = edge.TraceOf(ctx.Context()).ID
	for _, detail := range e.Errors {
		p.Errors = append(p.Errors, problem.Field{Location: detail.Location, Detail: detail.Message})
	}
	if len(p.Errors) == 0 {
		p.Detail = e.Detail
	}
	return p, nil
}
