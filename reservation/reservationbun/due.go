package reservationbun

import (
	"context"
	"database/sql"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

var (
	findDue = bunstore.Both(`SELECT r.tenant, r.property, r.id FROM innards_reservation r
		WHERE r.due_at <= ? ORDER BY r.due_at, r.id LIMIT ?`)
	setDue = rowScope.Stmt(`UPDATE innards_reservation AS r SET due_at = ? WHERE r.id = ? AND r.version = ? AND {scope}`)

	claimScope    = bunstore.Confine{Tenant: "n.tenant", Property: "n.property"}
	ownClaimScope = bunstore.Confine{Tenant: "n.tenant", Property: "n.property", Party: "r.party"}

	held = claimScope.Stmt("SELECT " + heldColumns + " FROM innards_reservation_night n" + heldWhere)
	// Who is confined to a party sees only its claims.
	heldOwn = ownClaimScope.Stmt("SELECT " + heldColumns + ` FROM innards_reservation_night n
		JOIN innards_reservation r ON r.tenant = n.tenant AND r.id = n.reservation` + heldWhere)
)

const (
	heldColumns = "n.date, n.slot, n.type, coalesce(n.room, ''), n.expires_at, n.reservation"
	heldWhere   = ` WHERE n.property = ? AND n.date >= ? AND n.date < ? AND (n.expires_at IS NULL OR n.expires_at > ?) AND {scope}
		ORDER BY n.date, n.slot, n.type, coalesce(n.room, ''), n.reservation`
)

// Due implements [reservation.Store].
func (s *Store) Due(ctx context.Context, at time.Time, limit int) (due []innards.Due, err error) {
	err = s.on.Rows(ctx, func(rows *sql.Rows) error {
		var tenant, property, id string
		err := rows.Scan(&tenant, &property, &id)
		due = append(due, innards.Due{Scope: innards.Actor{Tenant: tenant, Property: property}.Scope(), Record: id})
		return err
	}, findDue, bunstore.Micros(at), limit)
	return due, err
}

// SetDue implements [reservation.Store].
func (s *Store) SetDue(ctx context.Context, scope innards.Scope, id string, version int64, due *time.Time) error {
	if err := scope.Err(); err != nil {
		return err
	}
	st, args := setDue.For(scope, bunstore.MicrosOrNil(due), id, version)
	return s.on.Write(ctx, bunstore.Work{Run: func(ctx context.Context, c *bunstore.Conn) error {
		n, err := c.Exec(ctx, st, args...)
		if n > 0 || err != nil {
			return err
		}
		st, args := isSeen.For(scope, id)
		return c.Row(ctx, []any{new(int)}, st, args...)
	}})
}

// Held implements [reservation.Store].
func (s *Store) Held(ctx context.Context, scope innards.Scope, property string, from, to innards.Date, at time.Time) (nights []reservation.HeldNight, err error) {
	if err := scope.Err(); err != nil {
		return nil, err
	}
	if _, err := s.Property(ctx, scope, property); err != nil {
		return nil, err
	}
	scoped := held
	if scope.Party() != "" {
		scoped = heldOwn
	}
	st, args := scoped.For(scope, property, from.String(), to.String(), bunstore.Micros(at))
	err = s.on.Rows(ctx, func(rows *sql.Rows) error {
		n, err := scanHeld(rows)
		nights = append(nights, n)
		return err
	}, st, args...)
	return nights, err
}

func scanHeld(rows *sql.Rows) (n reservation.HeldNight, err error) {
	var date string
	var expires sql.NullInt64
	if err := rows.Scan(&date, &n.Slot, &n.Type, &n.Room, &expires, &n.Reservation); err != nil {
		return n, err
	}
	if expires.Valid {
		at := bunstore.Instant(expires.Int64)
		n.Expires = &at
	}
	return n, n.Date.UnmarshalText([]byte(date))
}
