package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/server"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestPreconditions(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	lock := "/v1/reservations/" + desk.book(stay) + "/lock-room"
	for _, c := range []struct {
		name, key, match string
		status           int
		code             string
	}{
		{"no version", "a", "", 428, "version_required"},
		{"no key", "", `"1"`, 400, "key_required"},
		{"stale", "b", `"7"`, 412, "stale_version"},
		{"weak", "c", `W/"1"`, 412, "stale_version"},
		{"not quoted", "d", "1", 400, "request_invalid"},
		{"two versions", "e", `"1", "2"`, 400, "request_invalid"},
		{"no number", "f", `"one"`, 400, "request_invalid"},
		{"nought", "f", `"0"`, 400, "request_invalid"},
		{"key that is no quoted string", `"f`, `"1"`, 400, "request_invalid"},
		{"empty key", `""`, `"1"`, 400, "request_invalid"},
		{"key too long", fmt.Sprintf("%0256d", 1), `"1"`, 422, "key_invalid"},
		{"bare key", "g", `"1"`, 200, ""},
		{"quoted key", `"h\"\\"`, `"2"`, 200, ""},
		{"any version", "i", "*", 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			header := []string{}
			if c.key != "" {
				header = append(header, "Idempotency-Key", c.key)
			}
			if c.match != "" {
				header = append(header, "If-Match", c.match)
			}
			desk.send(http.MethodPost, lock, "{}", header...).want(t, c.status, c.code)
		})
	}
}

func TestReplay(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	at := "/v1/reservations/" + desk.book(stay)
	send := func(key, body string) reply {
		return desk.send(http.MethodPost, at+"/check-in", body, "Idempotency-Key", key, "If-Match", `"1"`)
	}
	first := send("k", `{"room":"101"}`).want(t, 200, "")
	desk.command(at+"/check-out", "").want(t, 200, "")

	// The same command again, after the state has changed, also with the key in its other spelling.
	for _, key := range []string{"k", `"k"`} {
		again := send(key, `{"room":"101"}`).want(t, 200, "")
		if again.header.Get("Idempotent-Replayed") != "true" || again.header.Get("ETag") != first.header.Get("ETag") ||
			again.field(t, "at") != first.field(t, "at") {
			t.Errorf("replayed as %v %s", again.header, again.body)
		}
	}
	if first.header.Get("Idempotent-Replayed") != "" {
		t.Error("the first answer says that it was replayed")
	}
	send("k", `{"room":"102"}`).want(t, 422, "key_reused")
	if n := len(desk.get(at+"/history").field(t, "items").([]any)); n != 3 {
		t.Errorf("the history has %d events, want 3", n)
	}
}

func TestCreateIsReplayed(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	first := desk.send(http.MethodPost, "/v1/reservations", stay, "Idempotency-Key", "k").want(t, 201, "")
	again := desk.send(http.MethodPost, "/v1/reservations", stay, "Idempotency-Key", "k").want(t, 201, "")
	if first.header.Get("Location") != again.header.Get("Location") || first.header.Get("Location") == "" {
		t.Errorf("created at %q and %q", first.header.Get("Location"), again.header.Get("Location"))
	}
	desk.get(first.header.Get("Location")).want(t, 200, "")
}

// stopped is a store whose first commit of a reservation waits.
type stopped struct {
	reservation.Store
	begun, end chan struct{}
}

func (s *stopped) Commit(ctx context.Context, c *reservation.Change) error {
	if s.begun != nil {
		close(s.begun)
		s.begun = nil
		<-s.end
	}
	return s.Store.Commit(ctx, c)
}

func TestKeyInFlight(t *testing.T) {
	s := &stopped{Store: reservationtest.NewStore(), begun: make(chan struct{}), end: make(chan struct{})}
	h := newHouse(t, option{store: func(reservation.Store) reservation.Store { return s }})
	desk, begun := h.as(access.FrontDesk), s.begun
	answered := make(chan reply)
	go func() {
		answered <- desk.send(http.MethodPost, "/v1/reservations", stay, "Idempotency-Key", "k")
	}()
	<-begun
	r := desk.send(http.MethodPost, "/v1/reservations", stay, "Idempotency-Key", "k").want(t, 409, "key_in_flight")
	if r.header.Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
	close(s.end)
	(<-answered).want(t, 201, "")
	desk.send(http.MethodPost, "/v1/reservations", stay, "Idempotency-Key", "k").want(t, 201, "")
}

func TestDryRun(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	at := "/v1/reservations/" + desk.book(stay)
	r := desk.command(at+"/cancel?dry_run=true", `{"reason_code":"guest_request"}`).want(t, 200, "")
	if r.field(t, "dry_run") != true || r.field(t, "occupancy") != "cancelled" {
		t.Errorf("the dry run says %s", r.body)
	}
	if got := desk.get(at).field(t, "occupancy"); got != "expected" {
		t.Errorf("after the dry run it is %v", got)
	}
	desk.command("/v1/reservations?dry_run=true", stay).want(t, 200, "")
}

func TestOverride(t *testing.T) {
	h := newHouse(t)
	desk, accounts := h.as(access.FrontDesk), h.as(access.Accounting)
	at := "/v1/reservations/" + desk.book(stay)
	h.clock.Advance(10 * 60 * 60 * 1e9) // past the drop time, so that a fee is due
	waive := `{"reason_code":"guest_request","waive":true}`
	desk.command(at+"/cancel", waive).want(t, 409, "waive_not_allowed")
	desk.command(at+"/cancel?override=waive_not_allowed", waive, "Innards-Reason", "kind").want(t, 409, "waive_not_allowed")
	accounts.command(at+"/cancel?override=waive_not_allowed", waive).want(t, 422, "reason_required")
	if r := accounts.command(at+"/cancel?override=zzz", waive).want(t, 422, "invalid"); !strings.Contains(string(r.body), "waive_not_allowed") {
		t.Errorf("an unknown code is answered with %s", r.body)
	}
	accounts.command(at+"/cancel?override=waive_not_allowed", waive, "Innards-Reason", "%zz").want(t, 400, "request_invalid")
	r := accounts.command(at+"/cancel?override=waive_not_allowed", waive, "Innards-Reason", "%D0%B1%D0%BE%D0%BB%D0%B5%D0%BD").want(t, 200, "")
	if got := r.field(t, "overrides"); fmt.Sprint(got) != "[waive_not_allowed]" {
		t.Errorf("overridden: %v", got)
	}
	items := accounts.get(at+"/history").field(t, "items").([]any)
	if reason := dig(items[1], "private", "reason"); reason != "болен" {
		t.Errorf("the reason in the history is %v", reason)
	}
}

// broken is a store that fails as it is told to.
type broken struct {
	reservation.Store
	err error
}

func (b *broken) Reservation(ctx context.Context, s innards.Scope, id string) (reservation.Reservation, error) {
	if b.err != nil {
		return reservation.Reservation{}, b.err
	}
	return b.Store.Reservation(ctx, s, id)
}

func TestFailures(t *testing.T) {
	b := &broken{Store: reservationtest.NewStore()}
	h := newHouse(t, option{store: func(reservation.Store) reservation.Store { return b }})
	desk := h.as(access.FrontDesk)
	for _, c := range []struct {
		err    error
		status int
		code   string
		retry  string
	}{
		{innards.ErrNotFound, 404, "not_found", ""},
		{innards.ErrUnavailable, 503, "unavailable", "1"},
		{errors.Join(innards.ErrUnavailable, innards.ErrFull), 507, "storage_full", "1"},
		{innards.ErrOutcomeUnknown, 503, "outcome_unknown", "1"},
		{innards.ErrCorrupt, 500, "corrupt", ""},
		{context.DeadlineExceeded, 503, "timeout", "1"},
		{errors.New("secret detail"), 500, "internal", ""},
	} {
		t.Run(c.code, func(t *testing.T) {
			b.err = c.err
			r := desk.get("/v1/reservations/x").want(t, c.status, c.code)
			if r.header.Get("Retry-After") != c.retry || r.field(t, "request_id") != r.header.Get("X-Request-Id") {
				t.Errorf("answered %v %s", r.header, r.body)
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	h := newHouse(t, option{config: func(c *server.Config) { c.RateLimit = 1 }})
	one, other := h.as(access.FrontDesk), h.as(access.FrontDesk)
	one.get("/v1/properties").want(t, 200, "")
	one.get("/v1/properties").want(t, 200, "") // the burst is twice the rate
	if r := one.get("/v1/properties").want(t, 429, "too_many_requests"); r.header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After is %q", r.header.Get("Retry-After"))
	}
	other.get("/v1/properties").want(t, 200, "")
	h.clock.Advance(1e9)
	one.get("/v1/properties").want(t, 200, "")
}
