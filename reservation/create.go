package reservation

import (
	"maps"
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// Create makes a new reservation. It is expected; confirmation, guarantee and commitment follow from its source, policy
// and commitment.
type Create struct {
	Property string `json:"property" doc:"id of the property"`
	// Number that people see; empty: one is made.
	Number string `json:"number,omitempty" doc:"number that people see; one is made if it is left out"`
	// Party that may see the reservation beside the staff: an account, guest or partner; empty: "guest-" and the id of the
	// reservation, so that its guest can be let in.
	Party      string       `json:"party,omitempty" doc:"account, guest or partner that may see it beside the staff; guest-ID of the reservation if it is left out"`
	Arrival    innards.Date `json:"arrival"`
	Departure  innards.Date `json:"departure" doc:"the same day as the arrival for a day use"`
	Type       string       `json:"type" doc:"id of the room type"`
	Room       string       `json:"room,omitempty" doc:"id of a room to assign for the whole stay"`
	Adults     int          `json:"adults,omitempty"`
	Children   int          `json:"children,omitempty"`
	Guest      Person       `json:"guest"`
	Source     Source       `json:"source"`
	Channel    *Channel     `json:"channel,omitempty" doc:"for the source channel_manager"`
	Segment    string       `json:"segment,omitempty" doc:"market segment"`
	Commitment Commitment   `json:"commitment,omitempty" doc:"definite unless said otherwise"`
	ReleaseAt  *time.Time   `json:"release_at,omitempty" doc:"of an option"`
	// Prices of the nights: one for each, or one for all; none: nought.
	Prices             []innards.Money   `json:"prices,omitempty" doc:"one for every night, or one for all"`
	Extras             []Extra           `json:"extras,omitempty" doc:"booked revenue beside the nights"`
	GuaranteePolicy    string            `json:"guarantee_policy,omitempty" doc:"name of a policy, which is copied"`
	CancellationPolicy string            `json:"cancellation_policy,omitempty" doc:"name of a policy, which is copied"`
	Card               *Card             `json:"card,omitempty" doc:"token of a payment provider, never a card number"`
	Paid               innards.Money     `json:"paid,omitzero" doc:"deposit that was received with the booking"`
	Authorised         innards.Money     `json:"authorised,omitzero" doc:"amount that a card or processor holds"`
	Attributes         map[string]string `json:"attributes,omitempty" doc:"of the embedder: stored, found by equality, never interpreted"`
}

// Name implements [Intent].
func (Create) Name() string { return "create" }

func (c Create) need(_ *Reservation, p *Property) Need {
	n := Need{Types: []string{c.Type}, Dates: slotDates(c.Arrival, c.Departure)}
	if c.Room != "" {
		room, _ := p.Room(c.Room)
		n.Rooms, n.Types = []string{c.Room}, distinct([]string{c.Type, room.Type})
	}
	return n
}

// Plan implements [Intent].
func (c Create) Plan(f *Facts, ch *Change) []innards.Blocker {
	blockers := checkStay(c.Arrival, c.Departure, f.BusinessDate)
	blockers = append(blockers, checkGuests(c.Adults, c.Children)...)
	blockers = append(blockers, checkPerson("guest", c.Guest)...)
	blockers = append(blockers, c.checkSource()...)
	blockers = append(blockers, c.checkCommitment(f.Now)...)
	if c.Number != "" {
		blockers = append(blockers, checkID("number", c.Number)...)
	}
	blockers = append(blockers, checkTexts(c.texts())...)
	blockers = append(blockers, checkAttributes("attributes", c.Attributes)...)
	blockers = append(blockers, c.checkAmounts(f.Property)...)
	if len(blockers) > 0 {
		return blockers
	}
	c.fill(f, &ch.After)
	ch.detail("guest", c.Guest)
	blockers = append(blockField(f.NumberTaken, "number", NumberTaken, c.Number), c.policies(f, &ch.After)...)
	return append(blockers, c.inventory(f, ch)...)
}

// fill sets what needs no look-up.
func (c Create) fill(f *Facts, r *Reservation) {
	r.ID, r.Tenant, r.Property, r.Party = f.ID, f.Tenant, f.Property.ID, f.Party
	r.Number, r.Revision, r.CreatedAt = c.Number, 1, f.Now
	if r.Number == "" {
		r.Number = f.NewNumber
	}
	r.Arrival, r.Departure, r.Type = c.Arrival, c.Departure, c.Type
	r.Adults, r.Children, r.Guest = c.Adults, c.Children, c.Guest
	r.Source, r.Channel, r.Segment = c.Source, c.Channel, c.Segment
	r.ReleaseAt = utc(c.ReleaseAt)
	r.Extras, r.Card = slices.Clone(c.Extras), fresh(c.Card)
	r.Attributes = maps.Clone(c.Attributes)
	r.Paid, r.Authorised = orNought(c.Paid, f.Property), orNought(c.Authorised, f.Property)
	r.Nights = makeNights(c.Arrival, c.Departure, c.Type, c.Prices, f.Property)
}

func (c Create) policies(f *Facts, r *Reservation) []innards.Blocker {
	blockers := r.takePolicies(f.Property, &c.GuaranteePolicy, &c.CancellationPolicy)
	r.refreshDeadline(f.Property)
	if e, ok := r.guaranteeAtCreation(f); ok {
		r.Evidence = []Evidence{e}
	}
	return blockers
}

// inventory checks type, capacity and room, and assigns the room.
func (c Create) inventory(f *Facts, ch *Change) []innards.Blocker {
	roomType, ok := f.Property.RoomType(c.Type)
	if !ok {
		return []innards.Blocker{TypeUnknown.In("type", c.Type)}
	}
	var blockers []innards.Blocker
	if roomType.Sleeps > 0 && c.Adults+c.Children > roomType.Sleeps {
		blockers = append(blockers, CapacityExceeded.In("adults", roomType.Sleeps))
	}
	if c.Room != "" {
		blockers = append(blockers, ch.assign(c.Room, "room", func(Night) bool { return true })...)
	}
	return append(blockers, ch.takeInventory()...)
}

func (c Create) checkSource() []innards.Blocker {
	switch {
	case !slices.Contains(Sources(), c.Source):
		return []innards.Blocker{SourceInvalid.In("source", c.Source)}
	case (c.Channel != nil) != (c.Source == SourceChannelManager):
		return []innards.Blocker{SourceInvalid.In("channel")}
	}
	return checkCard("card", c.Card)
}

func (c Create) checkCommitment(now time.Time) []innards.Blocker {
	switch c.Commitment {
	case "", Definite, Waitlisted, Inquiry:
		if c.ReleaseAt == nil {
			return nil
		}
		return []innards.Blocker{CommitmentInvalid.In("release_at", "only an option has one")}
	case Optional:
		return checkRelease(c.ReleaseAt, now)
	}
	return []innards.Blocker{CommitmentInvalid.In("commitment", string(c.Commitment))}
}

func (c Create) texts() map[string]string {
	texts := map[string]string{"property": c.Property, "party": c.Party, "type": c.Type, "room": c.Room,
		"segment": c.Segment, "guarantee_policy": c.GuaranteePolicy, "cancellation_policy": c.CancellationPolicy}
	if c.Channel != nil {
		texts["channel.name"], texts["channel.reference"] = c.Channel.Name, c.Channel.Reference
	}
	return texts
}

func (c Create) checkAmounts(p *Property) []innards.Blocker {
	blockers := checkPrices("prices", c.Prices, nightCount(c.Arrival, c.Departure), p.Currency)
	blockers = append(blockers, checkExtras("extras", c.Extras, p.Currency)...)
	blockers = append(blockers, checkReceived("paid", c.Paid, p.Currency)...)
	return append(blockers, checkReceived("authorised", c.Authorised, p.Currency)...)
}

// guaranteedAtCreation judges the create row of the guarantee axis on the reservation that will be made. Bad input is the
// plan's to refuse.
func guaranteedAtCreation(f *Facts) bool {
	c, ok := intentOf[Create](f.Intent)
	if !ok {
		return false
	}
	var draft Reservation
	c.fill(f, &draft)
	_ = draft.takePolicies(f.Property, &c.GuaranteePolicy, nil)
	_, ok = draft.guaranteeAtCreation(f)
	return ok
}

// guaranteeAtCreation returns the evidence of the first trigger that meets the policy when the reservation arrives.
func (r *Reservation) guaranteeAtCreation(f *Facts) (Evidence, bool) {
	for _, t := range []Trigger{TriggerBookingEngine, TriggerChannelProcessor, TriggerChannelCard} {
		if e, ok := r.autoGuarantee(t, f.Now, f.Property); ok {
			e.Actor = f.Actor.ID
			return e, true
		}
	}
	return Evidence{}, false
}

// takePolicies copies the named policies of the property; nil: leave it, "": none.
func (r *Reservation) takePolicies(p *Property, guarantee, cancellation *string) (blockers []innards.Blocker) {
	if guarantee != nil {
		r.GuaranteePolicy = nil
		if policy, ok := p.Guarantee(*guarantee); ok {
			r.GuaranteePolicy = &policy
		} else if *guarantee != "" {
			blockers = append(blockers, PolicyUnknown.In("guarantee_policy", *guarantee))
		}
	}
	if cancellation != nil {
		r.CancellationPolicy = nil
		if policy, ok := p.Cancellation(*cancellation); ok {
			r.CancellationPolicy = &policy
		} else if *cancellation != "" {
			blockers = append(blockers, PolicyUnknown.In("cancellation_policy", *cancellation))
		}
	}
	return blockers
}

// refreshDeadline computes the guarantee deadline anew. A policy that gave up waits again for a deadline that has moved.
func (r *Reservation) refreshDeadline(p *Property) {
	before := r.GuaranteeDeadline
	r.GuaranteeDeadline = nil
	if r.GuaranteePolicy != nil {
		r.GuaranteeDeadline = utc(r.GuaranteePolicy.deadline(r.CreatedAt, r.Arrival, p))
	}
	r.GuaranteeLapsed = r.GuaranteeLapsed && sameInstant(before, r.GuaranteeDeadline)
}

func sameInstant(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// nightCount returns the number of nights that are priced: a day use counts as one.
func nightCount(arrival, departure innards.Date) int { return max(arrival.DaysUntil(departure), 1) }

// slotDates returns the nights of a stay, or the day of a day use.
func slotDates(arrival, departure innards.Date) []SlotDate {
	if arrival == departure {
		return []SlotDate{{arrival, SlotDayUse}}
	}
	var dates []SlotDate
	for i := range min(max(arrival.DaysUntil(departure), 0), maxNights) {
		dates = append(dates, SlotDate{arrival.AddDays(i), SlotNight})
	}
	return dates
}

func makeNights(arrival, departure innards.Date, roomType string, prices []innards.Money, p *Property) []Night {
	var nights []Night
	for i, d := range slotDates(arrival, departure) {
		n := Night{Date: d.Date, Slot: d.Slot, Type: roomType}
		if len(prices) > 0 {
			n.Price = prices[min(i, len(prices)-1)]
		}
		n.Price = orNought(n.Price, p)
		nights = append(nights, n)
	}
	return nights
}

// orNought returns m, or nought in the currency of the property if it is no amount.
func orNought(m innards.Money, p *Property) innards.Money {
	if m.Currency() != "" {
		return m
	}
	return p.nought()
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC().Truncate(time.Microsecond)
	return &u
}
