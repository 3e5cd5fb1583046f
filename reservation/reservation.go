package reservation

import (
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// Confirmation says whether the guest or contact has been sent a confirmation.
type Confirmation string

// The confirmation statuses.
const (
	Unconfirmed Confirmation = "unconfirmed"
	Confirmed   Confirmation = "confirmed"
)

// Confirmations returns all confirmation statuses.
func Confirmations() []Confirmation { return []Confirmation{Unconfirmed, Confirmed} }

// Guarantee says whether the conditions of the guarantee policy are met.
type Guarantee string

// The guarantee statuses.
const (
	NotGuaranteed Guarantee = "not_guaranteed"
	Guaranteed    Guarantee = "guaranteed"
)

// Guarantees returns all guarantee statuses.
func Guarantees() []Guarantee { return []Guarantee{NotGuaranteed, Guaranteed} }

// Occupancy says where the guest is. Expected, checked in and checked out reservations are valid; cancelled and no-show
// ones are not.
type Occupancy string

// The occupancy statuses.
const (
	Expected   Occupancy = "expected"
	CheckedIn  Occupancy = "checked_in"
	CheckedOut Occupancy = "checked_out"
	Cancelled  Occupancy = "cancelled"
	NoShow     Occupancy = "no_show"
)

// Occupancies returns all occupancy statuses.
func Occupancies() []Occupancy {
	return []Occupancy{Expected, CheckedIn, CheckedOut, Cancelled, NoShow}
}

// Valid is the trait of occupancy statuses in which the reservation stands.
const Valid innards.Trait = "valid"

// Commitment says how firmly the house is committed to the stay.
type Commitment string

// The commitments. Only definite reservations and unreleased options take inventory.
const (
	Definite   Commitment = "definite"
	Optional   Commitment = "optional" // until ReleaseAt
	Waitlisted Commitment = "waitlisted"
	Inquiry    Commitment = "inquiry"
)

// Commitments returns all commitments.
func Commitments() []Commitment { return []Commitment{Definite, Optional, Waitlisted, Inquiry} }

// Source says where the reservation came from.
type Source string

// The sources.
const (
	SourceFrontDesk      Source = "front_desk"
	SourceBookingEngine  Source = "booking_engine"  // the hotel's own
	SourceChannelManager Source = "channel_manager" // see [Channel]
	SourceAgency         Source = "agency"
	SourcePhone          Source = "phone"
	SourceEmail          Source = "email"
	SourceWalkIn         Source = "walk_in"
	SourceImport         Source = "import"
)

// Sources returns all sources.
func Sources() []Source {
	return []Source{SourceFrontDesk, SourceBookingEngine, SourceChannelManager, SourceAgency, SourcePhone, SourceEmail,
		SourceWalkIn, SourceImport}
}

// A Channel is the channel manager that a reservation came through.
type Channel struct {
	Name string `json:"name"`
	// Reference is the channel's own number for the reservation.
	Reference string `json:"reference,omitempty"`
	// Processor says that the channel works with a payment processor, which holds the guest's payment.
	Processor bool `json:"processor,omitempty"`
}

// A Person is the guest or contact. All of it is personal data: it is kept in the reservation, never in the history's
// public part, and can be erased.
type Person struct {
	Name     string `json:"name"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Language string `json:"language,omitempty"` // BCP 47, such as "bg"
	Country  string `json:"country,omitempty"`  // ISO 3166-1 alpha-2
}

// A Card is a payment card as a payment provider names it. There is never a card number.
type Card struct {
	Token   string `json:"token"`
	Brand   string `json:"brand,omitempty"`
	Last4   string `json:"last4,omitempty"`
	Expires string `json:"expires,omitempty"` // YYYY-MM
	Invalid bool   `json:"invalid,omitempty"`
}

// A Slot says which part of a day a room is taken for.
type Slot string

// The slots. A day use of a room does not collide with the nights before and after it.
const (
	SlotNight  Slot = "night"
	SlotDayUse Slot = "day_use"
)

// A Night is one night of a stay, or its only day if it has none (day use).
type Night struct {
	Date innards.Date `json:"date"`
	Slot Slot         `json:"slot"`
	// Room that is assigned for the night; empty: none yet.
	Room string `json:"room,omitempty"`
	// Type of room that the night takes from the inventory: the room's own, or the booked one if no room is assigned.
	Type string `json:"type"`
	// Price of the night.
	Price innards.Money `json:"price"`
}

// An Extra is booked revenue beside the nights, such as a dinner.
type Extra struct {
	Group string        `json:"group"` // of revenue, such as "board"
	Price innards.Money `json:"price"`
}

// An Evidence is what shows that a condition of the guarantee policy is met.
type Evidence struct {
	Method    Method    `json:"method"`
	Trigger   Trigger   `json:"trigger"`
	Actor     string    `json:"actor"`
	Reference string    `json:"reference,omitempty"`
	At        time.Time `json:"at"`
}

// A Fee is what a cancellation or no-show costs. There is at most one a cycle; a cycle ends when the reservation is
// restored.
type Fee struct {
	Cycle  int           `json:"cycle"`
	Kind   Occupancy     `json:"kind"` // Cancelled or NoShow
	Amount innards.Money `json:"amount"`
	// Deposit that was applied to it.
	Applied innards.Money `json:"applied"`
	// Refunded is the deposit that was paid back when the fee was charged.
	Refunded innards.Money `json:"refunded"`
	// Released is the authorisation that was let go when the fee was charged, since the fee does not need it.
	Released innards.Money `json:"released,omitzero"`
	// Waived says that a fee was due but was not charged.
	Waived   bool      `json:"waived,omitempty"`
	Reversed bool      `json:"reversed,omitempty"`
	At       time.Time `json:"at"`
}

// A Reservation is one stay. Its statuses are four independent axes; what can be derived from it is not stored, see
// [Reservation.State].
type Reservation struct {
	ID       string       `json:"id"`
	Tenant   string       `json:"tenant"`
	Property string       `json:"property"`
	Party    string       `json:"party,omitempty"` // account, guest or partner that may see it; a pseudonym, which erasing leaves
	Number   string       `json:"number"`          // that people see
	Version  int64        `json:"version"`
	Hash     innards.Hash `json:"hash"` // of the last event

	Confirmation Confirmation `json:"confirmation"`
	// ConfirmationStale says that a material amendment came after the confirmation.
	ConfirmationStale bool `json:"confirmation_stale,omitempty"`
	// Revision counts the material amendments, from 1. A confirmation is of one revision.
	Revision int `json:"revision"`

	Guarantee Guarantee `json:"guarantee"`
	// EvidenceStale says that the evidence dates from before a restore and should be checked.
	EvidenceStale bool       `json:"guarantee_evidence_stale,omitempty"`
	Evidence      []Evidence `json:"evidence,omitempty"`
	// GuaranteeLapsed says that the guarantee deadline passed and the policy gave up on it.
	GuaranteeLapsed bool `json:"guarantee_lapsed,omitempty"`
	// GuaranteeDeadline is the instant from which on a missing guarantee is overdue; nil: never, as without a policy.
	GuaranteeDeadline *time.Time `json:"guarantee_deadline,omitempty"`

	Occupancy Occupancy `json:"occupancy"`

	Commitment Commitment `json:"commitment"`
	ReleaseAt  *time.Time `json:"release_at,omitempty"` // of an option

	Arrival   innards.Date `json:"arrival"`
	Departure innards.Date `json:"departure"` // equal to Arrival for day use
	Type      string       `json:"type"`      // of room, as booked
	Nights    []Night      `json:"nights"`
	// ReleasedFrom is the first night that was given back by an early departure, a cancellation or a no-show; zero: none.
	ReleasedFrom innards.Date `json:"released_from,omitzero"`
	// OriginalArrival is the day booked before the arrival was rolled on; zero: it was not.
	OriginalArrival innards.Date `json:"original_arrival,omitzero"`
	RoomLocked      bool         `json:"room_locked,omitempty"`
	// Overbooked says that more of the room type was sold than there is.
	Overbooked bool `json:"overbooked,omitempty"`
	// InRoom is the room that the guest is in while checked in.
	InRoom string `json:"in_room,omitempty"`

	Adults   int `json:"adults"`
	Children int `json:"children,omitempty"`

	Guest   Person   `json:"guest"`
	Source  Source   `json:"source"`
	Channel *Channel `json:"channel,omitempty"`
	Segment string   `json:"segment,omitempty"`
	Extras  []Extra  `json:"extras,omitempty"`

	// GuaranteePolicy and CancellationPolicy are snapshots from when it was booked; nil: none.
	GuaranteePolicy    *GuaranteePolicy    `json:"guarantee_policy,omitempty"`
	CancellationPolicy *CancellationPolicy `json:"cancellation_policy,omitempty"`

	Card *Card `json:"card,omitempty"`
	// Paid is the deposit that was received and neither applied to a fee nor refunded. Authorised is what a card or
	// processor holds. Both in the currency of the property.
	Paid innards.Money `json:"paid"`
	// Refunding is the deposit that a cancellation ordered to be paid back, until the refund is recorded.
	Refunding  innards.Money `json:"refunding,omitzero"`
	Authorised innards.Money `json:"authorised"`
	// Releasing is the authorisation that a cancellation ordered to be let go, until its end is recorded.
	Releasing innards.Money `json:"releasing,omitzero"`

	// Cycle counts how often it was void, from 0. Fees has at most one entry a cycle.
	Cycle              int    `json:"cycle,omitempty"`
	Fees               []Fee  `json:"fees,omitempty"`
	CancellationNumber string `json:"cancellation_number,omitempty"`
	// AutopayPaused stops automatic payments after a restore until the guarantee is given again.
	AutopayPaused bool `json:"autopay_paused,omitempty"`

	ArrivedAt  *time.Time   `json:"arrived_at,omitempty"`
	DepartedAt *time.Time   `json:"departed_at,omitempty"`
	CheckedOn  innards.Date `json:"checked_in_on,omitzero"` // business date of the check-in
	CreatedAt  time.Time    `json:"created_at"`

	// Done holds the occurrences of automation that were carried out: rule and occurrence.
	Done []string `json:"done,omitempty"`

	// Attributes belong to the embedder: stored, found by equality, never interpreted.
	Attributes map[string]string `json:"attributes,omitempty"`
}

// IsValid reports whether the reservation stands: expected, checked in or checked out.
func (r *Reservation) IsValid() bool {
	return r.Occupancy == Expected || r.Occupancy == CheckedIn || r.Occupancy == CheckedOut
}

// DayUse reports whether the stay has no night.
func (r *Reservation) DayUse() bool { return r.Arrival == r.Departure }

// RoomNights returns the number of nights in rooms; a day use has none.
func (r *Reservation) RoomNights() (nights int) {
	for _, n := range r.Nights {
		if n.Slot == SlotNight {
			nights++
		}
	}
	return nights
}

// Blocks reports whether the reservation takes inventory at the instant: it is valid, and definite or an option before
// its release.
func (r *Reservation) Blocks(at time.Time) bool {
	return r.IsValid() && (r.Commitment == Definite || r.Commitment == Optional && !r.Lapsed(at))
}

// Lapsed reports whether it is an option past its release time. The very second of the release is past it.
func (r *Reservation) Lapsed(at time.Time) bool {
	return r.Commitment == Optional && r.ReleaseAt != nil && !at.Before(*r.ReleaseAt)
}

// Currency returns the currency of all amounts of the reservation.
func (r *Reservation) Currency() innards.Currency {
	if len(r.Nights) == 0 {
		return ""
	}
	return r.Nights[0].Price.Currency()
}

// A Claim is a room, or only one of a type, for one night. No room is claimed twice for a night and slot.
type Claim struct {
	Date innards.Date
	Slot Slot
	Type string
	Room string // empty: one of the type
	// Expires is the release time of an option, nil otherwise. From then on it is no claim, whether it was removed or not.
	Expires *time.Time
}

// Claims returns what the reservation takes of the inventory: nothing unless it is definite or an option; the nights
// before ReleasedFrom if some were given back.
func (r *Reservation) Claims() []Claim {
	if r.Commitment != Definite && r.Commitment != Optional {
		return nil
	}
	var claims []Claim
	for _, n := range r.Nights {
		if !r.ReleasedFrom.IsZero() && !n.Date.Before(r.ReleasedFrom) {
			break
		}
		c := Claim{Date: n.Date, Slot: n.Slot, Type: n.Type, Room: n.Room}
		if r.Commitment == Optional {
			c.Expires = r.ReleaseAt
		}
		claims = append(claims, c)
	}
	return claims
}

// Rooms returns the rooms of the stay in the order of its nights, each once, and whether every night has one.
func (r *Reservation) Rooms() (rooms []string, whole bool) {
	whole = true
	for _, n := range r.Nights {
		whole = whole && n.Room != ""
		if n.Room != "" && !slices.Contains(rooms, n.Room) {
			rooms = append(rooms, n.Room)
		}
	}
	return rooms, whole
}

// RoomOn returns the room of the night of the given day; if that night has none or is not of the stay, the room of the
// last night before it that has one.
func (r *Reservation) RoomOn(day innards.Date) string {
	room := ""
	for i, n := range r.Nights {
		if i > 0 && n.Date.After(day) {
			break
		}
		if n.Room != "" {
			room = n.Room
		}
	}
	return room
}

// openFrom returns the first night that is not over on the business date, or the last night if all are: who comes after
// midnight, when the day of a one-night stay is closed already, still needs a room for it.
func (r *Reservation) openFrom(day innards.Date) innards.Date {
	open := r.Arrival
	for _, n := range r.Nights {
		if open = n.Date; !open.Before(day) {
			break
		}
	}
	return open
}

// nextRoom returns the room of the first night that is not over on the business date, "" if it has none.
func (r *Reservation) nextRoom(day innards.Date) string {
	open := r.openFrom(day)
	for _, n := range r.Nights {
		if n.Date == open {
			return n.Room
		}
	}
	return ""
}

// nightsEnd returns the day after the last night, or after the day of a day use.
func (r *Reservation) nightsEnd() innards.Date {
	return r.Arrival.AddDays(nightCount(r.Arrival, r.Departure))
}
