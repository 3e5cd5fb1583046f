package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Cluster is a private PostgreSQL that listens on a Unix socket only. Use [Start], and Stop it in the end.
type Cluster struct {
	programs string // directory of PostgreSQL's programs
	dir      string
	owner    *syscall.Credential // nil: whoever runs the test
	keeper   *exec.Cmd
	leash    io.Closer // the keeper ends the server when it is closed, also by the end of this process
}

// Start makes a cluster in a temporary directory and starts it, with durable commits as in production.
func Start(ctx context.Context) (c *Cluster, err error) {
	c = &Cluster{}
	if c.programs, err = programs(); err != nil {
		return nil, err
	}
	if err := c.makeDir(); err != nil {
		return nil, err
	}
	initdb := c.command(ctx, "initdb", "--pgdata="+c.data(), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(c.dir))
	}
	if err := c.Restart(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.dir))
	}
	return c, nil
}

// programs returns where PostgreSQL's programs are. Debian keeps some of them out of the search path.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		path, err = filepath.EvalSymlinks(path)
		return filepath.Dir(path), err
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("the program initdb is not found")
	}
	return filepath.Dir(slices.Max(found)), nil
}

// makeDir makes the directory. PostgreSQL refuses to run as root, so there it runs as another user, who owns it.
func (c *Cluster) makeDir() (err error) {
	if c.dir, err = os.MkdirTemp("", "pgtest-"); err != nil || os.Geteuid() != 0 {
		return err
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		c.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(c.dir, int(uid), int(gid))
	}
	return errors.New("there is no unprivileged user to run PostgreSQL")
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// command returns a command that runs as the owner.
func (c *Cluster) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(c.programs, program), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.owner, Setpgid: true}
	return cmd
}

// keep runs the server until standard input ends, which it does when the test binary ends, however it does; then it
// removes what has become useless.
const keep = `"$0" -D "$1/data" -k "$1" -c listen_addresses= -c autovacuum=off -c max_connections=200 >"$1/log" 2>&1 </dev/null &
server=$!
read -r order
kill -QUIT $server 2>/dev/null
wait $server
[ "$order" = stop ] || rm -rf "$1"`

// Restart starts the server, or starts it again after [Cluster.Crash].
func (c *Cluster) Restart(ctx context.Context) error {
	c.keeper = exec.Command("/bin/sh", "-c", keep, filepath.Join(c.programs, "postgres"), c.dir)
	c.keeper.Dir = c.dir
	c.keeper.SysProcAttr = &syscall.SysProcAttr{Credential: c.owner, Setpgid: true}
	leash, err := c.keeper.StdinPipe()
	if err != nil {
		return err
	}
	c.leash = leash
	if err := c.keeper.Start(); err != nil {
		return err
	}
	if err := c.await(ctx); err != nil {
		c.Stop()
		return err
	}
	return nil
}

// await waits until the server takes connections.
func (c *Cluster) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ready := c.command(ctx, "pg_isready", "--quiet", "--host="+c.dir)
		if ready.Run() == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("PostgreSQL does not start: %w: %s", ctx.Err(), bytes.TrimSpace(log))
		}
	}
}

// Source returns the source of the cluster's own database, for pgx.
func (c *Cluster) Source() string {
	return "host=" + c.dir + " user=postgres dbname=postgres default_query_exec_mode=simple_protocol"
}

// Crash stops the server at once, as a crash would. What was committed is there after [Cluster.Restart].
func (c *Cluster) Crash() error { return c.end("stop\n") }

// Stop stops the server and removes the cluster.
func (c *Cluster) Stop() { _ = c.end("\n") }

func (c *Cluster) end(order string) error {
	if c.keeper == nil {
		return nil
	}
	w := c.leash.(io.Writer)
	_, err := io.Copy(w, strings.NewReader(order))
	err = errors.Join(err, c.leash.Close(), ignoreExit(c.keeper.Wait()))
	c.keeper = nil
	return err
}

// ignoreExit drops the exit code of a server that was stopped in a hurry.
func ignoreExit(err error) error {
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil
	}
	return err
}
