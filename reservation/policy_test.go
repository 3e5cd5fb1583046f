package reservation

import (
	"time"
	_ "time/tzdata" // the zones of the tests, wherever they run

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/innards-go/innards"
)

// fataler is what *testing.T and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func amount(t fataler, text string, c innards.Currency) innards.Money {
	t.Helper()
	m, err := innards.ParseMoney(text, c)
	if err != nil {
		t.Fatalf("amount: %v", err)
	}
	return m
}

func eur(t fataler, text string) innards.Money { t.Helper(); return amount(t, text, "EUR") }

func day(t fataler, text string) innards.Date {
	t.Helper()
	d, err := innards.ParseDate(text)
	if err != nil {
		t.Fatalf("day: %v", err)
	}
	return d
}

func moment(t fataler, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatalf("moment: %v", err)
	}
	return at
}

func clock(t fataler, text string) innards.TimeOfDay {
	t.Helper()
	c, err := innards.ParseTimeOfDay(text)
	if err != nil {
		t.Fatalf("clock: %v", err)
	}
	return c
}

func percent(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// hotel returns a property of the zone whose guests may check in at 14:00.
func hotel(t fataler, zone string) *Property {
	t.Helper()
	p := &Property{ID: "hotel", Zone: zone, Currency: "EUR", Settings: Settings{CheckInTime: 14 * 60}}
	if err := p.Prepare(); err != nil {
		t.Fatalf("hotel: %v", err)
	}
	return p
}

// stay returns an expected, definite reservation from the day on, one night for each price; a day use if there is none
// but the first.
func stay(t fataler, created, arrival string, prices ...innards.Money) *Reservation {
	t.Helper()
	r := &Reservation{ID: "r", Guarantee: NotGuaranteed, Occupancy: Expected, Commitment: Definite,
		CreatedAt: moment(t, created), Arrival: day(t, arrival)}
	for i, p := range prices {
		r.Nights = append(r.Nights, Night{Date: r.Arrival.AddDays(i), Slot: SlotNight, Type: "double", Price: p})
	}
	r.Departure = r.Arrival.AddDays(len(prices))
	return r
}

var policyZones = []string{"Pacific/Pago_Pago", "America/New_York", "America/Sao_Paulo", "UTC", "Europe/Sofia",
	"Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati"}

// drawStay draws a reservation of up to six nights, or a day use, in one of three currencies, with extras, and some
// negative prices.
func drawStay(t *rapid.T) (*Reservation, *Property) {
	prop := hotel(t, rapid.SampledFrom(policyZones).Draw(t, "zone"))
	prop.Settings.CheckInTime = innards.TimeOfDay(rapid.IntRange(0, 1440).Draw(t, "check-in"))
	prop.Currency = rapid.SampledFrom([]innards.Currency{"EUR", "JPY", "KWD"}).Draw(t, "currency")
	price := func(name string) innards.Money {
		m, err := innards.FromMinor(rapid.Int64Range(-5_000, 50_000).Draw(t, name), prop.Currency)
		if err != nil {
			t.Fatalf("price: %v", err)
		}
		return m
	}
	r := &Reservation{ID: "r", Guarantee: NotGuaranteed, Occupancy: Expected, Commitment: Definite}
	r.CreatedAt = time.Unix(rapid.Int64Range(1_000_000_000, 2_000_000_000).Draw(t, "created"), 0).UTC()
	r.Arrival = prop.Today(r.CreatedAt).AddDays(rapid.IntRange(0, 60).Draw(t, "lead"))
	nights := rapid.IntRange(0, 6).Draw(t, "nights")
	r.Departure = r.Arrival.AddDays(nights)
	for i := range max(nights, 1) {
		r.Nights = append(r.Nights, Night{Date: r.Arrival.AddDays(i), Price: price("night")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "extras") {
		r.Extras = append(r.Extras, Extra{Group: rapid.SampledFrom([]string{"board", "spa"}).Draw(t, "group"), Price: price("extra")})
	}
	return r, prop
}

func drawPercent(t *rapid.T, name string) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 1_000_000).Draw(t, name), -4)
}

// blocked returns "field code" of every blocker.
func blocked(blockers []innards.Blocker) []string {
	var out []string
	for _, b := range blockers {
		out = append(out, b.Field+" "+string(b.Code))
	}
	return out
}

func ptr[T any](v T) *T { return &v }
