package webhook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/webhook"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestEventsAreSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		all, some := newReceiver(t), newReceiver(t)
		h := newHotel(t, db, true)
		h.book() // before there is an endpoint
		endpoint, secret := h.create(all.URL)
		h.create(some.URL, "reservation.cancel", "order.*")
		id := h.book()
		h.cancel(id)
		h.round()
		h.round()
		got := all.taken(204)
		if len(got) != 2 {
			t.Fatalf("sent are %d", len(got))
		}
		for _, m := range got {
			e := decode(t, m)
			if !signed(t, m, secret) || m.header.Get("Content-Type") != "application/cloudevents+json" || m.header.Get("webhook-id") != e.ID ||
				e.SpecVersion != "1.0" || e.Subject != id || e.Data.Record != id || e.Source != "/tenants/"+staff.Tenant()+"/properties/"+reservationtest.HotelID ||
				e.Type != "innards."+e.Data.Kind+"."+e.Data.Command || strings.Contains(string(m.body), "Ida Lund") {
				t.Errorf("sent is %v %s", m.header, m.body)
			}
		}
		if diff := cmp.Diff([]string{"innards.reservation.cancel"}, types(t, some.taken(204))); diff != "" {
			t.Error(diff)
		}
		log, err := h.endpoints.Deliveries(t.Context(), staff, endpoint, "", 1)
		if err != nil || len(log) != 1 || log[0].Status != 204 || log[0].Error != "" || log[0].Attempt != 1 || !log[0].At.Equal(h.clock.Now()) {
			t.Fatalf("the log is %+v (%v)", log, err)
		}
		rest, err := h.endpoints.Deliveries(t.Context(), staff, endpoint, log[0].ID, 10)
		if err != nil || len(rest) != 1 || rest[0].Event == log[0].Event {
			t.Errorf("the rest of the log is %+v (%v)", rest, err)
		}
	})
}

// For a day after it was replaced, the old secret signs as well.
func TestRotation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		id, old := h.create(r.URL)
		fresh, err := h.endpoints.Rotate(t.Context(), staff, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			after    time.Duration
			oldSigns bool
		}{{webhook.OldSecretFor - time.Second, true}, {time.Second, false}} {
			h.clock.Advance(c.after)
			h.book()
			h.round()
			got := r.taken(204)
			if len(got) != 1 || !signed(t, got[0], fresh) || signed(t, got[0], old) != c.oldSigns {
				t.Errorf("after %s: %v", c.after, got)
			}
		}
	})
}

// What fails is tried again with the same id and body, at the times that Standard Webhooks suggests, and given up after
// three days.
func TestFailuresAreTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		id, _ := h.create(r.URL)
		r.taken(500)
		h.book()
		h.round()
		waits := []time.Duration{
			5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
		}
		first := r.taken(500)
		for i, wait := range waits {
			h.clock.Advance(wait - time.Millisecond)
			h.round()
			if early := r.taken(500); len(early) > 0 {
				t.Fatalf("attempt %d is early", i+2)
			}
			h.clock.Advance(time.Millisecond)
			h.round()
			again := r.taken(500)
			if len(again) != 1 || again[0].header.Get("webhook-id") != first[0].header.Get("webhook-id") || string(again[0].body) != string(first[0].body) {
				t.Fatalf("attempt %d: %v", i+2, again)
			}
		}
		dead, err := h.queue.List(t.Context(), staff, jobs.Dead, "", 10)
		if err != nil || len(dead) != 1 || dead[0].Attempts != len(waits)+1 || dead[0].Error != "the answer is 500 Internal Server Error" {
			t.Errorf("given up are %+v (%v)", dead, err)
		}
		if e := h.get(id); e.Failures != len(waits)+1 || !e.FailingSince.Equal(reservationtest.Morning()) {
			t.Errorf("the endpoint is %+v", e)
		}

		r.taken(200)
		if n, err := h.endpoints.Replay(t.Context(), staff, id, reservationtest.Morning()); err != nil || n != 1 {
			t.Errorf("%d are sent again (%v)", n, err)
		}
		h.clock.Advance(time.Hour) // the endpoint is left alone until then
		h.round()
		if len(r.taken(200)) != 1 {
			t.Error("it is not sent again")
		}
		if e := h.get(id); e.Failures != 0 || !e.FailingSince.IsZero() || !e.PausedUntil.IsZero() {
			t.Errorf("after a success the endpoint is %+v", e)
		}
	})
}

// An endpoint that fails for five days is disabled; when it is enabled, it goes on where it stopped.
func TestFailingEndpointIsDisabled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		id, _ := h.create(r.URL)
		r.taken(503)
		for range 6 {
			h.book()
			h.round()
			h.clock.Advance(24 * time.Hour)
		}
		e := h.get(id)
		if e.DisabledAt.IsZero() || e.DisabledReason != "it has failed for five days, at last: the answer is 503 Service Unavailable" {
			t.Fatalf("the endpoint is %+v", e)
		}
		r.taken(200)
		missed := h.book()
		h.round()
		if got := r.taken(200); len(got) > 0 {
			t.Errorf("disabled, it is sent %d", len(got))
		}
		if err := h.endpoints.Enable(t.Context(), staff, id); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(24 * time.Hour)
		h.round()
		if got := r.taken(200); len(got) != 1 || decode(t, got[0]).Subject != missed {
			t.Errorf("enabled, it is sent %d", len(got))
		}
	})
}

// Who answers that it is gone is sent nothing more, and redirects are not followed.
func TestAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		r := newReceiver(t)
		h := newHotel(t, db, true)
		id, _ := h.create(r.URL)
		r.taken(http.StatusFound)
		h.book()
		h.round()
		if got := r.taken(http.StatusGone); len(got) != 1 {
			t.Errorf("a redirect is followed: %d", len(got))
		}
		h.clock.Advance(5 * time.Second)
		h.round()
		if e := h.get(id); e.DisabledAt.IsZero() || e.DisabledReason != "it answered that it is gone (410)" {
			t.Errorf("gone is %+v", e)
		}
	})
}

// While an endpoint is left alone, others are served, and its events wait in the journal.
func TestFailingEndpointHoldsUpNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		good, bad := newReceiver(t), newReceiver(t)
		h := newHotel(t, db, true)
		h.create(good.URL)
		id, _ := h.create(bad.URL)
		bad.taken(500)
		h.book()
		h.book()
		h.round()
		if e := h.get(id); e.Failures != 1 {
			t.Errorf("attempts that were under way together count as %d", e.Failures)
		}
		h.book()
		h.round()
		if n, m := len(good.taken(200)), len(bad.taken(200)); n != 3 || m < 1 || m > 2 { // the second may have been about to be sent
			t.Errorf("sent are %d and %d", n, m)
		}
		h.clock.Advance(5 * time.Second)
		h.round()
		if n := len(bad.taken(200)); n != 3 {
			t.Errorf("afterwards %d are sent", n)
		}
	})
}
