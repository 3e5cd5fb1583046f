package bunstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// The settings of SQLite's connections: https://sqlite.org/pragma.html
var (
	writing = []string{
		"PRAGMA busy_timeout = 5000",
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = FULL",
		"PRAGMA foreign_keys = ON",
		"PRAGMA cache_size = -8000",
		"PRAGMA journal_size_limit = 67108864",
		"PRAGMA wal_autocheckpoint = 4000",
	}
	reading = []string{
		"PRAGMA busy_timeout = 5000",
		"PRAGMA query_only = ON",
		"PRAGMA cache_size = -8000",
	}
)

// OpenSQLite opens the database in the file, which is made if it does not exist, with the driver that was registered
// under the name. The file's directory must exist. The file may be given as a URI, such as "file:stays.db?mode=ro".
func OpenSQLite(ctx context.Context, driverName, file string, o Options) (*DB, error) {
	drv, err := driverNamed(driverName)
	if err != nil {
		return nil, err
	}
	if o.Connections == 0 {
		o.Connections = 6
	}
	db := newDB(SQLite, o)
	db.file, db.driver = file, drv
	write := db.openPool(writing, 1)
	db.pool = db.openPool(reading, o.Connections)
	for _, p := range []*pool{write, db.pool} {
		if err := p.bun.PingContext(ctx); err != nil {
			return nil, errors.Join(db.failure(fmt.Errorf("opening %s: %w", file, err)), write.close(), db.pool.close())
		}
	}
	db.writer = startWriter(db, write)
	return db, nil
}

func driverNamed(name string) (driver.Driver, error) {
	db, err := sql.Open(name, "")
	if err != nil {
		return nil, fmt.Errorf("innards: %w", err)
	}
	return db.Driver(), db.Close()
}

// openPool returns connections to the file with the settings, at most so many, all of them kept.
func (db *DB) openPool(settings []string, most int) *pool {
	connections := sql.OpenDB(&connector{db.driver, db.file, settings})
	connections.SetMaxOpenConns(most)
	connections.SetMaxIdleConns(most)
	return &pool{bun: bun.NewDB(connections, sqlitedialect.New()), dialect: SQLite, searches: map[string]*Stmt{}}
}

// A connector opens connections to a file and settles them.
type connector struct {
	driver   driver.Driver
	file     string
	settings []string
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return c.driver }

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.file)
	if err != nil {
		return nil, err
	}
	for _, setting := range c.settings {
		if err := execute(ctx, conn, setting); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", setting, err), conn.Close())
		}
	}
	return conn, nil
}

// execute runs a statement without parameters and drops its rows.
func execute(ctx context.Context, conn driver.Conn, statement string) error {
	if e, ok := conn.(driver.ExecerContext); ok {
		_, err := e.ExecContext(ctx, statement, nil)
		return err
	}
	st, err := conn.Prepare(statement)
	if err != nil {
		return err
	}
	_, err = st.Exec(nil) //lint:ignore SA1019 a driver without ExecerContext has nothing else
	return errors.Join(err, st.Close())
}
