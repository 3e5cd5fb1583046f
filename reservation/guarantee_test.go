package reservation

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDeadline(t *testing.T) {
	hold := clock(t, "18:00")
	for _, tc := range []struct {
		why, zone, created, arrival string
		policy                      GuaranteePolicy
		want                        string // "": none
	}{
		{"no limit", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{AtDeadline: DeadlineCancel}, ""},
		{"days after the creation", "Europe/Sofia", "2024-05-01T10:00:01Z", "2024-05-10", GuaranteePolicy{WithinDays: ptr(3)}, "2024-05-04T10:00:01Z"},
		{"days before the arrival", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{BeforeArrivalDays: ptr(3)}, "2024-05-07T11:00:00Z"},
		{"both, the creation earlier", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{WithinDays: ptr(3), BeforeArrivalDays: ptr(3)}, "2024-05-04T10:00:00Z"},
		{"both, the arrival earlier", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{WithinDays: ptr(7), BeforeArrivalDays: ptr(3)}, "2024-05-07T11:00:00Z"},
		{"never before the creation", "Europe/Sofia", "2024-05-09T10:00:00Z", "2024-05-10", GuaranteePolicy{WithinDays: ptr(7), BeforeArrivalDays: ptr(3)}, "2024-05-09T10:00:00Z"},
		{"at the creation", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{WithinDays: ptr(0)}, "2024-05-01T10:00:00Z"},
		{"at the creation, in the second of an overlap", "Europe/Sofia", "2024-10-27T01:30:00Z", "2024-11-10", GuaranteePolicy{WithinDays: ptr(0)}, "2024-10-27T01:30:00Z"},
		{"on the day of arrival", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{BeforeArrivalDays: ptr(0)}, "2024-05-10T11:00:00Z"},
		{"over the change to summer", "Europe/Sofia", "2024-03-30T10:00:00Z", "2024-05-10", GuaranteePolicy{WithinDays: ptr(2)}, "2024-04-01T09:00:00Z"},
		{"into the gap", "Europe/Sofia", "2024-03-29T01:30:00Z", "2024-05-10", GuaranteePolicy{WithinDays: ptr(2)}, "2024-03-31T01:00:00Z"},
		{"over the change to winter, before the arrival", "Europe/Sofia", "2024-10-01T10:00:00Z", "2024-10-28", GuaranteePolicy{BeforeArrivalDays: ptr(2)}, "2024-10-26T11:00:00Z"},
		{"a leap day", "UTC", "2024-02-27T10:00:00Z", "2024-03-10", GuaranteePolicy{WithinDays: ptr(2)}, "2024-02-29T10:00:00Z"},
		{"far east", "Pacific/Kiritimati", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{BeforeArrivalDays: ptr(1)}, "2024-05-09T00:00:00Z"},
		{"far west", "Pacific/Pago_Pago", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{BeforeArrivalDays: ptr(1)}, "2024-05-10T01:00:00Z"},
		{"held until an hour", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{AtDeadline: DeadlineHoldUntil, HoldUntil: hold}, "2024-05-10T15:00:00Z"},
		{"held, whatever the windows", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{AtDeadline: DeadlineHoldUntil, HoldUntil: hold, WithinDays: ptr(1), BeforeArrivalDays: ptr(1)}, "2024-05-10T15:00:00Z"},
		{"held until midnight", "Europe/Sofia", "2024-05-01T10:00:00Z", "2024-05-10", GuaranteePolicy{AtDeadline: DeadlineHoldUntil, HoldUntil: clock(t, "24:00")}, "2024-05-10T21:00:00Z"},
		{"held, but booked later", "Europe/Sofia", "2024-05-10T17:00:00Z", "2024-05-10", GuaranteePolicy{AtDeadline: DeadlineHoldUntil, HoldUntil: hold}, "2024-05-10T17:00:00Z"},
	} {
		got := tc.policy.deadline(moment(t, tc.created), day(t, tc.arrival), hotel(t, tc.zone))
		switch {
		case tc.want == "" && got != nil:
			t.Errorf("%s: %v, want none", tc.why, got)
		case tc.want != "" && (got == nil || !got.Equal(moment(t, tc.want))):
			t.Errorf("%s: %v, want %s", tc.why, got, tc.want)
		}
	}
}

func TestDeadlineIsNeverBeforeTheCreation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, prop := drawStay(t)
		days := rapid.OneOf(rapid.Just[*int](nil), rapid.Custom(func(t *rapid.T) *int { return ptr(rapid.IntRange(0, 90).Draw(t, "days")) }))
		p := &GuaranteePolicy{WithinDays: days.Draw(t, "within"), BeforeArrivalDays: days.Draw(t, "before")}
		got := p.deadline(r.CreatedAt, r.Arrival, prop)
		if (got == nil) != (p.WithinDays == nil && p.BeforeArrivalDays == nil) {
			t.Fatalf("the deadline is %v", got)
		}
		if got != nil && got.Before(r.CreatedAt) {
			t.Fatalf("the deadline %v is before the creation %v", got, r.CreatedAt)
		}
		if only := (&GuaranteePolicy{WithinDays: p.WithinDays}).deadline(r.CreatedAt, r.Arrival, prop); only != nil && got.After(*only) {
			t.Fatalf("the deadline %v is after that of one limit, %v", got, only)
		}
	})
}

// Which trigger can show which method, on a reservation that has everything: a card, a payment, a processor.
func TestAutomatic(t *testing.T) {
	none := map[Method]bool{}
	card, cardOrPaid := map[Method]bool{MethodCard: true}, map[Method]bool{MethodCard: true, MethodDeposit: true}
	all := map[Method]bool{MethodCard: true, MethodDeposit: true, MethodProcessor: true}
	everywhere := map[Trigger]map[Method]bool{TriggerPortal: cardOrPaid, TriggerPaymentTask: cardOrPaid, TriggerTokenization: card}
	for _, tc := range []struct {
		source  Source
		channel *Channel
		own     map[Trigger]map[Method]bool // of the source
	}{
		{SourceBookingEngine, nil, map[Trigger]map[Method]bool{TriggerBookingEngine: cardOrPaid}},
		{SourceChannelManager, &Channel{Name: "ota", Processor: true}, map[Trigger]map[Method]bool{TriggerChannelProcessor: all}},
		{SourceChannelManager, &Channel{Name: "ota"}, map[Trigger]map[Method]bool{TriggerChannelCard: card}},
		{SourceChannelManager, nil, map[Trigger]map[Method]bool{TriggerChannelCard: card}},
		{SourcePhone, nil, nil},
		{SourceAgency, &Channel{Name: "ota", Processor: true}, nil},
	} {
		for _, trigger := range append(Triggers(), "unknown") {
			shows := none
			if m, ok := everywhere[trigger]; ok {
				shows = m
			}
			if m, ok := tc.own[trigger]; ok {
				shows = m
			}
			for _, method := range Methods() {
				r := stay(t, "2024-05-01T10:00:00Z", "2024-05-10", eur(t, "100.00"))
				r.Source, r.Channel, r.Paid, r.Card = tc.source, tc.channel, eur(t, "100.00"), &Card{Token: "tok_1"}
				r.GuaranteePolicy = &GuaranteePolicy{Methods: []Method{method}}
				name := fmt.Sprintf("%s, %+v, %s, %s", tc.source, tc.channel, trigger, method)
				got, ok := r.automatic(trigger)
				if ok != shows[method] || ok && got != method || !ok && got != "" {
					t.Errorf("%s: %q, %v", name, got, ok)
				}
				e, ok := r.autoGuarantee(trigger, r.CreatedAt, hotel(t, "UTC"))
				if ok != shows[method] || ok && (e.Method != method || e.Trigger != trigger || !e.At.Equal(r.CreatedAt)) || !ok && e != (Evidence{}) {
					t.Errorf("%s: the evidence is %+v, %v", name, e, ok)
				}
			}
		}
	}
}

// What each trigger prefers if the policy lists every method.
func TestAutomaticPrefers(t *testing.T) {
	for trigger, want := range map[Trigger]Evidence{
		TriggerBookingEngine:    {Method: MethodCard, Reference: "tok_1"},
		TriggerChannelProcessor: {Method: MethodProcessor, Reference: "BDC-1"},
		TriggerPortal:           {Method: MethodCard, Reference: "tok_1"},
		TriggerPaymentTask:      {Method: MethodDeposit},
		TriggerTokenization:     {Method: MethodCard, Reference: "tok_1"},
	} {
		r := stay(t, "2024-05-01T10:00:00Z", "2024-05-10", eur(t, "100.00"))
		r.Source, r.Channel = SourceChannelManager, &Channel{Reference: "BDC-1", Processor: true}
		if trigger == TriggerBookingEngine {
			r.Source = SourceBookingEngine
		}
		r.Authorised, r.Card = eur(t, "100.00"), &Card{Token: "tok_1"}
		r.GuaranteePolicy = &GuaranteePolicy{Methods: Methods()}
		want.Trigger, want.At = trigger, r.CreatedAt
		if got, ok := r.autoGuarantee(trigger, r.CreatedAt, hotel(t, "UTC")); !ok || got != want {
			t.Errorf("%s: %+v, %v, want %+v", trigger, got, ok, want)
		}
	}
}

// The conditions of the policy, for each of the six automatic triggers: a method that it lists, and the deposit.
func TestAutoGuaranteeNeedsThePolicyToBeMet(t *testing.T) {
	prop := hotel(t, "UTC")
	half := Deposit{Percent: percent("50")}
	for _, trigger := range Triggers()[1:] {
		with := func(change func(*Reservation)) bool {
			r := stay(t, "2024-05-01T10:00:00Z", "2024-05-10", eur(t, "100.00"))
			r.Source, r.Channel = SourceChannelManager, &Channel{Name: "ota", Processor: trigger == TriggerChannelProcessor}
			if trigger == TriggerBookingEngine {
				r.Source, r.Channel = SourceBookingEngine, nil
			}
			r.Card = &Card{Token: "tok_1"}
			r.GuaranteePolicy = &GuaranteePolicy{Methods: []Method{MethodCard}}
			change(r)
			_, ok := r.autoGuarantee(trigger, r.CreatedAt, prop)
			return ok
		}
		for _, tc := range []struct {
			why    string
			change func(*Reservation)
			want   bool
		}{
			{"a card, and no deposit is due", func(*Reservation) {}, true},
			{"a card, but a deposit is due", func(r *Reservation) { r.GuaranteePolicy.Deposit = half }, false},
			{"a card, and the deposit is paid", func(r *Reservation) { r.GuaranteePolicy.Deposit, r.Paid = half, eur(t, "50.00") }, true},
			{"a card, and the deposit is authorised", func(r *Reservation) { r.GuaranteePolicy.Deposit, r.Authorised = half, eur(t, "50.00") }, true},
			{"a cent of the deposit is missing", func(r *Reservation) { r.GuaranteePolicy.Deposit, r.Paid = half, eur(t, "49.99") }, false},
			{"a card, and the deposit is due later", func(r *Reservation) {
				r.GuaranteePolicy.Deposit = Deposit{Percent: percent("50"), Instalments: []Instalment{{Percent: percent("100"), DaysAfterBooking: ptr(1)}}}
			}, true},
			{"no policy", func(r *Reservation) { r.GuaranteePolicy = nil }, false},
			{"only by bank transfer", func(r *Reservation) { r.GuaranteePolicy.Methods = []Method{MethodBankTransfer} }, false},
			{"only by bank transfer, and it is paid", func(r *Reservation) {
				r.GuaranteePolicy.Methods, r.GuaranteePolicy.Deposit, r.Paid = []Method{MethodBankTransfer}, half, eur(t, "50.00")
			}, false},
			{"by bank transfer or card", func(r *Reservation) { r.GuaranteePolicy.Methods = []Method{MethodBankTransfer, MethodCard} }, true},
			{"an invalid card", func(r *Reservation) { r.Card.Invalid = true }, false},
			{"a card without a token", func(r *Reservation) { r.Card.Token = "" }, false},
			{"no card", func(r *Reservation) { r.Card = nil }, false},
			{"cancelled meanwhile", func(r *Reservation) { r.Occupancy = Cancelled }, true},
		} {
			if got := with(tc.change); got != tc.want {
				t.Errorf("%s, %s: %v", trigger, tc.why, got)
			}
		}
	}
}

// Money alone is evidence of a deposit; none is not, even if none is due.
func TestDepositAsEvidence(t *testing.T) {
	r := stay(t, "2024-05-01T10:00:00Z", "2024-05-10", eur(t, "100.00"))
	r.Source, r.GuaranteePolicy = SourceBookingEngine, &GuaranteePolicy{Methods: []Method{MethodDeposit}}
	if m, ok := r.automatic(TriggerBookingEngine); ok {
		t.Errorf("nothing was received, but the method is %s", m)
	}
	r.Paid = eur(t, "0.00")
	if m, ok := r.automatic(TriggerBookingEngine); ok {
		t.Errorf("nothing was paid, but the method is %s", m)
	}
	r.Paid = eur(t, "0.01")
	if _, ok := r.automatic(TriggerBookingEngine); !ok {
		t.Error("a payment is not seen")
	}
	r.Authorised = amount(t, "1", "USD")
	if m, ok := r.automatic(TriggerBookingEngine); ok {
		t.Errorf("amounts that cannot be added up are taken for %s", m)
	}
}

func TestGuaranteePolicyCheck(t *testing.T) {
	good := func() *GuaranteePolicy {
		return &GuaranteePolicy{
			Methods:           Methods(),
			Deposit:           Deposit{Fixed: eur(t, "10.00"), Percent: percent("12.3456"), Nights: 730, Instalments: instalments("33.3333", "33.3333", "33.3334")},
			WithinDays:        ptr(3650),
			BeforeArrivalDays: ptr(0),
			AtDeadline:        DeadlineHoldUntil,
			HoldUntil:         24 * 60,
		}
	}
	first := func(p *GuaranteePolicy) *Instalment { return &p.Deposit.Instalments[0] }
	for _, tc := range []struct {
		why    string
		damage func(*GuaranteePolicy)
		want   []string
	}{
		{"all is well", func(*GuaranteePolicy) {}, nil},
		{"as little as there can be", func(p *GuaranteePolicy) {
			*p = GuaranteePolicy{Methods: []Method{MethodOther}, AtDeadline: DeadlineNothing}
		}, nil},
		{"no methods", func(p *GuaranteePolicy) { p.Methods = nil }, []string{"policy.methods policy_invalid"}},
		{"an unknown method", func(p *GuaranteePolicy) { p.Methods[2] = "cash" }, []string{"policy.methods[2] policy_invalid"}},
		{"a method twice", func(p *GuaranteePolicy) { p.Methods[2] = p.Methods[0] }, []string{"policy.methods[2] policy_invalid"}},
		{"a negative fixed deposit", func(p *GuaranteePolicy) { p.Deposit.Fixed = eur(t, "-0.01") }, []string{"policy.deposit.fixed amount_invalid"}},
		{"a fixed deposit in another currency", func(p *GuaranteePolicy) { p.Deposit.Fixed = amount(t, "1", "USD") }, []string{"policy.deposit.fixed amount_invalid"}},
		{"more than all percent", func(p *GuaranteePolicy) { p.Deposit.Percent = percent("100.1") }, []string{"policy.deposit.percent policy_invalid"}},
		{"negative nights", func(p *GuaranteePolicy) { p.Deposit.Nights = -1 }, []string{"policy.deposit.nights policy_invalid"}},
		{"too many nights", func(p *GuaranteePolicy) { p.Deposit.Nights = 731 }, []string{"policy.deposit.nights policy_invalid"}},
		{"a negative window", func(p *GuaranteePolicy) { p.WithinDays = ptr(-1) }, []string{"policy.within_days policy_invalid"}},
		{"too long a window", func(p *GuaranteePolicy) { p.WithinDays = ptr(3651) }, []string{"policy.within_days policy_invalid"}},
		{"a negative window before the arrival", func(p *GuaranteePolicy) { p.BeforeArrivalDays = ptr(-1) }, []string{"policy.before_arrival_days policy_invalid"}},
		{"an unknown action", func(p *GuaranteePolicy) { p.AtDeadline, p.HoldUntil = "pray", 0 }, []string{"policy.at_deadline policy_invalid"}},
		{"no action", func(p *GuaranteePolicy) { p.AtDeadline, p.HoldUntil = "", 0 }, []string{"policy.at_deadline policy_invalid"}},
		{"held after the day", func(p *GuaranteePolicy) { p.HoldUntil = 1441 }, []string{"policy.hold_until policy_invalid"}},
		{"held before the day", func(p *GuaranteePolicy) { p.HoldUntil = -1 }, []string{"policy.hold_until policy_invalid"}},
		{"an hour without being held", func(p *GuaranteePolicy) { p.AtDeadline = DeadlineCancel }, []string{"policy.hold_until policy_invalid"}},
		{"instalments of too little", func(p *GuaranteePolicy) { first(p).Percent = percent("33.3332") }, []string{"policy.deposit.instalments policy_invalid"}},
		{"instalments of too much", func(p *GuaranteePolicy) { first(p).Percent = percent("33.3334") }, []string{"policy.deposit.instalments policy_invalid"}},
		{"an instalment that is no percentage", func(p *GuaranteePolicy) { first(p).Percent = percent("-1") }, []string{"policy.deposit.instalments[0].percent policy_invalid"}},
		{"an instalment of many digits", func(p *GuaranteePolicy) { first(p).Percent = percent("1e9999") }, []string{"policy.deposit.instalments[0].percent policy_invalid"}},
		{"an instalment without days", func(p *GuaranteePolicy) { first(p).DaysAfterBooking = nil }, []string{"policy.deposit.instalments[0] policy_invalid"}},
		{"an instalment with both days", func(p *GuaranteePolicy) { first(p).DaysBeforeArrival = ptr(1) }, []string{"policy.deposit.instalments[0] policy_invalid"}},
		{"an instalment before the booking", func(p *GuaranteePolicy) { first(p).DaysAfterBooking = ptr(-1) }, []string{"policy.deposit.instalments[0].days_after_booking policy_invalid"}},
		{"an instalment after the arrival", func(p *GuaranteePolicy) { p.Deposit.Instalments[2].DaysBeforeArrival = ptr(-1) }, []string{"policy.deposit.instalments[2].days_before_arrival policy_invalid"}},
		{"50 instalments", func(p *GuaranteePolicy) {
			p.Deposit.Instalments = repeat(Instalment{Percent: percent("2"), DaysAfterBooking: ptr(1)}, 50)
		}, nil},
		{"51 instalments", func(p *GuaranteePolicy) {
			p.Deposit.Instalments = append(repeat(Instalment{Percent: percent("2"), DaysAfterBooking: ptr(1)}, 50), Instalment{DaysAfterBooking: ptr(1)})
		}, []string{"policy.deposit.instalments policy_invalid"}},
		{"several at once", func(p *GuaranteePolicy) { p.Methods, p.Deposit.Nights = nil, -1 }, []string{"policy.methods policy_invalid", "policy.deposit.nights policy_invalid"}},
	} {
		p := good()
		tc.damage(p)
		if d := cmp.Diff(tc.want, blocked(p.check("policy", "EUR"))); d != "" {
			t.Errorf("%s: %s", tc.why, d)
		}
	}
}

func TestEveryDeadlineActionIsAccepted(t *testing.T) {
	for _, action := range []DeadlineAction{DeadlineNothing, DeadlineNotify, DeadlineUnguarantee, DeadlineCancel, DeadlineHoldUntil} {
		p := &GuaranteePolicy{Methods: []Method{MethodCard}, AtDeadline: action}
		if blockers := p.check("policy", "EUR"); len(blockers) > 0 {
			t.Errorf("%s: %v", action, blockers)
		}
	}
}

func TestMethodsAndTriggersAreNamedOnce(t *testing.T) {
	if m := Methods(); len(m) != 7 || len(slices.Compact(slices.Sorted(slices.Values(m)))) != 7 {
		t.Errorf("the methods are %v", m)
	}
	if tr := Triggers(); len(tr) != 7 || tr[0] != TriggerManual || len(slices.Compact(slices.Sorted(slices.Values(tr)))) != 7 {
		t.Errorf("the triggers are %v", tr)
	}
}
