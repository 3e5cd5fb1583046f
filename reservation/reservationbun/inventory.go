package reservationbun

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

var (
	takenRooms = bunstore.Each(
		`SELECT n.room, n.date, n.slot, n.reservation FROM innards_reservation_night n
		WHERE n.tenant = ? AND n.property = ? AND n.room IN (SELECT value FROM json_each(?)) AND n.date BETWEEN ? AND ?
		AND n.reservation <> ? AND (n.expires_at IS NULL OR n.expires_at > ?)`,
		`SELECT n.room, n.date, n.slot, n.reservation FROM innards_reservation_night n
		WHERE n.tenant = ? AND n.property = ? AND n.room IN (SELECT json_array_elements_text(?)) AND n.date BETWEEN ? AND ?
		AND n.reservation <> ? AND (n.expires_at IS NULL OR n.expires_at > ?)`)

	// What is sold is what is counted, without this reservation's claims and those that have expired but still stand.
	soldTypes = bunstore.Each(soldText("SELECT value FROM json_each(?)"), soldText("SELECT json_array_elements_text(?)"))

	roomsInHouse = bunstore.Each(
		`SELECT r.in_room, r.id FROM innards_reservation r
		WHERE r.tenant = ? AND r.property = ? AND r.in_room IN (SELECT value FROM json_each(?)) AND r.id <> ?`,
		`SELECT r.in_room, r.id FROM innards_reservation r
		WHERE r.tenant = ? AND r.property = ? AND r.in_room IN (SELECT json_array_elements_text(?)) AND r.id <> ?`)
)

func soldText(list string) string {
	return `SELECT c.type, c.date, c.slot, sum(c.n) FROM (
			SELECT s.type, s.date, s.slot, s.sold AS n FROM innards_reservation_sold s
			WHERE s.tenant = ? AND s.property = ? AND s.type IN (` + list + `) AND s.date BETWEEN ? AND ?
			UNION ALL
			SELECT n.type, n.date, n.slot, -1 FROM innards_reservation_night n
			WHERE n.tenant = ? AND n.property = ? AND n.date IN (` + list + `) AND n.slot IN ('night', 'day_use') AND n.reservation = ?
			UNION ALL
			SELECT n.type, n.date, n.slot, -1 FROM innards_reservation_night n
			WHERE n.tenant = ? AND n.property = ? AND n.date BETWEEN ? AND ? AND n.expires_at <= ? AND n.reservation <> ?
		) AS c GROUP BY c.type, c.date, c.slot`
}

// readInventory adds to the facts what is needed of the inventory.
func readInventory(ctx context.Context, c *bunstore.Conn, f *reservation.Facts, need reservation.Need) error {
	q, err := newInventoryQuery(f, need)
	if err != nil {
		return err
	}
	f.Taken = map[reservation.RoomNight]string{}
	f.Sold = map[reservation.TypeNight]int{}
	f.InHouse = map[string]string{}
	if len(need.Dates) > 0 && len(need.Rooms) > 0 {
		if err := q.readTaken(ctx, c); err != nil {
			return err
		}
	}
	if len(need.Dates) > 0 && len(need.Types) > 0 {
		if err := q.readSold(ctx, c); err != nil {
			return err
		}
	}
	if len(need.Rooms) > 0 {
		return q.readInHouse(ctx, c)
	}
	return nil
}

// An inventoryQuery reads what is needed: the dates as a range, of which those that are not needed are dropped.
type inventoryQuery struct {
	facts               *reservation.Facts
	needed              map[reservation.SlotDate]bool
	from, to            string
	dates, rooms, types string // JSON
}

func newInventoryQuery(f *reservation.Facts, need reservation.Need) (q *inventoryQuery, err error) {
	q = &inventoryQuery{facts: f, needed: map[reservation.SlotDate]bool{}}
	var first, last innards.Date
	var dates []string
	for _, d := range need.Dates {
		q.needed[d] = true
		dates = append(dates, d.Date.String())
		if first.IsZero() || d.Date.Before(first) {
			first = d.Date
		}
		if d.Date.After(last) {
			last = d.Date
		}
	}
	q.from, q.to = first.String(), last.String()
	for _, list := range []struct {
		of   []string
		text *string
	}{{dates, &q.dates}, {need.Rooms, &q.rooms}, {need.Types, &q.types}} {
		if *list.text, err = jsonList(list.of); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func jsonList(list []string) (string, error) {
	if list == nil {
		list = []string{}
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func (q *inventoryQuery) readTaken(ctx context.Context, c *bunstore.Conn) error {
	f := q.facts
	return c.Rows(ctx, func(rows *sql.Rows) error {
		var at reservation.RoomNight
		var date, id string
		if err := rows.Scan(&at.Room, &date, &at.Slot, &id); err != nil {
			return err
		}
		if err := at.Date.UnmarshalText([]byte(date)); err != nil {
			return err
		}
		if q.needed[at.SlotDate] {
			f.Taken[at] = id
		}
		return nil
	}, takenRooms, f.Tenant, f.Property.ID, q.rooms, q.from, q.to, f.ID, bunstore.Micros(f.Now))
}

func (q *inventoryQuery) readSold(ctx context.Context, c *bunstore.Conn) error {
	f := q.facts
	now := bunstore.Micros(f.Now)
	return c.Rows(ctx, func(rows *sql.Rows) error {
		var at reservation.TypeNight
		var date string
		var n int
		if err := rows.Scan(&at.Type, &date, &at.Slot, &n); err != nil {
			return err
		}
		if err := at.Date.UnmarshalText([]byte(date)); err != nil {
			return err
		}
		if q.needed[at.SlotDate] {
			f.Sold[at] = n
		}
		return nil
	}, soldTypes, f.Tenant, f.Property.ID, q.types, q.from, q.to,
		f.Tenant, f.Property.ID, q.dates, f.ID,
		f.Tenant, f.Property.ID, q.from, q.to, now, f.ID)
}

func (q *inventoryQuery) readInHouse(ctx context.Context, c *bunstore.Conn) error {
	f := q.facts
	return c.Rows(ctx, func(rows *sql.Rows) error {
		var room, id string
		if err := rows.Scan(&room, &id); err != nil {
			return err
		}
		f.InHouse[room] = id
		return nil
	}, roomsInHouse, f.Tenant, f.Property.ID, q.rooms, f.ID)
}
