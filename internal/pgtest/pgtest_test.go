package pgtest_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/innards-go/innards/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func exec(t *testing.T, source, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestDatabasesAreApart(t *testing.T) {
	for range 2 {
		exec(t, pgtest.Open(t), "CREATE TABLE thing (id bigint)")
	}
	prepared := 0
	for range 2 {
		like := pgtest.OpenLike(t, "things", func(source string) {
			prepared++
			exec(t, source, "CREATE TABLE thing (id bigint)")
		})
		exec(t, like, "INSERT INTO thing VALUES (1)")
		exec(t, like, "CREATE UNIQUE INDEX ON thing ((true))") // fails if there is another row
	}
	if prepared != 1 {
		t.Errorf("the model was prepared %d times", prepared)
	}
}

func TestClusterKeepsWhatWasCommitted(t *testing.T) {
	pgtest.Open(t) // skips the test where there is no PostgreSQL
	temp := t.TempDir()
	if err := os.Chmod(temp, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(temp), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	c, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	exec(t, c.Source(), "CREATE TABLE thing (id bigint)")
	if err := c.Crash(); err != nil {
		t.Fatal(err)
	}
	if err := c.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, c.Source(), "INSERT INTO thing VALUES (1)")
	dir := strings.TrimPrefix(strings.Fields(c.Source())[0], "host=")
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	c.Stop()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the cluster is left behind: %v", err)
	}
}
