package reservation

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// A Profile decides where sources differ on what may be cancelled or marked as a no-show.
type Profile string

// The profiles.
const (
	// ProfileSeed allows cancel and no-show for every valid reservation, as Clock PMS+ documents. It is the default.
	ProfileSeed Profile = "seed"
	// ProfileStrict allows them only while the guest is expected.
	ProfileStrict Profile = "strict"
)

// Profiles returns all profiles.
func Profiles() []Profile { return []Profile{ProfileSeed, ProfileStrict} }

// A Property is a hotel: its calendar, inventory, policies and rules. It is immutable; a command makes a new version.
type Property struct {
	ID      string       `json:"id"`
	Tenant  string       `json:"tenant"`
	Version int64        `json:"version"`
	Hash    innards.Hash `json:"hash"`

	Name     string           `json:"name"`
	Zone     string           `json:"zone"` // IANA, such as "Europe/Sofia"
	Currency innards.Currency `json:"currency"`
	// BusinessDate is the day that is open. Only close day advances it.
	BusinessDate innards.Date `json:"business_date"`
	Settings     Settings     `json:"settings"`

	Types                []RoomType           `json:"types,omitempty"`
	Rooms                []Room               `json:"rooms,omitempty"`
	GuaranteePolicies    []GuaranteePolicy    `json:"guarantee_policies,omitempty"`
	CancellationPolicies []CancellationPolicy `json:"cancellation_policies,omitempty"`
	MessageRules         []MessageRule        `json:"message_rules,omitempty"`
	PaymentTasks         []PaymentTask        `json:"payment_tasks,omitempty"`

	zone  *time.Location
	rooms map[string]int // index of Rooms by id
	free  map[string]int // rooms in service by type
}

// Settings are what hotels do differently.
type Settings struct {
	Profile Profile `json:"profile"`
	// CheckInTime is the hour of the arrival instant, from which policies count back.
	CheckInTime  innards.TimeOfDay `json:"check_in_time"`
	CheckOutTime innards.TimeOfDay `json:"check_out_time"`
	// FirstSegmentSuffices lets a guest check in with a room for the first night only.
	FirstSegmentSuffices bool `json:"first_segment_suffices,omitempty"`
	// NoShowSweep marks expected arrivals as no-shows once their day is closed; SpareGuaranteed leaves out the
	// guaranteed ones.
	NoShowSweep     bool `json:"no_show_sweep,omitempty"`
	SpareGuaranteed bool `json:"spare_guaranteed,omitempty"`
}

// complete fills in the defaults: the seed profile, check-in from 14:00, check-out until 12:00.
func (s Settings) complete(field string) (Settings, []innards.Blocker) {
	s.Profile = cmp.Or(s.Profile, ProfileSeed)
	s.CheckInTime, s.CheckOutTime = cmp.Or(s.CheckInTime, 14*60), cmp.Or(s.CheckOutTime, 12*60)
	var blockers []innards.Blocker
	if !slices.Contains(Profiles(), s.Profile) {
		blockers = append(blockers, SettingInvalid.In(field+".profile", ProfileSeed, "or", ProfileStrict))
	}
	for i, t := range []innards.TimeOfDay{s.CheckInTime, s.CheckOutTime} {
		if !isTimeOfDay(t) {
			blockers = append(blockers, SettingInvalid.In(field+[]string{".check_in_time", ".check_out_time"}[i], "00:00 to 24:00"))
		}
	}
	return s, blockers
}

// A RoomType is a category of rooms that is sold.
type RoomType struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Sleeps is the number of guests a room of the type holds; 0: not checked.
	Sleeps int `json:"sleeps,omitempty"`
}

// A Room is one room, or house.
type Room struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	// OutOfOrder takes the room out of the inventory.
	OutOfOrder bool `json:"out_of_order,omitempty"`
}

// Prepare checks a property that was read or made and makes its look-ups. Stores call it on every property they return.
func (p *Property) Prepare() (err error) {
	if p.zone, err = time.LoadLocation(p.Zone); err != nil {
		return fmt.Errorf("%w: property %s: %w", innards.ErrCorrupt, p.ID, err)
	}
	p.rooms, p.free = map[string]int{}, map[string]int{}
	for i, r := range p.Rooms {
		p.rooms[r.ID] = i
		if !r.OutOfOrder {
			p.free[r.Type]++
		}
	}
	return nil
}

// Location returns the property's time zone.
func (p *Property) Location() *time.Location { return p.zone }

// Room returns a room by its id.
func (p *Property) Room(id string) (Room, bool) {
	i, ok := p.rooms[id]
	if !ok {
		return Room{}, false
	}
	return p.Rooms[i], true
}

// RoomType returns a room type by its id.
func (p *Property) RoomType(id string) (RoomType, bool) { return find(p.Types, id, RoomType.key) }

// InService returns how many rooms of the type there are, without those out of order.
func (p *Property) InService(roomType string) int { return p.free[roomType] }

// Guarantee returns a guarantee policy by its name.
func (p *Property) Guarantee(name string) (GuaranteePolicy, bool) {
	return find(p.GuaranteePolicies, name, GuaranteePolicy.key)
}

// Cancellation returns a cancellation policy by its name.
func (p *Property) Cancellation(name string) (CancellationPolicy, bool) {
	return find(p.CancellationPolicies, name, CancellationPolicy.key)
}

// nought returns no money in the currency of the property.
func (p *Property) nought() innards.Money {
	m, _ := innards.FromMinor(0, p.Currency) // a property always has a currency
	return m
}

// Today returns the civil day in the property's zone.
func (p *Property) Today(at time.Time) innards.Date { return innards.DateOf(at.In(p.zone)) }

// ArrivalInstant returns when a guest arriving on the day may check in, from which policies count back.
func (p *Property) ArrivalInstant(arrival innards.Date) time.Time {
	return arrival.At(p.Settings.CheckInTime, p.zone)
}

func (t RoomType) key() string           { return t.ID }
func (r Room) key() string               { return r.ID }
func (g GuaranteePolicy) key() string    { return g.Name }
func (c CancellationPolicy) key() string { return c.Name }
func (m MessageRule) key() string        { return m.ID }
func (t PaymentTask) key() string        { return t.ID }

// find returns the element of list with the given key.
func find[T any](list []T, key string, keyOf func(T) string) (T, bool) {
	for _, e := range list {
		if keyOf(e) == key {
			return e, true
		}
	}
	var none T
	return none, false
}

// put returns list with e in the place of the element with the same key, or at the end. List itself is not changed.
func put[T any](list []T, e T, keyOf func(T) string) []T {
	out := make([]T, 0, len(list)+1)
	replaced := false
	for _, have := range list {
		if keyOf(have) == keyOf(e) {
			have, replaced = e, true
		}
		out = append(out, have)
	}
	if !replaced {
		out = append(out, e)
	}
	return out
}
