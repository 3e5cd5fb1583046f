package reservation

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func TestCancellationPolicyCheck(t *testing.T) {
	good := func() *CancellationPolicy {
		return &CancellationPolicy{
			Tiers: []Tier{
				{From: AnchorCreation, Fee: FeeRule{Kind: FeeNone}},
				{From: AnchorArrival, Days: 3650, Hours: 87600, Fee: FeeRule{Kind: FeePercent, Percent: percent("12.3456")}},
				{From: AnchorArrivalDate, DropTime: 24 * 60, Fee: FeeRule{Kind: FeeNights, Nights: 730}},
				{From: AnchorArrivalDate, Fee: FeeRule{Kind: FeeFlat, Flat: eur(t, "0.00")}},
			},
			NoShow:       &FeeRule{Kind: FeeFull},
			GraceMinutes: 3650 * 24 * 60,
			Cap:          eur(t, "100.00"),
			Revenue:      []string{"board", "spa"},
		}
	}
	for _, tc := range []struct {
		why    string
		damage func(*CancellationPolicy)
		want   []string
	}{
		{"all is well", func(*CancellationPolicy) {}, nil},
		{"nothing but a name", func(p *CancellationPolicy) { *p = CancellationPolicy{Name: "free"} }, nil},
		{"all percent", func(p *CancellationPolicy) { p.Tiers[1].Fee.Percent = percent("100") }, nil},
		{"percent with an exponent", func(p *CancellationPolicy) { p.Tiers[1].Fee.Percent = percent("1e2") }, nil},
		{"unknown anchor", func(p *CancellationPolicy) { p.Tiers[0].From = "departure" }, []string{"policy.tiers[0].from policy_invalid"}},
		{"no anchor", func(p *CancellationPolicy) { p.Tiers[2].From, p.Tiers[2].DropTime = "", 0 }, []string{"policy.tiers[2].from policy_invalid"}},
		{"negative days", func(p *CancellationPolicy) { p.Tiers[0].Days = -1 }, []string{"policy.tiers[0].days policy_invalid"}},
		{"too many days", func(p *CancellationPolicy) { p.Tiers[0].Days = 3651 }, []string{"policy.tiers[0].days policy_invalid"}},
		{"negative hours", func(p *CancellationPolicy) { p.Tiers[0].Hours = -1 }, []string{"policy.tiers[0].hours policy_invalid"}},
		{"too many hours", func(p *CancellationPolicy) { p.Tiers[0].Hours = 87601 }, []string{"policy.tiers[0].hours policy_invalid"}},
		{"drop time after the day", func(p *CancellationPolicy) { p.Tiers[2].DropTime = 1441 }, []string{"policy.tiers[2].drop_time policy_invalid"}},
		{"drop time before the day", func(p *CancellationPolicy) { p.Tiers[2].DropTime = -1 }, []string{"policy.tiers[2].drop_time policy_invalid"}},
		{"drop time of another anchor", func(p *CancellationPolicy) { p.Tiers[1].DropTime = 1 }, []string{"policy.tiers[1].drop_time policy_invalid"}},
		{"unknown fee", func(p *CancellationPolicy) { p.Tiers[0].Fee.Kind = "half" }, []string{"policy.tiers[0].fee.kind policy_invalid"}},
		{"no fee", func(p *CancellationPolicy) { p.NoShow.Kind = "" }, []string{"policy.no_show.kind policy_invalid"}},
		{"flat without an amount", func(p *CancellationPolicy) { p.NoShow.Kind = FeeFlat }, []string{"policy.no_show.flat policy_invalid"}},
		{"an amount without flat", func(p *CancellationPolicy) { p.NoShow.Flat = eur(t, "1") }, []string{"policy.no_show.flat policy_invalid"}},
		{"a negative flat fee", func(p *CancellationPolicy) { p.Tiers[3].Fee.Flat = eur(t, "-1") }, []string{"policy.tiers[3].fee.flat amount_invalid"}},
		{"a flat fee in another currency", func(p *CancellationPolicy) { p.Tiers[3].Fee.Flat = amount(t, "1", "USD") }, []string{"policy.tiers[3].fee.flat amount_invalid"}},
		{"more than all percent", func(p *CancellationPolicy) { p.Tiers[1].Fee.Percent = percent("100.0001") }, []string{"policy.tiers[1].fee.percent policy_invalid"}},
		{"negative percent", func(p *CancellationPolicy) { p.Tiers[1].Fee.Percent = percent("-0.0001") }, []string{"policy.tiers[1].fee.percent policy_invalid"}},
		{"percent with five decimals", func(p *CancellationPolicy) { p.Tiers[1].Fee.Percent = percent("0.00001") }, []string{"policy.tiers[1].fee.percent policy_invalid"}},
		{"percent with many digits", func(p *CancellationPolicy) { p.Tiers[1].Fee.Percent = decimal.New(1, 1<<30) }, []string{"policy.tiers[1].fee.percent policy_invalid"}},
		{"percent of another kind", func(p *CancellationPolicy) { p.NoShow.Percent = percent("1") }, []string{"policy.no_show.percent policy_invalid"}},
		{"nights without a number", func(p *CancellationPolicy) { p.Tiers[2].Fee.Nights = 0 }, []string{"policy.tiers[2].fee.nights policy_invalid"}},
		{"too many nights", func(p *CancellationPolicy) { p.Tiers[2].Fee.Nights = 731 }, []string{"policy.tiers[2].fee.nights policy_invalid"}},
		{"negative nights", func(p *CancellationPolicy) { p.Tiers[2].Fee.Nights = -1 }, []string{"policy.tiers[2].fee.nights policy_invalid"}},
		{"nights of another kind", func(p *CancellationPolicy) { p.NoShow.Nights = 1 }, []string{"policy.no_show.nights policy_invalid"}},
		{"negative grace", func(p *CancellationPolicy) { p.GraceMinutes = -1 }, []string{"policy.grace_minutes policy_invalid"}},
		{"too much grace", func(p *CancellationPolicy) { p.GraceMinutes++ }, []string{"policy.grace_minutes policy_invalid"}},
		{"a negative cap", func(p *CancellationPolicy) { p.Cap = eur(t, "-0.01") }, []string{"policy.cap amount_invalid"}},
		{"a cap in another currency", func(p *CancellationPolicy) { p.Cap = amount(t, "1", "JPY") }, []string{"policy.cap amount_invalid"}},
		{"an empty group", func(p *CancellationPolicy) { p.Revenue[0] = "" }, []string{"policy.revenue[0] policy_invalid"}},
		{"a group twice", func(p *CancellationPolicy) { p.Revenue[1] = "board" }, []string{"policy.revenue[1] policy_invalid"}},
		{"a group that is no text", func(p *CancellationPolicy) { p.Revenue[1] = "a\x00" }, []string{"policy.revenue[1] text_invalid"}},
		{"50 tiers", func(p *CancellationPolicy) { p.Tiers = repeat(p.Tiers[0], 50) }, nil},
		{"51 tiers", func(p *CancellationPolicy) { p.Tiers = repeat(p.Tiers[0], 51) }, []string{"policy.tiers policy_invalid"}},
		{"51 groups", func(p *CancellationPolicy) {
			p.Revenue = nil
			for i := range 51 {
				p.Revenue = append(p.Revenue, fmt.Sprint("group ", i))
			}
		}, []string{"policy.revenue policy_invalid"}},
		{"several at once", func(p *CancellationPolicy) { p.Tiers[0].Days, p.GraceMinutes = -1, -1 }, []string{"policy.tiers[0].days policy_invalid", "policy.grace_minutes policy_invalid"}},
	} {
		p := good()
		tc.damage(p)
		if d := cmp.Diff(tc.want, blocked(p.check("policy", "EUR"))); d != "" {
			t.Errorf("%s: %s", tc.why, d)
		}
	}
	if got := blocked((&CancellationPolicy{GraceMinutes: -1}).check("", "EUR")); len(got) != 1 || got[0] != "grace_minutes policy_invalid" {
		t.Errorf("without a field: %v", got)
	}
	long := &CancellationPolicy{GraceMinutes: -1}
	if got, want := long.check("policy", "EUR")[0].Text, "the policy is not usable: -1 is not 0 to 5256000"; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
}

func repeat[T any](one T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = one
	}
	return list
}
