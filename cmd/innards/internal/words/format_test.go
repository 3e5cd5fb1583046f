package words_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func load(t testing.TB) *words.Catalogue {
	t.Helper()
	c, err := words.Load()
	if err != nil {
		t.Fatalf("loading the texts: %v", err)
	}
	return c
}

// plain has ordinary spaces in the place of those that do not break.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestFormats(t *testing.T) {
	sofia, err := time.LoadLocation("Europe/Sofia")
	if err != nil {
		t.Fatal(err)
	}
	day := innards.NewDate(2026, time.November, 24)
	noon := time.Date(2026, time.November, 24, 22, 30, 0, 0, time.UTC)
	type formats struct {
		Number, Small, Amount, Minus, Whole, Money, Plain, Date, Day, Full, Text, Moment, Instant, Month string
	}
	for language, want := range map[string]formats{
		"en": {
			"1,234,567", "1234", "12,345.60", "−0.50", "1,234,567", "-", "12345.60", "Tue 24 Nov 2026", "24 Nov", "Tuesday 24 November 2026",
			"24 November 2026", "25 November 2026 at 00:30", "Wed 25 Nov 2026, 00:30", "November",
		},
		"es": {
			"1.234.567", "1234", "12.345,60", "−0,50", "1.234.567", "-", "12345,60", "mar 24 nov 2026", "24 nov", "martes, 24 de noviembre de 2026",
			"24 de noviembre de 2026", "25 de noviembre de 2026 a las 00:30", "mié 25 nov 2026, 00:30", "noviembre",
		},
		"da": {
			"1.234.567", "1234", "12.345,60", "−0,50", "1.234.567", "-", "12345,60", "tirs 24. nov. 2026", "24. nov.", "tirsdag den 24. november 2026",
			"24. november 2026", "25. november 2026 kl. 00:30", "ons 25. nov. 2026, 00:30", "november",
		},
		"bg": {
			"1 234 567", "1234", "12 345,60", "−0,50", "1 234 567", "-", "12345,60", "вт, 24 ное 2026 г.", "24 ное", "вторник, 24 ноември 2026 г.",
			"24 ноември 2026 г.", "25 ноември 2026 г. в 00:30 часа", "ср, 25 ное 2026 г., 00:30", "ноември",
		},
		"ru": {
			"1 234 567", "1234", "12 345,60", "−0,50", "1 234 567", "-", "12345,60", "вт, 24 нояб. 2026 г.", "24 нояб.", "вторник, 24 ноября 2026 г.",
			"24 ноября 2026 г.", "25 ноября 2026 г. в 00:30", "ср, 25 нояб. 2026 г., 00:30", "ноябрь",
		},
	} {
		t.Run(language, func(t *testing.T) {
			p := load(t).In(language)
			euro := reservationtest.Euro
			want.Money = want.Amount + " EUR"
			got := formats{
				p.Number(1234567), p.Number(1234), p.Amount(euro(1234560)), p.Amount(euro(-50)), p.Amount(reservationtest.Amount(1234567, "JPY")),
				p.Money(euro(1234560)), p.Plain(euro(1234560)), p.Date(day), p.Day(day), p.DateInFull(day),
				p.DateInText(day), p.Moment(noon, sofia), p.Instant(noon, sofia), p.Month(time.November),
			}
			for _, s := range []*string{&got.Number, &got.Amount, &got.Whole, &got.Money} {
				*s = plain(*s)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNothingToFormat(t *testing.T) {
	p := load(t).In("en")
	for name, got := range map[string]string{
		"money": p.Money(innards.Money{}), "date": p.Date(innards.Date{}), "day": p.Day(innards.Date{}), "full": p.DateInFull(innards.Date{}),
		"text": p.DateInText(innards.Date{}), "moment": p.Moment(time.Time{}, time.UTC), "instant": p.Instant(time.Time{}, time.UTC),
	} {
		if got != "—" {
			t.Errorf("no %s is %q", name, got)
		}
	}
	if got := p.Plain(innards.Money{}); got != "" {
		t.Errorf("no amount to edit is %q", got)
	}
}

func TestPlurals(t *testing.T) {
	for language, want := range map[string]map[int]string{
		"en": {0: "0 nights", 1: "1 night", 2: "2 nights", 21: "21 nights", 1000000: "1,000,000 nights"},
		"es": {1: "1 noche", 2: "2 noches", 1000000: "1.000.000 noches"},
		"da": {0: "0 nætter", 1: "1 nat", 2: "2 nætter"},
		"bg": {0: "0 нощувки", 1: "1 нощувка", 2: "2 нощувки", 21: "21 нощувки"},
		"ru": {0: "0 ночей", 1: "1 ночь", 2: "2 ночи", 5: "5 ночей", 11: "11 ночей", 12: "12 ночей", 21: "21 ночь", 22: "22 ночи", 111: "111 ночей"},
	} {
		p := load(t).In(language)
		for n, said := range want {
			if got := p.Say("document.nights", "n", n); plain(got) != said {
				t.Errorf("%s: %d is %q, not %q", language, n, got, said)
			}
		}
	}
}

func TestParseAmount(t *testing.T) {
	type typed map[string]string
	everywhere := typed{
		"12": "12", "12.5": "12.5", "12.50": "12.50", "0": "0", "1234": "1234", "1234567.89": "1234567.89", " 7 ": "7", "-3": "-3", "−3.20": "-3.20",
		"- 3": "-3", "1 234": "1234", "1\u00a0234.50": "1234.50", "12\u202f345": "12345", "12.1234": "12.1234",
		// what is no amount
		"": "", "-": "", ".": "", ",": "", ".5": "", "5.": "", "5,": "", "--5": "", "+5": "", "1e3": "", "0x10": "", "1_000": "", "12 EUR": "", "a": "", "٣": "",
		"1.2.3": "", "1,2,3": "", "1 23": "", "1 2345": "", "1234 567": "", "0 123": "", "1,234 567": "", "1.234 567": "", "1,2.3,4": "", "1'234": "", "1 .5": "", "1 ,5": "", "1\n234": "", "1 .": "",
		"12,34,567": "", "12.34.567": "",
	}
	comma := typed{"12,5": "12.5", "1234,567": "1234.567", "0,123": "0.123", "1,234": "1.234", "1.234": "", "12.345": "", "1234.567": "", "-1.234": "", "1 234,50": "1234.50", "1,234.50": ""}
	pointed := typed{"1.234,50": "1234.50", "1.234.567": "1234567", "1.234.567,8": "1234567.8", "1234.567,8": "", "0.123,4": ""}
	spaced := typed{"1.234,50": "", "1.234.567": ""}
	for language, tables := range map[string][]typed{
		"en": {everywhere, {"1,234": "1234", "1,234.50": "1234.50", "1,234,567.8": "1234567.8", "1,50": "", "12,5": "", "1.234": "1.234", "0,123": "", "1.234,50": "", "1234,567": ""}},
		"es": {everywhere, comma, pointed},
		"da": {everywhere, comma, pointed},
		"bg": {everywhere, comma, spaced},
		"ru": {everywhere, comma, spaced},
	} {
		p := load(t).In(language)
		for _, table := range tables {
			for in, want := range table {
				if got := p.ParseAmount(in); got != want {
					t.Errorf("%s: %q is read as %q, not %q", language, in, got, want)
				}
			}
		}
	}
}

// TestAmountsComeBack reads what is shown: as the same amount or, where a point divides groups and nothing tells so, not.
func TestAmountsComeBack(t *testing.T) {
	for _, language := range []string{"en", "es", "da", "bg", "ru"} {
		p := load(t).In(language)
		for _, c := range []innards.Currency{"EUR", "JPY", "KWD", "CLF"} {
			for _, minor := range []int64{0, 1, 10, 99, 100, 999, 1000, 1234, 12345, 123456, 1234567, 99999999999, -1, -1050, -1234567} {
				m := reservationtest.Amount(minor, c)
				if got := p.ParseAmount(p.Plain(m)); got != m.Amount() {
					t.Errorf("%s: %v is put in the form as %q and read as %q", language, m, p.Plain(m), got)
				}
				if got := p.ParseAmount(p.Amount(m)); got != m.Amount() && (c != "JPY" || got != "") {
					t.Errorf("%s: %v is shown as %q and read as %q", language, m, p.Amount(m), got)
				}
			}
		}
	}
}

// readings returns all that a text could mean to somebody who writes a point or a comma before the decimals and divides
// groups by the other, by spaces or not at all.
func readings(s string) (all []string) {
	digits := strings.Replace(strings.TrimSpace(s), "−", "-", 1)
	for _, of := range []struct{ pattern, group, decimal string }{
		{`^-?\s*[0-9]+(\.[0-9]+)?$`, "", "."}, {`^-?\s*[0-9]+(,[0-9]+)?$`, "", ","},
		{`^-?\s*[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`, ",", "."}, {`^-?\s*[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?$`, ".", ","},
		{`^-?\s*[0-9]{1,3}(\p{Zs}+[0-9]{3})+(\.[0-9]+)?$`, "", "."}, {`^-?\s*[0-9]{1,3}(\p{Zs}+[0-9]{3})+(,[0-9]+)?$`, "", ","},
	} {
		if regexp.MustCompile(of.pattern).MatchString(digits) {
			read := strings.Join(strings.Fields(digits), "")
			if of.group != "" {
				read = strings.ReplaceAll(read, of.group, "")
			}
			all = append(all, strings.Replace(read, of.decimal, ".", 1))
		}
	}
	return all
}

// FuzzParseAmount says that what is read is one of the readings; that it is the only one, but for a comma where the
// language itself says what it is; and that it is a number that amounts are made of.
func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"", "12.50", "1.234", "1,234", "1.234,50", "1,234.50", "1 234", "−5", "1.234.567", "0,5", "١٢", "1e9"} {
		f.Add(seed)
	}
	c := load(f)
	number := regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	f.Fuzz(func(t *testing.T, typed string) {
		for _, tag := range words.Languages() {
			got := c.In(tag.String()).ParseAmount(typed)
			if got == "" {
				continue
			}
			if !number.MatchString(got) {
				t.Errorf("%s: %q is read as %q, which is no number", tag, typed, got)
			}
			found := false
			for _, reading := range readings(typed) {
				found = found || reading == got
				if reading != got && !strings.Contains(typed, ",") && tag.String() != "en" {
					t.Errorf("%s: %q is read as %q and could be %q", tag, typed, got, reading)
				}
			}
			if !found {
				t.Errorf("%s: %q is read as %q, which it does not say", tag, typed, got)
			}
		}
	})
}

func TestWrap(t *testing.T) {
	fits := func(l string) bool { return len(l) <= 10 }
	for in, want := range map[string][]string{
		"":                          nil,
		"  one\ttwo \n three  ":     {"one two", "three"},
		"aword thatisfartoolong to": {"aword", "thatisfartoolong", "to"},
		"twelve 1\u00a02":           {"twelve", "1\u00a02"},
	} {
		if diff := cmp.Diff(want, words.Wrap(in, fits)); diff != "" {
			t.Errorf("%q:\n%s", in, diff)
		}
	}
}
