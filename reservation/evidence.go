package reservation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/innards-go/innards"
)

// GuaranteeBy guarantees the reservation: by hand with a note, or by an automatic trigger, which has to meet the
// conditions of the guarantee policy.
type GuaranteeBy struct {
	Trigger   Trigger `json:"trigger,omitempty" doc:"manual unless said otherwise"`
	Method    Method  `json:"method,omitempty" doc:"of a guarantee by hand"`
	Reference string  `json:"reference,omitempty" doc:"of the evidence, such as a booking at the bank"`
	Note      string  `json:"note,omitempty" doc:"required by hand"`
}

// RevokeGuarantee takes the guarantee back.
type RevokeGuarantee struct {
	Cause     RevokeCause `json:"cause"`
	Reference string      `json:"reference,omitempty" doc:"of the refund or chargeback"`
	Note      string      `json:"note,omitempty" doc:"required for the cause manual"`
}

// A RevokeCause says why a guarantee was taken back.
type RevokeCause string

// The causes.
const (
	RevokeManual      RevokeCause = "manual"
	RevokeRefund      RevokeCause = "refund"
	RevokeChargeback  RevokeCause = "chargeback"
	RevokeInvalidCard RevokeCause = "invalid_card"
)

// RevokeCauses returns all causes.
func RevokeCauses() []RevokeCause {
	return []RevokeCause{RevokeManual, RevokeRefund, RevokeChargeback, RevokeInvalidCard}
}

// StoreCard keeps a card's token on the reservation (tokenization). If that meets the guarantee policy, it guarantees.
type StoreCard struct {
	Card Card `json:"card"`
}

// RecordPayment keeps what was paid, authorised or returned, as the payment provider or cashier reports it.
type RecordPayment struct {
	Kind      PaymentKind   `json:"kind"`
	Amount    innards.Money `json:"amount,omitzero" doc:"positive; none for failed"`
	Reference string        `json:"reference,omitempty" doc:"of the payment"`
	Task      string        `json:"task,omitempty" doc:"id of the payment task that asked for it"`
	Ordered   bool          `json:"ordered,omitempty" doc:"of a refund or void: it carries out what a cancellation ordered"`
}

// A PaymentKind says what happened.
type PaymentKind string

// The payment kinds.
const (
	PaymentPaid       PaymentKind = "paid"
	PaymentAuthorised PaymentKind = "authorised"
	PaymentCaptured   PaymentKind = "captured" // what was authorised is paid now
	PaymentVoided     PaymentKind = "voided"   // an authorisation ended
	PaymentRefunded   PaymentKind = "refunded" // or charged back
	PaymentFailed     PaymentKind = "failed"
)

// PaymentKinds returns all payment kinds.
func PaymentKinds() []PaymentKind {
	return []PaymentKind{PaymentPaid, PaymentAuthorised, PaymentCaptured, PaymentVoided, PaymentRefunded, PaymentFailed}
}

// LapseGuarantee carries out the deadline action of the policy once the guarantee is overdue: it notifies or gives up.
type LapseGuarantee struct{}

// RunPaymentTask asks the payment provider for the amount of a task.
type RunPaymentTask struct {
	Task string `json:"task" doc:"id of the payment task"`
}

// Name implements [Intent].
func (GuaranteeBy) Name() string { return "guarantee" }

// Name implements [Intent].
func (RevokeGuarantee) Name() string { return "revoke_guarantee" }

// Name implements [Intent].
func (StoreCard) Name() string { return "store_card" }

// Name implements [Intent].
func (RecordPayment) Name() string { return "record_payment" }

// Name implements [Intent].
func (LapseGuarantee) Name() string { return "lapse_guarantee" }

// Name implements [Intent].
func (RunPaymentTask) Name() string { return "run_payment_task" }

// Plan implements [Intent].
func (in GuaranteeBy) Plan(f *Facts, c *Change) []innards.Blocker {
	blockers := append(c.note("note", in.Note, maxNote), c.note("reference", in.Reference, maxText)...)
	if in.Trigger == "" || in.Trigger == TriggerManual {
		return append(blockers, in.byHand(f, c)...)
	}
	if !slices.Contains(Triggers(), in.Trigger) || in.Method != "" {
		return append(blockers, TriggerInvalid.In("trigger", string(in.Trigger)))
	}
	e, ok := f.Reservation.autoGuarantee(in.Trigger, f.Now, f.Property)
	if !ok { // who overrides that still leaves a trace of what was shown
		e = Evidence{Method: MethodOther, Trigger: in.Trigger, At: f.Now}
		blockers = append(blockers, f.notMet(in.Trigger)...)
	}
	e.Reference = cmp.Or(in.Reference, e.Reference)
	c.addEvidence(f, e)
	return blockers
}

func (in GuaranteeBy) byHand(f *Facts, c *Change) []innards.Blocker {
	method := in.Method
	if method == "" {
		method = MethodOther
	}
	if !slices.Contains(Methods(), method) {
		return []innards.Blocker{TriggerInvalid.In("method", string(in.Method))}
	}
	c.addEvidence(f, Evidence{Method: method, Trigger: TriggerManual, Reference: in.Reference, At: f.Now})
	return requireNote(in.Note)
}

// notMet says which condition of the policy the trigger does not meet.
func (f *Facts) notMet(t Trigger) []innards.Blocker {
	r := &f.Reservation
	if r.GuaranteePolicy == nil {
		return []innards.Blocker{GuaranteeByHand.In("trigger")}
	}
	var blockers []innards.Blocker
	if _, ok := r.automatic(t); !ok {
		blockers = append(blockers, MethodNotAccepted.In("trigger", t))
	}
	if !r.covered(f.Now, f.Property) {
		blockers = append(blockers, NotCovered.In("trigger", r.outstanding(f.Now, f.Property), "is open"))
	}
	return blockers
}

// addEvidence keeps the evidence; the guarantee is fresh again.
func (c *Change) addEvidence(f *Facts, e Evidence) {
	r := &c.After
	if e.Actor == "" {
		e.Actor = f.Actor.ID
	}
	r.Evidence = append(slices.Clip(r.Evidence), e)
	r.EvidenceStale, r.GuaranteeLapsed, r.AutopayPaused = false, false, false
	c.publish("evidence", map[string]any{"method": e.Method, "trigger": e.Trigger})
}

// Plan implements [Intent].
func (in RevokeGuarantee) Plan(_ *Facts, c *Change) []innards.Blocker {
	blockers := append(c.note("note", in.Note, maxNote), c.note("reference", in.Reference, maxText)...)
	switch in.Cause {
	case RevokeManual:
		blockers = append(blockers, requireNote(in.Note)...)
	case RevokeRefund, RevokeChargeback:
	case RevokeInvalidCard:
		c.invalidateCard()
	default:
		blockers = append(blockers, ReasonCodeInvalid.In("cause", string(in.Cause)))
	}
	c.After.EvidenceStale = false
	c.publish("cause", in.Cause)
	return blockers
}

func (c *Change) invalidateCard() {
	if c.After.Card != nil {
		card := *c.After.Card
		card.Invalid = true
		c.After.Card = &card
	}
}

// Plan implements [Intent].
func (in StoreCard) Plan(f *Facts, c *Change) []innards.Blocker {
	c.After.Card = fresh(&in.Card)
	if e, ok := cardEvidence(f); ok {
		c.addEvidence(f, e)
	}
	return checkCard("card", &in.Card)
}

// fresh returns a copy of a card that comes in: whether it is invalid is for [RevokeGuarantee] to say.
func fresh(c *Card) *Card {
	if c == nil {
		return nil
	}
	card := *c
	card.Invalid = false
	return &card
}

// cardGuarantees judges the card as if it was already kept. Bad input is the plan's to refuse.
func cardGuarantees(f *Facts) bool {
	_, ok := cardEvidence(f)
	return ok
}

func cardEvidence(f *Facts) (Evidence, bool) {
	in, ok := intentOf[StoreCard](f.Intent)
	if !ok {
		return Evidence{}, false
	}
	draft := f.Reservation
	draft.Card = fresh(&in.Card)
	for _, t := range []Trigger{TriggerTokenization, TriggerChannelCard} {
		if e, ok := draft.autoGuarantee(t, f.Now, f.Property); ok {
			return e, true
		}
	}
	return Evidence{}, false
}

// Plan implements [Intent].
func (in RecordPayment) Plan(f *Facts, c *Change) []innards.Blocker {
	blockers := c.note("reference", in.Reference, maxText)
	blockers = append(blockers, in.check(f)...)
	c.publish("payment", in.Kind)
	c.publish("task", in.Task)
	if len(blockers) > 0 {
		return blockers
	}
	if in.Kind == PaymentFailed {
		c.effect(EffectNotify, fmt.Sprintf("notify/%d", c.Head.Version+1), NotifyEffect{About: "payment_failed"})
		return nil
	}
	if !in.keep(&c.After) {
		return []innards.Blocker{RefundTooLarge.In("amount", in.Amount)}
	}
	if e, ok := paymentEvidence(f); ok && f.Reservation.Guarantee == NotGuaranteed {
		e.Reference = in.Reference
		c.addEvidence(f, e)
	}
	return nil
}

func (in RecordPayment) check(f *Facts) []innards.Blocker {
	positive := in.Amount.Sign() > 0 && len(checkAmount("amount", in.Amount, f.Property.Currency)) == 0
	switch {
	case !slices.Contains(PaymentKinds(), in.Kind):
		return []innards.Blocker{PaymentInvalid.In("kind", string(in.Kind))}
	case in.Kind != PaymentFailed && !positive:
		return []innards.Blocker{PaymentInvalid.In("amount")}
	}
	if _, ok := find(f.Property.PaymentTasks, in.Task, PaymentTask.key); in.Task != "" && !ok {
		return []innards.Blocker{RuleUnknown.In("task", in.Task)}
	}
	return nil
}

// keep changes what is paid and authorised, and reports whether no more is returned than there is.
func (in RecordPayment) keep(r *Reservation) bool {
	var err error
	switch in.Kind {
	case PaymentPaid:
		r.Paid, err = r.Paid.Add(in.Amount)
	case PaymentAuthorised:
		r.Authorised, err = r.Authorised.Add(in.Amount)
	case PaymentCaptured:
		var failed error
		r.Paid, err = r.Paid.Add(in.Amount)
		r.Authorised, failed = r.Authorised.Sub(in.Amount)
		err = errors.Join(err, failed)
	case PaymentVoided:
		err = in.giveBack(r, &r.Releasing, &r.Authorised)
	case PaymentRefunded:
		err = in.giveBack(r, &r.Refunding, &r.Paid)
	}
	return err == nil && r.Paid.Sign() >= 0 && r.Authorised.Sign() >= 0 && r.Refunding.Sign() >= 0 && r.Releasing.Sign() >= 0
}

// giveBack takes the amount from what a cancellation has ordered to be given back, which is not held any more, and from
// what is held. While the reservation is void the order comes first. Once it was restored, new money may have come and
// gone: then the order comes first only if that is said, so that nothing counts as held which may have been returned.
func (in RecordPayment) giveBack(r *Reservation, ordered, held *innards.Money) error {
	from, then := held, ordered
	if in.Ordered || !r.IsValid() {
		from, then = ordered, held
	}
	first := smaller(*from, in.Amount)
	rest, err := in.Amount.Sub(first)
	if err != nil {
		return err
	}
	if *from, err = from.Sub(first); err != nil || rest.Sign() == 0 {
		return err
	}
	*then, err = then.Sub(rest)
	return err
}

// paymentGuarantees holds if a payment task that guarantees was paid and the policy's conditions are met by it.
func paymentGuarantees(f *Facts) bool {
	_, ok := paymentEvidence(f)
	return ok
}

func paymentEvidence(f *Facts) (Evidence, bool) {
	in, _ := intentOf[RecordPayment](f.Intent)
	task, _ := find(f.Property.PaymentTasks, in.Task, PaymentTask.key)
	pays := in.Kind == PaymentPaid || in.Kind == PaymentAuthorised
	draft := f.Reservation
	if !pays || !task.Guarantees || !in.keep(&draft) {
		return Evidence{}, false
	}
	return draft.autoGuarantee(TriggerPaymentTask, f.Now, f.Property)
}

// paymentRevokes holds if a return of money leaves the deposit uncovered that the policy demands.
func paymentRevokes(f *Facts) bool {
	in, _ := intentOf[RecordPayment](f.Intent)
	draft := f.Reservation
	return in.keep(&draft) && f.Reservation.covered(f.Now, f.Property) && !draft.covered(f.Now, f.Property)
}

// Plan implements [Intent].
func (LapseGuarantee) Plan(f *Facts, c *Change) []innards.Blocker {
	r := &f.Reservation
	if r.GuaranteePolicy == nil || r.GuaranteeDeadline == nil {
		return nil // the guard has refused it
	}
	c.markDone(deadlineOccurrence(r))
	if r.GuaranteePolicy.AtDeadline == DeadlineNotify {
		c.effect(EffectNotify, deadlineOccurrence(r), NotifyEffect{About: "guarantee_deadline"})
		return nil
	}
	c.After.GuaranteeLapsed = true
	return nil
}

// Plan implements [Intent].
func (in RunPaymentTask) Plan(f *Facts, c *Change) []innards.Blocker {
	task, ok := find(f.Property.PaymentTasks, in.Task, PaymentTask.key)
	if !ok || task.Disabled {
		return []innards.Blocker{RuleUnknown.In("task", in.Task)}
	}
	o := task.occurrence(&f.Reservation, f.Property)
	if !o.isDue(&f.Reservation, f.Now) {
		return []innards.Blocker{NotDue.In("task", o.at)}
	}
	c.markDone(o.key)
	amount := task.amount(&f.Reservation, f.Now, f.Property)
	if amount.Sign() > 0 {
		c.effect(EffectCharge, o.key, ChargeEffect{Task: task.ID, Occurrence: o.key, Amount: amount})
	}
	return nil
}
