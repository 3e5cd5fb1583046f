package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

const stayRoute = "/stay/{link}"

// registerPortal adds the pages of guests. They are open to everybody: the link says who is let in, and to which stay.
func (s *site) registerPortal(rt *router.Router) {
	get := func(path string, h handler) { s.get(rt, stayRoute+path, router.Public(), s.toGuest(h)) }
	post := func(path string, h handler) { s.post(rt, stayRoute+path, router.Public(), s.toGuest(h)) }
	get("", s.showStay)
	for _, in := range []reservation.Intent{reservation.Cancel{}, reservation.CheckOut{}, reservation.UpdateGuest{}} {
		get("/"+hyphens(in.Name()), func(v *view) error { return v.ask(v.beginGuest(in.Name())) })
		post("/"+hyphens(in.Name()), func(v *view) error { return v.act(v.beginGuest(in.Name())) })
	}
	get("/card", s.askCard)
	post("/card", func(v *view) error { return v.act(v.beginCard()) })
	if _, test := s.Cards.(portal.TestCards); test {
		get("/card/test", func(v *view) error { return v.show(testCardsPage(v)) })
	}
}

// A guestStay is a reservation as its guest sees it.
type guestStay struct {
	reservation.Reservation
	link  string
	state reservation.States
	total innards.Money
	fees  []reservation.Quote
	// now are the commands that the guest can give, not those that would be the guest's but for what stands against them.
	now, not []innards.Action
}

// toGuest lets the guest of the link in. Nobody is told whether a stay that is not shown exists.
func (s *site) toGuest(h handler) handler {
	return func(v *view) error {
		v.w.Header().Set("X-Robots-Tag", "noindex")
		err := v.enter()
		switch {
		case errors.Is(err, portal.ErrExpired):
			v.status = http.StatusGone
		case errors.Is(err, portal.ErrForged) || errors.Is(err, innards.ErrNotFound):
			v.status = http.StatusNotFound
		case err != nil:
			return err
		default:
			return h(v)
		}
		return v.show(noStayPage(v))
	}
}

// enter makes the visitor the guest of the link, whoever else it may be.
func (v *view) enter() error {
	v.visitor, v.property, v.properties = access.Visitor{}, nil, nil
	link := v.r.PathValue("link")
	guest, err := v.Links.Read(link)
	if err != nil {
		return err
	}
	actor, r, err := guest.Enter(v.ctx(), v.Service)
	if err != nil {
		return err
	}
	if v.property, err = v.Service.Property(v.ctx(), actor, r.Property); err != nil {
		return err
	}
	edge.TraceOf(v.ctx()).Actor = actor.ID
	v.visitor = access.Visitor{Actor: actor, Name: r.Guest.Name, Language: r.Guest.Language}
	v.stay = &guestStay{Reservation: r, link: link}
	v.speak()
	return nil
}

// stayPath returns an address below the stay's page.
func (v *view) stayPath(parts ...string) templ.SafeURL {
	address := "/stay/" + url.PathEscape(v.stay.link)
	for _, part := range parts {
		address += "/" + url.PathEscape(part)
	}
	return templ.SafeURL(address)
}

// showStay shows the guest the stay.
func (s *site) showStay(v *view) error {
	st := v.stay
	st.state = s.Service.States(&st.Reservation, v.property)
	var err error
	if st.total, err = st.Total(); err != nil {
		return err
	}
	if st.Occupancy == reservation.Expected {
		if st.fees, err = st.Timeline(v.property); err != nil {
			return err
		}
	}
	if err := v.readGuestActions(); err != nil {
		return err
	}
	return v.show(stayPage(v, st))
}

// readGuestActions sorts what guests do into what can be done now, what something stands against, and what is no matter of
// this stay at all.
func (v *view) readGuestActions() error {
	actions, err := v.Service.Actions(v.ctx(), v.visitor.Actor, v.stay.ID)
	if err != nil {
		return err
	}
	for _, name := range v.offers() {
		i := slices.IndexFunc(actions, func(a innards.Action) bool { return a.Command == name })
		idle := func(b innards.Blocker) bool {
			return b.Code == innards.WrongStatus.Code || b.Code == innards.StaffOnly.Code || b.Code == reservation.StayOver.Code
		}
		switch {
		case i < 0 || slices.ContainsFunc(actions[i].Blockers, idle):
		case actions[i].Allowed:
			v.stay.now = append(v.stay.now, actions[i])
		default:
			v.stay.not = append(v.stay.not, actions[i])
		}
	}
	return nil
}

// offers returns the commands that guests look for, what matters most first.
func (v *view) offers() []string {
	names := []string{reservation.CheckOut{}.Name(), reservation.UpdateGuest{}.Name(), reservation.Cancel{}.Name()}
	if v.stay.takesCard() {
		names = append([]string{reservation.StoreCard{}.Name()}, names...)
	}
	return names
}

// takesCard reports whether a card helps to guarantee the stay.
func (st *guestStay) takesCard() bool {
	p := st.GuaranteePolicy
	return st.Occupancy == reservation.Expected && st.Guarantee == reservation.NotGuaranteed && p != nil && slices.Contains(p.Methods, reservation.MethodCard)
}

// guestLink returns the address at which the guest sees the reservation; empty: there is none.
func (v *view) guestLink(r *reservation.Reservation) string {
	address, err := v.Links.At(v.PublicURL)(v.ctx(), *r)
	if err != nil {
		return ""
	}
	return address
}
