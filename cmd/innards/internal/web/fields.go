package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// fields returns the inputs of a command, filled with what is there.
func (v *view) fields(command string, r *reservation.Reservation) []field {
	switch command {
	case "create":
		return v.createFields()
	case "amend":
		return v.amendFields(r)
	case "update_guest":
		return v.contactFields(&r.Guest)
	case "check_in":
		return []field{{name: "room", kind: kindChoice, choices: v.rooms(r.Type), value: r.RoomOn(v.property.BusinessDate)}}
	case "assign_room":
		return []field{
			{name: "room", kind: kindChoice, required: true, choices: v.rooms(r.Type), value: r.RoomOn(v.property.BusinessDate)},
			{name: "from", kind: kindDate}, {name: "to", kind: kindDate},
		}
	case "move_room":
		return []field{{name: "room", kind: kindChoice, required: true, choices: v.rooms(r.Type)}, {name: "from", kind: kindDate}}
	case "cancel":
		return []field{
			{name: "reason_code", kind: kindChoice, required: true, choices: choicesOf(v, "reason_code", reasonCodes()), value: string(reservation.ReasonGuest)},
			{name: "note", kind: kindArea}, {name: "waive", kind: kindCheck},
		}
	case "mark_no_show":
		return []field{{name: "note", kind: kindArea}, {name: "waive", kind: kindCheck}}
	case "hold_option":
		return []field{{name: "release_at", kind: kindMoment, required: true}}
	case "mark_confirmed":
		return []field{{name: "note", kind: kindArea, required: true}}
	}
	return v.moneyFields(command)
}

// moneyFields returns the inputs of the commands about guarantee and payments.
func (v *view) moneyFields(command string) []field {
	switch command {
	case "guarantee":
		return []field{
			{name: "method", kind: kindChoice, required: true, choices: choicesOf(v, "method", reservation.Methods())},
			{name: "reference", kind: kindText}, {name: "note", kind: kindArea, required: true},
		}
	case "revoke_guarantee":
		causes := []reservation.RevokeCause{reservation.RevokeManual, reservation.RevokeRefund, reservation.RevokeChargeback, reservation.RevokeInvalidCard}
		return []field{
			{name: "cause", kind: kindChoice, required: true, choices: choicesOf(v, "cause", causes)},
			{name: "reference", kind: kindText}, {name: "note", kind: kindArea},
		}
	case "store_card":
		return []field{
			{name: "card.token", kind: kindText, required: true}, {name: "card.brand", kind: kindText},
			{name: "card.last4", kind: kindText}, {name: "card.expires", kind: kindText},
		}
	case "record_payment":
		return []field{
			{name: "kind", kind: kindChoice, required: true, choices: choicesOf(v, "payment", reservation.PaymentKinds())},
			{name: "amount", kind: kindMoney}, {name: "reference", kind: kindText},
		}
	case "run_payment_task":
		var tasks []choice
		for _, t := range v.property.PaymentTasks {
			tasks = append(tasks, choice{t.ID, t.ID})
		}
		return []field{{name: "task", kind: kindChoice, required: true, choices: tasks}}
	}
	return nil
}

// reasonCodes are those that people choose; the others are of the automation.
func reasonCodes() []reservation.ReasonCode {
	return []reservation.ReasonCode{reservation.ReasonGuest, reservation.ReasonDuplicate, reservation.ReasonChannel,
		reservation.ReasonHouse, reservation.ReasonOther}
}

// rooms lists the rooms: those of the type first, those out of order last, since some may override that.
func (v *view) rooms(roomType string) []choice {
	var first, rest, out []choice
	for _, r := range v.property.Rooms {
		c := choice{r.ID, fmt.Sprintf("%s · %s", r.Name, v.typeName(r.Type))}
		switch {
		case r.OutOfOrder:
			c.label += " · " + v.say.Say("settings.out_of_order")
			out = append(out, c)
		case r.Type == roomType:
			first = append(first, c)
		default:
			rest = append(rest, c)
		}
	}
	return slices.Concat(first, rest, out)
}

func (v *view) types() []choice {
	var list []choice
	for _, t := range v.property.Types {
		list = append(list, choice{t.ID, t.Name})
	}
	return list
}

func (v *view) policies() (guarantee, cancellation []choice) {
	for _, p := range v.property.GuaranteePolicies {
		guarantee = append(guarantee, choice{p.Name, p.Name})
	}
	for _, p := range v.property.CancellationPolicies {
		cancellation = append(cancellation, choice{p.Name, p.Name})
	}
	return guarantee, cancellation
}

func (v *view) createFields() []field {
	guarantee, cancellation := v.policies()
	day := v.property.BusinessDate
	return []field{
		{name: "guest.name", kind: kindText, required: true},
		{name: "arrival", kind: kindDate, required: true, value: day.String()},
		{name: "departure", kind: kindDate, required: true, value: day.AddDays(1).String()},
		{name: "type", kind: kindChoice, required: true, choices: v.types()},
		{name: "room", kind: kindChoice, choices: v.rooms("")},
		{name: "adults", kind: kindNumber, required: true, value: "2"},
		{name: "children", kind: kindNumber, value: "0"},
		{name: "prices", kind: kindPrices},
		{name: "guest.email", kind: kindEmail},
		{name: "guest.phone", kind: kindText},
		{name: "guest.language", kind: kindChoice, choices: languages()},
		{name: "source", kind: kindChoice, required: true, choices: choicesOf(v, "source", deskSources()), value: string(reservation.SourceFrontDesk)},
		{name: "segment", kind: kindText},
		{name: "commitment", kind: kindChoice, choices: choicesOf(v, "commitment", reservation.Commitments()), value: string(reservation.Definite)},
		{name: "release_at", kind: kindMoment},
		{name: "guarantee_policy", kind: kindChoice, choices: guarantee},
		{name: "cancellation_policy", kind: kindChoice, choices: cancellation},
	}
}

// deskSources are those of reservations that people make by hand.
func deskSources() []reservation.Source {
	return []reservation.Source{reservation.SourceFrontDesk, reservation.SourcePhone, reservation.SourceEmail, reservation.SourceWalkIn, reservation.SourceAgency}
}

func (v *view) amendFields(r *reservation.Reservation) []field {
	guarantee, cancellation := v.policies()
	fields := []field{
		{name: "guest.name", kind: kindText, required: true, value: r.Guest.Name},
		{name: "arrival", kind: kindDate, required: true, value: r.Arrival.String()},
		{name: "departure", kind: kindDate, required: true, value: r.Departure.String()},
		{name: "type", kind: kindChoice, required: true, choices: v.types(), value: r.Type},
		{name: "adults", kind: kindNumber, required: true, value: fmt.Sprint(r.Adults)},
		{name: "children", kind: kindNumber, required: true, value: fmt.Sprint(r.Children)},
		{name: "prices", kind: kindPrices, value: v.say.Plain(samePrice(r))},
		{name: "guest.email", kind: kindEmail, optional: true, value: r.Guest.Email},
		{name: "guest.phone", kind: kindText, optional: true, value: r.Guest.Phone},
		{name: "guest.language", kind: kindChoice, optional: true, choices: languages(), value: r.Guest.Language},
		{name: "guest.country", kind: kindText, optional: true, value: r.Guest.Country},
		{name: "segment", kind: kindText, optional: true, value: r.Segment},
		{name: "guarantee_policy", kind: kindChoice, optional: true, choices: guarantee},
		{name: "cancellation_policy", kind: kindChoice, optional: true, choices: cancellation},
	}
	if p := r.GuaranteePolicy; p != nil {
		fields[len(fields)-2].value = p.Name
	}
	if p := r.CancellationPolicy; p != nil {
		fields[len(fields)-1].value = p.Name
	}
	for i := range fields {
		fields[i].was = fields[i].value
	}
	return fields
}

// samePrice returns the price of every night, no money if they differ.
func samePrice(r *reservation.Reservation) (price innards.Money) {
	for i, n := range r.Nights {
		if i > 0 && n.Price != price {
			return innards.Money{}
		}
		price = n.Price
	}
	return price
}

// changes leaves in the input of an amendment only what was touched: the rest is not sent, so that it does not take back what
// somebody else has changed. A guest is sent as a whole.
func (f *form) changes(in map[string]any) {
	guest := false
	for i := range f.fields {
		fd := &f.fields[i]
		ofGuest := strings.HasPrefix(fd.name, "guest.")
		guest = guest || ofGuest && fd.touched()
		if !ofGuest && !fd.touched() {
			delete(in, fd.name)
		}
	}
	if !guest {
		delete(in, "guest")
	}
}
