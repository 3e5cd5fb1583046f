// Command script runs the statements of standard input on a SQLite file, one line or several for each up to a semicolon
// at the end of a line, and prints after each how long it took, as psql does after \timing. It is built with the main
// module's version of the driver.
//
//	script FILE < SCRIPT
package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers "sqlite"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: script FILE < SCRIPT")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "script:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file string, script io.Reader) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx) // temporary tables belong to one
	if err != nil {
		return err
	}
	defer conn.Close()
	var statement strings.Builder
	for lines := bufio.NewScanner(script); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), `\`) {
			continue // it is for psql
		}
		statement.WriteString(lines.Text() + "\n")
		if !strings.HasSuffix(lines.Text(), ";") {
			continue
		}
		took, err := execute(ctx, conn, statement.String())
		if err != nil {
			return fmt.Errorf("%w in %s", err, statement.String())
		}
		fmt.Printf("Time: %.3f ms\n", float64(took.Microseconds())/1000)
		statement.Reset()
	}
	return nil
}

// execute reads all rows of the statement and drops them.
func execute(ctx context.Context, conn *sql.Conn, statement string) (time.Duration, error) {
	started := time.Now()
	rows, err := conn.QueryContext(ctx, statement)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return time.Since(started), rows.Err()
}
