package reservation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// The tables say what every command does in every status: the status it leads to, "=" for the same one, "-" for
// refused, and what it may lead to by the facts, separated by "/". They are written by hand from the Clock PMS+ help page
// "Booking statuses", which says that cancelled and no-show "can be applied to every valid reservation", that only
// checked-in reservations are checked out, and that every reservation can be made expected.
const occupancySeed = `
command        not_made  expected    checked_in   checked_out  cancelled  no_show
create         expected  -           -            -            -          -
check_in       -         checked_in  -            -            -          -
check_out      -         -           checked_out  -            -          -
cancel         -         cancelled   cancelled    cancelled    -          -
mark_no_show   -         no_show     no_show      no_show      -          -
make_expected  -         =           expected     expected     expected   expected
undo_check_in  -         -           expected     -            -          -
undo_check_out -         -           -            checked_in   -          -
release_option -         cancelled   -            -            -          -
amend          -         =           =            -            -          -
update_guest   -         =           =            -            -          -
assign_room    -         =           =            -            -          -
move_room      -         =           =            -            -          -
unassign_room  -         =           -            -            -          -
lock_room      -         =           =            -            -          -
unlock_room    -         =           =            -            -          -
roll_arrival   -         =           -            -            -          -
send_message   -         =           -            -            -          -
erase_guest    -         =           =            =            =          =
`

// In the strict profile a stay that has begun is neither cancelled nor a no-show.
const occupancyStrict = `
command        not_made  expected    checked_in   checked_out  cancelled  no_show
create         expected  -           -            -            -          -
check_in       -         checked_in  -            -            -          -
check_out      -         -           checked_out  -            -          -
cancel         -         cancelled   -            -            -          -
mark_no_show   -         no_show     -            -            -          -
make_expected  -         =           expected     expected     expected   expected
undo_check_in  -         -           expected     -            -          -
undo_check_out -         -           -            checked_in   -          -
release_option -         cancelled   -            -            -          -
amend          -         =           =            -            -          -
update_guest   -         =           =            -            -          -
assign_room    -         =           =            -            -          -
move_room      -         =           =            -            -          -
unassign_room  -         =           -            -            -          -
lock_room      -         =           =            -            -          -
unlock_room    -         =           =            -            -          -
roll_arrival   -         =           -            -            -          -
send_message   -         =           -            -            -          -
erase_guest    -         =           =            =            =          =
`

const confirmation = `
command              not_made               unconfirmed  confirmed
create               unconfirmed/confirmed  -            -
send_confirmation    -                      =            =
confirmation_sent    -                      confirmed    =
mark_confirmed       -                      confirmed    =
revoke_confirmation  -                      =            unconfirmed
`

const guarantee = `
command           not_made                   not_guaranteed  guaranteed
create            not_guaranteed/guaranteed  -               -
guarantee         -                          guaranteed      =
revoke_guarantee  -                          =               not_guaranteed
store_card        -                          guaranteed/=    =
record_payment    -                          guaranteed/=    not_guaranteed/=
lapse_guarantee   -                          =               -
run_payment_task  -                          =               =
`

const commitment = `
command        not_made                              definite  optional    waitlisted  inquiry
create         definite/optional/waitlisted/inquiry  -         -           -           -
make_definite  -                                     =         definite    definite    definite
hold_option    -                                     -         =           optional    optional
waitlist       -                                     -         waitlisted  =           waitlisted
`

// A matrix holds, by command and status, the statuses that the command may lead to; none if it is refused.
type matrix struct {
	statuses, commands []string
	cells              map[[2]string][]string
}

func parseMatrix(table string) matrix {
	lines := strings.Split(strings.TrimSpace(table), "\n")
	m := matrix{statuses: strings.Fields(lines[0])[1:], cells: map[[2]string][]string{}}
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		m.commands = append(m.commands, fields[0])
		for i, cell := range fields[1:] {
			if cell != "-" {
				m.cells[[2]string{fields[0], m.statuses[i]}] = strings.Split(strings.ReplaceAll(cell, "=", m.statuses[i]), "/")
			}
		}
	}
	return m
}

// targets returns what the rows of a lifecycle may lead to, in the order of the statuses.
func targets[S ~string](l *innards.Lifecycle[S, *reservation.Facts]) matrix {
	m := matrix{statuses: []string{"not_made"}, commands: l.Commands(), cells: map[[2]string][]string{}}
	for _, s := range l.States() {
		m.statuses = append(m.statuses, string(s.Name))
	}
	for _, r := range l.Rows() {
		for _, from := range r.From {
			at := [2]string{r.Command, string(from)}
			if from == "" {
				at[1] = "not_made"
			}
			m.cells[at] = append(m.cells[at], string(r.To))
		}
	}
	return m
}

func compareMatrix(t *testing.T, name string, got, want matrix) {
	t.Helper()
	if !slices.Equal(got.statuses, want.statuses) {
		t.Errorf("%s has the statuses %v, want %v", name, got.statuses, want.statuses)
	}
	for _, c := range slices.Concat(got.commands, want.commands) {
		for _, s := range want.statuses {
			at := [2]string{c, s}
			if g, w := slices.Sorted(slices.Values(got.cells[at])), slices.Sorted(slices.Values(want.cells[at])); !slices.Equal(g, w) {
				t.Errorf("%s: %s from %s leads to %v, want %v", name, c, s, g, w)
			}
		}
	}
}

func lifecycles(t *testing.T, p reservation.Profile) reservation.Lifecycles {
	t.Helper()
	l, err := reservation.NewLifecycles(p)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The tables are the lifecycles, in both profiles, and every command of a reservation is in one of them.
func TestMatrixIsTheLifecycle(t *testing.T) {
	for _, p := range reservation.Profiles() {
		l, want := lifecycles(t, p), occupancySeed
		if p == reservation.ProfileStrict {
			want = occupancyStrict
		}
		compareMatrix(t, string(p)+" occupancy", targets(l.Occupancy), parseMatrix(want))
		compareMatrix(t, "confirmation", targets(l.Confirmation), parseMatrix(confirmation))
		compareMatrix(t, "guarantee", targets(l.Guarantee), parseMatrix(guarantee))
		compareMatrix(t, "commitment", targets(l.Commitment), parseMatrix(commitment))
	}
	known := map[string]bool{}
	for _, table := range []string{occupancySeed, confirmation, guarantee, commitment} {
		for _, c := range parseMatrix(table).commands {
			known[c] = true
		}
	}
	for _, c := range reservation.Commands() {
		if in := c.New(); !known[c.Name] || in.Name() != c.Name || c.Doc == "" {
			t.Errorf("command %s makes %s, in a table: %v, documented: %q", c.Name, in.Name(), known[c.Name], c.Doc)
		}
		delete(known, c.Name)
	}
	for _, c := range reservation.PropertyCommands() {
		if in := c.New(); in.Name() != c.Name || c.Doc == "" {
			t.Errorf("command %s of a property makes %s, documented: %q", c.Name, in.Name(), c.Doc)
		}
	}
	for c := range known {
		t.Errorf("command %s is in a table but not in the list", c)
	}
}

// From the beginning every status can be reached, by the tables alone.
func TestMatrixReachesEveryStatus(t *testing.T) {
	for _, table := range []string{occupancySeed, occupancyStrict, confirmation, guarantee, commitment} {
		m, reached := parseMatrix(table), map[string]bool{"not_made": true}
		for range m.statuses {
			for at, targets := range m.cells {
				for _, to := range targets {
					reached[to] = reached[to] || reached[at[1]]
				}
			}
		}
		for _, s := range m.statuses {
			if !reached[s] {
				t.Errorf("%s is never reached", s)
			}
		}
	}
}

func TestGoldenDiagrams(t *testing.T) {
	seed, strict := lifecycles(t, reservation.ProfileSeed), lifecycles(t, reservation.ProfileStrict)
	for name, diagram := range map[string]string{
		"occupancy_seed": seed.Occupancy.Mermaid(), "occupancy_strict": strict.Occupancy.Mermaid(),
		"confirmation": seed.Confirmation.Mermaid(), "guarantee": seed.Guarantee.Mermaid(), "commitment": seed.Commitment.Mermaid(),
	} {
		golden(t, name+".mmd", diagram)
	}
}

// samples are intents that succeed on the reservation of the matrix where the status allows them.
func samples(h *house) map[string]reservation.Intent {
	return map[string]reservation.Intent{
		"amend": reservation.Amend{Segment: ptr("leisure")}, "update_guest": reservation.UpdateGuest{Country: ptr("DK")}, "assign_room": reservation.AssignRoom{Room: "102"},
		"move_room": reservation.MoveRoom{Room: "102"}, "unassign_room": reservation.UnassignRoom{},
		"lock_room": reservation.LockRoom{}, "unlock_room": reservation.UnlockRoom{},
		"check_in": reservation.CheckIn{}, "check_out": reservation.CheckOut{},
		"cancel": reservation.Cancel{Reason: reservation.ReasonGuest}, "mark_no_show": reservation.MarkNoShow{},
		"make_expected": reservation.MakeExpected{}, "undo_check_in": reservation.UndoCheckIn{},
		"undo_check_out": reservation.UndoCheckOut{}, "release_option": reservation.ReleaseOption{},
		"roll_arrival": reservation.RollArrival{}, "send_message": reservation.SendMessage{Rule: "welcome"},
		"erase_guest": reservation.EraseGuest{}, "send_confirmation": reservation.SendConfirmation{},
		"confirmation_sent":   reservation.ConfirmationSent{Revision: 1},
		"mark_confirmed":      reservation.MarkConfirmed{Note: "by phone"},
		"revoke_confirmation": reservation.RevokeConfirmation{}, "guarantee": reservation.GuaranteeBy{Note: "the company pays"},
		"revoke_guarantee": reservation.RevokeGuarantee{Cause: reservation.RevokeManual, Note: "a mistake"},
		"store_card":       reservation.StoreCard{Card: reservation.Card{Token: "tok_9"}},
		"record_payment":   reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: euro(10)},
		"lapse_guarantee":  reservation.LapseGuarantee{}, "run_payment_task": reservation.RunPaymentTask{Task: "balance"},
		"make_definite": reservation.MakeDefinite{}, "waitlist": reservation.Waitlist{},
		"hold_option": reservation.HoldOption{ReleaseAt: h.clock.Now().Add(time.Hour)},
		"create":      booking(stay(1, 1)),
	}
}

// forMatrix are the policy, rule and task that the samples need.
func forMatrix(profile setting) []setting {
	return []setting{
		profile,
		withGuarantee(reservation.GuaranteePolicy{Name: "at_once", Methods: []reservation.Method{reservation.MethodCard}, WithinDays: ptr(0), AtDeadline: reservation.DeadlineNotify}),
		withRule(reservation.MessageRule{ID: "welcome", Trigger: reservation.OnDaysBefore, Template: "welcome"}),
		withTask(reservation.PaymentTask{ID: "balance", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance}),
	}
}

// forMatrixIn makes a reservation of three nights, of which the first is over, and brings it into the status.
func (h *house) forMatrixIn(status, command string) string {
	commit := as(reservation.Commitment(status))
	if !slices.Contains([]string{"definite", "waitlisted", "inquiry"}, status) {
		commit = as("")
	}
	if status == "optional" || command == "release_option" {
		commit = optionUntil(h.clock.Now().Add(100 * time.Hour))
	}
	id := h.book(stay(0, 3), inRoom("101"), under("at_once", reservationtest.Flexible), commit)
	h.closeDay(1)
	all := samples(h)
	for _, c := range map[string][]string{
		"checked_in": {"check_in"}, "checked_out": {"check_in", "check_out"}, "cancelled": {"cancel"}, "no_show": {"mark_no_show"},
		"confirmed": {"mark_confirmed"}, "guaranteed": {"guarantee"},
	}[status] {
		if c == "check_in" && h.get(id).Commitment != reservation.Definite {
			h.do(id, reservation.MakeDefinite{})
		}
		h.do(id, all[c])
	}
	return id
}

// statusOf returns the status that the matrix of the axis is about.
func statusOf(axis string, r reservation.Receipt) string {
	return map[string]string{
		reservation.AxisOccupancy: string(r.Occupancy), reservation.AxisConfirmation: string(r.Confirmation),
		reservation.AxisGuarantee: string(r.Guarantee), reservation.AxisCommitment: string(r.Commitment),
	}[axis]
}

// Every command is tried in every status, through the service: it does what the table says or is refused for the status,
// and no other axis moves.
func TestMatrixThroughTheService(t *testing.T) {
	seed := func(*reservation.Property) {}
	for _, m := range []struct {
		axis, table string
		profile     setting
	}{
		{reservation.AxisOccupancy, occupancySeed, seed}, {reservation.AxisOccupancy, occupancyStrict, strictly},
		{reservation.AxisConfirmation, confirmation, seed}, {reservation.AxisGuarantee, guarantee, seed},
		{reservation.AxisCommitment, commitment, strictly},
	} {
		table := parseMatrix(m.table)
		for _, command := range table.commands {
			for _, status := range table.statuses[1:] {
				h := open(t, forMatrix(m.profile)...)
				id := h.forMatrixIn(status, command)
				tryCell(t, h, m.axis, id, command, status, table.cells[[2]string{command, status}])
			}
		}
	}
}

func tryCell(t *testing.T, h *house, axis, id, command, status string, want []string) {
	t.Helper()
	before := h.get(id)
	by := innards.Command{Actor: h.desk, Reason: "by right", Override: codes(reservation.InHouse)}
	receipt, err := h.Do(h.ctx, by, id, samples(h)[command])
	switch cell := fmt.Sprintf("%s: %s from %s", axis, command, status); {
	case len(want) == 0 && !innards.RefusedFor(err, innards.WrongStatus.Code):
		t.Errorf("%s: %v, want it refused for the status", cell, err)
	case len(want) > 0 && err != nil:
		t.Errorf("%s: %v, want %v", cell, err, want)
	case err == nil && !slices.Contains(want, statusOf(axis, receipt)):
		t.Errorf("%s leads to %s, want %v", cell, statusOf(axis, receipt), want)
	case err == nil && len(receipt.Moves) != 1:
		t.Errorf("%s makes the moves %v, want one", cell, receipt.Moves)
	default:
		checkOtherAxes(t, cell, axis, before, h.get(id))
	}
}

func checkOtherAxes(t *testing.T, cell, axis string, before, after reservation.Reservation) {
	t.Helper()
	for other, moved := range map[string]bool{
		reservation.AxisOccupancy: before.Occupancy != after.Occupancy, reservation.AxisConfirmation: before.Confirmation != after.Confirmation,
		reservation.AxisGuarantee: before.Guarantee != after.Guarantee, reservation.AxisCommitment: before.Commitment != after.Commitment,
	} {
		if moved && other != axis {
			t.Errorf("%s moves %s too", cell, other)
		}
	}
}
