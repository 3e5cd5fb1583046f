package reservationtest

import (
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func duePromises() []promise {
	return []promise{
		on("Due", "due are the reservations of any tenant whose due time is at or before the instant, the longest due first, up to the limit", dueOrder),
		on("DueScope", "the scope of a due reservation sees it", dueScope),
		on("DueFollowsCommit", "a change sets the due time, or removes it", dueFollowsCommit),
		on("SetDue", "the due time is set without an event, if the version is the stored one; otherwise nothing is done", setDue),
		on("Wake", "a change of a property wakes those of its reservations for which the condition holds", wake),
		on("WakeStale", "a change of a property that is stale wakes nothing", wakeStale),
	}
}

func due(t *trial, at time.Time, limit int) (ids []string) {
	all, err := t.store.Due(t.Ctx, at, limit)
	t.OK("Due", err)
	for _, d := range all {
		ids = append(ids, d.Record)
	}
	return ids
}

// bookDue stores a draft that is due at the instant.
func (t *trial) bookDue(at time.Time, edits ...Edit) reservation.Reservation {
	c := t.Create(edits...)
	c.Due = &at
	return t.commit(c)
}

func dueOrder(t *trial) {
	now := t.Clock.Now()
	third := t.bookDue(now)
	first := t.bookDue(now.Add(-time.Hour))
	var second reservation.Reservation
	t.as(stranger(), func() { second = t.bookDue(now.Add(-time.Minute), at(strangeID)) })
	t.bookDue(now.Add(time.Microsecond))
	t.book()
	t.Equal("what is due", due(t, now, 10), []string{first.ID, second.ID, third.ID})
	t.Equal("what is due, limited", due(t, now, 2), []string{first.ID, second.ID})
	t.Equal("what was due an hour ago", due(t, now.Add(-time.Hour), 10), []string{first.ID})
	t.Equal("what was due before", due(t, now.Add(-2*time.Hour), 10), []string{})
}

func dueScope(t *trial) {
	t.bookDue(t.Clock.Now(), party("guest-1"))
	t.as(stranger(), func() { t.bookDue(t.Clock.Now(), at(strangeID)) })
	all, err := t.store.Due(t.Ctx, t.Clock.Now(), 10)
	t.OK("Due", err)
	t.Equal("how many are due", len(all), 2)
	for _, d := range all {
		t.OK("Reservation", errOf(t.store.Reservation(t.Ctx, d.Scope, d.Record)))
	}
}

func dueFollowsCommit(t *trial) {
	now := t.Clock.Now()
	r := t.bookDue(now)
	later := now.Add(time.Hour)
	c := t.Amend(r, Guest("Elena Ivanova"))
	c.Due = &later
	r = t.commit(c)
	t.Equal("what is due now", due(t, now, 10), []string{})
	t.Equal("what is due later", due(t, later, 10), []string{r.ID})
	t.amend(r, Guest("Elena Dimitrova"))
	t.Equal("what is due once nothing is to be done", due(t, far(), 10), []string{})
}

func setDue(t *trial) {
	now := t.Clock.Now()
	r := t.book()
	set := func(version int64, at *time.Time) {
		t.OK("SetDue", t.store.SetDue(t.Ctx, t.scope(), r.ID, version, at))
	}
	set(1, &now)
	t.Equal("what is due", due(t, now, 10), []string{r.ID})
	t.Equal("the reservation", t.read(r.ID), r)
	set(1, nil)
	t.Equal("what is due after it was unset", due(t, far(), 10), []string{})
	r = t.amend(r, Guest("Elena Ivanova"))
	for _, version := range []int64{0, 1, 3} {
		set(version, &now)
		t.Equal("what is due by another version", due(t, far(), 10), []string{})
	}
}

func wake(t *trial) {
	now := t.Clock.Now()
	arrived := t.book(Stay(0, 1, Double, ""))
	t.book(Stay(3, 1, Double, ""))
	checkedIn := t.book(Stay(0, 1, Double, "101"), InRoom("101"))
	inRoom := t.book(Stay(3, 1, Apartment, "201"))
	t.book(at(sisterID), Stay(0, 1, Double, ""))
	t.as(stranger(), func() { t.book(at(strangeID), Stay(0, 1, Double, "")) })
	c := t.Property(t.property(HotelID))
	c.Wake = &reservation.Wake{At: now, Where: reservation.Condition{
		{
			{Field: reservation.FieldOccupancy, Op: reservation.OpIs, Value: string(reservation.Expected)},
			{Field: reservation.FieldArrival, Op: reservation.OpUntil, Value: BusinessDate()},
		},
		{{Field: reservation.FieldInRoom, Op: reservation.OpSet}},
		{{Field: reservation.FieldRoom, Op: reservation.OpIs, Value: "201"}},
	}}
	t.OK("CommitProperty", t.store.CommitProperty(t.Ctx, c))
	woken := due(t, now, 10)
	slices.Sort(woken)
	t.Equal("who was woken", woken, slices.Sorted(slices.Values([]string{arrived.ID, checkedIn.ID, inRoom.ID})))
	t.Equal("who was due before", due(t, now.Add(-time.Second), 10), []string{})
	t.Equal("a reservation that was woken", t.read(arrived.ID), arrived)
}

func wakeStale(t *trial) {
	now := t.Clock.Now()
	t.book()
	old := t.property(HotelID)
	t.put(old)
	c := t.Property(old)
	c.Wake = &reservation.Wake{At: now, Where: reservation.All()}
	t.Is("CommitProperty", t.store.CommitProperty(t.Ctx, c), innards.ErrStale)
	t.Equal("who was woken", due(t, far(), 10), []string{})
}
