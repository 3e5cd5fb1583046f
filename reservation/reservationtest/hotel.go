package reservationtest

import (
	"fmt"
	"io"
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/storecheck"
	"github.com/innards-go/innards/reservation"
)

// A Clock stands still until it is moved: see its methods Now, Advance and Set. It is safe for concurrent use.
type Clock = storecheck.Clock

// NewClock returns a clock that shows the instant.
func NewClock(now time.Time) *Clock { return storecheck.NewClock(now) }

// Random returns a reader of pseudo-random bytes, the same for the same seed. It is safe for concurrent use.
func Random(seed uint64) io.Reader { return storecheck.Random(seed) }

// IDs returns a source of ids that are the same for the same seed and clock.
func IDs(now innards.Clock, seed uint64) innards.IDSource { return innards.UUIDv7(now, Random(seed)) }

// What [Hotel] is made of.
const (
	Tenant    = storecheck.Tenant   // the company that runs it
	HotelID   = storecheck.Property // its id
	Double    = "DBL"               // a room type for two, with rooms 101 to 103, and 104 that is out of order
	Apartment = "APT"               // a room type for four, with room 201
	Deposit   = "deposit"           // a guarantee policy: 30 % by card or bank transfer within 3 days, cancelled if it is late
	Company   = "company"           // a guarantee policy: the word of a company is enough
	Flexible  = "flexible"
	Strict    = "strict"
)

// BusinessDate is the day that is open in [Hotel].
func BusinessDate() innards.Date { return innards.NewDate(2026, time.June, 1) }

// Morning is 9 o'clock in Sofia on the [BusinessDate].
func Morning() time.Time { return time.Date(2026, time.June, 1, 6, 0, 0, 0, time.UTC) }

// Staff returns somebody of the hotel's company with every right.
func Staff() innards.Actor { return storecheck.Staff(Tenant) }

// Hotel returns a small hotel in Sofia, as it is before it was ever stored.
func Hotel() reservation.Property {
	return reservation.Property{
		ID: HotelID, Tenant: Tenant, Name: "Hotel Vitosha", Zone: "Europe/Sofia", Currency: "EUR",
		BusinessDate: BusinessDate(),
		Settings:     reservation.Settings{Profile: reservation.ProfileSeed, CheckInTime: 14 * 60, CheckOutTime: 11 * 60},
		Types:        []reservation.RoomType{{ID: Double, Name: "Double room", Sleeps: 2}, {ID: Apartment, Name: "Apartment", Sleeps: 4}},
		Rooms: []reservation.Room{
			{ID: "101", Name: "101", Type: Double}, {ID: "102", Name: "102", Type: Double}, {ID: "103", Name: "103", Type: Double},
			{ID: "104", Name: "104", Type: Double, OutOfOrder: true}, {ID: "201", Name: "201", Type: Apartment},
		},
		GuaranteePolicies:    guaranteePolicies(),
		CancellationPolicies: cancellationPolicies(),
	}
}

func guaranteePolicies() []reservation.GuaranteePolicy {
	days := 3
	return []reservation.GuaranteePolicy{
		{
			Name:       Deposit,
			Methods:    []reservation.Method{reservation.MethodCard, reservation.MethodBankTransfer},
			Deposit:    reservation.Deposit{Percent: decimal.New(30, 0)},
			WithinDays: &days, AtDeadline: reservation.DeadlineCancel,
		},
		{Name: Company, Methods: []reservation.Method{reservation.MethodCompany}, AtDeadline: reservation.DeadlineNothing},
	}
}

func cancellationPolicies() []reservation.CancellationPolicy {
	return []reservation.CancellationPolicy{
		{
			Name: Flexible, GraceMinutes: 30, CapAtRevenue: true,
			Tiers:  []reservation.Tier{{From: reservation.AnchorArrivalDate, Days: 1, DropTime: 18 * 60, Fee: reservation.FeeRule{Kind: reservation.FeeNights, Nights: 1}}},
			NoShow: &reservation.FeeRule{Kind: reservation.FeeFull},
		},
		{Name: Strict, NonRefundable: true},
	}
}

// Euro returns an amount of cents.
func Euro(cents int64) innards.Money { return Amount(cents, "EUR") }

// Amount returns an amount of minor units of the currency. It panics for one that does not exist.
func Amount(minor int64, c innards.Currency) innards.Money {
	m, err := innards.FromMinor(minor, c)
	if err != nil {
		panic(fmt.Sprintf("reservationtest: %v", err))
	}
	return m
}
