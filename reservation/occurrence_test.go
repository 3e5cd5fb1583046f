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

func TestSweepOfMessages(t *testing.T) {
	rule := reservation.MessageRule{ID: "soon", Trigger: reservation.OnDaysBefore, Days: 2, At: 10 * 60, Template: "see-you",
		Filter: reservation.Filter{Confirmation: []reservation.Confirmation{reservation.Confirmed}}}
	h := open(t, withRule(rule))
	id, unconfirmed := h.book(stay(5, 1)), h.book(stay(5, 1))
	h.do(id, reservation.MarkConfirmed{Note: "x"})
	h.outbox()
	due := day(3).At(10*60, h.property().Location())
	h.clock.Set(due.Add(-time.Second))
	h.refused(id, reservation.SendMessage{Rule: "soon"}, reservation.NotDue)
	equal(t, "too early", h.sweep(), 0)
	h.clock.Set(due)
	h.refused(unconfirmed, reservation.SendMessage{Rule: "soon"}, reservation.NotDue)
	equal(t, "sent", h.sweep(), 1)
	equal(t, "again", h.sweep(), 0)
	h.refused(id, reservation.SendMessage{Rule: "soon"}, reservation.NotDue)
	h.refused(id, reservation.SendMessage{Rule: "nope"}, reservation.RuleUnknown)
	messages := h.outbox()
	equal(t, "messages", len(messages), 1)
	equal(t, "key", messages[0].Key, "reservation/"+id+"/message/soon/2026-06-06")
	equal(t, "payload", string(messages[0].Payload), `{"rule":"soon","template":"see-you"}`)
	equal(t, "cause", h.last(id).Cause, "message/soon/2026-06-06")
	h.do(id, reservation.Amend{Arrival: ptr(day(6)), Departure: ptr(day(8))})
	h.clock.Advance(24 * time.Hour)
	equal(t, "for the new arrival", h.sweep(), 1)
	h.doProperty(reservation.PutMessageRule{Rule: reservation.MessageRule{ID: "off", Trigger: reservation.OnDaysBefore, Days: 3, Template: "x", Disabled: true}})
	h.doProperty(reservation.PutMessageRule{Rule: reservation.MessageRule{ID: "event", Trigger: reservation.OnCreated, Template: "x"}})
	equal(t, "disabled", h.sweep(), 0)
	for _, other := range []string{"off", "event"} {
		h.refused(id, reservation.SendMessage{Rule: other}, reservation.RuleUnknown)
	}
}

func TestSweepLeavesOutWhatIsTooOld(t *testing.T) {
	h := open(t)
	id := h.book(stay(3, 1))
	for _, done := range []int{1, 0} {
		name := fmt.Sprint("for-", done)
		at := h.clock.Now().Add(-24 * time.Hour)
		if done == 0 {
			at = at.Add(-time.Second)
		}
		rule := reservation.MessageRule{ID: name, Trigger: reservation.OnDaysBefore, Days: 4, Template: "x"}
		local := at.In(h.property().Location())
		rule.At = innards.TimeOfDay(local.Hour()*60 + local.Minute())
		h.doProperty(reservation.PutMessageRule{Rule: rule})
		equal(t, local.String(), h.sweep(), done)
	}
	equal(t, "events", h.get(id).Version, 2)
}

func TestMessagesOfEvents(t *testing.T) {
	var rules []setting
	for _, trigger := range []reservation.MessageTrigger{reservation.OnCreated, reservation.OnConfirmed, reservation.OnGuaranteed, reservation.OnCheckedIn, reservation.OnCheckedOut, reservation.OnCancelled, reservation.OnNoShow} {
		rules = append(rules, withRule(reservation.MessageRule{ID: string(trigger), Trigger: trigger, Template: "t"}))
	}
	rules = append(rules, withRule(reservation.MessageRule{ID: "off", Trigger: reservation.OnCreated, Template: "t", Disabled: true}),
		withRule(reservation.MessageRule{ID: "only", Trigger: reservation.OnCancelled, Template: "t", Filter: reservation.Filter{Occupancy: []reservation.Occupancy{reservation.Expected}}}))
	h := open(t, rules...)
	id := ""
	for _, step := range []struct {
		in   reservation.Intent
		want string
	}{
		{booking(inRoom("101")), "created/1"}, {reservation.MarkConfirmed{Note: "x"}, "confirmed/2"}, {reservation.MarkConfirmed{Note: "x"}, ""},
		{reservation.GuaranteeBy{Note: "x"}, "guaranteed/4"}, {reservation.GuaranteeBy{Note: "x"}, ""}, {reservation.CheckIn{}, "checked_in/6"},
		{reservation.CheckOut{}, "checked_out/7"}, {reservation.MakeExpected{}, ""}, {reservation.MarkNoShow{}, "no_show/9"},
		{reservation.MakeExpected{}, ""}, {reservation.Cancel{Reason: reservation.ReasonGuest}, "cancelled/11"},
		{reservation.MakeExpected{}, ""}, {reservation.RevokeGuarantee{Cause: reservation.RevokeRefund}, ""}, {reservation.RevokeConfirmation{}, ""},
	} {
		id = h.do(id, step.in).ID
		got := ""
		for _, m := range h.outbox() {
			got += strings.TrimPrefix(m.Key, "reservation/"+id+"/message/")
		}
		equal(t, step.in.Name(), got, step.want)
	}
}

func TestSweepKeepsToItsRules(t *testing.T) {
	h := open(t, withRule(reservation.MessageRule{ID: "event", Trigger: reservation.OnCheckedIn, Template: "x"}),
		withRule(reservation.MessageRule{ID: "before", Trigger: reservation.OnDaysBefore, At: 8 * 60, Template: "x"}))
	id := h.book(stay(0, 3), inRoom("101"))
	equal(t, "the rule for days before the arrival", h.sweep(), 1)
	h.do(id, reservation.CheckIn{})
	h.doProperty(reservation.PutMessageRule{Rule: reservation.MessageRule{ID: "late", Trigger: reservation.OnDaysBefore, Template: "x"}})
	equal(t, "in the house", h.sweep(), 0)
	h.doProperty(reservation.AmendProperty{Settings: &reservation.Settings{NoShowSweep: true}})
	h.closeDay(1)
	h.do(id, reservation.LockRoom{})
	equal(t, "no-show in the house", h.sweep(), 0)
	h.doProperty(reservation.AmendProperty{Settings: &reservation.Settings{}})
	late := h.book(stay(1, 3))
	h.closeDay(1)
	h.do(late, reservation.LockRoom{})
	equal(t, "no-show though it is not set", h.sweep(), 0)
}

func TestSweepOfPaymentTasks(t *testing.T) {
	for anchor, c := range map[reservation.PaymentAnchor]struct{ due, key string }{
		reservation.PaymentAfterBooking:    {"2026-06-01T09:00:00Z", "payment/t"},
		reservation.PaymentBeforeArrival:   {"2026-06-03T06:00:00Z", "payment/t/2026-06-03"},
		reservation.PaymentAfterArrival:    {"2026-06-03T12:00:00Z", "payment/t/2026-06-03"},
		reservation.PaymentBeforeDeparture: {"2026-06-05T06:00:00Z", "payment/t/2026-06-05"},
		reservation.PaymentAfterDeparture:  {"2026-06-05T12:00:00Z", "payment/t/2026-06-05"},
	} {
		h := open(t, withTask(reservation.PaymentTask{ID: "t", From: anchor, Hours: 3, Amount: reservation.AmountBalance}))
		id := h.book(stay(2, 2), paying(euro(30)))
		due, err := time.Parse(time.RFC3339, c.due)
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Set(due.Add(-time.Second))
		equal(t, string(anchor)+": too early", h.sweep(), 0)
		h.clock.Set(due)
		equal(t, string(anchor)+": asked", h.sweep(), 1)
		equal(t, string(anchor)+": again", h.sweep(), 0)
		want := `charge {"task":"t","occurrence":"` + c.key + `","amount":{"amount":"170.00","currency":"EUR"}}`
		if d := diff([]string{want}, h.effects(id)); d != "" {
			t.Errorf("%s: %s", anchor, d)
		}
	}
}

func TestPaymentAfterBookingIsOnce(t *testing.T) {
	h := open(t, withTask(reservation.PaymentTask{ID: "t", From: reservation.PaymentAfterBooking, Amount: reservation.AmountFirstNight}))
	id := h.book(stay(2, 2))
	equal(t, "asked", h.sweep(), 1)
	h.do(id, reservation.Amend{Arrival: ptr(day(3)), Departure: ptr(day(5))})
	equal(t, "again", h.sweep(), 0)
}

func TestPaymentsPauseAfterARestore(t *testing.T) {
	task := reservation.PaymentTask{ID: "t", From: reservation.PaymentBeforeArrival, Amount: reservation.AmountBalance}
	h := open(t, withTask(task))
	id, void := h.book(stay(2, 2)), h.book(stay(2, 2))
	h.do(void, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.do(id, reservation.MakeExpected{})
	h.clock.Set(day(2).At(12*60, h.property().Location()))
	equal(t, "paused", h.sweep(), 0)
	h.do(id, reservation.GuaranteeBy{Note: "a new card"})
	equal(t, "goes on", h.sweep(), 1)
	task.Disabled = true
	h.doProperty(reservation.PutPaymentTask{Task: task})
	h.book(stay(2, 2))
	equal(t, "disabled", h.sweep(), 0)
}

func TestPreview(t *testing.T) {
	parts := reservation.GuaranteePolicy{
		Name: "parts", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineCancel, BeforeArrivalDays: ptr(1),
		Deposit: reservation.Deposit{Percent: percent(100), Instalments: []reservation.Instalment{
			{Percent: percent(30), DaysAfterBooking: ptr(0)}, {Percent: percent(70), DaysAfterBooking: ptr(3)}}},
	}
	h := open(t, withGuarantee(parts), withTask(reservation.PaymentTask{ID: "t", From: reservation.PaymentBeforeArrival, Hours: 48, Amount: reservation.AmountDepositDue}),
		withTask(reservation.PaymentTask{ID: "now", From: reservation.PaymentAfterBooking, Amount: reservation.AmountFirstNight}))
	id := h.book(stay(6, 1), under("parts", ""))
	other := h.book(stay(2, 1))
	plans, err := h.Preview(h.ctx, h.desk, reservation.Search{Property: reservationtest.HotelID}, day(5).At(15*60, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	want := []reservation.Plan{
		{Reservation: other, Number: h.get(other).Number, Command: "run_payment_task", Occurrence: "payment/t/2026-06-03", At: at("2026-06-01T09:00:00Z"), Amount: euro(0)},
		{Reservation: other, Number: h.get(other).Number, Command: "run_payment_task", Occurrence: "payment/now", At: at("2026-06-01T06:00:00Z"), Amount: euro(100)},
		{Reservation: id, Number: h.get(id).Number, Command: "run_payment_task", Occurrence: "payment/now", At: at("2026-06-01T06:00:00Z"), Amount: euro(100)},
		{Reservation: id, Number: h.get(id).Number, Command: "run_payment_task", Occurrence: "payment/t/2026-06-07", At: at("2026-06-05T09:00:00Z"), Amount: euro(100)},
		{Reservation: id, Number: h.get(id).Number, Command: "cancel", Occurrence: "deadline/2026-06-06T11:00:00Z", At: at("2026-06-06T11:00:00Z")},
	}
	want[0], want[1], want[2] = want[1], want[2], want[0]
	if d := diff(want, plans); d != "" {
		t.Error(d)
	}
	plans, err = h.Preview(h.ctx, h.desk, reservation.Search{Property: reservationtest.HotelID}, at("2026-06-01T05:00:00Z"))
	if err != nil || plans == nil || len(plans) != 0 {
		t.Errorf("nothing is due yet: %v, %v", plans, err)
	}
	_, err = h.Preview(h.ctx, h.desk, reservation.Search{}, h.clock.Now())
	equal(t, "without a property", innards.RefusedFor(err, reservation.PropertyRequired.Code), true)
	_, err = h.Preview(h.ctx, h.desk, reservation.Search{Property: "x"}, h.clock.Now())
	wantError(t, err, innards.ErrNotFound)
}

func TestPreviewOfWhatIsDueAlready(t *testing.T) {
	late := reservation.GuaranteePolicy{
		Name: "late", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineNothing,
		Deposit: reservation.Deposit{Percent: percent(100), Instalments: []reservation.Instalment{{Percent: percent(100), DaysAfterBooking: ptr(1)}}},
	}
	h := open(t, withGuarantee(late), withTask(reservation.PaymentTask{ID: "t", From: reservation.PaymentAfterBooking, Hours: 1, Amount: reservation.AmountDepositDue}))
	h.book(stay(9, 1), under("late", ""))
	for hours, want := range map[time.Duration]innards.Money{0: euro(0), 24: euro(100)} {
		h.clock.Set(reservationtest.Morning().Add(hours * time.Hour))
		plans, err := h.Preview(h.ctx, h.desk, reservation.Search{Property: reservationtest.HotelID}, h.clock.Now().Add(time.Hour))
		if err != nil || len(plans) != 1 || plans[0].Amount != want {
			t.Errorf("after %d hours: %+v, %v", hours, plans, err)
		}
	}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err) // a mistake in the test
	}
	return t
}

func TestNothingIsDueWhenItIsOver(t *testing.T) {
	h := open(t, append(forMatrix(sweepingNoShows), withTask(reservation.PaymentTask{ID: "late", From: reservation.PaymentAfterDeparture, Amount: reservation.AmountBalance}))...)
	id := h.book(stay(0, 1), inRoom("101"), under("at_once", ""))
	h.do(id, reservation.CheckIn{})
	h.closeDay(1)
	h.do(id, reservation.CheckOut{})
	h.clock.Set(day(1).At(12*60, h.property().Location()))
	equal(t, "only the last payment", h.sweep(), 1)
	h.clock.Advance(1000 * time.Hour)
	equal(t, "nothing", h.sweep(), 0)
}

// DueBy is the latest due time that loses nothing. What is due already may be tried again within an hour, but a message
// may have begun to match only since; and rules that come after a stay do not wake it.
func TestDueBy(t *testing.T) {
	h := open(t, withRule(reservation.MessageRule{ID: "soon", Trigger: reservation.OnDaysBefore, Days: 1, At: 10 * 60, Template: "x"}))
	release := h.clock.Now().Add(time.Hour)
	p, now := h.property(), h.clock.Now()
	arrival := func(days int) *reservation.Reservation {
		return &reservation.Reservation{Occupancy: reservation.Expected, Commitment: reservation.Definite, Arrival: day(days), Departure: day(days)}
	}
	option := arrival(-60)
	option.Commitment, option.ReleaseAt = reservation.Optional, &release
	old := *option
	old.Departure = day(-61)
	soon := day(4).At(10*60, p.Location())
	for name, c := range map[string]struct {
		r    *reservation.Reservation
		now  time.Time
		want *time.Time
	}{
		"a message":        {arrival(5), now, &soon},
		"a message by now": {arrival(5), soon, nil},
		"a message later":  {arrival(5), soon.Add(time.Hour), nil},
		"a release":        {option, now, &release},
		"a release by now": {option, release, ptr(release.Add(time.Hour))},
		"a late release":   {option, release.Add(time.Minute), ptr(release.Add(time.Hour + time.Minute))},
		"a stay long over": {&old, now, nil},
		"nothing":          {&reservation.Reservation{Occupancy: reservation.Cancelled, Arrival: day(5), Departure: day(6)}, now, nil},
	} {
		if d := diff(c.want, c.r.DueBy(c.now, p)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
