package web

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/reservation"
)

// guestVoice begins the keys of the texts that guests read where the staff has others.
const guestVoice = "portal."

// voice begins the keys of texts of which there are two.
func (v *view) voice() string {
	if v.stay != nil {
		return guestVoice
	}
	return ""
}

// headline says in plain words where the guest stands.
func (v *view) headline(st *guestStay) string {
	key := guestVoice + "is." + string(st.Occupancy)
	switch {
	case st.Occupancy == reservation.Expected && st.Commitment != reservation.Definite:
		key = guestVoice + "is." + string(st.Commitment)
	case st.Occupancy == reservation.CheckedIn && st.InRoom != "":
		key += ".room"
	}
	until := ""
	if st.ReleaseAt != nil {
		until = v.say.Moment(*st.ReleaseAt, v.property.Location())
	}
	return v.say.Say(key, "name", st.Guest.Name, "arrival", v.say.DateInText(st.Arrival), "room", st.InRoom,
		"number", st.CancellationNumber, "until", until)
}

// guarantee says in plain words whether the stay is guaranteed; empty: nobody asks for it.
func (v *view) guarantee(st *guestStay) string {
	if st.Occupancy != reservation.Expected || st.Guarantee == reservation.NotGuaranteed && st.GuaranteePolicy == nil {
		return ""
	}
	key := guestVoice + "guarantee." + string(st.state.GuaranteeState)
	if st.GuaranteeDeadline == nil {
		return v.say.Say(key)
	}
	if st.state.GuaranteeState == reservation.StateAwaiting {
		key += ".by"
	}
	return v.say.Say(key, "deadline", v.say.Moment(*st.GuaranteeDeadline, v.property.Location()))
}

// methods says how the stay can be guaranteed, each way by its name.
func (v *view) methods(st *guestStay) string {
	var names []string
	for _, m := range st.GuaranteePolicy.Methods {
		names = append(names, strings.ToLower(v.say.Say("method."+string(m))))
	}
	return strings.Join(names, ", ")
}

// stayEffects says to the guest what the previewed command would do.
func (v *view) stayEffects(a *act) []string {
	p := a.preview
	said := []string{v.say.Say(a.text("preview"), "arrival", v.say.DateInText(a.of.Arrival), "departure", v.say.DateInText(a.of.Departure))}
	if a.name == (reservation.Cancel{}).Name() {
		said = append(said, v.stayFee(p.Fee)...)
	}
	if a.name == (reservation.StoreCard{}).Name() {
		said = append(said, v.say.Say(guestVoice+"preview.store_card."+string(p.Guarantee)))
	}
	for _, w := range p.Warnings {
		if key := guestVoice + "warning." + string(w.Code); v.say.Has(key) {
			said = append(said, v.say.Say(key))
		}
	}
	return said
}

// stayFee says what a cancellation costs the guest.
func (v *view) stayFee(f *reservation.Fee) []string {
	if f == nil || f.Amount.Sign() == 0 {
		return []string{v.say.Say(guestVoice + "preview.fee.none")}
	}
	said := []string{v.say.Say(guestVoice+"preview.fee.charged", "amount", f.Amount)}
	if f.Applied.Sign() > 0 {
		said = append(said, v.say.Say(guestVoice+"preview.fee.applied", "amount", f.Applied))
	}
	if f.Refunded.Sign() > 0 {
		said = append(said, v.say.Say(guestVoice+"preview.fee.refunded", "amount", f.Refunded))
	}
	return said
}

// guestReason says to a guest why not, and false on other pages or if there is no text for guests.
func (v *view) guestReason(b innards.Blocker) (string, bool) {
	key := guestVoice + "reason." + string(b.Code)
	if v.stay == nil || !v.say.Has(key) {
		return "", false
	}
	detail := ""
	if known, ok := v.reasons[b.Code]; ok {
		detail = strings.Trim(strings.TrimPrefix(b.Text, known), ": ")
	}
	return v.say.Say(key, "detail", detail), true
}

// guestLift says to a guest what would help.
func (v *view) guestLift(b innards.Blocker) string {
	if key := guestVoice + "reason." + string(b.Code) + ".lift"; v.say.Has(key) {
		return v.say.Say(key)
	}
	return v.say.Say(guestVoice + "ask")
}

// feeUntil says what a cancellation costs, and until when.
func (v *view) feeUntil(fees []reservation.Quote, i int) string {
	key := guestVoice + "fee"
	if fees[i].Fee.Sign() == 0 {
		key += ".free"
	}
	switch {
	case len(fees) == 1:
		return v.say.Say(key+".all", "amount", fees[i].Fee)
	case i+1 == len(fees):
		return v.say.Say(key, "amount", fees[i].Fee)
	}
	return v.say.Say(key+".until", "amount", fees[i].Fee, "at", v.say.Instant(fees[i+1].At, v.property.Location()))
}

// testCards are the names of the invented cards.
func testCards() []string { return []string{portal.TestAccepted, portal.TestDeclined} }

// actPath returns the address of a command of the guest.
func (v *view) actPath(command string) templ.SafeURL {
	if command == (reservation.StoreCard{}).Name() {
		return v.stayPath("card")
	}
	return v.stayPath(hyphens(command))
}
