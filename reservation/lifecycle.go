package reservation

import (
	"errors"

	"github.com/innards-go/innards"
)

// The names of the axes.
const (
	AxisConfirmation = "confirmation"
	AxisGuarantee    = "guarantee"
	AxisOccupancy    = "occupancy"
	AxisCommitment   = "commitment"
)

// Lifecycles are the four axes of a reservation's status. They never change each other: a command belongs to one of
// them, and only creating a reservation sets all four. Embedders may extend or tighten them, never loosen them.
type Lifecycles struct {
	Confirmation *innards.Lifecycle[Confirmation, *Facts]
	Guarantee    *innards.Lifecycle[Guarantee, *Facts]
	Occupancy    *innards.Lifecycle[Occupancy, *Facts]
	Commitment   *innards.Lifecycle[Commitment, *Facts]
}

// NewLifecycles returns the lifecycles of a profile. The rules are those of the Clock PMS+ help page "Booking statuses",
// with undo, options and automation added.
func NewLifecycles(p Profile) (l Lifecycles, err error) {
	var errs [4]error
	l.Confirmation, errs[0] = innards.NewLifecycle(confirmationAxis())
	l.Guarantee, errs[1] = innards.NewLifecycle(guaranteeAxis())
	l.Occupancy, errs[2] = innards.NewLifecycle(occupancyAxis(p))
	l.Commitment, errs[3] = innards.NewLifecycle(commitmentAxis())
	return l, errors.Join(errs[:]...)
}

// Machine returns the judge of all commands of a reservation.
func (l Lifecycles) Machine() (*innards.Machine[*Facts], error) {
	return innards.NewMachine[*Facts](Kind, l.Occupancy, l.Confirmation, l.Guarantee, l.Commitment)
}

// Kind is the kind of record in rights, events and messages.
const Kind = "reservation"

type guards = []innards.Guard[*Facts]

func confirmationAxis() innards.Axis[Confirmation, *Facts] {
	either := Confirmations()
	row := func(command string, to Confirmation, why string, g ...innards.Guard[*Facts]) innards.Row[Confirmation, *Facts] {
		return innards.Row[Confirmation, *Facts]{Command: command, From: either, To: to, Guards: g, Why: why}
	}
	return innards.Axis[Confirmation, *Facts]{
		Name: AxisConfirmation,
		Of:   func(f *Facts) Confirmation { return f.Reservation.Confirmation },
		States: []innards.State[Confirmation]{
			{Name: Unconfirmed, Why: "the guest or contact has not been sent a confirmation"},
			{Name: Confirmed, Why: "a confirmation was sent, or given in another way"},
		},
		Rows: []innards.Row[Confirmation, *Facts]{
			{Command: "create", From: []Confirmation{""}, To: Confirmed, When: fromBookingEngine, Why: "the hotel's own booking engine confirms by itself"},
			{Command: "create", From: []Confirmation{""}, To: Unconfirmed, Why: "every other reservation is confirmed later"},
			{Command: "send_confirmation", From: []Confirmation{Unconfirmed}, To: Unconfirmed, Guards: guards{mustBeValid, mustHaveEmail}, Why: "it is confirmed when the mail server has accepted the mail"},
			{Command: "send_confirmation", From: []Confirmation{Confirmed}, To: Confirmed, Guards: guards{mustBeValid, mustHaveEmail}, Why: "a confirmation may be sent again"},
			row("confirmation_sent", Confirmed, "the mail server accepted the confirmation"),
			row("mark_confirmed", Confirmed, "confirmed in another way, with a note how", mustBeValid),
			row("revoke_confirmation", Unconfirmed, "the confirmation no longer stands"),
		},
	}
}

func guaranteeAxis() innards.Axis[Guarantee, *Facts] {
	row := func(command string, from, to Guarantee, when func(*Facts) bool, why string, g ...innards.Guard[*Facts]) innards.Row[Guarantee, *Facts] {
		return innards.Row[Guarantee, *Facts]{Command: command, From: []Guarantee{from}, To: to, When: when, Guards: g, Why: why}
	}
	forCustomer := func(r innards.Row[Guarantee, *Facts]) innards.Row[Guarantee, *Facts] {
		r.Customer = true
		return r
	}
	const not, yes = NotGuaranteed, Guaranteed
	return innards.Axis[Guarantee, *Facts]{
		Name: AxisGuarantee,
		Of:   func(f *Facts) Guarantee { return f.Reservation.Guarantee },
		States: []innards.State[Guarantee]{
			{Name: not, Why: "the conditions of the guarantee policy are not met"},
			{Name: yes, Why: "they are met, or it was guaranteed by hand"},
		},
		Rows: []innards.Row[Guarantee, *Facts]{
			{Command: "create", From: []Guarantee{""}, To: yes, When: guaranteedAtCreation, Why: "booking engine and channels guarantee by themselves if the policy's conditions are met"},
			{Command: "create", From: []Guarantee{""}, To: not, Why: "every other reservation is guaranteed later"},
			forCustomer(row("guarantee", not, yes, nil, "by hand with a note, or by a trigger that meets the policy", guestByPortal)),
			forCustomer(row("guarantee", yes, yes, nil, "more evidence may be added", guestByPortal)),
			row("revoke_guarantee", yes, not, nil, "refund, chargeback, an invalid card, or by hand"),
			row("revoke_guarantee", not, not, nil, "revoking again has no effect"),
			forCustomer(row("store_card", not, yes, cardGuarantees, "a card token that meets the policy guarantees", guestByPortal)),
			forCustomer(row("store_card", not, not, nil, "otherwise the token is kept", guestByPortal)),
			forCustomer(row("store_card", yes, yes, nil, "the token is replaced", guestByPortal)),
			row("record_payment", not, yes, paymentGuarantees, "the payment of a task that guarantees meets the policy"),
			row("record_payment", not, not, nil, "otherwise the payment is kept"),
			row("record_payment", yes, not, paymentRevokes, "what was returned is no longer covered"),
			row("record_payment", yes, yes, nil, "more may be paid"),
			row("lapse_guarantee", not, not, nil, "the deadline passed without a guarantee", mustBeOverdue),
			row("run_payment_task", not, not, nil, "the task asks the payment port", mustBeValid),
			row("run_payment_task", yes, yes, nil, "the task asks the payment port", mustBeValid),
		},
	}
}

func occupancyAxis(p Profile) innards.Axis[Occupancy, *Facts] {
	voidable := []Occupancy{Expected, CheckedIn, CheckedOut}
	if p == ProfileStrict {
		voidable = []Occupancy{Expected}
	}
	from := func(s ...Occupancy) []Occupancy { return s }
	same := func(command string, states []Occupancy, why string, g ...innards.Guard[*Facts]) (rows []innards.Row[Occupancy, *Facts]) {
		for _, s := range states {
			rows = append(rows, innards.Row[Occupancy, *Facts]{Command: command, From: from(s), To: s, Guards: g, Why: why})
		}
		return rows
	}
	rows := []innards.Row[Occupancy, *Facts]{
		{Command: "create", From: from(""), To: Expected, Why: "every new reservation is expected"},
		{Command: "check_in", From: from(Expected), To: CheckedIn, Guards: guards{mustBeDefinite, mustHaveArrived, mustNotBeOver, roomMustBeReady}, Why: "the guest is in the hotel, in an assigned room"},
		{Command: "check_out", From: from(CheckedIn), To: CheckedOut, Guards: guards{mustBeSettled}, Customer: true, Why: "the guest has left; the guest may say so in the portal"},
		{Command: "cancel", From: voidable, To: Cancelled, Guards: guards{feeMustBeChargeable(Cancelled), guestNotInHouse}, Customer: true, Why: "the guest gave it up; the cancellation policy applies"},
		{Command: "mark_no_show", From: voidable, To: NoShow, Guards: guards{feeMustBeChargeable(NoShow), arrivalMustBeOver}, Why: "the guest did not come; the cancellation policy applies"},
		{Command: "make_expected", From: from(Expected, CheckedOut, Cancelled, NoShow), To: Expected, Why: "from any status it can be restored; the last fee is reversed"},
		{Command: "make_expected", From: from(CheckedIn), To: Expected, Guards: guards{mustNotBeInHouse}, Why: "also while in the house, by a right of its own"},
		{Command: "undo_check_in", From: from(CheckedIn), To: Expected, Guards: guards{checkedInToday, mustNotBeCharged}, Why: "checked in by mistake: same business date, nothing charged yet"},
		{Command: "undo_check_out", From: from(CheckedOut), To: CheckedIn, Guards: guards{roomMustStillBeFree, undoInTime}, Why: "checked out by mistake"},
		{Command: "release_option", From: from(Expected), To: Cancelled, Guards: guards{mustBeOptional}, Why: "the option is given up, without a fee"},
	}
	inHouse := from(Expected, CheckedIn)
	every := Occupancies()
	rows = append(rows, same("amend", inHouse, "dates, type, guests, price and policy until the guest has left")...)
	for _, r := range same("update_guest", inHouse, "how the guest is reached, until the stay is over; also by the guest", mustNotBeOver) {
		r.Customer = true
		rows = append(rows, r)
	}
	rows = append(rows, same("assign_room", inHouse, "a room for some or all nights", mustNotBeLocked)...)
	rows = append(rows, same("move_room", inHouse, "another room from a night on", mustNotBeLocked)...)
	rows = append(rows, same("unassign_room", from(Expected), "back to the room type", mustNotBeLocked, bookedTypeMustBeFree)...)
	rows = append(rows, same("lock_room", inHouse, "the assignment is promised to the guest")...)
	rows = append(rows, same("unlock_room", inHouse, "the assignment may change again")...)
	rows = append(rows, same("roll_arrival", from(Expected), "the guest comes a day later and keeps the departure", mustHaveArrived, mustHaveTwoNights)...)
	rows = append(rows, same("send_message", from(Expected), "an automatic message of a rule for days before the arrival")...)
	rows = append(rows, same("erase_guest", every, "the personal data is removed, the history holds")...)
	return innards.Axis[Occupancy, *Facts]{
		Name: AxisOccupancy,
		Of:   func(f *Facts) Occupancy { return f.Reservation.Occupancy },
		States: []innards.State[Occupancy]{
			{Name: Expected, Traits: []innards.Trait{Valid}, Why: "the guest is to come"},
			{Name: CheckedIn, Traits: []innards.Trait{Valid}, Why: "the guest is in the house"},
			{Name: CheckedOut, Traits: []innards.Trait{Valid}, Why: "the guest has left"},
			{Name: Cancelled, Why: "the guest gave it up"},
			{Name: NoShow, Why: "the guest did not come"},
		},
		Rows: rows,
	}
}

func commitmentAxis() innards.Axis[Commitment, *Facts] {
	from := func(c ...Commitment) []Commitment { return c }
	asked := func(c Commitment) func(*Facts) bool {
		return func(f *Facts) bool {
			create, ok := intentOf[Create](f.Intent)
			return ok && create.Commitment == c
		}
	}
	return innards.Axis[Commitment, *Facts]{
		Name: AxisCommitment,
		Of:   func(f *Facts) Commitment { return f.Reservation.Commitment },
		States: []innards.State[Commitment]{
			{Name: Definite, Traits: []innards.Trait{innards.Terminal}, Why: "the house is bound"},
			{Name: Optional, Why: "the house holds the room until the release time"},
			{Name: Waitlisted, Why: "the guest waits for a room to become free"},
			{Name: Inquiry, Why: "nobody is bound"},
		},
		Rows: []innards.Row[Commitment, *Facts]{
			{Command: "create", From: from(""), To: Optional, When: asked(Optional), Why: "held until a release time"},
			{Command: "create", From: from(""), To: Waitlisted, When: asked(Waitlisted), Why: "takes no room"},
			{Command: "create", From: from(""), To: Inquiry, When: asked(Inquiry), Why: "takes no room"},
			{Command: "create", From: from(""), To: Definite, Why: "unless said otherwise"},
			{Command: "make_definite", From: Commitments(), To: Definite, Guards: guards{mustBeValid, typeMustBeFree}, Why: "also of a lapsed option, if the type is still free"},
			{Command: "hold_option", From: from(Optional, Waitlisted, Inquiry), To: Optional, Guards: guards{mustBeValid, typeMustBeFree}, Why: "held until a release time"},
			{Command: "waitlist", From: from(Optional, Waitlisted, Inquiry), To: Waitlisted, Guards: guards{mustBeValid}, Why: "gives the room back"},
		},
	}
}
