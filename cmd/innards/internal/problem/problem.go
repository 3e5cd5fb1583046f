// Package problem is how the server says that something went wrong: a problem details object (RFC 9457) with a stable
// code, whatever the reason and whichever layer found it.
package problem

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/innards-go/innards"
)

// ContentType is the media type of problem details.
const ContentType = "application/problem+json"

// Page is where the codes are explained.
const Page = "/problems"

// A Problem is the body of every answer that is not a success. It is an error, so that handlers return it.
type Problem struct {
	Type      string            `json:"type" format:"uri-reference" doc:"page that explains the code"`
	Title     string            `json:"title" doc:"of the status"`
	Status    int               `json:"status" doc:"HTTP status"`
	Detail    string            `json:"detail,omitempty" doc:"what happened, for people"`
	Code      innards.Code      `json:"code" doc:"stable: programs may branch on it; of several blockers, that of the first"`
	Blockers  []innards.Blocker `json:"blockers,omitempty" doc:"everything that stands against a command"`
	Errors    []Field           `json:"errors,omitempty" doc:"what is wrong with the request, by place"`
	RequestID string            `json:"request_id,omitempty" doc:"of the request, as in the log"`

	// RetryAfter is sent as a header: when it makes sense to try again.
	RetryAfter time.Duration `json:"-"`
	// Header holds further fields of the answer.
	Header http.Header `json:"-"`

	cause error
}

// A Field says what is wrong at one place of the request.
type Field struct {
	Location string `json:"location" doc:"such as body.nights[0].price, query.limit or header.If-Match"`
	Detail   string `json:"detail"`
}

// New returns the problem of a kind. The detail may be empty.
func New(k Kind, detail string) *Problem {
	return &Problem{
		Type: typeOf(k.Code), Title: http.StatusText(k.Status), Status: k.Status, Detail: detail, Code: k.Code,
	}
}

// At is New for one place of the request.
func At(k Kind, location, detail string) *Problem {
	p := New(k, k.Text)
	p.Errors = []Field{{location, detail}}
	return p
}

func typeOf(c innards.Code) string { return Page + "#" + string(c) }

// Error implements error.
func (p *Problem) Error() string {
	if p.cause != nil {
		return p.cause.Error()
	}
	return fmt.Sprintf("%s: %s", p.Code, p.Detail)
}

// Unwrap returns what the problem was made from; nil if it was not made from an error.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus returns the HTTP status, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders returns the header fields of the answer, for huma.
func (p *Problem) GetHeaders() http.Header {
	h := p.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if p.RetryAfter > 0 {
		seconds := max(1, int64((p.RetryAfter+time.Second-1)/time.Second))
		h.Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	return h
}

// ContentType returns the media type, for huma.
func (p *Problem) ContentType(string) string { return ContentType }

// Write answers a request with the problem.
func (p *Problem) Write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	body, err := json.Marshal(p)
	if err != nil { // a problem holds nothing that cannot be encoded
		body = []byte(`{}`)
	}
	w.Header().Set("Content-Type", ContentType)
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // nobody is left to be told
}
