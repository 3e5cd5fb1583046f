package reservation

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/innards-go/innards"
)

func TestTotal(t *testing.T) {
	r := stay(t, "2024-05-01T00:00:00Z", "2024-05-10", eur(t, "100.00"), eur(t, "50.50"))
	r.Extras = []Extra{{"board", eur(t, "20.00")}, {"spa", eur(t, "-5.25")}}
	if got, err := r.Total(); err != nil || got != eur(t, "165.25") {
		t.Errorf("the total is %v, %v", got, err)
	}
	none := &Reservation{}
	if got, err := none.Total(); err != nil || got != (innards.Money{}) {
		t.Errorf("without nights the total is %v, %v", got, err)
	}
}

func TestDepositRequired(t *testing.T) {
	for _, tc := range []struct {
		why     string
		c       innards.Currency
		prices  []string
		extra   string
		deposit Deposit
		want    string
	}{
		{"nothing", "EUR", []string{"100.00", "50.00"}, "", Deposit{}, "0.00"},
		{"a fixed amount", "EUR", []string{"100.00", "50.00"}, "", Deposit{Fixed: eur(t, "30.00")}, "30.00"},
		{"percent of nights and extras", "EUR", []string{"100.00", "50.00"}, "10.00", Deposit{Percent: percent("50")}, "80.00"},
		{"the first night", "EUR", []string{"100.00", "50.00"}, "10.00", Deposit{Nights: 1}, "100.00"},
		{"more nights than there are", "EUR", []string{"100.00", "50.00"}, "10.00", Deposit{Nights: 9}, "150.00"},
		{"percent above nights", "EUR", []string{"100.00", "50.00"}, "", Deposit{Nights: 1, Percent: percent("80")}, "120.00"},
		{"nights above percent", "EUR", []string{"100.00", "50.00"}, "", Deposit{Nights: 1, Percent: percent("20")}, "100.00"},
		{"fixed and the larger of the two", "EUR", []string{"100.00", "50.00"}, "", Deposit{Fixed: eur(t, "10.00"), Nights: 1, Percent: percent("20")}, "110.00"},
		{"cut to the total", "EUR", []string{"100.00", "50.00"}, "", Deposit{Fixed: eur(t, "100.00"), Nights: 1}, "150.00"},
		{"fixed cut to the total", "EUR", []string{"10.00"}, "", Deposit{Fixed: eur(t, "30.00")}, "10.00"},
		{"exactly the total", "EUR", []string{"10.00"}, "", Deposit{Percent: percent("100")}, "10.00"},
		{"a total below nothing", "EUR", []string{"-10.00"}, "", Deposit{Fixed: eur(t, "30.00"), Percent: percent("50")}, "0.00"},
		{"a negative first night", "EUR", []string{"-10.00", "100.00"}, "", Deposit{Nights: 1}, "0.00"},
		{"a percentage is rounded once, half away from zero", "EUR", []string{"0.05", "0.05"}, "", Deposit{Percent: percent("45")}, "0.05"},
		{"yen", "JPY", []string{"10001"}, "", Deposit{Percent: percent("50")}, "5001"},
		{"dinars", "KWD", []string{"1.001"}, "", Deposit{Percent: percent("50")}, "0.501"},
	} {
		r := stay(t, "2024-05-01T00:00:00Z", "2024-05-10")
		for _, p := range tc.prices {
			r.Nights = append(r.Nights, Night{Price: amount(t, p, tc.c)})
		}
		if tc.extra != "" {
			r.Extras = []Extra{{"board", amount(t, tc.extra, tc.c)}}
		}
		r.GuaranteePolicy = &GuaranteePolicy{Deposit: tc.deposit}
		if got, err := r.depositRequired(); err != nil || got != amount(t, tc.want, tc.c) {
			t.Errorf("%s: %v, %v, want %s", tc.why, got, err, tc.want)
		}
	}
	r := stay(t, "2024-05-01T00:00:00Z", "2024-05-10", eur(t, "100.00"))
	if got, err := r.depositRequired(); err != nil || got != eur(t, "0.00") {
		t.Errorf("without a policy: %v, %v", got, err)
	}
}

// Three instalments: at once, 10 days after the booking, 7 days before the arrival.
func instalments(shares ...string) []Instalment {
	list := []Instalment{{DaysAfterBooking: ptr(0)}, {DaysAfterBooking: ptr(10)}, {DaysBeforeArrival: ptr(7)}}
	for i := range list {
		list[i].Percent = percent(shares[i])
	}
	return list
}

func TestDepositDue(t *testing.T) {
	prop := hotel(t, "Europe/Sofia")
	for _, tc := range []struct {
		why         string
		instalments []Instalment
		at, want    string
	}{
		{"without instalments all at once", nil, "2024-03-25T10:00:00Z", "100.01"},
		{"at the booking", instalments("20", "30", "50"), "2024-03-25T10:00:00Z", "20.00"},
		{"just before the second", instalments("20", "30", "50"), "2024-04-04T08:59:59.999999Z", "20.00"},
		{"the very second of the second, an hour earlier in UTC", instalments("20", "30", "50"), "2024-04-04T09:00:00Z", "50.00"},
		{"just before the last", instalments("20", "30", "50"), "2024-05-03T10:59:59Z", "50.00"},
		{"the last takes the remainder", instalments("20", "30", "50"), "2024-05-03T11:00:00Z", "100.01"},
		{"thirds, the first", instalments("33.3333", "33.3333", "33.3334"), "2024-03-25T10:00:00Z", "33.33"},
		{"thirds, the second", instalments("33.3333", "33.3333", "33.3334"), "2024-04-04T09:00:00Z", "66.66"},
		{"thirds, all", instalments("33.3333", "33.3333", "33.3334"), "2024-05-03T11:00:00Z", "100.01"},
		{"before the booking nothing", instalments("20", "30", "50"), "2024-03-25T09:59:59Z", "0.00"},
		{"without days at once", []Instalment{{Percent: percent("100")}}, "2024-03-25T10:00:00Z", "100.01"},
		{"the last of the list takes the remainder though it is due first",
			[]Instalment{{Percent: percent("50"), DaysBeforeArrival: ptr(0)}, {Percent: percent("50"), DaysAfterBooking: ptr(0)}}, "2024-03-25T10:00:00Z", "50.01"},
	} {
		r := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", eur(t, "100.01"))
		r.GuaranteePolicy = &GuaranteePolicy{Deposit: Deposit{Percent: percent("100"), Instalments: tc.instalments}}
		if got, err := r.depositDue(moment(t, tc.at), prop); err != nil || got != eur(t, tc.want) {
			t.Errorf("%s: %v, %v, want %s", tc.why, got, err, tc.want)
		}
	}
	r := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", eur(t, "100.01"))
	if got, err := r.depositDue(r.CreatedAt, prop); err != nil || got != eur(t, "0.00") {
		t.Errorf("without a policy: %v, %v", got, err)
	}
}

func TestCoveredAndOutstanding(t *testing.T) {
	prop := hotel(t, "Europe/Sofia")
	before, after := "2024-04-04T08:59:59Z", "2024-04-04T09:00:00Z"
	for _, tc := range []struct {
		why, at          string
		paid, authorised string
		open             string
	}{
		{"nothing received", before, "", "", "20.00"},
		{"a cent missing", before, "19.99", "", "0.01"},
		{"exactly", before, "20.00", "", "0.00"},
		{"more than due", before, "25.00", "", "0.00"},
		{"authorised counts", before, "", "20.00", "0.00"},
		{"paid and authorised together", before, "12.00", "8.00", "0.00"},
		{"the next part falls due", after, "12.00", "8.00", "30.00"},
		{"and is paid", after, "42.00", "8.00", "0.00"},
	} {
		r := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", eur(t, "100.00"))
		r.GuaranteePolicy = &GuaranteePolicy{Deposit: Deposit{Percent: percent("100"), Instalments: instalments("20", "30", "50")}}
		if tc.paid != "" {
			r.Paid = eur(t, tc.paid)
		}
		if tc.authorised != "" {
			r.Authorised = eur(t, tc.authorised)
		}
		at := moment(t, tc.at)
		if got := r.outstanding(at, prop); got != eur(t, tc.open) {
			t.Errorf("%s: %v is open, want %s", tc.why, got, tc.open)
		}
		if got, want := r.covered(at, prop), tc.open == "0.00"; got != want {
			t.Errorf("%s: covered %v", tc.why, got)
		}
	}
	r := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", eur(t, "100.00"))
	if !r.covered(r.CreatedAt, prop) || r.outstanding(r.CreatedAt, prop) != eur(t, "0.00") {
		t.Error("without a policy something is due")
	}
}

// Amounts that cannot be added up are errors; they never count as covered.
func TestDepositBeyondTheLargestAmount(t *testing.T) {
	prop := hotel(t, "UTC")
	most, err := innards.FromMinor(innards.MaxMinor, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	two := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", most, most)
	fixed := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", most)
	received := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", eur(t, "1"))
	received.Paid, received.Authorised = most, most
	mixed := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", eur(t, "1"))
	mixed.Paid = amount(t, "1", "USD")
	night := stay(t, "2024-03-25T10:00:00Z", "2024-05-10", most, most, most.Neg())
	for why, tc := range map[string]struct {
		r       *Reservation
		deposit Deposit
		knows   bool // what is due
	}{
		"the total":            {two, Deposit{}, false},
		"the first two nights": {night, Deposit{Nights: 2}, false},
		"fixed and percent":    {fixed, Deposit{Fixed: eur(t, "1"), Percent: percent("100")}, false},
		"in instalments":       {two, Deposit{Percent: percent("100"), Instalments: instalments("20", "30", "50")}, false},
		"received":             {received, Deposit{}, true},
		"two currencies":       {mixed, Deposit{}, true},
	} {
		tc.r.GuaranteePolicy = &GuaranteePolicy{Deposit: tc.deposit}
		due, err := tc.r.depositDue(tc.r.CreatedAt, prop)
		if (err == nil) != tc.knows || err != nil && !errors.Is(err, innards.ErrMoney) {
			t.Errorf("%s: %v is due, %v", why, due, err)
		}
		if tc.r.covered(tc.r.CreatedAt, prop) {
			t.Errorf("%s: it is covered", why)
		}
		if got := tc.r.outstanding(tc.r.CreatedAt, prop); got != eur(t, "0") {
			t.Errorf("%s: %v is open", why, got)
		}
	}
}

func drawDeposit(t *rapid.T, c innards.Currency) Deposit {
	d := Deposit{Percent: drawPercent(t, "deposit percent"), Nights: rapid.IntRange(0, 8).Draw(t, "deposit nights")}
	if rapid.Bool().Draw(t, "fixed") {
		d.Fixed = drawAmount(t, "deposit fixed", c)
	}
	left := int64(1_000_000)
	for n := rapid.IntRange(0, 5).Draw(t, "instalments"); n > 0; n-- {
		part := left
		if n > 1 {
			part = rapid.Int64Range(0, left).Draw(t, "part")
		}
		left -= part
		i := Instalment{Percent: decimal.New(part, -maxPercentDecimals)}
		if days := ptr(rapid.IntRange(0, 60).Draw(t, "days")); rapid.Bool().Draw(t, "after booking") {
			i.DaysAfterBooking = days
		} else {
			i.DaysBeforeArrival = days
		}
		d.Instalments = append(d.Instalments, i)
	}
	return d
}

// The deposit is between nothing and the total, grows towards it, and all its instalments are the whole of it.
func TestDepositProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, prop := drawStay(t)
		r.GuaranteePolicy = &GuaranteePolicy{Methods: []Method{MethodCard}, AtDeadline: DeadlineNothing, Deposit: drawDeposit(t, prop.Currency)}
		if blockers := r.GuaranteePolicy.check("policy", prop.Currency); len(blockers) > 0 {
			t.Fatalf("the drawn policy is refused: %v", blockers)
		}
		total, err := r.Total()
		if err != nil {
			t.Fatal(err)
		}
		deposit, err := r.depositRequired()
		if err != nil || deposit.Sign() < 0 || deposit.Sign() > 0 && deposit.Cmp(total) > 0 || deposit.Currency() != prop.Currency {
			t.Fatalf("the deposit of %v is %v, %v", total, deposit, err)
		}
		last := r.nought()
		for _, at := range dueTimes(r, prop) {
			due, err := r.depositDue(at, prop)
			if err != nil || due.Cmp(last) < 0 {
				t.Fatalf("at %v %v is due after %v, %v", at, due, last, err)
			}
			if open := r.outstanding(at, prop); open != due || r.covered(at, prop) != (due.Sign() == 0) {
				t.Fatalf("at %v %v is open of %v", at, open, due)
			}
			last = due
		}
		if last != deposit {
			t.Fatalf("in the end %v of %v is due", last, deposit)
		}
	})
}

// dueTimes returns the creation and the time of every instalment, in order.
func dueTimes(r *Reservation, prop *Property) []time.Time {
	times := []time.Time{r.CreatedAt}
	for _, i := range r.GuaranteePolicy.Deposit.Instalments {
		times = append(times, i.due(r.CreatedAt, r.Arrival, prop))
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// Of two equal amounts the first is kept, so that the currency of nought is not lost to an amount without one.
func TestLargerAndSmallerKeepTheFirst(t *testing.T) {
	nought := eur(t, "0.00")
	if larger(nought, innards.Money{}) != nought || smaller(nought, innards.Money{}) != nought {
		t.Error("the currency is lost")
	}
}
