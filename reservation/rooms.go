package reservation

import "github.com/innards-go/innards"

// AssignRoom assigns a room for the whole stay, or for the nights from From up to, not including, To.
type AssignRoom struct {
	Room string       `json:"room" doc:"id of the room"`
	From innards.Date `json:"from,omitzero" doc:"first night; the first of the stay if it is left out"`
	To   innards.Date `json:"to,omitzero" doc:"day after the last night; the departure if it is left out"`
}

// MoveRoom moves the guest to another room from a night on, the business date at the earliest once checked in.
type MoveRoom struct {
	Room string       `json:"room" doc:"id of the room"`
	From innards.Date `json:"from,omitzero" doc:"first night in the new room; the first that is not over if it is left out"`
}

// UnassignRoom takes the room away; the type stays booked.
type UnassignRoom struct{}

// LockRoom keeps the assignment from being changed.
type LockRoom struct{}

// UnlockRoom lets the assignment be changed again.
type UnlockRoom struct{}

// Name implements [Intent].
func (AssignRoom) Name() string { return "assign_room" }

// Name implements [Intent].
func (MoveRoom) Name() string { return "move_room" }

// Name implements [Intent].
func (UnassignRoom) Name() string { return "unassign_room" }

// Name implements [Intent].
func (LockRoom) Name() string { return "lock_room" }

// Name implements [Intent].
func (UnlockRoom) Name() string { return "unlock_room" }

func (a AssignRoom) need(r *Reservation, p *Property) Need { return r.need(p, a.Room) }
func (m MoveRoom) need(r *Reservation, p *Property) Need   { return r.need(p, m.Room) }
func (UnassignRoom) need(r *Reservation, p *Property) Need { return r.need(p) }

// Plan implements [Intent].
func (a AssignRoom) Plan(f *Facts, c *Change) []innards.Blocker {
	r := &f.Reservation
	from, to := a.From, a.To
	if from.IsZero() {
		from = r.openFrom(f.BusinessDate)
	}
	if to.IsZero() {
		to = r.nightsEnd()
	}
	switch {
	case from.Before(r.Arrival) || to.After(r.nightsEnd()) || !from.Before(to):
		return []innards.Blocker{NightOutside.In("from", from, "to", to)}
	case r.Occupancy == CheckedIn && from.Before(f.BusinessDate):
		return []innards.Blocker{NightPast.In("from", from)}
	}
	blockers := c.assign(a.Room, "room", func(n Night) bool { return !n.Date.Before(from) && n.Date.Before(to) })
	return append(append(blockers, c.takeInventory()...), c.followGuest()...)
}

// Plan implements [Intent].
func (m MoveRoom) Plan(f *Facts, c *Change) []innards.Blocker {
	return AssignRoom{Room: m.Room, From: m.From}.Plan(f, c)
}

// followGuest keeps InRoom on the room of the current night. Nobody can be moved into a room where another guest is.
func (c *Change) followGuest() []innards.Blocker {
	room := c.After.RoomOn(c.facts.BusinessDate)
	if c.After.Occupancy != CheckedIn || room == c.After.InRoom {
		return nil
	}
	c.After.InRoom = room
	return blockField(c.facts.InHouse[room] != "", "room", RoomOccupied, room)
}

// Plan implements [Intent].
func (UnassignRoom) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.dropRooms()
	c.retake()
	return nil
}

// Plan implements [Intent].
func (LockRoom) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.After.RoomLocked = true
	return nil
}

// Plan implements [Intent].
func (UnlockRoom) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.After.RoomLocked = false
	return nil
}
