package reservationbun

import (
	"context"
	"database/sql"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// SQLite has no statistics of how few claims expire, or are for one room: it is told which index to use.
var (
	takenRooms = bunstore.Each(
		`SELECT n.room, n.date, n.slot, n.reservation FROM innards_reservation_night AS n INDEXED BY innards_reservation_night_room
		WHERE n.tenant = ? AND n.property = ? AND n.room IN (SELECT value FROM json_each(?)) AND n.date BETWEEN ? AND ?
		AND n.reservation <> ? AND (n.expires_at IS NULL OR n.expires_at > ?)`,
		`SELECT n.room, n.date, n.slot, n.reservation FROM innards_reservation_night n
		WHERE n.tenant = ? AND n.property = ? AND n.room IN (SELECT json_array_elements_text(?)) AND n.date BETWEEN ? AND ?
		AND n.reservation <> ? AND (n.expires_at IS NULL OR n.expires_at > ?)`)

	// What is sold is what is counted, without this reservation's claims and those that have expired but still stand.
	soldTypes = bunstore.Each(
		soldText("SELECT value FROM json_each(?)", " INDEXED BY innards_reservation_night_expires"),
		soldText("SELECT json_array_elements_text(?)", ""))

	// The same for reservations that are not made yet and have no claims, in nights that may be far apart.
	soldToOthers = bunstore.Each(
		soldToOthersText("IN (SELECT value FROM json_each(?))", " INDEXED BY innards_reservation_night_expires"),
		soldToOthersText("= ANY(ARRAY(SELECT json_array_elements_text(?)))", ""))

	// What is counted is at least what is sold.
	countedTypes = bunstore.Each(`SELECT s.type, s.date, s.slot, s.sold FROM innards_reservation_sold s
		WHERE s.tenant = ? AND s.property = ? AND s.type IN (SELECT value FROM json_each(?)) AND s.date BETWEEN ? AND ?`, "")

	roomsInHouse = bunstore.Each(
		`SELECT r.in_room, r.id FROM innards_reservation r
		WHERE r.tenant = ? AND r.property = ? AND r.in_room IN (SELECT value FROM json_each(?)) AND r.id <> ?`,
		`SELECT r.in_room, r.id FROM innards_reservation r
		WHERE r.tenant = ? AND r.property = ? AND r.in_room IN (SELECT json_array_elements_text(?)) AND r.id <> ?`)
)

// soldText returns the statement. The range next to the list is for PostgreSQL, which without statistics does not see that
// the list is short.
func soldText(list, byExpiry string) string {
	return `SELECT s.type, s.date, s.slot, s.sold FROM innards_reservation_sold s
		WHERE s.tenant = ? AND s.property = ? AND s.type IN (` + list + `) AND s.date BETWEEN ? AND ?
		UNION ALL
		SELECT n.type, n.date, n.slot, -1 FROM innards_reservation_night n
		WHERE n.tenant = ? AND n.property = ? AND n.date IN (` + list + `) AND n.date BETWEEN ? AND ?
		AND n.slot IN ('night', 'day_use') AND n.reservation = ?
		UNION ALL
		SELECT n.type, n.date, n.slot, -1 FROM innards_reservation_night AS n` + byExpiry + `
		WHERE n.tenant = ? AND n.property = ? AND n.date BETWEEN ? AND ? AND n.expires_at <= ? AND n.reservation <> ?`
}

func soldToOthersText(listed, byExpiry string) string {
	return `SELECT s.type, s.date, s.slot, s.sold FROM innards_reservation_sold s
		WHERE s.tenant = ? AND s.property = ? AND s.type ` + listed + ` AND s.date ` + listed + `
		UNION ALL
		SELECT n.type, n.date, n.slot, -1 FROM innards_reservation_night AS n` + byExpiry + `
		WHERE n.tenant = ? AND n.property = ? AND n.date BETWEEN ? AND ? AND n.expires_at <= ?`
}

// An inventoryQuery reads what is held at an instant of what is needed, by others than the reservation. It reads a range
// of dates, and drops those that are not needed.
type inventoryQuery struct {
	tenant, property, reservation string
	now                           int64
	needed                        map[reservation.SlotDate]bool
	from, to                      string
	dates, rooms, types           string // JSON; empty: none
}

func newInventoryQuery(h *innards.Head, property string, need reservation.Need) (q *inventoryQuery, err error) {
	q = &inventoryQuery{
		tenant: h.Tenant, property: property, reservation: h.ID, now: bunstore.Micros(h.Now),
		needed: make(map[reservation.SlotDate]bool, len(need.Dates)),
	}
	var dates []string
	for _, d := range need.Dates {
		if q.needed[d] {
			continue
		}
		day := d.Date.String()
		q.needed[d], dates = true, append(dates, day)
		if q.from == "" || day < q.from {
			q.from = day
		}
		q.to = max(q.to, day)
	}
	if q.dates, err = jsonList(dates); err != nil {
		return nil, err
	}
	if q.rooms, err = jsonList(need.Rooms); err != nil {
		return nil, err
	}
	q.types, err = jsonList(need.Types)
	return q, err
}

// jsonList returns the list as JSON, or nothing if it is empty.
func jsonList(list []string) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	return documentOf(list)
}

// taken returns who holds a needed room in a needed night.
func (q *inventoryQuery) taken(ctx context.Context, from bunstore.Reader) (map[reservation.RoomNight]string, error) {
	taken := map[reservation.RoomNight]string{}
	if q.dates == "" || q.rooms == "" {
		return taken, nil
	}
	err := from.Rows(ctx, func(rows *sql.Rows) error {
		var at reservation.RoomNight
		var date, id string
		if err := rows.Scan(&at.Room, &date, &at.Slot, &id); err != nil {
			return err
		}
		if err := at.Date.UnmarshalText([]byte(date)); err != nil {
			return err
		}
		if q.needed[at.SlotDate] {
			taken[at] = id
		}
		return nil
	}, takenRooms, q.tenant, q.property, q.rooms, q.from, q.to, q.reservation, q.now)
	return taken, err
}

// sold returns how many claims there are on a needed type in a needed night.
func (q *inventoryQuery) sold(ctx context.Context, from bunstore.Reader) (map[reservation.TypeNight]int, error) {
	return q.perType(ctx, from, soldTypes, q.tenant, q.property, q.types, q.from, q.to, q.tenant, q.property, q.dates, q.from, q.to, q.reservation,
		q.tenant, q.property, q.from, q.to, q.now, q.reservation)
}

// soldToOthers is sold for new reservations.
func (q *inventoryQuery) soldToOthers(ctx context.Context, from bunstore.Reader) (map[reservation.TypeNight]int, error) {
	return q.perType(ctx, from, soldToOthers, q.tenant, q.property, q.types, q.dates, q.tenant, q.property, q.from, q.to, q.now)
}

// counted returns at least sold, and is faster; for SQLite.
func (q *inventoryQuery) counted(ctx context.Context, from bunstore.Reader) (map[reservation.TypeNight]int, error) {
	return q.perType(ctx, from, countedTypes, q.tenant, q.property, q.types, q.from, q.to)
}

// perType adds up the counts that the statement returns.
func (q *inventoryQuery) perType(ctx context.Context, from bunstore.Reader, st *bunstore.Stmt, args ...any) (map[reservation.TypeNight]int, error) {
	counts := map[reservation.TypeNight]int{}
	if q.dates == "" || q.types == "" {
		return counts, nil
	}
	err := from.Rows(ctx, func(rows *sql.Rows) error {
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
			counts[at] += n
		}
		return nil
	}, st, args...)
	return counts, err
}

// inHouse returns who is checked in in a needed room.
func (q *inventoryQuery) inHouse(ctx context.Context, from bunstore.Reader) (map[string]string, error) {
	inHouse := map[string]string{}
	if q.rooms == "" {
		return inHouse, nil
	}
	err := from.Rows(ctx, func(rows *sql.Rows) error {
		var room, id string
		err := rows.Scan(&room, &id)
		inHouse[room] = id
		return err
	}, roomsInHouse, q.tenant, q.property, q.rooms, q.reservation)
	return inHouse, err
}

// readInventory adds to the facts what is needed of the inventory.
func readInventory(ctx context.Context, from bunstore.Reader, f *reservation.Facts, need reservation.Need) error {
	q, err := newInventoryQuery(&f.Head, f.Property.ID, need)
	if err != nil {
		return err
	}
	if f.Taken, err = q.taken(ctx, from); err != nil {
		return err
	}
	sold := q.sold
	if f.ID == "" {
		sold = q.soldToOthers
	}
	if f.Sold, err = sold(ctx, from); err != nil {
		return err
	}
	f.InHouse, err = q.inHouse(ctx, from)
	return err
}
