package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/innards-go/innards/cmd/innards/internal/jobs"
)

// A task that fails or panics is told of and done again; it takes no other down, and ends with its context.
func TestRunner(t *testing.T) {
	defer goleak.VerifyNone(t)
	var log bytes.Buffer
	type outcome struct {
		task string
		err  error
	}
	outcomes := make(chan outcome, 10)
	runner := jobs.Runner{
		Log: slog.New(slog.NewTextHandler(&log, nil)),
		Now: time.Now,
		Ran: func(_ context.Context, r jobs.Round) { outcomes <- outcome{r.Task, r.Err} },
	}
	ctx, cancel := context.WithCancel(t.Context())
	wakes, rounds := make(chan (<-chan struct{}), 10), 0
	woken := make(chan struct{})
	close(woken)
	wakes <- woken
	wakes <- woken
	wakes <- nil
	done := make(chan struct{})
	go func() {
		defer close(done)
		runner.Run(ctx, jobs.Task{
			Name: "work", Every: time.Hour, Wake: func() <-chan struct{} { return <-wakes },
			Do: func(context.Context) (bool, error) {
				switch rounds++; rounds {
				case 1:
					return false, errors.New("no luck")
				case 2:
					panic("no sense")
				}
				return false, nil
			},
		})
	}()
	for _, want := range []string{"no luck", "panic: no sense", ""} {
		got := <-outcomes
		if text := errorText(got.err); text != want || got.task != "work" {
			t.Errorf("the outcome is %q, want %q", text, want)
		}
	}
	cancel()
	<-done
	if !strings.Contains(log.String(), "no luck") || !strings.Contains(log.String(), "no sense") {
		t.Errorf("logged: %s", &log)
	}
}

// While there is more to do, a task does not rest.
func TestMoreToDo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	rounds := 0
	jobs.Runner{Log: slog.New(slog.DiscardHandler), Now: time.Now, Ran: func(context.Context, jobs.Round) {}}.Run(ctx, jobs.Task{
		Name: "work", Every: time.Hour,
		Do: func(context.Context) (bool, error) {
			if rounds++; rounds == 5 {
				cancel()
			}
			return true, nil
		},
	})
	if rounds != 5 {
		t.Errorf("%d rounds", rounds)
	}
}

// Whoever asks for a task has it run before its rest is over.
func TestAsking(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan struct{})
	rounds := 0
	go func() {
		asked <- struct{}{}
		asked <- struct{}{}
	}()
	jobs.Runner{
		Log: slog.New(slog.DiscardHandler), Now: time.Now, Ran: func(context.Context, jobs.Round) {},
		Asked: func(string) <-chan struct{} { return asked },
	}.Run(ctx, jobs.Task{Name: "work", Every: time.Hour, Do: func(context.Context) (bool, error) {
		if rounds++; rounds == 3 {
			cancel()
		}
		return false, nil
	}})
	if rounds != 3 {
		t.Errorf("%d rounds", rounds)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
