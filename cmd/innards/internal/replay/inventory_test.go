package replay

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/innards-go/innards"
)

func TestRoomSetTakesTheLowest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "rooms")
		set, taken := newRoomSet(n), make([]bool, n)
		for range rapid.IntRange(0, 400).Draw(t, "steps") {
			if n > 0 && rapid.Bool().Draw(t, "put") {
				room := rapid.IntRange(0, n-1).Draw(t, "room")
				set.put(int32(room))
				taken[room] = false
				continue
			}
			want := int32(-1)
			for room := range taken {
				if !taken[room] {
					want, taken[room] = int32(room), true
					break
				}
			}
			if got := set.take(); got != want {
				t.Fatalf("took room %d, want %d", got, want)
			}
		}
	})
}

func day(n int) innards.Date { return innards.NewDate(2016, 5, n) }

// stay returns a stay of the type from one day of May to another.
func stay(roomType uint8, from, to int) booking {
	return booking{created: day(1), arrival: day(from), departure: day(to), ended: day(to), booked: roomType, assigned: roomType}
}

func TestHotelsHaveTheRoomsOfTheirFullestDay(t *testing.T) {
	cancelled := stay(0, 10, 20)
	cancelled.endingAs = asCancelled
	early := stay(0, 12, 20)
	early.ended = day(13)
	v := newInventory(&file{words: words{types: table{"A", "B", "C"}}, bookings: []booking{
		stay(0, 10, 12), stay(0, 11, 12), stay(0, 12, 12), // the day use comes after the others have left
		early, stay(0, 13, 14), stay(1, 10, 11), cancelled,
	}})
	if diff := cmp.Diff([]int{2, 1, 0, 0, 0, 0}, v.rooms); diff != "" {
		t.Errorf("rooms by hotel and type (-want +got):\n%s", diff)
	}
	if !v.has(0) || v.has(1) {
		t.Errorf("has the first hotel: %v, the second: %v", v.has(0), v.has(1))
	}
}

func TestInventoryCountsNightsAndDaysApart(t *testing.T) {
	night, dayUse := stay(0, 10, 12), stay(0, 11, 11)
	v := newInventory(&file{words: words{types: table{"A"}}, bookings: []booking{night}})
	if !v.reserve(&night, 0) {
		t.Error("the first stay finds no room")
	}
	for _, other := range []booking{stay(0, 11, 12), stay(0, 10, 11), night} {
		if v.reserve(&other, 0) {
			t.Errorf("the night from %s to %s is sold twice", other.arrival, other.departure)
		}
	}
	if !v.reserve(&dayUse, 0) {
		t.Error("a day use collides with a night")
	}
	v.sell(&night, 0, day(11), -1)
	if other := stay(0, 11, 12); !v.reserve(&other, 0) {
		t.Error("the night that was given back is not free")
	}
}
