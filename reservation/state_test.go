package reservation

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/innards-go/innards"
)

var occupancies = []Occupancy{Expected, CheckedIn, CheckedOut, Cancelled, NoShow}

// Every combination of what the guarantee state depends on, against the rule in words.
func TestGuaranteeState(t *testing.T) {
	now := moment(t, "2024-05-01T12:00:00Z")
	deadlines := map[string]*time.Time{"none": nil, "past": ptr(now.Add(-time.Microsecond)), "now": ptr(now), "ahead": ptr(now.Add(time.Microsecond))}
	seen := map[GuaranteeState]int{}
	for _, g := range []Guarantee{NotGuaranteed, Guaranteed} {
		for _, o := range occupancies {
			for _, policy := range []*GuaranteePolicy{nil, {Name: "deposit"}} {
				for _, lapsed := range []bool{false, true} {
					for when, deadline := range deadlines {
						r := &Reservation{Guarantee: g, Occupancy: o, GuaranteePolicy: policy, GuaranteeLapsed: lapsed, GuaranteeDeadline: deadline}
						want := StateNonGuaranteed
						switch waits := o == Expected && policy != nil && !lapsed; {
						case g == Guaranteed:
							want = StateGuaranteed
						case waits && (when == "past" || when == "now"):
							want = StateOverdue
						case waits:
							want = StateAwaiting
						}
						name := fmt.Sprintf("%s, %s, policy %v, lapsed %v, deadline %s", g, o, policy != nil, lapsed, when)
						checkGuaranteeState(t, name, r, now, want)
						seen[want]++
					}
				}
			}
		}
	}
	if len(seen) != len(GuaranteeStates()) {
		t.Errorf("seen are %v", seen)
	}
}

func checkGuaranteeState(t fataler, name string, r *Reservation, now time.Time, want GuaranteeState) {
	t.Helper()
	if got := r.GuaranteeState(now); got != want {
		t.Fatalf("%s: %s, want %s", name, got, want)
	}
	for _, s := range GuaranteeStates() {
		if holds := GuaranteeCondition(s, now).Holds(r); holds != (s == want) {
			t.Fatalf("%s: %s holds: %v", name, s, holds)
		}
	}
}

// The deadline's very second is overdue, without anything having run.
func TestOverdueBeginsAtTheDeadline(t *testing.T) {
	deadline := moment(t, "2024-05-01T12:00:00Z")
	r := &Reservation{Guarantee: NotGuaranteed, Occupancy: Expected, GuaranteePolicy: &GuaranteePolicy{}, GuaranteeDeadline: &deadline}
	for at, want := range map[string]GuaranteeState{
		"2024-05-01T11:59:59.999999Z": StateAwaiting,
		"2024-05-01T12:00:00Z":        StateOverdue,
		"2024-05-01T15:00:00+03:00":   StateOverdue, // the same instant elsewhere
		"2024-05-01T14:59:59+03:00":   StateAwaiting,
		"2024-05-02T12:00:00Z":        StateOverdue,
	} {
		checkGuaranteeState(t, at, r, moment(t, at), want)
	}
}

func TestStayState(t *testing.T) {
	for _, tc := range []struct {
		occupancy Occupancy
		today     string
		want      StayState
	}{
		{Expected, "2024-04-30", StayFuture}, {Expected, "2024-05-01", StayDueIn}, {Expected, "2024-05-02", StayOverdueArrival},
		{Expected, "2024-05-04", StayOverdueArrival},
		{CheckedIn, "2024-04-30", StayInHouse}, {CheckedIn, "2024-05-01", StayInHouse}, {CheckedIn, "2024-05-02", StayInHouse},
		{CheckedIn, "2024-05-03", StayDueOut}, {CheckedIn, "2024-05-04", StayOverstay},
		{CheckedOut, "2024-04-30", StayDeparted}, {CheckedOut, "2024-05-03", StayDeparted}, {CheckedOut, "2024-05-04", StayDeparted},
		{Cancelled, "2024-05-01", StayVoid}, {NoShow, "2024-05-04", StayVoid},
	} {
		r := &Reservation{Occupancy: tc.occupancy, Arrival: day(t, "2024-05-01"), Departure: day(t, "2024-05-03")}
		if got := r.StayState(day(t, tc.today)); got != tc.want {
			t.Errorf("%s on %s: %s, want %s", tc.occupancy, tc.today, got, tc.want)
		}
	}
	r := &Reservation{Occupancy: CheckedIn, Arrival: day(t, "2024-05-01"), Departure: day(t, "2024-05-01")}
	if got := r.StayState(r.Arrival); got != StayDueOut {
		t.Errorf("a day use is %s", got)
	}
}

func drawAny(t *rapid.T) *Reservation {
	arrival := innards.NewDate(2024, time.May, rapid.IntRange(1, 9).Draw(t, "arrival"))
	r := &Reservation{
		Guarantee:       rapid.SampledFrom([]Guarantee{NotGuaranteed, Guaranteed}).Draw(t, "guarantee"),
		Occupancy:       rapid.SampledFrom(occupancies).Draw(t, "occupancy"),
		Commitment:      rapid.SampledFrom([]Commitment{Definite, Optional, Waitlisted, Inquiry}).Draw(t, "commitment"),
		GuaranteeLapsed: rapid.Bool().Draw(t, "lapsed"),
		Arrival:         arrival,
		Departure:       arrival.AddDays(rapid.IntRange(0, 3).Draw(t, "nights")),
	}
	hour := rapid.Custom(func(t *rapid.T) *time.Time {
		at := time.Date(2024, time.May, 1, rapid.IntRange(0, 9).Draw(t, "hour"), 0, 0, 0, time.UTC)
		return &at
	})
	r.GuaranteeDeadline = rapid.OneOf(hour, rapid.Just[*time.Time](nil)).Draw(t, "deadline")
	r.ReleaseAt = rapid.OneOf(hour, rapid.Just[*time.Time](nil)).Draw(t, "release")
	if rapid.Bool().Draw(t, "has a policy") {
		r.GuaranteePolicy = &GuaranteePolicy{Name: "deposit"}
	}
	return r
}

// Exactly one state of each kind holds for every reservation, and the conditions agree with the methods.
func TestExactlyOneStateHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawAny(t)
		now := time.Date(2024, time.May, 1, rapid.IntRange(0, 9).Draw(t, "now"), 0, 0, 0, time.UTC)
		today := innards.NewDate(2024, time.May, rapid.IntRange(1, 12).Draw(t, "today"))
		g := slices.DeleteFunc(GuaranteeStates(), func(s GuaranteeState) bool { return !GuaranteeCondition(s, now).Holds(r) })
		if len(g) != 1 || g[0] != r.GuaranteeState(now) {
			t.Fatalf("guarantee states %v, method %s", g, r.GuaranteeState(now))
		}
		s := slices.DeleteFunc(StayStates(), func(s StayState) bool { return !StayCondition(s, today).Holds(r) })
		if len(s) != 1 || s[0] != r.StayState(today) {
			t.Fatalf("stay states %v, method %s", s, r.StayState(today))
		}
		if valid := ValidCondition(true).Holds(r); valid != r.IsValid() || valid == ValidCondition(false).Holds(r) || valid == (s[0] == StayVoid) {
			t.Fatalf("%s is valid: %v", r.Occupancy, valid)
		}
		if blocks := BlockingCondition(now).Holds(r); blocks != r.Blocks(now) {
			t.Fatalf("it blocks: %v, method %v", blocks, r.Blocks(now))
		}
	})
}

func TestBlockingEndsAtTheRelease(t *testing.T) {
	release := moment(t, "2024-05-01T12:00:00Z")
	for _, tc := range []struct {
		occupancy  Occupancy
		commitment Commitment
		release    *time.Time
		at         time.Time
		want       bool
	}{
		{Expected, Definite, nil, release, true},
		{Expected, Definite, &release, release, true}, // left over from when it was an option
		{CheckedIn, Definite, nil, release, true},
		{CheckedOut, Definite, nil, release, true},
		{Cancelled, Definite, nil, release, false},
		{NoShow, Definite, nil, release, false},
		{Expected, Optional, &release, release.Add(-time.Microsecond), true},
		{Expected, Optional, &release, release, false},
		{Expected, Optional, nil, release, true},
		{Cancelled, Optional, nil, release, false},
		{Expected, Waitlisted, nil, release, false},
		{Expected, Inquiry, &release, release.Add(-time.Hour), false},
	} {
		r := &Reservation{Occupancy: tc.occupancy, Commitment: tc.commitment, ReleaseAt: tc.release}
		if got := BlockingCondition(tc.at).Holds(r); got != tc.want || r.Blocks(tc.at) != tc.want {
			t.Errorf("%s, %s at %v: %v and %v, want %v", tc.occupancy, tc.commitment, tc.at, got, r.Blocks(tc.at), tc.want)
		}
	}
}

func TestUnknownStates(t *testing.T) {
	r := &Reservation{Guarantee: Guaranteed, Occupancy: Expected}
	if GuaranteeCondition("perhaps", time.Time{}).Holds(r) || StayCondition("perhaps", innards.Date{}).Holds(r) {
		t.Error("an unknown state holds")
	}
	strange := &Reservation{Occupancy: "levitating"}
	if s := strange.StayState(day(t, "2024-05-01")); s != "" {
		t.Errorf("an unknown occupancy is %s", s)
	}
}
