package reservation

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
)

// quoted returns the fee and rule of a quote as text.
func quoted(t fataler, r *Reservation, at time.Time, kind Occupancy, prop *Property) string {
	t.Helper()
	q, err := r.Quote(at, kind, prop)
	if err != nil {
		t.Fatalf("quote: %v", err)
	}
	if !q.At.Equal(at) {
		t.Fatalf("the quote of %v is for %v", at, q.At)
	}
	return q.Fee.Amount() + " " + q.Rule
}

// Every kind of fee from every anchor: nothing until the second before, the fee from the very second on.
func TestQuoteEveryFeeFromEveryAnchor(t *testing.T) {
	prop := hotel(t, "Europe/Sofia")
	anchors := []struct {
		tier Tier
		from string
	}{
		{Tier{From: AnchorCreation, Days: 2, Hours: 3}, "2024-03-03T13:00:00Z"},
		{Tier{From: AnchorArrival, Days: 2, Hours: 3}, "2024-05-08T08:00:00Z"},
		{Tier{From: AnchorArrivalDate, Days: 2, Hours: 3, DropTime: 18 * 60}, "2024-05-08T12:00:00Z"},
	}
	fees := []struct {
		fee  FeeRule
		want string
	}{
		{FeeRule{Kind: FeeNone}, "0.00"},
		{FeeRule{Kind: FeeFlat, Flat: eur(t, "12.34")}, "12.34"},
		{FeeRule{Kind: FeePercent, Percent: percent("33.3333")}, "110.00"}, // of 330.01
		{FeeRule{Kind: FeeNights, Nights: 2}, "210.01"},
		{FeeRule{Kind: FeeFull}, "330.01"},
	}
	for _, a := range anchors {
		for _, f := range fees {
			r := stay(t, "2024-03-01T10:00:00Z", "2024-05-10", eur(t, "100.01"), eur(t, "110.00"), eur(t, "120.00"))
			a.tier.Fee = f.fee
			r.CancellationPolicy = &CancellationPolicy{Tiers: []Tier{a.tier}}
			from := moment(t, a.from)
			for _, kind := range []Occupancy{Cancelled, NoShow} {
				if got := quoted(t, r, from.Add(-time.Second), kind, prop); got != "0.00 before_tiers" {
					t.Errorf("%s from %s, a second before: %s", f.fee.Kind, a.tier.From, got)
				}
				if got, want := quoted(t, r, from, kind, prop), f.want+" tier 1"; got != want {
					t.Errorf("%s from %s: %s, want %s", f.fee.Kind, a.tier.From, got, want)
				}
			}
		}
	}
}

// Local times of tiers and windows in zones far from UTC, on leap days and when the clocks change.
func TestTierInstant(t *testing.T) {
	for _, tc := range []struct {
		why, zone, created, arrival string
		tier                        Tier
		want                        string
	}{
		{"arrival instant", "Europe/Sofia", "2024-01-01T00:00:00Z", "2024-05-10", Tier{From: AnchorArrival}, "2024-05-10T11:00:00Z"},
		{"days before keep the hour over the change to summer", "Europe/Sofia", "2024-01-01T00:00:00Z", "2024-04-01", Tier{From: AnchorArrival, Days: 2}, "2024-03-30T12:00:00Z"},
		{"hours before elapse over it", "Europe/Sofia", "2024-01-01T00:00:00Z", "2024-04-01", Tier{From: AnchorArrival, Hours: 48}, "2024-03-30T11:00:00Z"},
		{"days before keep the hour over the change to winter", "America/New_York", "2024-01-01T00:00:00Z", "2024-11-04", Tier{From: AnchorArrival, Days: 2}, "2024-11-02T18:00:00Z"},
		{"hours before elapse over it, too", "America/New_York", "2024-01-01T00:00:00Z", "2024-11-04", Tier{From: AnchorArrival, Hours: 48}, "2024-11-02T19:00:00Z"},
		{"drop time in a gap: its end", "Europe/Sofia", "2024-01-01T00:00:00Z", "2024-04-01", Tier{From: AnchorArrivalDate, Days: 1, DropTime: 3*60 + 30}, "2024-03-31T01:00:00Z"},
		{"drop time in an overlap: the first", "Europe/Sofia", "2024-01-01T00:00:00Z", "2024-10-28", Tier{From: AnchorArrivalDate, Days: 1, DropTime: 3*60 + 30}, "2024-10-27T00:30:00Z"},
		{"drop time at a midnight that does not exist", "America/Sao_Paulo", "2018-01-01T00:00:00Z", "2018-11-04", Tier{From: AnchorArrivalDate}, "2018-11-04T03:00:00Z"},
		{"drop time 00:00", "Pacific/Kiritimati", "2024-01-01T00:00:00Z", "2024-05-10", Tier{From: AnchorArrivalDate, Days: 1}, "2024-05-08T10:00:00Z"},
		{"drop time 24:00", "Pacific/Kiritimati", "2024-01-01T00:00:00Z", "2024-05-10", Tier{From: AnchorArrivalDate, Days: 1, DropTime: 24 * 60}, "2024-05-09T10:00:00Z"},
		{"drop time 24:00 in the far west", "Pacific/Pago_Pago", "2024-01-01T00:00:00Z", "2024-05-10", Tier{From: AnchorArrivalDate, DropTime: 24 * 60}, "2024-05-11T11:00:00Z"},
		{"drop time half an hour off", "Australia/Lord_Howe", "2024-01-01T00:00:00Z", "2024-05-10", Tier{From: AnchorArrivalDate, DropTime: 18 * 60}, "2024-05-10T07:30:00Z"},
		{"a leap day before", "UTC", "2024-01-01T00:00:00Z", "2024-03-01", Tier{From: AnchorArrivalDate, Days: 1, DropTime: 18 * 60}, "2024-02-29T18:00:00Z"},
		{"arrival on a leap day, a year before", "UTC", "2022-01-01T00:00:00Z", "2024-02-29", Tier{From: AnchorArrivalDate, Days: 366, DropTime: 18 * 60}, "2023-02-28T18:00:00Z"},
		{"days after the creation keep the hour", "Europe/Sofia", "2024-03-30T10:20:30Z", "2024-05-10", Tier{From: AnchorCreation, Days: 1}, "2024-03-31T09:20:30Z"},
		{"hours after the creation elapse", "Europe/Sofia", "2024-03-30T10:20:30Z", "2024-05-10", Tier{From: AnchorCreation, Hours: 24}, "2024-03-31T10:20:30Z"},
		{"days first, then hours", "Europe/Sofia", "2024-03-30T01:30:00Z", "2024-05-10", Tier{From: AnchorCreation, Days: 1, Hours: 1}, "2024-03-31T02:00:00Z"},
		{"at the creation", "Europe/Sofia", "2024-10-27T01:30:00Z", "2024-11-10", Tier{From: AnchorCreation}, "2024-10-27T01:30:00Z"},
		{"the day that was skipped", "Pacific/Apia", "2011-12-01T00:00:00Z", "2011-12-31", Tier{From: AnchorArrivalDate, Days: 1, DropTime: 18 * 60}, "2011-12-30T10:00:00Z"},
	} {
		r := stay(t, tc.created, tc.arrival)
		if got := tc.tier.instant(r, hotel(t, tc.zone)); !got.Equal(moment(t, tc.want)) {
			t.Errorf("%s: %v, want %s", tc.why, got.UTC(), tc.want)
		}
	}
}

func TestFeeAmounts(t *testing.T) {
	nights := func(c innards.Currency, prices ...string) (out []innards.Money) {
		for _, p := range prices {
			out = append(out, amount(t, p, c))
		}
		return out
	}
	for _, tc := range []struct {
		why    string
		c      innards.Currency
		prices []string
		policy CancellationPolicy
		fee    FeeRule
		want   string
	}{
		{"percent of yen is rounded half away from zero", "JPY", []string{"1001"}, CancellationPolicy{}, FeeRule{Kind: FeePercent, Percent: percent("50")}, "501"},
		{"percent of dinars has three decimals", "KWD", []string{"1.001"}, CancellationPolicy{}, FeeRule{Kind: FeePercent, Percent: percent("50")}, "0.501"},
		{"a percentage is rounded once, not per night", "EUR", []string{"0.05", "0.05"}, CancellationPolicy{}, FeeRule{Kind: FeePercent, Percent: percent("50")}, "0.05"},
		{"just below the half", "EUR", []string{"0.99"}, CancellationPolicy{}, FeeRule{Kind: FeePercent, Percent: percent("50.5049")}, "0.50"},
		{"all", "EUR", []string{"10.00", "20.00"}, CancellationPolicy{}, FeeRule{Kind: FeePercent, Percent: percent("100")}, "30.00"},
		{"nothing", "EUR", []string{"10.00", "20.00"}, CancellationPolicy{}, FeeRule{Kind: FeePercent}, "0.00"},
		{"the first night", "EUR", []string{"10.00", "20.00", "5.00"}, CancellationPolicy{}, FeeRule{Kind: FeeNights, Nights: 1}, "10.00"},
		{"as many nights as there are", "EUR", []string{"10.00", "20.00"}, CancellationPolicy{}, FeeRule{Kind: FeeNights, Nights: 2}, "30.00"},
		{"more nights than there are", "EUR", []string{"10.00", "20.00"}, CancellationPolicy{}, FeeRule{Kind: FeeNights, Nights: 3}, "30.00"},
		{"nights do not count extras", "EUR", []string{"10.00"}, CancellationPolicy{Revenue: []string{"board", "spa"}}, FeeRule{Kind: FeeNights, Nights: 3}, "10.00"},
		{"the base without extras", "EUR", []string{"10.00"}, CancellationPolicy{}, FeeRule{Kind: FeeFull}, "10.00"},
		{"the base with a group of extras", "EUR", []string{"10.00"}, CancellationPolicy{Revenue: []string{"board"}}, FeeRule{Kind: FeeFull}, "13.50"},
		{"the base with all extras", "EUR", []string{"10.00"}, CancellationPolicy{Revenue: []string{"spa", "board"}}, FeeRule{Kind: FeeFull}, "20.50"},
		{"a flat fee above the revenue", "EUR", []string{"10.00"}, CancellationPolicy{}, FeeRule{Kind: FeeFlat, Flat: eur(t, "99.00")}, "99.00"},
		{"a flat fee capped at the revenue", "EUR", []string{"10.00"}, CancellationPolicy{CapAtRevenue: true, Revenue: []string{"board"}}, FeeRule{Kind: FeeFlat, Flat: eur(t, "99.00")}, "13.50"},
		{"a cap above", "EUR", []string{"10.00"}, CancellationPolicy{Cap: eur(t, "10.01")}, FeeRule{Kind: FeeFull}, "10.00"},
		{"a cap below", "EUR", []string{"10.00"}, CancellationPolicy{Cap: eur(t, "9.99")}, FeeRule{Kind: FeeFull}, "9.99"},
		{"a cap of nothing", "EUR", []string{"10.00"}, CancellationPolicy{Cap: eur(t, "0.00")}, FeeRule{Kind: FeeFull}, "0.00"},
		{"both caps, the revenue lower", "EUR", []string{"10.00"}, CancellationPolicy{Cap: eur(t, "15.00"), CapAtRevenue: true}, FeeRule{Kind: FeeFlat, Flat: eur(t, "99.00")}, "10.00"},
		{"both caps, the amount lower", "EUR", []string{"10.00"}, CancellationPolicy{Cap: eur(t, "5.00"), CapAtRevenue: true}, FeeRule{Kind: FeeFlat, Flat: eur(t, "99.00")}, "5.00"},
		{"a negative price", "EUR", []string{"-6.38"}, CancellationPolicy{}, FeeRule{Kind: FeeFull}, "0.00"},
		{"percent of a negative price", "EUR", []string{"-6.38"}, CancellationPolicy{}, FeeRule{Kind: FeePercent, Percent: percent("50")}, "0.00"},
		{"a negative first night", "EUR", []string{"-6.38", "20.00"}, CancellationPolicy{}, FeeRule{Kind: FeeNights, Nights: 1}, "0.00"},
		{"a negative night lowers the base", "EUR", []string{"-5.00", "20.00"}, CancellationPolicy{}, FeeRule{Kind: FeeFull}, "15.00"},
		{"a flat fee capped at a negative revenue", "EUR", []string{"-6.38"}, CancellationPolicy{CapAtRevenue: true}, FeeRule{Kind: FeeFlat, Flat: eur(t, "99.00")}, "0.00"},
	} {
		r := stay(t, "2024-05-01T00:00:00Z", "2024-05-10", nights(tc.c, tc.prices...)...)
		if tc.c == "EUR" {
			r.Extras = []Extra{{"board", eur(t, "3.50")}, {"spa", eur(t, "7.00")}}
		}
		tc.policy.Tiers = []Tier{{From: AnchorCreation, Fee: tc.fee}}
		r.CancellationPolicy = &tc.policy
		if got, want := quoted(t, r, r.CreatedAt, Cancelled, hotel(t, "UTC")), tc.want+" tier 1"; got != want {
			t.Errorf("%s: %s, want %s", tc.why, got, want)
		}
	}
}

func TestDayUseCountsItsDay(t *testing.T) {
	r := stay(t, "2024-05-01T00:00:00Z", "2024-05-10", eur(t, "40.00"))
	r.Departure, r.Nights[0].Slot = r.Arrival, SlotDayUse
	r.CancellationPolicy = &CancellationPolicy{Tiers: []Tier{{From: AnchorCreation, Fee: FeeRule{Kind: FeeNights, Nights: 1}}}}
	if got := quoted(t, r, r.CreatedAt, Cancelled, hotel(t, "UTC")); got != "40.00 tier 1" {
		t.Errorf("a day use costs %s", got)
	}
}

// Which rule applies, in every combination of grace, non-refundable, an own no-show fee and tiers.
func TestQuoteRules(t *testing.T) {
	prop := hotel(t, "UTC")
	created, inGrace, afterGrace := "2024-05-01T12:00:00Z", "2024-05-01T12:59:59.999999Z", "2024-05-01T13:00:00Z"
	noShow := &FeeRule{Kind: FeeFlat, Flat: eur(t, "70.00")}
	tiers := []Tier{{From: AnchorCreation, Fee: FeeRule{Kind: FeeNights, Nights: 1}}}
	for _, tc := range []struct {
		why        string
		policy     *CancellationPolicy
		commitment Commitment
		at         string
		kind       Occupancy
		want       string
	}{
		{"no policy", nil, Definite, created, Cancelled, "0.00 no_policy"},
		{"no policy, no-show", nil, Definite, created, NoShow, "0.00 no_policy"},
		{"an option", &CancellationPolicy{NonRefundable: true}, Optional, created, Cancelled, "0.00 not_definite"},
		{"a waitlisted one", &CancellationPolicy{NonRefundable: true}, Waitlisted, created, NoShow, "0.00 not_definite"},
		{"an inquiry", &CancellationPolicy{NoShow: noShow}, Inquiry, created, NoShow, "0.00 not_definite"},
		{"an empty policy", &CancellationPolicy{}, Definite, created, Cancelled, "0.00 before_tiers"},
		{"non-refundable", &CancellationPolicy{NonRefundable: true}, Definite, created, Cancelled, "150.00 non_refundable"},
		{"non-refundable beats tiers", &CancellationPolicy{NonRefundable: true, Tiers: tiers}, Definite, created, Cancelled, "150.00 non_refundable"},
		{"non-refundable no-show", &CancellationPolicy{NonRefundable: true}, Definite, created, NoShow, "150.00 non_refundable"},
		{"own no-show fee beats non-refundable", &CancellationPolicy{NonRefundable: true, NoShow: noShow}, Definite, created, NoShow, "70.00 no_show"},
		{"own no-show fee is not for cancelling", &CancellationPolicy{NonRefundable: true, NoShow: noShow}, Definite, created, Cancelled, "150.00 non_refundable"},
		{"own no-show fee beats tiers", &CancellationPolicy{Tiers: tiers, NoShow: noShow}, Definite, created, NoShow, "70.00 no_show"},
		{"tiers without an own no-show fee", &CancellationPolicy{Tiers: tiers}, Definite, created, NoShow, "100.00 tier 1"},
		{"grace beats non-refundable", &CancellationPolicy{GraceMinutes: 60, NonRefundable: true}, Definite, inGrace, Cancelled, "0.00 grace"},
		{"grace beats a tier from the creation", &CancellationPolicy{GraceMinutes: 60, Tiers: tiers}, Definite, created, Cancelled, "0.00 grace"},
		{"grace is for no-shows, too", &CancellationPolicy{GraceMinutes: 60, NoShow: noShow}, Definite, inGrace, NoShow, "0.00 grace"},
		{"the end of grace is late", &CancellationPolicy{GraceMinutes: 60, NonRefundable: true}, Definite, afterGrace, Cancelled, "150.00 non_refundable"},
		{"the end of grace is late for tiers", &CancellationPolicy{GraceMinutes: 60, Tiers: tiers}, Definite, afterGrace, Cancelled, "100.00 tier 1"},
		{"the end of grace is late for no-shows", &CancellationPolicy{GraceMinutes: 60, NoShow: noShow}, Definite, afterGrace, NoShow, "70.00 no_show"},
		{"before any tier after grace", &CancellationPolicy{GraceMinutes: 60, Tiers: []Tier{{From: AnchorArrival, Fee: FeeRule{Kind: FeeFull}}}}, Definite, afterGrace, Cancelled, "0.00 before_tiers"},
		{"before the creation", &CancellationPolicy{NonRefundable: true}, Definite, "2024-01-01T00:00:00Z", Cancelled, "150.00 non_refundable"},
		{"caps are for every rule", &CancellationPolicy{NonRefundable: true, Cap: eur(t, "20.00")}, Definite, created, Cancelled, "20.00 non_refundable"},
		{"caps are for no-shows", &CancellationPolicy{NoShow: noShow, Cap: eur(t, "20.00")}, Definite, created, NoShow, "20.00 no_show"},
	} {
		r := stay(t, created, "2024-06-01", eur(t, "100.00"), eur(t, "50.00"))
		r.CancellationPolicy, r.Commitment = tc.policy, tc.commitment
		if got := quoted(t, r, moment(t, tc.at), tc.kind, prop); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.why, got, tc.want)
		}
	}
}

func flat(t fataler, from Anchor, days int, fee string) Tier {
	t.Helper()
	return Tier{From: from, Days: days, Fee: FeeRule{Kind: FeeFlat, Flat: eur(t, fee)}}
}

func TestTierPrecedence(t *testing.T) {
	prop := hotel(t, "UTC")
	for _, tc := range []struct {
		why   string
		tiers []Tier
		at    string
		want  string
	}{
		{"the latest, in whatever order they are listed", []Tier{flat(t, AnchorArrival, 1, "90"), flat(t, AnchorArrival, 30, "10"), flat(t, AnchorArrival, 7, "50")}, "2024-06-25T14:00:00Z", "50.00 tier 3"},
		{"the last", []Tier{flat(t, AnchorArrival, 1, "90"), flat(t, AnchorArrival, 30, "10"), flat(t, AnchorArrival, 7, "50")}, "2024-07-09T00:00:00Z", "90.00 tier 1"},
		{"a later one may be cheaper", []Tier{flat(t, AnchorArrival, 30, "50"), flat(t, AnchorArrival, 7, "10")}, "2024-06-25T14:00:00Z", "10.00 tier 2"},
		{"the dearer of two with one instant", []Tier{flat(t, AnchorArrival, 7, "10"), flat(t, AnchorArrival, 7, "50")}, "2024-06-25T00:00:00Z", "50.00 tier 2"},
		{"the dearer first", []Tier{flat(t, AnchorArrival, 7, "50"), flat(t, AnchorArrival, 7, "10")}, "2024-06-25T00:00:00Z", "50.00 tier 1"},
		{"the first of two that are the same", []Tier{flat(t, AnchorArrival, 7, "50"), flat(t, AnchorArrival, 7, "50")}, "2024-06-25T00:00:00Z", "50.00 tier 1"},
		{"the dearer across anchors", []Tier{flat(t, AnchorArrival, 7, "10"), {From: AnchorArrivalDate, Days: 7, DropTime: 14 * 60, Fee: FeeRule{Kind: FeeFull}}}, "2024-06-24T14:00:00Z", "100.00 tier 2"},
		{"two that began before the creation", []Tier{flat(t, AnchorArrival, 365, "90"), flat(t, AnchorArrival, 200, "20")}, "2024-05-01T12:00:00Z", "20.00 tier 2"},
		{"one that begins after the arrival", []Tier{flat(t, AnchorCreation, 90, "90")}, "2024-07-30T12:00:00Z", "90.00 tier 1"},
	} {
		r := stay(t, "2024-05-01T12:00:00Z", "2024-07-01", eur(t, "100.00"))
		r.CancellationPolicy = &CancellationPolicy{Tiers: tc.tiers}
		if got := quoted(t, r, moment(t, tc.at), Cancelled, prop); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.why, got, tc.want)
		}
	}
}

func TestTimeline(t *testing.T) {
	prop := hotel(t, "Europe/Sofia")
	policy := &CancellationPolicy{
		GraceMinutes: 24 * 60,
		Tiers: []Tier{
			flat(t, AnchorArrival, 365, "5"), // before the creation
			flat(t, AnchorArrival, 14, "5"),  // no change
			flat(t, AnchorArrival, 7, "1"),   // gives way to the dearer
			flat(t, AnchorArrival, 7, "50"),
			{From: AnchorArrivalDate, DropTime: 24 * 60, Fee: FeeRule{Kind: FeeFull}},
		},
	}
	r := stay(t, "2024-05-01T12:00:00Z", "2024-07-01", eur(t, "100.00"), eur(t, "20.00"))
	r.CancellationPolicy = policy
	ends := []time.Time{moment(t, "2024-05-02T12:00:00Z"), moment(t, "2024-06-24T11:00:00Z"), moment(t, "2024-07-01T21:00:00Z")}
	want := []Quote{
		{At: r.CreatedAt, Fee: eur(t, "0.00"), Until: &ends[0], Rule: "grace"},
		{At: ends[0], Fee: eur(t, "5.00"), Until: &ends[1], Rule: "tier 1"},
		{At: ends[1], Fee: eur(t, "50.00"), Until: &ends[2], Rule: "tier 4"},
		{At: ends[2], Fee: eur(t, "120.00"), Rule: "tier 5"},
	}
	got, err := r.Timeline(prop)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b innards.Money) bool { return a == b })); d != "" {
		t.Error(d)
	}
}

func TestTimelineWithoutChanges(t *testing.T) {
	prop := hotel(t, "UTC")
	for want, policy := range map[string]*CancellationPolicy{
		"no_policy":      nil,
		"before_tiers":   {NoShow: &FeeRule{Kind: FeeFull}},
		"non_refundable": {NonRefundable: true},
		"grace":          {GraceMinutes: 60, Tiers: []Tier{{From: AnchorArrival, Fee: FeeRule{Kind: FeeNone}}}},
		"tier 1":         {Tiers: []Tier{flat(t, AnchorArrival, 365, "5"), flat(t, AnchorArrival, 3, "5")}},
	} {
		r := stay(t, "2024-05-01T12:00:00Z", "2024-07-01", eur(t, "100.00"))
		r.CancellationPolicy = policy
		line, err := r.Timeline(prop)
		if err != nil || len(line) != 1 || line[0].Rule != want || line[0].Until != nil || !line[0].At.Equal(r.CreatedAt) {
			t.Errorf("%s: %+v, %v", want, line, err)
		}
	}
}

func TestQuoteOfOtherStatuses(t *testing.T) {
	r := stay(t, "2024-05-01T12:00:00Z", "2024-07-01", eur(t, "100.00"))
	for _, kind := range []Occupancy{Expected, CheckedIn, CheckedOut, ""} {
		if q, err := r.Quote(r.CreatedAt, kind, hotel(t, "UTC")); err == nil || q != (Quote{}) {
			t.Errorf("%q: %+v, %v", kind, q, err)
		}
	}
}

// Revenue that cannot be added up is an error, never a fee.
func TestQuoteBeyondTheLargestAmount(t *testing.T) {
	most, err := innards.FromMinor(innards.MaxMinor, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	r := stay(t, "2024-05-01T12:00:00Z", "2024-07-01", most, most)
	for _, fee := range []FeeRule{{Kind: FeeFull}, {Kind: FeeNights, Nights: 2}, {Kind: FeeNone}} {
		r.CancellationPolicy = &CancellationPolicy{Tiers: []Tier{{From: AnchorCreation, Fee: fee}}}
		if q, err := r.Quote(r.CreatedAt, Cancelled, hotel(t, "UTC")); !errors.Is(err, innards.ErrMoney) {
			t.Errorf("%s: %+v, %v", fee.Kind, q, err)
		}
		if line, err := r.Timeline(hotel(t, "UTC")); !errors.Is(err, innards.ErrMoney) || line != nil {
			t.Errorf("%s: %+v, %v", fee.Kind, line, err)
		}
	}
	r.Nights = r.Nights[:1]
	r.Extras = []Extra{{"board", most}, {"spa", eur(t, "-1.00")}}
	r.CancellationPolicy = &CancellationPolicy{NonRefundable: true, Revenue: []string{"board", "spa"}}
	if q, err := r.Quote(r.CreatedAt, Cancelled, hotel(t, "UTC")); !errors.Is(err, innards.ErrMoney) {
		t.Errorf("extras: %+v, %v", q, err)
	}
}

func TestQuoteWithoutNights(t *testing.T) {
	r := stay(t, "2024-05-01T12:00:00Z", "2024-07-01")
	r.CancellationPolicy = &CancellationPolicy{NonRefundable: true}
	if q, err := r.Quote(r.CreatedAt, Cancelled, hotel(t, "UTC")); err != nil || q.Fee != (innards.Money{}) {
		t.Errorf("%+v, %v", q, err)
	}
}
