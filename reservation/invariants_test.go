package reservation_test

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// check checks all that holds at any time.
func (m *model) check() {
	m.collect()
	inside := map[string]string{}
	var held []string
	for _, id := range m.ids {
		r := m.get(id)
		m.checkStatus(&r, inside)
		m.checkHistory(&r)
		m.checkFees(&r)
		m.checkDue(&r)
		for _, c := range r.Claims() {
			if c.Expires == nil || m.clock.Now().Before(*c.Expires) {
				held = append(held, fmt.Sprint(c.Date, c.Slot, c.Type, c.Room, id))
			}
		}
	}
	m.checkHeld(held)
}

// collect takes the outbox: no effect comes twice.
func (m *model) collect() {
	for _, message := range m.outbox() {
		if m.effect[message.Key] {
			m.fatalf("the effect %s comes twice", message.Key)
		}
		m.effect[message.Key] = true
		m.count(message)
	}
}

// count adds up what the folio is told.
func (m *model) count(message innards.Message) {
	sign := map[string]int64{reservation.EffectPostFee: 1, reservation.EffectReverseFee: -1}[message.Kind]
	if sign == 0 {
		return
	}
	var fee reservation.MoneyEffect
	if err := json.Unmarshal(message.Payload, &fee); err != nil {
		m.fatalf("the effect %s: %v", message.Key, err)
	}
	m.fees[message.Record] += sign * fee.Amount.Minor()
}

func (m *model) checkStatus(r *reservation.Reservation, inside map[string]string) {
	valid := slices.Contains([]reservation.Occupancy{reservation.Expected, reservation.CheckedIn, reservation.CheckedOut}, r.Occupancy)
	if r.IsValid() != valid || (r.CancellationNumber == "") != valid {
		m.fatalf("%s is valid: %v, its cancellation number is %q", r.Occupancy, r.IsValid(), r.CancellationNumber)
	}
	if (r.Occupancy == reservation.CheckedIn) != (r.InRoom != "") {
		m.fatalf("%s in room %q", r.Occupancy, r.InRoom)
	}
	if r.InRoom != "" {
		if other := inside[r.InRoom]; other != "" {
			m.fatalf("%s and %s are both in room %s", other, r.ID, r.InRoom)
		}
		inside[r.InRoom] = r.ID
		m.checkNight(r)
	}
}

// checkNight checks that the night of a guest in the house has a room, unless the stay is over.
func (m *model) checkNight(r *reservation.Reservation) {
	today := m.property().BusinessDate
	for _, n := range r.Nights {
		if n.Date == today && n.Room == "" {
			m.fatalf("%s is in the house without a room for %s: %+v", r.ID, today, r.Nights)
		}
	}
	if !r.Departure.After(today) {
		return // leaves today, or should have left
	}
	if last := r.Nights[len(r.Nights)-1]; last.Date.Before(today) {
		m.fatalf("%s is in the house until %s but has no night from %s on", r.ID, r.Departure, today)
	}
}

func (m *model) checkFees(r *reservation.Reservation) {
	var due int64
	for _, f := range r.Fees {
		if f.Amount.Sign() < 0 || f.Applied.Cmp(f.Amount) > 0 || f.Waived && f.Amount.Sign() != 0 {
			m.fatalf("the fee %+v", f)
		}
		if f.Reversed != (f.Cycle < r.Cycle || r.IsValid()) {
			m.fatalf("a fee of cycle %d is reversed: %v, in cycle %d, %s", f.Cycle, f.Reversed, r.Cycle, r.Occupancy)
		}
		if !f.Reversed {
			due += f.Amount.Minor()
		}
	}
	if posted := m.fees[r.ID]; posted != due || len(r.Fees) != r.Cycle || r.Paid.Sign() < 0 || r.Authorised.Sign() < 0 {
		m.fatalf("%d are posted, %d due; cycle %d, fees %+v, paid %s", posted, due, r.Cycle, r.Fees, r.Paid)
	}
}

// checkDue checks that the sweeps look at the reservation in time.
func (m *model) checkDue(r *reservation.Reservation) {
	by := r.DueBy(m.clock.Now(), m.property())
	if by == nil {
		return
	}
	due, err := m.memory.Due(m.ctx, *by, 1000)
	if err != nil {
		m.fatalf("due: %v", err)
	}
	if !slices.ContainsFunc(due, func(d innards.Due) bool { return d.Record == r.ID }) {
		m.fatalf("%s must be looked at by %s, but is not due by then", r.ID, by)
	}
}

// checkHeld compares what the store holds with what the reservations claim, and counts it by type.
func (m *model) checkHeld(want []string) {
	from, to := day(-5), day(360)
	nights, err := m.memory.Held(m.ctx, m.desk.Scope(), reservationtest.HotelID, from, to, m.clock.Now())
	if err != nil {
		m.fatalf("held: %v", err)
	}
	var got []string
	taken, sold := map[reservation.RoomNight]string{}, map[reservation.TypeNight]int{}
	for _, n := range nights {
		got = append(got, fmt.Sprint(n.Date, n.Slot, n.Type, n.Room, n.Reservation))
		at := reservation.SlotDate{Date: n.Date, Slot: n.Slot}
		if other := taken[reservation.RoomNight{Room: n.Room, SlotDate: at}]; n.Room != "" && other != "" {
			m.fatalf("room %s is taken twice on %s: by %s and %s", n.Room, n.Date, other, n.Reservation)
		}
		taken[reservation.RoomNight{Room: n.Room, SlotDate: at}] = n.Reservation
		sold[reservation.TypeNight{Type: n.Type, SlotDate: at}]++
	}
	slices.Sort(got)
	slices.Sort(want)
	if d := diff(want, got); d != "" {
		m.fatalf("the store holds otherwise than the reservations claim (-claimed +held):\n%s", d)
	}
	m.checkSold(sold, nights)
}

// checkSold checks that more of a type is sold than there is only where that is flagged, and the availability.
func (m *model) checkSold(sold map[reservation.TypeNight]int, nights []reservation.HeldNight) {
	today := m.property().BusinessDate
	for at, n := range sold {
		if n <= m.property().InService(at.Type) || at.Date.Before(today) {
			continue
		}
		flagged := slices.ContainsFunc(nights, func(h reservation.HeldNight) bool {
			r := m.get(h.Reservation)
			return h.Type == at.Type && h.Date == at.Date && (r.Overbooked || r.Occupancy == reservation.CheckedOut)
		})
		if !flagged {
			m.fatalf("%d of type %s are sold on %s, but nobody is flagged as overbooked", n, at.Type, at.Date)
		}
	}
	list, err := m.Availability(m.ctx, m.desk, reservationtest.HotelID, today, today.AddDays(10))
	if err != nil {
		m.fatalf("availability: %v", err)
	}
	for _, a := range list {
		n := sold[reservation.TypeNight{Type: a.Type, SlotDate: reservation.SlotDate{Date: a.Date, Slot: reservation.SlotNight}}]
		if a.Sold != n || a.Free != a.InService-n {
			m.fatalf("the availability %+v, want %d sold", a, n)
		}
	}
}

// checkHistory checks that the chain holds and that the history alone gives the same reservation.
func (m *model) checkHistory(r *reservation.Reservation) {
	if m.checked[r.ID] == r.Version {
		return
	}
	m.checked[r.ID] = r.Version
	events := m.history(r.ID)
	if err := innards.VerifyHistory(r.ID, r.Version, r.Hash, events); err != nil {
		m.fatalf("%v", err)
	}
	got, err := reservation.Replay(events)
	if err != nil {
		m.fatalf("replaying %s: %v", r.ID, err)
	}
	if d := diff(r.Replayed(), got); d != "" {
		m.fatalf("the history says otherwise (-stored +replayed):\n%s", d)
	}
	was := ""
	for _, e := range events {
		for _, move := range e.Moves {
			if move.To == string(reservation.CheckedOut) && move.From != move.To && was != string(reservation.CheckedIn) {
				m.fatalf("%s was checked out from %s", r.ID, was)
			}
			if move.Axis == reservation.AxisOccupancy {
				was = move.To
			}
		}
	}
}
