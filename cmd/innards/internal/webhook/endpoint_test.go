package webhook_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/webhook"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A test is tried once, also on an endpoint that is disabled, and says nothing bad about it.
func TestTest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		id, secret := h.create(r.URL, "reservation.cancel")
		if err := h.endpoints.Disable(t.Context(), staff, id, "by staff-7"); err != nil {
			t.Fatal(err)
		}
		r.taken(500)
		for range 2 {
			message, err := h.endpoints.Test(t.Context(), staff, id)
			if err != nil {
				t.Fatal(err)
			}
			h.round()
			h.clock.Advance(time.Hour)
			h.round()
			got := r.taken(200)
			if len(got) != 1 || !signed(t, got[0], secret) || decode(t, got[0]).Type != "innards.test" || decode(t, got[0]).ID != message {
				t.Errorf("tested with %v", got)
			}
		}
		if e := h.get(id); e.Failures != 0 || e.DisabledReason != "by staff-7" {
			t.Errorf("the endpoint is %+v", e)
		}
	})
}

func TestReplayOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		id, _ := h.create(r.URL)
		h.book()
		h.round()
		first := r.taken(200)
		if err := h.endpoints.ReplayOne(t.Context(), staff, id, first[0].header.Get("webhook-id")); err != nil {
			t.Fatal(err)
		}
		h.round()
		if again := r.taken(200); len(again) != 1 || string(again[0].body) != string(first[0].body) {
			t.Errorf("sent again is %v", again)
		}
		if err := h.endpoints.ReplayOne(t.Context(), staff, id, "evt_none"); !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("an unknown message: %v", err)
		}
	})
}

// Internal addresses are refused when the endpoint is made, and when a name turns out to mean one.
func TestInternalAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, false)
		for _, url := range []string{
			"http://example.org/hook", "https://127.0.0.1/", "https://10.1.2.3/", "https://[::1]/", "https://[::ffff:192.168.0.1]/", "https://169.254.169.254/latest",
			"https://user:secret@example.org/", "https://example.org/#x", "https:example.org", "https://", "ftp://example.org/", "%", "https://example.org/" + strings.Repeat("x", 2048),
		} {
			if _, _, err := h.endpoints.Create(t.Context(), staff, url, nil); !errors.Is(err, webhook.ErrURL) {
				t.Errorf("%s: %v", url, err)
			}
		}
		id, _ := h.create("https://localhost" + strings.TrimPrefix(r.URL, "http://127.0.0.1"))
		h.book()
		h.round()
		log, err := h.endpoints.Deliveries(t.Context(), staff, id, "", 10)
		if err != nil || len(log) != 1 || log[0].Status != 0 || !strings.Contains(log[0].Error, "prohibited IP address") || len(r.taken(200)) > 0 {
			t.Errorf("the log is %+v (%v)", log, err)
		}
	})
}

func TestTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := newHotel(t, db, false)
		for _, types := range [][]string{{""}, {"Reservation.create"}, {"reservation.*.x"}, {"a b"}, {strings.Repeat("x", 101)}, make([]string, 101)} {
			if _, _, err := h.endpoints.Create(t.Context(), staff, "https://example.org/", types); !errors.Is(err, webhook.ErrTypes) {
				t.Errorf("%q: %v", types, err)
			}
		}
		id, _ := h.create("https://example.org/", "*")
		if err := h.endpoints.Change(t.Context(), staff, id, "https://example.org/hook", []string{"reservation.*"}); err != nil {
			t.Fatal(err)
		}
		all, err := h.endpoints.List(t.Context(), staff)
		if err != nil || len(all) != 1 || all[0].URL != "https://example.org/hook" || cmp.Diff([]string{"reservation.*"}, all[0].Types) != "" {
			t.Errorf("endpoints are %+v (%v)", all, err)
		}
	})
}

func TestEndpointsOutOfScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := newHotel(t, db, false)
		id, _ := h.create("https://example.org/")
		for _, who := range []innards.Actor{{Tenant: "other"}, {Tenant: staff.Tenant(), Property: reservationtest.HotelID}, {Tenant: staff.Tenant(), Party: "guest"}} {
			s := who.Scope()
			_, get := h.endpoints.Get(t.Context(), s, id)
			_, rotate := h.endpoints.Rotate(t.Context(), s, id)
			_, test := h.endpoints.Test(t.Context(), s, id)
			_, replay := h.endpoints.Replay(t.Context(), s, id, time.Time{})
			_, log := h.endpoints.Deliveries(t.Context(), s, id, "", 1)
			for what, err := range map[string]error{
				"get": get, "rotate": rotate, "test": test, "replay": replay, "log": log, "one": h.endpoints.ReplayOne(t.Context(), s, id, "evt_x"),
				"change":  h.endpoints.Change(t.Context(), s, id, "https://example.org/", nil),
				"disable": h.endpoints.Disable(t.Context(), s, id, "no"), "enable": h.endpoints.Enable(t.Context(), s, id), "remove": h.endpoints.Remove(t.Context(), s, id),
			} {
				if !errors.Is(err, innards.ErrNotFound) {
					t.Errorf("%s by %+v: %v", what, who, err)
				}
			}
		}
		if err := h.endpoints.Remove(t.Context(), staff, id); err != nil {
			t.Error(err)
		}
		if _, err := h.endpoints.Get(t.Context(), staff, id); !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("removed, it is found (%v)", err)
		}
	})
}

// Two processes take each event once.
func TestTwoFeeders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := newHotel(t, db, true)
		h.create("https://example.org/")
		for range 20 {
			h.book()
		}
		feed := h.endpoints.Feed(map[string]innards.Journal{"reservation": h.store})
		var feeding sync.WaitGroup
		for range 4 {
			feeding.Go(func() {
				if _, err := feed.Do(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		feeding.Wait()
		if counts, err := h.queue.Count(t.Context(), staff); err != nil || counts[jobs.Due] != 20 {
			t.Errorf("jobs are %v (%v)", counts, err)
		}
	})
}

// A sender that is closed leaves nothing behind.
func TestSenderEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		h.create(r.URL)
		before := goleak.IgnoreCurrent()
		h.book()
		h.round()
		h.sender.Close()
		r.Close()
		goleak.VerifyNone(t, before, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
		if n := len(r.taken(200)); n != 1 {
			t.Errorf("%d are sent", n)
		}
	})
}

// The log is kept for a month.
func TestLogIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		id, _ := h.create(r.URL)
		h.book()
		h.round()
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{webhook.KeptFor, 1}, {time.Second, 0}} {
			h.clock.Advance(c.after)
			if err := forget(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			if log, err := h.endpoints.Deliveries(t.Context(), staff, id, "", 10); err != nil || len(log) != c.want {
				t.Errorf("after %s more, the log is %+v (%v)", c.after, log, err)
			}
		}
	})
}

func forget(ctx context.Context, h *hotel) error {
	_, err := jobs.Forget(h.clock.Now, jobs.Keeper{For: webhook.KeptFor, Forget: h.endpoints.Forget}).Do(ctx)
	return err
}
