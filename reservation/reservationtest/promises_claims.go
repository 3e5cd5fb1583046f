package reservationtest

import (
	"time"

	"github.com/innards-go/innards/reservation"
)

func claimPromises() []promise {
	return []promise{
		on("RoomTakenOnce", "a claim in force of another reservation for the same room, date and slot makes a change stale; nothing is written", roomTakenOnce),
		on("WholeStayOrNothing", "one night that cannot be taken spoils the whole change", wholeStayOrNothing),
		on("DayUse", "a day use of a room does not collide with the night, nor with another day", dayUse),
		on("OwnClaims", "a reservation does not collide with itself", ownClaims),
		on("FreedRoom", "a claim that was freed can be taken by another", freedRoom),
		on("FreeIsLenient", "a claim that is not there any more can be freed", freeIsLenient),
		on("FreeOwnOnly", "freeing a claim leaves the claim of another reservation on the same room alone", freeOwnOnly),
		on("ExpiredGivesWay", "a claim of another that has expired gives way, from the second of its release on", expiredGivesWay),
		on("OptionBlocks", "an option blocks its room until its release", optionBlocks),
		on("LateOption", "an option whose room was taken after its release cannot take it back", lateOption),
		on("Limit", "a change that exceeds a limit is stale and writes nothing; one that reaches it is written", limitHolds),
		on("LimitIsNarrow", "a limit counts its own type, date, slot and property only", limitIsNarrow),
		on("LimitExpired", "claims that have expired are not counted against a limit", limitExpired),
		on("TwoLimits", "of two limits on the same type and night both hold", twoLimits),
		on("LimitOfOwn", "a limit counts what the reservation holds once the change is made, not what it held", limitOfOwn),
		on("OneInRoom", "nobody is checked in in a room in which another is", oneInRoom),
		on("OneRoomWins", "of many reservations that take one room for one night at once, one is written", oneRoomWins),
		on("LimitInRace", "of many reservations that take the last rooms of a type at once, as many are written as there are rooms", limitInRace),
		on("RacingStays", "of many stays that overlap, made at once, those that are written hold all their nights, the others none, and no room is held twice", racingStays),
		on("OneCheckInWins", "of many reservations that are checked in in one room at once, one is written", oneCheckInWins),
	}
}

func roomTakenOnce(t *trial) {
	a := t.book(Stay(1, 2, Double, "101"))
	b := t.book(Stay(1, 2, Double, "102"))
	for _, stay := range []Edit{Stay(1, 2, Double, "101"), Stay(0, 2, Double, "101"), Stay(2, 5, Double, "101"), Stay(2, 1, Apartment, "101")} {
		t.stale(t.Create(stay))
		t.stale(t.Amend(b, stay))
	}
	t.book(Stay(0, 1, Double, "101"))
	t.book(Stay(3, 1, Double, "101"))
	t.Equal("the first reservation", t.read(a.ID), a)
}

func wholeStayOrNothing(t *trial) {
	t.book(Stay(4, 1, Double, "101"))
	b := t.book(Stay(0, 1, Double, "102"))
	t.stale(t.Create(Stay(0, 5, Double, "101")))
	t.stale(t.Amend(b, Stay(0, 5, Double, "101")))
}

func dayUse(t *trial) {
	t.book(Stay(1, 0, Double, "101"))
	t.book(Stay(0, 3, Double, "101"))
	t.book(Stay(2, 0, Double, "101"))
	t.stale(t.Create(Stay(1, 0, Double, "101")))
}

func ownClaims(t *trial) {
	r := t.book(Stay(0, 3, Double, "101"))
	r = t.amend(r, Stay(1, 4, Double, "101"))
	c := t.Amend(r, Guest("Elena Ivanova"))
	c.Free = nil
	t.commit(c)
	t.Equal("how many nights are held", len(t.held(HotelID)), 4)
}

func freedRoom(t *trial) {
	r := t.book(Stay(0, 3, Double, "101"))
	r = t.amend(r, Stay(0, 3, Double, "102"))
	t.book(Stay(0, 3, Double, "101"))
	t.amend(r, Void(reservation.Cancelled))
	t.book(Stay(0, 3, Double, "102"))
}

func freeIsLenient(t *trial) {
	r := t.book(Stay(0, 1, Double, "101"))
	c := t.Amend(r, Guest("Elena Ivanova"))
	absent := reservation.Claim{Date: BusinessDate().AddDays(3), Slot: reservation.SlotNight, Type: Double, Room: "103"}
	c.Free = append(c.Free, absent)
	t.commit(c)
}

func freeOwnOnly(t *trial) {
	release := t.Clock.Now().Add(time.Hour)
	option := t.book(Stay(0, 1, Double, "101"), Option(release))
	t.Clock.Set(release)
	b := t.book(Stay(0, 1, Double, "101"))
	c := t.Amend(option, Void(reservation.Cancelled))
	c.Take = nil
	t.commit(c)
	t.Equal("who holds the room", t.inventory("").Taken, takenBy{roomNight("101", nightAt(0)): b.ID})
	t.stale(t.Create(Stay(0, 1, Double, "101")))
}

func expiredGivesWay(t *trial) {
	release := t.Clock.Now().Add(time.Hour)
	t.book(Stay(0, 2, Double, "101"), Option(release))
	t.Clock.Set(release)
	r := t.book(Stay(0, 2, Double, "101"))
	t.Equal("who holds the room", t.inventory("").Taken, takenBy{roomNight("101", nightAt(0)): r.ID, roomNight("101", nightAt(1)): r.ID})
}

func optionBlocks(t *trial) {
	release := t.Clock.Now().Add(time.Hour)
	option := t.book(Stay(0, 2, Double, "101"), Option(release))
	t.Clock.Set(release.Add(-time.Microsecond))
	t.stale(t.Create(Stay(0, 1, Double, "101")))
	t.amend(option, definite)
	t.Clock.Set(release.Add(time.Hour))
	t.stale(t.Create(Stay(0, 1, Double, "101")))
}

func definite(r *reservation.Reservation) { r.Commitment, r.ReleaseAt = reservation.Definite, nil }

func lateOption(t *trial) {
	release := t.Clock.Now().Add(time.Hour)
	option := t.book(Stay(0, 2, Double, "101"), Option(release))
	t.Clock.Set(release)
	other := t.book(Stay(1, 1, Double, "101"))
	t.stale(t.Amend(option, definite))
	t.amend(other, Void(reservation.Cancelled))
	t.amend(option, definite)
}

// limited adds limits to a change.
func limited(c *reservation.Change, most int, nights ...reservation.TypeNight) *reservation.Change {
	for _, n := range nights {
		c.Limits = append(c.Limits, reservation.Limit{TypeNight: n, Most: most})
	}
	return c
}

func limitHolds(t *trial) {
	first, second := typeNight(Double, nightAt(0)), typeNight(Double, nightAt(1))
	t.commit(limited(t.Create(Stay(0, 2, Double, "101")), 2, first, second))
	t.commit(limited(t.Create(Stay(1, 1, Double, "")), 2, second))
	t.stale(limited(t.Create(Stay(0, 2, Double, "")), 2, first, second))
	t.stale(limited(t.Create(Stay(1, 1, Double, "102")), 2, second))
	t.commit(limited(t.Create(Stay(0, 1, Double, "102")), 2, first))
	t.commit(limited(t.Create(Stay(1, 1, Double, "102")), 3, second))
	t.commit(t.Create(Stay(1, 1, Double, "103")))
}

func limitIsNarrow(t *trial) {
	t.book(Stay(0, 1, Apartment, ""))
	t.book(Stay(1, 1, Double, ""))
	t.book(Stay(0, 0, Double, ""))
	t.book(at(sisterID), Stay(0, 1, Double, ""))
	t.as(stranger(), func() { t.book(at(strangeID), Stay(0, 1, Double, "")) })
	t.commit(limited(t.Create(Stay(0, 1, Double, "")), 1, typeNight(Double, nightAt(0))))
}

func limitExpired(t *trial) {
	release := t.Clock.Now().Add(time.Hour)
	t.book(Stay(0, 1, Double, ""), Option(release))
	t.book(Stay(0, 1, Double, "101"), Option(release))
	only := typeNight(Double, nightAt(0))
	t.stale(limited(t.Create(Stay(0, 1, Double, "")), 2, only))
	t.Clock.Set(release)
	t.commit(limited(t.Create(Stay(0, 1, Double, "")), 1, only))
}

func twoLimits(t *trial) {
	t.book(Stay(0, 1, Double, ""))
	only := typeNight(Double, nightAt(0))
	t.stale(limited(limited(t.Create(Stay(0, 1, Double, "")), 1, only), 2, only))
	t.stale(limited(limited(t.Create(Stay(0, 1, Double, "")), 2, only), 1, only))
	t.commit(limited(limited(t.Create(Stay(0, 1, Double, "")), 2, only), 3, only))
}

func limitOfOwn(t *trial) {
	double, apartment := typeNight(Double, nightAt(0)), typeNight(Apartment, nightAt(0))
	r := t.commit(limited(t.Create(Stay(0, 1, Double, "101")), 1, double))
	r = t.commit(limited(t.Amend(r, Stay(0, 1, Double, "102")), 1, double))
	r = t.commit(limited(t.Amend(r, Stay(0, 1, Apartment, "")), 1, apartment))
	t.stale(limited(t.Create(Stay(0, 1, Apartment, "")), 1, apartment))
	t.commit(limited(t.Create(Stay(0, 1, Double, "")), 1, double))
	t.stale(limited(t.keeping(r), 0, apartment))
	r = t.commit(limited(t.keeping(r), 1, apartment, double))
	t.commit(limited(t.Amend(r, Void(reservation.Cancelled)), 0, apartment))
}

// keeping returns a change that neither frees nor takes anything.
func (t *trial) keeping(r reservation.Reservation) *reservation.Change {
	c := t.Amend(r, Guest("Elena Ivanova"))
	c.Free, c.Take = nil, nil
	return c
}

func oneInRoom(t *trial) {
	a := t.book(Stay(0, 1, Double, "101"), InRoom("101"))
	b := t.book(Stay(0, 1, Double, "102"))
	c := t.book(Stay(2, 1, Double, "101"))
	t.stale(t.Amend(b, InRoom("101")))
	t.stale(t.Amend(c, InRoom("101")))
	a = t.amend(a, Guest("Elena Ivanova"))
	t.amend(b, InRoom("102"))
	t.book(at(sisterID), Stay(0, 1, Double, "101"), InRoom("101"))
	t.as(stranger(), func() { t.book(at(strangeID), Stay(0, 1, Double, "101"), InRoom("101")) })
	t.amend(a, func(r *reservation.Reservation) { r.Occupancy, r.InRoom = reservation.CheckedOut, "" })
	t.amend(c, InRoom("101"))
}

func oneRoomWins(t *trial) {
	won := t.commitAll(many(func(i int) *reservation.Change { return t.Create(Stay(i%3, 3, Double, "101")) }))
	t.Equal("how many reservations were written", won, 1)
	t.Equal("how many nights are held", len(t.held(HotelID)), 3)
	t.Equal("how many reservations there are", len(t.look().Reservations), 1)
}

func limitInRace(t *trial) {
	won := t.commitAll(many(func(int) *reservation.Change {
		return limited(t.Create(Stay(0, 1, Double, "")), 3, typeNight(Double, nightAt(0)))
	}))
	if won != 3 {
		won = t.again(won)
	}
	t.Equal("how many reservations were written", won, 3)
	t.Equal("how many claims there are", len(t.held(HotelID)), 3)
}

// again books one at a time until nothing is left: in a race a store may also find a change stale that would have fitted.
func (t *trial) again(won int) int {
	for range 3 {
		c := limited(t.Create(Stay(0, 1, Double, "")), 3, typeNight(Double, nightAt(0)))
		if t.store.Commit(t.Ctx, c) == nil {
			won++
		}
	}
	return won
}

func racingStays(t *trial) {
	won := t.commitAll(many(func(i int) *reservation.Change {
		c := t.Create(Stay(i%4, 1+i%3, Double, []string{"103", "101", "102"}[i%3]))
		return limited(c, 3, typeNight(Double, nightAt(i%4)))
	}))
	p := t.look()
	t.Equal("how many reservations there are", len(p.Reservations), won)
	holds := map[reservation.RoomNight]string{}
	for _, h := range p.Held {
		at := roomNight(h.Room, reservation.SlotDate{Date: h.Date, Slot: h.Slot})
		if holds[at] != "" {
			t.Failf("room %s is held twice on %s", h.Room, h.Date)
		}
		holds[at] = h.Reservation
	}
	for _, r := range p.Reservations {
		for _, n := range r.Nights {
			at := roomNight(n.Room, reservation.SlotDate{Date: n.Date, Slot: n.Slot})
			t.Equal("who holds a night of a reservation", holds[at], r.ID)
			delete(holds, at)
		}
	}
	t.Equal("what else is held", holds, takenBy{})
}

func oneCheckInWins(t *trial) {
	changes := many(func(i int) *reservation.Change {
		return t.Amend(t.book(Stay(i, 1, Double, "101")), InRoom("101"))
	})
	t.Equal("how many were checked in", t.commitAll(changes), 1)
	t.Equal("how many are in house", len(t.inventory("").InHouse), 1)
}
