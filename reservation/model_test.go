package reservation_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// A step is one thing that happens in the hotel, chosen by numbers.
type step struct{ What, Which, Command, A, B int }

// bounds of the numbers of a step.
var bounds = step{What: 30, Which: 5, Command: 30, A: 12, B: 30}

// makeStep draws the numbers of a step, each below its bound.
func makeStep(draw func(bound int) int) step {
	return step{draw(bounds.What), draw(bounds.Which), draw(bounds.Command), draw(bounds.A), draw(bounds.B)}
}

// A model plays steps on a small hotel and checks after each that everything holds.
type model struct {
	*house
	ids     []string
	effect  map[string]bool  // keys of all effects
	fees    map[string]int64 // cents posted less reversed, by reservation
	seen    map[string]bool  // what was allowed and refused
	checked map[string]int64 // versions whose history was checked
	trail   []string         // what happened, for a failure
}

// fatalf ends the test with the last things that happened.
func (m *model) fatalf(format string, args ...any) {
	m.t.Helper()
	m.t.Fatalf("%s\nafter %s", fmt.Sprintf(format, args...), strings.Join(m.trail[max(0, len(m.trail)-25):], "\n      "))
}

func (m *model) log(format string, args ...any) {
	m.trail = append(m.trail, fmt.Sprintf(format, args...))
}

func newModel(t fataler, seen map[string]bool) *model {
	few := func(p *reservation.Property) {
		p.Rooms = []reservation.Room{{ID: "101", Name: "101", Type: "DBL"}, {ID: "102", Name: "102", Type: "DBL"}, {ID: "201", Name: "201", Type: "APT"}}
		p.Settings.NoShowSweep = true
	}
	m := &model{house: open(t, append(forMatrix(few), withTask(reservation.PaymentTask{
		ID: "deposit", From: reservation.PaymentBeforeArrival, Hours: 12, Amount: reservation.AmountDepositDue, Guarantees: true}))...),
		effect: map[string]bool{}, fees: map[string]int64{}, checked: map[string]int64{}, seen: seen}
	for i := range 3 {
		m.create(i, i+1)
	}
	return m
}

// play carries the steps out.
func (m *model) play(list []step) {
	for _, s := range list {
		switch s.What {
		case 0:
			m.create(s.A, s.B)
		case 1:
			m.log("time passes")
			m.clock.Advance([]time.Duration{time.Minute, 2 * time.Hour, 26 * time.Hour, 30 * time.Hour}[s.A%4])
		case 2:
			m.log("the day is closed")
			m.closeDay(1)
		case 3:
			m.sweepAll()
		case 4, 5, 6: // guests come often
			m.command(s, reservation.CheckIn{Room: []string{"", "101", "102", "201"}[s.A%4]})
		case 7, 8:
			m.command(s, reservation.CheckOut{})
		case 9:
			m.log("the folio changes")
			m.folio.set(reservation.FolioState{Closed: s.A%3 == 0, Charged: s.A%3 == 1, Balance: euro(int64(s.A % 2))}, nil)
		default:
			m.command(s, nil)
		}
		m.check()
	}
}

// sweepAll carries out what is due; what is refused is tried again in an hour.
func (m *model) sweepAll() {
	m.log("sweep")
	if _, err := m.Sweep(m.ctx, 1000); err != nil {
		m.fatalf("sweep: %v", err)
	}
}

func (m *model) create(a, b int) {
	if len(m.ids) > 4 {
		return
	}
	start := reservationtest.BusinessDate().DaysUntil(m.property().BusinessDate)
	edits := []edit{ofParty("acme"), stay(start+max(0, a%4-1), b%5), under([]string{"", "at_once", reservationtest.Deposit}[a%3], []string{"", reservationtest.Flexible, reservationtest.Strict}[b%3])}
	if b%4 == 0 {
		edits = append(edits, func(c *reservation.Create) { c.Guest.Email = "" })
	}
	switch {
	case a%7 == 0:
		edits = append(edits, optionUntil(m.clock.Now().Add(30*time.Hour)))
	case a%7 == 1:
		edits = append(edits, as([]reservation.Commitment{reservation.Waitlisted, reservation.Inquiry}[b%2]))
	case a%7 == 2:
		edits = append(edits, from(reservation.SourceBookingEngine), withCard, paying(euro(int64(b%5)*20)))
	case a%7 > 3:
		edits = append(edits, inRoom([]string{"101", "102"}[b%2]))
	}
	receipt, err := m.Do(m.ctx, m.by(b), "", booking(edits...))
	m.note("create", "not_made", err)
	if err == nil {
		m.ids = append(m.ids, receipt.ID)
	}
}

// by is somebody with every right, who overrides everything every other time.
func (m *model) by(n int) innards.Command {
	by := innards.Command{Actor: m.desk}
	if n%2 == 0 {
		by.Reason = "by right"
		for _, r := range reservation.Reasons() {
			by.Override = append(by.Override, r.Code)
		}
	}
	return by
}

// intents returns every command, with input that varies by the numbers.
func (m *model) intents(r *reservation.Reservation, a, b int) []reservation.Intent {
	all := samples(m.house)
	room := []string{"101", "102", "201"}[a%3]
	departure := r.Departure.AddDays(a%4 - 1)
	all["amend"] = []reservation.Intent{
		reservation.Amend{Departure: &departure}, reservation.Amend{Type: ptr([]string{"DBL", "APT"}[b%2])},
		reservation.Amend{Arrival: ptr(r.Arrival.AddDays(b%3 - 1)), Departure: &departure, Room: []string{"", room}[b%2]},
		reservation.Amend{Prices: []innards.Money{euro(int64(50 + b%100))}}, reservation.Amend{Segment: ptr("group")},
	}[b%5]
	all["assign_room"] = reservation.AssignRoom{Room: room}
	if b%3 == 0 {
		all["assign_room"] = reservation.AssignRoom{Room: room, From: r.Arrival.AddDays(b % 2)}
	}
	all["move_room"] = reservation.MoveRoom{Room: room}
	all["check_in"] = reservation.CheckIn{Room: []string{"", room}[b%2]}
	all["cancel"] = reservation.Cancel{Reason: reservation.ReasonGuest, Waive: a%2 == 0}
	all["mark_no_show"] = reservation.MarkNoShow{Waive: a%2 == 0}
	all["confirmation_sent"] = reservation.ConfirmationSent{Revision: b % 3}
	all["record_payment"] = reservation.RecordPayment{
		Kind: reservation.PaymentKinds()[a%5], Amount: euro(int64(1 + b%90)), Task: []string{"", "deposit"}[b%2]}
	delete(all, "create")
	var list []reservation.Intent
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[name])
	}
	return list
}

// command carries out the intent, or the one that the step names.
func (m *model) command(s step, in reservation.Intent) {
	id := m.ids[s.Which%len(m.ids)]
	before := m.get(id)
	if in == nil {
		in = m.intents(&before, s.A, s.B)[s.Command]
	}
	by := m.by(s.B)
	by.DryRun = true
	planned, dryErr := m.Do(m.ctx, by, id, in)
	if d := diff(before, m.get(id)); d != "" {
		m.fatalf("a dry run of %s wrote:\n%s", in.Name(), d)
	}
	by.DryRun = false
	receipt, err := m.Do(m.ctx, by, id, in)
	m.log("%s %+v", id, in)
	m.note(in.Name(), string(before.Occupancy), err)
	if fmt.Sprint(err) != fmt.Sprint(dryErr) {
		m.fatalf("%s: %v, and as a dry run: %v", in.Name(), err, dryErr)
	}
	if err != nil {
		if innards.Codes(err) == nil {
			m.fatalf("%s of %+v: %v", in.Name(), before, err)
		}
		return
	}
	planned.DryRun = false
	if receipt.CancellationNumber != before.CancellationNumber {
		planned.CancellationNumber = receipt.CancellationNumber // it is drawn anew for every try
	}
	if d := diff(planned, receipt); d != "" {
		m.fatalf("%s: the dry run said otherwise (-dry +done):\n%s", in.Name(), d)
	}
	m.checkMoves(in.Name(), receipt, &before)
}

func (m *model) note(command, status string, err error) {
	m.log("%s %s: %v", command, status, err)
	outcome := "done"
	if err != nil {
		outcome = "refused"
	}
	m.seen[command+" "+status+" "+outcome] = true
}

// checkMoves checks that one axis moves at most, and that the receipt tells what was stored.
func (m *model) checkMoves(command string, receipt reservation.Receipt, before *reservation.Reservation) {
	after := m.get(receipt.ID)
	moved := 0
	for _, did := range []bool{before.Occupancy != after.Occupancy, before.Confirmation != after.Confirmation, before.Guarantee != after.Guarantee, before.Commitment != after.Commitment} {
		if did {
			moved++
		}
	}
	if len(receipt.Moves) != 1 || moved > 1 || (receipt.Moves[0].From != receipt.Moves[0].To) != (moved == 1) {
		m.fatalf("%s makes the moves %v, and %d axes moved", command, receipt.Moves, moved)
	}
	if receipt.Version != after.Version || receipt.Version != before.Version+1 || receipt.Occupancy != after.Occupancy {
		m.fatalf("%s: the receipt %+v is not of %+v", command, receipt, after)
	}
}

// Whatever happens in the hotel, everything holds.
func TestRandomDaysKeepEveryInvariant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.Custom(func(t *rapid.T) step {
			return makeStep(func(bound int) int { return rapid.IntRange(0, bound-1).Draw(t, "") })
		})
		newModel(t, map[string]bool{}).play(rapid.SliceOfN(one, 1, 60).Draw(t, "steps"))
	})
}

// outcomes says what random days must see of every command in every occupancy status: "d" for done, "r" for refused,
// "dr" for both.
const outcomes = `
command              expected  checked_in  checked_out  cancelled  no_show
amend                dr        dr          r            r          r
assign_room          dr        dr          r            r          r
cancel               dr        dr          dr           r          r
check_in             dr        r           r            r          r
check_out            r         dr          r            r          r
confirmation_sent    dr        dr          dr           dr         dr
erase_guest          d         d           d            d          d
guarantee            d         d           d            d          d
hold_option          dr        r           r            r          r
lapse_guarantee      dr        r           r            r          r
lock_room            d         d           r            r          r
make_definite        dr        d           d            r          r
make_expected        d         dr          d            d          d
mark_confirmed       d         d           d            r          r
mark_no_show         dr        dr          dr           r          r
move_room            dr        dr          r            r          r
record_payment       dr        dr          dr           dr         dr
release_option       dr        r           r            r          r
revoke_confirmation  d         d           d            d          d
revoke_guarantee     d         d           d            d          d
roll_arrival         dr        r           r            r          r
run_payment_task     dr        dr          dr           r          r
send_confirmation    dr        dr          dr           r          r
send_message         dr        r           r            r          r
store_card           d         d           d            d          d
unassign_room        dr        r           r            r          r
undo_check_in        r         dr          r            r          r
undo_check_out       r         r           dr           r          r
unlock_room          d         d           r            r          r
update_guest         dr        dr          r            r          r
waitlist             dr        r           r            r          r
`

// Random days see every command done and refused in every status in which it can be, and in no other. Every other step
// looks for what was not seen yet.
func TestRandomDaysSeeEveryCommandInEveryStatus(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	want, seen := map[string]bool{}, map[string]bool{}
	for at, cell := range parseMatrix(outcomes).cells {
		for _, outcome := range cell[0] {
			want[at[0]+" "+at[1]+" "+map[rune]string{'d': "done", 'r': "refused"}[outcome]] = true
		}
	}
	lacks := func(pair string) bool { return !seen[pair] }
	for seed := uint64(0); seed < 60 || seed < 300 && slices.ContainsFunc(slices.Collect(maps.Keys(want)), lacks); seed++ {
		random := rand.New(rand.NewPCG(seed, 1))
		m := newModel(t, seen)
		if seed%2 == 0 {
			m.leaveEarly()
		}
		for range 60 {
			m.play([]step{makeStep(random.IntN)})
			m.hunt(want, makeStep(random.IntN))
		}
	}
	maps.DeleteFunc(seen, func(pair string, _ bool) bool { return strings.HasPrefix(pair, "create") })
	if d := diff(want, seen); d != "" {
		t.Errorf("-wanted +seen:\n%s", d)
	}
}

// hunt tries a command in a status in which it was not done, or not refused, yet.
func (m *model) hunt(want map[string]bool, s step) {
	var prey []step
	for which, id := range m.ids {
		before := m.get(id)
		for command, in := range m.intents(&before, s.A, s.B) {
			pair := in.Name() + " " + string(before.Occupancy)
			if want[pair+" done"] && !m.seen[pair+" done"] || want[pair+" refused"] && !m.seen[pair+" refused"] {
				prey = append(prey, step{What: bounds.What, Which: which, Command: command, A: s.A, B: s.B})
			}
		}
	}
	if len(prey) > 0 {
		m.play([]step{prey[s.Command%len(prey)]})
	}
}

// leaveEarly lets a guest leave early, and books the room that is left for another, who wants it as it is.
func (m *model) leaveEarly() {
	for range 2 {
		receipt := m.do("", booking(stay(reservationtest.BusinessDate().DaysUntil(m.property().BusinessDate), 4), ofType("APT"), inRoom("201"), under("", reservationtest.Strict)))
		m.ids = append(m.ids, receipt.ID)
		m.do(receipt.ID, reservation.CheckIn{})
		m.do(receipt.ID, reservation.CheckOut{})
		m.check()
	}
}
