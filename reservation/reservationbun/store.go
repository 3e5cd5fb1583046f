package reservationbun

import (
	"context"
	"embed"

	"github.com/uptrace/bun"

	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

// A DB is one database that the stores of all packages of a process share. It is safe for concurrent use. Close it in
// the end. Its methods Stats, CheckMigrated, CheckWritable and Backup are for whoever runs it.
type DB = bunstore.DB

// Options are what may differ from one database to another. The zero Options will do.
type Options = bunstore.Options

// A Schema is the tables of one package.
type Schema = bunstore.Schema

var (
	// ErrNewer is matched when the database was migrated by a later version of the program.
	ErrNewer = bunstore.ErrNewer
	// ErrNotMigrated is matched when tables are missing that this program needs.
	ErrNotMigrated = bunstore.ErrNotMigrated
	// ErrClosed is matched by the error of a call on a closed DB.
	ErrClosed = bunstore.ErrClosed
)

// OpenSQLite opens the database in the file, which is made if it does not exist, with the driver that was registered
// under the name. The file's directory must exist. Only one process should write to it.
func OpenSQLite(ctx context.Context, driver, file string, o Options) (*DB, error) {
	return bunstore.OpenSQLite(ctx, driver, file, o)
}

// OpenPostgres connects to the database that source names to the driver that was registered under the name. With pgx,
// add "default_query_exec_mode=simple_protocol" to the source: Bun writes values into its texts, so that preparing each
// would be a round trip for nothing. A write that has begun waits for locks as long as the server lets it: set
// lock_timeout there if transactions of the host may hold them for long.
func OpenPostgres(ctx context.Context, driver, source string, o Options) (*DB, error) {
	return bunstore.OpenPostgres(ctx, driver, source, o)
}

//go:embed migrations
var migrations embed.FS

// Tables returns the schema of this package, for [DB.Migrate] together with those of others.
func Tables() Schema { return Schema{Name: "reservation", Files: migrations} }

// Migrate makes the tables of this package, or brings them up to date. It is safe to call at every start, from many
// servers at once. A database that has been migrated by a later version of the program is refused with [ErrNewer].
func Migrate(ctx context.Context, db *DB) error { return db.Migrate(ctx, Tables()) }

// A Store keeps reservations and properties in a [DB]. It is safe for concurrent use. Use [New].
type Store struct {
	journal
	on         bunstore.Domain
	properties *properties
}

type journal = bunstore.Journal

var _ reservation.Store = (*Store)(nil)

// New returns the store in the database, which must be migrated before it is used.
func New(db *DB) *Store { return newStore(bunstore.On(db), newProperties()) }

func newStore(on bunstore.Session, p *properties) *Store {
	domain := on.Domain("reservation")
	return &Store{journal: domain.Journal(), on: domain, properties: p}
}

// WithTx returns the store within the host's transaction. It is used by one goroutine at a time, until the transaction
// ends.
func (s *Store) WithTx(tx bun.Tx) *Store { return newStore(s.on.WithTx(tx), s.properties) }
