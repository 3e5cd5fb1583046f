package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// cli is the grammar of the command line.
type cli struct {
	common

	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Migrate migrateCommand `cmd:"" help:"Bring the tables of the database up to date."`
	Backup  backupCommand  `cmd:"" help:"Copy the database into a new file, also while the server runs (SQLite)."`
	Restore restoreCommand `cmd:"" help:"Make the database from a backup (SQLite). There must be none yet, and no server running."`
	Check   checkCommand   `cmd:"" help:"Check the database, every history chain and what must always hold."`
	Import  struct {
		Reservations importCommand `cmd:"" help:"Import reservations from a file, line by line. A line that was imported is known by its content and changes nothing when it is imported again, from whatever file; lines that are alike within one file are counted."`
	} `cmd:"" help:"Import a file."`
	Export struct {
		Reservations exportReservations `cmd:"" help:"Export reservations to a .csv or .jsonl file. Those that are expected can be imported again; checked in, checked out, cancelled and no-show are refused there."`
		Events       exportEvents       `cmd:"" help:"Export the feed of events to a .jsonl file, for other programs: it cannot be imported."`
	} `cmd:"" help:"Export to a file."`
	Replay struct {
		HotelBookings replayCommand `cmd:"" help:"Replay the public hotel booking demand data set (Antonio et al. 2019)."`
	} `cmd:"" help:"Lead a file of real bookings through the commands."`
	Diagram diagramCommand `cmd:"" help:"Print the lifecycles as state diagrams (Mermaid)."`
	Token   struct {
		Create tokenCreate `cmd:"" help:"Make an API token and print it, once."`
		List   tokenList   `cmd:"" help:"List the API tokens."`
		Revoke tokenRevoke `cmd:"" help:"End an API token."`
	} `cmd:"" help:"Look after API tokens."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// common are the flags of all commands.
type common struct {
	Config   string `placeholder:"FILE" help:"JSON file with settings, named as the flags are."`
	DB       string `name:"db" placeholder:"FILE|URL" default:"innards.db" help:"SQLite file or postgres:// address, innards.db if it is left out. Give an address with a password by environment or file, not on the command line."`
	Tenant   string `default:"main" help:"Company whose records are worked on."`
	LogLevel string `enum:"debug,info,warn,error" default:"info" help:"Least level of the log, which is JSON on standard error: debug, info, warn or error."`
}

// A program is what commands run with.
type program struct {
	ctx context.Context
	common
	stdin          io.Reader
	stdout, stderr io.Writer
}

// A usageError is one of the command line or configuration.
type usageError struct{ error }

// Unwrap returns the cause.
func (e usageError) Unwrap() error { return e.error }

const summary = "The reference server of Innards: lifecycles for hospitality. Settings come from flags, else from the " +
	"environment ($INNARDS_...), else from the file named by --config."

// newParser returns a parser into c. Asked for help it prints that and sets exited.
func newParser(c *cli, stdout, stderr io.Writer, getenv func(string) string, exited *bool) (*kong.Kong, error) {
	return kong.New(c, kong.Name("innards"), kong.Description(summary), kong.Writers(stdout, stderr),
		kong.Exit(func(int) { *exited = true }), kong.Resolvers(&settings{getenv: getenv}),
		kong.ValueFormatter(helpText), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
}

// fail prints one line about the error and returns the exit code for it.
func fail(stderr io.Writer, err error) int {
	text := strings.TrimPrefix(err.Error(), "innards: ")
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	if errors.Is(err, context.Canceled) {
		text = "interrupted"
	}
	_, _ = fmt.Fprintf(stderr, "innards: %s\n", text) // nobody is left to be told
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}
