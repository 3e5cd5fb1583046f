package innards_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/innards-go/innards"
)

func TestAllocate(t *testing.T) {
	for _, tc := range []struct {
		amount  string
		c       innards.Currency
		weights []int64
		want    string
	}{
		{"100.00", "EUR", []int64{1, 1, 1}, "33.33 33.33 33.34"},
		{"-100.00", "EUR", []int64{1, 1, 1}, "-33.33 -33.33 -33.34"},
		{"0.02", "EUR", []int64{1, 1, 1}, "0.00 0.00 0.02"},
		{"100", "JPY", []int64{50, 25, 25}, "50 25 25"},
		{"1.000", "KWD", []int64{1, 2}, "0.333 0.667"},
		{"10.00", "EUR", []int64{0, 1}, "0.00 10.00"},
		{"10.00", "EUR", []int64{7}, "10.00"},
		{"10000000000000.00", "EUR", []int64{math.MaxInt64, math.MaxInt64}, "5000000000000.00 5000000000000.00"},
		{"0.00", "EUR", []int64{3, 4}, "0.00 0.00"},
	} {
		parts, err := money(t, tc.amount, tc.c).Allocate(tc.weights...)
		if err != nil {
			t.Errorf("%s by %v: %v", tc.amount, tc.weights, err)
		}
		var got []string
		for _, p := range parts {
			got = append(got, p.Amount())
			if p.Currency() != tc.c {
				t.Errorf("%s by %v: a part in %s", tc.amount, tc.weights, p.Currency())
			}
		}
		if d := cmp.Diff(tc.want, strings.Join(got, " ")); d != "" {
			t.Errorf("%s by %v: %s", tc.amount, tc.weights, d)
		}
	}
	for _, bad := range [][]int64{nil, {0}, {0, 0}, {-1}, {2, -1}} {
		if parts, err := money(t, "1", "EUR").Allocate(bad...); !errors.Is(err, innards.ErrMoney) || parts != nil {
			t.Errorf("by %v: %v, %v", bad, parts, err)
		}
	}
}

func TestAllocateLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMoney(t, "m", "EUR")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 12).Filter(func(w []int64) bool { return slices.Max(w) > 0 }).Draw(t, "weights")
		parts, err := m.Allocate(weights...)
		if err != nil {
			t.Fatal(err)
		}
		sum := innards.Money{}
		for i, p := range parts {
			if p.Sign()*m.Sign() < 0 {
				t.Fatalf("part %d of %v is %v", i, m, p)
			}
			if sum, err = sum.Add(p); err != nil {
				t.Fatal(err)
			}
		}
		if sum != m || len(parts) != len(weights) {
			t.Fatalf("%v by %v is %v", m, weights, parts)
		}
	})
}
