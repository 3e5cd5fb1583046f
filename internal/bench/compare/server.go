package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A server is a process that answers on a port of this machine.
type server struct {
	cmd   *exec.Cmd
	lines chan string // of its standard output
	log   bytes.Buffer
	url   string
	ready time.Duration // from the start of the process to its first 200 on the ready path
}

// startServer starts a program that prints "listening on URL" and returns once it answers 200 on readyPath.
func startServer(ctx context.Context, readyPath, binary string, args []string) (*server, error) {
	s := &server{cmd: command(ctx, binary, args...), lines: make(chan string, 100)}
	s.cmd.Stderr = &s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	started := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.read(stdout)
	err = s.listen(ctx, readyPath)
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("%s: %w\n%s", filepath.Base(binary), err, bytes.TrimSpace(s.log.Bytes()))
	}
	s.ready = time.Since(started)
	return s, nil
}

// read passes lines on as long as somebody may want them; a program must not wait for that.
func (s *server) read(stdout io.Reader) {
	defer close(s.lines)
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		select {
		case s.lines <- scanner.Text():
		default:
		}
	}
}

// line returns what follows the prefix in the next line that has it.
func (s *server) line(ctx context.Context, prefix string) (string, error) {
	for {
		select {
		case line, ok := <-s.lines:
			if !ok {
				return "", fmt.Errorf("ended without a line %q", prefix)
			}
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				return rest, nil
			}
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (s *server) listen(ctx context.Context, readyPath string) error {
	var err error
	if s.url, err = s.line(ctx, "listening on "); err != nil {
		return err
	}
	for ctx.Err() == nil {
		answer, err := http.Get(s.url + readyPath)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(time.Millisecond)
	}
	return ctx.Err()
}

// peakMemory returns the largest resident set that the process ever had, in MB.
func (s *server) peakMemory() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib float64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		return 0, fmt.Errorf("peak memory: %w", err)
	}
	return kib * 1024 / 1e6, nil
}

// stop asks the process to end, and after ten seconds makes it.
func (s *server) stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(10*time.Second, func() { s.cmd.Process.Kill() })
	defer kill.Stop()
	for range s.lines { // the pipe has to be drained before Wait
	}
	s.cmd.Wait()
}
