// Command pocketbase is the peer of the HTTP comparison: PocketBase embedded in Go, extended with one route that does
// what a lifecycle command does (read, check, save the record, save an event, in one transaction).
//
// On stdout it prints the address, the time it took to listen, and a token of its superuser.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own tables
)

func main() {
	started := time.Now()
	dir := flag.String("dir", "", "data directory (required)")
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on; port 0 picks a free one")
	full := flag.Bool("full", false, "commit with synchronous=FULL instead of PocketBase's default, NORMAL")
	seed := flag.Int("seed", 0, "create the collections with this many reservations, unless they exist")
	flag.Parse()
	if *dir == "" {
		fmt.Fprintln(os.Stderr, "pocketbase: --dir is required")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, started, *dir, *addr, *full, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, started time.Time, dir, addr string, full bool, seed int) error {
	config := core.BaseAppConfig{DataDir: dir}
	if full {
		config.DBConnect = connectFull
	}
	app := core.NewBaseApp(config)
	if err := app.Bootstrap(); err != nil {
		return err
	}
	defer app.ResetBootstrapState()
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if seed > 0 {
		if err := fill(app, seed); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	return serve(ctx, app, started, addr)
}

// connectFull opens a database with PocketBase's own pragmas, except that a commit is on disk before it is
// acknowledged.
func connectFull(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
		"&_pragma=journal_size_limit(200000000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)"+
		"&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

// serve answers until ctx is done.
func serve(ctx context.Context, app core.App, started time.Time, addr string) error {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			return err
		}
		e.Listener = listener
		e.InstallerFunc = nil // it would open a browser
		e.Router.POST("/route/transition/{id}", transition).Bind(apis.RequireAuth())
		if err := e.Next(); err != nil {
			return err
		}
		// The listener already queues connections, so a client may come from here on.
		fmt.Printf("listening on http://%s\n", listener.Addr())
		fmt.Printf("ready in %d ms\n", time.Since(started).Milliseconds())
		go func() {
			<-ctx.Done()
			e.Server.Shutdown(context.Background())
		}()
		return printToken(app)
	})
	return apis.Serve(app, apis.ServeConfig{HttpAddr: addr})
}

// printToken prints a token of the superuser that fill made. A directory that was never filled has none.
func printToken(app core.App) error {
	superuser, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, superuserEmail)
	if err != nil {
		return nil
	}
	token, err := superuser.NewStaticAuthToken(24 * time.Hour)
	if err != nil {
		return err
	}
	fmt.Println("token", token)
	return nil
}
