package jobs_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/folio"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// queue is an outbox that holds some messages and remembers how they were settled.
type queue struct {
	innards.Journal
	messages []innards.Message
	settled  []string
}

func (q *queue) Pending(context.Context, time.Time, int) ([]innards.Scope, error) {
	return []innards.Scope{innards.Actor{Tenant: "main"}.Scope()}, nil
}

func (q *queue) Lease(context.Context, innards.Scope, time.Time, time.Time, int) ([]innards.Message, error) {
	return q.messages, nil
}

func (q *queue) Settle(_ context.Context, _ innards.Scope, m innards.Message, failure string, again time.Time) error {
	state := "delivered"
	if failure != "" {
		state = "again at " + again.Format("15:04:05")
	}
	q.settled = append(q.settled, m.Key+" "+state)
	return nil
}

// What fails is tried again later and later, and holds up only what comes after it in the same record.
func TestDeliveryKeepsTheOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		noon := time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)
		message := func(record string, n int, payload string, attempts int) innards.Message {
			return innards.Message{
				Key: fmt.Sprintf("%s%d", record, n), Record: record, Tenant: "main", Kind: reservation.EffectNotify,
				Payload: []byte(payload), Attempts: attempts,
			}
		}
		q := &queue{messages: []innards.Message{
			message("a", 1, `{`, 1), message("b", 1, `{}`, 1), message("a", 2, `{}`, 1), message("c", 1, `{`, 3), message("d", 1, `{`, 99),
		}}
		f := jobs.Forwarder{Journal: q, Book: folio.New(db), Now: func() time.Time { return noon }}
		if more, err := f.Task(nil).Do(t.Context()); more || err != nil {
			t.Errorf("more to do: %v (%v)", more, err)
		}
		want := []string{"a1 again at 12:00:05", "b1 delivered", "a2 again at 12:00:05", "c1 again at 12:00:20", "d1 again at 13:00:00"}
		if diff := cmp.Diff(want, q.settled); diff != "" {
			t.Error(diff)
		}
	})
}

// A hotel on a database, with what delivers its effects.
type hotel struct {
	t       *testing.T
	service *reservation.Service
	forward jobs.Forwarder
	clock   *reservationtest.Clock
}

func newHotel(t *testing.T, db *bunstore.DB, pays bool) *hotel {
	t.Helper()
	store, book := reservationbun.New(db), folio.New(db)
	h := &hotel{t: t, clock: reservationtest.NewClock(reservationtest.Morning())}
	var err error
	h.service, err = reservation.NewService(store, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(1), Folio: book})
	if err != nil {
		t.Fatal(err)
	}
	h.forward = jobs.Forwarder{Journal: store, Service: h.service, Book: book, Now: h.clock.Now, Pays: pays}
	p := reservationtest.Hotel()
	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: p.ID, Title: p.Name, Zone: p.Zone, Currency: p.Currency, BusinessDate: p.BusinessDate, Settings: p.Settings},
		reservation.PutRoomTypes{Types: p.Types}, reservation.PutRooms{Rooms: p.Rooms},
		reservation.PutCancellationPolicy{Policy: p.CancellationPolicies[1]},
		reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "first-night", From: reservation.PaymentAfterBooking, Amount: reservation.AmountFirstNight}},
	} {
		if _, err := h.service.DoProperty(t.Context(), innards.Command{Actor: reservationtest.Staff()}, p.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *hotel) do(id string, in reservation.Intent) string {
	h.t.Helper()
	receipt, err := h.service.Do(h.t.Context(), innards.Command{Actor: reservationtest.Staff()}, id, in)
	if err != nil {
		h.t.Fatal(err)
	}
	return receipt.ID
}

func (h *hotel) book() string {
	h.t.Helper()
	day := reservationtest.BusinessDate()
	return h.do("", reservation.Create{
		Property: reservationtest.HotelID, Arrival: day.AddDays(3), Departure: day.AddDays(5), Type: reservationtest.Double,
		Guest: reservation.Person{Name: "Ida Lund", Email: "ida@example.dk"}, Source: reservation.SourcePhone,
		Prices: []innards.Money{reservationtest.Euro(8000)}, CancellationPolicy: p2,
	})
}

const p2 = reservationtest.Strict

// deliver delivers until nothing is left.
func (h *hotel) deliver() {
	h.t.Helper()
	if _, err := h.forward.Task(nil).Do(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hotel) get(id string) reservation.Reservation {
	h.t.Helper()
	r, err := h.service.Get(h.t.Context(), reservationtest.Staff(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func (h *hotel) kinds(id string) (kinds []string) {
	h.t.Helper()
	postings, err := h.forward.Book.Postings(h.t.Context(), reservationtest.Staff().Scope(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range postings {
		kinds = append(kinds, p.Kind)
	}
	return kinds
}

// A fee is posted once, and its reversal takes it off again.
func TestFeesArePosted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := newHotel(t, db, false)
		id := h.book()
		h.clock.Advance(time.Minute)
		h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		h.deliver()
		h.deliver()
		state, err := h.forward.Book.State(t.Context(), id)
		if err != nil || state.Balance.String() != "160.00 EUR" {
			t.Errorf("the folio is %+v (%v)", state, err)
		}
		h.clock.Advance(time.Minute)
		h.do(id, reservation.MakeExpected{})
		h.deliver()
		if diff := cmp.Diff([]string{reservation.EffectPostFee, reservation.EffectReverseFee}, h.kinds(id)); diff != "" {
			t.Error(diff)
		}
		if state, err := h.forward.Book.State(t.Context(), id); err != nil || state.Balance.Sign() != 0 {
			t.Errorf("after the restore it is %+v (%v)", state, err)
		}
	})
}

// A confirmation is confirmed when it was delivered.
func TestConfirmationIsConfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := newHotel(t, db, false)
		id := h.book()
		h.do(id, reservation.SendConfirmation{})
		if got := h.get(id).Confirmation; got != reservation.Unconfirmed {
			t.Errorf("before the delivery it is %s", got)
		}
		h.deliver()
		if got := h.get(id).Confirmation; got != reservation.Confirmed {
			t.Errorf("after the delivery it is %s", got)
		}
	})
}

// With a mailer a confirmation is confirmed when its mail was accepted, and whatever becomes of the mail holds up nothing.
func TestConfirmationByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := newHotel(t, db, false)
		var ordered []innards.Message
		h.forward.Mail = func(_ context.Context, m innards.Message) error {
			ordered = append(ordered, m)
			return nil
		}
		id := h.book()
		h.do(id, reservation.SendConfirmation{})
		h.clock.Advance(time.Minute)
		h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		h.deliver()
		if diff := cmp.Diff([]string{reservation.EffectConfirmation, reservation.EffectPostFee}, h.kinds(id)); diff != "" {
			t.Error(diff)
		}
		if got := h.get(id).Confirmation; got != reservation.Unconfirmed || len(ordered) != 1 {
			t.Fatalf("before the mail it is %s, ordered are %+v", got, ordered)
		}
		h.do(id, reservation.MakeExpected{})
		for range 2 {
			if err := h.forward.MailAccepted(t.Context(), ordered[0]); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.get(id).Confirmation; got != reservation.Confirmed {
			t.Errorf("after the mail it is %s", got)
		}
	})
}

// The demo's payment provider grants what a task asks for; without one the charge fails.
func TestCharges(t *testing.T) {
	for pays, want := range map[bool]string{true: "80.00 EUR", false: "0.00 EUR"} {
		dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
			h := newHotel(t, db, pays)
			id := h.book()
			h.clock.Advance(time.Hour)
			if _, err := h.service.Sweep(t.Context(), 10); err != nil {
				t.Fatal(err)
			}
			h.deliver()
			if got := h.get(id).Paid.String(); got != want {
				t.Errorf("with a provider %v, paid is %s", pays, got)
			}
			events, err := h.service.History(t.Context(), reservationtest.Staff(), id, 0, 10)
			if err != nil || events[len(events)-1].Command != "record_payment" {
				t.Errorf("the history ends with %+v (%v)", events[len(events)-1], err)
			}
		})
	}
}

// What a cancellation orders to be given back is recorded as given back by the provider, and stays ordered without one.
func TestMoneyIsGivenBack(t *testing.T) {
	for pays, want := range map[bool]string{true: "0.00 EUR", false: "50.00 EUR"} {
		dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
			h := newHotel(t, db, pays)
			id := h.book()
			amount := reservationtest.Euro(21000) // 50 more than the fee, the rest of which it pays
			h.do(id, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: amount})
			h.do(id, reservation.RecordPayment{Kind: reservation.PaymentAuthorised, Amount: reservationtest.Euro(5000)})
			h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
			h.do(id, reservation.MakeExpected{}) // before it is delivered
			h.deliver()
			h.deliver()
			r := h.get(id)
			if r.Refunding.String() != want || r.Releasing.String() != want || r.Paid.String() != "160.00 EUR" || r.Authorised.Sign() != 0 {
				t.Errorf("with a provider %v: refunding %s, releasing %s, paid %s, authorised %s", pays, r.Refunding, r.Releasing, r.Paid, r.Authorised)
			}
		})
	}
}
