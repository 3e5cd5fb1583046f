package reservation

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
)

// A Method is how a reservation can be guaranteed.
type Method string

// The methods.
const (
	MethodCard         Method = "card"          // a token on the reservation
	MethodBankTransfer Method = "bank_transfer" // the deposit is on the account
	MethodDeposit      Method = "deposit"       // paid through a payment service
	MethodProcessor    Method = "processor"     // the channel's payment processor holds the payment
	MethodCompany      Method = "company"
	MethodVoucher      Method = "voucher"
	MethodOther        Method = "other" // by hand, see the note
)

// Methods returns all methods.
func Methods() []Method {
	return []Method{MethodCard, MethodBankTransfer, MethodDeposit, MethodProcessor, MethodCompany, MethodVoucher, MethodOther}
}

// A Trigger is what made a reservation guaranteed.
type Trigger string

// The triggers. All but the first are automatic.
const (
	TriggerManual           Trigger = "manual"
	TriggerBookingEngine    Trigger = "booking_engine"
	TriggerChannelProcessor Trigger = "channel_processor"
	TriggerChannelCard      Trigger = "channel_card"
	TriggerPortal           Trigger = "portal"
	TriggerPaymentTask      Trigger = "payment_task"
	TriggerTokenization     Trigger = "tokenization"
)

// Triggers returns all triggers.
func Triggers() []Trigger {
	return []Trigger{TriggerManual, TriggerBookingEngine, TriggerChannelProcessor, TriggerChannelCard, TriggerPortal,
		TriggerPaymentTask, TriggerTokenization}
}

// A DeadlineAction is what happens when the guarantee deadline passes without a guarantee.
type DeadlineAction string

// The deadline actions.
const (
	DeadlineNothing     DeadlineAction = "nothing"
	DeadlineNotify      DeadlineAction = "notify"       // a message to the staff
	DeadlineUnguarantee DeadlineAction = "un_guarantee" // give up: the derived state becomes non_guaranteed
	DeadlineCancel      DeadlineAction = "cancel"       // with the fee that is due then
	DeadlineHoldUntil   DeadlineAction = "hold_until"   // that hour of the arrival date, then cancel with fee
)

// DeadlineActions returns all deadline actions.
func DeadlineActions() []DeadlineAction {
	return []DeadlineAction{DeadlineNothing, DeadlineNotify, DeadlineUnguarantee, DeadlineCancel, DeadlineHoldUntil}
}

// A GuaranteePolicy says what makes a reservation guaranteed, and until when. It is copied into the reservation when it
// is booked; later edits of the policy change nothing in it.
type GuaranteePolicy struct {
	Name string `json:"name"`
	// Methods that can be evidenced. At least one.
	Methods []Method `json:"methods"`
	Deposit Deposit  `json:"deposit"`
	// WithinDays is the window after the creation, BeforeArrivalDays the one that ends before the arrival instant; nil: no
	// limit. The earlier counts, but never before the creation. DeadlineHoldUntil has its own hour instead.
	WithinDays        *int              `json:"within_days,omitempty"`
	BeforeArrivalDays *int              `json:"before_arrival_days,omitempty"`
	AtDeadline        DeadlineAction    `json:"at_deadline"`
	HoldUntil         innards.TimeOfDay `json:"hold_until,omitempty"` // for DeadlineHoldUntil
}

// A Deposit is fixed + max(percent, nights), in the currency of the property, and never above the total of the stay.
type Deposit struct {
	Fixed   innards.Money   `json:"fixed,omitzero"`
	Percent decimal.Decimal `json:"percent,omitzero"` // of the total of the stay, 0 to 100
	Nights  int             `json:"nights,omitempty"`
	// Instalments split the deposit; none: all of it is due at once. The percentages add up to 100.
	Instalments []Instalment `json:"instalments,omitempty"`
}

// An Instalment is a part of the deposit and when it falls due.
type Instalment struct {
	Percent decimal.Decimal `json:"percent"` // of the deposit
	// DaysAfterBooking or DaysBeforeArrival; the other is nil.
	DaysAfterBooking  *int `json:"days_after_booking,omitempty"`
	DaysBeforeArrival *int `json:"days_before_arrival,omitempty"`
}

// check returns what stands against the policy as the input field, for a property of the currency. The name is the
// command's to check, as the id that it is.
func (p *GuaranteePolicy) check(field string, c innards.Currency) []innards.Blocker {
	k := &policyCheck{field: field, currency: c}
	k.must(len(p.Methods) > 0, "methods", "at least one is needed")
	for i, m := range p.Methods {
		k.must(slices.Contains(Methods(), m), nth("methods", i), "it is not known")
		k.must(!slices.Contains(p.Methods[:i], m), nth("methods", i), "it is there twice")
	}
	k.amount("deposit.fixed", p.Deposit.Fixed)
	k.percent("deposit.percent", p.Deposit.Percent)
	k.within("deposit.nights", p.Deposit.Nights, 0, maxNights)
	k.instalments("deposit.instalments", p.Deposit.Instalments)
	k.days("within_days", p.WithinDays)
	k.days("before_arrival_days", p.BeforeArrivalDays)
	k.must(slices.Contains(DeadlineActions(), p.AtDeadline), "at_deadline", "it is not known")
	k.within("hold_until", int(p.HoldUntil), 0, endOfDay)
	k.must(p.AtDeadline == DeadlineHoldUntil || p.HoldUntil == 0, "hold_until", "it belongs to", DeadlineHoldUntil)
	return k.blockers
}

func (k *policyCheck) instalments(field string, list []Instalment) {
	k.within(field, len(list), 0, maxPolicyParts)
	sum, summable := decimal.Zero, true
	for i, part := range list {
		if k.percent(nth(field, i)+".percent", part.Percent) {
			sum = sum.Add(part.Percent)
		} else {
			summable = false
		}
		k.must((part.DaysAfterBooking == nil) != (part.DaysBeforeArrival == nil), nth(field, i), "it needs one of the two numbers of days")
		k.days(nth(field, i)+".days_after_booking", part.DaysAfterBooking)
		k.days(nth(field, i)+".days_before_arrival", part.DaysBeforeArrival)
	}
	k.must(len(list) == 0 || !summable || sum.Equal(hundred), field, "the percentages add up to", sum, "and not to", hundred)
}

// deadline returns the instant from which on a missing guarantee is overdue, nil if there is no limit: the end of the
// earlier window, or the hour of the arrival date until which the room is held, but never before the creation.
func (p *GuaranteePolicy) deadline(created time.Time, arrival innards.Date, prop *Property) *time.Time {
	holds := p.AtDeadline == DeadlineHoldUntil
	var ends []time.Time
	if holds {
		ends = append(ends, arrival.At(p.HoldUntil, prop.Location()))
	}
	if p.WithinDays != nil && !holds {
		ends = append(ends, innards.DaysLater(created, *p.WithinDays, prop.Location()))
	}
	if p.BeforeArrivalDays != nil && !holds {
		ends = append(ends, prop.ArrivalInstant(arrival.AddDays(-*p.BeforeArrivalDays)))
	}
	if len(ends) == 0 {
		return nil
	}
	end := slices.MinFunc(ends, time.Time.Compare)
	if end.Before(created) {
		end = created
	}
	return &end
}

// evidenceOf returns what an automatic trigger can show, the best first. Bank transfers, companies, vouchers and
// others are seen by people only, so a policy that lists nothing else is never met automatically, also not for the
// hotel's own booking engine.
func evidenceOf(t Trigger) []Method {
	switch t {
	case TriggerChannelProcessor:
		return []Method{MethodProcessor, MethodCard, MethodDeposit}
	case TriggerBookingEngine, TriggerPortal:
		return []Method{MethodCard, MethodDeposit}
	case TriggerPaymentTask:
		return []Method{MethodDeposit, MethodCard}
	case TriggerChannelCard, TriggerTokenization:
		return []Method{MethodCard}
	}
	return nil // by hand
}

// comesBy reports whether the reservation is one that the trigger is for. The last three are for every reservation.
func (r *Reservation) comesBy(t Trigger) bool {
	processor := r.hasProcessor()
	switch t {
	case TriggerBookingEngine:
		return r.Source == SourceBookingEngine
	case TriggerChannelProcessor:
		return r.Source == SourceChannelManager && processor
	case TriggerChannelCard:
		return r.Source == SourceChannelManager && !processor
	}
	return true
}

func (r *Reservation) hasProcessor() bool { return r.Channel != nil && r.Channel.Processor }

// shows reports whether the reservation itself is evidence of the method: a usable card token, money that was received
// or is held, or a channel with a payment processor.
func (r *Reservation) shows(m Method) bool {
	switch m {
	case MethodCard:
		return r.Card != nil && r.Card.Token != "" && !r.Card.Invalid
	case MethodDeposit:
		received, err := r.received()
		return err == nil && received.Sign() > 0
	case MethodProcessor:
		return r.hasProcessor()
	}
	return false
}

// automatic returns the method of the guarantee policy that an automatic trigger shows to be met, if there is one.
// Without a policy there is none: such a reservation is guaranteed by hand only.
func (r *Reservation) automatic(t Trigger) (Method, bool) {
	if r.GuaranteePolicy == nil || !r.comesBy(t) {
		return "", false
	}
	for _, m := range evidenceOf(t) {
		if slices.Contains(r.GuaranteePolicy.Methods, m) && r.shows(m) {
			return m, true
		}
	}
	return "", false
}

// autoGuarantee returns the evidence by which the trigger guarantees the reservation at the instant, if the conditions
// of its policy are met: a method that it lists is shown, and what is paid and authorised covers the deposit that is
// due by then. So a card alone guarantees only while no deposit is due. The triggers are those of the Clock PMS+ help
// page "Booking statuses".
func (r *Reservation) autoGuarantee(t Trigger, at time.Time, prop *Property) (Evidence, bool) {
	method, ok := r.automatic(t)
	if !ok || !r.covered(at, prop) {
		return Evidence{}, false
	}
	e := Evidence{Method: method, Trigger: t, At: at}
	switch method {
	case MethodCard:
		e.Reference = r.Card.Token
	case MethodProcessor:
		e.Reference = r.Channel.Reference
	}
	return e, true
}
