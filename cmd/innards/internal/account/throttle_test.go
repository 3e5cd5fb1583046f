package account

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A try is let through if, and only if, fewer than the most were let through in the minute before.
func TestThrottle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		throttle, now := newThrottle(), time.Unix(1_700_000_000, 0)
		let := map[string][]time.Time{}
		for range rapid.IntRange(1, 60).Draw(t, "tries") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30_000).Draw(t, "ms")) * time.Millisecond)
			key := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")
			recent := 0
			var earliest time.Time
			for _, at := range let[key] {
				if now.Sub(at) < TriesWithin {
					if recent++; recent == 1 {
						earliest = at
					}
				}
			}
			wait, _ := throttle.take(key, now)
			if (wait > 0) != (recent >= MaxTries) {
				t.Fatalf("after %d tries in the minute before, the wait is %v", recent, wait)
			}
			if wait > 0 && !now.Add(wait).Equal(earliest.Add(TriesWithin)) {
				t.Fatalf("the wait is %v", wait)
			}
			if wait == 0 {
				let[key] = append(let[key], now)
			}
			if n := len(let[key]); wait == 0 && rapid.Bool().Draw(t, "give back") {
				throttle.giveBack(key, now)
				let[key] = let[key][:n-1]
			}
		}
	})
}

// Many keys neither take more memory nor free another from its wait.
func TestThrottleManyKeys(t *testing.T) {
	throttle, now := newThrottle(), time.Unix(1_700_000_000, 0)
	for range MaxTries {
		throttle.take("victim", now)
	}
	for i := range 2 * maxBuckets {
		throttle.take(fmt.Sprint(i), now)
	}
	if wait, _ := throttle.take("victim", now); wait != TriesWithin {
		t.Errorf("the wait is %v", wait)
	}
}

func TestThrottleTellsOnce(t *testing.T) {
	throttle, now := newThrottle(), time.Unix(1_700_000_000, 0)
	for round := range 3 {
		for range MaxTries {
			if wait, first := throttle.take("k", now); wait > 0 || first {
				t.Fatalf("round %d: %v %t", round, wait, first)
			}
		}
		for i := range 3 {
			if wait, first := throttle.take("k", now); wait == 0 || first != (i == 0) {
				t.Errorf("round %d: %v %t", round, wait, first)
			}
		}
		now = now.Add(TriesWithin)
	}
}

func TestAddressKey(t *testing.T) {
	for address, key := range map[string]string{
		"192.0.2.1":          "address 192.0.2.1",
		"::ffff:192.0.2.1":   "address 192.0.2.1",
		"2001:db8:1:2:3::4":  "address 2001:db8:1:2::/64",
		"fe80::1%eth0":       "address fe80::/64",
		"":                   "address ",
		"unix:/run/innards.": "address unix:/run/innards.",
	} {
		if got := addressKey(address); got != key {
			t.Errorf("%q: %q", address, got)
		}
	}
}

func TestNormalEmail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := NormalEmail(rapid.String().Draw(t, "email"))
		if twice := NormalEmail(once); twice != once {
			t.Fatalf("%q becomes %q", once, twice)
		}
	})
}
