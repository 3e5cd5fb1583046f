package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/router"
)

const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10
	// writeTimeout is from the end of a request's header to the last byte of its answer. Routes that may take longer say so.
	writeTimeout = router.Timeout + router.Receiving
	// drainTime is how long requests in flight may take once the server stops.
	drainTime = 30 * time.Second
)

// Serve answers on the listener until ctx ends, then stops listening, calls stopping, waits for the requests in flight
// as long as drainTime, and returns nil if all were answered.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger, stopping func()) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	stopping()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err := s.Shutdown(drain)
	if err != nil {
		err = errors.Join(err, s.Close()) // the rest is cut off, so that nothing uses what the caller closes
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
