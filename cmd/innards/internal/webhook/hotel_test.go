package webhook_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/innards-go/innards"
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
