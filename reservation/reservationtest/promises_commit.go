package reservationtest

import (
	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/memstore"
	"github.com/innards-go/innards/reservation"
)

func commitPromises() []promise {
	return []promise{
		on("Create", "a new reservation is stored as it is in the change, at version 1 with the hash of its event", createStores),
		on("Update", "a changed reservation is stored as it is in the change, its version and hash counted up", updateStores),
		on("StoresEverything", "every field of a reservation and of a property comes back as it was stored", storesEverything),
		on("StoresNought", "an amount of nought keeps its currency, and no amount stays none", storesNought),
		on("Chain", "the history of a record ends in the version and hash that it is stored with", chain),
		on("SameID", "a reservation and a property with the same id have nothing in common", sameID),
		on("StaleVersion", "a change of another version than the stored one is stale and writes nothing", staleVersion),
		on("StaleCreate", "a new reservation with the id of a stored one is stale and writes nothing", staleCreate),
		on("StaleProperty", "a change that rests on another version of the property is stale and writes nothing", staleProperty),
		on("StaleNumber", "a number that another reservation of the property has is stale and writes nothing", staleNumber),
		on("StaleKey", "a change whose key is taken is stale and writes nothing", staleKey),
		on("PropertyVersion", "a property is stored at its next version; a change of another version is stale", propertyVersion),
		on("NoAliasing", "what was given to the store and what it returned can be changed without changing what is stored", noAliasing),
		on("OneVersionWins", "of many changes of one version, made at once, one is written", oneVersionWins),
		on("OneKeyWins", "of many changes with one key, made at once, one is written", oneKeyWins),
	}
}

// keeps expects the reservation of the change to be stored as it is there.
func (t *trial) keeps(c *reservation.Change) reservation.Reservation {
	r := t.commit(c)
	t.Equal("the stored reservation", t.read(r.ID), r)
	return r
}

func createStores(t *trial) {
	r := t.keeps(t.Create(Stay(1, 3, Double, "101")))
	t.Equal("its version", t.read(r.ID).Version, int64(1))
}

func updateStores(t *trial) {
	r := t.book(Stay(1, 3, Double, "101"))
	for range 3 {
		r = t.keeps(t.Amend(r, Guest("Elena "+r.Guest.Name), Stay(2, 1, Apartment, "201")))
	}
	t.Equal("its version", t.read(r.ID).Version, int64(4))
}

func storesEverything(t *trial) {
	t.keeps(t.Create(everything))
	p := wholeHotel()
	p.Version, p.Hash = t.property(HotelID).Version, t.property(HotelID).Hash
	change := t.Property(p)
	t.OK("CommitProperty", t.store.CommitProperty(t.Ctx, change))
	p.Version, p.Hash = change.Event.Sequence, change.Event.Hash
	t.Equal("the property", t.property(HotelID), p)
}

func storesNought(t *trial) {
	for _, amount := range []innards.Money{{}, Euro(0)} {
		t.keeps(t.Create(priced(amount), extra(amount), func(r *reservation.Reservation) {
			r.Paid, r.Authorised, r.Refunding, r.Releasing = amount, amount, amount, amount
			r.GuaranteePolicy = &reservation.GuaranteePolicy{Deposit: reservation.Deposit{Fixed: amount}}
			r.CancellationPolicy = &reservation.CancellationPolicy{Cap: amount, NoShow: &reservation.FeeRule{Flat: amount}}
		}))
	}
}

func chain(t *trial) {
	r := t.book()
	for range 4 {
		r = t.amend(r, Guest(r.Guest.Name+"a"))
	}
	r = t.read(r.ID)
	p := t.put(t.property(HotelID))
	t.chained(reservation.Kind, r.ID, r.Version, r.Hash)
	t.chained(reservation.PropertyKind, p.ID, p.Version, p.Hash)
}

func (t *trial) chained(kind, id string, version int64, head innards.Hash) {
	events, err := t.store.History(t.Ctx, t.scope(), kind, id, 0, 100)
	t.OK("History", err)
	t.OK("VerifyHistory", innards.VerifyHistory(id, version, head, events))
}

func sameID(t *trial) {
	r := t.book(func(r *reservation.Reservation) { r.ID = HotelID })
	p := t.put(t.property(HotelID))
	erasing := t.Amend(r, Guest("nobody"))
	erasing.Erase = true
	r = t.commit(erasing)
	t.Equal("the reservation", t.read(HotelID), r)
	t.Equal("the property", t.property(HotelID), p)
	t.chained(reservation.Kind, r.ID, 2, r.Hash)
	t.chained(reservation.PropertyKind, p.ID, 2, p.Hash)
}

func staleVersion(t *trial) {
	first := t.book()
	second := t.amend(first, Guest("Elena Dimitrova"))
	t.stale(t.Amend(first, Guest("Elena Ivanova")))
	ahead := second
	ahead.Version++
	t.stale(t.Amend(ahead, Guest("Elena Ivanova")))
	t.amend(second, Guest("Elena Ivanova"))
}

func staleCreate(t *trial) {
	r := t.book()
	t.stale(t.Create(func(fresh *reservation.Reservation) { fresh.ID = r.ID }))
}

func staleProperty(t *trial) {
	old := t.property(HotelID)
	seen := t.put(old)
	r := t.book()
	for _, c := range []*reservation.Change{t.Create(), t.Amend(r, Guest("Elena Ivanova"))} {
		c.SeenProperty = old.Version
		t.stale(c)
	}
	for _, version := range []int64{0, seen.Version} {
		c := t.Create()
		c.SeenProperty = version
		t.commit(c)
	}
}

func number(n string) Edit { return func(r *reservation.Reservation) { r.Number = n } }

func staleNumber(t *trial) {
	a, b := t.book(number("7001")), t.book(number("7002"))
	t.stale(t.Create(number("7001")))
	t.stale(t.Amend(b, number("7001")))
	t.amend(a, number("7003"))
	t.book(number("7001"))
	t.as(stranger(), func() { t.book(at(strangeID), number("7001")) })
}

func staleKey(t *trial) {
	first := t.Create()
	t.Remember(&first.Entry, "key-1")
	r := t.commit(first)
	for _, c := range []*reservation.Change{t.Create(), t.Amend(r, Guest("Elena Ivanova"))} {
		t.Remember(&c.Entry, "key-1")
		t.stale(c)
	}
	p := t.Property(t.property(HotelID))
	t.Remember(&p.Entry, "key-1")
	before := t.look()
	t.Is("CommitProperty", t.store.CommitProperty(t.Ctx, p), innards.ErrStale)
	t.Equal("what is stored", t.look(), before)
	t.Equal("the answer", t.facts(reservation.Ask{ID: r.ID, Key: "key-1"}).Prior, first.Answer)
}

func propertyVersion(t *trial) {
	first := t.property(HotelID)
	t.Equal("the first version", first.Version, int64(1))
	named := first
	named.Name = "Grand Hotel Vitosha"
	c := t.Property(named)
	t.OK("CommitProperty", t.store.CommitProperty(t.Ctx, c))
	named.Version, named.Hash = 2, c.Event.Hash
	t.Equal("the second version", t.property(HotelID), named)
	again := Hotel()
	for _, old := range []reservation.Property{first, again} {
		c := t.Property(old)
		t.Tell(&c.Entry, "half")
		before := t.look()
		t.Is("CommitProperty of an old version", t.store.CommitProperty(t.Ctx, c), innards.ErrStale)
		t.Equal("what is stored", t.look(), before)
	}
}

func noAliasing(t *trial) {
	c := t.Create(everything)
	t.Tell(&c.Entry, "told")
	t.Remember(&c.Entry, "key-1")
	due := t.Clock.Now()
	c.Due = &due
	r := t.commit(c)
	before, answer := memstore.Copy(t.look()), memstore.Copy(t.answer("key-1"))
	t.scribble(c.After, c.After)
	scrawl(c.Event.Payload, c.Event.Private, c.Outbox[0].Payload, c.Answer.Body)
	*c.Due = far()
	seen := t.look()
	t.Equal("what is stored after the given values were changed", seen, before)
	for _, found := range seen.Reservations {
		t.scribble(found, r)
	}
	for _, e := range seen.Events {
		scrawl(e.Payload, e.Private, e.Salt)
	}
	for _, m := range seen.Messages {
		scrawl(m.Payload)
	}
	t.scribble(t.facts(reservation.Ask{ID: r.ID}).Reservation, r)
	t.scribble(t.read(r.ID), r)
	scrawl(t.answer("key-1").Body)
	t.Equal("what is stored after the returned values were changed", t.look(), before)
	t.Equal("the answer", t.answer("key-1"), answer)
}

// answer returns what is kept under the key; zero if nothing is.
func (t *trial) answer(key string) (a innards.Answer) {
	if prior := t.facts(reservation.Ask{Property: HotelID, Key: key}).Prior; prior != nil {
		a = *prior
	}
	return a
}

// scribble changes what the reservation, made with everything, refers to, if it is the wanted one.
func (t *trial) scribble(r, want reservation.Reservation) {
	if t.Equal("the reservation", r, want); t.Err != nil {
		return
	}
	r.Nights[0].Room, r.Evidence[0].Actor, r.Fees[0].Cycle, r.Extras[0].Group, r.Done[0] = "x", "x", 9, "x", "x"
	r.Attributes["x"] = "x"
	*r.ReleaseAt = far()
	r.GuaranteePolicy.Methods[0], r.CancellationPolicy.Tiers[0].Days, r.Card.Token = "x", 9, "x"
}

func scrawl(texts ...[]byte) {
	for _, text := range texts {
		clear(text)
	}
}

// commitAll commits the changes at once and returns how many were written.
func (t *trial) commitAll(changes []*reservation.Change) int {
	return t.Race(len(changes), func(i int) error { return t.store.Commit(t.Ctx, changes[i]) })
}

// many returns as many changes as race in one promise.
func many(make func(i int) *reservation.Change) (changes []*reservation.Change) {
	for i := range 32 {
		changes = append(changes, make(i))
	}
	return changes
}

func oneVersionWins(t *trial) {
	r := t.book()
	won := t.commitAll(many(func(int) *reservation.Change { return t.Amend(r, Guest("Elena "+t.NewID())) }))
	t.Equal("how many changes were written", won, 1)
	t.Equal("the version", t.read(r.ID).Version, int64(2))
	events, err := t.store.History(t.Ctx, t.scope(), reservation.Kind, r.ID, 0, 100)
	t.OK("History", err)
	t.Equal("how many events there are", len(events), 2)
}

func oneKeyWins(t *trial) {
	won := t.commitAll(many(func(int) *reservation.Change {
		c := t.Create()
		t.Remember(&c.Entry, "key-1")
		return c
	}))
	t.Equal("how many changes were written", won, 1)
	t.Equal("how many reservations there are", len(t.look().Reservations), 1)
}
