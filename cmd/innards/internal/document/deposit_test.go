package document_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// TestDepositIsThatOfTheService compares what the terms ask for with the report of reservations awaiting guarantee, at each
// instant that something falls due.
func TestDepositIsThatOfTheService(t *testing.T) {
	days := func(n int) *int { return &n }
	percent := func(n int64) decimal.Decimal { return decimal.New(n, 0) }
	for name, deposit := range map[string]reservation.Deposit{
		"percent":   {Percent: percent(33)},
		"nights":    {Percent: percent(10), Nights: 2},
		"fixed":     {Fixed: reservationtest.Euro(5000), Nights: 1},
		"all of it": {Fixed: reservationtest.Euro(5_000_000)},
		"none":      {},
		"instalments": {Percent: percent(55), Instalments: []reservation.Instalment{
			{Percent: percent(33), DaysBeforeArrival: days(5)}, {Percent: percent(33), DaysAfterBooking: days(0)}, {Percent: percent(34), DaysAfterBooking: days(2)},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			clock := reservationtest.NewClock(reservationtest.Morning())
			service, r := booked(t, clock, deposit)
			for _, after := range []time.Duration{0, 48 * time.Hour, 15*24*time.Hour + 5*time.Hour, 20 * 24 * time.Hour} {
				clock.Set(reservationtest.Morning().Add(after))
				lines, _, err := service.AwaitingGuarantee(t.Context(), reservationtest.Staff(), reservation.Search{Property: reservationtest.HotelID})
				if err != nil || len(lines) != 1 {
					t.Fatalf("%d lines: %v", len(lines), err)
				}
				hotel, err := service.Property(t.Context(), reservationtest.Staff(), reservationtest.HotelID)
				if err != nil {
					t.Fatal(err)
				}
				terms, err := document.GuaranteeTerms(catalogue(t).In("en"), document.Stay{Property: hotel, Reservation: r, At: clock.Now()})
				if err != nil {
					t.Fatal(err)
				}
				if got := dueNow(t, terms); got.Cmp(lines[0].Due) != 0 {
					t.Errorf("after %v the terms ask for %v, the report for %v", after, got, lines[0].Due)
				}
			}
		})
	}
}

// booked returns a reservation with a part of the deposit paid, by a policy without a deadline.
func booked(t *testing.T, clock *reservationtest.Clock, deposit reservation.Deposit) (*reservation.Service, reservation.Reservation) {
	t.Helper()
	store := reservationtest.NewStore()
	hotel := reservationtest.Hotel()
	hotel.GuaranteePolicies = []reservation.GuaranteePolicy{{
		Name: "this", Methods: []reservation.Method{reservation.MethodOther}, Deposit: deposit, AtDeadline: reservation.DeadlineNothing,
	}}
	if err := store.CommitProperty(t.Context(), reservationtest.NewDesk(1).Property(hotel)); err != nil {
		t.Fatal(err)
	}
	service, err := reservation.NewService(store, reservation.Options{Clock: clock.Now, Random: reservationtest.Random(1)})
	if err != nil {
		t.Fatal(err)
	}
	s := stay(t).Reservation
	by := innards.Command{Actor: reservationtest.Staff()}
	made, err := service.Do(t.Context(), by, "", reservation.Create{
		Property: hotel.ID, Type: s.Type, Adults: 2, Source: reservation.SourcePhone, Guest: s.Guest, Extras: s.Extras, GuaranteePolicy: "this",
		Arrival: s.Arrival, Departure: s.Departure, Prices: []innards.Money{s.Nights[0].Price, s.Nights[1].Price, s.Nights[2].Price},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = service.Do(t.Context(), by, made.ID, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: reservationtest.Euro(3333)})
	if err != nil {
		t.Fatal(err)
	}
	paid, err := service.Get(t.Context(), by.Actor, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	return service, paid
}

// dueNow sums what the terms ask for at once.
func dueNow(t *testing.T, terms []string) (sum innards.Money) {
	t.Helper()
	for _, term := range plain(terms) {
		rest, asks := strings.CutPrefix(term, "A deposit of ")
		if amount, now := strings.CutSuffix(rest, " EUR is due now."); asks && now {
			m, err := innards.ParseMoney(strings.ReplaceAll(amount, ",", ""), "EUR")
			if err != nil {
				t.Fatal(err)
			}
			if sum, err = sum.Add(m); err != nil {
				t.Fatal(err)
			}
		}
	}
	return sum
}
