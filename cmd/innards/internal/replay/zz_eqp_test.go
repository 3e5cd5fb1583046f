package replay

import (
	"database/sql"
	"fmt"
	"os"
	"testing"
)

func TestYY(t *testing.T) {
	p := os.Getenv("YY")
	if p == "" {
		t.Skip()
	}
	db, err := sql.Open("sqlite", p)
	if err != nil {
		t.Fatal(err)
	}
	list := "SELECT value FROM json_each(?)"
	qs := map[string]string{
		"dropExpired": `DELETE FROM innards_reservation_night WHERE tenant = ? AND property = ? AND date BETWEEN ? AND ? AND expires_at <= ? RETURNING type, date, slot`,
		"dropOwn": `DELETE FROM innards_reservation_night WHERE (tenant, property, reservation, date, slot) IN
		(SELECT ?, ?, ?, d.value ->> 'date', d.value ->> 'slot' FROM json_each(?) d)
		RETURNING type, date, slot`,
		"taken": `SELECT n.room, n.date, n.slot, n.reservation FROM innards_reservation_night n
		WHERE n.tenant = ? AND n.property = ? AND n.room IN (SELECT value FROM json_each(?)) AND n.date BETWEEN ? AND ?
		AND n.reservation <> ? AND (n.expires_at IS NULL OR n.expires_at > ?)`,
		"sold": `SELECT c.type, c.date, c.slot, sum(c.n) FROM (
			SELECT s.type, s.date, s.slot, s.sold AS n FROM innards_reservation_sold s
			WHERE s.tenant = ? AND s.property = ? AND s.type IN (` + list + `) AND s.date BETWEEN ? AND ?
			UNION ALL
			SELECT n.type, n.date, n.slot, -1 FROM innards_reservation_night n
			WHERE n.tenant = ? AND n.property = ? AND n.date IN (` + list + `) AND n.slot IN ('night', 'day_use') AND n.reservation = ?
			UNION ALL
			SELECT n.type, n.date, n.slot, -1 FROM innards_reservation_night n
			WHERE n.tenant = ? AND n.property = ? AND n.date BETWEEN ? AND ? AND n.expires_at <= ? AND n.reservation <> ?
		) AS c GROUP BY c.type, c.date, c.slot`,
		"inhouse": `SELECT r.in_room, r.id FROM innards_reservation r
		WHERE r.tenant = ? AND r.property = ? AND r.in_room IN (SELECT value FROM json_each(?)) AND r.id <> ?`,
	}
	for name, q := range qs {
		args := []any{}
		for _, c := range q {
			if c == '?' {
				args = append(args, "[]")
			}
		}
		rows, err := db.Query("EXPLAIN QUERY PLAN "+q, args...)
		if err != nil {
			t.Fatal(name, err)
		}
		fmt.Println("==", name)
		for rows.Next() {
			var a, b, c int
			var d string
			rows.Scan(&a, &b, &c, &d)
			fmt.Println(b, d)
		}
	}
}
