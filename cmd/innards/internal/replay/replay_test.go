package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const tenant = "replayed"

// measured are the figures that differ from run to run.
var measured = cmpopts.IgnoreFields(Report{}, "Elapsed", "CommandsPerSecond", "PeakMemory")

// stopwatch returns a clock that advances by a second whenever it is read.
func stopwatch() innards.Clock {
	clock := reservationtest.NewClock(time.Unix(0, 0))
	return func() time.Time {
		clock.Advance(time.Second)
		return clock.Now()
	}
}

func options(store reservation.Store) Options {
	return Options{Store: store, Tenant: tenant, Clock: stopwatch(), Random: reservationtest.Random(1)}
}

// replayed replays the text, which must not be cut short.
func replayed(t *testing.T, text string, o Options) Report {
	t.Helper()
	report, err := HotelBookings(t.Context(), strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryKindOfRowEndsAsTheFileSays(t *testing.T) {
	report := replayed(t, readFile(t, "testdata/excerpt.csv"), options(reservationtest.NewStore()))
	if !report.Matches() {
		t.Error("the store does not match the file")
	}
	report.PeakMemory = 0
	var text bytes.Buffer
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/report.txt", text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readFile(t, "testdata/report.txt"), text.String()); diff != "" {
		t.Errorf("the report differs (-want +got):\n%s", diff)
	}
}

func TestTotalsDoNotDependOnWhatRunsAtTheSameTime(t *testing.T) {
	text := readFile(t, "testdata/excerpt.csv")
	var want Report
	for i, workers := range []int{1, 64} {
		o := options(reservationtest.NewStore())
		o.Workers = workers
		got := replayed(t, text, o)
		if i == 0 {
			want = got
		} else if diff := cmp.Diff(want, got, measured); diff != "" {
			t.Errorf("%d workers (-one worker +they):\n%s", workers, diff)
		}
	}
	if want.Overbooked == 0 {
		t.Error("nothing was overbooked, so nothing depended on the order")
	}
}

func TestProgressAndCommitsAreCounted(t *testing.T) {
	store := &counting{Store: reservationtest.NewStore()}
	store.n.Store(7) // of others, before
	var done []int64
	o := options(store)
	o.Commits = store.n.Load
	o.Progress = func(n, total int64) { done = append(done, n, total) }
	report := replayed(t, readFile(t, "testdata/excerpt.csv"), o)
	if report.Commits == nil || *report.Commits != report.Commands || *report.CommitsPerCommand != 1 {
		t.Errorf("%v commits, want one for each of %d commands", report.Commits, report.Commands)
	}
	for i := 0; i < len(done); i += 2 {
		if done[i+1] != report.Commands || i > 0 && done[i] < done[i-2] {
			t.Fatalf("%d of %d done after %v", done[i], done[i+1], done[:i])
		}
	}
	if len(done) == 0 || done[len(done)-2] != report.Commands {
		t.Errorf("progress ended without all %d commands", report.Commands)
	}
}

func TestReplayingTheSameFileAgainChangesNothing(t *testing.T) {
	store, text := reservationtest.NewStore(), readFile(t, "testdata/excerpt.csv")
	first := replayed(t, text, options(store))
	cursor := lastCursor(t, store)
	second := replayed(t, text, options(store))
	if now := lastCursor(t, store); now != cursor {
		t.Errorf("the second run made %d events", now-cursor)
	}
	if second.Repeated == 0 || first.Repeated != 0 {
		t.Errorf("repeated %d, then %d commands", first.Repeated, second.Repeated)
	}
	if diff := cmp.Diff(first, second, measured, cmpopts.IgnoreFields(Tally{}, "Repeated")); diff != "" {
		t.Errorf("the second report differs (-first +second):\n%s", diff)
	}
}

func lastCursor(t *testing.T, store reservation.Store) (last int64) {
	t.Helper()
	for {
		events, err := store.Feed(t.Context(), innards.Actor{Tenant: tenant}.Scope(), last, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return last
		}
		last = events[len(events)-1].Cursor
	}
}

func TestAReplayThatWasCutShortGoesOn(t *testing.T) {
	text := readFile(t, "testdata/excerpt.csv")
	want := replayed(t, text, options(reservationtest.NewStore()))
	for _, commits := range []int64{0, 1700} {
		store := &counting{Store: reservationtest.NewStore(), most: commits + 1}
		o := options(store)
		if _, err := HotelBookings(t.Context(), strings.NewReader(text), o); !errors.Is(err, innards.ErrUnavailable) {
			t.Fatalf("after %d commits: error %v, want that the store is not available", commits, err)
		}
		store.most = 0
		got := replayed(t, text, options(store))
		if diff := cmp.Diff(want, got, measured, cmpopts.IgnoreFields(Tally{}, "Repeated")); diff != "" {
			t.Errorf("after %d commits (-at once +in two runs):\n%s", commits, diff)
		}
	}
}

func TestAnotherFileIsRefusedByAUsedStore(t *testing.T) {
	store := reservationtest.NewStore()
	replayed(t, head+good+"\n", options(store))
	_, err := HotelBookings(t.Context(), strings.NewReader(head+good), options(store))
	if !innards.RefusedFor(err, innards.WrongStatus.Code) {
		t.Errorf("error %v, want that the hotel is open already", err)
	}
}

func TestCancellingTheContextCutsItShort(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := options(reservationtest.NewStore())
	o.Progress = func(int64, int64) { cancel() }
	_, err := HotelBookings(ctx, strings.NewReader(readFile(t, "testdata/excerpt.csv")), o)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
}

func TestOptionsAreRequired(t *testing.T) {
	for name, leaveOut := range map[string]func(*Options){
		"store":  func(o *Options) { o.Store = nil },
		"tenant": func(o *Options) { o.Tenant = "" },
		"clock":  func(o *Options) { o.Clock = nil },
		"random": func(o *Options) { o.Random = nil },
	} {
		o := options(reservationtest.NewStore())
		leaveOut(&o)
		if _, err := HotelBookings(t.Context(), strings.NewReader(""), o); err == nil {
			t.Errorf("without %s: no error", name)
		}
	}
}

func TestReportIsJSON(t *testing.T) {
	report := replayed(t, head+good+"\nx\n", options(reservationtest.NewStore()))
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(report, back); diff != "" {
		t.Errorf("the report does not survive JSON (-want +got):\n%s", diff)
	}
}

func TestAReportThatCannotBeWrittenIsAnError(t *testing.T) {
	closed, w := io.Pipe()
	_ = closed.Close()
	if err := (&Report{}).WriteText(w); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v, want that the pipe is closed", err)
	}
}
