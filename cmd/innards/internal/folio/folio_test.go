package folio_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/folio"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func message(t *testing.T, key, kind string, cycle int, cents int64) innards.Message {
	t.Helper()
	amount, err := innards.FromMinor(cents, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(reservation.MoneyEffect{Amount: amount, Cycle: cycle, Kind: reservation.Cancelled})
	if err != nil {
		t.Fatal(err)
	}
	return innards.Message{Key: key, Kind: kind, Tenant: "main", Property: "varna", Record: "r", Payload: payload, At: time.UnixMicro(0).UTC()}
}

func TestBook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		book := folio.New(db)
		post := func(key, kind string, cycle int, cents int64) {
			t.Helper()
			if err := book.Post(t.Context(), message(t, key, kind, cycle, cents)); err != nil {
				t.Fatal(err)
			}
		}
		balance := func(want string, charged bool) {
			t.Helper()
			state, err := book.State(t.Context(), "r")
			if err != nil || state.Balance.Amount() != want || state.Charged != charged || state.Closed {
				t.Errorf("the folio is %+v (%v), want %s", state, err, want)
			}
		}
		balance("0", false)
		post("1/fee", reservation.EffectPostFee, 1, 10000)
		post("1/fee", reservation.EffectPostFee, 1, 10000) // delivered twice
		post("1/apply", reservation.EffectApplyDeposit, 1, 3000)
		balance("70.00", true)
		post("1/reverse", reservation.EffectReverseFee, 1, 10000)
		balance("0", false)
		post("2/fee", reservation.EffectPostFee, 2, 5000)
		post("2/refund", reservation.EffectRefund, 2, 2000)
		balance("50.00", true)

		staff := innards.Actor{Tenant: "main", Property: "varna"}
		postings, err := book.Postings(t.Context(), staff.Scope(), "r")
		if err != nil || len(postings) != 5 || postings[0].Key != "1/apply" || postings[0].Amount.String() != "30.00 EUR" {
			t.Errorf("posted are %+v (%v)", postings, err)
		}
		for _, other := range []innards.Actor{{Tenant: "other"}, {Tenant: "main", Property: "sofia"}} {
			if postings, err := book.Postings(t.Context(), other.Scope(), "r"); err != nil || len(postings) > 0 {
				t.Errorf("%+v sees %+v (%v)", other, postings, err)
			}
		}
		if _, err := book.Postings(t.Context(), innards.Scope{}, "r"); !errors.Is(err, innards.ErrUnscoped) {
			t.Errorf("without a scope: %v", err)
		}
	})
}

func TestDamagedMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		m := message(t, "k", reservation.EffectPostFee, 1, 1)
		m.Payload = []byte("{")
		if err := folio.New(db).Post(t.Context(), m); !errors.Is(err, innards.ErrCorrupt) {
			t.Errorf("a damaged message: %v", err)
		}
	})
}
