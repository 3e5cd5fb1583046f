package reservationbun

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// The statements of claims, in the order in which a change runs them. Each goes through its rows in one order, so that
// two changes wait for each other and do not lock each other out. On SQLite count and take write one row each: several at
// once can be undone by themselves, for which the search words that wait in memory would have to be written first.
var (
	dropExpired = bunstore.Each(
		`DELETE FROM innards_reservation_night INDEXED BY innards_reservation_night_expires
		WHERE tenant = ? AND property = ? AND date BETWEEN ? AND ? AND expires_at <= ?
		RETURNING type, date, slot`,
		`WITH gone AS (
			SELECT tenant, property, date, slot, reservation FROM innards_reservation_night
			WHERE tenant = ? AND property = ? AND date BETWEEN ? AND ? AND expires_at <= ?
			ORDER BY date, slot, reservation FOR UPDATE
		)
		DELETE FROM innards_reservation_night n USING gone WHERE n.tenant = gone.tenant AND n.property = gone.property
		AND n.date = gone.date AND n.slot = gone.slot AND n.reservation = gone.reservation
		RETURNING n.type, n.date, n.slot`)
	dropOwn = bunstore.Each(
		`DELETE FROM innards_reservation_night WHERE (tenant, property, reservation, date, slot) IN
		(SELECT ?, ?, ?, d.value ->> 'date', d.value ->> 'slot' FROM json_each(?) d)
		RETURNING type, date, slot`,
		`DELETE FROM innards_reservation_night WHERE tenant = ? AND property = ? AND reservation = ?
		AND (date, slot) IN (SELECT d.date, d.slot FROM json_to_recordset(?) AS d (date text, slot text))
		RETURNING type, date, slot`)
	count = bunstore.Each(
		`INSERT INTO innards_reservation_sold (tenant, property, type, date, slot, sold, most) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant, property, type, date, slot) DO UPDATE SET sold = sold + excluded.sold, most = excluded.most`,
		`INSERT INTO innards_reservation_sold AS s (tenant, property, type, date, slot, sold, most)
		SELECT ?, ?, d.type, d.date, d.slot, d.sold, d.most
		FROM ROWS FROM (json_to_recordset(?) AS (type text, date text, slot text, sold bigint, most bigint))
		WITH ORDINALITY AS d (type, date, slot, sold, most, n) ORDER BY d.n
		ON CONFLICT (tenant, property, type, date, slot) DO UPDATE SET sold = s.sold + excluded.sold, most = excluded.most`)
	take = bunstore.Each(
		`INSERT INTO innards_reservation_night (tenant, property, reservation, date, slot, type, room, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		`INSERT INTO innards_reservation_night (tenant, property, reservation, date, slot, type, room, expires_at)
		SELECT ?, ?, ?, d.date, d.slot, d.type, d.room, d.expires_at
		FROM ROWS FROM (json_to_recordset(?) AS (date text, slot text, type text, room text, expires_at bigint))
		WITH ORDINALITY AS d (date, slot, type, room, expires_at, n) ORDER BY d.n`)
)

// A wireClaim is a claim, or the night of one, as the statements read it.
type wireClaim struct {
	Date    string  `json:"date"`
	Slot    string  `json:"slot"`
	Type    string  `json:"type,omitempty"`
	Room    *string `json:"room,omitempty"`
	Expires *int64  `json:"expires_at,omitempty"`
}

// A wireCount is a change of a counter as the statements read it.
type wireCount struct {
	Type string `json:"type"`
	Date string `json:"date"`
	Slot string `json:"slot"`
	Sold int    `json:"sold"`
	Most *int   `json:"most"`
}

// claims are what a change frees and takes, ready to be written.
type claims struct {
	inventory *inventoryQuery // of what is taken and limited
	taken     []reservation.Claim
	limits    map[reservation.TypeNight]int
	drop      string // own claims, as JSON
	first     bool   // there are none
	cleared   bool   // what had expired was dropped before
}

// newClaims returns nil if the change neither frees nor takes anything.
func newClaims(c *reservation.Change) (w *claims, err error) {
	if len(c.Free)+len(c.Take)+len(c.Limits) == 0 {
		return nil, nil
	}
	w = &claims{taken: slices.Clone(c.Take), limits: map[reservation.TypeNight]int{}, first: c.Head.Version == 0}
	slices.SortFunc(w.taken, func(a, b reservation.Claim) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Slot, b.Slot))
	})
	var need reservation.Need
	drop := []wireClaim{}
	for _, claim := range slices.Concat(c.Free, w.taken) {
		need.Dates = append(need.Dates, slotDate(claim))
		drop = append(drop, wireClaim{Date: claim.Date.String(), Slot: string(claim.Slot)})
	}
	for _, claim := range w.taken {
		if claim.Room != "" && !slices.Contains(need.Rooms, claim.Room) {
			need.Rooms = append(need.Rooms, claim.Room)
		}
	}
	for _, l := range c.Limits {
		need.Dates = append(need.Dates, l.SlotDate)
		if !slices.Contains(need.Types, l.Type) {
			need.Types = append(need.Types, l.Type)
		}
		if most, ok := w.limits[l.TypeNight]; !ok || l.Most < most {
			w.limits[l.TypeNight] = l.Most
		}
	}
	if w.drop, err = documentOf(drop); err != nil {
		return nil, err
	}
	w.inventory, err = newInventoryQuery(&c.Head, c.After.Property, need)
	return w, err
}

func slotDate(c reservation.Claim) reservation.SlotDate {
	return reservation.SlotDate{Date: c.Date, Slot: c.Slot}
}

func wire(c reservation.Claim) wireClaim {
	w := wireClaim{Date: c.Date.String(), Slot: string(c.Slot), Type: c.Type}
	if c.Room != "" {
		w.Room = &c.Room
	}
	if c.Expires != nil {
		at := bunstore.Micros(*c.Expires)
		w.Expires = &at
	}
	return w
}

func typeNight(c reservation.Claim) reservation.TypeNight {
	return reservation.TypeNight{Type: c.Type, SlotDate: slotDate(c)}
}

// look returns ErrStale if a claim or limit does not hold any more. The constraints are what counts; but on SQLite, where
// one transaction writes at a time, who looks first has nothing to undo.
func (w *claims) look(ctx context.Context, c *bunstore.Conn) error {
	if w == nil || c.Dialect() != bunstore.SQLite {
		return nil
	}
	taken, err := w.inventory.taken(ctx, c)
	if err != nil {
		return err
	}
	for _, claim := range w.taken {
		if taken[reservation.RoomNight{Room: claim.Room, SlotDate: slotDate(claim)}] != "" {
			return innards.ErrStale
		}
	}
	counted, err := w.inventory.counted(ctx, c)
	if err != nil || w.within(counted) {
		return err
	}
	sold, err := w.inventory.sold(ctx, c)
	if err == nil && !w.within(sold) {
		err = innards.ErrStale
	}
	return err
}

// within reports whether the limits hold with what is sold to others.
func (w *claims) within(sold map[reservation.TypeNight]int) bool {
	for at, most := range w.limits {
		n := sold[at]
		for _, claim := range w.taken {
			if typeNight(claim) == at {
				n++
			}
		}
		if n > most {
			return false
		}
	}
	return true
}

// write frees, counts and takes. The database stands against a room that is taken, and a count above its limit.
func (w *claims) write(ctx context.Context, c *bunstore.Conn) error {
	if w == nil {
		return nil
	}
	q, change := w.inventory, map[reservation.TypeNight]int{}
	for _, claim := range w.taken {
		change[typeNight(claim)]++
	}
	for at := range w.limits {
		change[at] += 0 // it is looked at even if nothing changes
	}
	removed := func(rows *sql.Rows) error {
		at, err := scanTypeNight(rows)
		change[at]--
		return err
	}
	if !w.cleared {
		if err := c.WriteRows(ctx, removed, dropExpired, q.tenant, q.property, q.from, q.to, q.now); err != nil {
			return err
		}
	}
	if !w.first {
		if err := c.WriteRows(ctx, removed, dropOwn, q.tenant, q.property, q.reservation, w.drop); err != nil {
			return err
		}
	}
	if err := w.count(ctx, c, change); err != nil {
		return err
	}
	return w.takeAll(ctx, c)
}

// takeAll makes the claims, in order.
func (w *claims) takeAll(ctx context.Context, c *bunstore.Conn) error {
	q, nights := w.inventory, make([]wireClaim, len(w.taken))
	for i, claim := range w.taken {
		nights[i] = wire(claim)
	}
	if c.Dialect() == bunstore.Postgres && len(nights) > 0 {
		text, err := documentOf(nights)
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, take, q.tenant, q.property, q.reservation, text)
		return err
	}
	for _, n := range nights {
		if _, err := c.Exec(ctx, take, q.tenant, q.property, q.reservation, n.Date, n.Slot, n.Type, n.Room, n.Expires); err != nil {
			return err
		}
	}
	return nil
}

func scanTypeNight(rows *sql.Rows) (at reservation.TypeNight, err error) {
	var date string
	if err := rows.Scan(&at.Type, &date, &at.Slot); err != nil {
		return at, err
	}
	return at, at.Date.UnmarshalText([]byte(date))
}

// count changes the counters, in order.
func (w *claims) count(ctx context.Context, c *bunstore.Conn, change map[reservation.TypeNight]int) error {
	counts := []wireCount{}
	for at, n := range change {
		most, limited := w.limits[at]
		if n == 0 && !limited {
			continue
		}
		wc := wireCount{Type: at.Type, Date: at.Date.String(), Slot: string(at.Slot), Sold: n}
		if limited {
			wc.Most = &most
		}
		counts = append(counts, wc)
	}
	if len(counts) == 0 {
		return nil
	}
	slices.SortFunc(counts, func(a, b wireCount) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Slot, b.Slot))
	})
	q := w.inventory
	if c.Dialect() == bunstore.Postgres {
		text, err := documentOf(counts)
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, count, q.tenant, q.property, text)
		return err
	}
	for _, n := range counts {
		if _, err := c.Exec(ctx, count, q.tenant, q.property, n.Type, n.Date, n.Slot, n.Sold, n.Most); err != nil {
			return err
		}
	}
	return nil
}
