package server_test

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/access"
)

func TestEvents(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	desk.book(stay)
	var commands []string
	for after := "0"; ; {
		r := desk.get("/v1/events?limit=3&after="+after).want(t, 200, "")
		items := r.field(t, "items").([]any)
		for _, item := range items {
			commands = append(commands, dig(item, "command").(string))
			if dig(item, "private") != nil {
				t.Error("the feed shows what is private")
			}
		}
		next := r.field(t, "next").(string)
		if len(items) == 0 {
			if next != after {
				t.Errorf("after the end, next is %s, not %s", next, after)
			}
			break
		}
		after = next
	}
	if got := commands[len(commands)-1]; got != "create" || len(commands) != 8 {
		t.Errorf("the events are %v", commands)
	}
}

// A message of a stream.
type message struct{ id, event, data string }

// follow opens a stream and returns a function that waits for its next message.
func (c client) follow(path string, header ...string) func() message {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.server.URL+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.server.Client().Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		c.t.Fatalf("the stream is %d %v", resp.StatusCode, resp.Header)
	}
	lines := bufio.NewScanner(resp.Body)
	return func() (m message) {
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				m.id = value
			case "event":
				m.event = value
			case "data":
				m.data = value
			case "":
				if m.data != "" {
					return m
				}
			}
		}
		return m // the stream has ended
	}
}

func TestStream(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	last := desk.get("/v1/events?limit=200").field(t, "next").(string)
	next := desk.follow("/v1/events/stream?after=" + last)
	id := desk.book(stay)
	created := next()
	if created.event != "event" || !strings.Contains(created.data, id) || !strings.Contains(created.data, `"command":"create"`) {
		t.Fatalf("the first message is %+v", created)
	}
	desk.command("/v1/reservations/"+id+"/lock-room", "").want(t, 200, "")
	if locked := next(); !strings.Contains(locked.data, `"command":"lock_room"`) {
		t.Errorf("the second message is %+v", locked)
	}

	// A client that connects again gets what it missed, and nothing twice.
	desk.command("/v1/reservations/"+id+"/unlock-room", "").want(t, 200, "")
	again := desk.follow("/v1/events/stream", "Last-Event-ID", created.id)
	for _, command := range []string{"lock_room", "unlock_room"} {
		if m := again(); !strings.Contains(m.data, fmt.Sprintf(`"command":%q`, command)) {
			t.Errorf("the message is %+v, want %s", m, command)
		}
	}

	// A server that closes ends its streams.
	close(h.closing)
	if m := again(); m.data != "" {
		t.Errorf("after the end came %+v", m)
	}
}

// A stream ends when its token is revoked, within the time for which a token is trusted.
func TestStreamOfRevokedToken(t *testing.T) {
	h := newHouse(t)
	token := h.token(access.FrontDesk, "")
	next := client{h, token}.follow("/v1/events/stream?after=1000")
	if err := h.tokens.RevokeToken(t.Context(), strings.Split(token, "_")[1], h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(access.TokenLife)
	h.changed.Raise()
	if m := next(); m.data != "" {
		t.Errorf("after the revocation came %+v", m)
	}
}

// A stalled client receives nothing: writing to it waits for a deadline.
type stalled struct {
	http.ResponseWriter
	writing   chan struct{}
	deadlines chan time.Time
}

func (s *stalled) Header() http.Header { return http.Header{} }

func (s *stalled) WriteHeader(int) {}

func (s *stalled) Flush() {}

func (s *stalled) SetWriteDeadline(at time.Time) error {
	s.deadlines <- at
	return nil
}

func (s *stalled) Write([]byte) (int, error) {
	s.writing <- struct{}{}
	for at := range s.deadlines {
		if time.Until(at) < 10*time.Second {
			break
		}
	}
	return 0, os.ErrDeadlineExceeded
}

// A client that receives nothing does not hold up a server that closes.
func TestStreamOfStalledClient(t *testing.T) {
	h := newHouse(t)
	w := &stalled{writing: make(chan struct{}), deadlines: make(chan time.Time, 10)}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/events/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+h.token(access.FrontDesk, ""))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.server.Config.Handler.ServeHTTP(w, req)
	}()
	<-w.writing
	close(h.closing)
	<-ended
}
