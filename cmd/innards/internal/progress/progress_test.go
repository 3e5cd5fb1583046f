package progress_test

import (
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/progress"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// Where there is no terminal, a line is printed from time to time.
func TestPlainLines(t *testing.T) {
	clock := reservationtest.NewClock(time.Unix(0, 0))
	var out strings.Builder
	m := progress.New(&out, clock.Now, "importing", "bytes", 100)
	m.Add(10)
	clock.Advance(5 * time.Second)
	m.Add(10)
	m.Add(10)
	clock.Advance(5 * time.Second)
	m.Set(90)
	m.Close()
	if want := "importing: 20 of 100 bytes\nimporting: 90 of 100 bytes\n"; out.String() != want {
		t.Errorf("printed %q", out.String())
	}

	out.Reset()
	m = progress.New(&out, clock.Now, "exporting", "records", -1)
	clock.Advance(time.Minute)
	m.Add(3)
	if want := "exporting: 3 records\n"; out.String() != want {
		t.Errorf("printed %q", out.String())
	}
}
