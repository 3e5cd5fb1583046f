package reservation

import (
	"cmp"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/innards-go/innards"
)

func drawFee(t *rapid.T, c innards.Currency) FeeRule {
	f := FeeRule{Kind: rapid.SampledFrom([]FeeKind{FeeNone, FeeFlat, FeePercent, FeeNights, FeeFull}).Draw(t, "kind")}
	switch f.Kind {
	case FeeFlat:
		f.Flat = drawAmount(t, "flat", c)
	case FeePercent:
		f.Percent = drawPercent(t, "percent")
	case FeeNights:
		f.Nights = rapid.IntRange(1, 8).Draw(t, "nights")
	}
	return f
}

func drawAmount(t *rapid.T, name string, c innards.Currency) innards.Money {
	m, err := innards.FromMinor(rapid.Int64Range(0, 100_000).Draw(t, name), c)
	if err != nil {
		t.Fatalf("amount: %v", err)
	}
	return m
}

func drawPolicy(t *rapid.T, c innards.Currency) *CancellationPolicy {
	p := &CancellationPolicy{CapAtRevenue: rapid.Bool().Draw(t, "cap at revenue"), NonRefundable: rapid.IntRange(0, 4).Draw(t, "refundable") == 0}
	for range rapid.IntRange(0, 5).Draw(t, "tiers") {
		tier := Tier{
			From: rapid.SampledFrom([]Anchor{AnchorCreation, AnchorArrival, AnchorArrivalDate}).Draw(t, "from"),
			Days: rapid.IntRange(0, 40).Draw(t, "days"), Hours: rapid.SampledFrom([]int{0, 0, 1, 30}).Draw(t, "hours"),
			Fee: drawFee(t, c),
		}
		if tier.From == AnchorArrivalDate {
			tier.DropTime = innards.TimeOfDay(rapid.SampledFrom([]int{0, 210, 1080, 1440}).Draw(t, "drop time"))
		}
		p.Tiers = append(p.Tiers, tier)
	}
	if rapid.Bool().Draw(t, "own no-show") {
		p.NoShow = ptr(drawFee(t, c))
	}
	if rapid.Bool().Draw(t, "grace") {
		p.GraceMinutes = rapid.IntRange(1, 4000).Draw(t, "minutes")
	}
	if rapid.Bool().Draw(t, "capped") {
		p.Cap = drawAmount(t, "cap", c)
	}
	p.Revenue = rapid.SampledFrom([][]string{nil, {"board"}, {"board", "spa"}}).Draw(t, "revenue")
	return p
}

// expectedQuote says in the plainest way what the fee is.
func expectedQuote(t *rapid.T, r *Reservation, at time.Time, kind Occupancy, prop *Property) innards.Money {
	p := r.CancellationPolicy
	fee := func(f FeeRule) innards.Money {
		m, err := p.fee(f, r)
		if err != nil {
			t.Fatalf("fee: %v", err)
		}
		return m
	}
	if p.GraceMinutes > 0 && at.Sub(r.CreatedAt) < time.Duration(p.GraceMinutes)*time.Minute {
		return fee(FeeRule{Kind: FeeNone})
	}
	if kind == NoShow && p.NoShow != nil {
		return fee(*p.NoShow)
	}
	if p.NonRefundable {
		return fee(FeeRule{Kind: FeeFull})
	}
	var since time.Time
	held := fee(FeeRule{Kind: FeeNone})
	for _, tier := range p.Tiers {
		from := tier.instant(r, prop)
		if order := cmp.Or(from.Compare(since), fee(tier.Fee).Cmp(held)); !from.After(at) && order >= 0 {
			since, held = from, fee(tier.Fee)
		}
	}
	return held
}

// The timeline and the quotes say the same at every instant, both are what the rules say, no fee is negative or above a
// cap, and each quote's end is where its fee changes.
func TestQuoteAgreesWithTimeline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, prop := drawStay(t)
		r.CancellationPolicy = drawPolicy(t, prop.Currency)
		if blockers := r.CancellationPolicy.check("policy", prop.Currency); len(blockers) > 0 {
			t.Fatalf("the drawn policy is refused: %v", blockers)
		}
		line, err := r.Timeline(prop)
		if err != nil {
			t.Fatal(err)
		}
		instants := []time.Time{r.CreatedAt.Add(time.Duration(rapid.Int64Range(0, 120*24*3600).Draw(t, "seconds")) * time.Second)}
		for i, entry := range line {
			instants = append(instants, entry.At)
			if i > 0 {
				instants = append(instants, entry.At.Add(-time.Microsecond))
				if entry.Fee == line[i-1].Fee || !line[i-1].Until.Equal(entry.At) {
					t.Fatalf("entries %d and %d are %+v and %+v", i-1, i, line[i-1], entry)
				}
			}
		}
		if !line[0].At.Equal(r.CreatedAt) || line[len(line)-1].Until != nil {
			t.Fatalf("the timeline is from %v to %v", line[0].At, line[len(line)-1].Until)
		}
		for _, at := range instants {
			q, err := r.Quote(at, Cancelled, prop)
			if err != nil {
				t.Fatal(err)
			}
			checkFee(t, r, q)
			i := len(line) - 1
			for line[i].At.After(at) {
				i--
			}
			if q.Fee != line[i].Fee || gocmp.Diff(q.Until, line[i].Until) != "" {
				t.Fatalf("at %v the quote is %+v, the timeline %+v", at, q, line[i])
			}
			if want := expectedQuote(t, r, at, Cancelled, prop); q.Fee != want {
				t.Fatalf("at %v the quote is %+v, want %v", at, q, want)
			}
			n, err := r.Quote(at, NoShow, prop)
			if want := expectedQuote(t, r, at, NoShow, prop); err != nil || n.Fee != want {
				t.Fatalf("at %v the quote of a no-show is %+v, want %v, %v", at, n, want, err)
			}
			checkFee(t, r, n)
		}
	})
}

func checkFee(t *rapid.T, r *Reservation, q Quote) {
	p := r.CancellationPolicy
	if q.Fee.Sign() < 0 || q.Fee.Currency() != r.Currency() {
		t.Fatalf("the fee is %v", q.Fee)
	}
	if p.Cap.Currency() != "" && q.Fee.Cmp(p.Cap) > 0 {
		t.Fatalf("the fee %v is above the cap %v", q.Fee, p.Cap)
	}
	base, err := r.revenue(func(e Extra) bool { return e.Group == "board" || e.Group == "spa" })
	if err != nil {
		t.Fatal(err)
	}
	if p.CapAtRevenue && len(p.Revenue) == 2 && q.Fee.Sign() > 0 && q.Fee.Cmp(base) > 0 {
		t.Fatalf("the fee %v is above the revenue %v", q.Fee, base)
	}
}

// The fee never falls over time if no later tier is cheaper.
func TestTimelineRisesWithTheTiers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, prop := drawStay(t)
		p := &CancellationPolicy{GraceMinutes: rapid.SampledFrom([]int{0, 90}).Draw(t, "grace")}
		share := rapid.Int64Range(0, 50).Draw(t, "first")
		for days := 30; days >= 0; days -= rapid.IntRange(1, 10).Draw(t, "step") {
			p.Tiers = append(p.Tiers, Tier{From: AnchorArrival, Days: days, Fee: FeeRule{Kind: FeePercent, Percent: decimal.New(share, 0)}})
			share = min(share+rapid.Int64Range(0, 20).Draw(t, "more"), 100)
		}
		r.CancellationPolicy = p
		line, err := r.Timeline(prop)
		if err != nil {
			t.Fatal(err)
		}
		for i := range line[1:] {
			if line[i+1].Fee.Cmp(line[i].Fee) <= 0 || !line[i+1].At.After(line[i].At) {
				t.Fatalf("entry %d is %+v after %+v", i+1, line[i+1], line[i])
			}
		}
	})
}
