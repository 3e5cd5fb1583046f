package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/innards-go/innards/internal/pgtest"
)

var update = flag.Bool("update", false, "write the expected output of the scripts anew")

// The test binary is the program itself when it is called innards.
func TestMain(m *testing.M) {
	testscript.Main(withPostgres{m}, map[string]func(){"innards": main})
}

// withPostgres runs the tests and stops the PostgreSQL that they started.
type withPostgres struct{ m *testing.M }

// Run implements testscript.TestingM.
func (w withPostgres) Run() int { return pgtest.Main(w.m) }

// The scripts are a manual of the command line: see testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update, RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "sql": execute},
	})
}

// exits CODE COMMAND... runs a command that must end with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code, err = exit.ExitCode(), nil
	}
	if err != nil || strconv.Itoa(code) != args[0] {
		ts.Fatalf("ended with %d (%v), want %s", code, err, args[0])
	}
}

// sql FILE STATEMENT changes a database behind the program's back.
func execute(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.ExecContext(context.Background(), args[1])
	ts.Check(errors.Join(err, db.Close()))
}
