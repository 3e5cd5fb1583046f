package web

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/reservation"
)

// beginGuest makes the form of a command that the guest gives.
func (v *view) beginGuest(name string) (*act, error) {
	a := v.guestAct(name, v.stayPath(hyphens(name)))
	switch name {
	case reservation.Cancel{}.Name():
		a.empty = func() any { return &reservation.Cancel{Reason: reservation.ReasonGuest} }
	case reservation.UpdateGuest{}.Name():
		a.empty = func() any { return &reservation.UpdateGuest{} }
		a.form.fields = v.contactFields(&v.stay.Guest)
	default:
		a.empty = func() any { return &reservation.CheckOut{} }
	}
	var err error
	a.key, err = v.IDs()
	return a, err
}

// guestAct returns a command on the stay, in the words and on the page of guests.
func (v *view) guestAct(name string, at templ.SafeURL) *act {
	st := v.stay
	a := &act{kind: reservation.Kind, name: name, of: st.Reservation, at: at, home: v.stayPath(), voice: guestVoice, page: guestActPage}
	a.version, a.current = st.Version, st.Version
	a.do = func(by innards.Command, intent any) (outcome, error) {
		receipt, err := v.Service.Do(v.ctx(), by, st.ID, intent.(reservation.Intent))
		return outcome{receipt, a.home}, err
	}
	return a
}

// beginCard makes the form that guarantees with the card of the address, which the guest has typed at the provider. Without
// it there is nothing to do.
func (v *view) beginCard() (*act, error) {
	name := v.r.URL.Query().Get(cardParameter)
	if v.Cards == nil || name == "" {
		return nil, innards.ErrNotFound
	}
	a := v.guestAct(reservation.StoreCard{}.Name(), v.stayPath("card")+templ.SafeURL("?"+v.r.URL.Query().Encode()))
	a.empty = func() any { return &struct{}{} }
	a.do = func(by innards.Command, _ any) (outcome, error) {
		receipt, err := v.keepCard(by, name)
		return outcome{receipt, a.home}, err
	}
	var err error
	a.key, err = v.IDs()
	return a, err
}

// cardParameter is where the provider says which card was typed.
const cardParameter = "card"

// cardDeclined is why a card is not kept.
var cardDeclined = innards.Reason{Code: "card_declined", Kind: innards.KindState, Text: "the card was declined", Lift: "use another card"}

// keepCard keeps the card and, unless that guarantees the stay by itself, asks whether the stay is guaranteed now. That it is
// not, such as for a deposit that is due, is no failure: the card is kept.
func (v *view) keepCard(by innards.Command, name string) (reservation.Receipt, error) {
	in := reservation.StoreCard{}
	var err error
	in.Card, err = v.Cards.Card(v.ctx(), v.stay.ID, name)
	if errors.Is(err, portal.ErrDeclined) {
		err = &innards.Refusal{Command: in.Name(), Blockers: []innards.Blocker{cardDeclined.Block()}}
	}
	if err != nil {
		return reservation.Receipt{}, err
	}
	kept, err := v.Service.Do(v.ctx(), by, v.stay.ID, in)
	if err != nil || by.DryRun || kept.Guarantee == reservation.Guaranteed {
		return kept, err
	}
	by.Key, by.Expect = by.Key+"/guarantee", kept.Version
	guaranteed, err := v.Service.Do(v.ctx(), by, v.stay.ID, reservation.GuaranteeBy{Trigger: reservation.TriggerPortal})
	if _, refused := refusalOf(err); refused {
		return kept, nil
	}
	guaranteed.Replayed = guaranteed.Replayed && kept.Replayed
	return guaranteed, err
}

// askCard leads to the provider, and asks about the card with which the guest comes back.
func (s *site) askCard(v *view) error {
	if v.r.URL.Query().Get(cardParameter) != "" {
		return v.ask(v.beginCard())
	}
	address := ""
	if s.Cards != nil {
		var err error
		if address, err = s.Cards.Begin(v.ctx(), v.stay.ID, s.PublicURL+string(v.stayPath("card"))); err != nil {
			return err
		}
	}
	return v.show(cardPage(v, address))
}

// contactFields returns the inputs about how a guest is reached, filled with what is there.
func (v *view) contactFields(p *reservation.Person) []field {
	return []field{
		{name: "email", kind: kindEmail, optional: true, complete: "email", value: p.Email},
		{name: "phone", kind: kindText, optional: true, complete: "tel", value: p.Phone},
		{name: "language", kind: kindChoice, optional: true, choices: having(languages(), p.Language), value: p.Language},
		{name: "country", kind: kindChoice, optional: true, complete: "country", choices: having(v.countries(), p.Country), value: p.Country},
	}
}

// having returns the choices with one more, unless it is there or empty: what is kept already is never lost by being shown.
func having(list []choice, value string) []choice {
	if value == "" || slices.ContainsFunc(list, func(c choice) bool { return c.value == value }) {
		return list
	}
	return append(list, choice{value, value})
}

// countries lists all countries by their names in the language of the page.
func (v *view) countries() []choice {
	names := display.Regions(language.Make(v.say.Language()))
	var list []choice
	for _, r := range language.Supported.Regions() {
		if r.IsCountry() && r.Canonicalize() == r {
			list = append(list, choice{r.String(), names.Name(r)})
		}
	}
	slices.SortFunc(list, func(a, b choice) int {
		return cmp.Or(strings.Compare(a.label, b.label), strings.Compare(a.value, b.value))
	})
	return list
}
