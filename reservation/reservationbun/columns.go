package reservationbun

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	fastjson "github.com/segmentio/encoding/json"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// The columns that repeat what is in the document, in the order of stateOf and restOf. Those of the state change often and
// are in no index, so that a change of nothing else writes one row and no index entry.
var (
	stateColumns = []string{
		"confirmation", "confirmation_stale", "guarantee", "guarantee_evidence_stale", "guarantee_lapsed",
		"guarantee_deadline", "commitment", "release_at", "overbooked",
	}
	restColumns = []string{
		"party", "number", "guarantee_policy", "cancellation_policy", "occupancy", "arrival", "departure", "created_at",
		"type", "rooms", "in_room", "room_assigned", "source", "segment", "guest", "adults", "children", "nights", "revenue", "currency",
	}
)

func stateOf(r *reservation.Reservation) []any {
	return []any{
		string(r.Confirmation), r.ConfirmationStale, string(r.Guarantee), r.EvidenceStale, r.GuaranteeLapsed,
		bunstore.MicrosOrNil(r.GuaranteeDeadline), string(r.Commitment), bunstore.MicrosOrNil(r.ReleaseAt), r.Overbooked,
	}
}

func restOf(r *reservation.Reservation) ([]any, error) {
	rooms, assigned := r.Rooms()
	revenue, err := r.Total()
	return []any{
		textOrNil(r.Party), r.Number, guaranteePolicyOf(r), cancellationPolicyOf(r), string(r.Occupancy), r.Arrival.String(),
		r.Departure.String(), bunstore.Micros(r.CreatedAt), r.Type, textOrNil(strings.Join(rooms, roomSeparator)), textOrNil(r.InRoom), assigned, string(r.Source),
		textOrNil(r.Segment), r.Guest.Name, r.Adults, r.Children, r.RoomNights(), revenue.Minor(), string(r.Currency()),
	}, err
}

// roomSeparator stands between rooms: no id holds a space.
const roomSeparator = " "

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func guaranteePolicyOf(r *reservation.Reservation) any {
	if r.GuaranteePolicy == nil {
		return nil
	}
	return r.GuaranteePolicy.Name
}

func cancellationPolicyOf(r *reservation.Reservation) any {
	if r.CancellationPolicy == nil {
		return nil
	}
	return r.CancellationPolicy.Name
}

// documentOf returns the record as JSON.
func documentOf(record any) (string, error) {
	text, err := json.Marshal(record)
	if err != nil {
		return "", fmt.Errorf("reservation: encoding the record: %w", err)
	}
	return string(text), nil
}

// parseReservation reads what documentOf wrote, which is a third of the work of a command in encoding/json. The fast
// decoder does not validate the text before it reads it, as encoding/json does. That is fine only for the store's own
// documents: nothing that comes from outside may be read by it.
func parseReservation(doc []byte) (r reservation.Reservation, err error) {
	if err := fastjson.Unmarshal(doc, &r); err != nil || r.ID == "" {
		return r, unreadable("reservation", doc, new(reservation.Reservation))
	}
	return r, nil
}

func parseProperty(doc []byte) (*reservation.Property, error) {
	p := new(reservation.Property)
	if err := json.Unmarshal(doc, p); err != nil || p.ID == "" {
		return nil, unreadable("property", doc, new(reservation.Property))
	}
	return p, p.Prepare()
}

// unreadable says what is wrong with a document. The fast decoder's errors quote it, which a log must not: they are those
// of encoding/json.
func unreadable(kind string, doc []byte, into any) error {
	err := json.Unmarshal(doc, into)
	if err == nil {
		err = errors.New("it holds none")
	}
	return fmt.Errorf("%w: the document of a %s: %w", innards.ErrCorrupt, kind, err)
}
