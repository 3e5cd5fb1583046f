package web

import (
	"slices"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// Whatever the pages can say, there is a text for it: every command, reason, status and role. That the other languages have
// what English has is tested where the texts are.
func TestEverythingCanBeSaid(t *testing.T) {
	texts, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	say := texts.In("en")
	need := func(group string, names ...string) {
		t.Helper()
		for _, name := range names {
			if !say.Has(group + "." + name) {
				t.Errorf("there is no text %s.%s", group, name)
			}
		}
	}
	for _, c := range reservation.Commands() {
		need("history", c.Name)
		need("command", c.Name)
		if !automatic(c.Name) {
			need("preview", c.Name)
			need("done", c.Name)
		}
	}
	for _, c := range reservation.PropertyCommands() {
		for _, group := range []string{"history", "command", "preview", "done"} {
			need(group+".property", c.Name)
		}
	}
	for _, r := range slices.Concat(innards.Reasons(), reservation.Reasons(), account.Reasons()) {
		need("reason", string(r.Code))
		if r.Lift != "" {
			need("reason", string(r.Code)+".lift")
		}
	}
	need("confirmation", names(reservation.Confirmations())...)
	need("guarantee", names(reservation.Guarantees())...)
	need("guarantee_state", names(reservation.GuaranteeStates())...)
	need("occupancy", names(reservation.Occupancies())...)
	need("commitment", names(reservation.Commitments())...)
	need("stay_state", names(reservation.StayStates())...)
	need("source", names(reservation.Sources())...)
	need("method", names(reservation.Methods())...)
	need("payment", names(reservation.PaymentKinds())...)
	need("list", names(reservation.DayLists())...)
	need("trigger", names(reservation.MessageTriggers())...)
	need("payment_from", names(reservation.PaymentAnchors())...)
	need("payment_amount", names(reservation.PaymentAmounts())...)
	need("at_deadline", names(reservation.DeadlineActions())...)
	need("anchor", names(reservation.Anchors())...)
	need("fee_kind", names(reservation.FeeKinds())...)
	need("profile", names(reservation.Profiles())...)
	need("reason_code", names(reasonCodes())...)
	need("role", names(access.Roles())...)
	need("act", names(account.Acts())...)
	need("job", names(jobStates())...)
	need("mail", names(mailStates())...)
}

func names[S ~string](words []S) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return list
}

// Every field of every form has a label.
func TestEveryFieldHasALabel(t *testing.T) {
	texts, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	v := &view{site: &site{}, say: texts.In("en"), property: &reservation.Property{Currency: "EUR"}}
	var fields []field
	for _, c := range reservation.Commands() {
		fields = append(fields, v.fields(c.Name, &reservation.Reservation{})...)
	}
	for _, c := range reservation.PropertyCommands() {
		more, _ := v.settingFields(c.Name, "")
		fields = append(fields, more...)
	}
	if len(fields) < 100 {
		t.Errorf("only %d fields", len(fields))
	}
	for _, fd := range fields {
		if !v.say.Has(fd.text()) {
			t.Errorf("%s has no label %s", fd.name, fd.text())
		}
	}
}
