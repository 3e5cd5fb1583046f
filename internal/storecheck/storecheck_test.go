package storecheck_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/storecheck"
)

var errBroken = errors.New("broken")

func TestTrialKeepsTheFirstProblem(t *testing.T) {
	trial := &storecheck.Trial{Ctx: t.Context()}
	trial.OK("nothing", nil)
	trial.Is("wrapped", errors.Join(errBroken), errBroken)
	trial.Equal("empty and nil", []string(nil), []string{})
	trial.Equal("an instant in two zones", time.Unix(1, 0).In(time.FixedZone("x", 3600)), time.Unix(1, 0).UTC())
	if trial.Err != nil {
		t.Fatalf("a sound trial fails: %v", trial.Err)
	}
	trial.OK("the first", errBroken)
	trial.Failf("the second")
	if !errors.Is(trial.Err, errBroken) || !strings.HasPrefix(trial.Err.Error(), "the first") {
		t.Errorf("the trial kept %v", trial.Err)
	}
}

func TestTrialNotesProblems(t *testing.T) {
	for name, wrong := range map[string]func(*storecheck.Trial){
		"another error":      func(t *storecheck.Trial) { t.Is("step", errBroken, innards.ErrStale) },
		"an error":           func(t *storecheck.Trial) { t.OK("step", errBroken) },
		"no error":           func(t *storecheck.Trial) { t.Is("step", nil, innards.ErrStale) },
		"a difference":       func(t *storecheck.Trial) { t.Equal("number", 1, 2) },
		"a date":             func(t *storecheck.Trial) { t.Equal("date", innards.NewDate(2026, 1, 1), innards.NewDate(2026, 1, 2)) },
		"a failure in races": func(t *storecheck.Trial) { t.Race(2, func(int) error { return errBroken }) },
	} {
		trial := &storecheck.Trial{Ctx: t.Context()}
		if wrong(trial); trial.Err == nil {
			t.Errorf("%s goes unnoticed", name)
		}
	}
}

func TestRaceCountsWinners(t *testing.T) {
	trial := &storecheck.Trial{Ctx: t.Context()}
	won := trial.Race(9, func(i int) error {
		if i%3 == 0 {
			return nil
		}
		return innards.ErrStale
	})
	if won != 3 || trial.Err != nil {
		t.Errorf("%d won, %v", won, trial.Err)
	}
}

func TestClock(t *testing.T) {
	begin := time.Date(2026, time.June, 1, 6, 0, 0, 0, time.UTC)
	clock := storecheck.NewClock(begin)
	clock.Advance(time.Hour)
	clock.Advance(-time.Minute)
	if got := clock.Now(); !got.Equal(begin.Add(59 * time.Minute)) {
		t.Errorf("the clock shows %v", got)
	}
	clock.Set(begin)
	if got := clock.Now(); !got.Equal(begin) {
		t.Errorf("the clock shows %v", got)
	}
}

func TestSameSeedSameIDs(t *testing.T) {
	ids := func(seed uint64) string {
		clerk := storecheck.NewClerk(time.Unix(0, 0), seed)
		return clerk.NewID() + clerk.NewID()
	}
	if first, again, other := ids(1), ids(1), ids(2); first != again || first == other {
		t.Error("ids do not follow from the seed")
	}
	var a, b [40]byte
	for _, p := range [][]byte{a[:], b[:]} {
		if _, err := io.ReadFull(storecheck.Random(3), p); err != nil {
			t.Fatal(err)
		}
	}
	if a != b {
		t.Error("random bytes do not follow from the seed")
	}
}

func TestSealedEntriesFormAChain(t *testing.T) {
	clerk := storecheck.NewClerk(time.Unix(0, 0), 1)
	head := innards.Head{Kind: "note", ID: "n-1", Tenant: storecheck.Tenant}
	var events []innards.Event
	for range 3 {
		e := innards.Entry{Head: head, Event: innards.Event{Private: []byte("secret")}}
		clerk.Seal(&e)
		head.Version, head.Hash = e.Event.Sequence, e.Event.Hash
		events = append(events, e.Event)
	}
	if err := innards.VerifyHistory("n-1", 3, head.Hash, events); err != nil {
		t.Error(err)
	}
}

// A counter is a call that takes effect.
type counter struct{ n int }

func (c *counter) call() (int, error) {
	c.n++
	return c.n, nil
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		plan    storecheck.Plan
		effects int
		errs    []int // the calls that fail, of four
	}{
		{"none", nil, 4, nil},
		{"before", storecheck.Nth(2, storecheck.Fault{Err: errBroken}), 3, []int{2}},
		{"after", storecheck.Nth(2, storecheck.Fault{Err: errBroken, After: true}), 4, []int{2}},
		{"later", storecheck.Nth(9, storecheck.Fault{Err: errBroken}), 4, nil},
	} {
		var failed []int
		met, store := []string{}, &counter{}
		faults := &storecheck.Faults{Plan: c.plan, Meanwhile: func(_ int, method string) { met = append(met, method) }}
		for i := range 4 {
			if got, err := storecheck.Call(faults, "call", store.call); err != nil {
				failed = append(failed, i+1)
				if got != 0 || err != errBroken {
					t.Errorf("%s: a call that fails returns %d, %v", c.name, got, err)
				}
			}
		}
		trial := &storecheck.Trial{}
		trial.Equal("the calls that fail", failed, c.errs)
		trial.Equal("the effects", store.n, c.effects)
		trial.Equal("the calls", faults.Calls(), 4)
		trial.Equal("what was called meanwhile", met, []string{"call", "call", "call", "call"})
		if trial.Err != nil {
			t.Errorf("%s: %v", c.name, trial.Err)
		}
	}
}

func TestSeededFaults(t *testing.T) {
	count := func(seed uint64) (before, after int, pattern string) {
		plan := storecheck.Seeded(seed, 4, errBroken)
		for n := range 400 {
			switch f := plan(n+1, ""); {
			case f.Err == nil:
				pattern += "."
			case f.After:
				after++
				pattern += "a"
			default:
				before++
				pattern += "b"
			}
		}
		return before, after, pattern
	}
	before, after, pattern := count(1)
	if before < 25 || after < 25 || before+after > 150 {
		t.Errorf("of 400 calls, %d fail before and %d after", before, after)
	}
	if _, _, again := count(1); again != pattern {
		t.Error("faults do not follow from the seed")
	}
	if _, _, other := count(2); other == pattern {
		t.Error("another seed has the same faults")
	}
}

// TestRealErrorsWin: a call that fails by itself keeps its error.
func TestRealErrorsWin(t *testing.T) {
	faults := &storecheck.Faults{Plan: storecheck.Nth(1, storecheck.Fault{Err: innards.ErrUnavailable, After: true})}
	if err := storecheck.Do(faults, "call", func() error { return errBroken }); err != errBroken {
		t.Errorf("the error is %v", err)
	}
}
