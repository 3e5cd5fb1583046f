package bunstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards"
)

// pragma sets a pragma of the connection that writes.
func pragma(t *testing.T, db *DB, text string) {
	t.Helper()
	err := db.writer.alone(t.Context(), func(p *pool) error {
		_, err := p.bun.DB.ExecContext(t.Context(), "PRAGMA "+text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSettings keeps what was acknowledged safe from a power cut, and readers from writing.
func TestSettings(t *testing.T) {
	db := openSQLite(t)
	for pragma, value := range map[string]string{"journal_mode": "wal", "query_only": "1", "busy_timeout": "5000"} {
		expectPragma(t, db.pool, pragma, value)
	}
	err := db.writer.alone(t.Context(), func(p *pool) error {
		for pragma, value := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "0"} {
			expectPragma(t, p, pragma, value)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func expectPragma(t *testing.T, p *pool, pragma, want string) {
	t.Helper()
	var got string
	if err := p.bun.DB.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
		t.Errorf("%s is %q, %v, want %q", pragma, got, err, want)
	}
}

func TestFullDiskRecovers(t *testing.T) {
	db := openSQLite(t)
	var pages int
	if err := db.pool.bun.DB.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	pragma(t, db, fmt.Sprint("max_page_count = ", pages+2))
	stored, long := 0, strings.Repeat("x", 1000)
	var err error
	for ; err == nil && stored < 100; stored++ {
		err = On(db).Write(t.Context(), add(fmt.Sprint(long, stored), 1))
	}
	stored--
	if !errors.Is(err, innards.ErrFull) || !errors.Is(err, innards.ErrUnavailable) {
		t.Fatalf("after %d changes: %v", stored, err)
	}
	expect(t, On(db), stored, stored)
	if err := db.CheckWritable(t.Context()); err != nil {
		t.Errorf("a write that needs no room: %v", err)
	}
	pragma(t, db, "max_page_count = 1000000")
	if err := On(db).Write(t.Context(), add("y", 1)); err != nil {
		t.Errorf("once there is room again: %v", err)
	}
	expect(t, On(db), stored+1, stored+1)
}

func TestFullDiskSparesThoseWhoFit(t *testing.T) {
	db := openSQLite(t)
	var pages int
	if err := db.pool.bun.DB.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	pragma(t, db, fmt.Sprint("max_page_count = ", pages))
	c := gather(t, db)
	c.join(t.Context(), add("a", 1))
	c.join(t.Context(), add(strings.Repeat("x", 100_000), 1))
	c.join(t.Context(), add("b", 1))
	errs := c.letGo()
	if errs[0] != nil || !errors.Is(errs[1], innards.ErrFull) || errs[2] != nil {
		t.Errorf("the errors are %v", errs)
	}
	expect(t, On(db), 2, 2)
}

func TestReadOnlyFile(t *testing.T) {
	db := openSQLite(t)
	if err := On(db).Write(t.Context(), add("a", 1)); err != nil {
		t.Fatal(err)
	}
	readOnly := openFile(t, "file:"+db.file+"?mode=ro")
	if err := readOnly.CheckWritable(t.Context()); !errors.Is(err, innards.ErrUnavailable) {
		t.Errorf("a write: %v", err)
	}
	expect(t, On(readOnly), 1, 1)
	if _, err := readOnly.Bun().ExecContext(t.Context(), "DELETE FROM thing"); err == nil {
		t.Error("the connections for reading can write")
	}
}

func TestLockedFile(t *testing.T) {
	db := openSQLite(t)
	pragma(t, db, "busy_timeout = 0")
	other := openFile(t, db.file)
	c := gather(t, other)
	if err := On(db).Write(t.Context(), add("a", 1)); !errors.Is(err, innards.ErrUnavailable) {
		t.Errorf("while another program writes: %v", err)
	}
	c.letGo()
	if err := On(db).Write(t.Context(), add("a", 1)); err != nil {
		t.Errorf("once it has finished: %v", err)
	}
}

func TestDamagedFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "things.db")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(t.Context(), "sqlite", file, Options{}); !errors.Is(err, innards.ErrCorrupt) {
		t.Errorf("opening it: %v", err)
	}
	if _, err := OpenSQLite(t.Context(), "sqlite", filepath.Join(file, "x"), Options{}); !errors.Is(err, innards.ErrUnavailable) {
		t.Errorf("opening a file in a directory that is none: %v", err)
	}
	if _, err := OpenSQLite(t.Context(), "no such driver", file, Options{}); err == nil {
		t.Error("opening with an unknown driver: no error")
	}
}

func TestBackupIsOneInstant(t *testing.T) {
	db := openSQLite(t)
	stop, stopped := make(chan struct{}), make(chan error)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := On(db).Write(t.Context(), add(fmt.Sprintf("%06d", n), 1)); err != nil {
				stopped <- err
				return
			}
		}
	}()
	dir := t.TempDir()
	for i := range 3 {
		file := filepath.Join(dir, fmt.Sprint(i, ".db"))
		if err := db.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		all := names(t, On(openFile(t, file)))
		for n, name := range all {
			if name != fmt.Sprintf("%06d", n) {
				t.Fatalf("copy %d has %s in place %d: it is not what was committed up to an instant", i, name, n)
			}
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.partial")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "0.db")); !errors.Is(err, os.ErrExist) {
		t.Errorf("a backup into a file that exists: %v", err)
	}
	if err := db.Backup(t.Context(), filepath.Join(dir, "missing", "0.db")); err == nil {
		t.Error("a backup into a directory that does not exist: no error")
	}
}

func TestCheckIntegrity(t *testing.T) {
	db := openSQLite(t)
	for n := range 200 {
		if err := On(db).Write(t.Context(), add(fmt.Sprint(strings.Repeat("x", 100), n), 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.CheckIntegrity(t.Context()); err != nil {
		t.Errorf("a sound file: %v", err)
	}
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(content) - 4000; i < len(content); i++ {
		content[i] ^= 0x55
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := openFile(t, file).CheckIntegrity(t.Context()); !errors.Is(err, innards.ErrCorrupt) {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestHostHasTheConnectionAlone(t *testing.T) {
	db := openSQLite(t)
	failed := errors.New("the host changed its mind")
	err := db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		if err := On(db).WithTx(tx).Write(ctx, add("a", 1)); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("InTx returned %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the host's panic is lost")
			}
		}()
		_ = db.InTx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			if err := On(db).WithTx(tx).Write(ctx, add("b", 1)); err != nil {
				return err
			}
			panic("the host panics")
		})
	}()
	if err := On(db).Write(t.Context(), add("c", 1)); err != nil {
		t.Error(err)
	}
	expect(t, On(db), 1, 1)
}
