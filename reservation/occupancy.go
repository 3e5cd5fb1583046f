package reservation

import (
	"slices"

	"github.com/innards-go/innards"
)

// CheckIn marks the guest as in the house. The stay needs a room, definite commitment and an arrival that is not ahead.
type CheckIn struct {
	// Room to assign for the whole stay; empty: the assigned one.
	Room string `json:"room,omitempty" doc:"id of a room to assign for the whole stay; the assigned one if it is left out"`
}

// CheckOut marks the guest as gone. Nights that are left over are given back.
type CheckOut struct{}

// Cancel gives the reservation up. The cancellation policy applies, whoever cancels.
type Cancel struct {
	Reason ReasonCode `json:"reason_code"`
	Note   string     `json:"note,omitempty" doc:"free text, kept erasable in the history"`
	// Waive asks not to charge the fee. It needs the override of "waive_not_allowed".
	Waive bool `json:"waive,omitempty" doc:"do not charge the fee; needs the override of waive_not_allowed"`
}

// MarkNoShow marks the guest as not come. The cancellation policy applies.
type MarkNoShow struct {
	Note  string `json:"note,omitempty" doc:"free text, kept erasable in the history"`
	Waive bool   `json:"waive,omitempty" doc:"do not charge the fee; needs the override of waive_not_allowed"`
}

// MakeExpected restores the reservation from any status. The last fee is reversed. A room that was taken meanwhile is
// dropped; a type that was sold out meanwhile is overbooked.
type MakeExpected struct{}

// UndoCheckIn takes a check-in back, on the same business date.
type UndoCheckIn struct{}

// UndoCheckOut takes a check-out back: the guest is in the room again.
type UndoCheckOut struct{}

// ReleaseOption gives an option up, without a fee.
type ReleaseOption struct{}

// RollArrival moves the arrival on by a day and keeps the departure, which needs a stay of two nights or more.
type RollArrival struct{}

// A ReasonCode says why a reservation was cancelled.
type ReasonCode string

// The reason codes.
const (
	ReasonGuest             ReasonCode = "guest_request"
	ReasonDuplicate         ReasonCode = "duplicate"
	ReasonChannel           ReasonCode = "channel"
	ReasonHouse             ReasonCode = "house" // by the hotel
	ReasonGuaranteeDeadline ReasonCode = "guarantee_deadline"
	ReasonOptionReleased    ReasonCode = "option_released"
	ReasonOther             ReasonCode = "other"
)

// ReasonCodes returns all reason codes.
func ReasonCodes() []ReasonCode {
	return []ReasonCode{ReasonGuest, ReasonDuplicate, ReasonChannel, ReasonHouse, ReasonGuaranteeDeadline, ReasonOptionReleased, ReasonOther}
}

// Name implements [Intent].
func (CheckIn) Name() string { return "check_in" }

// Name implements [Intent].
func (CheckOut) Name() string { return "check_out" }

// Name implements [Intent].
func (Cancel) Name() string { return "cancel" }

// Name implements [Intent].
func (MarkNoShow) Name() string { return "mark_no_show" }

// Name implements [Intent].
func (MakeExpected) Name() string { return "make_expected" }

// Name implements [Intent].
func (UndoCheckIn) Name() string { return "undo_check_in" }

// Name implements [Intent].
func (UndoCheckOut) Name() string { return "undo_check_out" }

// Name implements [Intent].
func (ReleaseOption) Name() string { return "release_option" }

// Name implements [Intent].
func (RollArrival) Name() string { return "roll_arrival" }

func (c CheckIn) need(r *Reservation, p *Property) Need    { return r.need(p, c.Room) }
func (MakeExpected) need(r *Reservation, p *Property) Need { return r.need(p) }
func (RollArrival) need(r *Reservation, p *Property) Need  { return r.need(p) }
func (UndoCheckOut) need(r *Reservation, p *Property) Need { return r.need(p) }

func (CheckOut) asksFolio()    {}
func (Cancel) asksFolio()      {}
func (MarkNoShow) asksFolio()  {}
func (UndoCheckIn) asksFolio() {}

func (c Cancel) waives() bool     { return c.Waive }
func (m MarkNoShow) waives() bool { return m.Waive }

// Plan implements [Intent].
func (in CheckIn) Plan(f *Facts, c *Change) []innards.Blocker {
	var blockers []innards.Blocker
	if in.Room != "" {
		blockers = in.takeRoom(f, c)
	}
	r := &c.After
	if !r.hasRoom(f.Property) {
		blockers = append(blockers, RoomRequired.In("room"))
	}
	r.InRoom, r.CheckedOn = r.RoomOn(f.BusinessDate), f.BusinessDate
	r.ArrivedAt, r.DepartedAt = &c.Head.Now, nil
	return blockers
}

// takeRoom assigns the room that was named to the nights that are left, unless another one is assigned.
func (in CheckIn) takeRoom(f *Facts, c *Change) []innards.Blocker {
	from := f.Reservation.openFrom(f.BusinessDate)
	for _, n := range f.Reservation.Nights {
		if !n.Date.Before(from) && n.Room != "" && n.Room != in.Room {
			return []innards.Blocker{RoomAssigned.In("room", n.Room)}
		}
	}
	blockers := c.assign(in.Room, "room", func(n Night) bool { return !n.Date.Before(from) })
	if f.InHouse[in.Room] != "" {
		blockers = append(blockers, RoomOccupied.In("room", in.Room))
	}
	return append(blockers, c.takeInventory()...)
}

// hasRoom reports whether the nights that are left have a room, or the first of them where that is enough.
func (r *Reservation) hasRoom(p *Property) bool {
	from := r.openFrom(p.BusinessDate)
	for _, n := range r.Nights {
		switch {
		case n.Date.Before(from):
		case n.Room == "":
			return false
		case p.Settings.FirstSegmentSuffices:
			return true
		}
	}
	return true
}

// Plan implements [Intent].
func (CheckOut) Plan(f *Facts, c *Change) []innards.Blocker {
	r := &c.After
	r.InRoom, r.DepartedAt, r.Overbooked = "", &c.Head.Now, false
	if f.BusinessDate.Before(r.Departure) {
		r.ReleasedFrom = f.BusinessDate
		c.warn(WarnEarlyDeparture, f.BusinessDate)
	}
	return nil
}

// Plan implements [Intent].
func (in Cancel) Plan(f *Facts, c *Change) []innards.Blocker {
	blockers := c.note("note", in.Note, maxNote)
	if !slices.Contains(ReasonCodes(), in.Reason) {
		blockers = append(blockers, ReasonCodeInvalid.In("reason_code", string(in.Reason)))
	}
	c.publish("reason_code", in.Reason)
	return append(blockers, c.void(f, Cancelled, in.Waive)...)
}

// Plan implements [Intent].
func (in MarkNoShow) Plan(f *Facts, c *Change) []innards.Blocker {
	if f.noShowIsEarly() {
		c.warn(WarnArrivalDayOpen)
	}
	return append(c.note("note", in.Note, maxNote), c.void(f, NoShow, in.Waive)...)
}

// Plan implements [Intent].
func (ReleaseOption) Plan(f *Facts, c *Change) []innards.Blocker {
	c.publish("reason_code", ReasonOptionReleased)
	return c.void(f, Cancelled, false)
}

// Plan implements [Intent].
func (MakeExpected) Plan(f *Facts, c *Change) []innards.Blocker {
	r, was := &c.After, &f.Reservation
	if was.Occupancy == Expected {
		return nil
	}
	r.InRoom, r.ArrivedAt, r.DepartedAt, r.CheckedOn = "", nil, nil, innards.Date{}
	r.ReleasedFrom = innards.Date{}
	if !was.IsValid() {
		c.reverseFee()
		r.EvidenceStale = r.EvidenceStale || was.Guarantee == Guaranteed
		r.AutopayPaused = true
		r.CancellationNumber = ""
	}
	if r.Departure.Before(f.BusinessDate) {
		c.warn(WarnStayOver)
	}
	c.restoreRooms()
	c.retake()
	c.forgive()
	return nil
}

// forgive leaves out what automation has failed to do by now: who restores a reservation has decided about it, and no
// sweep undoes that at once.
func (c *Change) forgive() {
	for _, o := range c.After.occurrences(c.facts.Property, c.facts.Now) {
		if !c.facts.Now.Before(o.at) {
			c.markDone(o.key)
		}
	}
}

// Plan implements [Intent].
func (UndoCheckIn) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.After.InRoom, c.After.ArrivedAt, c.After.CheckedOn = "", nil, innards.Date{}
	c.forgive()
	return nil
}

// Plan implements [Intent].
func (UndoCheckOut) Plan(f *Facts, c *Change) []innards.Blocker {
	r := &c.After
	r.DepartedAt, r.ReleasedFrom = nil, innards.Date{}
	r.InRoom = r.RoomOn(f.BusinessDate)
	c.retake()
	return nil
}

// Plan implements [Intent].
func (RollArrival) Plan(f *Facts, c *Change) []innards.Blocker {
	r := &c.After
	if r.OriginalArrival.IsZero() {
		r.OriginalArrival = r.Arrival
	}
	r.Arrival = r.Arrival.AddDays(1)
	r.Nights = slices.Clone(r.Nights[min(1, len(r.Nights)):])
	r.revise()
	r.refreshDeadline(f.Property)
	c.retake()
	return nil
}
