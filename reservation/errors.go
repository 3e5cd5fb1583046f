package reservation

import (
	"slices"

	"github.com/innards-go/innards"
)

// The rights that override blockers.
const (
	RightOverbook      innards.Right = "override.overbook"
	RightWaiveFee      innards.Right = "override.waive_fee"
	RightOutOfOrder    innards.Right = "override.out_of_order"
	RightRoomLock      innards.Right = "override.room_lock"
	RightRestoreInside innards.Right = "override.restore_in_house"
	RightOpenBalance   innards.Right = "override.open_balance"
	RightCapacity      innards.Right = "override.capacity"
	RightEvidence      innards.Right = "override.guarantee_evidence"
	RightUndoWindow    innards.Right = "override.undo_window"
	RightNoShowEarly   innards.Right = "override.early_no_show"
)

const (
	inputKind = innards.KindInput
	stateKind = innards.KindState
)

// The refusal codes of a reservation's commands.
var (
	DateInvalid         = innards.Reason{Code: "date_invalid", Kind: inputKind, Text: "the date is missing or not usable", Lift: "send a day as YYYY-MM-DD"}
	DepartureBefore     = innards.Reason{Code: "departure_before_arrival", Kind: inputKind, Text: "the departure is before the arrival", Lift: "send a departure on or after the day of arrival; the same day is a day use"}
	StayTooLong         = innards.Reason{Code: "stay_too_long", Kind: inputKind, Text: "the stay is too long", Lift: "book at most 730 nights"}
	ArrivalPast         = innards.Reason{Code: "arrival_past", Kind: inputKind, Text: "the arrival is before the business date", Lift: "book from the business date on"}
	PropertyUnknown     = innards.Reason{Code: "property_unknown", Kind: inputKind, Text: "there is no such property", Lift: "use the id of a property"}
	TypeUnknown         = innards.Reason{Code: "type_unknown", Kind: inputKind, Text: "there is no such room type", Lift: "use the id of a room type of the property"}
	RoomUnknown         = innards.Reason{Code: "room_unknown", Kind: inputKind, Text: "there is no such room", Lift: "use the id of a room of the property"}
	PolicyUnknown       = innards.Reason{Code: "policy_unknown", Kind: inputKind, Text: "there is no such policy", Lift: "use the name of a policy of the property"}
	PolicyInvalid       = innards.Reason{Code: "policy_invalid", Kind: inputKind, Text: "the policy is not usable", Lift: "send it as its fields describe"}
	RuleInvalid         = innards.Reason{Code: "rule_invalid", Kind: inputKind, Text: "the rule is not usable", Lift: "send it as its fields describe"}
	GuestsInvalid       = innards.Reason{Code: "guests_invalid", Kind: inputKind, Text: "the number of guests is not usable", Lift: "send 0 to 1000 adults and children"}
	CapacityExceeded    = innards.Reason{Code: "capacity_exceeded", Kind: stateKind, Text: "the room type does not hold so many guests", Lift: "choose a larger type", Right: RightCapacity}
	AmountInvalid       = innards.Reason{Code: "amount_invalid", Kind: inputKind, Text: "the amount is not usable", Lift: "send an amount in the currency of the property, with its decimals"}
	PriceCount          = innards.Reason{Code: "price_count", Kind: inputKind, Text: "the prices do not fit the stay", Lift: "send one price for every night, or one for all"}
	SourceInvalid       = innards.Reason{Code: "source_invalid", Kind: inputKind, Text: "the source is not usable", Lift: "use one of the sources, with a channel if and only if it is channel_manager"}
	CommitmentInvalid   = innards.Reason{Code: "commitment_invalid", Kind: inputKind, Text: "the commitment is not usable", Lift: "use definite, optional with a release time in the future, waitlisted or inquiry"}
	GuestRequired       = innards.Reason{Code: "guest_required", Kind: inputKind, Text: "the name of the guest is missing", Lift: "send a name"}
	EmailRequired       = innards.Reason{Code: "email_required", Kind: stateKind, Text: "there is no e-mail address to send to", Lift: "amend the guest's e-mail address"}
	EmailInvalid        = innards.Reason{Code: "email_invalid", Kind: inputKind, Text: "the e-mail address is not usable", Lift: "send an address of the form name@host"}
	NoteRequired        = innards.Reason{Code: "note_required", Kind: inputKind, Text: "a note is missing", Lift: "say how, in a few words"}
	ReasonCodeInvalid   = innards.Reason{Code: "reason_code_invalid", Kind: inputKind, Text: "the reason code is not known", Lift: "use one of the reason codes"}
	AttributesInvalid   = innards.Reason{Code: "attributes_invalid", Kind: inputKind, Text: "the attributes are not usable", Lift: "send at most 20 attributes, with names of 1 to 64 and values of up to 256 characters"}
	NumberTaken         = innards.Reason{Code: "number_taken", Kind: stateKind, Text: "the number is in use", Lift: "send another number or none"}
	NothingToChange     = innards.Reason{Code: "nothing_to_change", Kind: inputKind, Text: "nothing is asked for", Lift: "send at least one field to change"}
	NotValid            = innards.Reason{Code: "not_valid", Kind: stateKind, Text: "the reservation is cancelled or a no-show", Lift: "make it expected first"}
	NotDefinite         = innards.Reason{Code: "not_definite", Kind: stateKind, Text: "the reservation is not definite", Lift: "make it definite first"}
	SoldOut             = innards.Reason{Code: "sold_out", Kind: stateKind, Text: "no room of the type is left", Lift: "choose another type or other dates", Right: RightOverbook}
	RoomTaken           = innards.Reason{Code: "room_taken", Kind: stateKind, Text: "the room is taken", Lift: "choose another room"}
	RoomOutOfOrder      = innards.Reason{Code: "room_out_of_order", Kind: stateKind, Text: "the room is out of order", Lift: "put it in service or choose another room", Right: RightOutOfOrder}
	RoomRequired        = innards.Reason{Code: "room_required", Kind: inputKind, Text: "no room is assigned", Lift: "assign a room, or name one"}
	RoomOccupied        = innards.Reason{Code: "room_occupied", Kind: stateKind, Text: "another guest is still checked in in the room", Lift: "check that guest out or choose another room"}
	RoomAssigned        = innards.Reason{Code: "room_assigned", Kind: inputKind, Text: "another room is assigned already", Lift: "name none, or move the guest first"}
	RoomIsLocked        = innards.Reason{Code: "room_locked", Kind: stateKind, Text: "the room assignment is locked", Lift: "unlock it", Right: RightRoomLock}
	NightOutside        = innards.Reason{Code: "night_outside_stay", Kind: inputKind, Text: "the nights are not of the stay", Lift: "name nights from the arrival up to the departure"}
	NightPast           = innards.Reason{Code: "night_past", Kind: stateKind, Text: "the night is over", Lift: "change nights from the business date on"}
	ArrivalAhead        = innards.Reason{Code: "arrival_ahead", Kind: stateKind, Text: "the arrival is after the business date", Lift: "wait for the day of arrival, or amend it"}
	StayOver            = innards.Reason{Code: "stay_over", Kind: stateKind, Text: "the day of departure is over", Lift: "amend the departure"}
	NoShowEarly         = innards.Reason{Code: "no_show_early", Kind: stateKind, Text: "the day of arrival is not over", Lift: "wait until the day of arrival is closed", Right: RightNoShowEarly}
	BalanceOpen         = innards.Reason{Code: "balance_open", Kind: stateKind, Text: "the guest still owes", Lift: "settle the balance", Right: RightOpenBalance}
	FolioClosed         = innards.Reason{Code: "folio_closed", Kind: stateKind, Text: "the folio is closed, so the fee cannot be charged", Lift: "open the folio, or override to waive the fee", Right: RightWaiveFee}
	FeeLowered          = innards.Reason{Code: "fee_lowered", Kind: stateKind, Text: "the cancellation fee would fall", Lift: "keep the policy, or override as for waiving the fee", Right: RightWaiveFee}
	RoomTypeFixed       = innards.Reason{Code: "room_type_fixed", Kind: stateKind, Text: "a room keeps its type, which its nights were sold by", Lift: "put the room out of order and add another"}
	WaiveNotAllowed     = innards.Reason{Code: "waive_not_allowed", Kind: stateKind, Text: "waiving a fee is an override", Lift: "override with a reason", Right: RightWaiveFee}
	InHouse             = innards.Reason{Code: "in_house", Kind: stateKind, Text: "the guest is in the house", Lift: "check the guest out, or restore by right", Right: RightRestoreInside}
	UndoWindow          = innards.Reason{Code: "undo_window_over", Kind: stateKind, Text: "it is too late to undo it", Lift: "undo on the same business date, or make it expected", Right: RightUndoWindow}
	AlreadyCharged      = innards.Reason{Code: "already_charged", Kind: stateKind, Text: "something was already charged for the stay", Lift: "settle it in the folio, then check out"}
	NotCovered          = innards.Reason{Code: "deposit_not_covered", Kind: stateKind, Text: "the deposit that is due is not paid or authorised", Lift: "record a payment", Right: RightEvidence}
	MethodNotAccepted   = innards.Reason{Code: "method_not_accepted", Kind: stateKind, Text: "the guarantee policy does not list the method", Lift: "use a method of the policy", Right: RightEvidence}
	GuaranteeByHand     = innards.Reason{Code: "no_guarantee_policy", Kind: stateKind, Text: "without a guarantee policy it is guaranteed only by hand", Lift: "guarantee it by hand"}
	TriggerInvalid      = innards.Reason{Code: "trigger_invalid", Kind: inputKind, Text: "the trigger or method is not known or does not fit", Lift: "use one of the triggers and methods"}
	CardInvalid         = innards.Reason{Code: "card_invalid", Kind: inputKind, Text: "the card is not usable", Lift: "send the token of a payment provider, the last 4 digits and the expiry as YYYY-MM"}
	PaymentInvalid      = innards.Reason{Code: "payment_invalid", Kind: inputKind, Text: "the payment is not usable", Lift: "send a kind and a positive amount in the currency of the property"}
	RefundTooLarge      = innards.Reason{Code: "refund_too_large", Kind: stateKind, Text: "more would be returned or captured than was received", Lift: "return at most what was paid or authorised, and capture what was authorised"}
	OptionNotReleasable = innards.Reason{Code: "not_optional", Kind: stateKind, Text: "it is not an option", Lift: "cancel it"}
	DeadlineNotOver     = innards.Reason{Code: "deadline_not_over", Kind: stateKind, Text: "the guarantee deadline is not over", Lift: "wait for the deadline"}
	NotDue              = innards.Reason{Code: "not_due", Kind: stateKind, Text: "it is not due", Lift: "wait until it is due"}
	RuleUnknown         = innards.Reason{Code: "rule_unknown", Kind: inputKind, Text: "there is no such rule or task in force", Lift: "use the id of a rule or task of the property"}
	RevisionPast        = innards.Reason{Code: "revision_unknown", Kind: inputKind, Text: "the revision is not one of the reservation", Lift: "send the revision that the mail was made from"}
)

// The refusal codes of a property's commands.
var (
	PropertyInvalid = innards.Reason{Code: "property_invalid", Kind: inputKind, Text: "the property is not usable", Lift: "send a name, an IANA time zone, an ISO 4217 currency and a business date"}
	IDInvalid       = innards.Reason{Code: "id_invalid", Kind: inputKind, Text: "the id is not usable", Lift: "use 1 to 64 letters, digits, dots, hyphens and underscores"}
	IDTwice         = innards.Reason{Code: "id_twice", Kind: inputKind, Text: "the id is there twice", Lift: "send each id once"}
	SettingInvalid  = innards.Reason{Code: "setting_invalid", Kind: inputKind, Text: "the setting is not usable", Lift: "use one of the values described"}
	DayNotOpen      = innards.Reason{Code: "day_not_open", Kind: stateKind, Text: "the day is not the business date", Lift: "close the business date, or a day that is already closed, which does nothing"}
	DayNotBegun     = innards.Reason{Code: "day_not_begun", Kind: stateKind, Text: "the day has not begun in the property's time zone", Lift: "wait for the day"}
)

// The refusal codes of queries.
var (
	QueryInvalid      = innards.Reason{Code: "query_invalid", Kind: inputKind, Text: "the query is not usable", Lift: "send it as its fields describe"}
	PropertyRequired  = innards.Reason{Code: "property_required", Kind: inputKind, Text: "what is asked for depends on the property's calendar or rules", Lift: "name the property"}
	StatusWithoutWord = innards.Reason{Code: "status_without_word", Kind: stateKind, Text: "the other system has no word for the statuses", Lift: "leave the reservation out, or bring it into a status that the other system knows"}
	StatusUnknown     = innards.Reason{Code: "status_unknown", Kind: inputKind, Text: "the other system's status word is not known", Lift: "use a word of its documentation"}
)

// Reasons returns every refusal code that the package's commands and queries can give, in the order of the documentation.
func Reasons() []innards.Reason {
	return slices.Concat(innards.Reasons(), []innards.Reason{
		DateInvalid, DepartureBefore, StayTooLong, ArrivalPast, PropertyUnknown, TypeUnknown, RoomUnknown, PolicyUnknown,
		PolicyInvalid, RuleInvalid, GuestsInvalid, CapacityExceeded, AmountInvalid, PriceCount, SourceInvalid,
		CommitmentInvalid, GuestRequired, EmailRequired, EmailInvalid, NoteRequired, ReasonCodeInvalid, AttributesInvalid,
		NumberTaken, NothingToChange, NotValid, NotDefinite, SoldOut, RoomTaken, RoomOutOfOrder, RoomRequired,
		RoomOccupied, RoomAssigned, RoomIsLocked, NightOutside, NightPast, ArrivalAhead, StayOver, NoShowEarly, BalanceOpen, FolioClosed,
		WaiveNotAllowed, FeeLowered, InHouse, UndoWindow, AlreadyCharged, NotCovered, MethodNotAccepted,
		GuaranteeByHand, TriggerInvalid, CardInvalid, PaymentInvalid, RefundTooLarge, OptionNotReleasable,
		DeadlineNotOver, NotDue, RuleUnknown, RevisionPast,
		PropertyInvalid, IDInvalid, IDTwice, SettingInvalid, RoomTypeFixed, DayNotOpen, DayNotBegun,
		QueryInvalid, PropertyRequired, StatusUnknown, StatusWithoutWord,
	})
}
