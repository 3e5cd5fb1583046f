package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/transfer"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A flaky store makes so many reservations, and is unavailable for more.
type flaky struct {
	*reservationtest.Store
	left int
}

func (s *flaky) Commit(ctx context.Context, c *reservation.Change) error {
	if s.left--; s.left < 0 {
		return innards.ErrUnavailable
	}
	return s.Store.Commit(ctx, c)
}

// TestImportStops has the store go away in the midst and for the last line: the import says so, and the next one goes on
// where it stopped. A line that is refused stops nothing.
func TestImportStops(t *testing.T) {
	store := &flaky{Store: reservationtest.NewStore(), left: 1}
	hotel := reservationtest.NewDesk(1).Property(reservationtest.Hotel())
	if err := store.CommitProperty(t.Context(), hotel); err != nil {
		t.Fatal(err)
	}
	service, err := reservation.NewService(store, reservation.Options{
		Clock: reservationtest.NewClock(reservationtest.Morning()).Now, Random: reservationtest.Random(1),
	})
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	for _, roomType := range []string{"DBL", "APT", "none", "DBL"} {
		fmt.Fprintf(&file, `{"property":%q,"room_type":%q,"arrival":"2026-06-02","departure":"2026-06-03","guest_name":"Ana"}`+"\n", reservationtest.HotelID, roomType)
	}
	run := func() (done int, bad []int, err error) {
		r, err := transfer.NewReader("x.jsonl", strings.NewReader(file.String()))
		if err != nil {
			t.Fatal(err)
		}
		im := transfer.Import{
			Service: service, Actor: reservationtest.Staff(), Workers: 10, Imported: func() {},
			Failed: func(line int, _ error) { bad = append(bad, line) },
		}
		done, _, err = im.Run(t.Context(), r)
		return done, bad, err
	}
	for _, line := range []int{2, 4} {
		_, _, err := run()
		if at, ok := errors.AsType[*transfer.LineError](err); !ok || at.Line != line || !errors.Is(err, innards.ErrUnavailable) {
			t.Errorf("the import that stops in line %d: %v", line, err)
		}
		store.left = 1
	}
	if done, bad, err := run(); done != 3 || len(bad) != 1 || bad[0] != 3 || err != nil {
		t.Errorf("the last import: %d reservations, not lines %v, %v", done, bad, err)
	}
	if n, err := store.Count(t.Context(), reservationtest.Staff().Scope(), reservation.Query{}); err != nil || n.Total != 3 {
		t.Errorf("%d reservations are stored, %v", n.Total, err)
	}
}
