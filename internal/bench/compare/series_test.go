package main

import "testing"

func TestRatioIsTakenWithinRounds(t *testing.T) {
	// The second round is four times slower for both: the medians alone would hide that ours is always twice as fast.
	s := series{"ours": {200, 50, 220}, "peer": {100, 25, 110}}
	if got, want := s.ratio("ours", "peer"), "**2.00** (2.00 to 2.00)"; got != want {
		t.Errorf("ratio %q, want %q", got, want)
	}
	if got := s.ratio("ours", "nobody"); got != "-" {
		t.Errorf("ratio to nothing is %q", got)
	}
}

func TestMedian(t *testing.T) {
	if got := median([]float64{9, 1, 3, 5}); got != 4 {
		t.Errorf("median of four is %v, want 4", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "-", 0.123: "0.12", 12.34: "12.3", 123.6: "124", 1234567: "1,234,567", 1002: "1,002"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) is %q, want %q", v, got, want)
		}
	}
}
