package reservationbun_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
)

// stored is how many reservations the benchmarks choose from.
const stored = 10_000

// A deskBench is a service with reservations that are used in turn.
type deskBench struct {
	*reservation.Service
	db    *reservationbun.DB
	by    innards.Command
	ids   []string
	turns atomic.Int64
}

// BenchmarkTransition measures a guarded, durable transition, from the reading of the facts to the answer: a
// reservation is confirmed, or its confirmation revoked.
func BenchmarkTransition(b *testing.B) {
	eachDatabase(b, func(b *testing.B, h *deskBench) {
		for _, callers := range []int{1, 8, 64} {
			b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
				before := h.db.Stats().Commits
				h.each(b, callers, h.turn)
				b.ReportMetric(float64(h.db.Stats().Commits-before)/float64(b.N), "commits/op")
			})
		}
	})
}

// BenchmarkGet measures the reading of one reservation.
func BenchmarkGet(b *testing.B) {
	eachDatabase(b, func(b *testing.B, h *deskBench) {
		for _, callers := range []int{1, 8} {
			b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
				h.each(b, callers, func(ctx context.Context, n int) error {
					_, err := h.Get(ctx, h.by.Actor, h.ids[n%len(h.ids)])
					return err
				})
			})
		}
	})
}

// BenchmarkSearch measures a page of 30 reservations, from any day of arrival on.
func BenchmarkSearch(b *testing.B) {
	eachDatabase(b, func(b *testing.B, h *deskBench) {
		h.each(b, 8, func(ctx context.Context, n int) error {
			q := reservation.Search{Property: "house", ArrivalFrom: opening.AddDays(n * 7 % 600), Limit: 30}
			_, err := h.Search(ctx, h.by.Actor, q)
			return err
		})
	})
}

func eachDatabase(b *testing.B, run func(*testing.B, *deskBench)) {
	b.Run("sqlite", func(b *testing.B) { run(b, openDesk(b, openSQLite(b))) })
	b.Run("postgres", func(b *testing.B) { run(b, openDesk(b, openPostgres(b))) })
}

// each calls do b.N times, from so many callers at once.
func (h *deskBench) each(b *testing.B, callers int, do func(ctx context.Context, n int) error) {
	b.ReportAllocs()
	var next atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= b.N {
					return
				}
				if err := do(b.Context(), n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// turn confirms a reservation, or revokes its confirmation. Each is used in turn, so that it is always possible.
func (h *deskBench) turn(ctx context.Context, _ int) error {
	n := int(h.turns.Add(1)) - 1
	var in reservation.Intent = reservation.MarkConfirmed{Note: "phone"}
	if n/len(h.ids)%2 == 1 {
		in = reservation.RevokeConfirmation{}
	}
	_, err := h.Do(ctx, h.by, h.ids[n%len(h.ids)], in)
	return err
}

func openDesk(b *testing.B, db *reservationbun.DB) *deskBench {
	b.Helper()
	stays, err := reservation.NewService(reservationbun.New(db), reservation.Options{Clock: time.Now, Random: rand.Reader})
	if err != nil {
		b.Fatal(err)
	}
	h := &deskBench{Service: stays, db: db, by: innards.Command{Actor: innards.Actor{ID: "desk", Tenant: "tenant", Rights: []innards.Right{"*"}}}}
	h.build(b)
	ids := make([]string, stored)
	h.each64(b, func(ctx context.Context, n int) (err error) {
		ids[n], err = h.book(ctx, n)
		return err
	})
	h.ids = ids
	return h
}

// each64 calls do for every reservation that there shall be.
func (h *deskBench) each64(b *testing.B, do func(ctx context.Context, n int) error) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < stored; n = int(next.Add(1)) - 1 {
				if err := do(b.Context(), n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

var opening = innards.DateOf(time.Now())

func (h *deskBench) build(b *testing.B) {
	b.Helper()
	var rooms []reservation.Room
	for n := range 200 {
		rooms = append(rooms, reservation.Room{ID: fmt.Sprint(100 + n), Name: fmt.Sprint(100 + n), Type: "double"})
	}
	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: "house", Title: "House", Zone: "Europe/Madrid", Currency: "EUR", BusinessDate: opening},
		reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "double", Name: "Double"}}},
		reservation.PutRooms{Rooms: rooms},
	} {
		if _, err := h.DoProperty(b.Context(), h.by, "house", in); err != nil {
			b.Fatal(err)
		}
	}
}

func (h *deskBench) book(ctx context.Context, n int) (string, error) {
	arrival := opening.AddDays(n % 700)
	price, err := innards.FromMinor(10000, "EUR")
	if err != nil {
		return "", err
	}
	receipt, err := h.Do(ctx, h.by, "", reservation.Create{
		Property: "house", Type: "double", Source: reservation.SourcePhone,
		Arrival: arrival, Departure: arrival.AddDays(1 + n%6), Prices: []innards.Money{price}, Adults: 2,
		Guest: reservation.Person{Name: fmt.Sprintf("Guest %d", n), Email: fmt.Sprintf("guest-%d@example.com", n)},
	})
	return receipt.ID, err
}
