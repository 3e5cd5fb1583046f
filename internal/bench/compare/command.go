package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// command makes a child process that does not outlive ctx.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = 10 * time.Second
	return c
}

// output runs a command and returns its standard output. The error holds what it said on standard error.
func output(c *exec.Cmd) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", filepath.Base(c.Path), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}

// buildGo compiles a program of the module in dir, stripped, and returns its path.
func buildGo(ctx context.Context, o options, dir, pkg string) (string, error) {
	binary := filepath.Join(o.dir, strings.TrimSuffix(filepath.Base(pkg), ".go"))
	c := command(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, pkg)
	c.Dir = dir
	_, err := output(c)
	return binary, err
}
