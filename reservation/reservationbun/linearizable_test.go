package reservationbun_test

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

const (
	linearRooms   = 50
	linearClients = 64
	linearOps     = 50 // per client
	linearGroups  = 10 // of clients that compete for the same rooms; the checker looks at each alone
)

// An attempt is one operation of a client on its reservation, and what came of it.
type attempt struct {
	client int
	kind   string // "assign", "cancel" or "restore"
	room   int    // 1 to linearRooms, for assign
}

type outcome struct {
	refused bool // the room was taken
	kept    bool // restore: the reservation has its room again
}

// A lobby is the model: who has which room, and which room a reservation had last. All stays are of one night.
type lobby struct {
	holder [linearRooms + 1]int8   // client + 1
	room   [linearClients + 1]int8 // of the client's reservation, also while it is cancelled
	void   [linearClients + 1]bool
}

func (h lobby) step(a attempt, o outcome) (bool, lobby) {
	me := int8(a.client + 1)
	switch a.kind {
	case "assign":
		if h.void[me] {
			return o.refused, h
		}
		if taken := h.holder[a.room] != 0 && h.holder[a.room] != me; taken || o.refused {
			return taken == o.refused, h
		}
		h.holder[h.room[me]] = 0
		h.holder[a.room], h.room[me] = me, int8(a.room)
		return true, h
	case "cancel":
		if h.void[me] {
			return o.refused, h
		}
		h.holder[h.room[me]], h.void[me] = 0, true
		return !o.refused, h
	}
	wants := h.room[me]
	if !h.void[me] {
		return o.kept == (wants != 0), h
	}
	free := wants != 0 && h.holder[wants] == 0
	h.void[me] = false
	if free {
		h.holder[wants] = me
	} else {
		h.room[me] = 0
	}
	return o.kept == free, h
}

var houseModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		groups := make([][]porcupine.Operation, linearGroups)
		for _, op := range history {
			g := op.ClientId % linearGroups
			groups[g] = append(groups[g], op)
		}
		return groups
	},
	Init: func() any { return lobby{} },
	Step: func(state, input, output any) (bool, any) {
		ok, next := state.(lobby).step(input.(attempt), output.(outcome))
		return ok, next
	},
	Equal: func(a, b any) bool { return a == b },
}

// TestRoomsAreLinearizable lets many clients take, give back and restore a few rooms at once: what they are told must be
// what some order of their commands, one after the other, would have told them.
func TestRoomsAreLinearizable(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		history := compete(t, store, linearClients, linearRooms)
		if got := porcupine.CheckOperationsTimeout(houseModel, history, time.Minute); got != porcupine.Ok {
			t.Errorf("%d operations: %s", len(history), got)
		}
	})
}

// TestDoubleBookingIsNotLinearizable shows that the check above would find a store that books a room twice.
func TestDoubleBookingIsNotLinearizable(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		history := compete(t, doubleBooker{store}, 2*linearGroups, linearGroups)
		if got := porcupine.CheckOperationsTimeout(houseModel, history, time.Minute); got != porcupine.Illegal {
			t.Errorf("%d operations of a store that books rooms twice: %s", len(history), got)
		}
	})
}

// A doubleBooker sees no claims of others and makes none.
type doubleBooker struct{ reservation.Store }

func (d doubleBooker) Facts(ctx context.Context, s innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
	f, err := d.Store.Facts(ctx, s, ask)
	if err == nil {
		f.Taken = nil
	}
	return f, err
}

func (d doubleBooker) Commit(ctx context.Context, c *reservation.Change) error {
	for i := range c.Take {
		c.Take[i].Room = ""
	}
	return d.Store.Commit(ctx, c)
}

// compete lets clients fight for rooms and returns the history.
func compete(t *testing.T, store reservation.Store, clients, rooms int) []porcupine.Operation {
	t.Helper()
	at := time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC)
	stays, err := reservation.NewService(store, reservation.Options{Clock: func() time.Time { return at }, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	by := innards.Command{Actor: innards.Actor{ID: "desk", Tenant: "linear", Rights: []innards.Right{"*"}}}
	openLobby(t, stays, by)
	start := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	var wg sync.WaitGroup
	for client := range clients {
		id := bookOneNight(t, stays, by)
		wg.Go(func() {
			random := mathrand.New(mathrand.NewPCG(7, uint64(client)))
			for range linearOps {
				a := attempt{client: client, kind: []string{"assign", "assign", "cancel", "restore"}[random.IntN(4)], room: 1 + client%linearGroups + linearGroups*random.IntN(max(rooms/linearGroups, 1))}
				call := time.Since(start).Nanoseconds()
				o, err := a.try(context.Background(), stays, by, id)
				if err != nil {
					t.Error(err)
					return
				}
				op := porcupine.Operation{ClientId: client, Input: a, Output: o, Call: call, Return: time.Since(start).Nanoseconds()}
				mu.Lock()
				history = append(history, op)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return history
}

func (a attempt) try(ctx context.Context, stays *reservation.Service, by innards.Command, id string) (outcome, error) {
	var in reservation.Intent = reservation.MakeExpected{}
	switch a.kind {
	case "assign":
		in = reservation.AssignRoom{Room: roomName(a.room)}
	case "cancel":
		in = reservation.Cancel{Reason: reservation.ReasonGuest}
	}
	for {
		receipt, err := stays.Do(ctx, by, id, in)
		codes := innards.Codes(err)
		switch {
		case err == nil:
			return outcome{kept: a.kind == "restore" && len(receipt.Rooms) == 1}, nil
		case slices.Contains(codes, innards.Busy.Code):
			continue // nothing was written
		case slices.Contains(codes, reservation.RoomTaken.Code), slices.Contains(codes, innards.WrongStatus.Code):
			return outcome{refused: true}, nil
		}
		return outcome{}, err
	}
}

func roomName(n int) string { return fmt.Sprint(100 + n) }

func openLobby(t testing.TB, stays *reservation.Service, by innards.Command) {
	t.Helper()
	var rooms []reservation.Room
	for n := 1; n <= max(linearRooms, linearClients); n++ {
		rooms = append(rooms, reservation.Room{ID: roomName(n), Name: roomName(n), Type: "double"})
	}
	for _, in := range []reservation.PropertyIntent{
		reservation.CreateProperty{ID: "house", Title: "House", Zone: "Europe/Madrid", Currency: "EUR", BusinessDate: innards.NewDate(2026, time.May, 4)},
		reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "double", Name: "Double"}}},
		reservation.PutRooms{Rooms: rooms},
	} {
		if _, err := stays.DoProperty(t.Context(), by, "house", in); err != nil {
			t.Fatal(err)
		}
	}
}

func bookOneNight(t testing.TB, stays *reservation.Service, by innards.Command) string {
	t.Helper()
	receipt, err := stays.Do(t.Context(), by, "", reservation.Create{
		Property: "house", Type: "double", Source: reservation.SourcePhone, Guest: reservation.Person{Name: "Guest"},
		Arrival: innards.NewDate(2026, time.May, 10), Departure: innards.NewDate(2026, time.May, 11),
	})
	if err != nil {
		t.Fatal(err)
	}
	return receipt.ID
}
