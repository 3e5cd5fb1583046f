package reservation

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
)

// An Anchor is the instant that a tier of a cancellation policy counts from.
type Anchor string

// The anchors.
const (
	AnchorCreation    Anchor = "creation"
	AnchorArrival     Anchor = "arrival"      // the arrival instant: the arrival date at the property's check-in time
	AnchorArrivalDate Anchor = "arrival_date" // the arrival date at the tier's drop time
)

// Anchors returns all anchors.
func Anchors() []Anchor { return []Anchor{AnchorCreation, AnchorArrival, AnchorArrivalDate} }

// A FeeKind is how a fee is computed.
type FeeKind string

// The fee kinds.
const (
	FeeNone    FeeKind = "none"
	FeeFlat    FeeKind = "flat"    // an amount; it may exceed the revenue unless the policy caps it
	FeePercent FeeKind = "percent" // of the base, rounded once
	FeeNights  FeeKind = "nights"  // the first N nights
	FeeFull    FeeKind = "full"    // all of the base
)

// FeeKinds returns all fee kinds.
func FeeKinds() []FeeKind { return []FeeKind{FeeNone, FeeFlat, FeePercent, FeeNights, FeeFull} }

// A FeeRule is one way to compute a fee.
type FeeRule struct {
	Kind    FeeKind         `json:"kind"`
	Flat    innards.Money   `json:"flat,omitzero"`
	Percent decimal.Decimal `json:"percent,omitzero"` // 0 to 100
	Nights  int             `json:"nights,omitempty"`
}

// A Tier holds from an instant on, until a later tier does. Days and Hours count after the creation, and before the
// arrival; days are civil days in the property's zone, hours elapse.
type Tier struct {
	From  Anchor `json:"from"`
	Days  int    `json:"days,omitempty"`
	Hours int    `json:"hours,omitempty"`
	// DropTime is the local time of AnchorArrivalDate.
	DropTime innards.TimeOfDay `json:"drop_time,omitempty"`
	Fee      FeeRule           `json:"fee"`
}

// A CancellationPolicy says what a cancellation or no-show costs. It is copied into the reservation when it is booked;
// later edits of the policy change nothing in it.
type CancellationPolicy struct {
	Name  string `json:"name"`
	Tiers []Tier `json:"tiers,omitempty"`
	// NoShow is the fee of a no-show; nil: that of the tier at the instant of marking.
	NoShow *FeeRule `json:"no_show,omitempty"`
	// GraceMinutes after the creation are free of fee, also for a non-refundable stay. The last second is already late.
	GraceMinutes  int  `json:"grace_minutes,omitempty"`
	NonRefundable bool `json:"non_refundable,omitempty"` // the full fee at any time
	// Cap is the most that is charged; no amount: no cap. CapAtRevenue caps at the base.
	Cap          innards.Money `json:"cap,omitzero"`
	CapAtRevenue bool          `json:"cap_at_revenue,omitempty"`
	// Revenue groups of extras that belong to the base beside the nights.
	Revenue []string `json:"revenue,omitempty"`
}

// A Quote is the fee at an instant.
type Quote struct {
	At  time.Time     `json:"at"`
	Fee innards.Money `json:"fee"`
	// Until is when the fee changes next; nil: never.
	Until *time.Time `json:"until,omitempty"`
	// Rule says where the fee comes from: "no_policy", "not_definite", "grace", "before_tiers", "tier 2" (the second of the
	// policy), "non_refundable" or "no_show".
	Rule string `json:"rule"`
}

// check returns what stands against the policy as the input field, for a property of the currency. The name is the
// command's to check, as the id that it is.
func (p *CancellationPolicy) check(field string, c innards.Currency) []innards.Blocker {
	k := &policyCheck{field: field, currency: c}
	k.within("tiers", len(p.Tiers), 0, maxPolicyParts)
	for i, t := range p.Tiers {
		tier := nth("tiers", i)
		k.must(slices.Contains(Anchors(), t.From), tier+".from", "it is not known")
		k.within(tier+".days", t.Days, 0, maxPolicyDays)
		k.within(tier+".hours", t.Hours, 0, 24*maxPolicyDays)
		k.within(tier+".drop_time", int(t.DropTime), 0, endOfDay)
		k.must(t.From == AnchorArrivalDate || t.DropTime == 0, tier+".drop_time", "it belongs to", AnchorArrivalDate)
		k.fee(tier+".fee", t.Fee)
	}
	if p.NoShow != nil {
		k.fee("no_show", *p.NoShow)
	}
	k.within("grace_minutes", p.GraceMinutes, 0, endOfDay*maxPolicyDays)
	k.amount("cap", p.Cap)
	k.within("revenue", len(p.Revenue), 0, maxPolicyParts)
	for i, group := range p.Revenue {
		k.must(group != "" && !slices.Contains(p.Revenue[:i], group), nth("revenue", i), "it is empty or there twice")
		k.text(nth("revenue", i), group, maxGroupName)
	}
	return k.blockers
}

// fee checks that a rule has what its kind needs and nothing that it does not use.
func (k *policyCheck) fee(field string, f FeeRule) {
	k.must(slices.Contains(FeeKinds(), f.Kind), field+".kind", "it is not known")
	k.must((f.Flat.Currency() != "") == (f.Kind == FeeFlat), field+".flat", "it belongs to", FeeFlat)
	k.amount(field+".flat", f.Flat)
	k.percent(field+".percent", f.Percent)
	k.must(f.Percent.IsZero() || f.Kind == FeePercent, field+".percent", "it belongs to", FeePercent)
	k.within(field+".nights", f.Nights, 0, maxNights)
	k.must((f.Nights != 0) == (f.Kind == FeeNights), field+".nights", "it belongs to", FeeNights)
}

// Quote returns the fee if the reservation became kind, [Cancelled] or [NoShow], at the instant: by the policy as booked,
// over the present revenue. The first of these that applies is the rule:
//
//   - without a policy, or for a reservation that is not definite, there is no fee;
//   - grace: nothing, also for a non-refundable stay and for a no-show, who could have cancelled for nothing;
//   - the no-show fee of the policy, for a no-show;
//   - non-refundable: the full fee;
//   - the latest tier whose instant is not after the given one, before the first tier nothing. Of two tiers with the same
//     instant the dearer holds.
//
// A fee is never negative, whatever the prices are. The policy's caps apply to every rule.
func (r *Reservation) Quote(at time.Time, kind Occupancy, prop *Property) (Quote, error) {
	terms, err := r.terms(kind, prop)
	if err != nil {
		return Quote{}, err
	}
	return quote(terms, at), nil
}

// Timeline returns the cancellation fee from the creation on, one entry for every change of the fee.
func (r *Reservation) Timeline(prop *Property) ([]Quote, error) {
	terms, err := r.terms(Cancelled, prop)
	if err != nil {
		return nil, err
	}
	line := []Quote{quote(terms, r.CreatedAt)}
	for next := line[0].Until; next != nil; next = line[len(line)-1].Until {
		line = append(line, quote(terms, *next))
	}
	return line, nil
}

// A term is a fee that holds from an instant on, the zero time being always, until that of the next term.
type term struct {
	from time.Time
	rule string
	how  FeeRule
	fee  innards.Money
}

// holding returns the index of the term that holds at the instant.
func holding(terms []term, at time.Time) int {
	i := len(terms) - 1
	for terms[i].from.After(at) { // not that of the first, which holds always
		i--
	}
	return i
}

func quote(terms []term, at time.Time) Quote {
	i := holding(terms, at)
	q := Quote{At: at, Fee: terms[i].fee, Rule: terms[i].rule}
	for _, later := range terms[i+1:] {
		if later.fee != q.Fee {
			q.Until = &later.from
			break
		}
	}
	return q
}

// terms returns the fees over time, in order, each from an instant of its own. The first holds always.
func (r *Reservation) terms(kind Occupancy, prop *Property) ([]term, error) {
	p := r.CancellationPolicy
	switch {
	case kind != Cancelled && kind != NoShow:
		return nil, fmt.Errorf("reservation: a fee is for %s or %s, not for %q", Cancelled, NoShow, kind)
	case p == nil:
		return []term{{rule: "no_policy", fee: r.nought()}}, nil
	case r.Commitment != Definite:
		return []term{{rule: "not_definite", fee: r.nought()}}, nil
	}
	terms := p.terms(kind, r, prop)
	for i := range terms {
		var err error
		if terms[i].fee, err = p.fee(terms[i].how, r); err != nil {
			return nil, fmt.Errorf("reservation %s: the fee of %s: %w", r.ID, terms[i].rule, err)
		}
	}
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Or(a.from.Compare(b.from), b.fee.Cmp(a.fee)) })
	terms = slices.CompactFunc(terms, func(a, b term) bool { return a.from.Equal(b.from) })
	return r.afterGrace(terms), nil
}

// terms returns the fee rules in force and from when on.
func (p *CancellationPolicy) terms(kind Occupancy, r *Reservation, prop *Property) []term {
	switch {
	case kind == NoShow && p.NoShow != nil:
		return []term{{rule: "no_show", how: *p.NoShow}}
	case p.NonRefundable:
		return []term{{rule: "non_refundable", how: FeeRule{Kind: FeeFull}}}
	}
	terms := []term{{rule: "before_tiers", how: FeeRule{Kind: FeeNone}}}
	for i, t := range p.Tiers {
		terms = append(terms, term{from: t.instant(r, prop), rule: fmt.Sprintf("tier %d", i+1), how: t.Fee})
	}
	return terms
}

// instant returns from when on the tier holds.
func (t Tier) instant(r *Reservation, prop *Property) time.Time {
	hours := time.Duration(t.Hours) * time.Hour
	day := r.Arrival.AddDays(-t.Days)
	switch t.From {
	case AnchorCreation:
		return innards.DaysLater(r.CreatedAt, t.Days, prop.Location()).Add(hours)
	case AnchorArrivalDate:
		return day.At(t.DropTime, prop.Location()).Add(-hours)
	}
	return prop.ArrivalInstant(day).Add(-hours)
}

// afterGrace puts the free time after the creation in the place of what would hold in it. Its end is already late.
func (r *Reservation) afterGrace(terms []term) []term {
	if r.CancellationPolicy.GraceMinutes == 0 {
		return terms
	}
	end := r.CreatedAt.Add(time.Duration(r.CancellationPolicy.GraceMinutes) * time.Minute)
	i := holding(terms, end)
	terms[i].from = end
	return append([]term{{rule: "grace", fee: r.nought()}}, terms[i:]...)
}

// fee computes a fee of the policy over the present revenue: never negative, at most the caps.
func (p *CancellationPolicy) fee(how FeeRule, r *Reservation) (innards.Money, error) {
	base, err := r.revenue(func(e Extra) bool { return slices.Contains(p.Revenue, e.Group) })
	if err != nil {
		return innards.Money{}, err
	}
	fee := r.nought()
	switch how.Kind {
	case FeeFlat:
		fee = how.Flat
	case FeePercent:
		fee, err = percentOf(base, how.Percent)
	case FeeNights:
		fee, err = r.firstNights(how.Nights)
	case FeeFull:
		fee = base
	}
	if p.Cap.Currency() != "" {
		fee = smaller(fee, p.Cap)
	}
	if p.CapAtRevenue {
		fee = smaller(fee, base)
	}
	return larger(r.nought(), fee), err
}
