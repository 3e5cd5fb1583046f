package replay

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/innards-go/innards/reservation/reservationbun"
)

func TestZZ(t *testing.T) {
	path := os.Getenv("ZZ")
	if path == "" {
		t.Skip()
	}
	dir, err := os.MkdirTemp(os.Getenv("ZZDIR"), "zz")
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("ZZKEEP") == "" {
		defer os.RemoveAll(dir)
	}
	db, err := reservationbun.OpenSQLite(t.Context(), "sqlite", filepath.Join(dir, "a.db"), reservationbun.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := reservationbun.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, _ := strconv.Atoi(os.Getenv("ZZW"))
	n := 0
	start := time.Now()
	r, err := HotelBookings(t.Context(), f, Options{Store: reservationbun.New(db), Tenant: "demo", Clock: time.Now, Random: rand.Reader, Workers: w,
		Commits: func() int64 { return db.Stats().Commits },
		Progress: func(d, n0 int64) {
			if n++; n%200 == 0 {
				fmt.Println(d, n0, db.Stats(), time.Since(start), peakMemory()>>20)
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	r.WriteText(os.Stdout)
	fi, _ := os.Stat(filepath.Join(dir, "a.db"))
	t.Log(r.Matches(), fi.Size()>>20, "MiB")
}
