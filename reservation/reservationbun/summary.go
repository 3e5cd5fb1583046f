package reservationbun

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// summaryColumns are what scanSummary reads.
const summaryColumns = `r.id, r.property, coalesce(r.party, ''), r.number, r.version,
	r.confirmation, r.confirmation_stale, r.guarantee, r.guarantee_evidence_stale, r.guarantee_lapsed, r.guarantee_deadline,
	r.occupancy, r.commitment, r.release_at, r.arrival, r.departure, r.nights, r.type,
	coalesce(r.rooms, ''), r.room_assigned, coalesce(r.in_room, ''), r.overbooked, r.guest, r.adults, r.children,
	r.source, coalesce(r.segment, ''), coalesce(r.guarantee_policy, ''), coalesce(r.cancellation_policy, ''),
	r.revenue, r.currency, r.created_at`

func scanSummary(rows *sql.Rows) (s reservation.Summary, err error) {
	var arrival, departure, rooms string
	var deadline, release sql.NullInt64
	var revenue, created int64
	var currency innards.Currency
	if err := rows.Scan(&s.ID, &s.Property, &s.Party, &s.Number, &s.Version,
		&s.Confirmation, &s.ConfirmationStale, &s.Guarantee, &s.EvidenceStale, &s.GuaranteeLapsed, &deadline,
		&s.Occupancy, &s.Commitment, &release, &arrival, &departure, &s.Nights, &s.Type,
		&rooms, &s.Assigned, &s.InRoom, &s.Overbooked, &s.GuestName, &s.Adults, &s.Children,
		&s.Source, &s.Segment, &s.GuaranteePolicy, &s.CancellationPolicy, &revenue, &currency, &created); err != nil {
		return s, err
	}
	s.GuaranteeDeadline, s.ReleaseAt = instantOrNil(deadline), instantOrNil(release)
	s.CreatedAt = bunstore.Instant(created)
	if rooms != "" {
		s.Rooms = strings.Split(rooms, roomSeparator)
	}
	var bad [3]error
	s.Arrival, bad[0] = innards.ParseDate(arrival)
	s.Departure, bad[1] = innards.ParseDate(departure)
	if currency != "" {
		s.Total, bad[2] = innards.FromMinor(revenue, currency)
	}
	if err := errors.Join(bad[:]...); err != nil {
		return s, fmt.Errorf("%w: the columns of reservation %s: %w", innards.ErrCorrupt, s.ID, err)
	}
	return s, nil
}

func instantOrNil(micros sql.NullInt64) *time.Time {
	if !micros.Valid {
		return nil
	}
	at := bunstore.Instant(micros.Int64)
	return &at
}
