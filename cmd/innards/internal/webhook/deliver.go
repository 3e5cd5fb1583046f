package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
)

// schedule is the one that Standard Webhooks suggests: three days and three hours.
var schedule = jobs.Schedule{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

const (
	timeout  = 10 * time.Second
	parallel = 16
	// maxAnswer is how much of an answer is read, in bytes, so that the connection can be used again.
	maxAnswer = 64 << 10
	// firstPause and lastPause bound how long an endpoint that fails is left alone. It is twice as long each time, and never
	// longer than the schedule of the message that failed.
	firstPause = 5 * time.Second
	lastPause  = time.Hour
	// patience is how long an endpoint may fail before it is disabled.
	patience = 5 * 24 * time.Hour
)

// A Sender sends messages to endpoints.
type Sender struct {
	endpoints *Endpoints
	client    *http.Client
	version   string
}

// NewSender returns a sender to the endpoints. Close ends its idle connections.
func NewSender(e *Endpoints, version string) *Sender {
	dialer := &net.Dialer{Timeout: timeout}
	if !e.internal {
		dialer.Control = guardian().Safe // it sees the address that a name means at this moment
	}
	return &Sender{e, &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{ // without a proxy, which would dial for us
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: parallel, IdleConnTimeout: time.Minute,
			MaxResponseHeaderBytes: maxAnswer, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, version}
}

// Close ends idle connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Work returns how the jobs of messages are done.
func (s *Sender) Work() jobs.Work {
	return jobs.Work{Kind: JobKind, Do: s.do, Schedule: schedule, Parallel: parallel, Timeout: timeout + 2*time.Second}
}

func (s *Sender) do(ctx context.Context, j jobs.Job) error {
	id, message, _ := strings.Cut(j.Key, "/")
	to, err := s.endpoints.Get(ctx, j.Scope(), id)
	now := s.endpoints.now()
	isTest := strings.HasPrefix(message, testPrefix)
	switch {
	case errors.Is(err, innards.ErrNotFound):
		return jobs.Permanent(errors.New("the endpoint was removed"))
	case err != nil:
		return err
	case isTest:
	case !to.DisabledAt.IsZero():
		return jobs.Permanent(fmt.Errorf("the endpoint is disabled: %s", to.DisabledReason))
	case to.PausedUntil.After(now):
		return jobs.Postpone(to.PausedUntil, errors.New("the endpoint failed before and is left alone for a while"))
	}
	status, failure := s.post(ctx, &to, message, now, j.Payload)
	if failure != nil && errors.Is(ctx.Err(), context.Canceled) {
		return failure // this server ends: that says nothing about the endpoint
	}
	d := Delivery{Endpoint: to.ID, Event: message, Job: j.ID, Attempt: j.Attempts, Status: status, At: now, Took: s.endpoints.now().Sub(now)}
	if failure != nil {
		d.Error = jobs.ErrorText(failure.Error())
	}
	if err := s.endpoints.note(context.WithoutCancel(ctx), &to, d, isTest); err != nil {
		return err
	}
	if failure != nil && (isTest || status == http.StatusGone) {
		return jobs.Permanent(failure)
	}
	return failure
}

// post sends the message and returns the status of the answer, 0 if there was none. Any but 2xx is an error, redirects too.
func (s *Sender) post(ctx context.Context, to *Endpoint, message string, at time.Time, body []byte) (status int, err error) {
	signature, err := to.sign(message, at, body)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "innards/"+s.version)
	r.Header.Set(standardwebhooks.HeaderWebhookID, message)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // what it says is of no interest
	_ = answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return answer.StatusCode, fmt.Errorf("the answer is %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	}
	return answer.StatusCode, nil
}
