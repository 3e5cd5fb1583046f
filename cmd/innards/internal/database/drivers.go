package database

// The SQL drivers of this program, imported nowhere else.
import (
	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"
)

const (
	sqliteDriver   = "sqlite"
	postgresDriver = "pgx"
)
