package replay

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
)

func TestTheTextNamesWhatWentWrong(t *testing.T) {
	commits, ratio := int64(10), 0.05
	report := Report{
		Rows:   3,
		Totals: []Total{{"Check-Out", 2, 1}},
		Tally: Tally{
			Refused: 2, RefusedByCode: map[innards.Code]int64{"sold_out": 1, "busy": 1},
			Refusals: []Refused{{Line: 7, Command: "check_in", Text: "check_in refused: no room is assigned (room_required)"}},
		},
		Commands: 200, Elapsed: 1500 * time.Millisecond, CommandsPerSecond: 133.3, Commits: &commits, CommitsPerCommand: &ratio,
		PeakMemory: 3 << 19,
	}
	var text bytes.Buffer
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1 of 2", "3 rows, 2 refused\nrefused for busy: 1\nrefused for sold_out: 1\n",
		"200 commands in 1.5s, 133 a second", "10 commits, 0.050 for each command\n1.5 MiB",
		"line 7: check_in refused: no room is assigned (room_required)\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, &text)
		}
	}
	if report.Matches() {
		t.Error("the report matches")
	}
}

func TestPeakMemoryIsThatOfTheProcess(t *testing.T) {
	if got := peakMemory(); got < 1<<20 {
		t.Errorf("%d bytes, want at least a mebibyte", got)
	}
}
