package reservation

import (
	"context"
	"time"

	"github.com/innards-go/innards"
)

// A Store keeps reservations and properties. It is safe for concurrent use and passes reservationtest.TestStore.
//
// Every method returns [innards.ErrUnscoped] for the zero scope, [innards.ErrNotFound] for a record outside of the
// scope, and an error matching [innards.ErrUnavailable] when the storage cannot be used for now. Due, Pending and Forget
// have no scope: they are for the tasks of the whole store.
//
// These are unique, and a commit that would break it is stale:
//   - the id of a property, and that of a reservation, in the tenant;
//   - the number of a reservation, in its property;
//   - an idempotency key, in the scope: two actors with the same scope share their keys, whichever records they are used
//     on, while one who is confined to a property or party has keys of its own;
//   - the claim of a reservation, for a date and slot;
//   - the claim in force of a room, for a date and slot;
//   - the reservation that is checked in in a room.
type Store interface {
	innards.Journal

	// Facts returns one snapshot of the reservation and all that ask needs. For the empty id, which asks for what a new
	// reservation needs, the reservation is zero and the property is ask.Property.
	Facts(ctx context.Context, s innards.Scope, ask Ask) (*Facts, error)
	// Commit writes all of the change in one transaction, durable on return, or nothing. It returns
	// [innards.ErrStale] if the reservation's version, the seen version of the property, a claim, a limit, the key or the
	// number does not hold any more, [innards.ErrNotFound] if the scope does not see the reservation, and an error matching
	// [innards.ErrOutcomeUnknown] if the connection broke while committing.
	Commit(ctx context.Context, c *Change) error

	// PropertyFacts and CommitProperty are the same for a property, named by ask.ID. Of one that the tenant does not have,
	// the facts are a head of version 0 with the id and no property, and no error is returned, since it may be about to be
	// created. An actor confined to another property gets [innards.ErrNotFound].
	PropertyFacts(ctx context.Context, s innards.Scope, ask Ask) (*PropertyFacts, error)
	CommitProperty(ctx context.Context, c *PropertyChange) error

	// Reservation returns one reservation.
	Reservation(ctx context.Context, s innards.Scope, id string) (Reservation, error)
	// Property returns one property. An actor confined to a party sees its properties too.
	Property(ctx context.Context, s innards.Scope, id string) (*Property, error)
	// Properties returns the properties of the scope, by id.
	Properties(ctx context.Context, s innards.Scope) ([]*Property, error)

	// Find returns a page of reservations, and List the same page as summaries.
	Find(ctx context.Context, s innards.Scope, q Query) (Page, error)
	List(ctx context.Context, s innards.Scope, q Query) (Listing, error)
	// Count counts what q finds, whatever its limit and cursor.
	Count(ctx context.Context, s innards.Scope, q Query) (Counts, error)
	// Segments sums what q finds by segment, guarantee, occupancy and currency, in that order.
	Segments(ctx context.Context, s innards.Scope, q Query) ([]SegmentRow, error)
	// Held returns the claims of the property for nights from the first date up to, not including, the second, that are
	// in force at the instant, by date, slot, type, room and reservation. The property must be in the scope; an actor confined
	// to a party sees the claims of its own reservations only.
	Held(ctx context.Context, s innards.Scope, property string, from, to innards.Date, at time.Time) ([]HeldNight, error)

	// Due returns up to limit reservations, in any tenant, whose due time is at or before the instant, the longest due
	// first. It shows no record.
	Due(ctx context.Context, at time.Time, limit int) ([]innards.Due, error)
	// SetDue sets when a sweep must look at the reservation next, nil: never, if the version is still the stored one;
	// otherwise it does nothing. The due time is an index entry, not a fact: it makes no event.
	SetDue(ctx context.Context, s innards.Scope, id string, version int64, due *time.Time) error
	// Keep keeps the answer under its key for the scope, unless one is kept already, and returns the one that is kept then.
	Keep(ctx context.Context, s innards.Scope, a innards.Answer) (innards.Answer, error)
	// Forget removes answers, in any tenant, kept under idempotency keys from before the instant, up to limit, and returns how many.
	Forget(ctx context.Context, before time.Time, limit int) (int, error)
}

// An Ask says which facts to read.
type Ask struct {
	ID       string // of the record; "" for a reservation that is being created
	Property string // of a reservation that is being created
	Number   string // of a reservation that is being created, if it is given one; only [Batcher] looks at it
	Key      string // idempotency key; "": none
	At       time.Time
	// Need returns what the intent needs to know of the inventory. It is called with the stored reservation, zero if it
	// does not exist, and the property, within the snapshot. Nil: nothing.
	Need func(*Reservation, *Property) Need
}

// A Need names nights and rooms or types whose inventory a decision rests on.
type Need struct {
	Dates []SlotDate
	Rooms []string
	Types []string
}

// A SlotDate is a date and slot of it.
type SlotDate struct {
	Date innards.Date
	Slot Slot
}

// A RoomNight is one room in one night.
type RoomNight struct {
	Room string
	SlotDate
}

// A TypeNight is one room type in one night.
type TypeNight struct {
	Type string
	SlotDate
}

// Facts are all that a guard or plan may see.
type Facts struct {
	innards.Head
	Property    *Property
	Reservation Reservation // as stored; zero if it does not exist yet
	// Taken names the reservation that holds a needed room in a needed night at Head.Now, this one left out.
	Taken map[RoomNight]string
	// Sold counts the claims in force at Head.Now of a needed type in a needed night, this reservation's left out.
	Sold map[TypeNight]int
	// InHouse names the reservation that is checked in in a needed room, this one left out.
	InHouse map[string]string

	// What follows is filled in by the service, not by the store.

	Actor innards.Actor
	// Intent is what is asked for; nil when the actions are listed.
	Intent Intent
	// Folio is the answer of the [Folio] port; nil if it was not asked.
	Folio *FolioState
	// NewNumber is for a reservation or cancellation that needs one.
	NewNumber string
	// NumberTaken says that the number that a new reservation is to have is in use in the property.
	NumberTaken bool
}

// Record implements the idiom of facts, decide, commit.
func (f *Facts) Record() *innards.Head { return &f.Head }

// A Change is all that one transaction writes for a reservation.
type Change struct {
	innards.Entry
	// Before and After are the reservation as it was read and as it will be stored, its version and hash not yet counted
	// up: the store sets them from the entry's event.
	Before, After Reservation
	// Free are claims of this reservation to be removed, whether they are still there or not; Take are claims to be
	// made. Claims of others that have expired by Head.Now give way. A claim in force of another reservation for the same
	// room, date and slot makes the change stale, and so does another reservation that is checked in in After.InRoom.
	Free, Take []Claim
	// Limits are numbers of claims in force that must not be exceeded once Free and Take are carried out.
	Limits []Limit
	// SeenProperty is the version that the property must still have; 0: the decision does not rest on it.
	SeenProperty int64
	// Due is when a sweep must look at it next; nil: never.
	Due *time.Time
	// Erase removes the private part of all earlier events of the reservation.
	Erase bool

	facts    *Facts
	effects  []effect
	warnings []Warning
	fee      *Fee           // charged or reversed
	private  map[string]any // for the private part of the event
	public   map[string]any // for the event's payload, beside what follows from Before and After
}

// Common implements the idiom of facts, decide, commit.
func (c *Change) Common() *innards.Entry { return &c.Entry }

// A Limit is the most claims that may be in force for a type in a night.
type Limit struct {
	TypeNight
	Most int
}

// PropertyFacts are all that a guard or plan of a property's command may see.
type PropertyFacts struct {
	innards.Head
	Property *Property // nil if it does not exist yet
	Actor    innards.Actor
	Intent   PropertyIntent
}

// Record implements the idiom of facts, decide, commit.
func (f *PropertyFacts) Record() *innards.Head { return &f.Head }

// A PropertyChange is all that one transaction writes for a property.
type PropertyChange struct {
	innards.Entry
	After Property // its version and hash not yet counted up
	// Wake sets the due time of reservations of the property, so that the sweeps look at them; nil: of none.
	Wake *Wake

	facts *PropertyFacts
}

// Common implements the idiom of facts, decide, commit.
func (c *PropertyChange) Common() *innards.Entry { return &c.Entry }

// A Wake says which reservations the sweeps must look at again.
type Wake struct {
	At time.Time
	// Where they are; for example all expected ones that arrived up to the closed date.
	Where Condition
}

// A Folio is asked before a command that charges or settles. The answer may refuse the command; it never stands in the
// way of a restore.
type Folio interface {
	// State returns how the folio of a reservation stands.
	State(ctx context.Context, reservation string) (FolioState, error)
}

// A FolioState is how the folio of a reservation stands.
type FolioState struct {
	Closed  bool          `json:"closed"`
	Charged bool          `json:"charged"` // anything was charged to it
	Balance innards.Money `json:"balance"` // positive: the guest owes it
}
