package reservation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// nights shows the nights of a reservation as "room type price", an empty room as "-".
func (h *house) nights(id string) string {
	h.t.Helper()
	var list []string
	for _, n := range h.get(id).Nights {
		room := n.Room
		if room == "" {
			room = "-"
		}
		list = append(list, strings.Join([]string{room, n.Type, n.Price.Decimal().String()}, " "))
	}
	return strings.Join(list, ", ")
}

// held shows who holds a room in the nights from the business date on, "." for nobody.
func (h *house) held(room string, names map[string]string, nights int) string {
	h.t.Helper()
	list, err := h.memory.Held(h.ctx, h.desk.Scope(), reservationtest.HotelID, day(0), day(nights), h.clock.Now())
	if err != nil {
		h.t.Fatalf("held: %v", err)
	}
	out := []byte(strings.Repeat(".", nights))
	for _, n := range list {
		if n.Room == room && n.Slot == reservation.SlotNight {
			out[day(0).DaysUntil(n.Date)] = names[n.Reservation][0]
		}
	}
	return string(out)
}

// Only what the guest was sent a confirmation of makes it stale.
func TestAmendMakesTheConfirmationStale(t *testing.T) {
	for name, c := range map[string]struct {
		in    reservation.Amend
		stale bool
	}{
		"departure":           {reservation.Amend{Departure: ptr(day(3))}, true},
		"arrival":             {reservation.Amend{Arrival: ptr(day(1))}, true},
		"both dates":          {reservation.Amend{Arrival: ptr(day(1)), Departure: ptr(day(3))}, true},
		"type":                {reservation.Amend{Type: ptr("APT")}, true},
		"adults":              {reservation.Amend{Adults: ptr(1)}, true},
		"children":            {reservation.Amend{Adults: ptr(1), Children: ptr(1)}, true},
		"name of the guest":   {reservation.Amend{Guest: &reservation.Person{Name: "Boris"}}, true},
		"price":               {reservation.Amend{Prices: []innards.Money{euro(99)}}, true},
		"extras":              {reservation.Amend{Extras: &[]reservation.Extra{{Group: "spa", Price: euro(9)}}}, true},
		"guarantee policy":    {reservation.Amend{GuaranteePolicy: ptr(reservationtest.Company)}, true},
		"cancellation policy": {reservation.Amend{CancellationPolicy: ptr("")}, true},
		"same dates":          {reservation.Amend{Arrival: ptr(day(0)), Departure: ptr(day(2)), Type: ptr("DBL"), Adults: ptr(2), Prices: []innards.Money{euro(100)}, Extras: &[]reservation.Extra{}}, false},
		"phone":               {reservation.Amend{Guest: &reservation.Person{Name: "Elena Todorova", Phone: "1"}}, false},
		"segment":             {reservation.Amend{Segment: ptr("group")}, false},
		"attributes":          {reservation.Amend{Attributes: map[string]string{"a": "b"}}, false},
	} {
		h := open(t)
		id := h.book(stay(0, 2), from(reservation.SourceBookingEngine))
		h.do(id, c.in)
		r := h.get(id)
		equal(t, name, r.ConfirmationStale, c.stale)
		equal(t, name+": revision", r.Revision, map[bool]int{false: 1, true: 2}[c.stale])
		equal(t, name+": confirmation", r.Confirmation, reservation.Confirmed)
	}
}

// A night that becomes a day use is another stay, though it begins on the same day and costs the same.
func TestAmendToADayUseMakesTheConfirmationStale(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 1), from(reservation.SourceBookingEngine))
	h.do(id, reservation.Amend{Departure: ptr(day(0))})
	r := h.get(id)
	equal(t, "nights", h.nights(id), "- DBL 100")
	equal(t, "stale", r.ConfirmationStale, true)
}

// Another cancellation policy may raise the fee or leave it as it is, but not lower it.
func TestAmendMayNotLowerTheFee(t *testing.T) {
	h := open(t)
	id := h.book(stay(2, 2), under("", reservationtest.Flexible))
	h.do(id, reservation.Amend{CancellationPolicy: ptr(reservationtest.Flexible)})
	h.do(id, reservation.Amend{CancellationPolicy: ptr("")})
	h.do(id, reservation.Amend{CancellationPolicy: ptr(reservationtest.Strict)})
	h.do(id, reservation.Amend{CancellationPolicy: ptr(reservationtest.Strict)})
	h.refused(id, reservation.Amend{CancellationPolicy: ptr(reservationtest.Flexible)}, reservation.FeeLowered)
}

func TestAmendChangesWhatIsGiven(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2))
	h.do(id, reservation.Amend{
		Adults: ptr(1), Children: ptr(1), Guest: &reservation.Person{Name: "Boris", Email: "b@example.com"}, Segment: ptr("group"),
		Extras: &[]reservation.Extra{{Group: "spa", Price: euro(9)}}, Attributes: map[string]string{"a": "b"},
		GuaranteePolicy: ptr(reservationtest.Company), CancellationPolicy: ptr(reservationtest.Strict),
	})
	r := h.get(id)
	equal(t, "guests", r.Adults*10+r.Children, 11)
	equal(t, "guest", r.Guest.Email, "b@example.com")
	equal(t, "segment", r.Segment, "group")
	equal(t, "extra", r.Extras[0].Price, euro(9))
	equal(t, "attribute", r.Attributes["a"], "b")
	equal(t, "policies", r.GuaranteePolicy.Name+r.CancellationPolicy.Name, reservationtest.Company+reservationtest.Strict)
	equal(t, "private", string(h.last(id).Private), `{"detail":{"guest":{"name":"Boris","email":"b@example.com"}}}`)
	h.override(id, reservation.Amend{GuaranteePolicy: ptr(""), CancellationPolicy: ptr("")}, reservation.FeeLowered)
	r = h.get(id)
	if r.GuaranteePolicy != nil || r.CancellationPolicy != nil || r.GuaranteeDeadline != nil {
		t.Errorf("the policies are still %v and %v", r.GuaranteePolicy, r.CancellationPolicy)
	}
	equal(t, "nights stay", h.nights(id), "- DBL 100, - DBL 100")
}

// Nights that stay keep price and room; nights that are added cost as the one beside them and take its room.
func TestAmendDates(t *testing.T) {
	h := open(t)
	c := booking(stay(2, 3), inRoom("101"))
	c.Prices = []innards.Money{euro(1), euro(2), euro(3)}
	id := h.do("", c).ID
	for _, step := range []struct {
		arrival, departure int
		nights, held       string
	}{
		{2, 6, "101 DBL 1, 101 DBL 2, 101 DBL 3, 101 DBL 3", "..aaaa."},
		{1, 6, "101 DBL 1, 101 DBL 1, 101 DBL 2, 101 DBL 3, 101 DBL 3", ".aaaaa."},
		{3, 5, "101 DBL 2, 101 DBL 3", "...aa.."},
		{0, 1, "101 DBL 2", "a......"},
		{4, 4, "101 DBL 2", "......."}, // a day use, not in the nights
		{0, 2, "101 DBL 2, 101 DBL 2", "aa....."},
	} {
		h.do(id, reservation.Amend{Arrival: ptr(day(step.arrival)), Departure: ptr(day(step.departure))})
		equal(t, "nights", h.nights(id), step.nights)
		equal(t, "held", h.held("101", map[string]string{id: "a"}, 7), step.held)
	}
	h.do(id, reservation.Amend{Departure: ptr(day(4)), Prices: []innards.Money{euro(9)}})
	equal(t, "one price for all", h.nights(id), "101 DBL 9, 101 DBL 9, 101 DBL 9, 101 DBL 9")
	h.do(id, reservation.Amend{Departure: ptr(day(2)), Prices: []innards.Money{euro(5), euro(6)}})
	equal(t, "a price for each", h.nights(id), "101 DBL 5, 101 DBL 6")
}

// The room stays behind on nights for which somebody else has it, or all of them if the type changes.
func TestAmendLosesTheRoom(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), inRoom("101"))
	h.book(stay(2, 1), inRoom("101"))
	receipt := h.do(id, reservation.Amend{Departure: ptr(day(4))})
	equal(t, "nights", h.nights(id), "101 DBL 100, 101 DBL 100, - DBL 100, 101 DBL 100")
	equal(t, "warning", warned(receipt), "night_without_room: 2026-06-03 101")
	h.do(id, reservation.LockRoom{})
	h.refused(id, reservation.Amend{Type: ptr("APT")}, reservation.RoomIsLocked)
	receipt = h.override(id, reservation.Amend{Type: ptr("APT")}, reservation.RoomIsLocked)
	equal(t, "nights", h.nights(id), "- APT 100, - APT 100, - APT 100, - APT 100")
	equal(t, "type", h.get(id).Type, "APT")
	equal(t, "warnings", len(receipt.Warnings), 3)
}

// Added nights may be in a room of their own.
func TestAmendWithARoomForAddedNights(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2), inRoom("101"))
	h.do(id, reservation.Amend{Departure: ptr(day(4)), Room: "201"})
	equal(t, "nights", h.nights(id), "101 DBL 100, 101 DBL 100, 201 APT 100, 201 APT 100")
	other := h.book(stay(4, 2), inRoom("102"))
	h.refused(other, reservation.Amend{Arrival: ptr(day(3)), Room: "201"}, reservation.RoomTaken, reservation.SoldOut)
	h.refused(other, reservation.Amend{Arrival: ptr(day(3)), Room: "999"}, reservation.RoomUnknown)
	h.refused(other, reservation.Amend{Arrival: ptr(day(3)), Room: "104"}, reservation.RoomOutOfOrder)
	equal(t, "nothing added", h.do(other, reservation.Amend{Departure: ptr(day(5)), Room: "103"}).Version, 2)
	equal(t, "nights", h.nights(other), "102 DBL 100")
}

// A guest in the house keeps the room: the type of the rate may change, nights may be added if the room is free, and what
// is over stays.
func TestAmendInTheHouse(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.refused(id, reservation.Amend{Arrival: ptr(day(1))}, reservation.NightPast)
	h.refused(id, reservation.Amend{Departure: ptr(day(0))}, reservation.NightPast)
	h.do(id, reservation.Amend{Arrival: ptr(day(0)), Departure: ptr(day(2))})
	h.do(id, reservation.Amend{Type: ptr("APT")})
	equal(t, "nights", h.nights(id), "101 DBL 100, 101 DBL 100")
	equal(t, "room", h.get(id).InRoom, "101")
	h.do(id, reservation.Amend{Departure: ptr(day(1))})
	equal(t, "leaves today", h.nights(id), "101 DBL 100")
	h.book(stay(2, 1), inRoom("101"))
	h.do(id, reservation.Amend{Departure: ptr(day(2))})
	h.refused(id, reservation.Amend{Departure: ptr(day(3))}, reservation.RoomTaken)
	h.do(id, reservation.Amend{Departure: ptr(day(3)), Room: "102"})
	equal(t, "nights", h.nights(id), "101 DBL 100, 101 DBL 100, 102 DBL 100")
	h.do(id, reservation.CheckOut{})
	h.refused(id, reservation.Amend{Segment: ptr("x")}, innards.WrongStatus)
}

func TestAmendTakesAndFreesTheType(t *testing.T) {
	h := open(t)
	first := h.book(ofType("APT"), stay(0, 1))
	second := h.book(ofType("APT"), stay(1, 1))
	h.refused(second, reservation.Amend{Arrival: ptr(day(0))}, reservation.SoldOut)
	h.override(second, reservation.Amend{Arrival: ptr(day(0))}, reservation.SoldOut)
	equal(t, "overbooked", h.get(second).Overbooked, true)
	h.do(first, reservation.Amend{Type: ptr("DBL")})
	h.do(second, reservation.Amend{Prices: []innards.Money{euro(1)}})
	equal(t, "not any more", h.get(second).Overbooked, false)
	equal(t, "nothing else is sold", h.do(second, reservation.Amend{Departure: ptr(day(1))}).Version, 4)
	h.book(ofType("APT"), stay(1, 1))
}

func TestAmendRefused(t *testing.T) {
	h := open(t)
	id := h.book(stay(1, 2))
	for name, c := range map[string]struct {
		in   reservation.Amend
		want innards.Reason
	}{
		"nothing":            {reservation.Amend{}, reservation.NothingToChange},
		"only a room":        {reservation.Amend{Room: "101"}, reservation.NothingToChange},
		"yesterday":          {reservation.Amend{Arrival: ptr(day(-1))}, reservation.ArrivalPast},
		"departure before":   {reservation.Amend{Departure: ptr(day(0))}, reservation.DepartureBefore},
		"arrival after":      {reservation.Amend{Arrival: ptr(day(4))}, reservation.DepartureBefore},
		"too long":           {reservation.Amend{Departure: ptr(day(732))}, reservation.StayTooLong},
		"unknown type":       {reservation.Amend{Type: ptr("SUITE")}, reservation.TypeUnknown},
		"guests":             {reservation.Amend{Adults: ptr(-1)}, reservation.GuestsInvalid},
		"children":           {reservation.Amend{Children: ptr(-1)}, reservation.GuestsInvalid},
		"capacity":           {reservation.Amend{Adults: ptr(3)}, reservation.CapacityExceeded},
		"name":               {reservation.Amend{Guest: &reservation.Person{}}, reservation.GuestRequired},
		"email":              {reservation.Amend{Guest: &reservation.Person{Name: "x", Email: "x"}}, reservation.EmailInvalid},
		"segment":            {reservation.Amend{Segment: ptr("4111111111111111")}, innards.CardNumber},
		"attributes":         {reservation.Amend{Attributes: map[string]string{"": ""}}, reservation.AttributesInvalid},
		"number of prices":   {reservation.Amend{Prices: []innards.Money{euro(1), euro(1), euro(1)}}, reservation.PriceCount},
		"price":              {reservation.Amend{Prices: []innards.Money{reservationtest.Amount(1, "JPY")}}, reservation.AmountInvalid},
		"extra":              {reservation.Amend{Extras: &[]reservation.Extra{{Price: reservationtest.Amount(1, "JPY")}}}, reservation.AmountInvalid},
		"guarantee policy":   {reservation.Amend{GuaranteePolicy: ptr("x")}, reservation.PolicyUnknown},
		"cancellation rules": {reservation.Amend{CancellationPolicy: ptr("x")}, reservation.PolicyUnknown},
	} {
		_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, id, c.in)
		if got := codesOf(err); len(got) != 1 || got[0] != c.want.Code {
			t.Errorf("%s: %v, want it refused for %s", name, err, c.want.Code)
		}
	}
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.refused(id, reservation.Amend{Segment: ptr("x")}, innards.WrongStatus)
}

// Guests who are too many already may stay as many; a smaller type may not take them.
func TestAmendCapacity(t *testing.T) {
	h := open(t)
	many := func(c *reservation.Create) { c.Adults = 4 }
	id := h.override("", booking(many), reservation.CapacityExceeded).ID
	h.do(id, reservation.Amend{Segment: ptr("group")})
	h.do(id, reservation.Amend{Adults: ptr(3)})
	h.refused(id, reservation.Amend{Adults: ptr(4)}, reservation.CapacityExceeded)
	h.do(id, reservation.Amend{Type: ptr("APT"), Adults: ptr(4)})
	h.refused(id, reservation.Amend{Type: ptr("DBL")}, reservation.CapacityExceeded)

	family := h.override("", booking(func(c *reservation.Create) { c.Adults, c.Children = 3, 1 }), reservation.CapacityExceeded).ID
	h.do(family, reservation.Amend{Adults: ptr(2), Children: ptr(2)}) // as many as before
	h.refused(family, reservation.Amend{Children: ptr(3)}, reservation.CapacityExceeded)
	h.doProperty(reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "DBL", Name: "Double room"}}}) // without a limit
	h.do(family, reservation.Amend{Adults: ptr(1000), Children: ptr(1000)})
}

// The arrival of an overdue guest may stay in the past.
func TestAmendOverdue(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 2))
	h.closeDay(1)
	h.do(id, reservation.Amend{Departure: ptr(day(4))})
	h.refused(id, reservation.Amend{Arrival: ptr(day(-1))}, reservation.ArrivalPast)
	h.do(id, reservation.Amend{Arrival: ptr(day(1))})
}

// The guarantee deadline is computed anew with the arrival; a policy that gave up waits again.
func TestAmendComputesTheDeadlineAnew(t *testing.T) {
	h := open(t, withGuarantee(reservation.GuaranteePolicy{
		Name: "before", Methods: []reservation.Method{reservation.MethodCard}, BeforeArrivalDays: ptr(2), AtDeadline: reservation.DeadlineUnguarantee}))
	id := h.book(stay(5, 2), under("before", ""))
	equal(t, "deadline", h.get(id).GuaranteeDeadline.Format(time.RFC3339), "2026-06-04T11:00:00Z")
	h.do(id, reservation.Amend{Arrival: ptr(day(2)), Departure: ptr(day(7))})
	equal(t, "deadline", h.get(id).GuaranteeDeadline.Format(time.RFC3339), "2026-06-01T11:00:00Z")
	h.clock.Advance(8 * time.Hour)
	equal(t, "sweep", h.sweep(), 1)
	equal(t, "gave up", h.get(id).GuaranteeLapsed, true)
	h.do(id, reservation.Amend{Departure: ptr(day(8))})
	equal(t, "still", h.get(id).GuaranteeLapsed, true)
	h.do(id, reservation.Amend{Arrival: ptr(day(6))})
	r := h.get(id)
	equal(t, "waits again", r.GuaranteeLapsed, false)
	equal(t, "state", r.GuaranteeState(h.clock.Now()), reservation.StateAwaiting)
}

// Erasing takes the personal data out of the reservation and out of the history, whose chain still holds.
func TestEraseGuest(t *testing.T) {
	h := open(t)
	c := booking(withCard, from(reservation.SourceChannelManager))
	c.Channel = &reservation.Channel{Name: "a channel", Reference: "HR-1"}
	c.Attributes = map[string]string{"passport": "123"}
	id := h.do("", c).ID
	h.do(id, reservation.GuaranteeBy{Note: "Elena called", Reference: "IBAN of Elena"})
	h.do(id, reservation.EraseGuest{})
	r := h.get(id)
	if r.Guest != (reservation.Person{Name: "—"}) || r.Card != nil || r.Attributes != nil || r.Channel.Reference != "" || r.Evidence[0].Reference != "" {
		t.Errorf("left is %+v", r)
	}
	equal(t, "channel", r.Channel.Name, "a channel")
	for _, e := range h.history(id) {
		if len(e.Private)+len(e.Salt) > 0 || strings.Contains(string(e.Payload), "Elena") {
			t.Errorf("event %d still holds %s %s", e.Sequence, e.Private, e.Payload)
		}
	}
	if err := innards.VerifyHistory(id, r.Version, r.Hash, h.history(id)); err != nil {
		t.Error(err)
	}
	other := h.book(guest("Elena Todorova"))
	h.do(other, reservation.EraseGuest{})
	equal(t, "without a channel", h.get(other).Guest.Name, "—")
}
