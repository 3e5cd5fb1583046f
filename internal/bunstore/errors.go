package bunstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/innards-go/innards"
)

// A commitError is an error of the statement that commits: if the connection broke, the outcome is unknown.
type commitError struct{ err error }

// Error implements error.
func (e *commitError) Error() string { return e.err.Error() }

// Unwrap returns the driver's error.
func (e *commitError) Unwrap() error { return e.err }

// A hostError is an error that the host returned from its transaction: it is handed back as it is.
type hostError struct{ err error }

// Error implements error.
func (e *hostError) Error() string { return e.err.Error() }

// Unwrap returns the host's error.
func (e *hostError) Unwrap() error { return e.err }

// failure wraps the driver's error of a read.
func (db *DB) failure(err error) error { return db.judge(err, db.readClass) }

// writeFailure wraps the driver's error of a write.
func (db *DB) writeFailure(err error) error { return db.judge(err, db.writeClass) }

func (db *DB) judge(err error, classOf func(error) class) error {
	if err == nil || isOurs(err) {
		return err
	}
	if host, ok := errors.AsType[*hostError](err); ok {
		return host.err
	}
	if matches := classOf(err).matches(); matches != nil {
		return fmt.Errorf("%w: %w", matches, err)
	}
	if db.closed.Load() {
		return fmt.Errorf("%w: %w", ErrClosed, err)
	}
	return fmt.Errorf("innards: the database: %w", err)
}

// isOurs reports whether the error needs no wrapping.
func isOurs(err error) bool {
	for _, ours := range []error{innards.ErrNotFound, innards.ErrStale, innards.ErrUnscoped, innards.ErrUnavailable,
		innards.ErrOutcomeUnknown, innards.ErrCorrupt, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ours) {
			return true
		}
	}
	return false
}

// A class is what an error of a driver means.
type class int

const (
	classOther class = iota
	classStale
	classUnavailable
	classFull
	classUnknown // outcome
	classCorrupt
)

var errFull = fmt.Errorf("%w: %w", innards.ErrUnavailable, innards.ErrFull)

func (c class) matches() error {
	return [...]error{
		classOther: nil, classStale: innards.ErrStale, classUnavailable: innards.ErrUnavailable, classFull: errFull,
		classUnknown: innards.ErrOutcomeUnknown, classCorrupt: innards.ErrCorrupt,
	}[c]
}

func (db *DB) readClass(err error) class {
	if db.dialect == SQLite {
		return sqliteClass(db.sqliteCode(err))
	}
	if state, ok := sqlState(err); ok {
		return postgresClass(state)
	}
	return brokenClass(err)
}

// writeClass is readClass for a write, which a constraint makes stale, and whose outcome is unknown if the connection
// breaks while it commits.
func (db *DB) writeClass(err error) class {
	_, committing := errors.AsType[*commitError](err)
	if db.dialect == SQLite {
		code := db.sqliteCode(err)
		if committing && code == sqliteIOErr {
			return classUnknown
		}
		return sqliteClass(code)
	}
	state, ok := sqlState(err)
	switch {
	case ok && committing && isShutdown(state):
		return classUnknown
	case ok:
		return postgresClass(state)
	case committing && !isUnsent(err):
		return classUnknown
	}
	return brokenClass(err)
}

// The result codes of SQLite that are told apart: https://sqlite.org/rescode.html
const (
	sqliteGeneric    = 1
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteNoMem      = 7
	sqliteReadOnly   = 8
	sqliteInterrupt  = 9
	sqliteIOErr      = 10
	sqliteCorrupt    = 11
	sqliteFull       = 13
	sqliteCantOpen   = 14
	sqliteConstraint = 19
	sqliteNotADB     = 26
)

// sqliteCode returns the primary result code, or 0.
func (db *DB) sqliteCode(err error) int {
	codeOf := db.options.ErrorCode
	if codeOf == nil {
		codeOf = codeByMethod
	}
	code, _ := codeOf(err)
	return code & 0xff
}

func codeByMethod(err error) (int, bool) {
	coded, ok := errors.AsType[interface {
		error
		Code() int
	}](err)
	if !ok {
		return 0, false
	}
	return coded.Code(), true
}

func sqliteClass(code int) class {
	switch code {
	case sqliteBusy, sqliteLocked, sqliteReadOnly, sqliteIOErr, sqliteCantOpen, sqliteNoMem:
		return classUnavailable
	case sqliteFull:
		return classFull
	case sqliteCorrupt, sqliteNotADB:
		return classCorrupt
	case sqliteConstraint:
		return classStale
	}
	return classOther
}

// endsTransaction reports whether SQLite may have rolled back the transaction with the statement.
func endsTransaction(code int) bool {
	switch code {
	case sqliteBusy, sqliteNoMem, sqliteInterrupt, sqliteIOErr, sqliteCorrupt, sqliteFull, sqliteNotADB:
		return true
	}
	return false
}

// sqlState returns the SQLSTATE of PostgreSQL.
func sqlState(err error) (string, bool) {
	stated, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err)
	if !ok || len(stated.SQLState()) != 5 {
		return "", false
	}
	return stated.SQLState(), true
}

// postgresClass judges by Appendix A of PostgreSQL's documentation.
func postgresClass(state string) class {
	switch state {
	case "40001", "40P01", "23505", "23514", "23503":
		return classStale // serialization failure, deadlock, unique key, check, foreign key
	case "53100":
		return classFull
	case "25006", "55P03":
		return classUnavailable // read-only, lock not available
	}
	switch state[:2] {
	case "08", "53", "57", "58":
		return classUnavailable // connection, resources, operator, system
	case "XX":
		return classCorrupt
	}
	return classOther
}

// isShutdown reports whether the server may have ended the connection after it had received the statement.
func isShutdown(state string) bool { return state == "57P01" || state == "57P02" || state[:2] == "08" }

// brokenClass judges an error that did not come from the server.
func brokenClass(err error) class {
	_, isNet := errors.AsType[net.Error](err)
	if isNet || isUnsent(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, sql.ErrConnDone) {
		return classUnavailable
	}
	return classOther
}

// isUnsent reports whether nothing can have reached the server.
func isUnsent(err error) bool {
	if unsent, ok := errors.AsType[interface {
		error
		SafeToRetry() bool
	}](err); ok && unsent.SafeToRetry() {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return errors.Is(err, driver.ErrBadConn) || ok && op.Op == "dial"
}
