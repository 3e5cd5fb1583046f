package replay

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A Refused is a row that was damaged, or whose next command was refused; the rest of its life was left out.
type Refused struct {
	Line     int               `json:"line"`
	Command  string            `json:"command"` // "read_row" for a damaged row
	Blockers []innards.Blocker `json:"blockers"`
	Text     string            `json:"text"`
}

// refused returns the entry for an [*innards.Refusal].
func refused(line int32, err *innards.Refusal) Refused {
	return Refused{Line: int(line), Command: err.Command, Blockers: err.Blockers, Text: err.Error()}
}

// A Tally is what was done.
type Tally struct {
	// RoomNights stayed; an early departure stays fewer than it booked.
	RoomNights int64 `json:"room_nights"`
	// DayUses, NoGuests and NegativeRates are bookings made that have no night, no guest, or a rate below nought.
	DayUses       int64 `json:"day_uses"`
	NoGuests      int64 `json:"no_guests"`
	NegativeRates int64 `json:"negative_rates"`
	// TypeChanges are check-ins into another type than was booked.
	TypeChanges     int64 `json:"type_changes"`
	EarlyDepartures int64 `json:"early_departures"`
	// Overbooked are the commands that needed the right to overbook.
	Overbooked int64 `json:"overbooked"`
	// Repeated are the commands that an earlier run of the same file had done.
	Repeated int64 `json:"repeated"`

	Refused       int64                  `json:"refused"` // rows
	RefusedByCode map[innards.Code]int64 `json:"refused_by_code"`
	// Refusals are the first thousand of them, by line.
	Refusals []Refused `json:"refusals"`
}

// maxListed is the most refusals that are listed, since a file may be damaged in every line.
const maxListed = 1000

// A tally is kept while many commands run.
type tally struct {
	done  atomic.Int64 // commands
	total int64        // commands, if none is refused

	mu sync.Mutex
	Tally
}

// expect counts the commands to come, and the rows that are damaged.
func (t *tally) expect(f *file, v *inventory) {
	t.RefusedByCode, t.Refusals = map[innards.Code]int64{}, []Refused{}
	for i := range f.bookings {
		t.total += f.bookings[i].commands(&f.words)
	}
	for h := range hotels {
		if v.has(uint8(h)) {
			t.total += int64(v.days())
		}
	}
	for _, r := range f.damaged {
		t.refuse(r)
	}
}

func (t *tally) refuse(r Refused) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Refused++
	for _, b := range r.Blockers {
		t.RefusedByCode[b.Code]++
	}
	if len(t.Refusals) < maxListed {
		t.Refusals = append(t.Refusals, r)
	}
}

// add counts a command that was carried out.
func (t *tally) add(b *booking, in reservation.Intent, receipt *reservation.Receipt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	count(&t.Overbooked, slices.Contains(receipt.Overrides, reservation.SoldOut.Code))
	count(&t.Repeated, receipt.Replayed)
	switch in.(type) {
	case reservation.Create:
		count(&t.DayUses, b.dayUse())
		count(&t.NoGuests, b.adults+b.children == 0)
		count(&t.NegativeRates, b.rate.Sign() < 0)
	case reservation.CheckIn:
		count(&t.TypeChanges, b.changesType())
	case reservation.CheckOut:
		count(&t.EarlyDepartures, b.ended.Before(b.departure))
		t.RoomNights += int64(b.nights())
	}
}

func count(n *int64, is bool) {
	if is {
		*n++
	}
}
