package bunstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/innards-go/innards"
)

// A sqliteError is like the errors of modernc.org/sqlite, a postgresError like those of pgx.
type (
	sqliteError   int
	postgresError string
	unsentError   struct{}
)

func (e sqliteError) Error() string      { return fmt.Sprint("code ", int(e)) }
func (e sqliteError) Code() int          { return int(e) }
func (e postgresError) Error() string    { return "state " + string(e) }
func (e postgresError) SQLState() string { return string(e) }
func (unsentError) Error() string        { return "conn closed" }
func (unsentError) SafeToRetry() bool    { return true }

func TestErrorsAreWrapped(t *testing.T) {
	sqlite, postgres := &DB{dialect: SQLite}, &DB{dialect: Postgres}
	broken := &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
	dialled := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	commit := func(err error) error { return &commitError{err} }
	for _, c := range []struct {
		db   *DB
		err  error
		want error // nil: none of the root package's
	}{
		{sqlite, sqliteError(sqliteBusy), innards.ErrUnavailable},
		{sqlite, sqliteError(sqliteBusy | 2<<8), innards.ErrUnavailable},
		{sqlite, sqliteError(sqliteLocked), innards.ErrUnavailable},
		{sqlite, sqliteError(sqliteReadOnly | 8<<8), innards.ErrUnavailable},
		{sqlite, sqliteError(sqliteCantOpen), innards.ErrUnavailable},
		{sqlite, sqliteError(sqliteIOErr | 3<<8), innards.ErrUnavailable},
		{sqlite, commit(sqliteError(sqliteIOErr | 4<<8)), innards.ErrOutcomeUnknown},
		{sqlite, sqliteError(sqliteFull), innards.ErrFull},
		{sqlite, commit(sqliteError(sqliteFull)), innards.ErrUnavailable},
		{sqlite, sqliteError(sqliteCorrupt), innards.ErrCorrupt},
		{sqlite, sqliteError(sqliteNotADB), innards.ErrCorrupt},
		{sqlite, sqliteError(sqliteConstraint | 8<<8), innards.ErrStale},
		{sqlite, sqliteError(sqliteGeneric), nil},
		{sqlite, errors.New("misuse"), nil},
		{postgres, postgresError("23505"), innards.ErrStale},
		{postgres, postgresError("23514"), innards.ErrStale},
		{postgres, postgresError("23503"), innards.ErrStale},
		{postgres, postgresError("40001"), innards.ErrStale},
		{postgres, commit(postgresError("40001")), innards.ErrStale},
		{postgres, postgresError("40P01"), innards.ErrStale},
		{postgres, postgresError("53100"), innards.ErrFull},
		{postgres, postgresError("53300"), innards.ErrUnavailable},
		{postgres, postgresError("25006"), innards.ErrUnavailable},
		{postgres, postgresError("57P01"), innards.ErrUnavailable},
		{postgres, commit(postgresError("57P01")), innards.ErrOutcomeUnknown},
		{postgres, commit(postgresError("57P03")), innards.ErrUnavailable},
		{postgres, postgresError("XX001"), innards.ErrCorrupt},
		{postgres, postgresError("42601"), nil},
		{postgres, postgresError(""), nil},
		{postgres, broken, innards.ErrUnavailable},
		{postgres, commit(broken), innards.ErrOutcomeUnknown},
		{postgres, commit(io.ErrUnexpectedEOF), innards.ErrOutcomeUnknown},
		{postgres, io.EOF, innards.ErrUnavailable},
		{postgres, dialled, innards.ErrUnavailable},
		{postgres, commit(dialled), innards.ErrUnavailable},
		{postgres, commit(unsentError{}), innards.ErrUnavailable},
		{postgres, commit(driver.ErrBadConn), innards.ErrUnavailable},
		{postgres, context.Canceled, context.Canceled},
		{postgres, innards.ErrStale, innards.ErrStale},
		{postgres, &hostError{io.EOF}, io.EOF},
	} {
		got := c.db.writeFailure(fmt.Errorf("writing: %w", c.err))
		if c.want == nil {
			c.want = c.err
			if isOurs(got) {
				t.Errorf("%v becomes %v", c.err, got)
			}
		}
		if !errors.Is(got, c.want) {
			t.Errorf("%v becomes %v, want %v", c.err, got, c.want)
		}
	}
	if err := postgres.failure(nil); err != nil {
		t.Error(err)
	}
}

// TestErrorCode has a driver whose errors have their code elsewhere.
func TestErrorCode(t *testing.T) {
	full := errors.New("disk full")
	db := &DB{options: Options{ErrorCode: func(err error) (int, bool) { return sqliteFull, errors.Is(err, full) }}}
	if err := db.failure(full); !errors.Is(err, innards.ErrFull) || !errors.Is(err, full) {
		t.Error(err)
	}
}
