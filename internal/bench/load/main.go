// Command load puts one server under load over a fixed number of connections, each with one call in flight, and prints
// the rate and the latencies as one line of JSON. It talks to this machine only.
//
//	load --kind innards --url http://127.0.0.1:8080 --token TOKEN --mode transition --connections 16
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/innards-go/innards/internal/bench/target"
)

func main() {
	var o options
	flag.StringVar(&o.Kind, "kind", "", "innards, pocketbase-route or pocketbase-patch")
	flag.StringVar(&o.Mode, "mode", "", strings.Join(target.Modes, ", "))
	flag.IntVar(&o.Connections, "connections", 1, "connections, up to 1024")
	flag.StringVar(&o.url, "url", "", "http://HOST:PORT of the server, on this machine")
	flag.StringVar(&o.token, "token", "", "bearer token")
	flag.DurationVar(&o.warmup, "warmup", 500*time.Millisecond, "load before the measurement")
	flag.DurationVar(&o.duration, "duration", 3*time.Second, "length of the measurement, up to 5m")
	flag.IntVar(&o.limit, "limit", 1_000_000, "calls after which to stop early, warm-up included")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := measure(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

type options struct {
	Kind        string `json:"kind"`
	Mode        string `json:"mode"`
	Connections int    `json:"connections"`

	url, token       string
	warmup, duration time.Duration
	limit            int
}

// host returns HOST:PORT of the server.
func (o options) host() (string, error) {
	u, err := url.Parse(o.url)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme != "http" || u.Port() == "" || ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("--url %q: want http://127.0.0.1:PORT", o.url)
	}
	return u.Host, nil
}

func (o options) check() error {
	switch {
	case o.Connections < 1 || o.Connections > 1024:
		return fmt.Errorf("--connections %d: want 1 to 1024", o.Connections)
	case o.duration <= 0 || o.duration > 5*time.Minute || o.warmup < 0 || o.warmup > time.Minute:
		return fmt.Errorf("--warmup %v, --duration %v: want up to 1m and 5m", o.warmup, o.duration)
	case o.limit < 1:
		return fmt.Errorf("--limit %d: want at least 1", o.limit)
	}
	return nil
}
