package audit_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/audit"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// A house is a hotel in a database.
type house struct {
	t       *testing.T
	db      *bunstore.DB
	store   reservation.Store
	service *reservation.Service
	clock   *reservationtest.Clock
	by      innards.Command
}

func open(t *testing.T, db *bunstore.DB) *house {
	t.Helper()
	h := &house{
		t: t, db: db, store: reservationbun.New(db), clock: reservationtest.NewClock(reservationtest.Morning()),
		by: innards.Command{Actor: innards.Actor{ID: "test", Tenant: reservationtest.Tenant, Rights: []innards.Right{"*"}}},
	}
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
		if _, err := h.service.DoProperty(t.Context(), h.by, p.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// do carries out a command and returns the record's id.
func (h *house) do(id string, in reservation.Intent) string {
	h.t.Helper()
	receipt, err := h.service.Do(h.t.Context(), h.by, id, in)
	if err != nil {
		h.t.Fatal(err)
	}
	return receipt.ID
}

func (h *house) book(nights int) string {
	h.t.Helper()
	p := reservationtest.Hotel()
	return h.do("", reservation.Create{
		Property: p.ID, Type: "DBL", Source: reservation.SourcePhone, Adults: 1, Guest: reservation.Person{Name: "Guest"},
		Arrival: p.BusinessDate, Departure: p.BusinessDate.AddDays(nights),
	})
}

// problems returns what an audit finds that reads from the store.
func (h *house) problems(store reservation.Store) (all []string) {
	h.t.Helper()
	a := audit.Audit{
		DB: h.db, Store: store, Service: h.service, Now: h.clock.Now, Looked: func() {},
		Found: func(problem string) { all = append(all, problem) },
	}
	if sum, err := a.Run(h.t.Context()); err != nil || sum.Properties != 1 || sum.Problems != len(all) {
		h.t.Errorf("%+v %v", sum, err)
	}
	return all
}

func (h *house) wantNoProblems(store reservation.Store) {
	h.t.Helper()
	if all := h.problems(store); len(all) > 0 {
		h.t.Errorf("the audit finds %q", all)
	}
}

// A stay that is cancelled after the guest came keeps the nights that are over.
func TestReleasedNights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := open(t, db)
		id := h.book(3)
		h.do(id, reservation.CheckIn{Room: "101"})
		h.clock.Advance(36 * time.Hour)
		p := reservationtest.Hotel()
		if _, err := h.service.DoProperty(t.Context(), h.by, p.ID, reservation.CloseDay{Date: p.BusinessDate}); err != nil {
			t.Fatal(err)
		}
		h.do(id, reservation.CheckOut{})
		h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
		r, err := h.service.Get(t.Context(), h.by.Actor, id)
		if err != nil || r.IsValid() || len(r.Claims()) != 1 {
			t.Fatalf("the reservation claims %v (%v)", r.Claims(), err)
		}
		h.wantNoProblems(h.store)
	})
}

// A busy store changes every record between its reading and that of its history.
type busy struct {
	reservation.Store
	change map[string]func()
}

func (b busy) History(ctx context.Context, s innards.Scope, record string, after int64, limit int) ([]innards.Event, error) {
	if change := b.change[record]; change != nil {
		delete(b.change, record)
		change()
	}
	return b.Store.History(ctx, s, record, after, limit)
}

// What changes during an audit is no problem.
func TestChangesDuringAudit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := open(t, db)
		id := h.book(2)
		p := reservationtest.Hotel()
		h.wantNoProblems(busy{h.store, map[string]func(){
			id: func() { h.do(id, reservation.AssignRoom{Room: "101"}) },
			p.ID: func() {
				if _, err := h.service.DoProperty(t.Context(), h.by, p.ID, reservation.PutRooms{Rooms: p.Rooms[:len(p.Rooms)-1]}); err != nil {
					t.Error(err)
				}
			},
		}})
	})
}

// What tables say of each other is checked on both databases.
func TestDamage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := open(t, db)
		h.book(1)
		for _, damage := range []struct{ statement, problem string }{
			{"UPDATE innards_reservation_sold SET sold = sold + 1", "the number of sold "},
			{"UPDATE innards_reservation_night SET reservation = 'nobody'", "reservation nobody, which there is not, holds DBL on "},
			{"UPDATE innards_reservation SET segment = 'x'", "its row says segment x, but its document segment"},
			{"UPDATE innards_reservation_night SET reservation = (SELECT id FROM innards_reservation), date = '2031-01-01'", "holds DBL on 2031-01-01, outside of its stay"},
			{"UPDATE innards_reservation SET version = 7", "its row says version 7 segment x, but its document version 1 segment"},
			{"DELETE FROM innards_reservation", "has events up to 1 of tenant " + reservationtest.Tenant + ", but is missing"},
		} {
			err := db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
				_, err := tx.ExecContext(ctx, damage.statement)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if all := h.problems(h.store); !strings.Contains(strings.Join(all, "\n"), damage.problem) {
				t.Errorf("after %s the audit finds %q", damage.statement, all)
			}
		}
	})
}
