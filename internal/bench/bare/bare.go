// Command bare inserts the rows of one database of ours into another, with nothing between it and the driver: prepared
// statements, a thousand reservations to a transaction. What it is given and how it commits is the same as for our
// import, which in addition decides. It is built with the main module's version of the driver.
//
//	bare FROM TO
//
// FROM was filled by an import, TO is migrated and empty. It prints one line of JSON.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers "sqlite"
)

// batch is how many reservations share a transaction.
const batch = 1000

// settings are those of the connection on which the library writes.
var settings = []string{
	"busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -8000",
	"journal_size_limit = 67108864", "wal_autocheckpoint = 4000",
}

// A source is the rows of one table, in the order of the reservations: the first column says with which one the row is
// inserted, the others are its values.
type source struct{ table, query string }

const of = " CROSS JOIN innards_reservation r ON r.tenant = t.tenant AND r.id = "

var sources = []source{
	{"innards_reservation", "SELECT seq, * FROM innards_reservation ORDER BY seq"},
	{"innards_reservation_word", "SELECT seq, seq AS rowid, lower(guest || ' ' || number) AS words FROM innards_reservation ORDER BY seq"},
	{"innards_reservation_term", "SELECT r.seq, t.* FROM innards_reservation_term t" + of + "t.reservation ORDER BY 1"},
	{"innards_reservation_night", "SELECT r.seq, t.* FROM innards_reservation_night t" + of + "t.reservation ORDER BY 1"},
	// Counts belong to many reservations. They are inserted once, spread over all, as they are in the end.
	{"innards_reservation_sold", `SELECT row_number() OVER () * (SELECT max(seq) FROM innards_reservation) /
		(SELECT count(*) FROM innards_reservation_sold), * FROM innards_reservation_sold ORDER BY 1`},
	{"innards_event", "SELECT r.seq, t.* FROM innards_event t" + of + "t.record ORDER BY 1, t.cursor"},
	{"innards_outbox", "SELECT r.seq, t.* FROM innards_outbox t" + of + "t.record ORDER BY 1, t.position"},
	{"innards_key", "SELECT r.seq, t.* FROM innards_key t" + of + "t.body ->> 'id' ORDER BY 1, t.id"},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: bare FROM TO")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, from, to string) error {
	in, err := sql.Open("sqlite", "file:"+from+"?mode=ro")
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := sql.Open("sqlite", "file:"+to+"?_pragma="+strings.Join(settings, "&_pragma="))
	if err != nil {
		return err
	}
	defer out.Close()
	out.SetMaxOpenConns(1)
	var tables []*table
	for _, s := range append([]source{{"innards_property", "SELECT 0, * FROM innards_property"}}, sources...) {
		t, err := openTable(ctx, in, out, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.table, err)
		}
		tables = append(tables, t)
	}
	var reservations int64
	if err := in.QueryRowContext(ctx, "SELECT max(seq) FROM innards_reservation").Scan(&reservations); err != nil {
		return err
	}
	var spent time.Duration
	for last := int64(0); last < reservations+batch; last += batch { // the properties come before the first
		took, err := insert(ctx, out, tables, last)
		if err != nil {
			return err
		}
		if last > 0 {
			spent += took
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"reservations": reservations, "rate": float64(reservations) / spent.Seconds()})
}

// A table is read up to a reservation, and then written.
type table struct {
	rows   *sql.Rows
	insert *sql.Stmt
	values []any // of the row that was read last, its reservation first; nil: there is none
}

func openTable(ctx context.Context, in, out *sql.DB, s source) (*table, error) {
	rows, err := in.QueryContext(ctx, s.query)
	if err != nil {
		return nil, err
	}
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	columns = columns[1:]
	marks := strings.TrimPrefix(strings.Repeat(", ?", len(columns)), ", ")
	st, err := out.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", s.table, strings.Join(columns, ", "), marks))
	if err != nil {
		return nil, err
	}
	t := &table{rows: rows, insert: st}
	return t, t.next(len(columns) + 1)
}

// next reads a row.
func (t *table) next(columns int) error {
	t.values = nil
	if !t.rows.Next() {
		return t.rows.Err()
	}
	t.values = make([]any, columns)
	dest := make([]any, columns)
	for i := range dest {
		dest[i] = &t.values[i]
	}
	return t.rows.Scan(dest...)
}

// upTo returns the values of the rows up to the reservation.
func (t *table) upTo(last int64) (rows [][]any, err error) {
	for err == nil && t.values != nil && t.values[0].(int64) <= last {
		rows = append(rows, t.values[1:])
		err = t.next(len(t.values))
	}
	return rows, err
}

// insert reads all rows up to the reservation, then writes them in one transaction. It returns how long writing took.
func insert(ctx context.Context, out *sql.DB, tables []*table, last int64) (time.Duration, error) {
	batch := make([][][]any, len(tables))
	for i, t := range tables {
		var err error
		if batch[i], err = t.upTo(last); err != nil {
			return 0, err
		}
	}
	started := time.Now()
	tx, err := out.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	for i, t := range tables {
		st := tx.StmtContext(ctx, t.insert)
		for _, values := range batch[i] {
			if _, err := st.ExecContext(ctx, values...); err != nil {
				return 0, err
			}
		}
	}
	err = tx.Commit()
	return time.Since(started), err
}
