package web

import (
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/reservation"
)

// A record is a reservation as its page shows it: what it is, what can be done now, and what happened.
type record struct {
	reservation.Reservation
	state   reservation.States
	total   innards.Money
	now     []innards.Action // allowed
	not     []innards.Action // with what stands against each
	fees    []reservation.Quote
	history []innards.Event
}

// historyRows is how much of the history a page shows; the newest come first.
const historyRows = 200

// record shows a reservation.
func (s *site) record(v *view) error {
	r, err := v.reservation(v.r.PathValue("reservation"))
	if err != nil {
		return err
	}
	page := record{Reservation: r, state: s.Service.States(&r, v.property)}
	if page.total, err = r.Total(); err != nil {
		return err
	}
	if err := v.readActions(&page); err != nil {
		return err
	}
	if page.fees, err = s.Service.Timeline(v.ctx(), v.visitor.Actor, r.ID); err != nil {
		return err
	}
	if v.may(access.ReadHistory) {
		after := max(0, r.Version-historyRows)
		if page.history, err = s.Service.History(v.ctx(), v.visitor.Actor, r.ID, after, historyRows); err != nil {
			return err
		}
		slices.Reverse(page.history)
		if err := v.readNames(page.history); err != nil {
			return err
		}
	}
	return v.show(recordPage(v, &page))
}

// readActions sorts the commands into those that can be done now and the others. What the visitor has no right to is left out:
// no change of the reservation would help.
func (v *view) readActions(page *record) error {
	actions, err := v.Service.Actions(v.ctx(), v.visitor.Actor, page.ID)
	if err != nil {
		return err
	}
	for _, a := range actions {
		switch {
		case automatic(a.Command) || !v.may(rightTo(reservation.Kind, a.Command)):
		case a.Allowed || overridable(v, a.Blockers):
			page.now = append(page.now, a)
		default:
			page.not = append(page.not, a)
		}
	}
	order := func(a innards.Action) int { return slices.Index(importance, a.Command) }
	slices.SortStableFunc(page.now, func(a, b innards.Action) int { return order(a) - order(b) })
	slices.SortStableFunc(page.not, func(a, b innards.Action) int { return order(a) - order(b) })
	return nil
}

// overridable reports whether the visitor may override all of the blockers.
func overridable(v *view, blockers []innards.Blocker) bool {
	return !slices.ContainsFunc(blockers, func(b innards.Blocker) bool { return b.Right == "" || !v.may(b.Right) })
}

// importance is the order of the buttons: what the front desk does most comes first.
var importance = []string{"check_in", "check_out", "assign_room", "move_room", "amend", "update_guest", "send_confirmation", "guarantee",
	"record_payment", "make_definite", "mark_confirmed", "store_card", "hold_option", "waitlist", "lock_room", "unlock_room",
	"unassign_room", "roll_arrival", "undo_check_in", "undo_check_out", "make_expected", "run_payment_task", "revoke_confirmation",
	"revoke_guarantee", "release_option", "mark_no_show", "cancel", "erase_guest"}

// grave commands are those that nobody wants by mistake.
func grave(command string) bool {
	return slices.Contains([]string{"cancel", "mark_no_show", "erase_guest", "release_option"}, command)
}

// direct commands need no form: the button does it.
func (v *view) direct(command string, r *record) bool {
	return len(v.fields(command, &r.Reservation)) == 0 && !careful(command)
}
