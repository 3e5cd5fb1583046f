package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// OpenPostgres connects to the database that source names to the driver that was registered under the name. With pgx,
// add "default_query_exec_mode=simple_protocol" to the source: Bun writes values into its texts, so that preparing each
// would be a round trip for nothing. A write that has begun waits for locks as long as the server lets it: set
// lock_timeout there if transactions of the host may hold them for long.
func OpenPostgres(ctx context.Context, driverName, source string, o Options) (*DB, error) {
	connections, err := sql.Open(driverName, source)
	if err != nil {
		return nil, fmt.Errorf("innards: %w", err)
	}
	if o.Connections == 0 {
		o.Connections = 16
	}
	connections.SetMaxOpenConns(o.Connections)
	connections.SetMaxIdleConns(o.Connections)
	db := newDB(Postgres, o)
	db.pool = &pool{bun: bun.NewDB(connections, pgdialect.New()), dialect: Postgres}
	if err := connections.PingContext(ctx); err != nil {
		return nil, errors.Join(db.failure(fmt.Errorf("connecting: %w", err)), db.pool.close())
	}
	return db, nil
}
