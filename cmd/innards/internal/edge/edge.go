// Package edge is what every request passes before a route is looked for: it gets an id, is watched, logged and counted,
// and what no route could use is turned away.
package edge

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// Config is what [Wrap] needs. All fields are required.
type Config struct {
	Log *slog.Logger
	Now innards.Clock
	IDs innards.IDSource
	// Observe is told the outcome of every request. The route is a pattern of the mux, empty if none matched.
	Observe func(route, method string, status int, took time.Duration)
}

// Trace is what is known of a request while it is served. It belongs to the request's goroutine.
type Trace struct {
	ID    string
	Actor string // set once the actor is known
	Route string // set once the route is known
}

type traceKey struct{}

// TraceOf returns the trace of the request that ctx belongs to; an empty one if it belongs to none.
func TraceOf(ctx context.Context) *Trace {
	if t, ok := ctx.Value(traceKey{}).(*Trace); ok {
		return t
	}
	return &Trace{}
}

// Wrap returns the handler that answers every request at the edge.
func Wrap(next http.Handler, c Config) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := c.Now()
		trace := &Trace{ID: requestID(r, c.IDs)}
		rec := &recorder{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), traceKey{}, trace))
		setHeaders(rec.Header(), trace.ID)
		defer func() {
			if cause := recover(); cause != nil {
				c.panicked(rec, r, trace, cause)
			}
			took := c.Now().Sub(begun)
			c.Observe(trace.Route, r.Method, rec.status, took)
			c.logRequest(r, trace, rec, took)
		}()
		if p := checkTarget(r); p != nil {
			Answer(rec, r, p)
			return
		}
		next.ServeHTTP(rec, r)
	})
}

// Answer writes a problem with the id of the request.
func Answer(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
	named := *p
	named.RequestID = TraceOf(r.Context()).ID
	named.Write(w)
}

// panicked answers with a problem if nothing was answered yet. An answer that was begun is cut, so that nobody takes it
// for whole.
func (c Config) panicked(rec *recorder, r *http.Request, t *Trace, cause any) {
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	c.Log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request_id", t.ID), slog.Any("cause", cause),
		slog.String("stack", string(debug.Stack())))
	if rec.status != 0 {
		panic(http.ErrAbortHandler)
	}
	Answer(rec, r, problem.New(problem.Internal, problem.Internal.Text))
}

// logRequest writes a line at level info for a change, debug for a read, and error for a failure of the server. Neither
// path nor query is logged, since people are searched by name.
func (c Config) logRequest(r *http.Request, t *Trace, rec *recorder, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case rec.status >= 500:
		level = slog.LevelError
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		level = slog.LevelDebug
	}
	c.Log.LogAttrs(r.Context(), level, "request", slog.String("request_id", t.ID), slog.String("method", r.Method),
		slog.String("route", t.Route), slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.String("actor", t.Actor))
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap lets [http.ResponseController] reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}
