package web

import (
	"net/url"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// of returns the query that names what is changed; empty for something new.
func (v *view) of(name string) string {
	if name == "" {
		return ""
	}
	return "?of=" + url.QueryEscape(name)
}

func (v *view) amountOrNothing(m innards.Money) string {
	if m.IsZero() {
		return ""
	}
	return v.say.Money(m)
}

// trigger says when a message is sent.
func (v *view) trigger(m reservation.MessageRule) string {
	if m.Trigger == reservation.OnDaysBefore {
		return v.say.Say("settings.days_before", "n", m.Days)
	}
	return v.say.Say("trigger." + string(m.Trigger))
}

// guaranteeSentence says what a guarantee policy asks for.
func (v *view) guaranteeSentence(p reservation.GuaranteePolicy) string {
	var methods, parts []string
	for _, m := range p.Methods {
		methods = append(methods, v.say.Say("method."+string(m)))
	}
	if d := p.Deposit; d.Fixed.Sign() > 0 {
		parts = append(parts, v.say.Money(d.Fixed))
	}
	if d := p.Deposit.Percent; !d.IsZero() {
		parts = append(parts, v.say.Say("settings.percent", "percent", strings.Replace(d.String(), ".", v.say.Say("number.decimal"), 1)))
	}
	if n := p.Deposit.Nights; n > 0 {
		parts = append(parts, v.say.Say("nights", "n", n))
	}
	said := strings.Join(methods, ", ")
	if len(parts) > 0 {
		said += " · " + v.say.Say("settings.deposit") + ": " + strings.Join(parts, " + ")
	}
	if n := p.WithinDays; n != nil {
		said += " · " + v.say.Say("settings.within", "n", *n)
	}
	if n := p.BeforeArrivalDays; n != nil {
		said += " · " + v.say.Say("settings.before_arrival", "n", *n)
	}
	return said + " · " + v.say.Say("at_deadline."+string(p.AtDeadline))
}

// cancellationSentences say what a cancellation policy charges, one sentence for each step.
func (v *view) cancellationSentences(p reservation.CancellationPolicy) []string {
	var said []string
	if p.GraceMinutes > 0 {
		said = append(said, v.say.Say("settings.grace", "n", p.GraceMinutes))
	}
	if p.NonRefundable {
		said = append(said, v.say.Say("fee.rule.non_refundable"))
	}
	for _, t := range p.Tiers {
		when := v.say.Say("anchor." + string(t.From))
		if t.Days > 0 {
			when += ", " + v.say.Say("settings.days", "n", t.Days)
		}
		if t.Hours > 0 {
			when += ", " + v.say.Say("settings.hours", "n", t.Hours)
		}
		if t.From == reservation.AnchorArrivalDate {
			when += ", " + t.DropTime.String()
		}
		said = append(said, when+": "+v.feeRule(t.Fee))
	}
	if p.NoShow != nil {
		said = append(said, v.say.Say("money.fee.no_show")+": "+v.feeRule(*p.NoShow))
	}
	return said
}

func (v *view) feeRule(f reservation.FeeRule) string {
	switch f.Kind {
	case reservation.FeeFlat:
		return v.say.Money(f.Flat)
	case reservation.FeePercent:
		return v.say.Say("settings.percent", "percent", strings.Replace(f.Percent.String(), ".", v.say.Say("number.decimal"), 1))
	case reservation.FeeNights:
		return v.say.Say("nights", "n", f.Nights)
	}
	return v.say.Say("fee_kind." + string(f.Kind))
}
