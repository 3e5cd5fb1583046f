package reservation

import (
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// A Field is a property of a reservation that searches can test and stores index.
type Field string

// The fields.
const (
	FieldID                Field = "id"
	FieldProperty          Field = "property"
	FieldNumber            Field = "number"
	FieldParty             Field = "party"
	FieldConfirmation      Field = "confirmation"
	FieldConfirmationStale Field = "confirmation_stale" // bool
	FieldGuarantee         Field = "guarantee"
	FieldEvidenceStale     Field = "guarantee_evidence_stale" // bool
	FieldLapsed            Field = "guarantee_lapsed"         // bool
	FieldDeadline          Field = "guarantee_deadline"       // time.Time, unset if there is none
	FieldGuaranteePolicy   Field = "guarantee_policy"         // name, unset if there is none
	FieldCancelPolicy      Field = "cancellation_policy"      // name, unset if there is none
	FieldOccupancy         Field = "occupancy"
	FieldCommitment        Field = "commitment"
	FieldReleaseAt         Field = "release_at"    // time.Time, unset if there is none
	FieldArrival           Field = "arrival"       // innards.Date
	FieldDeparture         Field = "departure"     // innards.Date
	FieldCreated           Field = "created_at"    // time.Time
	FieldType              Field = "type"          // as booked
	FieldRoom              Field = "room"          // any room of the stay: holds if one of them is it; unset if none is assigned
	FieldInRoom            Field = "in_room"       // unset unless checked in
	FieldAssigned          Field = "room_assigned" // bool: every night has a room
	FieldOverbooked        Field = "overbooked"    // bool
	FieldSource            Field = "source"
	FieldSegment           Field = "segment"
	FieldGuest             Field = "guest" // the name, for sorting only: words are found with Query.Words
)

// An Op compares a field with a value.
type Op string

// The operations. An unset field satisfies only OpUnset and OpNot.
const (
	OpIs    Op = "is"
	OpNot   Op = "not"
	OpIn    Op = "in"    // Value is a []string
	OpUnder Op = "under" // before, less than
	OpFrom  Op = "from"  // at or after
	OpUntil Op = "until" // at or before
	OpOver  Op = "over"  // after
	OpSet   Op = "set"   // without a value
	OpUnset Op = "unset" // without a value
)

// A Test is one comparison. Value is a string, bool, time.Time, innards.Date or []string, as the field and operation
// demand. Attribute, if not empty, names an attribute of the embedder instead of a field; only OpIs applies to it.
type Test struct {
	Field     Field
	Attribute string
	Op        Op
	Value     any
}

// A Condition holds if all tests of one of its alternatives hold. It is the only form in which rules about derived
// states exist, so that Go and every store's query language say the same.
type Condition [][]Test

// All returns the condition that all tests hold.
func All(tests ...Test) Condition { return Condition{tests} }

// Holds reports whether the condition holds for r.
func (c Condition) Holds(r *Reservation) bool {
	return slices.ContainsFunc(c, func(tests []Test) bool {
		return !slices.ContainsFunc(tests, func(t Test) bool { return !t.holds(r) })
	})
}

func (t Test) holds(r *Reservation) bool {
	if t.Attribute != "" {
		return r.Attributes[t.Attribute] == t.Value
	}
	if t.Field == FieldRoom {
		return t.holdsForRooms(r)
	}
	return t.holdsFor(r.field(t.Field))
}

func (t Test) holdsForRooms(r *Reservation) bool {
	rooms, _ := r.Rooms()
	if t.Op == OpUnset || t.Op == OpNot {
		return !slices.ContainsFunc(rooms, func(room string) bool { return t.Op == OpUnset || room == t.Value })
	}
	return slices.ContainsFunc(rooms, func(room string) bool { return t.holdsFor(room) })
}

// holdsFor compares a value, nil if it is unset.
func (t Test) holdsFor(value any) bool {
	switch t.Op {
	case OpSet, OpUnset:
		return (value != nil) == (t.Op == OpSet)
	case OpNot:
		return value != t.Value
	}
	if value == nil {
		return false
	}
	switch t.Op {
	case OpIs:
		return value == t.Value
	case OpIn:
		return slices.Contains(t.Value.([]string), value.(string))
	case OpUnder:
		return order(value, t.Value) < 0
	case OpFrom:
		return order(value, t.Value) >= 0
	case OpUntil:
		return order(value, t.Value) <= 0
	case OpOver:
		return order(value, t.Value) > 0
	}
	return false
}

// order compares two values of one type.
func order(a, b any) int {
	switch a := a.(type) {
	case innards.Date:
		return a.Compare(b.(innards.Date))
	case time.Time:
		return a.Compare(b.(time.Time))
	}
	return 0
}

// field returns the value of a field other than FieldRoom: a string, bool, time.Time or innards.Date; nil if it is unset.
func (r *Reservation) field(f Field) any {
	switch f {
	case FieldID:
		return r.ID
	case FieldProperty:
		return r.Property
	case FieldNumber:
		return r.Number
	case FieldParty:
		return optional(r.Party)
	case FieldConfirmation:
		return string(r.Confirmation)
	case FieldConfirmationStale:
		return r.ConfirmationStale
	case FieldGuarantee:
		return string(r.Guarantee)
	case FieldEvidenceStale:
		return r.EvidenceStale
	case FieldLapsed:
		return r.GuaranteeLapsed
	case FieldDeadline:
		return instant(r.GuaranteeDeadline)
	case FieldGuaranteePolicy:
		if r.GuaranteePolicy != nil {
			return r.GuaranteePolicy.Name
		}
		return nil
	case FieldCancelPolicy:
		if r.CancellationPolicy != nil {
			return r.CancellationPolicy.Name
		}
		return nil
	case FieldOccupancy:
		return string(r.Occupancy)
	case FieldCommitment:
		return string(r.Commitment)
	case FieldReleaseAt:
		return instant(r.ReleaseAt)
	case FieldArrival:
		return r.Arrival
	case FieldDeparture:
		return r.Departure
	case FieldCreated:
		return r.CreatedAt
	case FieldType:
		return r.Type
	case FieldInRoom:
		return optional(r.InRoom)
	case FieldAssigned:
		_, whole := r.Rooms()
		return whole
	case FieldOverbooked:
		return r.Overbooked
	case FieldSource:
		return string(r.Source)
	case FieldSegment:
		return optional(r.Segment)
	case FieldGuest:
		return r.Guest.Name
	}
	return nil
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func instant(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}

// A Cursor is where a page ended: the value of the sorting field and the id of its last reservation.
type Cursor struct {
	Value string `json:"value"` // dates as YYYY-MM-DD, instants as RFC 3339
	ID    string `json:"id"`
}

// A Query is what stores answer. Callers make one with [Search].
type Query struct {
	// Where are conditions that all must hold.
	Where []Condition
	// Words must all begin a word of [Reservation.SearchTexts], whatever the case and accents.
	Words []string
	// Sort is FieldArrival (the default), FieldDeparture, FieldCreated, FieldNumber or FieldGuest; the id breaks ties.
	Sort       Field
	Descending bool
	// After is the cursor of the page before; nil: the first page.
	After *Cursor
	Limit int
}

// SearchTexts returns the texts by whose words the reservation is found: the guest's name, e-mail and phone, and the number.
func (r *Reservation) SearchTexts() [4]string {
	return [...]string{r.Guest.Name, r.Guest.Email, r.Guest.Phone, r.Number}
}

// A Page is a part of an answer. Next is nil on the last page.
type Page struct {
	Reservations []Reservation
	Next         *Cursor
}

// Counts are numbers of reservations by the stored statuses.
type Counts struct {
	Total        int64                  `json:"total"`
	Confirmation map[Confirmation]int64 `json:"confirmation"`
	Guarantee    map[Guarantee]int64    `json:"guarantee"`
	Occupancy    map[Occupancy]int64    `json:"occupancy"`
	Commitment   map[Commitment]int64   `json:"commitment"`
}

// A SegmentRow is one line of the segments report: the reservations of a segment with the same guarantee and occupancy
// status and currency.
type SegmentRow struct {
	Segment      string        `json:"segment"`
	Guarantee    Guarantee     `json:"guarantee"`
	Occupancy    Occupancy     `json:"occupancy"`
	Reservations int64         `json:"reservations"`
	Nights       int64         `json:"nights"`  // of rooms; a day use has none
	Revenue      innards.Money `json:"revenue"` // of nights and extras, as booked
}

// A HeldNight is a claim as the room calendar needs it.
type HeldNight struct {
	Claim
	Reservation string
}

// An Availability is what is left of a room type for one night.
type Availability struct {
	Type      string       `json:"type"`
	Date      innards.Date `json:"date"`
	InService int          `json:"in_service"`
	Sold      int          `json:"sold"`
	Free      int          `json:"free"` // negative if overbooked
}
