package bunstore

import (
	"database/sql"
	"fmt"
	"testing"
)

// More searches than are kept prepared are answered, each twice, with its own parameters.
func TestManySearches(t *testing.T) {
	eachDB(t, func(t *testing.T, db *DB) {
		if err := On(db).Write(t.Context(), add("a", 7)); err != nil {
			t.Fatal(err)
		}
		for i := range 2 * (maxSearches + 5) {
			var names []string
			text := fmt.Sprintf("SELECT name || ? FROM thing WHERE n <> %d AND n >= ? AND (? OR n < 0)", i%(maxSearches+5)+100)
			err := On(db).Search(t.Context(), func(rows *sql.Rows) error {
				var name string
				err := rows.Scan(&name)
				names = append(names, name)
				return err
			}, text, fmt.Sprint(i), 7, true)
			if err != nil || len(names) != 1 || names[0] != fmt.Sprint("a", i) {
				t.Fatalf("search %d finds %q, %v", i, names, err)
			}
		}
	})
}
