package reservationtest

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func modelPromises() (promises []promise) {
	for seed := range uint64(3) {
		promises = append(promises, on(fmt.Sprintf("LikeMemory_%d", seed), "a random course of changes has the same outcome and leaves the same behind as in memory",
			func(t *trial) { likeMemory(t, seed) }))
	}
	return promises
}

// A course is a random sequence of changes, the same for the same seed, that is made in two stores.
type course struct {
	*trial
	*rand.Rand
	memory *trial
	known  []reservation.Reservation // every version that was ever stored
}

// likeMemory makes a course. It compares every outcome, and from time to time all that is stored.
func likeMemory(t *trial, seed uint64) {
	c := &course{trial: t, Rand: rand.New(rand.NewPCG(seed, 7)), memory: begin(t.Ctx, NewStore())}
	c.memory.Desk = t.Desk
	for step := range 120 {
		c.Clock.Advance(time.Duration(c.IntN(40)) * time.Minute)
		c.step(step)
		if step%20 == 19 {
			c.compare(step)
		}
		if t.Err != nil {
			return
		}
	}
}

func (c *course) step(step int) {
	if c.IntN(15) == 0 {
		p := c.Property(c.memory.property(HotelID))
		p.Wake = &reservation.Wake{At: c.soon(), Where: isOccupancy(reservation.Expected)}
		c.same(step, c.store.CommitProperty(c.Ctx, p), c.memory.store.CommitProperty(c.Ctx, p))
		return
	}
	change := c.randomChange()
	err := c.memory.store.Commit(c.Ctx, change)
	c.same(step, c.store.Commit(c.Ctx, change), err)
	if err == nil {
		c.known = append(c.known, stored(change))
	}
}

// same compares what two stores say to one change.
func (c *course) same(step int, got, want error) {
	switch {
	case got == nil && want == nil, got != nil && errors.Is(got, want):
	default:
		c.Failf("step %d: the error is %v, in memory it is %v", step, got, want)
	}
}

// randomChange makes or amends a reservation; sometimes an old version of it, so that the change is stale.
func (c *course) randomChange() *reservation.Change {
	var change *reservation.Change
	if len(c.known) == 0 || c.IntN(3) == 0 {
		change = c.Create(c.randomEdits()...)
	} else {
		change = c.Amend(c.known[len(c.known)-1-c.IntN(min(len(c.known), 12))], c.randomEdits()...)
	}
	if change.After.Lapsed(c.Clock.Now()) {
		change.Take = nil
	}
	for range c.IntN(3) {
		limited(change, c.IntN(5), typeNight(Double, nightAt(c.IntN(5))), typeNight(Apartment, nightAt(c.IntN(5))))
	}
	if c.IntN(4) == 0 {
		change.SeenProperty = c.memory.property(HotelID).Version - int64(c.IntN(2))
	}
	if due := c.soon(); c.IntN(2) == 0 {
		change.Due = &due
	}
	if c.IntN(6) == 0 {
		c.Remember(&change.Entry, fmt.Sprint("key-", c.IntN(8)))
	}
	for range c.IntN(3) {
		c.Tell(&change.Entry, "told")
	}
	change.Erase = c.IntN(10) == 0
	return change
}

func (c *course) soon() time.Time { return c.Clock.Now().Add(time.Duration(c.IntN(600)) * time.Minute) }

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func (c *course) randomEdits() (edits []Edit) {
	edits = append(edits, Stay(c.IntN(5), c.IntN(4), pick(c.Rand, Double, Double, Apartment), pick(c.Rand, "", "101", "102", "201")))
	for range c.IntN(3) {
		edits = append(edits, pick(c.Rand,
			Option(c.soon()), definite, waitlisted, InRoom(pick(c.Rand, "101", "102")), guaranteed, confirmed, everySecondNight(""),
			Void(pick(c.Rand, reservation.Cancelled, reservation.NoShow)), inSegment(pick(c.Rand, "", "leisure", "business")),
			Guest(pick(c.Rand, "Boris Kolev", "Вяра Колева", "Zoë Müller")), attribute("loyalty", pick(c.Rand, "gold", "silver")),
			number(fmt.Sprint(7000+c.IntN(20))), extra(Euro(int64(c.IntN(5000)))), policies(pick(c.Rand, "", Deposit, Company), Flexible),
		))
	}
	return edits
}

// everySecondNight assigns a room to every second night, so that the stay is split.
func everySecondNight(room string) Edit {
	return func(r *reservation.Reservation) {
		r.Nights = slices.Clone(r.Nights)
		for i := range r.Nights {
			if i%2 == 1 {
				r.Nights[i].Room = room
			}
		}
	}
}

// compare compares all that is stored, the inventory as a reservation sees it, and what queries find.
func (c *course) compare(step int) {
	at := fmt.Sprint("at step ", step, ", ")
	c.Equal(at+"what is stored", positionless(c.look()), positionless(c.memory.look()))
	id := c.known[c.IntN(len(c.known))].ID
	got, want := c.inventory(id), c.memory.inventory(id)
	c.Equal(at+"what is taken", got.Taken, want.Taken)
	c.Equal(at+"what is sold", c.sold(got), c.sold(want))
	c.Equal(at+"who is in house", got.InHouse, want.InHouse)
	for key := range 8 {
		c.Equal(at+"the answer", c.answer(fmt.Sprint("key-", key)), c.memory.answer(fmt.Sprint("key-", key)))
	}
	for range 10 {
		q := c.randomQuery()
		c.Equal(at+"what a query finds", idsOf(c.walk(q, 3, 1000)), idsOf(c.memory.walk(q, 3, 1000)))
		c.Equal(at+"what a query counts", withoutNoughts(c.count(q)), withoutNoughts(c.memory.count(q)))
		c.Equal(at+"what a query sums", c.segmentRows(q), c.memory.segmentRows(q))
	}
}

func (c *course) randomQuery() reservation.Query {
	q := reservation.Query{
		Sort:       pick(c.Rand, reservation.FieldArrival, reservation.FieldDeparture, reservation.FieldCreated, reservation.FieldNumber, reservation.FieldGuest),
		Descending: c.IntN(2) == 0,
		Words:      pick(c.Rand, nil, nil, []string{"kolev"}, []string{"вяра"}, []string{"70"}),
	}
	all := fields(c.known[max(0, len(c.known)-5):])
	for range c.IntN(3) {
		f := all[c.IntN(len(all))]
		q.Where = append(q.Where, reservation.All(pick(c.Rand, f.tests...)), reservation.Condition{{pick(c.Rand, f.tests...)}, {}})
	}
	return q
}

// positionless drops what each store decides for itself: positions, the order of equals, how wide the scope of a sweep is.
func positionless(p picture) picture {
	for i := range p.Events {
		p.Events[i].Cursor = 0
	}
	for i := range p.Messages {
		p.Messages[i].Position = 0
	}
	for i := range p.Due {
		p.Due[i].Scope = innards.Scope{}
	}
	slices.SortFunc(p.Due, func(a, b innards.Due) int { return cmp.Compare(a.Record, b.Record) })
	return p
}
