// Package access decides who may do what: roles and their rights, API tokens, and the gate that every route is behind.
package access

import (
	"fmt"
	"maps"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// The rights to read. Those to change something are named by the domain packages: the kind of record and the command.
const (
	ReadReservations innards.Right = "read.reservations"
	ReadProperties   innards.Right = "read.properties"
	ReadHistory      innards.Right = "read.history" // of one record, with reasons and notes
	ReadReports      innards.Right = "read.reports"
	ReadEvents       innards.Right = "read.events"  // the feed of all events, without personal data
	ReadMetrics      innards.Right = "read.metrics" // of the whole server
	OwnAccount       innards.Right = "own.account"  // one's own password and language
	Anything         innards.Right = "*"
)

// ManageAccess is the right to say who else has access: users, their roles, and API tokens.
const ManageAccess innards.Right = "manage.access"

// ManageWork is the right to look after what the server does by itself: tasks and jobs, mails and webhooks.
const ManageWork innards.Right = "manage.work"

// A Role is what a token's holder does in the house.
type Role string

// The roles.
const (
	Administrator Role = "administrator" // everything, also what changes how the house works
	FrontDesk     Role = "front_desk"    // arrivals, stays, departures, the close of the day
	Accounting    Role = "accounting"    // guarantees, payments and fees
	Operator      Role = "operator"      // who books and looks after bookings, such as a tour operator's staff
	Integration   Role = "integration"   // another program: a channel manager, a mailer, a payment service
)

// Roles returns all roles, in the order of the documentation.
func Roles() []Role { return []Role{Administrator, FrontDesk, Accounting, Operator, Integration} }

// StaffRoles returns the roles that a person can have who logs in.
func StaffRoles() []Role { return []Role{Administrator, FrontDesk, Accounting, Operator} }

// Rights is the table of what each role may do. It is documented in the README by a test.
func (r Role) Rights() []innards.Right {
	switch r {
	case Administrator:
		return []innards.Right{Anything}
	case FrontDesk:
		return slices.Concat(reading, stay, booking, rooms, guarantee,
			commands(reservation.PropertyKind, "close_day"),
			[]innards.Right{reservation.RightOverbook, reservation.RightOutOfOrder, reservation.RightRoomLock,
				reservation.RightCapacity, reservation.RightOpenBalance, reservation.RightUndoWindow})
	case Accounting:
		return slices.Concat(reading, guarantee, money, commands(reservation.Kind, "cancel", "mark_no_show", "make_expected"),
			[]innards.Right{reservation.RightWaiveFee, reservation.RightEvidence, reservation.RightOpenBalance})
	case Operator:
		return slices.Concat(reading, booking)
	case Integration:
		return slices.Concat(reading, booking, guarantee, money,
			commands(reservation.Kind, "confirmation_sent", "send_message"), []innards.Right{ReadMetrics})
	}
	return nil
}

// Groups of rights.
var (
	reading = []innards.Right{ReadReservations, ReadProperties, ReadHistory, ReadReports, ReadEvents, OwnAccount}
	booking = commands(reservation.Kind, "create", "amend", "update_guest", "cancel", "make_definite", "hold_option", "waitlist",
		"release_option", "send_confirmation", "mark_confirmed", "revoke_confirmation")
	stay = commands(reservation.Kind, "check_in", "check_out", "mark_no_show", "make_expected", "undo_check_in",
		"undo_check_out", "roll_arrival")
	rooms     = commands(reservation.Kind, "assign_room", "move_room", "unassign_room", "lock_room", "unlock_room")
	guarantee = commands(reservation.Kind, "guarantee", "revoke_guarantee", "store_card")
	money     = commands(reservation.Kind, "record_payment", "run_payment_task")
)

func commands(kind string, names ...string) []innards.Right {
	rights := make([]innards.Right, len(names))
	for i, name := range names {
		rights[i] = innards.Right(kind + "." + name)
	}
	return rights
}

// ParseRole reads a role.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", fmt.Errorf("%q is not a role; the roles are %v", s, Roles())
}

// May reports whether the role has a right.
func (r Role) May(right innards.Right) bool { return innards.Actor{Rights: r.Rights()}.May(right) }

// Within reports whether an actor has every right of the role, and so may give it to others.
func (r Role) Within(a innards.Actor) bool {
	return !slices.ContainsFunc(r.Rights(), func(right innards.Right) bool { return !a.May(right) })
}

// Rights returns every right that routes and overrides can ask for, sorted.
func Rights() []innards.Right {
	all := map[innards.Right]bool{}
	for _, right := range slices.Concat(reading, []innards.Right{ReadMetrics, ManageAccess, ManageWork}) {
		all[right] = true
	}
	for _, c := range reservation.Commands() {
		all[innards.Right(reservation.Kind+"."+c.Name)] = true
	}
	for _, c := range reservation.PropertyCommands() {
		all[innards.Right(reservation.PropertyKind+"."+c.Name)] = true
	}
	for _, reason := range reservation.Reasons() {
		if reason.Right != "" {
			all[reason.Right] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
