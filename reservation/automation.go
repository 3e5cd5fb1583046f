package reservation

import (
	"slices"

	"github.com/innards-go/innards"
)

// A MessageTrigger is what an automatic message waits for.
type MessageTrigger string

// The message triggers.
const (
	OnCreated    MessageTrigger = "created"
	OnConfirmed  MessageTrigger = "confirmed"
	OnGuaranteed MessageTrigger = "guaranteed"
	OnDaysBefore MessageTrigger = "days_before_arrival"
	OnCheckedIn  MessageTrigger = "checked_in"
	OnCheckedOut MessageTrigger = "checked_out"
	OnCancelled  MessageTrigger = "cancelled"
	OnNoShow     MessageTrigger = "no_show"
)

// MessageTriggers returns all message triggers.
func MessageTriggers() []MessageTrigger {
	return []MessageTrigger{OnCreated, OnConfirmed, OnGuaranteed, OnDaysBefore, OnCheckedIn, OnCheckedOut, OnCancelled, OnNoShow}
}

// A Filter chooses reservations by the statuses of the axes; an empty list: all.
type Filter struct {
	Confirmation []Confirmation   `json:"confirmation,omitempty"`
	Guarantee    []GuaranteeState `json:"guarantee,omitempty"` // derived
	Occupancy    []Occupancy      `json:"occupancy,omitempty"`
}

// A MessageRule sends a message to the guest.
type MessageRule struct {
	ID      string         `json:"id"`
	Trigger MessageTrigger `json:"trigger"`
	// Days before the arrival, for OnDaysBefore; the message is due at At of that day.
	Days     int               `json:"days,omitempty"`
	At       innards.TimeOfDay `json:"at,omitempty"`
	Filter   Filter            `json:"filter"`
	Template string            `json:"template"`
	Disabled bool              `json:"disabled,omitempty"`
}

// A PaymentAnchor is what the due time of a payment task counts from.
type PaymentAnchor string

// The payment anchors. Arrival and departure mean 12:00 of that day.
const (
	PaymentAfterBooking    PaymentAnchor = "after_booking"
	PaymentBeforeArrival   PaymentAnchor = "before_arrival"
	PaymentAfterArrival    PaymentAnchor = "after_arrival"
	PaymentBeforeDeparture PaymentAnchor = "before_departure"
	PaymentAfterDeparture  PaymentAnchor = "after_departure"
)

// PaymentAnchors returns all payment anchors.
func PaymentAnchors() []PaymentAnchor {
	return []PaymentAnchor{PaymentAfterBooking, PaymentBeforeArrival, PaymentAfterArrival, PaymentBeforeDeparture, PaymentAfterDeparture}
}

// A PaymentAmount says how much a payment task asks for.
type PaymentAmount string

// The payment amounts.
const (
	AmountDepositDue PaymentAmount = "deposit_due"
	AmountBalance    PaymentAmount = "balance"
	AmountFirstNight PaymentAmount = "first_night"
)

// PaymentAmounts returns all payment amounts.
func PaymentAmounts() []PaymentAmount {
	return []PaymentAmount{AmountDepositDue, AmountBalance, AmountFirstNight}
}

// A PaymentTask charges the card or payment method of a reservation at a time.
type PaymentTask struct {
	ID     string        `json:"id"`
	From   PaymentAnchor `json:"from"`
	Hours  int           `json:"hours"`
	Amount PaymentAmount `json:"amount"`
	Filter Filter        `json:"filter"`
	// Guarantees marks the reservation guaranteed when the payment succeeds and its policy's conditions are met.
	Guarantees bool `json:"guarantees,omitempty"`
	Disabled   bool `json:"disabled,omitempty"`
}

// maxOffset bounds the offsets of rules: ten years.
const maxOffset = 3660

func (m MessageRule) check(field string) []innards.Blocker {
	var blockers []innards.Blocker
	if !slices.Contains(MessageTriggers(), m.Trigger) {
		blockers = append(blockers, RuleInvalid.In(field+".trigger", string(m.Trigger)))
	}
	if m.Days < 0 || m.Days > maxOffset {
		blockers = append(blockers, RuleInvalid.In(field+".days", m.Days))
	}
	if !isTimeOfDay(m.At) {
		blockers = append(blockers, RuleInvalid.In(field+".at", "00:00 to 24:00"))
	}
	if m.Template == "" {
		blockers = append(blockers, RuleInvalid.In(field+".template", "it is empty"))
	}
	blockers = append(blockers, innards.CheckText(field+".template", m.Template, 256)...)
	return append(blockers, m.Filter.check(field+".filter")...)
}

func (t PaymentTask) check(field string) []innards.Blocker {
	var blockers []innards.Blocker
	if !slices.Contains(PaymentAnchors(), t.From) {
		blockers = append(blockers, RuleInvalid.In(field+".from", string(t.From)))
	}
	if !slices.Contains(PaymentAmounts(), t.Amount) {
		blockers = append(blockers, RuleInvalid.In(field+".amount", string(t.Amount)))
	}
	if t.Hours < 0 || t.Hours > 24*maxOffset {
		blockers = append(blockers, RuleInvalid.In(field+".hours", t.Hours))
	}
	return append(blockers, t.Filter.check(field+".filter")...)
}

func (f Filter) check(field string) (blockers []innards.Blocker) {
	for _, c := range f.Confirmation {
		if !slices.Contains(Confirmations(), c) {
			blockers = append(blockers, RuleInvalid.In(field+".confirmation", string(c)))
		}
	}
	for _, g := range f.Guarantee {
		if !slices.Contains(GuaranteeStates(), g) {
			blockers = append(blockers, RuleInvalid.In(field+".guarantee", string(g)))
		}
	}
	for _, o := range f.Occupancy {
		if !slices.Contains(Occupancies(), o) {
			blockers = append(blockers, RuleInvalid.In(field+".occupancy", string(o)))
		}
	}
	return blockers
}
