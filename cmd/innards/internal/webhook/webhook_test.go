package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/webhook"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var staff = reservationtest.Staff().Scope()

// A receiver is another program, which keeps what it is sent.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []message
}

type message struct {
	header http.Header
	body   []byte
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, message{req.Header, body})
		if r.status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

// taken returns what was received since the last call, and has the next answered with the status.
func (r *receiver) taken(next int) []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got, r.status = nil, next
	return got
}

// A hotel has endpoints for what happens in it, and a clock that is moved by hand.
type hotel struct {
	t         *testing.T
	clock     *reservationtest.Clock
	store     *reservationbun.Store
	service   *reservation.Service
	queue     *jobs.Queue
	endpoints *webhook.Endpoints
	sender    *webhook.Sender
	bookings  int
}

func newHotel(t *testing.T, db *bunstore.DB, internal bool) *hotel {
	t.Helper()
	h := &hotel{t: t, clock: reservationtest.NewClock(reservationtest.Morning()), store: reservationbun.New(db)}
	var err error
	h.service, err = reservation.NewService(h.store, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(1)})
	if err != nil {
		t.Fatal(err)
	}
	p := reservationtest.Hotel()
	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: p.ID, Title: p.Name, Zone: p.Zone, Currency: p.Currency, BusinessDate: p.BusinessDate, Settings: p.Settings},
		reservation.PutRoomTypes{Types: p.Types}, reservation.PutRooms{Rooms: p.Rooms},
	} {
		if _, err := h.service.DoProperty(t.Context(), innards.Command{Actor: reservationtest.Staff()}, p.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	ids := reservationtest.IDs(h.clock.Now, 2)
	h.queue = jobs.NewQueue(db, ids, h.clock.Now)
	h.endpoints = webhook.New(db, webhook.Options{Queue: h.queue, NewID: ids, Now: h.clock.Now, Feeds: []string{"reservation"}, AllowInternal: internal})
	h.sender = webhook.NewSender(h.endpoints, "test")
	t.Cleanup(h.sender.Close)
	return h
}

// book books a room, which is an event "reservation.create".
func (h *hotel) book() string {
	h.t.Helper()
	h.bookings++
	day := reservationtest.BusinessDate().AddDays(2 * h.bookings)
	receipt, err := h.service.Do(h.t.Context(), innards.Command{Actor: reservationtest.Staff()}, "", reservation.Create{
		Property: reservationtest.HotelID, Arrival: day, Departure: day.AddDays(1), Type: reservationtest.Double,
		Guest: reservation.Person{Name: "Ida Lund"}, Source: reservation.SourcePhone,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return receipt.ID
}

func (h *hotel) cancel(id string) {
	h.t.Helper()
	if _, err := h.service.Do(h.t.Context(), innards.Command{Actor: reservationtest.Staff()}, id, reservation.Cancel{Reason: reservation.ReasonGuest}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hotel) create(url string, types ...string) (id, secret string) {
	h.t.Helper()
	made, secret, err := h.endpoints.Create(h.t.Context(), staff, url, types)
	if err != nil {
		h.t.Fatal(err)
	}
	return made.ID, secret
}

// round takes what has happened, and sends what is due.
func (h *hotel) round() {
	h.t.Helper()
	if _, err := h.endpoints.Feed(map[string]innards.Journal{"reservation": h.store}).Do(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	crew := jobs.Crew{Queue: h.queue, Log: slog.New(slog.DiscardHandler), Jitter: func() float64 { return 0 }}
	if _, err := crew.Task(h.sender.Work()).Do(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hotel) get(id string) webhook.Endpoint {
	h.t.Helper()
	e, err := h.endpoints.Get(h.t.Context(), staff, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

// A wireEvent is what a receiver reads.
type wireEvent struct {
	SpecVersion, ID, Source, Type, Subject string
	Data                                   struct {
		Kind, Record, Command string
		Sequence              int64
	}
}

func decode(t *testing.T, m message) (e wireEvent) {
	t.Helper()
	if err := json.Unmarshal(m.body, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func types(t *testing.T, all []message) (names []string) {
	t.Helper()
	for _, m := range all {
		names = append(names, decode(t, m).Type)
	}
	return names
}

// signed reports whether the message is signed with the secret. The clock of the test is not the machine's.
func signed(t *testing.T, m message, secret string) bool {
	t.Helper()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	return wh.VerifyIgnoringTimestamp(m.body, m.header) == nil
}

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
