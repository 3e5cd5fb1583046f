package innards

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// A Currency is an ISO 4217 code, such as "EUR".
type Currency string

// currencies are the active ISO 4217 codes by the number of their minor units (ISO 4217 list one, 2025).
var currencies = [...]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
	2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW " +
		"CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR " +
		"ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV " +
		"MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD " +
		"SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
	3: "BHD IQD JOD KWD LYD OMR TND",
	4: "CLF UYW",
}

// MinorUnits returns the number of decimals of c, and whether c is an ISO 4217 code in use.
func (c Currency) MinorUnits() (digits int32, ok bool) {
	if len(c) != 3 || strings.ContainsRune(string(c), ' ') {
		return 0, false
	}
	for d, codes := range currencies {
		if strings.Contains(codes, string(c)) {
			return int32(d), true
		}
	}
	return 0, false
}

// MaxMinor is the largest amount of a [Money], in minor units, either sign.
const MaxMinor = 1_000_000_000_000_000

// ErrMoney is matched by every error of making or combining amounts.
var ErrMoney = errors.New("not a usable amount")

// maxExponent bounds the power of ten of a decimal, of either sign, that is computed with: 1e9999 is quickly sent, slowly
// computed with.
const maxExponent = 30

var errDigits = fmt.Errorf("%w: more digits than an amount can have", ErrMoney)

// Money is an amount in a currency. It holds a whole number of the currency's minor units, at most [MaxMinor]. Moneys
// are comparable with ==. The zero Money is no amount: it has no currency, and can be added to any.
type Money struct {
	minor    int64
	currency Currency
}

// NewMoney returns amount in currency. An amount with more decimals than the currency has is refused, not rounded: see
// [RoundMoney].
func NewMoney(amount decimal.Decimal, currency Currency) (Money, error) {
	digits, ok := currency.MinorUnits()
	if !ok {
		return Money{}, fmt.Errorf("%w: %q is not an ISO 4217 currency code", ErrMoney, currency)
	}
	if e := amount.Exponent(); e > maxExponent || e < -maxExponent {
		return Money{}, errDigits
	}
	minor := amount.Shift(digits)
	if !minor.IsInteger() {
		return Money{}, fmt.Errorf("%w: %s has more than the %d decimals of %s", ErrMoney, amount, digits, currency)
	}
	if minor.Abs().GreaterThan(decimal.New(MaxMinor, 0)) {
		return Money{}, fmt.Errorf("%w: %s is beyond the largest amount, %s", ErrMoney, amount, decimal.New(MaxMinor, -digits))
	}
	return Money{minor.IntPart(), currency}, nil
}

// RoundMoney is NewMoney after rounding half away from zero to the currency's minor unit, the commercial rounding.
func RoundMoney(amount decimal.Decimal, currency Currency) (Money, error) {
	if amount.Exponent() > maxExponent {
		return Money{}, errDigits
	}
	digits, _ := currency.MinorUnits()
	return NewMoney(amount.Round(digits), currency)
}

// ParseMoney reads a plain decimal number, such as "-12.50", without exponent, sign "+" or spaces.
func ParseMoney(amount string, currency Currency) (Money, error) {
	d, err := parsePlain(amount)
	if err != nil {
		return Money{}, err
	}
	return NewMoney(d, currency)
}

func parsePlain(s string) (decimal.Decimal, error) {
	whole, fraction, hasPoint := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !isDigits(whole, 16) || hasPoint && !isDigits(fraction, 4) {
		return decimal.Decimal{}, fmt.Errorf("%w: %.40q is not a plain decimal number such as 12.50", ErrMoney, s)
	}
	return decimal.NewFromString(s)
}

func isDigits(s string, most int) bool {
	return 0 < len(s) && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// FromMinor returns minor units in currency, as stores keep them.
func FromMinor(minor int64, currency Currency) (Money, error) {
	digits, _ := currency.MinorUnits()
	return NewMoney(decimal.New(minor, -digits), currency)
}

// Minor returns the amount in minor units, such as cents.
func (m Money) Minor() int64 { return m.minor }

// Currency returns the currency, "" for no amount.
func (m Money) Currency() Currency { return m.currency }

// Decimal returns the amount.
func (m Money) Decimal() decimal.Decimal {
	digits, _ := m.currency.MinorUnits()
	return decimal.New(m.minor, -digits)
}

// IsZero reports whether m is no amount, the zero Money; of nought euros it is false. JSON's omitzero goes by it, so that
// an amount of nought is kept. For nought, see [Money.Sign].
func (m Money) IsZero() bool { return m == Money{} }

// Sign returns -1, 0 or +1.
func (m Money) Sign() int { return cmp.Compare(m.minor, 0) }

// Neg returns -m.
func (m Money) Neg() Money { return Money{-m.minor, m.currency} }

// Add returns m + n. Both must have the same currency, or one of them none.
func (m Money) Add(n Money) (Money, error) {
	switch {
	case m.currency == "":
		m.currency = n.currency
	case n.currency != "" && n.currency != m.currency:
		return Money{}, fmt.Errorf("%w: %s cannot be added to %s", ErrMoney, n.currency, m.currency)
	}
	sum := m.minor + n.minor // cannot overflow: both are at most MaxMinor
	if sum > MaxMinor || sum < -MaxMinor {
		return Money{}, fmt.Errorf("%w: the sum is beyond the largest amount", ErrMoney)
	}
	return Money{sum, m.currency}, nil
}

// Sub returns m - n.
func (m Money) Sub(n Money) (Money, error) { return m.Add(n.Neg()) }

// Cmp returns -1, 0 or +1 as m is less than, equal to or greater than n. It compares amounts only; amounts of one
// record are in one currency.
func (m Money) Cmp(n Money) int { return cmp.Compare(m.minor, n.minor) }

// Amount returns the amount as text with all of the currency's decimals: "12.50".
func (m Money) Amount() string { return string(m.appendAmount(nil)) }

// appendAmount writes the amount without going through a decimal, since every stored document and answer has some.
func (m Money) appendAmount(b []byte) []byte {
	minor := m.minor
	if minor < 0 {
		b, minor = append(b, '-'), -minor
	}
	digits, _ := m.currency.MinorUnits()
	unit := [...]int64{1, 10, 100, 1000, 10000}[digits]
	b = strconv.AppendInt(b, minor/unit, 10)
	if digits == 0 {
		return b
	}
	fraction := strconv.FormatInt(minor%unit+unit, 10) // with a leading 1, so that it has all digits
	return append(append(b, '.'), fraction[1:]...)
}

// String returns amount and currency: "12.50 EUR".
func (m Money) String() string { return strings.TrimSuffix(m.Amount()+" "+string(m.currency), " ") }

// MarshalJSON implements json.Marshaler: {"amount":"12.50","currency":"EUR"}. No amount is null.
func (m Money) MarshalJSON() ([]byte, error) {
	if m.currency == "" {
		return []byte("null"), nil
	}
	b := append(make([]byte, 0, 48), `{"amount":"`...)
	b = append(m.appendAmount(b), `","currency":"`...)
	return append(append(b, m.currency...), `"}`...), nil
}

// UnmarshalJSON implements json.Unmarshaler. It accepts an object with an amount, as [ParseMoney] reads it, and a
// currency, both strings, in either order and layout, and nothing else: no other case of the names, no name twice.
func (m *Money) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*m = Money{}
		return nil
	}
	amount, currency, ok := cutMoney(string(data)) // what MarshalJSON writes, most often
	if !ok {
		var compact bytes.Buffer
		_ = json.Compact(&compact, data) // leaves nothing of what is not JSON
		if amount, currency, ok = cutMoney(compact.String()); !ok {
			return fmt.Errorf(`%w: an amount is {"amount":"12.50","currency":"EUR"}`, ErrMoney)
		}
	}
	parsed, err := ParseMoney(amount, Currency(currency))
	if err == nil {
		*m = parsed
	}
	return err
}

// cutMoney takes the two values out of an object without spaces.
func cutMoney(object string) (amount, currency string, ok bool) {
	if amount, currency, ok = cutFields(object, `{"amount":"`, `","currency":"`); !ok {
		currency, amount, ok = cutFields(object, `{"currency":"`, `","amount":"`)
	}
	return amount, currency, ok
}

// cutFields returns what is between first, second and the end of an object.
func cutFields(object, first, second string) (a, b string, ok bool) {
	rest, begins := strings.CutPrefix(object, first)
	a, rest, divided := strings.Cut(rest, second)
	b, ends := strings.CutSuffix(rest, `"}`)
	return a, b, begins && divided && ends
}

// Allocate splits m into parts in proportion to the weights, none lost: what remains after rounding each part towards
// zero goes to the last part. Without a positive weight it is an error.
func (m Money) Allocate(weights ...int64) ([]Money, error) {
	total := decimal.Zero
	for _, w := range weights {
		if w < 0 {
			return nil, fmt.Errorf("%w: a weight is negative", ErrMoney)
		}
		total = total.Add(decimal.NewFromInt(w))
	}
	if total.IsZero() {
		return nil, fmt.Errorf("%w: no weight to allocate by", ErrMoney)
	}
	parts, rest := make([]Money, len(weights)), m.minor
	for i, w := range weights {
		share, _ := decimal.NewFromInt(m.minor).Mul(decimal.NewFromInt(w)).QuoRem(total, 0)
		parts[i] = Money{share.IntPart(), m.currency}
		rest -= parts[i].minor
	}
	parts[len(parts)-1].minor += rest
	return parts, nil
}
