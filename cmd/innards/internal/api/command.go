package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

// Options are how every command is asked for.
type Options struct {
	Key      string         `header:"Idempotency-Key" doc:"new for every new command, 1 to 255 printable ASCII characters; the quoted form of a structured field is accepted too"`
	DryRun   bool           `query:"dry_run" doc:"answer without doing it"`
	Override []innards.Code `query:"override" doc:"codes of blockers to override"`
	Reason   string         `header:"Innards-Reason" doc:"why, required to override: percent-encoded UTF-8, kept erasable in the history"`
}

// A Precondition is the precondition of a command on one record.
type Precondition struct {
	IfMatch string `header:"If-Match" doc:"ETag that was seen, or * for any version"`
}

// command returns the options as the domain takes them.
func (o Options) command(ctx context.Context) (innards.Command, error) {
	by := innards.Command{Actor: access.ActorOf(ctx), DryRun: o.DryRun, Override: o.Override}
	if err := checkOverrides(o.Override); err != nil {
		return by, err
	}
	var err error
	if by.Key, err = parseKey(o.Key); err != nil {
		return by, err
	}
	if by.Reason, err = url.PathUnescape(o.Reason); err != nil || !utf8.ValidString(by.Reason) {
		return by, problem.At(problem.RequestInvalid, "header.Innards-Reason", "it is not percent-encoded UTF-8")
	}
	return by, nil
}

// checkOverrides refuses codes that nothing to override has: whoever misspells one shall not wait for its effect.
func checkOverrides(codes []innards.Code) error {
	if len(codes) == 0 {
		return nil
	}
	var known []string
	for _, r := range reservation.Reasons() {
		if r.Right != "" {
			known = append(known, string(r.Code))
		}
	}
	for _, c := range codes {
		if !slices.Contains(known, string(c)) {
			return problem.At(problem.Invalid, "query.override", "what can be overridden is "+strings.Join(known, ", "))
		}
	}
	return nil
}

// parseKey reads the key bare or as a quoted string (RFC 9651, section 3.3.3).
func parseKey(s string) (string, error) {
	if s == "" {
		return "", problem.New(problem.KeyRequired, problem.KeyRequired.Lift)
	}
	if !strings.HasPrefix(s, `"`) {
		return s, nil
	}
	body, closed := strings.CutSuffix(s[1:], `"`)
	key, whole := unquote(body)
	if !closed || !whole || key == "" {
		return "", problem.At(problem.RequestInvalid, "header.Idempotency-Key", "it is not a quoted string")
	}
	return key, nil
}

// unquote removes the backslashes before quotes and backslashes, and reports whether there were no others.
func unquote(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			return "", false
		}
		if s[i] == '\\' {
			if i++; i == len(s) || s[i] != '"' && s[i] != '\\' {
				return "", false
			}
		}
		b.WriteByte(s[i])
	}
	return b.String(), true
}

// expect reads the version that a command is for; 0: any.
func (v Precondition) expect() (int64, error) {
	switch {
	case v.IfMatch == "":
		return 0, problem.New(problem.VersionRequired, problem.VersionRequired.Lift)
	case v.IfMatch == "*":
		return 0, nil
	case strings.HasPrefix(v.IfMatch, "W/"):
		return 0, problem.New(problem.StaleVersion, "a weak ETag never matches (RFC 9110, section 13.1.1)")
	}
	digits, quoted := strings.CutPrefix(v.IfMatch, `"`)
	digits, closed := strings.CutSuffix(digits, `"`)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !quoted || !closed || err != nil || n < 1 {
		return 0, problem.At(problem.RequestInvalid, "header.If-Match", `it is one ETag, such as "3", or *`)
	}
	return n, nil
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// An answer is what a command gives back.
type answer[R any] struct {
	Status   int
	ETag     string `header:"ETag" doc:"version that the command made"`
	Location string `header:"Location" doc:"of a new record"`
	Replayed string `header:"Idempotent-Replayed" doc:"true: the answer of an earlier command with the same key"`
	Body     R
}

func newAnswer[R any](body R, version int64, replayed bool) *answer[R] {
	a := &answer[R]{Status: http.StatusOK, ETag: etag(version), Body: body}
	if replayed {
		a.Replayed = "true"
	}
	return a
}

// created turns the answer into that of a command that made a record.
func (a *answer[R]) created(location string) *answer[R] {
	a.Status, a.Location = http.StatusCreated, location
	return a
}

// commandRoute describes the route of a command whose body is the intent.
func (a *api) commandRoute(id, path, tag, doc string, right innards.Right, intent any) huma.Operation {
	op := operation(id, http.MethodPost, path, tag, doc, router.Needs(right))
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(intent), true, "")
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	return op
}

// registerCommand adds a route whose body is decoded by the handler, since its type is known only at run time.
func registerCommand[I, O any](a *api, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	register(a, op, handle)
	delete(op.RequestBody.Content, "application/octet-stream") // what huma takes a raw body for
	op.RequestBody.Required = false
	if made := op.Responses["201"]; made != nil {
		op.Responses["200"] = &huma.Response{Description: "Dry run: nothing was made.", Content: made.Content}
	}
}

// decode reads a body, which huma has validated, into an intent.
func decode(body []byte, intent any) error {
	if len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, intent); err != nil {
		return problem.At(problem.Invalid, "body", err.Error())
	}
	return nil
}

// hyphens returns the name of a command as it is written in paths.
func hyphens(name string) string { return strings.ReplaceAll(name, "_", "-") }

// flights are the keys of the commands that are being carried out.
type flights struct {
	mu   sync.Mutex
	keys map[[2]string]bool // tenant and key
}

// begin reserves the key, or says that it is in flight. The caller calls land in the end.
func (f *flights) begin(by innards.Command) (land func(), err error) {
	key := [2]string{by.Actor.Tenant, by.Key}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keys[key] {
		p := problem.New(problem.KeyInFlight, problem.KeyInFlight.Text)
		p.RetryAfter = time.Second
		return nil, p
	}
	if f.keys == nil {
		f.keys = map[[2]string]bool{}
	}
	f.keys[key] = true
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.keys, key)
	}, nil
}

// done tells the rest of the process of a command that was carried out.
func (a *api) done(command string, r reservation.Receipt) {
	a.Committed(reservation.Kind, command, r.Moves)
	a.Changed.Raise()
	if len(r.Effects) > 0 {
		a.Effects.Raise()
	}
}
