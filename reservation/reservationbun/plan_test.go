package reservationbun

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// TestPagesAreReadFromAnIndex keeps every usual page, at any depth, from sorting or reading more than it shows.
func TestPagesAreReadFromAnIndex(t *testing.T) {
	db, err := OpenSQLite(t.Context(), "sqlite", filepath.Join(t.TempDir(), "stays.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	store := New(db)
	staff := innards.Actor{Tenant: "t"}
	one := innards.Actor{Tenant: "t", Property: "p"}
	guest := innards.Actor{Tenant: "t", Party: "g"}
	is := func(f reservation.Field, v any) reservation.Condition {
		return reservation.All(reservation.Test{Field: f, Op: reservation.OpIs, Value: v})
	}
	from := func(f reservation.Field, day innards.Date) reservation.Condition {
		return reservation.All(reservation.Test{Field: f, Op: reservation.OpFrom, Value: day})
	}
	day := innards.NewDate(2026, 6, 1)
	inHotel := is(reservation.FieldProperty, "p")
	expected := is(reservation.FieldOccupancy, string(reservation.Expected))
	for _, c := range []struct {
		name  string
		actor innards.Actor
		where []reservation.Condition
		sorts []reservation.Field // "": all
	}{
		{"all", staff, nil, nil},
		{"of a hotel", staff, []reservation.Condition{inHotel}, nil},
		{"of one's hotel", one, nil, nil},
		{"of one's hotel from a day on", one, []reservation.Condition{from(reservation.FieldArrival, day)}, []reservation.Field{reservation.FieldArrival}},
		{"expected in a hotel", staff, []reservation.Condition{inHotel, expected}, []reservation.Field{reservation.FieldArrival}},
		{"in a hotel's house", staff, []reservation.Condition{inHotel, reservation.All(reservation.Test{
			Field: reservation.FieldOccupancy, Op: reservation.OpIn, Value: []string{string(reservation.CheckedIn)},
		})}, []reservation.Field{reservation.FieldArrival}},
		{"of a guest", guest, nil, []reservation.Field{reservation.FieldArrival}},
	} {
		if c.sorts == nil {
			c.sorts = []reservation.Field{reservation.FieldArrival, reservation.FieldDeparture, reservation.FieldCreated, reservation.FieldNumber, reservation.FieldGuest}
		}
		for _, sort := range c.sorts {
			for _, descending := range []bool{false, true} {
				value := "2026-06-01"
				if sort == reservation.FieldCreated {
					value = "2026-06-01T12:00:00.000000Z"
				}
				q := reservation.Query{Where: c.where, Sort: sort, Descending: descending, Limit: 30, After: &reservation.Cursor{Value: value, ID: "x"}}
				plan := explain(t, store, c.actor.Scope(), q)
				if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE FOR ORDER BY") {
					t.Errorf("%s, by %s:\n%s", c.name, sort, plan)
				}
			}
		}
	}
}

// What names reservations or a hotel is read by that, and not through all that the company has in the order of arrival.
func TestConditionsUseTheirIndex(t *testing.T) {
	db, err := OpenSQLite(t.Context(), "sqlite", filepath.Join(t.TempDir(), "test.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	in := func(f reservation.Field, values ...string) reservation.Test {
		return reservation.Test{Field: f, Op: reservation.OpIn, Value: values}
	}
	inHotel := reservation.Test{Field: reservation.FieldProperty, Op: reservation.OpIs, Value: "p"}
	valid := in(reservation.FieldOccupancy, "expected", "checked_in", "checked_out")
	until := reservation.Test{Field: reservation.FieldArrival, Op: reservation.OpUntil, Value: innards.NewDate(2026, 6, 1)}
	for _, c := range []struct {
		name  string
		tests []reservation.Test
		want  string
	}{
		{"by ids", []reservation.Test{in(reservation.FieldID, "a", "b"), inHotel, valid}, "innards_reservation_id (tenant=? AND id=?)"},
		{"valid until a day", []reservation.Test{inHotel, valid, until}, "(tenant=? AND property=?"},
	} {
		q := reservation.Query{Where: []reservation.Condition{reservation.All(c.tests...)}, Sort: reservation.FieldArrival, Limit: 200}
		if plan := explain(t, New(db), innards.Actor{Tenant: "t"}.Scope(), q); !strings.Contains(plan, c.want) {
			t.Errorf("%s: the plan is not by %s:\n%s", c.name, c.want, plan)
		}
	}
}

// What words find is put in order by an index of its own, and only what is shown is read from the table.
func TestWordsAreOrderedByAnIndex(t *testing.T) {
	db, err := OpenSQLite(t.Context(), "sqlite", filepath.Join(t.TempDir(), "test.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	for _, a := range []innards.Actor{{Tenant: "t"}, {Tenant: "t", Property: "p"}, {Tenant: "t", Party: "g"}} {
		plan := explain(t, New(db), a.Scope(), reservation.Query{Words: []string{"elena"}, Sort: reservation.FieldArrival, Limit: 30})
		if !strings.Contains(plan, "COVERING INDEX innards_reservation_found (seq=?") || !strings.Contains(plan, "SEARCH r USING INTEGER PRIMARY KEY") {
			t.Errorf("the plan is not by that index:\n%s", plan)
		}
	}
}

func explain(t *testing.T, s *Store, scope innards.Scope, q reservation.Query) string {
	t.Helper()
	query, err := s.pageQuery(scope, q, "r.id")
	if err != nil {
		t.Fatal(err)
	}
	var plan []string
	err = s.on.Search(t.Context(), func(rows *sql.Rows) error {
		var id, parent, unused int
		var detail string
		err := rows.Scan(&id, &parent, &unused, &detail)
		plan = append(plan, detail)
		return err
	}, "EXPLAIN QUERY PLAN "+query.text, query.args...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}
