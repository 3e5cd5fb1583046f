package audit_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/audit"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/fold"
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

func (b busy) History(ctx context.Context, s innards.Scope, kind, record string, after int64, limit int) ([]innards.Event, error) {
	if change := b.change[record]; change != nil {
		delete(b.change, record)
		change()
	}
	return b.Store.History(ctx, s, kind, record, after, limit)
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
			{"UPDATE innards_reservation SET segment = 'x'", `lists say segment "x", but its document `},
			{"UPDATE innards_reservation_night SET reservation = (SELECT id FROM innards_reservation), date = '2031-01-01'", "holds DBL on 2031-01-01, outside of its stay"},
			{"UPDATE innards_reservation SET version = 7", "lists say version 7, but its document 1"},
			{"UPDATE innards_reservation SET id = 'x'", "its row says id x, but its document id "},
			{"DELETE FROM innards_reservation", "has events up to 1 of tenant " + reservationtest.Tenant + ", but is missing"},
		} {
			h.damage(damage.statement)
			if all := h.problems(h.store); !strings.Contains(strings.Join(all, "\n"), damage.problem) {
				t.Errorf("after %s the audit finds %q", damage.statement, all)
			}
		}
	})
}

// A document that cannot be read is one problem, which names the record; everything else is looked at all the same.
func TestUnreadableDocuments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := open(t, db)
		ids := []string{h.book(1), h.book(1), h.book(1)}
		damages := []string{"'null'", "'{}'", "'[]'"}
		if db.Dialect() == bunstore.SQLite { // PostgreSQL takes nothing but JSON
			damages = append(damages, "substr(doc, 1, 200)", "'x'", "''")
		}
		h.damage("UPDATE innards_reservation SET segment = 'x' WHERE id = '" + ids[2] + "'")
		for _, doc := range damages {
			h.damage("UPDATE innards_reservation SET doc = " + doc + " WHERE id = '" + ids[0] + "'")
			h.wantProblems(3, "reservation "+ids[0]+": innards: the stored data is damaged: the document of a reservation: ",
				"reservation "+ids[2]+`: lists say segment "x", but its document `)
		}
		h.damage("UPDATE innards_property SET doc = 'null'")
		h.wantProblems(3, "property "+reservationtest.HotelID+": innards: the stored data is damaged: the document of a property: it holds none",
			"reservation "+ids[0]+": ", "reservation "+ids[2]+": ")
	})
}

// wantProblems expects these and no more, in order, of an audit that has read nothing before.
func (h *house) wantProblems(reservations int, want ...string) {
	h.t.Helper()
	var all []string
	store := reservationbun.New(h.db)
	service, err := reservation.NewService(store, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(1)})
	if err != nil {
		h.t.Fatal(err)
	}
	a := audit.Audit{
		DB: h.db, Store: store, Service: service, Now: h.clock.Now, Looked: func() {},
		Found: func(problem string) { all = append(all, problem) },
	}
	sum, err := a.Run(h.t.Context())
	if err != nil || sum.Properties != 1 || sum.Reservations != reservations || sum.Problems != len(want) {
		h.t.Errorf("%+v %v", sum, err)
	}
	if !slices.EqualFunc(all, want, strings.HasPrefix) {
		h.t.Errorf("the audit finds %q, not %q", all, want)
	}
}

// option books an option that is found in every way there is.
func (h *house) option(name string) string {
	h.t.Helper()
	p := reservationtest.Hotel()
	release := h.clock.Now().Add(time.Hour)
	return h.do("", reservation.Create{
		Property: p.ID, Type: "DBL", Room: "101", Source: reservation.SourcePhone, Adults: 1,
		Guest:   reservation.Person{Name: name, Email: "elena@example.com", Phone: "+359 88 812-34-56"},
		Arrival: p.BusinessDate, Departure: p.BusinessDate.AddDays(1),
		Commitment: reservation.Optional, ReleaseAt: &release, Attributes: map[string]string{"loyalty": "gold"},
	})
}

// Names in any script, and due times that a rule has brought forward or a failure put off, are no problem.
func TestIndexesThatAreRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := open(t, db)
		for _, name := range []string{"Élena Тодорова-O'Hara", "李小龍", "𞤀𞤣𞤤𞤢𞤥 ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ", strings.Repeat("Anna 12 Maria 7 ", 15)} {
			id := h.option(name)
			h.wantNoProblems(h.store)
			h.damage("UPDATE innards_reservation SET due_at = due_at - 1")
			h.wantNoProblems(h.store)
			h.clock.Advance(2 * time.Hour)
			h.damage("UPDATE innards_reservation SET due_at = due_at + 7200000000")
			h.wantNoProblems(h.store)
			h.clock.Advance(time.Hour)
			if _, err := h.service.Sweep(t.Context(), 10); err != nil {
				t.Fatal(err)
			}
			h.do(id, reservation.MakeExpected{})
			h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
			h.wantNoProblems(h.store)
		}
	})
}

// By whatever a reservation is found, it is compared with the document.
func TestDamagedIndexes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		h := open(t, db)
		id := h.option("Elena Todorova")
		named := "reservation " + id
		r, err := h.service.Get(t.Context(), h.by.Actor, id)
		if err != nil {
			t.Fatal(err)
		}
		texts := r.SearchTexts()
		words := fold.Words(texts[:]...)
		setWords := "UPDATE innards_reservation SET words = array_to_tsvector(string_to_array('%s', ' '))"
		tooMany := named + " is not found by its words"
		indexed := reservationbun.Lexemes
		if db.Dialect() == bunstore.SQLite {
			setWords = "INSERT OR REPLACE INTO innards_reservation_word (rowid, words) SELECT seq, '%s' FROM innards_reservation"
			tooMany = fmt.Sprintf("%s is found by %d words, but has %d", named, len(words)+1, len(words))
			indexed = func(words []string) []string { return words }
		}
		right := fmt.Sprintf(setWords, strings.Join(indexed(words), " "))
		for _, damage := range []struct{ statement, repair, problem string }{
			{"UPDATE innards_reservation SET due_at = due_at + 1", "UPDATE innards_reservation SET due_at = due_at - 1", named + " is not looked at by the sweeps when it is due"},
			{"UPDATE innards_reservation SET guest = 'x'", "UPDATE innards_reservation SET guest = 'Elena Todorova'", named + `: lists say guest_name "x", but its document "Elena Todorova"`},
			{"UPDATE innards_reservation SET arrival = 'x' || arrival", "UPDATE innards_reservation SET arrival = substr(arrival, 2)", "the columns of " + named},
			{"UPDATE innards_reservation SET overbooked = NOT overbooked", "UPDATE innards_reservation SET overbooked = NOT overbooked", named + `: lists say overbooked true, but its document `},
			{"UPDATE innards_reservation_term SET value = 'silver' WHERE value = 'gold'", "UPDATE innards_reservation_term SET value = 'gold' WHERE value = 'silver'",
				named + ` is found by ["attribute.loyalty silver" "room 101"], but has ["attribute.loyalty gold" "room 101"]`},
			{"UPDATE innards_property SET version = version + 7", "UPDATE innards_property SET version = version - 7", "property " + reservationtest.HotelID + ": its row says version 10, but its document version 3"},
			{fmt.Sprintf(setWords, strings.Join(indexed(words), " ")+" extra"), right, tooMany},
			{fmt.Sprintf(setWords, strings.Join(indexed(words[1:]), " ")), right, named + " is not found by its words"},
			{"UPDATE innards_reservation SET due_at = NULL", "", named + " is not looked at by the sweeps when it is due"},
		} {
			h.damage(damage.statement)
			if all := h.problems(h.store); !strings.Contains(strings.Join(all, "\n"), damage.problem) {
				t.Errorf("after %s the audit finds %q, not %q", damage.statement, all, damage.problem)
			}
			if damage.repair != "" {
				h.damage(damage.repair)
				h.wantNoProblems(h.store)
			}
		}
	})
}

func (h *house) damage(statement string) {
	h.t.Helper()
	err := h.db.InTx(h.t.Context(), func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}
