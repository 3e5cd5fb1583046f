package reservation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// byCard is a guarantee policy that wants a card and 30 % of the stay now.
func byCard(p *reservation.Property) {
	p.GuaranteePolicies = append(p.GuaranteePolicies, reservation.GuaranteePolicy{
		Name:    "card",
		Methods: []reservation.Method{reservation.MethodCard, reservation.MethodDeposit, reservation.MethodProcessor},
		Deposit: reservation.Deposit{Percent: percent(30)}, AtDeadline: reservation.DeadlineNothing,
	}, reservation.GuaranteePolicy{
		Name: "bank", Methods: []reservation.Method{reservation.MethodBankTransfer}, AtDeadline: reservation.DeadlineNothing,
	})
	p.PaymentTasks = append(p.PaymentTasks,
		reservation.PaymentTask{ID: "pay", From: reservation.PaymentAfterBooking, Amount: reservation.AmountDepositDue, Guarantees: true},
		reservation.PaymentTask{ID: "plain", From: reservation.PaymentAfterBooking, Amount: reservation.AmountDepositDue})
}

// A trigger makes a reservation that it is for, and fires.
type trigger struct {
	name reservation.Trigger
	book edit
	fire func(h *house, id string) error // nil: the booking itself fires
}

func do(in reservation.Intent) func(*house, string) error {
	return func(h *house, id string) error {
		_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, id, in)
		return err
	}
}

func triggers() []trigger {
	channel := func(processor bool) edit {
		return func(c *reservation.Create) {
			c.Source, c.Channel = reservation.SourceChannelManager, &reservation.Channel{Name: "ch", Reference: "HR-1", Processor: processor}
		}
	}
	both := func(edits ...edit) edit {
		return func(c *reservation.Create) {
			for _, e := range edits {
				e(c)
			}
		}
	}
	pays := reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: euro(1), Reference: "pay_1", Task: "pay"}
	return []trigger{
		{reservation.TriggerBookingEngine, both(from(reservation.SourceBookingEngine), withCard), nil},
		{reservation.TriggerChannelProcessor, channel(true), nil},
		{reservation.TriggerChannelCard, both(channel(false), withCard), nil},
		{reservation.TriggerPortal, withCard, func(h *house, id string) error {
			_, err := h.Do(h.ctx, innards.Command{Actor: party("acme")}, id, reservation.GuaranteeBy{Trigger: reservation.TriggerPortal})
			return err
		}},
		{reservation.TriggerPaymentTask, func(*reservation.Create) {}, do(pays)},
		{reservation.TriggerTokenization, func(*reservation.Create) {}, do(reservation.StoreCard{Card: reservation.Card{Token: "tok_2"}})},
	}
}

// Each of the six triggers guarantees if what is paid covers the deposit and the policy lists its method, and not
// otherwise; without a policy none does.
func TestSixTriggers(t *testing.T) {
	for _, trig := range triggers() {
		for _, c := range []struct {
			policy string
			paid   int64
			want   reservation.Guarantee
		}{
			{"card", 30, reservation.Guaranteed}, {"card", 28, reservation.NotGuaranteed},
			{"bank", 30, reservation.NotGuaranteed}, {"", 30, reservation.NotGuaranteed},
		} {
			h := open(t, byCard)
			id := h.book(trig.book, under(c.policy, ""), paying(euro(c.paid)), ofParty("acme"))
			name := fmt.Sprintf("%s under %q with %d paid", trig.name, c.policy, c.paid)
			if trig.fire != nil {
				equal(t, name+", before", h.get(id).Guarantee, reservation.NotGuaranteed)
				err := trig.fire(h, id)
				if trig.name == reservation.TriggerPortal && c.want == reservation.NotGuaranteed {
					if innards.Codes(err) == nil {
						t.Errorf("%s: %v, want it refused", name, err)
					}
				} else if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			r := h.get(id)
			equal(t, name, r.Guarantee, c.want)
			if c.want == reservation.NotGuaranteed {
				equal(t, name+": evidence", len(r.Evidence), 0)
				continue
			}
			equal(t, name+": trigger", r.Evidence[0].Trigger, trig.name)
			equal(t, name+": actor", r.Evidence[0].Actor, h.last(id).Actor)
			equal(t, name+": at", r.Evidence[0].At, h.clock.Now())
			if !strings.Contains(string(h.last(id).Payload), `"trigger":"`+string(trig.name)+`"`) && trig.fire != nil {
				t.Errorf("%s: the event holds %s", name, h.last(id).Payload)
			}
		}
	}
}

// What is guaranteed already stays so, whatever fires.
func TestTriggersWhenGuaranteedAlready(t *testing.T) {
	for _, trig := range triggers() {
		if trig.fire == nil {
			continue
		}
		h := open(t, byCard)
		id := h.book(trig.book, under("card", ""), paying(euro(30)), ofParty("acme"))
		h.do(id, reservation.GuaranteeBy{Note: "by hand"})
		if err := trig.fire(h, id); err != nil {
			t.Errorf("%s: %v", trig.name, err)
		}
		equal(t, string(trig.name), h.get(id).Guarantee, reservation.Guaranteed)
	}
}

// A channel without processor and without a card stays unguaranteed, until a card comes.
func TestChannelGuaranteesWhenTheCardComes(t *testing.T) {
	h := open(t, byCard)
	id := h.book(func(c *reservation.Create) {
		c.Source, c.Channel = reservation.SourceChannelManager, &reservation.Channel{Name: "ch"}
	}, under("card", ""), paying(euro(30)))
	equal(t, "without a card", h.get(id).Guarantee, reservation.NotGuaranteed)
	h.refused(id, reservation.GuaranteeBy{Trigger: reservation.TriggerChannelCard}, reservation.MethodNotAccepted)
	h.do(id, reservation.StoreCard{Card: reservation.Card{Token: "tok_3", Invalid: true}})
	r := h.get(id)
	equal(t, "guarantee", r.Guarantee, reservation.Guaranteed)
	equal(t, "reference", r.Evidence[0].Reference, "tok_3")
	equal(t, "a new card is valid", r.Card.Invalid, false)
}

func TestGuaranteeByHand(t *testing.T) {
	h := open(t, byCard)
	id := h.book()
	h.refused(id, reservation.GuaranteeBy{}, reservation.NoteRequired)
	h.refused(id, reservation.GuaranteeBy{Trigger: reservation.TriggerManual, Note: "x", Method: "gold"}, reservation.TriggerInvalid)
	h.refused(id, reservation.GuaranteeBy{Note: "4111111111111111"}, innards.CardNumber)
	h.refused(id, reservation.GuaranteeBy{Note: "x", Reference: strings.Repeat("x", 257)}, innards.TextInvalid)
	h.do(id, reservation.GuaranteeBy{Note: "the transfer is there", Method: reservation.MethodBankTransfer, Reference: "b-17"})
	h.do(id, reservation.GuaranteeBy{Note: "and a voucher"})
	r := h.get(id)
	equal(t, "evidence", len(r.Evidence), 2)
	want := reservation.Evidence{Method: reservation.MethodBankTransfer, Trigger: reservation.TriggerManual, Actor: h.desk.ID, Reference: "b-17", At: h.clock.Now()}
	equal(t, "first", r.Evidence[0], want)
	equal(t, "second", r.Evidence[1].Method, reservation.MethodOther)
	equal(t, "private", string(h.history(id)[1].Private), `{"detail":{"note":"the transfer is there","reference":"b-17"}}`)
	void := h.book()
	h.do(void, reservation.Cancel{Reason: reservation.ReasonGuest})
	equal(t, "void ones too", h.do(void, reservation.GuaranteeBy{Note: "x"}).Guarantee, reservation.Guaranteed)
}

func TestGuaranteeByATriggerRefused(t *testing.T) {
	h := open(t, byCard)
	id := h.book(under("card", ""))
	h.refused(id, reservation.GuaranteeBy{Trigger: "moon"}, reservation.TriggerInvalid)
	h.refused(id, reservation.GuaranteeBy{Trigger: reservation.TriggerPortal, Method: reservation.MethodCard}, reservation.TriggerInvalid)
	h.refused(id, reservation.GuaranteeBy{Trigger: reservation.TriggerPortal}, reservation.MethodNotAccepted, reservation.NotCovered)
	h.do(id, reservation.StoreCard{Card: reservation.Card{Token: "tok"}})
	h.refused(id, reservation.GuaranteeBy{Trigger: reservation.TriggerPortal}, reservation.NotCovered)
	h.refused(h.book(), reservation.GuaranteeBy{Trigger: reservation.TriggerPortal}, reservation.GuaranteeByHand)
	receipt := h.override(id, reservation.GuaranteeBy{Trigger: reservation.TriggerPortal}, reservation.NotCovered)
	equal(t, "by right", receipt.Guarantee, reservation.Guaranteed)
	by := innards.Command{Actor: party("acme")}
	mine := h.book(under("card", ""), ofParty("acme"), withCard, paying(euro(30)))
	h.refusedFor(by, mine, reservation.GuaranteeBy{Note: "trust me"}, innards.StaffOnly)
	if _, err := h.Do(h.ctx, by, mine, reservation.GuaranteeBy{Trigger: reservation.TriggerPortal, Reference: "ref"}); err != nil {
		t.Error(err)
	}
	equal(t, "reference", h.get(mine).Evidence[0].Reference, "ref")
	if _, err := h.Do(h.ctx, by, mine, reservation.StoreCard{Card: reservation.Card{Token: "tok_9"}}); err != nil {
		t.Error(err)
	}
	equal(t, "card", h.get(mine).Card.Token, "tok_9")
}

func TestRevokeGuarantee(t *testing.T) {
	h := open(t, byCard)
	for _, cause := range reservation.RevokeCauses() {
		id := h.book(withCard, as(reservation.Inquiry))
		h.do(id, reservation.GuaranteeBy{Note: "x"})
		in := reservation.RevokeGuarantee{Cause: cause, Reference: "cb_1"}
		if cause == reservation.RevokeManual {
			h.refused(id, in, reservation.NoteRequired)
			in.Note = "a mistake"
		}
		equal(t, string(cause), h.do(id, in).Guarantee, reservation.NotGuaranteed)
		r := h.get(id)
		equal(t, string(cause)+": card", r.Card.Invalid, cause == reservation.RevokeInvalidCard)
		equal(t, string(cause)+": evidence stays on record", len(r.Evidence), 1)
		equal(t, string(cause)+": payload", string(h.last(id).Payload), `{"detail":{"cause":"`+string(cause)+`"}}`)
		equal(t, string(cause)+": reference", strings.Contains(string(h.last(id).Private), `"reference":"cb_1"`), true)
	}
	id := h.book(as(reservation.Inquiry))
	h.refused(id, reservation.RevokeGuarantee{}, reservation.ReasonCodeInvalid)
	h.refused(id, reservation.RevokeGuarantee{Cause: "boredom"}, reservation.ReasonCodeInvalid)
	h.do(id, reservation.RevokeGuarantee{Cause: reservation.RevokeInvalidCard})
	equal(t, "without a card", h.get(id).Card == nil, true)
}

func TestStoreCardRefused(t *testing.T) {
	h := open(t, byCard)
	id := h.book(under("card", ""), paying(euro(30)))
	h.refused(id, reservation.StoreCard{}, reservation.CardInvalid)
	h.refused(id, reservation.StoreCard{Card: reservation.Card{Token: "4111111111111111"}}, innards.CardNumber)
	equal(t, "no card", h.get(id).Card == nil, true)
}

// The invalid card is no evidence; a new one is.
func TestInvalidCardIsReplaced(t *testing.T) {
	h := open(t, byCard)
	id := h.book(under("card", ""), paying(euro(30)), from(reservation.SourceBookingEngine), withCard)
	h.do(id, reservation.RevokeGuarantee{Cause: reservation.RevokeInvalidCard})
	h.refused(id, reservation.GuaranteeBy{Trigger: reservation.TriggerTokenization}, reservation.MethodNotAccepted)
	equal(t, "guarantee", h.do(id, reservation.StoreCard{Card: reservation.Card{Token: "tok_2"}}).Guarantee, reservation.Guaranteed)
}

func TestRecordPayment(t *testing.T) {
	h := open(t, byCard)
	id := h.book()
	pay := func(kind reservation.PaymentKind, n int64) reservation.RecordPayment {
		return reservation.RecordPayment{Kind: kind, Amount: euro(n), Reference: "ref"}
	}
	h.do(id, pay(reservation.PaymentPaid, 50))
	h.do(id, pay(reservation.PaymentAuthorised, 30))
	h.do(id, pay(reservation.PaymentRefunded, 20))
	h.do(id, pay(reservation.PaymentVoided, 5))
	r := h.get(id)
	equal(t, "paid", r.Paid, euro(30))
	equal(t, "authorised", r.Authorised, euro(25))
	got := replayed(t, h, id)
	equal(t, "replayed", got.Paid.String()+" "+got.Authorised.String(), "30.00 EUR 25.00 EUR")
	equal(t, "payload", string(h.last(id).Payload), `{"authorised":{"amount":"25.00","currency":"EUR"},"detail":{"payment":"voided","task":""}}`)
	equal(t, "private", string(h.last(id).Private), `{"detail":{"reference":"ref"}}`)
	h.refused(id, pay(reservation.PaymentRefunded, 31), reservation.RefundTooLarge)
	h.refused(id, pay(reservation.PaymentVoided, 26), reservation.RefundTooLarge)
	h.do(id, pay(reservation.PaymentRefunded, 30))
	h.do(id, pay(reservation.PaymentVoided, 25))
	for _, wrong := range []reservation.RecordPayment{
		{}, {Kind: "gift", Amount: euro(1)}, pay(reservation.PaymentPaid, 0), pay(reservation.PaymentPaid, -1),
		{Kind: reservation.PaymentPaid, Amount: reservationtest.Amount(1, "USD")},
	} {
		h.refused(id, wrong, reservation.PaymentInvalid)
	}
	h.refused(id, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: euro(1), Task: "nope"}, reservation.RuleUnknown)
	h.refused(id, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: euro(1), Reference: "4111111111111111"}, innards.CardNumber)
	large := reservationtest.Euro(innards.MaxMinor / 1000)
	for range 999 {
		h.do(id, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: large})
	}
	h.do(id, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: large})
	h.refused(id, pay(reservation.PaymentPaid, 1), reservation.RefundTooLarge)
}

// A failed payment is told to the staff, each one.
func TestFailedPayment(t *testing.T) {
	h := open(t, byCard)
	id := h.book()
	h.outbox()
	for range 2 {
		h.do(id, reservation.RecordPayment{Kind: reservation.PaymentFailed, Reference: "declined", Task: "pay"})
	}
	messages := h.outbox()
	equal(t, "messages", len(messages), 2)
	equal(t, "first key", messages[0].Key, "reservation/"+id+"/notify/2")
	equal(t, "second key", messages[1].Key, "reservation/"+id+"/notify/3")
	equal(t, "about", string(messages[0].Payload), `{"about":"payment_failed"}`)
	equal(t, "kind", messages[0].Kind, reservation.EffectNotify)
	equal(t, "paid", h.get(id).Paid, euro(0))
}

// Only the task that is to guarantee does, by its payment or authorisation.
func TestPaymentOfATask(t *testing.T) {
	for _, c := range []struct {
		task string
		kind reservation.PaymentKind
		want reservation.Guarantee
	}{
		{"pay", reservation.PaymentPaid, reservation.Guaranteed}, {"pay", reservation.PaymentAuthorised, reservation.Guaranteed},
		{"plain", reservation.PaymentPaid, reservation.NotGuaranteed}, {"", reservation.PaymentPaid, reservation.NotGuaranteed},
		{"pay", reservation.PaymentFailed, reservation.NotGuaranteed},
		{"pay", reservation.PaymentRefunded, reservation.NotGuaranteed}, {"pay", reservation.PaymentVoided, reservation.NotGuaranteed},
	} {
		h := open(t, byCard)
		id := h.book(under("card", ""), withCard)
		h.do(id, reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: euro(80)})
		h.do(id, reservation.RecordPayment{Kind: reservation.PaymentAuthorised, Amount: euro(80)})
		receipt := h.do(id, reservation.RecordPayment{Kind: c.kind, Amount: euro(30), Reference: "ref", Task: c.task})
		equal(t, c.task+" "+string(c.kind), receipt.Guarantee, c.want)
		if c.want == reservation.Guaranteed {
			equal(t, "reference", h.get(id).Evidence[0].Reference, "ref")
		}
	}
}

// A refund or void revokes if the deposit that was covered no longer is.
func TestRefundRevokes(t *testing.T) {
	for _, kind := range []reservation.PaymentKind{reservation.PaymentRefunded, reservation.PaymentVoided} {
		h := open(t, byCard)
		pays := map[reservation.PaymentKind]reservation.PaymentKind{reservation.PaymentRefunded: reservation.PaymentPaid, reservation.PaymentVoided: reservation.PaymentAuthorised}[kind]
		id := h.book(under("card", ""), withCard)
		h.do(id, reservation.RecordPayment{Kind: pays, Amount: euro(40), Task: "pay"})
		back := reservation.RecordPayment{Kind: kind, Amount: euro(10)}
		equal(t, "still covered", h.do(id, back).Guarantee, reservation.Guaranteed)
		h.refused(id, reservation.RecordPayment{Kind: kind, Amount: euro(31)}, reservation.RefundTooLarge)
		equal(t, "no longer", h.do(id, back).Guarantee, reservation.NotGuaranteed)
		h.do(id, reservation.GuaranteeBy{Note: "all the same"})
		equal(t, "it was not covered before", h.do(id, back).Guarantee, reservation.Guaranteed)
		equal(t, "more paid", h.do(id, reservation.RecordPayment{Kind: pays, Amount: euro(1)}).Guarantee, reservation.Guaranteed)
	}
	h := open(t, byCard)
	id := h.book(paying(euro(40)))
	h.do(id, reservation.GuaranteeBy{Note: "without a policy"})
	equal(t, "without a policy", h.do(id, reservation.RecordPayment{Kind: reservation.PaymentRefunded, Amount: euro(40)}).Guarantee, reservation.Guaranteed)
}

// At the deadline the policy gives up, or tells the staff, once.
func TestLapseGuarantee(t *testing.T) {
	for action, gaveUp := range map[reservation.DeadlineAction]bool{reservation.DeadlineUnguarantee: true, reservation.DeadlineNotify: false} {
		h := open(t, withGuarantee(reservation.GuaranteePolicy{Name: "day", Methods: []reservation.Method{reservation.MethodCard}, WithinDays: ptr(1), AtDeadline: action}))
		id := h.book(stay(5, 1), under("day", ""))
		h.outbox()
		h.clock.Advance(24*time.Hour - time.Second)
		h.refused(id, reservation.LapseGuarantee{}, reservation.DeadlineNotOver)
		h.clock.Advance(time.Second)
		h.do(id, reservation.LapseGuarantee{})
		r := h.get(id)
		equal(t, string(action), r.GuaranteeLapsed, gaveUp)
		equal(t, "state", r.GuaranteeState(h.clock.Now()), map[bool]reservation.GuaranteeState{true: reservation.StateNonGuaranteed, false: reservation.StateOverdue}[gaveUp])
		h.refused(id, reservation.LapseGuarantee{}, reservation.DeadlineNotOver)
		messages := h.outbox()
		equal(t, "messages", len(messages), map[bool]int{true: 0, false: 1}[gaveUp])
		if !gaveUp {
			equal(t, "about", string(messages[0].Payload), `{"about":"guarantee_deadline"}`)
			equal(t, "key", messages[0].Key, "reservation/"+id+"/deadline/2026-06-02T06:00:00Z")
		}
		h.do(id, reservation.GuaranteeBy{Note: "at last"})
		equal(t, "lapsed", h.get(id).GuaranteeLapsed, false)
	}
	h := open(t)
	h.refused(h.book(), reservation.LapseGuarantee{}, reservation.DeadlineNotOver)
}

func TestRunPaymentTask(t *testing.T) {
	first := reservation.PaymentTask{ID: "first", From: reservation.PaymentBeforeArrival, Hours: 24, Amount: reservation.AmountFirstNight}
	off := reservation.PaymentTask{ID: "off", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance, Disabled: true}
	only := reservation.PaymentTask{ID: "only", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance, Filter: reservation.Filter{Guarantee: []reservation.GuaranteeState{reservation.StateGuaranteed}}}
	h := open(t, byCard, withTask(first), withTask(off), withTask(only))
	id := h.book(stay(2, 2), paying(euro(10)))
	h.outbox()
	h.refused(id, reservation.RunPaymentTask{Task: "nope"}, reservation.RuleUnknown)
	h.refused(id, reservation.RunPaymentTask{Task: "off"}, reservation.RuleUnknown)
	h.refused(id, reservation.RunPaymentTask{Task: "only"}, reservation.NotDue)
	due := day(1).At(12*60, h.property().Location())
	h.clock.Set(due.Add(-time.Second))
	h.refused(id, reservation.RunPaymentTask{Task: "first"}, reservation.NotDue)
	h.clock.Set(due)
	h.do(id, reservation.RunPaymentTask{Task: "first"})
	h.refused(id, reservation.RunPaymentTask{Task: "first"}, reservation.NotDue)
	h.do(id, reservation.RunPaymentTask{Task: "plain"}) // nothing is due, nothing is asked
	h.do(id, reservation.GuaranteeBy{Note: "x"})
	h.do(id, reservation.RunPaymentTask{Task: "only"})
	want := []string{
		`charge {"task":"first","occurrence":"payment/first/2026-06-03","amount":{"amount":"100.00","currency":"EUR"}}`,
		`charge {"task":"only","occurrence":"payment/only","amount":{"amount":"190.00","currency":"EUR"}}`,
	}
	if d := diff(want, h.effects(id)); d != "" {
		t.Error(d)
	}
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.refused(id, reservation.RunPaymentTask{Task: "pay"}, reservation.NotValid)
}
