package edge

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// setHeaders sets what every answer has. Pages that may load something replace the content security policy.
func setHeaders(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// requestID returns the id that a proxy gave the request, if it is harmless in a log, else a new one.
func requestID(r *http.Request, ids innards.IDSource) string {
	given := r.Header.Get("X-Request-Id")
	harmless := func(c rune) bool {
		return c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '-' || c == '_' || c == '.')
	}
	if given != "" && len(given) <= 64 && strings.IndexFunc(given, func(c rune) bool { return !harmless(c) }) < 0 &&
		!innards.HasCardNumber(given) {
		return given
	}
	id, err := ids()
	if err != nil {
		return "unknown" // the log says why soon enough: nothing works without random numbers
	}
	return id
}

// checkTarget refuses paths and queries that are not text.
func checkTarget(r *http.Request) *problem.Problem {
	if !isText(r.URL.Path) {
		return problem.At(problem.RequestInvalid, "path", "it is not text")
	}
	if r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return problem.At(problem.RequestInvalid, "query", "it is not encoded as it should be")
	}
	for name, values := range query {
		if !isText(name) || slices.ContainsFunc(values, func(v string) bool { return !isText(v) }) {
			return problem.At(problem.RequestInvalid, "query", "it is not text")
		}
	}
	return nil
}

// CheckOnce refuses parameters that are there twice: the API separates lists by commas. The forms of pages repeat them.
func CheckOnce(r *http.Request) *problem.Problem {
	if r.URL.RawQuery == "" {
		return nil
	}
	for name, values := range r.URL.Query() {
		if len(values) > 1 {
			return problem.At(problem.RequestInvalid, "query."+name, "it is there twice; lists are separated by commas")
		}
	}
	return nil
}

func isText(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0 && !strings.ContainsRune(s, utf8.RuneError)
}

// The bounds of a body.
const (
	MaxBody     = 1 << 20          // bytes
	BodyTimeout = 10 * time.Second // from the first byte to the last
)

// ReadBody reads the whole body and puts it in the place of the one on the wire, so that no handler waits for a client.
func ReadBody(w http.ResponseWriter, r *http.Request, timeout time.Duration) *problem.Problem {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	control := http.NewResponseController(w)
	// A writer without deadlines, as in tests, reads without one.
	_ = control.SetReadDeadline(time.Now().Add(timeout))
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return bodyProblem(err)
	}
	_ = control.SetReadDeadline(time.Time{}) // else it would end the request while it is still being answered
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return nil
}

func bodyProblem(err error) *problem.Problem {
	var p *problem.Problem
	switch _, tooLarge := errors.AsType[*http.MaxBytesError](err); {
	case tooLarge:
		p = problem.New(problem.BodyTooLarge, problem.BodyTooLarge.Text)
	case errors.Is(err, os.ErrDeadlineExceeded):
		p = problem.New(problem.BodyTimeout, problem.BodyTimeout.Text)
	default:
		p = problem.New(problem.BodyInvalid, "the body ended too early")
	}
	p.Header = http.Header{"Connection": {"close"}}
	return p
}
