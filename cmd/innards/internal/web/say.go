package web

import (
	"cmp"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/text/language/display"

	"github.com/innards-go/innards"

	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// typeName returns the name of a room type, or its id if it is gone.
func (v *view) typeName(id string) string {
	if t, ok := v.property.RoomType(id); ok && t.Name != "" {
		return t.Name
	}
	return id
}

// guests returns the number of people, such as "2 + 1".
func (v *view) guests(adults, children int) string {
	if children == 0 {
		return v.say.Number(adults)
	}
	return fmt.Sprintf("%d + %d", adults, children)
}

// stayHint says what is wrong with a stay by the calendar; empty if nothing is.
func (v *view) stayHint(s reservation.StayState) string {
	if s == reservation.StayOverdueArrival || s == reservation.StayOverstay {
		return v.say.Say("stay_state." + string(s))
	}
	return ""
}

// nextCommand is what the front desk most likely does next with a stay; empty: nothing.
func nextCommand(o reservation.Occupancy) string {
	switch o {
	case reservation.Expected:
		return "check_in"
	case reservation.CheckedIn:
		return "check_out"
	}
	return ""
}

// languages lists what guests are written to in, each by its own name.
func languages() []choice {
	var list []choice
	for _, tag := range words.Languages() {
		list = append(list, choice{tag.String(), display.Self.Name(tag)})
	}
	return list
}

// contact returns how the guest can be reached.
func (v *view) contact(p *reservation.Person) string {
	var parts []string
	for _, part := range []string{p.Email, p.Phone, p.Country} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "—"
	}
	return strings.Join(parts, " · ")
}

// weight returns the class of a button: the first is what is most likely wanted, grave ones are plain.
func (v *view) weight(i int, command string) string {
	switch {
	case i == 0 && !grave(command):
		return "primary"
	case grave(command):
		return "secondary grave"
	}
	return "secondary"
}

// key returns an idempotency key for a form; without randomness none, which the command refuses.
func (v *view) key() string {
	id, err := v.IDs()
	if err != nil {
		return ""
	}
	return id
}

// lifting returns where a blocker can be lifted; empty: nowhere in particular.
func (v *view) lifting(r *record, b innards.Blocker) templ.SafeURL {
	for command, codes := range map[string][]innards.Code{
		"assign-room":   {reservation.RoomRequired.Code, reservation.RoomTaken.Code, reservation.RoomOutOfOrder.Code},
		"make-definite": {reservation.NotDefinite.Code},
		"unlock-room":   {reservation.RoomIsLocked.Code},
	} {
		if slices.Contains(codes, b.Code) && v.may(rightTo(reservation.Kind, strings.ReplaceAll(command, "-", "_"))) {
			return v.path("reservations", r.ID, command)
		}
	}
	return ""
}

// holds reports whether the i-th quote of a timeline is that of now.
func (v *view) holds(quotes []reservation.Quote, i int) bool {
	now := v.Now()
	return !now.Before(quotes[i].At) && (i+1 == len(quotes) || now.Before(quotes[i+1].At))
}

func (v *view) feeText(fee innards.Money) string {
	if fee.Sign() == 0 {
		return v.say.Say("fee.none")
	}
	return v.say.Money(fee)
}

// rule says where a fee comes from.
func (v *view) rule(rule string) string {
	name, n, _ := strings.Cut(rule, " ")
	return v.say.Say("fee.rule."+name, "number", n)
}

// instant returns an instant in the zone of the property that the page is about, or of the first.
func (v *view) instant(t time.Time) string {
	if v.property == nil {
		return v.say.Instant(t, time.UTC)
	}
	return v.say.Instant(t, v.property.Location())
}

// actorOrNobody returns how an actor is called, or that nobody is known.
func (v *view) actorOrNobody(id string) string {
	if id == "" || id == "user-" {
		return v.say.Say("actor.nobody")
	}
	return v.actor(id)
}

// taskName returns how a task of the background work is called.
func (v *view) taskName(name string) string {
	if key := "task." + strings.ReplaceAll(name, " ", "_"); v.say.Has(key) {
		return v.say.Say(key)
	}
	return name
}

// subject returns the subject of a mail, or what it is about if it is not made yet.
func (v *view) subject(m mail.Mail) string { return cmp.Or(m.Subject, m.Kind) }

// recipient returns to whom a mail goes, as people write it.
func recipient(to string) string {
	parsed, err := netmail.ParseAddress(to)
	if err != nil || parsed.Name == "" {
		return to
	}
	return parsed.Name + " · " + parsed.Address
}
