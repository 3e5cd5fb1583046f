// Package jobs does the server's work that nobody waits for: sweeps, deliveries and tidying up. Every job may run in
// several processes at once: what is due is claimed or guarded by the store, so that nothing is done twice.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// A Job is done again and again.
type Job struct {
	Name string
	// Every is how long it rests between two rounds.
	Every time.Duration
	// Wake, if there is one, returns a channel whose closing ends the rest early.
	Wake func() <-chan struct{}
	// Do is one round. It returns whether there is more to do at once.
	Do func(context.Context) (more bool, err error)
}

// A Runner runs jobs and tells of their outcome.
type Runner struct {
	Log *slog.Logger
	// Ran is told the outcome of every round.
	Ran func(job string, err error)
}

// Run runs the jobs until ctx ends, then waits for their last rounds.
func (r Runner) Run(ctx context.Context, jobs ...Job) {
	var running sync.WaitGroup
	for _, job := range jobs {
		running.Go(func() { r.repeat(ctx, job) })
	}
	running.Wait()
}

func (r Runner) repeat(ctx context.Context, job Job) {
	rest := time.NewTimer(job.Every)
	defer rest.Stop()
	for ctx.Err() == nil {
		var wake <-chan struct{} // without Wake, nil: it never wakes
		if job.Wake != nil {
			wake = job.Wake() // before the round, so that nothing is missed
		}
		if r.round(ctx, job) {
			continue
		}
		rest.Reset(job.Every)
		select {
		case <-ctx.Done():
		case <-rest.C:
		case <-wake:
		}
	}
}

// round does one round. After a failure the job rests: whatever failed is due again.
func (r Runner) round(ctx context.Context, job Job) (more bool) {
	more, err := guarded(ctx, job)
	if err != nil && ctx.Err() != nil {
		return false // it was interrupted
	}
	r.Ran(job.Name, err)
	if err != nil {
		r.Log.ErrorContext(ctx, "job failed", "job", job.Name, "error", err.Error())
		return false
	}
	return more
}

// guarded makes a panic an error, so that one job takes no other down.
func guarded(ctx context.Context, job Job) (more bool, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return job.Do(ctx)
}
