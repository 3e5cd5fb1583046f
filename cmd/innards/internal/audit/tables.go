package audit

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/innards-go/innards/internal/bunstore"
)

// A crossCheck compares tables in one statement, and so at one instant. Each row that it returns is a problem: three
// texts for the format.
type crossCheck struct {
	format string
	find   *bunstore.Stmt
}

var crossChecks = []crossCheck{
	{"reservation %s has events up to %s of tenant %s, but is missing", missing("reservation")},
	{"property %s has events up to %s of tenant %s, but is missing", missing("property")},
	{"reservation %s, which there is not, holds %s on %s", bunstore.Both(`
		SELECT n.reservation, n.type, n.date FROM innards_reservation_night n WHERE NOT EXISTS (
			SELECT 1 FROM innards_reservation r WHERE r.tenant = n.tenant AND r.property = n.property AND r.id = n.reservation)
		ORDER BY n.tenant, n.reservation, n.date, n.slot`)},
	{"reservation %s holds %s on %s, outside of its stay", bunstore.Both(`
		SELECT n.reservation, n.type, n.date FROM innards_reservation_night n
		JOIN innards_reservation r ON r.tenant = n.tenant AND r.property = n.property AND r.id = n.reservation
		WHERE n.date < r.arrival OR n.date > r.departure
		ORDER BY n.tenant, n.reservation, n.date, n.slot`)},
	{"the number of sold %s is %s, but that of its nights %s", bunstore.Both(`
		SELECT property || ' ' || type || ' on ' || date || ' (' || slot || ')', CAST(SUM(sold) AS text), CAST(SUM(held) AS text) FROM (
			SELECT tenant, property, type, date, slot, sold, 0 AS held FROM innards_reservation_sold
			UNION ALL SELECT tenant, property, type, date, slot, 0, 1 FROM innards_reservation_night) x
		GROUP BY tenant, property, type, date, slot HAVING SUM(sold) <> SUM(held)
		ORDER BY tenant, property, type, date, slot`)},
	{"property %s: its row says %s, but its document %s", columns("property", "tenant", "id", "version")},
	{"reservation %s: its row says %s, but its document %s", columns("reservation", "tenant", "id")},
}

// missing finds the events of records that there are not.
func missing(kind string) *bunstore.Stmt {
	return bunstore.Both(fmt.Sprintf(`
		SELECT e.record, CAST(MAX(e.sequence) AS text), e.tenant FROM innards_event e
		WHERE e.domain = 'reservation' AND e.kind = '%[1]s'
		AND NOT EXISTS (SELECT 1 FROM innards_%[1]s r WHERE r.tenant = e.tenant AND r.id = e.record)
		GROUP BY e.tenant, e.record ORDER BY e.tenant, e.record`, kind))
}

// columns finds the records of the kind whose columns, by which they are found, differ from their documents. Documents that
// cannot be read, as those without an id, are not compared: SQLite keeps them as texts, which may be no JSON at all.
func columns(kind string, names ...string) *bunstore.Stmt {
	return bunstore.Each(
		differences(kind, "CASE WHEN json_valid(doc) THEN doc ->> '%s' END", names),
		differences(kind, "doc ->> '%s'", names))
}

// differences returns the query for those of one database, which reads a field of a document so.
func differences(kind, field string, names []string) string {
	var row, doc []string
	for _, name := range names {
		inRow, inDoc := "COALESCE(CAST("+name+" AS text), '')", "COALESCE("+fmt.Sprintf(field, name)+", '')"
		differs := "CASE WHEN CAST(" + inDoc + " AS text) <> " + inRow + " THEN '" + name + " ' || %s || ' ' ELSE '' END"
		row, doc = append(row, fmt.Sprintf(differs, inRow)), append(doc, fmt.Sprintf(differs, inDoc))
	}
	return `SELECT id, TRIM(of_row), TRIM(of_doc) FROM (
			SELECT tenant, id, ` + strings.Join(row, " || ") + " AS of_row, " + strings.Join(doc, " || ") + ` AS of_doc
			FROM innards_` + kind + " WHERE " + fmt.Sprintf(field, "id") + ` IS NOT NULL) x
		WHERE of_row <> '' ORDER BY tenant, id`
}

// checkTables compares tables with each other.
func (a *Audit) checkTables(ctx context.Context) error {
	for _, c := range crossChecks {
		err := bunstore.On(a.DB).Rows(ctx, func(rows *sql.Rows) error {
			var texts [3]string
			err := rows.Scan(&texts[0], &texts[1], &texts[2])
			if err == nil {
				a.found(c.format, texts[0], texts[1], texts[2])
			}
			return err
		}, c.find)
		if err != nil {
			return err
		}
	}
	return nil
}
