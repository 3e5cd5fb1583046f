// Package reservationbun keeps reservations and properties on Bun: in a file with SQLite, or on PostgreSQL.
//
//	db, err := reservationbun.OpenSQLite(ctx, "sqlite", "stays.db", reservationbun.Options{}) // with modernc.org/sqlite
//	err = reservationbun.Migrate(ctx, db)
//	stays, err := reservation.NewService(reservationbun.New(db), options)
//
// The package imports no SQL driver: register one, such as modernc.org/sqlite ("sqlite") or
// github.com/jackc/pgx/v5/stdlib ("pgx"), and name it. One DB serves the stores of all packages of a process.
//
// That no room is taken twice for a night is a unique key of the database; that no more is sold of a room type than
// there is, is a check of it. So both hold for any number of servers on one PostgreSQL database.
//
// # The host's own transaction
//
// [Store.WithTx] puts what is read and written into a transaction of the host, made with [DB.InTx]; on PostgreSQL, any
// transaction on the database will do. It is durable when the host commits. A command that is told ErrStale within it is
// tried again by the service, each time on what the transaction sees; if the whole transaction has to be run again, that
// is the host's to do.
package reservationbun
