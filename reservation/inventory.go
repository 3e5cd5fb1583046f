package reservation

import (
	"slices"

	"github.com/innards-go/innards"
)

// need asks for the rooms and types of the stay, and of the other rooms.
func (r *Reservation) need(p *Property, others ...string) Need {
	rooms, _ := r.Rooms()
	n := Need{Dates: r.dates(), Rooms: append(rooms, others...), Types: []string{r.Type}}
	for _, night := range r.Nights {
		n.Types = append(n.Types, night.Type)
	}
	for _, id := range others {
		room, _ := p.Room(id)
		n.Types = append(n.Types, room.Type)
	}
	n.Rooms, n.Types = distinct(n.Rooms), distinct(n.Types)
	return n
}

// distinct returns the texts of list in order, each once, without the empty one.
func distinct(list []string) []string {
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
}

func (r *Reservation) dates() []SlotDate {
	dates := make([]SlotDate, len(r.Nights))
	for i, n := range r.Nights {
		dates[i] = SlotDate{n.Date, n.Slot}
	}
	return dates
}

func (n Night) typeNight() TypeNight { return TypeNight{n.Type, SlotDate{n.Date, n.Slot}} }

// isTaken reports whether another reservation holds the room in the night.
func (f *Facts) isTaken(room string, n Night) bool {
	return room != "" && f.Taken[RoomNight{room, SlotDate{n.Date, n.Slot}}] != ""
}

// isSoldOut reports whether no room of the night's type is left beside those of other reservations.
func (f *Facts) isSoldOut(n Night) bool { return f.Sold[n.typeNight()] >= f.Property.InService(n.Type) }

// assign puts the room on the chosen nights of After.
func (c *Change) assign(room, field string, chosen func(Night) bool) []innards.Blocker {
	f := c.facts
	known, ok := f.Property.Room(room)
	if !ok {
		return []innards.Blocker{RoomUnknown.In(field, room)}
	}
	var blockers []innards.Blocker
	if known.OutOfOrder {
		blockers = append(blockers, RoomOutOfOrder.In(field, room))
	}
	nights, holds := c.ownNights(), c.After.Blocks(f.Now)
	for i := range nights {
		n := &nights[i]
		if !chosen(*n) {
			continue
		}
		n.Room, n.Type = room, known.Type
		if holds && f.isTaken(room, *n) {
			blockers = append(blockers, RoomTaken.In(field, room, "on", n.Date))
		}
	}
	return blockers
}

// takeInventory checks the types of the nights that After holds and Before does not, and flags overbooking. Who
// overrides the blocker sells more than there is.
func (c *Change) takeInventory() (blockers []innards.Blocker) {
	for _, n := range c.oversold() {
		blockers = append(blockers, SoldOut.In("type", n.Type, "on", n.Date))
	}
	return blockers
}

// retake is takeInventory where nothing stands in the way: it flags overbooking.
func (c *Change) retake() {
	for _, n := range c.oversold() {
		c.warn(WarnOverbooked, n.Type, n.Date)
	}
}

// oversold flags overbooking, and returns the nights that After holds and Before does not and that overbook their type.
func (c *Change) oversold() (nights []Night) {
	c.After.Overbooked = false
	if !c.After.Blocks(c.facts.Now) {
		return nil
	}
	for _, n := range c.After.Nights {
		if !c.facts.isSoldOut(n) {
			continue
		}
		c.After.Overbooked = true
		if !c.holds(n) {
			nights = append(nights, n)
		}
	}
	return nights
}

// holds reports whether Before takes one of the night's type in the night.
func (c *Change) holds(n Night) bool {
	if c.Before.Lapsed(c.facts.Now) {
		return false
	}
	return slices.ContainsFunc(c.Before.Claims(), func(h Claim) bool { return h.typeNight() == n.typeNight() })
}

// restoreRooms keeps the rooms if all of them are free and in service, else it drops them and reports so.
func (c *Change) restoreRooms() (dropped bool) {
	for _, n := range c.After.Nights {
		if room, _ := c.facts.Property.Room(n.Room); n.Room != "" && (room.OutOfOrder || c.facts.isTaken(n.Room, n)) {
			c.dropRooms()
			c.After.RoomLocked = false
			c.warn(WarnRoomDropped, n.Room)
			return true
		}
	}
	return false
}

// dropRooms takes the rooms away. The type as booked stays.
func (c *Change) dropRooms() {
	nights := c.ownNights()
	for i := range nights {
		nights[i].Room, nights[i].Type = "", c.After.Type
	}
}
