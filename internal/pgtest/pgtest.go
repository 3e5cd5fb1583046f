// Package pgtest gives tests a PostgreSQL of their own: a throw-away cluster that the test binary starts when it is first
// asked for one and stops at its end, and a fresh database for each test.
//
// INNARDS_TEST_POSTGRES names a cluster to use instead, as a connection string. Where there is neither, tests are skipped,
// or fail if INNARDS_TEST_REQUIRE lists "postgres".
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// A Server is one cluster for all tests of a binary. Its zero value is ready; Stop ends it.
type Server struct {
	// Driver is the name of the database/sql driver, such as "pgx".
	Driver string

	once  sync.Once
	err   error
	dir   string
	admin string // connection string of the database that others are made from
	count atomic.Int64
}

// errNone says that there is no PostgreSQL on the machine.
var errNone = errors.New("neither INNARDS_TEST_POSTGRES nor initdb is there")

// Main runs the tests of a binary and stops the server at their end. It is for TestMain.
func (s *Server) Main(m *testing.M) {
	code := m.Run()
	s.Stop()
	os.Exit(code)
}

// DSN returns the connection string of a fresh database, which is dropped at the end of the test.
func (s *Server) DSN(t testing.TB) string {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	if errors.Is(s.err, errNone) && !slices.Contains(strings.Split(os.Getenv("INNARDS_TEST_REQUIRE"), ","), "postgres") {
		t.Skip("no PostgreSQL: ", s.err)
	}
	if s.err != nil {
		t.Fatal(s.err)
	}
	name := fmt.Sprintf("innards_%d_%d", os.Getpid(), s.count.Add(1))
	if err := s.exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(s.admin)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// Dir returns the data directory of a cluster that this server started, "" for one that was named.
func (s *Server) Dir() string { return s.dir }

func (s *Server) exec(statement string) error {
	db, err := sql.Open(s.Driver, s.admin)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

func (s *Server) start() error {
	if s.admin = os.Getenv("INNARDS_TEST_POSTGRES"); s.admin != "" {
		return nil
	}
	initdb, err := program("initdb")
	if err != nil {
		return err
	}
	if s.dir, err = os.MkdirTemp("", "innards-pg-"); err != nil {
		return err
	}
	owner, err := s.owner()
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	if err := run(owner, initdb, "-D", data, "-U", "innards", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"); err != nil {
		return err
	}
	ctl, err := program("pg_ctl")
	if err != nil {
		return err
	}
	options := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c max_connections=200 -c log_min_messages=fatal", s.dir)
	if err := run(owner, ctl, "-D", data, "-w", "-o", options, "-l", filepath.Join(s.dir, "log"), "start"); err != nil {
		return err
	}
	s.admin = "postgres://innards@/postgres?host=" + url.QueryEscape(s.dir)
	return nil
}

// Stop ends the cluster that was started, if any, and removes it.
func (s *Server) Stop() {
	if s.dir == "" {
		return
	}
	defer os.RemoveAll(s.dir)
	owner, err := s.owner()
	if err != nil {
		return
	}
	if ctl, err := program("pg_ctl"); err == nil {
		_ = run(owner, ctl, "-D", filepath.Join(s.dir, "data"), "-m", "immediate", "-w", "stop")
	}
}

// program finds a program of PostgreSQL, which Debian keeps out of the path.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", errNone
	}
	return found[len(found)-1], nil
}

// owner returns the credentials to run PostgreSQL with, which refuses to run as root; nil: the present ones.
func (s *Server) owner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(s.dir, int(uid), int(gid))
}

func run(owner *syscall.Credential, path string, args ...string) error {
	cmd := exec.Command(path, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	cmd.Dir = "/"
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(path), err, out)
	}
	return nil
}
