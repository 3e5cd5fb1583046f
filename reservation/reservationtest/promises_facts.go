package reservationtest

import (
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func factsPromises() []promise {
	return []promise{
		on("FactsOfStored", "facts hold the head of the record, the reservation and its property as they are stored", factsOfStored),
		on("FactsOfNew", "for the empty id the reservation is zero and the property is the one asked for", factsOfNew),
		on("Need", "what is needed is asked with the stored reservation, zero if there is none, and the property", needIsAsked),
		on("NoNeed", "without a need nothing of the inventory is read", noNeed),
		on("Taken", "taken names who holds a needed room in a needed night", taken),
		on("TakenElsewhere", "a room of the same name in another property is another room", takenElsewhere),
		on("Sold", "sold counts the claims on a needed type in a needed night, with and without a room", soldCounts),
		on("SoldExpired", "a claim is in force until the second of its release, and no longer", soldExpired),
		on("InHouse", "in house names who is checked in in a needed room", inHouse),
		on("Prior", "facts hold the answer that is kept under the key, and nil if there is none", prior),
		on("PriorOfScope", "a key of another scope is another key", priorOfScope),
		on("PropertyFacts", "facts of a property hold its head and the property; nil if it does not exist yet", propertyFacts),
		on("FactsAreSnapshot", "facts never show half of a change", factsAreSnapshot),
	}
}

func factsOfStored(t *trial) {
	r := t.book(party("guest-1"))
	r = t.amend(r, Guest("Elena Dimitrova"))
	f := t.facts(reservation.Ask{ID: r.ID})
	t.Equal("the head", f.Head, innards.Head{
		Kind: reservation.Kind, ID: r.ID, Tenant: Tenant, Property: HotelID, Party: "guest-1", Version: 2, Hash: r.Hash,
		Now: t.Clock.Now(), BusinessDate: BusinessDate(),
	})
	t.Equal("the reservation", f.Reservation, r)
	p := t.property(HotelID)
	t.Equal("the property", f.Property, &p)
	if _, ok := p.Room("101"); !ok || p.InService(Double) != 3 || p.Location().String() != "Europe/Sofia" {
		t.Failf("the property is not prepared")
	}
}

func factsOfNew(t *trial) {
	f := t.facts(reservation.Ask{Property: HotelID})
	t.Equal("the head", f.Head, innards.Head{
		Kind: reservation.Kind, Tenant: Tenant, Property: HotelID, Now: t.Clock.Now(), BusinessDate: BusinessDate(),
	})
	t.Equal("the reservation", f.Reservation, reservation.Reservation{})
	p := t.property(HotelID)
	t.Equal("the property", f.Property, &p)
}

func needIsAsked(t *trial) {
	r, p := t.book(), t.property(HotelID)
	for _, ask := range []reservation.Ask{{ID: r.ID}, {Property: HotelID}} {
		asked, want := 0, reservation.Reservation{}
		if ask.ID != "" {
			want = r
		}
		ask.Need = func(have *reservation.Reservation, hotel *reservation.Property) reservation.Need {
			asked++
			t.Equal("the reservation that the need is asked with", *have, want)
			t.Equal("the property that the need is asked with", *hotel, p)
			return reservation.Need{}
		}
		t.facts(ask)
		if asked == 0 {
			t.Failf("the need was not asked")
		}
	}
}

func noNeed(t *trial) {
	t.book(Stay(0, 1, Double, "101"), InRoom("101"))
	f := t.facts(reservation.Ask{Property: HotelID})
	t.Equal("how much was read", len(f.Taken)+len(f.Sold)+len(f.InHouse), 0)
}

// needAll asks for the first three nights and the first day of all rooms and types.
func needAll(*reservation.Reservation, *reservation.Property) reservation.Need {
	return reservation.Need{
		Dates: []reservation.SlotDate{nightAt(0), nightAt(1), nightAt(2), dayAt(0)},
		Rooms: []string{"101", "102", "103", "201"},
		Types: []string{Double, Apartment},
	}
}

func nightAt(day int) reservation.SlotDate {
	return reservation.SlotDate{Date: BusinessDate().AddDays(day), Slot: reservation.SlotNight}
}

func dayAt(day int) reservation.SlotDate {
	return reservation.SlotDate{Date: BusinessDate().AddDays(day), Slot: reservation.SlotDayUse}
}

// inventory returns the facts of the hotel's inventory as the reservation sees it; "": as a new one does.
func (t *trial) inventory(id string) *reservation.Facts {
	return t.facts(reservation.Ask{ID: id, Property: HotelID, Need: needAll})
}

// takenBy, and soldOf, are what facts should say.
type (
	takenBy = map[reservation.RoomNight]string
	soldOf  = map[reservation.TypeNight]int
)

func roomNight(room string, at reservation.SlotDate) reservation.RoomNight {
	return reservation.RoomNight{Room: room, SlotDate: at}
}

func typeNight(roomType string, at reservation.SlotDate) reservation.TypeNight {
	return reservation.TypeNight{Type: roomType, SlotDate: at}
}

// sold drops the entries of nought, which a store may leave out.
func (t *trial) sold(f *reservation.Facts) soldOf {
	out := soldOf{}
	for at, n := range f.Sold {
		if n != 0 {
			out[at] = n
		}
	}
	return out
}

func taken(t *trial) {
	a := t.book(Stay(0, 2, Double, "101"))
	b := t.book(Stay(0, 0, Double, "101"))
	c := t.book(Stay(1, 1, Apartment, "201"))
	t.book(Stay(0, 1, Double, "102"), Option(t.Clock.Now()))
	t.book(Stay(0, 1, Double, ""))
	all := takenBy{
		roomNight("101", nightAt(0)): a.ID, roomNight("101", nightAt(1)): a.ID, roomNight("101", dayAt(0)): b.ID,
		roomNight("201", nightAt(1)): c.ID,
	}
	t.Equal("what is taken for a new one", t.inventory("").Taken, all)
	delete(all, roomNight("201", nightAt(1)))
	t.Equal("what is taken for the one in 201", t.inventory(c.ID).Taken, all)
}

func takenElsewhere(t *trial) {
	t.book(at(sisterID), Stay(0, 2, Double, "101"), InRoom("101"))
	t.as(stranger(), func() { t.book(at(strangeID), Stay(0, 2, Double, "101"), InRoom("101")) })
	f := t.inventory("")
	t.Equal("what is taken", f.Taken, takenBy{})
	t.Equal("what is sold", t.sold(f), soldOf{})
	t.Equal("who is in house", f.InHouse, map[string]string{})
	t.book(Stay(0, 2, Double, "101"), InRoom("101"))
}

// at puts the reservation into another property.
func at(property string) Edit { return func(r *reservation.Reservation) { r.Property = property } }

func soldCounts(t *trial) {
	a := t.book(Stay(0, 2, Double, "101"))
	t.book(Stay(0, 1, Double, ""))
	t.book(Stay(0, 1, Apartment, ""))
	t.book(Stay(0, 0, Double, ""))
	t.book(Stay(0, 1, Double, ""), waitlisted)
	gone := t.book(Stay(0, 3, Double, ""))
	t.amend(gone, Void(reservation.Cancelled))
	want := soldOf{
		typeNight(Double, nightAt(0)): 2, typeNight(Double, nightAt(1)): 1, typeNight(Double, dayAt(0)): 1,
		typeNight(Apartment, nightAt(0)): 1,
	}
	t.Equal("what is sold for a new one", t.sold(t.inventory("")), want)
	want[typeNight(Double, nightAt(0))] = 1
	delete(want, typeNight(Double, nightAt(1)))
	t.Equal("what is sold for the one in 101", t.sold(t.inventory(a.ID)), want)
}

func waitlisted(r *reservation.Reservation) { r.Commitment = reservation.Waitlisted }

func soldExpired(t *trial) {
	release := t.Clock.Now().Add(90 * time.Second)
	option := t.book(Stay(0, 1, Double, "101"), Option(release))
	held := soldOf{typeNight(Double, nightAt(0)): 1}
	t.Clock.Set(release.Add(-time.Second))
	t.Equal("what is sold a second before the release", t.sold(t.inventory("")), held)
	t.Clock.Set(release)
	f := t.inventory("")
	t.Equal("what is sold in the second of the release", t.sold(f), soldOf{})
	t.Equal("what is taken in the second of the release", f.Taken, takenBy{})
	t.Equal("the option itself", t.read(option.ID), option)
}

func inHouse(t *trial) {
	a := t.book(Stay(0, 2, Double, "101"), InRoom("101"))
	b := t.book(Stay(0, 2, Double, "102"), InRoom("102"))
	t.Equal("who is in house for a new one", t.inventory("").InHouse, map[string]string{"101": a.ID, "102": b.ID})
	t.Equal("who is in house for the one in 102", t.inventory(b.ID).InHouse, map[string]string{"101": a.ID})
	t.amend(a, func(r *reservation.Reservation) { r.Occupancy, r.InRoom = reservation.CheckedOut, "" })
	t.Equal("who is in house after a check-out", t.inventory("").InHouse, map[string]string{"102": b.ID})
}

func prior(t *trial) {
	c := t.Create()
	t.Remember(&c.Entry, "key-1")
	r := t.commit(c)
	for _, ask := range []reservation.Ask{{ID: r.ID, Key: "key-1"}, {Property: HotelID, Key: "key-1"}} {
		t.Equal("the answer", t.facts(ask).Prior, c.Answer)
	}
	for _, key := range []string{"", "key-2", "KEY-1"} {
		t.Equal("the answer under "+key, t.facts(reservation.Ask{ID: r.ID, Key: key}).Prior, (*innards.Answer)(nil))
	}
	p, err := t.store.PropertyFacts(t.Ctx, t.scope(), reservation.Ask{ID: HotelID, Key: "key-1", At: Morning()})
	t.OK("PropertyFacts", err)
	if p != nil {
		t.Equal("the answer in the facts of a property", p.Prior, c.Answer)
	}
}

func priorOfScope(t *trial) {
	c := t.Create(party("guest-1"))
	t.Remember(&c.Entry, "key-1")
	r := t.commit(c)
	ask := reservation.Ask{ID: r.ID, Key: "key-1"}
	for _, a := range []innards.Actor{staffOf(HotelID), guestOf("guest-1")} {
		t.as(a, func() { t.Equal("the answer for another scope", t.facts(ask).Prior, (*innards.Answer)(nil)) })
	}
	t.as(stranger(), func() {
		ask := reservation.Ask{Property: strangeID, Key: "key-1"}
		t.Equal("the answer for another tenant", t.facts(ask).Prior, (*innards.Answer)(nil))
		other := t.Create(at(strangeID))
		t.Remember(&other.Entry, "key-1")
		t.commit(other)
	})
}

func propertyFacts(t *trial) {
	ask := func(id string) *reservation.PropertyFacts {
		f, err := t.store.PropertyFacts(t.Ctx, t.scope(), reservation.Ask{ID: id, At: t.Clock.Now()})
		t.OK("PropertyFacts", err)
		if f == nil {
			f = &reservation.PropertyFacts{}
		}
		return f
	}
	p, f := t.property(HotelID), ask(HotelID)
	t.Equal("the property", f.Property, &p)
	t.Equal("the head", f.Head, innards.Head{
		Kind: reservation.PropertyKind, ID: HotelID, Tenant: Tenant, Property: HotelID, Version: 1, Hash: p.Hash,
		Now: t.Clock.Now(), BusinessDate: BusinessDate(),
	})
	f = ask("new")
	t.Equal("the property that does not exist", f.Property, (*reservation.Property)(nil))
	t.Equal("its head", f.Head, innards.Head{Kind: reservation.PropertyKind, ID: "new", Tenant: Tenant, Property: "new", Now: t.Clock.Now()})
}

// factsAreSnapshot looks where a reservation is while another caller moves it from room to room and back.
func factsAreSnapshot(t *trial) {
	r := t.book(Stay(0, 1, Double, "101"))
	looked, moved := make(chan struct{}), make(chan error)
	go func() { moved <- t.moveUntil(looked, r) }()
	for range 50 {
		f := t.inventory("")
		t.Equal("how many rooms it is in", len(f.Taken), 1)
	}
	close(looked)
	t.OK("Commit", <-moved)
}

// moveUntil moves the reservation from room to room until done is closed.
func (t *trial) moveUntil(done <-chan struct{}, r reservation.Reservation) error {
	for i := 0; ; i++ {
		select {
		case <-done:
			return nil
		default:
		}
		c := t.Amend(r, Stay(0, 1, Double, []string{"102", "101"}[i%2]))
		if err := t.store.Commit(t.Ctx, c); err != nil {
			return err
		}
		r = stored(c)
	}
}
