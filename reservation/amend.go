package reservation

import (
	"fmt"
	"maps"
	"slices"

	"github.com/innards-go/innards"
)

// Amend changes what was booked. Fields that are left out stay. A change of dates, room type, guests, price or policy is
// material: a confirmation becomes stale by it.
type Amend struct {
	Arrival   *innards.Date `json:"arrival,omitempty"`
	Departure *innards.Date `json:"departure,omitempty"`
	// Type drops rooms of another type, unless the guest is in the house.
	Type *string `json:"type,omitempty" doc:"id of the room type"`
	// Room is for the nights that are added; they take that of the nights beside them if it is left out.
	Room               string            `json:"room,omitempty" doc:"id of a room for the nights that are added; that of the nights beside them if it is left out"`
	Adults             *int              `json:"adults,omitempty"`
	Children           *int              `json:"children,omitempty"`
	Guest              *Person           `json:"guest,omitempty"`
	Segment            *string           `json:"segment,omitempty"`
	Prices             []innards.Money   `json:"prices,omitempty" doc:"one for every night, or one for all; added nights cost as the one beside them if it is left out"`
	Extras             *[]Extra          `json:"extras,omitempty"`
	GuaranteePolicy    *string           `json:"guarantee_policy,omitempty" doc:"name of a policy, which is copied; empty: none"`
	CancellationPolicy *string           `json:"cancellation_policy,omitempty" doc:"name of a policy, which is copied; empty: none"`
	Attributes         map[string]string `json:"attributes,omitempty" doc:"replace all attributes"`
}

// Name implements [Intent].
func (Amend) Name() string { return "amend" }

func (in Amend) need(r *Reservation, p *Property) Need {
	draft := *r
	draft.Arrival, draft.Departure = in.dates(r)
	draft.Type = in.roomType(r)
	n := draft.need(p, in.Room)
	n.Dates = slotDates(draft.Arrival, draft.Departure)
	return n
}

func (in Amend) dates(r *Reservation) (arrival, departure innards.Date) {
	return valueOr(in.Arrival, r.Arrival), valueOr(in.Departure, r.Departure)
}

func (in Amend) roomType(r *Reservation) string { return valueOr(in.Type, r.Type) }

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// Plan implements [Intent].
func (in Amend) Plan(f *Facts, c *Change) []innards.Blocker {
	if blockers := in.check(f); len(blockers) > 0 {
		return blockers
	}
	r := &c.After
	in.fill(c)
	blockers := r.takePolicies(f.Property, in.GuaranteePolicy, in.CancellationPolicy)
	if in.CancellationPolicy != nil {
		blockers = append(blockers, c.feeMustNotFall()...)
	}
	if in.Arrival != nil || in.Departure != nil || in.Type != nil || in.Prices != nil {
		blockers = append(blockers, in.restay(f, c)...)
	}
	if in.isMaterial(&c.Before, r) {
		r.revise()
	}
	r.refreshDeadline(f.Property)
	return blockers
}

// feeMustNotFall keeps another cancellation policy from being a way around the right to waive a fee. Amounts that cannot
// be added up, which no command lets in, make no fee.
func (c *Change) feeMustNotFall() []innards.Blocker {
	f := c.facts
	before, _ := c.Before.Quote(f.Now, Cancelled, f.Property)
	after, _ := c.After.Quote(f.Now, Cancelled, f.Property)
	return blockField(after.Fee.Cmp(before.Fee) < 0, "cancellation_policy", FeeLowered, "from", before.Fee, "to", after.Fee)
}

// revise counts a material amendment: a confirmation that was given is of an earlier revision now.
func (r *Reservation) revise() {
	r.Revision++
	r.ConfirmationStale = r.Confirmation == Confirmed
}

// fill sets what needs no look-up.
func (in Amend) fill(c *Change) {
	r := &c.After
	r.Adults, r.Children = valueOr(in.Adults, r.Adults), valueOr(in.Children, r.Children)
	r.Segment = valueOr(in.Segment, r.Segment)
	if in.Guest != nil {
		r.Guest = *in.Guest
		c.detail("guest", in.Guest)
	}
	if in.Extras != nil {
		r.Extras = slices.Clone(*in.Extras)
	}
	if in.Attributes != nil {
		r.Attributes = maps.Clone(in.Attributes)
	}
}

// isMaterial reports whether something has changed that the guest was sent a confirmation of. A policy that is named is
// copied anew, so that its terms may differ.
func (in Amend) isMaterial(b, a *Reservation) bool {
	same := func(x, y Night) bool { return x.Date == y.Date && x.Slot == y.Slot && x.Price == y.Price }
	return !slices.EqualFunc(a.Nights, b.Nights, same) || a.Type != b.Type ||
		a.Adults != b.Adults || a.Children != b.Children || a.Guest.Name != b.Guest.Name || !slices.Equal(a.Extras, b.Extras) ||
		in.GuaranteePolicy != nil || in.CancellationPolicy != nil
}

func (in Amend) isEmpty() bool {
	return in.Arrival == nil && in.Departure == nil && in.Type == nil && in.Adults == nil && in.Children == nil &&
		in.Guest == nil && in.Segment == nil && in.Prices == nil && in.Extras == nil && in.GuaranteePolicy == nil &&
		in.CancellationPolicy == nil && in.Attributes == nil
}

func (in Amend) check(f *Facts) []innards.Blocker {
	if in.isEmpty() {
		return []innards.Blocker{NothingToChange.Block()}
	}
	arrival, departure := in.dates(&f.Reservation)
	currency := f.Property.Currency
	blockers := in.checkDates(f, arrival, departure)
	blockers = append(blockers, checkGuests(valueOr(in.Adults, 0), valueOr(in.Children, 0))...)
	if in.Guest != nil {
		blockers = append(blockers, checkPerson("guest", *in.Guest)...)
	}
	blockers = append(blockers, checkTexts(map[string]string{"segment": valueOr(in.Segment, "")})...)
	blockers = append(blockers, checkAttributes("attributes", in.Attributes)...)
	blockers = append(blockers, checkPrices("prices", in.Prices, nightCount(arrival, departure), currency)...)
	blockers = append(blockers, checkExtras("extras", valueOr(in.Extras, nil), currency)...)
	return append(blockers, in.checkType(f)...)
}

// checkDates lets an arrival that stays as it is be in the past, and refuses to change nights that are over.
func (in Amend) checkDates(f *Facts, arrival, departure innards.Date) []innards.Blocker {
	r := &f.Reservation
	earliest := f.BusinessDate
	if arrival == r.Arrival {
		earliest = arrival
	}
	blockers := checkStay(arrival, departure, earliest)
	if r.Occupancy == CheckedIn {
		if arrival != r.Arrival {
			blockers = append(blockers, NightPast.In("arrival", "the guest has arrived"))
		}
		if departure.Before(f.BusinessDate) {
			blockers = append(blockers, NightPast.In("departure", departure))
		}
	}
	return blockers
}

func (in Amend) checkType(f *Facts) []innards.Blocker {
	id := in.roomType(&f.Reservation)
	t, ok := f.Property.RoomType(id)
	if !ok {
		return []innards.Blocker{TypeUnknown.In("type", id)}
	}
	guests := valueOr(in.Adults, f.Reservation.Adults) + valueOr(in.Children, f.Reservation.Children)
	grown := guests > f.Reservation.Adults+f.Reservation.Children || in.Type != nil
	if grown && t.Sleeps > 0 && guests > t.Sleeps {
		return []innards.Blocker{CapacityExceeded.In("adults", t.Sleeps)}
	}
	return nil
}

// restay makes the nights anew and takes their inventory.
func (in Amend) restay(f *Facts, c *Change) (blockers []innards.Blocker) {
	r := &c.After
	r.Arrival, r.Departure = in.dates(&f.Reservation)
	r.Type = in.roomType(&f.Reservation)
	r.Nights = makeNights(r.Arrival, r.Departure, r.Type, in.Prices, f.Property)
	for i := range r.Nights {
		blockers = append(blockers, in.keep(f, c, &r.Nights[i])...)
	}
	if in.Room != "" {
		isAdded := func(n Night) bool { return !f.Reservation.hasNight(n) }
		blockers = append(blockers, c.assign(in.Room, "room", isAdded)...)
	}
	return append(append(blockers, c.takeInventory()...), c.followGuest()...)
}

func (r *Reservation) hasNight(n Night) bool {
	return slices.ContainsFunc(r.Nights, func(have Night) bool { return have.Date == n.Date && have.Slot == n.Slot })
}

// keep carries price and room over from the booked night, or from the one beside it for a night that is added. A room
// that is taken, or of another type than the one that is asked for, stays behind, unless the guest is in the house or was
// promised that room.
func (in Amend) keep(f *Facts, c *Change, n *Night) []innards.Blocker {
	was := &f.Reservation
	from := was.nightBeside(n.Date)
	if len(in.Prices) == 0 {
		n.Price = from.Price
	}
	if from.Room == "" || in.Room != "" && !was.hasNight(*n) {
		return nil
	}
	inHouse := was.Occupancy == CheckedIn
	if fits := inHouse || in.Type == nil || *in.Type == from.Type; fits && !f.isTaken(from.Room, *n) {
		n.Room, n.Type = from.Room, from.Type
		return nil
	}
	if inHouse {
		return []innards.Blocker{RoomTaken.In("departure", from.Room, "on", n.Date)}
	}
	c.warn(WarnNightWithoutRoom, n.Date, from.Room)
	return blockField(was.RoomLocked, "room", RoomIsLocked, from.Room)
}

// nightBeside returns the night of the date, or the nearest to it.
func (r *Reservation) nightBeside(date innards.Date) (nearest Night) {
	for i, n := range r.Nights {
		if i == 0 || !n.Date.After(date) {
			nearest = n
		}
	}
	return nearest
}

// EraseGuest removes the personal data of the reservation, also from the private part of its history. The history's
// chain still holds.
type EraseGuest struct{}

// Name implements [Intent].
func (EraseGuest) Name() string { return "erase_guest" }

// erasedName stands in for the name of a guest whose data was erased.
const erasedName = "—"

// Plan implements [Intent].
func (EraseGuest) Plan(_ *Facts, c *Change) []innards.Blocker {
	r := &c.After
	r.Guest, r.Card, r.Attributes = Person{Name: erasedName}, nil, nil
	r.Evidence = slices.Clone(r.Evidence)
	for i := range r.Evidence {
		r.Evidence[i].Reference = ""
	}
	if r.Channel != nil {
		channel := *r.Channel
		channel.Reference = ""
		r.Channel = &channel
	}
	c.Erase = true
	c.effect(EffectErase, fmt.Sprintf("erase/%d", c.Head.Version+1), EraseEffect{})
	return nil
}
