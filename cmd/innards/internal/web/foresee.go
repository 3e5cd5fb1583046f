package web

import (
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// verb is what the button that carries the command out says.
func (v *view) verb(a *act) string {
	if a.kind == reservation.PropertyKind && !a.careful() {
		return v.say.Say("form.save")
	}
	if key := a.text("verb"); v.say.Has(key) {
		return v.say.Say(key)
	}
	return v.say.Say(a.text("command"))
}

func (a *act) overrides(c innards.Code) bool { return slices.Contains(a.overridden, c) }

// stopped reports whether something stands against the command that no other input would help.
func (a *act) stopped() bool { return len(a.form.errors) > 0 && len(a.form.fields) == 0 }

// effects says what the previewed command would do: what moves, what it costs, which rooms, what to look at.
func (v *view) effects(a *act) []string {
	if v.stay != nil {
		return v.stayEffects(a)
	}
	p := a.preview
	said := []string{v.say.Say(a.text("preview"))}
	for _, m := range p.Moves {
		if m.From != m.To && m.From != "" {
			said = append(said, v.say.Say("preview.move", "axis", v.say.Say("axis."+m.Axis), "from", v.say.Say(m.Axis+"."+m.From), "to", v.say.Say(m.Axis+"."+m.To)))
		}
	}
	said = append(said, v.amended(a)...)
	if fee := v.fee(p.Fee, a); fee != "" {
		said = append(said, fee)
	}
	if len(p.Rooms) > 0 {
		said = append(said, v.say.Say("preview.rooms", "rooms", strings.Join(p.Rooms, ", ")))
	}
	for _, w := range p.Warnings {
		said = append(said, v.warning(w))
	}
	return said
}

// amended says which fields an amendment changes, from what to what.
func (v *view) amended(a *act) (said []string) {
	if !a.amends() {
		return nil
	}
	for _, fd := range a.form.fields {
		if was := fd; fd.touched() {
			was.value = fd.was
			said = append(said, v.say.Say("preview.move", "axis", v.say.Say(fd.text()), "from", was.shown(v), "to", fd.shown(v)))
		}
	}
	return said
}

// fee says what the command charges, waives or gives back; empty: nothing.
func (v *view) fee(f *reservation.Fee, a *act) string {
	if f == nil {
		if slices.Contains([]string{"cancel", "mark_no_show"}, a.name) {
			return v.say.Say("preview.fee.none")
		}
		return ""
	}
	policy := "—"
	if p := a.of.CancellationPolicy; p != nil {
		policy = p.Name
	}
	key := "preview.fee.charged"
	switch {
	case f.Reversed:
		key = "preview.fee.reversed"
	case f.Waived:
		key = "preview.fee.waived"
	case f.Amount.Sign() == 0:
		return v.say.Say("preview.fee.none")
	}
	said := v.say.Say(key, "amount", f.Amount, "policy", policy)
	if f.Applied.Sign() > 0 {
		said += " " + v.say.Say("preview.fee.applied", "amount", f.Applied)
	}
	if f.Refunded.Sign() > 0 {
		said += " " + v.say.Say("preview.fee.refunded", "amount", f.Refunded)
	}
	return said
}

// warning says what a command did that somebody should look at. Its details, such as a room or a day, are kept as they are.
func (v *view) warning(w reservation.Warning) string {
	key := "warning." + string(w.Code)
	if !v.say.Has(key) {
		return w.Text
	}
	_, detail, _ := strings.Cut(w.Text, ": ")
	return v.say.Say(key, "detail", detail)
}
