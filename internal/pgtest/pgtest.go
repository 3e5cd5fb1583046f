// Package pgtest gives tests a PostgreSQL of their own: a throw-away cluster for each test binary, in a temporary
// directory, and an empty database for each test. It uses database/sql with the driver "pgx", which the test imports:
//
//	import _ "github.com/jackc/pgx/v5/stdlib"
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// If INNARDS_TEST_POSTGRES names a server, its databases are made there instead. Where there is neither, tests are
// skipped, or fail if INNARDS_TEST_REQUIRE contains "postgres".
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// shared is the cluster of the test binary. It is started by the first test that needs it, and stopped by [Main] or
// [Stop].
var shared struct {
	sync.Mutex
	cluster   *Cluster
	err       error
	templates map[string]bool
	databases atomic.Int64
}

// Main runs the tests, stops the cluster and returns the exit code. Call it from TestMain.
func Main(m *testing.M) int {
	defer Stop()
	return m.Run()
}

// Stop stops the cluster of the test binary, if it was started, and removes it.
func Stop() {
	shared.Lock()
	defer shared.Unlock()
	if server := os.Getenv(override); server != "" {
		dropTemplates(server)
	}
	if shared.cluster != nil {
		shared.cluster.Stop()
		shared.cluster = nil
	}
}

// dropTemplates leaves nothing behind on a server that goes on.
func dropTemplates(server string) {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return // then there are none
	}
	defer db.Close()
	for name := range shared.templates {
		if _, err := db.Exec("DROP DATABASE " + name); err != nil {
			fmt.Fprintf(os.Stderr, "pgtest: %s is left behind: %v\n", name, err)
		}
	}
}

// override is the environment variable that names a server to be used.
const override = "INNARDS_TEST_POSTGRES"

// Open returns the source of an empty database that is dropped at the end of the test.
func Open(t testing.TB) string {
	t.Helper()
	return create(t, source(t), "template0")
}

// OpenLike is Open for a database that is not empty: prepare fills the first of the name, and the others are copies of
// it, which is faster than filling each.
func OpenLike(t testing.TB, name string, prepare func(source string)) string {
	t.Helper()
	server := source(t)
	template := fmt.Sprintf("innards_%d_like_%s", os.Getpid(), name)
	shared.Lock()
	defer shared.Unlock()
	if !shared.templates[template] {
		execute(t, server, "CREATE DATABASE "+template+" TEMPLATE template0")
		prepare(withDatabase(server, template))
		if shared.templates == nil {
			shared.templates = map[string]bool{}
		}
		shared.templates[template] = true
	}
	return create(t, server, template)
}

func create(t testing.TB, server, template string) string {
	t.Helper()
	name := fmt.Sprintf("innards_%d_%d", os.Getpid(), shared.databases.Add(1))
	execute(t, server, "CREATE DATABASE "+name+" TEMPLATE "+template)
	t.Cleanup(func() { execute(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	return withDatabase(server, name)
}

// source returns the source of the server, or skips the test.
func source(t testing.TB) string {
	t.Helper()
	if s := os.Getenv(override); s != "" {
		return s
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil && shared.err == nil {
		shared.cluster, shared.err = Start(context.Background())
	}
	switch required := strings.Split(os.Getenv("INNARDS_TEST_REQUIRE"), ","); {
	case shared.err == nil:
		return shared.cluster.Source()
	case slices.Contains(required, "postgres"):
		t.Fatalf("PostgreSQL is required: %v", shared.err)
	default:
		t.Skipf("no PostgreSQL: %v", shared.err)
	}
	return ""
}

func execute(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// withDatabase returns the source of another database of the server.
func withDatabase(server, name string) string {
	if u, err := url.Parse(server); err == nil && u.Scheme != "" {
		u.Path = "/" + name
		return u.String()
	}
	return server + " dbname=" + name
}
