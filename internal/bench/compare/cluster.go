package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
)

// A cluster is a private PostgreSQL with default settings that listens on a Unix socket only.
type cluster struct {
	dir   string            // also of its socket
	paths map[string]string // of PostgreSQL's programs
}

// startCluster makes the cluster and starts it. PostgreSQL refuses to run as root, so there it runs as its own user.
func startCluster(ctx context.Context, dir string) (*cluster, error) {
	c := &cluster{dir: dir, paths: map[string]string{}}
	for _, name := range []string{"initdb", "pg_ctl", "psql", "pgbench"} {
		path, err := find(name)
		if err != nil {
			return nil, err
		}
		c.paths[name] = path
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		if err := give(dir, "postgres"); err != nil {
			return nil, err
		}
	}
	if err := c.asOwner(ctx, "initdb", "-D", c.data(), "-U", "postgres", "-A", "trust"); err != nil {
		return nil, err
	}
	return c, c.asOwner(ctx, "pg_ctl", "start", "-w", "-s", "-D", c.data(), "-l", filepath.Join(dir, "log"),
		"-o", "-k "+dir+" -c listen_addresses=''")
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *cluster) stop() {
	// The context of the comparison may be over by now.
	if err := c.asOwner(context.Background(), "pg_ctl", "stop", "-s", "-m", "fast", "-D", c.data()); err != nil {
		progress("%v", err)
	}
}

// client makes a call of one of PostgreSQL's clients.
func (c *cluster) client(ctx context.Context, name string, args ...string) *exec.Cmd {
	made := command(ctx, c.paths[name], args...)
	made.Env = append(made.Environ(), "PGHOST="+c.dir, "PGUSER=postgres", "PGDATABASE=postgres")
	return made
}

func (c *cluster) asOwner(ctx context.Context, name string, args ...string) error {
	made := command(ctx, c.paths[name], args...)
	if os.Geteuid() == 0 {
		made = command(ctx, "runuser", append([]string{"-u", "postgres", "--"}, made.Args...)...)
	}
	made.Dir = c.dir
	// The server inherits the output of pg_ctl, so that reading it to its end would wait for the server to end.
	log, err := os.Create(c.dir + "." + name + ".log")
	if err != nil {
		return err
	}
	defer log.Close()
	made.Stdout, made.Stderr = log, log
	if err := made.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

func give(dir, owner string) error {
	u, err := user.Lookup(owner)
	if err != nil {
		return err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return os.Chown(dir, uid, gid)
}

// find returns the path of one of PostgreSQL's programs. Debian keeps some of them out of the search path.
func find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", fmt.Errorf("%s not found: install PostgreSQL, or leave this part out with --parts", name)
	}
	return slices.Max(found), nil
}
