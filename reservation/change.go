package reservation

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/innards-go/innards"
)

// begin returns the change that makes the moves and nothing else.
func begin(f *Facts, moves []innards.Move) *Change {
	c := &Change{Before: f.Reservation, After: f.Reservation, SeenProperty: f.Property.Version, facts: f}
	c.Entry = innards.Entry{Scope: f.Actor.Scope(), Head: f.Head, Event: innards.Event{Moves: moves}}
	for _, m := range moves {
		switch m.Axis {
		case AxisConfirmation:
			c.After.Confirmation = Confirmation(m.To)
		case AxisGuarantee:
			c.After.Guarantee = Guarantee(m.To)
		case AxisOccupancy:
			c.After.Occupancy = Occupancy(m.To)
		case AxisCommitment:
			c.After.Commitment = Commitment(m.To)
		}
	}
	return c
}

// effect announces what another system has to do. Key is completed with the reservation, so that it is unique for ever.
func (c *Change) effect(kind, key string, payload any) {
	c.effects = append(c.effects, effect{kind, fmt.Sprintf("%s/%s/%s", Kind, c.After.ID, key), payload})
}

type effect struct {
	kind, key string
	payload   any
}

// Seal implements the idiom of facts, decide, commit: it derives claims, limits, automatic messages and the due time.
func (c *Change) Seal() (receipt Receipt, payload, private any, err error) {
	c.deriveClaims()
	c.announce()
	c.Due = c.After.nextDue(c.facts.Now, c.facts.Property)
	if err := c.encodeEffects(); err != nil {
		return receipt, nil, nil, err
	}
	if c.private != nil {
		private = c.private
	}
	return c.receipt(), c.record(), private, nil
}

// deriveClaims compares what was held with what is to be held.
func (c *Change) deriveClaims() {
	if slices.Equal(c.Before.Nights, c.After.Nights) && c.Before.Commitment == c.After.Commitment &&
		c.Before.ReleaseAt == c.After.ReleaseAt && c.Before.ReleasedFrom == c.After.ReleasedFrom {
		return
	}
	before, after := c.Before.Claims(), c.After.Claims()
	held := before
	if c.Before.Lapsed(c.facts.Now) {
		held = nil // others may have taken them
	}
	if c.After.Lapsed(c.facts.Now) {
		after = nil
	}
	c.Free, c.Take = without(before, after), without(after, held)
	if len(held) == 0 {
		c.Free = before
	}
	c.deriveLimits(held)
}

// without returns the claims of list that are not in other.
func without(list, other []Claim) (out []Claim) {
	for _, claim := range list {
		if !slices.ContainsFunc(other, claim.equal) {
			out = append(out, claim)
		}
	}
	return out
}

func (c Claim) equal(d Claim) bool {
	return c.Date == d.Date && c.Slot == d.Slot && c.Type == d.Type && c.Room == d.Room && sameInstant(c.Expires, d.Expires)
}

func (c Claim) typeNight() TypeNight { return TypeNight{c.Type, SlotDate{c.Date, c.Slot}} }

// deriveLimits bounds the claims of every type and night of which the change takes one more, unless it was decided to
// sell more than there is.
func (c *Change) deriveLimits(held []Claim) {
	for _, claim := range c.Take {
		tn := claim.typeNight()
		had := slices.ContainsFunc(held, func(h Claim) bool { return h.typeNight() == tn })
		if most := c.facts.Property.InService(claim.Type); !had && c.facts.Sold[tn] < most {
			c.Limits = append(c.Limits, Limit{tn, most})
		}
	}
}

// announce adds the automatic messages that the change sets off.
func (c *Change) announce() {
	for _, m := range c.Event.Moves {
		if m.From == m.To {
			continue
		}
		trigger, ok := triggerOf(m)
		if !ok {
			continue
		}
		for _, rule := range c.facts.Property.MessageRules {
			if rule.Trigger == trigger && !rule.Disabled && rule.Filter.matches(&c.After, c.facts.Now) {
				c.effect(EffectMessage, fmt.Sprintf("message/%s/%d", rule.ID, c.Head.Version+1), MessageEffect{Rule: rule.ID, Template: rule.Template})
			}
		}
	}
}

// triggerOf returns the message trigger of a move.
func triggerOf(m innards.Move) (MessageTrigger, bool) {
	switch m.Axis + " " + m.To {
	case AxisOccupancy + " " + string(Expected):
		return OnCreated, m.From == ""
	case AxisConfirmation + " " + string(Confirmed):
		return OnConfirmed, true
	case AxisGuarantee + " " + string(Guaranteed):
		return OnGuaranteed, true
	case AxisOccupancy + " " + string(CheckedIn):
		return OnCheckedIn, true
	case AxisOccupancy + " " + string(CheckedOut):
		return OnCheckedOut, true
	case AxisOccupancy + " " + string(Cancelled):
		return OnCancelled, true
	case AxisOccupancy + " " + string(NoShow):
		return OnNoShow, true
	}
	return "", false
}

func (c *Change) encodeEffects() error {
	for _, e := range c.effects {
		payload, err := json.Marshal(e.payload)
		if err != nil {
			return fmt.Errorf("reservation: encoding the effect %s: %w", e.key, err)
		}
		c.Outbox = append(c.Outbox, innards.Message{Key: e.key, Kind: e.kind, Payload: payload})
	}
	return nil
}

func (c *Change) receipt() Receipt {
	r := &c.After
	receipt := Receipt{
		ID: r.ID, Number: r.Number, Version: c.Head.Version + 1,
		Confirmation: r.Confirmation, Guarantee: r.Guarantee, Occupancy: r.Occupancy, Commitment: r.Commitment,
		Moves: c.Event.Moves, Overrides: c.Event.Overrides, Warnings: c.warnings, Fee: c.fee,
		CancellationNumber: r.CancellationNumber, At: c.Head.Now,
	}
	receipt.Rooms, _ = r.Rooms()
	for _, m := range c.Outbox {
		receipt.Effects = append(receipt.Effects, m.Key)
	}
	return receipt
}

// ownNights makes the nights of After its own, so that changing them leaves Before alone.
func (c *Change) ownNights() []Night {
	c.After.Nights = slices.Clone(c.After.Nights)
	return c.After.Nights
}

// markDone notes that an occurrence of automation was carried out.
func (c *Change) markDone(occurrence string) {
	if !slices.Contains(c.After.Done, occurrence) {
		c.After.Done = append(slices.Clip(c.After.Done), occurrence)
	}
}

// publish adds to the payload of the event, what is neither personal nor free text.
func (c *Change) publish(name string, value any) {
	if c.public == nil {
		c.public = map[string]any{}
	}
	c.public[name] = value
}

// detail adds to the private part of the event.
func (c *Change) detail(name string, value any) {
	if c.private == nil {
		c.private = map[string]any{}
	}
	c.private[name] = value
}

// note adds a free text to the private part of the event and checks it.
func (c *Change) note(field, text string, most int) []innards.Blocker {
	if text != "" {
		c.detail(field, text)
	}
	return innards.CheckText(field, text, most)
}
