// Package bunstore is what the stores on Bun share: one [DB] on SQLite or PostgreSQL, transactions, migrations, and the
// journal with its outbox and idempotency keys. It imports no SQL driver: the caller chooses one.
//
// # SQLite
//
// One goroutine owns the one connection that writes. It takes all changes that wait for it into one transaction and
// answers after the COMMIT, so that many callers share the cost of reaching the disk (group commit), and a change alone
// does not wait for others. The database is in WAL mode with synchronous=FULL: what was acknowledged survives a power
// cut. A few read-only connections read meanwhile.
//
// # PostgreSQL
//
// A change without claims is one statement; any other is a short transaction. A unique key, a check, a serialization
// failure or a deadlock that stands against a change makes it stale: the caller reads and decides again.
//
// # Errors
//
// The errors of the driver are wrapped by those of the root package: [innards.ErrStale], [innards.ErrUnavailable],
// [innards.ErrFull], [innards.ErrOutcomeUnknown] and [innards.ErrCorrupt].
package bunstore
