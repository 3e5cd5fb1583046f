package innards_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/innards-go/innards"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func money(t fataler, amount string, c innards.Currency) innards.Money {
	t.Helper()
	m, err := innards.ParseMoney(amount, c)
	if err != nil {
		t.Fatalf("money: %v", err)
	}
	return m
}

func minor(t fataler, n int64, c innards.Currency) innards.Money {
	t.Helper()
	m, err := innards.FromMinor(n, c)
	if err != nil {
		t.Fatalf("money: %v", err)
	}
	return m
}

var someCurrencies = []innards.Currency{"EUR", "JPY", "KWD", "CLF", "ZWG", "BIF", "AED", "XPF", "TND", "UYW", "BHD"}

func drawMoney(t *rapid.T, name string, c innards.Currency) innards.Money {
	return minor(t, rapid.Int64Range(-innards.MaxMinor, innards.MaxMinor).Draw(t, name), c)
}

func TestCurrencyMinorUnits(t *testing.T) {
	for c, want := range map[innards.Currency]int32{"EUR": 2, "USD": 2, "BGN": 2, "AED": 2, "ZWG": 2, "JPY": 0, "BIF": 0, "XPF": 0,
		"ISK": 0, "KRW": 0, "KWD": 3, "BHD": 3, "TND": 3, "IQD": 3, "CLF": 4, "UYW": 4} {
		if digits, ok := c.MinorUnits(); !ok || digits != want {
			t.Errorf("%s has %d, %v", c, digits, ok)
		}
	}
	for _, c := range []innards.Currency{"", "EU", "EURO", "eur", "XXX", "HRK", "EUR ", " EU", "R U", "UR ", "E\x00R", "€"} {
		if digits, ok := c.MinorUnits(); ok || digits != 0 {
			t.Errorf("%q has %d, %v", c, digits, ok)
		}
	}
}

func TestNewMoney(t *testing.T) {
	for _, tc := range []struct {
		amount   string
		currency innards.Currency
		want     string // "": refused
	}{
		{"12.5", "EUR", "12.50 EUR"}, {"12.500", "EUR", "12.50 EUR"}, {"-0.01", "EUR", "-0.01 EUR"}, {"0", "EUR", "0.00 EUR"},
		{"-0", "EUR", "0.00 EUR"}, {"1200", "JPY", "1200 JPY"}, {"1.200", "KWD", "1.200 KWD"}, {"0.0001", "CLF", "0.0001 CLF"},
		{"1e3", "JPY", "1000 JPY"}, {"10000000000000", "EUR", "10000000000000.00 EUR"}, {"-10000000000000", "EUR", "-10000000000000.00 EUR"},
		{"1000000000000", "KWD", "1000000000000.000 KWD"}, {"1000000000000000", "JPY", "1000000000000000 JPY"},
		{"12.505", "EUR", ""}, {"0.1", "JPY", ""}, {"0.0001", "KWD", ""}, {"10000000000000.01", "EUR", ""},
		{"-10000000000000.01", "EUR", ""}, {"1000000000000001", "JPY", ""}, {"1e9999", "EUR", ""}, {"1e-9999", "EUR", ""},
		{"0e30", "JPY", "0 JPY"}, {"0e31", "JPY", ""}, {"0e-30", "JPY", "0 JPY"}, {"0e-31", "JPY", ""},
		{"1", "XXX", ""}, {"1", "", ""}, {"1", "eur", ""},
	} {
		got, err := innards.NewMoney(decimal.RequireFromString(tc.amount), tc.currency)
		if tc.want == "" {
			if !errors.Is(err, innards.ErrMoney) || got != (innards.Money{}) {
				t.Errorf("%s %s is %v, %v", tc.amount, tc.currency, got, err)
			}
			continue
		}
		if err != nil || got.String() != tc.want {
			t.Errorf("%s %s is %v, %v, want %s", tc.amount, tc.currency, got, err, tc.want)
		}
	}
}

func TestMoneySaysHowLarge(t *testing.T) {
	_, err := innards.NewMoney(decimal.New(1, 14), "EUR")
	if want := "not a usable amount: 100000000000000 is beyond the largest amount, 10000000000000"; err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

func TestRoundMoney(t *testing.T) {
	for _, tc := range []struct {
		amount   string
		currency innards.Currency
		want     string
	}{
		{"0.005", "EUR", "0.01"}, {"0.0049999999999999999999999999999999", "EUR", "0.00"}, {"-0.005", "EUR", "-0.01"},
		{"-0.0049", "EUR", "0.00"}, {"0.015", "EUR", "0.02"}, {"0.5", "JPY", "1"}, {"1.5", "JPY", "2"}, {"-2.5", "JPY", "-3"},
		{"0.0005", "KWD", "0.001"}, {"1.00049", "KWD", "1.000"}, {"0.00005", "CLF", "0.0001"}, {"0e30", "JPY", "0"},
	} {
		got, err := innards.RoundMoney(decimal.RequireFromString(tc.amount), tc.currency)
		if err != nil || got.Amount() != tc.want || got.Currency() != tc.currency {
			t.Errorf("%s %s is rounded to %v, %v, want %s", tc.amount, tc.currency, got, err, tc.want)
		}
	}
	for _, amount := range []string{"1e9999", "0e31", "10000000000000.005"} {
		if got, err := innards.RoundMoney(decimal.RequireFromString(amount), "EUR"); !errors.Is(err, innards.ErrMoney) {
			t.Errorf("%s is rounded to %v, %v", amount, got, err)
		}
	}
	if _, err := innards.RoundMoney(decimal.RequireFromString("1.5"), "XXX"); !errors.Is(err, innards.ErrMoney) {
		t.Errorf("an unknown currency gives %v", err)
	}
}

func TestParseMoney(t *testing.T) {
	for amount, want := range map[string]int64{"0": 0, "12.50": 1250, "12.5": 1250, "-12.5000": -1250, "-0.00": 0, "007": 700,
		"0000000000000001": 100} {
		got, err := innards.ParseMoney(amount, "EUR")
		if err != nil || got.Minor() != want || got.Currency() != "EUR" {
			t.Errorf("%s is read as %v, %v", amount, got, err)
		}
	}
	for _, bad := range []string{"", "-", ".", "1.", ".5", "+1", "1e2", " 1", "1 ", "1,5", "0x1", "١", "--1", "1.00000",
		"00000000000000001", "1.2.3", "1_0", "NaN", "Infinity", "1.005", "1.-5"} {
		if got, err := innards.ParseMoney(bad, "EUR"); !errors.Is(err, innards.ErrMoney) {
			t.Errorf("%q is read as %v, %v", bad, got, err)
		}
	}
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"12.50", "-0.01", "1000000000000000", "1e5", "", "-", "0.0001"} {
		f.Add(s, "EUR")
		f.Add(s, "JPY")
	}
	f.Fuzz(func(t *testing.T, amount, currency string) {
		m, err := innards.ParseMoney(amount, innards.Currency(currency))
		if err != nil {
			if !errors.Is(err, innards.ErrMoney) {
				t.Errorf("the error is %v", err)
			}
			return
		}
		if !m.Decimal().Equal(decimal.RequireFromString(amount)) {
			t.Errorf("%q is read as %v", amount, m)
		}
		again, err := innards.ParseMoney(m.Amount(), m.Currency())
		if err != nil || again != m {
			t.Errorf("%v is read back as %v, %v", m, again, err)
		}
	})
}

func TestMoneyZero(t *testing.T) {
	var none innards.Money
	if !none.IsZero() || none.Sign() != 0 || none.Currency() != "" || none.String() != "0" || none.Amount() != "0" {
		t.Errorf("no amount is %v", none)
	}
	one := money(t, "1.00", "EUR")
	if sum, err := none.Add(one); err != nil || sum != one {
		t.Errorf("none + %v = %v, %v", one, sum, err)
	}
	if sum, err := one.Add(none); err != nil || sum != one {
		t.Errorf("%v + none = %v, %v", one, sum, err)
	}
	if sum, err := none.Sub(one); err != nil || sum != one.Neg() {
		t.Errorf("none - %v = %v, %v", one, sum, err)
	}
	if sum, err := none.Add(none); err != nil || sum != none {
		t.Errorf("none + none = %v, %v", sum, err)
	}
}

func TestMoneyArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(someCurrencies).Draw(t, "currency")
		a, b := drawMoney(t, "a", c), drawMoney(t, "b", c)
		checkSum(t, "sum", a, b, a.Minor()+b.Minor(), a.Add)
		checkSum(t, "difference", a, b, a.Minor()-b.Minor(), a.Sub)
		if got := a.Neg(); got.Minor() != -a.Minor() || got.Currency() != c {
			t.Fatalf("-(%v) = %v", a, got)
		}
		digits, _ := c.MinorUnits()
		if !a.Decimal().Equal(decimal.New(a.Minor(), -digits)) {
			t.Fatalf("%d minor units are %v", a.Minor(), a.Decimal())
		}
		if again, err := innards.NewMoney(a.Decimal(), c); err != nil || again != a {
			t.Fatalf("%v is %v, %v again", a, again, err)
		}
		want := decimal.NewFromInt(a.Minor()).Cmp(decimal.NewFromInt(b.Minor()))
		if a.Cmp(b) != want || b.Cmp(a) != -want || a.Cmp(a) != 0 {
			t.Fatalf("%v and %v compare as %d", a, b, a.Cmp(b))
		}
		if a.Sign() != decimal.NewFromInt(a.Minor()).Sign() || a.IsZero() != (a == innards.Money{}) {
			t.Fatalf("%v has sign %d, is zero %v", a, a.Sign(), a.IsZero())
		}
	})
}

// checkSum checks that the operation gives want minor units, or an error if they are beyond the largest amount.
func checkSum(t *rapid.T, name string, a, b innards.Money, want int64, op func(innards.Money) (innards.Money, error)) {
	got, err := op(b)
	if beyond := want > innards.MaxMinor || want < -innards.MaxMinor; beyond {
		if !errors.Is(err, innards.ErrMoney) || got != (innards.Money{}) {
			t.Fatalf("%s of %v and %v is %v, %v", name, a, b, got, err)
		}
		return
	}
	if err != nil || got.Minor() != want || got.Currency() != a.Currency() {
		t.Fatalf("%s of %v and %v is %v, %v", name, a, b, got, err)
	}
}

func TestMoneyLimits(t *testing.T) {
	most, least, cent := minor(t, innards.MaxMinor, "EUR"), minor(t, -innards.MaxMinor, "EUR"), minor(t, 1, "EUR")
	if _, err := innards.FromMinor(innards.MaxMinor+1, "EUR"); !errors.Is(err, innards.ErrMoney) {
		t.Errorf("more than the most: %v", err)
	}
	if _, err := innards.FromMinor(math.MinInt64, "EUR"); !errors.Is(err, innards.ErrMoney) {
		t.Errorf("less than the least: %v", err)
	}
	if _, err := most.Add(cent); !errors.Is(err, innards.ErrMoney) {
		t.Errorf("a cent more than the most: %v", err)
	}
	if _, err := least.Sub(cent); !errors.Is(err, innards.ErrMoney) {
		t.Errorf("a cent less than the least: %v", err)
	}
	if got, err := most.Add(least); err != nil || got.Sign() != 0 || got.IsZero() {
		t.Errorf("the most and the least is %v, %v", got, err)
	}
	almost := minor(t, innards.MaxMinor-1, "EUR")
	if got, err := almost.Add(cent); err != nil || got != most {
		t.Errorf("up to the most is %v, %v", got, err)
	}
	if got, err := almost.Neg().Sub(cent); err != nil || got != least {
		t.Errorf("down to the least is %v, %v", got, err)
	}
	if _, err := cent.Add(minor(t, 1, "USD")); !errors.Is(err, innards.ErrMoney) {
		t.Errorf("two currencies: %v", err)
	}
	for _, c := range []innards.Currency{"", "XXX"} {
		if got, err := innards.FromMinor(1, c); !errors.Is(err, innards.ErrMoney) || got != (innards.Money{}) {
			t.Errorf("currency %q: %v, %v", c, got, err)
		}
	}
}

func TestMoneySignIsOne(t *testing.T) {
	if s := minor(t, 250, "EUR").Sign(); s != 1 {
		t.Errorf("positive: %d", s)
	}
	if s := minor(t, -250, "EUR").Sign(); s != -1 {
		t.Errorf("negative: %d", s)
	}
}

func TestMoneyJSON(t *testing.T) {
	type bill struct {
		Fee, Cap innards.Money
	}
	want := bill{Fee: money(t, "12.50", "EUR")}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"Fee":{"amount":"12.50","currency":"EUR"},"Cap":null}` {
		t.Fatalf("JSON is %s, %v", text, err)
	}
	got := bill{Cap: money(t, "1", "JPY")}
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("read back as %v, %v", got, err)
	}
	for _, good := range []string{
		`{"currency":"EUR","amount":"12.50"}`, ` { "amount" : "12.5" , "currency" : "EUR" } `, "{\n\t\"currency\": \"EUR\",\n\t\"amount\": \"12.500\"\n}",
	} {
		var m innards.Money
		if err := m.UnmarshalJSON([]byte(good)); err != nil || m != want.Fee {
			t.Errorf("%s is read as %v, %v", good, m, err)
		}
	}
}

func TestMoneyJSONRefused(t *testing.T) {
	for why, bad := range map[string]string{
		"a number":                    `12.50`,
		"a number as amount":          `{"amount":12.50,"currency":"EUR"}`,
		"a string":                    `"12.50 EUR"`,
		"no currency":                 `{"amount":"12.50"}`,
		"no amount":                   `{"currency":"EUR"}`,
		"another case":                `{"Amount":"12.50","currency":"EUR"}`,
		"another case, reversed":      `{"currency":"EUR","AMOUNT":"12.50"}`,
		"a name twice":                `{"amount":"12.50","amount":"1","currency":"EUR"}`,
		"a name twice at the end":     `{"amount":"12.50","currency":"EUR","currency":"USD"}`,
		"a name twice, reversed":      `{"currency":"EUR","amount":"12.50","amount":"13"}`,
		"a further name":              `{"amount":"12.50","currency":"EUR","rate":"1"}`,
		"null as amount":              `{"amount":null,"currency":"EUR"}`,
		"an array":                    `[]`,
		"an empty object":             `{}`,
		"an exponent":                 `{"amount":"1e2","currency":"EUR"}`,
		"an unknown currency":         `{"amount":"1","currency":"XXX"}`,
		"too many decimals":           `{"amount":"1.001","currency":"EUR"}`,
		"something after it":          `{"amount":"1","currency":"EUR"} 2`,
		"not the end of an object":    `{"amount":"1","currency":"EUR"`,
		"an escape":                   `{"amount":"1","currency":"E\u0055R"}`,
		"an empty text":               ``,
		"spaces within the amount":    `{"amount":" 1","currency":"EUR"}`,
		"a quote within the currency": `{"amount":"1","currency":"EUR\""}`,
	} {
		m := money(t, "1", "JPY")
		if err := m.UnmarshalJSON([]byte(bad)); !errors.Is(err, innards.ErrMoney) || m != money(t, "1", "JPY") {
			t.Errorf("%s: %s is read as %v, %v", why, bad, m, err)
		}
	}
}

func FuzzMoneyJSON(f *testing.F) {
	for _, s := range []string{`{"amount":"12.50","currency":"EUR"}`, `{"currency":"JPY","amount":"1000000000000000"}`, `null`,
		`{"amount":"1","Currency":"EUR"}`, `{"amount":"-0.0001","currency":"CLF"}`, `[]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m innards.Money
		if err := json.Unmarshal(data, &m); err != nil {
			return
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var again innards.Money
		if err := json.Unmarshal(text, &again); err != nil || again != m {
			t.Errorf("%s is read back as %v, %v", text, again, err)
		}
		var fields map[string]string // the standard library's reading of the same text
		if err := json.Unmarshal(data, &fields); m.Currency() != "" && (err != nil || fields["currency"] != string(m.Currency()) || len(fields) != 2) {
			t.Errorf("%s is read as %v", data, m)
		}
	})
}

func TestMoneyJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMoney(t, "m", rapid.SampledFrom(someCurrencies).Draw(t, "currency"))
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var again innards.Money
		if err := json.Unmarshal(text, &again); err != nil || again != m {
			t.Fatalf("%s is read back as %v, %v", text, again, err)
		}
	})
	for _, c := range someCurrencies {
		for _, m := range []innards.Money{minor(t, innards.MaxMinor, c), minor(t, -innards.MaxMinor, c)} {
			text, _ := json.Marshal(m)
			var again innards.Money
			if err := json.Unmarshal(text, &again); err != nil || again != m {
				t.Errorf("%s is read back as %v, %v", text, again, err)
			}
		}
	}
}
