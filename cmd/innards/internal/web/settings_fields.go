package web

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/innards-go/innards/cmd/innards/internal/letter"
	"github.com/innards-go/innards/reservation"
)

// settingFields returns the inputs of a command on the property, and what fills them: the policy, room or rule that has the
// name, or what a new one begins with.
func (v *view) settingFields(command, of string) ([]field, any) {
	p := v.property
	switch command {
	case "amend":
		return v.propertyFields(), reservation.AmendProperty{Title: &p.Name, Settings: &p.Settings}
	case "put_room_types":
		t, _ := p.RoomType(of)
		return []field{
			{name: "types.0.id", kind: kindText, required: true}, {name: "types.0.name", kind: kindText, required: true},
			{name: "types.0.sleeps", kind: kindNumber},
		}, reservation.PutRoomTypes{Types: []reservation.RoomType{t}}
	case "put_rooms":
		r, _ := p.Room(of)
		return []field{
			{name: "rooms.0.id", kind: kindText, required: true}, {name: "rooms.0.name", kind: kindText, required: true},
			{name: "rooms.0.type", kind: kindChoice, required: true, choices: v.types()},
			{name: "rooms.0.out_of_order", kind: kindCheck},
		}, reservation.PutRooms{Rooms: []reservation.Room{r}}
	case "put_guarantee_policy":
		policy, _ := p.Guarantee(of)
		return v.guaranteeFields(), reservation.PutGuaranteePolicy{Policy: policy}
	case "put_cancellation_policy":
		policy, _ := p.Cancellation(of)
		return v.cancellationFields(len(policy.Tiers)), reservation.PutCancellationPolicy{Policy: policy}
	case "close_day":
		return []field{{name: "date", kind: kindDate, required: true}}, reservation.CloseDay{Date: p.BusinessDate}
	}
	return v.ruleFields(command, of)
}

func (v *view) propertyFields() []field {
	return []field{
		{name: "name", kind: kindText, required: true},
		{name: "settings.profile", kind: kindChoice, required: true, choices: choicesOf(v, "profile", reservation.Profiles())},
		{name: "settings.check_in_time", kind: kindTime, required: true},
		{name: "settings.check_out_time", kind: kindTime, required: true},
		{name: "settings.first_segment_suffices", kind: kindCheck},
		{name: "settings.no_show_sweep", kind: kindCheck},
		{name: "settings.spare_guaranteed", kind: kindCheck},
	}
}

func (v *view) guaranteeFields() []field {
	fields := []field{
		{name: "policy.name", kind: kindText, required: true},
		{name: "policy.methods", kind: kindMany, choices: choicesOf(v, "method", reservation.Methods())},
		{name: "policy.deposit.fixed", kind: kindMoney, legend: v.say.Say("settings.deposit")},
		{name: "policy.deposit.percent", kind: kindShare},
		{name: "policy.deposit.nights", kind: kindNumber},
		{name: "policy.within_days", kind: kindNumber, legend: v.say.Say("settings.deadline")},
		{name: "policy.before_arrival_days", kind: kindNumber},
		{name: "policy.at_deadline", kind: kindChoice, required: true, choices: choicesOf(v, "at_deadline", reservation.DeadlineActions())},
		{name: "policy.hold_until", kind: kindTime},
	}
	for i := range 2 {
		at := fmt.Sprintf("policy.deposit.instalments.%d.", i)
		fields = append(fields,
			field{name: at + "percent", kind: kindShare, legend: v.say.Say("settings.instalment", "number", strconv.Itoa(i+1))},
			field{name: at + "days_after_booking", kind: kindNumber}, field{name: at + "days_before_arrival", kind: kindNumber})
	}
	return fields
}

// cancellationFields offers the tiers that are there and one more, three at least.
func (v *view) cancellationFields(tiers int) []field {
	fields := []field{
		{name: "policy.name", kind: kindText, required: true},
		{name: "policy.non_refundable", kind: kindCheck},
		{name: "policy.grace_minutes", kind: kindNumber},
		{name: "policy.cap", kind: kindMoney}, {name: "policy.cap_at_revenue", kind: kindCheck},
	}
	for i := range max(tiers+1, 3) {
		at := fmt.Sprintf("policy.tiers.%d.", i)
		fields = append(fields,
			field{name: at + "from", kind: kindChoice, choices: choicesOf(v, "anchor", reservation.Anchors()), legend: v.say.Say("settings.tier", "number", strconv.Itoa(i+1))},
			field{name: at + "days", kind: kindNumber}, field{name: at + "hours", kind: kindNumber}, field{name: at + "drop_time", kind: kindTime})
		fields = append(fields, v.feeFields(at+"fee.")...)
	}
	noShow := v.feeFields("policy.no_show.")
	noShow[0].legend = v.say.Say("money.fee.no_show")
	return append(fields, noShow...)
}

func (v *view) feeFields(at string) []field {
	return []field{
		{name: at + "kind", kind: kindChoice, choices: choicesOf(v, "fee_kind", reservation.FeeKinds())},
		{name: at + "flat", kind: kindMoney}, {name: at + "percent", kind: kindShare}, {name: at + "nights", kind: kindNumber},
	}
}

func (v *view) ruleFields(command, of string) ([]field, any) {
	if command == "put_payment_task" {
		var task reservation.PaymentTask
		for _, t := range v.property.PaymentTasks {
			if t.ID == of {
				task = t
			}
		}
		return append([]field{
			{name: "task.id", kind: kindText, required: true},
			{name: "task.from", kind: kindChoice, required: true, choices: choicesOf(v, "payment_from", reservation.PaymentAnchors())},
			{name: "task.hours", kind: kindNumber},
			{name: "task.amount", kind: kindChoice, required: true, choices: choicesOf(v, "payment_amount", reservation.PaymentAmounts())},
			{name: "task.guarantees", kind: kindCheck}, {name: "task.disabled", kind: kindCheck},
		}, v.filterFields("task.filter.")...), reservation.PutPaymentTask{Task: task}
	}
	var rule reservation.MessageRule
	for _, m := range v.property.MessageRules {
		if m.ID == of {
			rule = m
		}
	}
	return append([]field{
		{name: "rule.id", kind: kindText, required: true},
		{name: "rule.trigger", kind: kindChoice, required: true, choices: choicesOf(v, "trigger", reservation.MessageTriggers())},
		{name: "rule.days", kind: kindNumber}, {name: "rule.at", kind: kindTime},
		{name: "rule.template", kind: kindChoice, required: true, choices: templates(rule.Template)}, {name: "rule.disabled", kind: kindCheck},
	}, v.filterFields("rule.filter.")...), reservation.PutMessageRule{Rule: rule}
}

// filterFields choose reservations by the statuses of their axes.
func (v *view) filterFields(at string) []field {
	return []field{
		{name: at + "confirmation", kind: kindMany, choices: choicesOf(v, "confirmation", reservation.Confirmations()), legend: v.say.Say("settings.filter")},
		{name: at + "guarantee", kind: kindMany, choices: choicesOf(v, "guarantee_state", reservation.GuaranteeStates())},
		{name: at + "occupancy", kind: kindMany, choices: choicesOf(v, "occupancy", reservation.Occupancies())},
	}
}

// templates lists the texts that there are, and the one that a rule has, whoever has written it.
func templates(has string) []choice {
	var list []choice
	for _, name := range letter.Templates() {
		list = append(list, choice{name, name})
	}
	if has != "" && !slices.Contains(letter.Templates(), has) {
		list = append(list, choice{has, has})
	}
	return list
}
