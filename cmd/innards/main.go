// Command innards is the reference server of the Innards packages, and the tools to look after its database.
//
//	innards serve --demo
//
// starts it with an invented hotel. See innards --help for the rest.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // the command line or configuration is not usable
)

// run is the program without its globals. It ends when ctx does.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	var c cli
	var exited bool
	parser, err := newParser(&c, stdout, stderr, getenv, &exited)
	if err != nil {
		return fail(stderr, err)
	}
	selected, err := parser.Parse(args)
	if exited {
		return exitOK // help was asked for
	}
	if err != nil {
		return fail(stderr, usageError{err})
	}
	if err := selected.Run(&program{ctx, c.common, stdin, stdout, stderr}); err != nil {
		return fail(stderr, err)
	}
	return exitOK
}
