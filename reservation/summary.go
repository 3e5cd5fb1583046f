package reservation

import (
	"context"
	"time"

	"github.com/innards-go/innards"
)

// A Summary is what a list shows of a reservation. Stores read it from columns, so that a page costs a fraction of what
// whole reservations do.
type Summary struct {
	ID       string `json:"id"`
	Property string `json:"property"`
	Party    string `json:"party,omitempty"`
	Number   string `json:"number"` // that people see
	Version  int64  `json:"version"`

	Confirmation      Confirmation `json:"confirmation"`
	ConfirmationStale bool         `json:"confirmation_stale,omitempty"`
	Guarantee         Guarantee    `json:"guarantee"`
	EvidenceStale     bool         `json:"guarantee_evidence_stale,omitempty"`
	GuaranteeLapsed   bool         `json:"guarantee_lapsed,omitempty"`
	GuaranteeDeadline *time.Time   `json:"guarantee_deadline,omitempty"`
	Occupancy         Occupancy    `json:"occupancy"`
	Commitment        Commitment   `json:"commitment"`
	ReleaseAt         *time.Time   `json:"release_at,omitempty"` // of an option

	Arrival   innards.Date `json:"arrival"`
	Departure innards.Date `json:"departure"`   // equal to Arrival for day use
	Nights    int          `json:"night_count"` // of rooms; a day use has none
	Type      string       `json:"type"`        // of room, as booked
	Rooms     []string     `json:"rooms,omitempty"`
	// Assigned says that every night has a room.
	Assigned   bool   `json:"room_assigned"`
	InRoom     string `json:"in_room,omitempty"` // while checked in
	Overbooked bool   `json:"overbooked,omitempty"`

	GuestName string `json:"guest_name"`
	Adults    int    `json:"adults"`
	Children  int    `json:"children,omitempty"`

	Source  Source `json:"source"`
	Segment string `json:"segment,omitempty"`
	// GuaranteePolicy and CancellationPolicy are names; empty: none.
	GuaranteePolicy    string        `json:"guarantee_policy,omitempty"`
	CancellationPolicy string        `json:"cancellation_policy,omitempty"`
	Total              innards.Money `json:"total"` // of nights and extras
	CreatedAt          time.Time     `json:"created_at"`
}

// Summary returns what a list shows of r. It fails if the prices do not add up to an amount, which those of a stored
// reservation do.
func (r *Reservation) Summary() (Summary, error) {
	s := Summary{
		ID: r.ID, Property: r.Property, Party: r.Party, Number: r.Number, Version: r.Version,
		Confirmation: r.Confirmation, ConfirmationStale: r.ConfirmationStale,
		Guarantee: r.Guarantee, EvidenceStale: r.EvidenceStale, GuaranteeLapsed: r.GuaranteeLapsed, GuaranteeDeadline: r.GuaranteeDeadline,
		Occupancy: r.Occupancy, Commitment: r.Commitment, ReleaseAt: r.ReleaseAt,
		Arrival: r.Arrival, Departure: r.Departure, Type: r.Type, InRoom: r.InRoom, Overbooked: r.Overbooked, Nights: r.RoomNights(),
		GuestName: r.Guest.Name, Adults: r.Adults, Children: r.Children, Source: r.Source, Segment: r.Segment, CreatedAt: r.CreatedAt,
	}
	if r.GuaranteePolicy != nil {
		s.GuaranteePolicy = r.GuaranteePolicy.Name
	}
	if r.CancellationPolicy != nil {
		s.CancellationPolicy = r.CancellationPolicy.Name
	}
	s.Rooms, s.Assigned = r.Rooms()
	var err error
	s.Total, err = r.Total()
	return s, err
}

// standIn returns a reservation of which the same is derived. It has no more than that needs.
func (s *Summary) standIn() *Reservation {
	r := &Reservation{
		Guarantee: s.Guarantee, GuaranteeLapsed: s.GuaranteeLapsed, GuaranteeDeadline: s.GuaranteeDeadline,
		Occupancy: s.Occupancy, Commitment: s.Commitment, Arrival: s.Arrival, Departure: s.Departure,
	}
	if s.GuaranteePolicy != "" {
		r.GuaranteePolicy = &GuaranteePolicy{Name: s.GuaranteePolicy}
	}
	return r
}

// A Listing is a page of a list. Next is nil on the last one.
type Listing struct {
	Items []Summary
	Next  *Cursor
}

// List returns the page of what [Service.Search] finds, as summaries.
func (s *Service) List(ctx context.Context, a innards.Actor, q Search) (Listing, error) {
	query, err := s.query(ctx, a, q)
	if err != nil {
		return Listing{}, err
	}
	return s.store.List(ctx, a.Scope(), query)
}
