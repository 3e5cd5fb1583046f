package reservationbun_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// plain returns a change of the stored reservation that moves a status and nothing else, as most commands do.
func plain(desk *reservationtest.Desk, before reservation.Reservation) *reservation.Change {
	c := desk.Amend(before, func(r *reservation.Reservation) { r.Confirmation = reservation.Confirmed })
	c.Free, c.Take = nil, nil
	return c
}

// TestPlainTransition drives changes that need no claims, for which stores take a shorter way.
func TestPlainTransition(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		openHotel(t, store)
		desk := reservationtest.NewDesk(2)
		created := desk.Create()
		commit := func(c *reservation.Change) reservation.Reservation {
			t.Helper()
			if err := store.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			r, err := store.Reservation(t.Context(), staff.Actor.Scope(), c.After.ID)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		before := commit(created)
		c := plain(desk, before)
		c.SeenProperty = 1
		desk.Tell(&c.Entry, "first")
		desk.Tell(&c.Entry, "second")
		desk.Remember(&c.Entry, "key")
		after := commit(c)
		if after.Confirmation != reservation.Confirmed || after.Version != 2 || after.Hash != c.Event.Hash {
			t.Errorf("stored %s at version %d", after.Confirmation, after.Version)
		}
		history(t, store, after)
		expectMessages(t, store, "first", "second")

		stranger := reservationtest.Staff()
		stranger.Property = "elsewhere"
		for _, bad := range []struct {
			name   string
			change func(*reservation.Change)
			want   error
		}{
			{"an old version", func(c *reservation.Change) { c.Head.Version = 1 }, innards.ErrStale},
			{"another version of the property", func(c *reservation.Change) { c.SeenProperty = 2 }, innards.ErrStale},
			{"a key that is taken", func(c *reservation.Change) { desk.Remember(&c.Entry, "key") }, innards.ErrStale},
			{"a reservation out of sight", func(c *reservation.Change) { c.Scope = stranger.Scope() }, innards.ErrNotFound},
		} {
			c := plain(desk, after)
			desk.Tell(&c.Entry, "half")
			bad.change(c)
			if err := store.Commit(t.Context(), c); !errors.Is(err, bad.want) {
				t.Errorf("%s: %v, want %v", bad.name, err, bad.want)
			}
		}
		history(t, store, after)
		expectMessages(t, store, "first", "second")
	})
}

// history verifies that the stored history ends at the reservation.
func history(t *testing.T, store reservation.Store, r reservation.Reservation) {
	t.Helper()
	events, err := store.History(t.Context(), staff.Actor.Scope(), reservation.Kind, r.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := innards.VerifyHistory(r.ID, r.Version, r.Hash, events); err != nil {
		t.Error(err)
	}
}

func expectMessages(t *testing.T, store reservation.Store, kinds ...string) {
	t.Helper()
	now := reservationtest.Morning()
	messages, err := store.Lease(t.Context(), staff.Actor.Scope(), now, now, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range messages {
		got = append(got, m.Kind)
	}
	if fmt.Sprint(got) != fmt.Sprint(kinds) {
		t.Errorf("the outbox has %q, want %q", got, kinds)
	}
}

// TestCallersShareCommits counts what many callers of the service cost on SQLite.
func TestCallersShareCommits(t *testing.T) {
	db := openSQLite(t)
	store := reservationbun.New(db)
	openHotel(t, store)
	s := serviceOn(t, store)
	const callers, each = 64, 10
	ids := make([]string, callers)
	for i := range ids {
		in := booking("")
		in.Commitment = reservation.Waitlisted
		receipt, err := s.Do(t.Context(), staff, "", in)
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = receipt.ID
	}
	// Other programs on the machine keep callers apart; the best of three rounds is what sharing can do.
	best := int64(1 << 62)
	for range 3 {
		before := db.Stats()
		callAll(t, s, ids, each)
		after := db.Stats()
		if changes := after.Changes - before.Changes; changes != callers*each*2 {
			t.Fatalf("%d transitions", changes)
		}
		best = min(best, after.Commits-before.Commits)
	}
	if best*16 > callers*each*2 {
		t.Errorf("%d transitions took %d commits, want at most one for 16", callers*each*2, best)
	}
}

// callAll confirms every reservation and takes it back, again and again, a caller for each.
func callAll(t *testing.T, s *reservation.Service, ids []string, each int) {
	t.Helper()
	var all sync.WaitGroup
	for _, id := range ids {
		all.Go(func() {
			for range each {
				for _, in := range []reservation.Intent{reservation.MarkConfirmed{Note: "phone"}, reservation.RevokeConfirmation{}} {
					if _, err := s.Do(context.Background(), staff, id, in); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
}
