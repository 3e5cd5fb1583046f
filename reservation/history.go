package reservation

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/innards-go/innards"
)

// A Record is the payload of an event: the public part of the reservation where the command changed it. It holds no
// personal data and no free text.
type Record struct {
	Number       string         `json:"number,omitempty"`
	Arrival      innards.Date   `json:"arrival,omitzero"`
	Departure    innards.Date   `json:"departure,omitzero"`
	Type         string         `json:"type,omitempty"`
	Nights       []Night        `json:"nights,omitempty"`
	ReleasedFrom *innards.Date  `json:"released_from,omitempty"`
	ReleaseAt    *string        `json:"release_at,omitempty"` // RFC 3339, "" when it was removed
	InRoom       *string        `json:"in_room,omitempty"`
	Overbooked   *bool          `json:"overbooked,omitempty"`
	RoomLocked   *bool          `json:"room_locked,omitempty"`
	Cycle        int            `json:"cycle,omitempty"`
	Fee          *Fee           `json:"fee,omitempty"` // charged, waived or reversed
	Paid         *innards.Money `json:"paid,omitempty"`
	Authorised   *innards.Money `json:"authorised,omitempty"`
	Refunding    *innards.Money `json:"refunding,omitempty"`
	Releasing    *innards.Money `json:"releasing,omitempty"`
	Effects      []string       `json:"effects,omitempty"`
	// Detail is what the command adds, such as the code of the reason for a cancellation.
	Detail map[string]any `json:"detail,omitempty"`
}

// record compares the reservation before and after.
func (c *Change) record() Record {
	b, a := &c.Before, &c.After
	r := Record{Detail: c.public, Fee: c.fee}
	if a.Number != b.Number {
		r.Number = a.Number
	}
	if a.Arrival != b.Arrival || a.Departure != b.Departure {
		r.Arrival, r.Departure = a.Arrival, a.Departure
	}
	if a.Type != b.Type {
		r.Type = a.Type
	}
	if !slices.Equal(a.Nights, b.Nights) {
		r.Nights = a.Nights
	}
	if a.Cycle != b.Cycle {
		r.Cycle = a.Cycle
	}
	r.ReleasedFrom = changed(b.ReleasedFrom, a.ReleasedFrom)
	r.ReleaseAt = changed(instantText(b), instantText(a))
	r.InRoom = changed(b.InRoom, a.InRoom)
	r.Overbooked = changed(b.Overbooked, a.Overbooked)
	r.RoomLocked = changed(b.RoomLocked, a.RoomLocked)
	r.Paid = changed(b.Paid, a.Paid)
	r.Authorised = changed(b.Authorised, a.Authorised)
	r.Refunding = changed(b.Refunding, a.Refunding)
	r.Releasing = changed(b.Releasing, a.Releasing)
	for _, m := range c.Outbox {
		r.Effects = append(r.Effects, m.Key)
	}
	return r
}

func instantText(r *Reservation) string {
	if r.ReleaseAt == nil {
		return ""
	}
	return r.ReleaseAt.UTC().Format("2006-01-02T15:04:05.999999Z07:00")
}

// changed returns a pointer to after if it differs from before, else nil.
func changed[T comparable](before, after T) *T {
	if before == after {
		return nil
	}
	return &after
}

// A Replayed reservation is what its history alone says of it.
type Replayed struct {
	Version      int64         `json:"version"`
	Number       string        `json:"number"`
	Confirmation Confirmation  `json:"confirmation"`
	Guarantee    Guarantee     `json:"guarantee"`
	Occupancy    Occupancy     `json:"occupancy"`
	Commitment   Commitment    `json:"commitment"`
	Arrival      innards.Date  `json:"arrival"`
	Departure    innards.Date  `json:"departure"`
	Type         string        `json:"type"`
	Nights       []Night       `json:"nights"`
	ReleasedFrom innards.Date  `json:"released_from,omitzero"`
	ReleaseAt    string        `json:"release_at,omitempty"` // RFC 3339
	InRoom       string        `json:"in_room,omitempty"`
	Cycle        int           `json:"cycle"`
	Fees         []Fee         `json:"fees,omitempty"`
	Paid         innards.Money `json:"paid"`
	Authorised   innards.Money `json:"authorised"`
	Refunding    innards.Money `json:"refunding,omitzero"`
	Releasing    innards.Money `json:"releasing,omitzero"`
}

// Replayed returns what the history of r must say of it, see [Replay].
func (r *Reservation) Replayed() Replayed {
	return Replayed{
		Version: r.Version, Number: r.Number, Confirmation: r.Confirmation, Guarantee: r.Guarantee, Occupancy: r.Occupancy,
		Commitment: r.Commitment, Arrival: r.Arrival, Departure: r.Departure, Type: r.Type, Nights: r.Nights,
		ReleasedFrom: r.ReleasedFrom, ReleaseAt: instantText(r), InRoom: r.InRoom, Cycle: r.Cycle, Fees: r.Fees,
		Paid: r.Paid, Authorised: r.Authorised, Refunding: r.Refunding, Releasing: r.Releasing,
	}
}

// Replay rebuilds a reservation's statuses, rooms, nights and fees from its whole history, in order. It returns an error
// matching [innards.ErrCorrupt] for an event that does not follow from the one before it.
func Replay(events []innards.Event) (Replayed, error) {
	var r Replayed
	for _, e := range events {
		if err := r.apply(e); err != nil {
			return r, fmt.Errorf("%w: event %d of %s: %w", innards.ErrCorrupt, e.Sequence, e.Record, err)
		}
	}
	return r, nil
}

func (r *Replayed) apply(e innards.Event) error {
	for _, m := range e.Moves {
		if err := r.move(m); err != nil {
			return err
		}
	}
	var p Record
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return err
	}
	r.Version = e.Sequence
	if p.Number != "" {
		r.Number = p.Number
	}
	if !p.Arrival.IsZero() {
		r.Arrival, r.Departure = p.Arrival, p.Departure
	}
	if p.Type != "" {
		r.Type = p.Type
	}
	if p.Nights != nil {
		r.Nights = p.Nights
	}
	if p.Cycle != 0 {
		r.Cycle = p.Cycle
	}
	set(&r.ReleasedFrom, p.ReleasedFrom)
	set(&r.ReleaseAt, p.ReleaseAt)
	set(&r.InRoom, p.InRoom)
	set(&r.Paid, p.Paid)
	set(&r.Authorised, p.Authorised)
	set(&r.Refunding, p.Refunding)
	set(&r.Releasing, p.Releasing)
	if p.Fee != nil {
		r.Fees = putFee(r.Fees, *p.Fee)
	}
	return nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (r *Replayed) move(m innards.Move) error {
	switch m.Axis {
	case AxisConfirmation:
		return step(&r.Confirmation, m)
	case AxisGuarantee:
		return step(&r.Guarantee, m)
	case AxisOccupancy:
		return step(&r.Occupancy, m)
	case AxisCommitment:
		return step(&r.Commitment, m)
	}
	return fmt.Errorf("unknown axis %q", m.Axis)
}

func step[S ~string](status *S, m innards.Move) error {
	if string(*status) != m.From {
		return fmt.Errorf("%s moves from %q while it is %q", m.Axis, m.From, *status)
	}
	*status = S(m.To)
	return nil
}

// putFee returns fees with f in the place of the fee of the same cycle, or at the end. Fees itself is not changed.
func putFee(fees []Fee, f Fee) []Fee {
	fees = slices.Clone(fees)
	for i := range fees {
		if fees[i].Cycle == f.Cycle {
			fees[i] = f
			return fees
		}
	}
	return append(fees, f)
}
