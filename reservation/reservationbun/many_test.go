package reservationbun_test

import (
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// seededService is serviceOn with the same ids, numbers and salts every time.
func seededService(t *testing.T, store reservation.Store) (*reservation.Service, *reservationtest.Clock) {
	t.Helper()
	clock := reservationtest.NewClock(reservationtest.Morning())
	s, err := reservation.NewService(store, reservation.Options{Clock: clock.Now, Random: reservationtest.Random(7)})
	if err != nil {
		t.Fatal(err)
	}
	return s, clock
}

// requests returns creations that compete for four rooms in ten nights: of all kinds, with numbers that are used twice
// and with mistakes.
func requests(n int) (list []reservation.Creation) {
	r := mathrand.New(mathrand.NewPCG(3, 4))
	for i := range n {
		c := booking("")
		c.Arrival = reservationtest.BusinessDate().AddDays(r.IntN(10))
		c.Departure = c.Arrival.AddDays(r.IntN(4))
		c.Guest.Name = fmt.Sprintf("Guest %d", i)
		if r.IntN(4) == 0 {
			c.Type = reservationtest.Apartment
		}
		if r.IntN(3) == 0 {
			c.Room = []string{"101", "102", "103", "104", "201", "909"}[r.IntN(6)]
		}
		if r.IntN(3) == 0 {
			c.Number = fmt.Sprintf("N%d", r.IntN(n))
		}
		switch r.IntN(12) {
		case 0:
			c.Commitment = reservation.Waitlisted
		case 1, 2:
			until := reservationtest.Morning().Add(time.Duration(1+4*r.IntN(2)) * time.Hour)
			c.Commitment, c.ReleaseAt = reservation.Optional, &until
		case 3:
			c.Property = "elsewhere"
		case 4:
			c.Adults = -1
		case 5:
			c.GuaranteePolicy, c.Attributes = reservationtest.Deposit, map[string]string{"group": "a"}
		}
		list = append(list, reservation.Creation{Key: fmt.Sprintf("key %d", i), Create: c})
	}
	return list
}

// tell returns what became of a creation as text.
func tell(t *testing.T, receipt reservation.Receipt, err error) string {
	t.Helper()
	if err == nil {
		text, err := json.Marshal(receipt)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if innards.Codes(err) == nil {
		t.Fatal(err)
	}
	return err.Error()
}

func tellAll(t *testing.T, created []reservation.Created) (out []string) {
	t.Helper()
	for i, c := range created {
		if (c.Receipt == nil) == (c.Err == nil) {
			t.Fatalf("creation %d has %v and %v", i, c.Receipt, c.Err)
		}
		var receipt reservation.Receipt
		if c.Err == nil {
			receipt = *c.Receipt
		}
		out = append(out, tell(t, receipt, c.Err))
	}
	return out
}

var afterAll = reservationtest.Morning().Add(3 * time.Hour)

// contents returns all that the store holds, and verifies every history.
func contents(t *testing.T, store reservation.Store) map[string]any {
	t.Helper()
	ctx, scope := t.Context(), staff.Actor.Scope()
	page, err := store.Find(ctx, scope, reservation.Query{Sort: reservation.FieldArrival, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Reservations {
		history, err := store.History(ctx, scope, reservation.Kind, r.ID, 0, 10)
		if err == nil {
			err = innards.VerifyHistory(r.ID, r.Version, r.Hash, history)
		}
		if err != nil {
			t.Error(err)
		}
	}
	feed, err := store.Feed(ctx, scope, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range feed {
		feed[i].Cursor = 0
	}
	held, err := store.Held(ctx, scope, reservationtest.HotelID, reservationtest.BusinessDate(), reservationtest.BusinessDate().AddDays(30), afterAll)
	if err != nil {
		t.Fatal(err)
	}
	messages, err := store.Lease(ctx, scope, afterAll, afterAll.Add(time.Minute), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range messages {
		messages[i].Position = 0
	}
	return map[string]any{"reservations": page.Reservations, "feed": feed, "held": held, "messages": messages}
}

// TestManyIsOneByOne makes the same reservations one by one in memory and together in a database: the same are accepted
// and refused, and all that is stored is the same, to the last byte. Half way the options expire.
func TestManyIsOneByOne(t *testing.T) {
	overbooking := staff
	overbooking.Override, overbooking.Reason = []innards.Code{reservation.SoldOut.Code}, "a large group"
	for name, by := range map[string]innards.Command{"within limits": staff, "overbooking": overbooking} {
		t.Run(name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, store reservation.Store) {
				model := reservationtest.NewStore()
				openHotel(t, model)
				openHotel(t, store)
				list := requests(200)
				alone, clock := seededService(t, model)
				many, clockOfMany := seededService(t, store)
				var want, got []string
				refused := 0
				for i, c := range list {
					if i == 100 {
						clock.Advance(2 * time.Hour)
					}
					by := by
					by.Key = c.Key
					receipt, err := alone.Do(t.Context(), by, "", c.Create)
					if want = append(want, tell(t, receipt, err)); err != nil {
						refused++
					}
				}
				for i := 0; i < len(list); i += 50 {
					if i == 100 {
						clockOfMany.Advance(2 * time.Hour)
					}
					got = append(got, tellAll(t, many.CreateMany(t.Context(), by, list[i:i+50]))...)
				}
				if diff := cmp.Diff(want, got); diff != "" || refused < 50 || refused > 150 {
					t.Errorf("%d refused (-one by one +together):\n%s", refused, diff)
				}
				if diff := cmp.Diff(marshal(t, contents(t, model)), marshal(t, contents(t, store))); diff != "" {
					t.Errorf("one by one (-) and together (+):\n%s", diff)
				}
			})
		})
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestManyAgain sends a list again that was sent in part, and one with a key twice.
func TestManyAgain(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		openHotel(t, store)
		s := serviceOn(t, store)
		first, again := booking("101"), booking("102")
		list := []reservation.Creation{{Key: "a", Create: first}, {Key: "b", Create: again}, {Key: "", Create: booking("103")}}
		head := s.CreateMany(t.Context(), staff, list[:1])
		all := s.CreateMany(t.Context(), staff, list)
		if all[0].Err != nil || !all[0].Receipt.Replayed || all[0].Receipt.ID != head[0].Receipt.ID {
			t.Errorf("what was made before is %+v, %v", all[0].Receipt, all[0].Err)
		}
		if all[1].Err != nil || all[1].Receipt.Replayed || all[2].Err != nil {
			t.Errorf("the others are %+v and %+v", all[1], all[2])
		}
		other := booking("")
		other.Arrival, other.Departure = other.Departure, other.Departure.AddDays(1)
		twice := s.CreateMany(t.Context(), staff, []reservation.Creation{{Key: "a", Create: other}, {Key: "c", Create: other}, {Key: "c", Create: other}, {Key: "d", Create: other}})
		if !innards.RefusedFor(twice[0].Err, innards.KeyReused.Code) {
			t.Errorf("a key for something else: %+v", twice[0])
		}
		for _, c := range twice[1:] {
			if c.Err != nil {
				t.Fatal(c.Err)
			}
		}
		if twice[1].Receipt.ID != twice[2].Receipt.ID || !twice[2].Receipt.Replayed || twice[3].Receipt.ID == twice[1].Receipt.ID {
			t.Errorf("a key twice: %+v", twice)
		}
		if n, err := store.Count(t.Context(), staff.Actor.Scope(), reservation.Query{}); err != nil || n.Total != 5 {
			t.Errorf("%d reservations are stored, %v", n.Total, err)
		}
	})
}

// TestManyPreview writes nothing, and counts what comes before.
func TestManyPreview(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		openHotel(t, store)
		by := staff
		by.DryRun = true
		preview := serviceOn(t, store).CreateMany(t.Context(), by, []reservation.Creation{{Key: "a", Create: booking("101")}, {Key: "b", Create: booking("101")}})
		if preview[0].Err != nil || !preview[0].Receipt.DryRun || !innards.RefusedFor(preview[1].Err, reservation.RoomTaken.Code) {
			t.Errorf("%+v", preview)
		}
		if n, err := store.Count(t.Context(), staff.Actor.Scope(), reservation.Query{}); err != nil || n.Total != 0 {
			t.Errorf("%d reservations are stored, %v", n.Total, err)
		}
	})
}

// TestManyAtOnce has lists compete for the same rooms with each other and with single commands.
func TestManyAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		openHotel(t, store)
		s := serviceOn(t, store)
		var mu sync.Mutex
		accepted := 0
		count := func(err error) {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				accepted++
			case !innards.RefusedFor(err, reservation.SoldOut.Code):
				t.Error(err)
			}
		}
		var callers sync.WaitGroup
		for n := range 4 {
			var list []reservation.Creation
			for i := range 10 {
				c := booking("")
				c.Arrival = reservationtest.BusinessDate().AddDays((3*n + i) % 10)
				c.Departure = c.Arrival.AddDays(1)
				list = append(list, reservation.Creation{Key: fmt.Sprintf("%d/%d", n, i), Create: c})
			}
			callers.Go(func() {
				for _, c := range s.CreateMany(t.Context(), staff, list) {
					count(c.Err)
				}
			})
			callers.Go(func() {
				_, err := s.Do(t.Context(), staff, "", list[n].Create)
				count(err)
			})
		}
		callers.Wait()
		if accepted != 30 {
			t.Errorf("%d nights of three rooms in ten nights are sold", accepted)
		}
		contents(t, store)
	})
}

// TestCommitAllOrNothing has one change among several that does not hold any more.
func TestCommitAllOrNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		openHotel(t, store)
		many, desk := store.(reservation.Batcher), reservationtest.NewDesk(5)
		create := func(number, room string) *reservation.Change {
			return desk.Create(reservationtest.Stay(0, 2, reservationtest.Double, room), func(r *reservation.Reservation) { r.Number = number })
		}
		elsewhen := create("N5", "102")
		elsewhen.SeenProperty = 99
		for name, bad := range map[string]*reservation.Change{"number": create("N1", "102"), "room": create("N2", "101"), "property": elsewhen} {
			changes := []*reservation.Change{create("N1", "101"), bad, create("N3", "103")}
			if err := many.CommitAll(t.Context(), changes); !errors.Is(err, innards.ErrStale) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n, err := store.Count(t.Context(), staff.Actor.Scope(), reservation.Query{}); err != nil || n.Total != 0 {
			t.Errorf("%d reservations are stored, %v", n.Total, err)
		}
		if err := many.CommitAll(t.Context(), []*reservation.Change{create("N1", "101"), create("N3", "103")}); err != nil {
			t.Error(err)
		}
	})
}
