// Package jobs does the server's work that nobody waits for. A [Task] is done again and again: sweeps, deliveries, tidying
// up. A [Job] is one piece of work, such as a mail, that is kept in the database until it is done; tasks work them off.
//
// Both may run in several processes at once: what is due is claimed or guarded by the store, so that nothing is done
// twice. A job is done at least once: it is done again if its process is killed before it could say so.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/innards-go/innards"
)

// A Task is done again and again.
type Task struct {
	Name string
	// Every is how long it rests between two rounds.
	Every time.Duration
	// Wake, if there is one, returns a channel that ends the rest early when it is closed or sends.
	Wake func() <-chan struct{}
	// Do is one round. It returns whether there is more to do at once.
	Do func(context.Context) (more bool, err error)
}

// A Round is how one round of a task went.
type Round struct {
	Task  string
	At    time.Time // of its begin
	Took  time.Duration
	Every time.Duration // until the next, at the latest
	Err   error
}

// A Runner runs tasks and tells of their outcome.
type Runner struct {
	Log *slog.Logger
	Now innards.Clock
	// Ran is told the outcome of every round.
	Ran func(context.Context, Round)
	// Asked, if there is one, returns a channel that ends the rest of the task of the name early when it sends.
	Asked func(task string) <-chan struct{}
}

// Run runs the tasks until ctx ends, then waits for their last rounds.
func (r Runner) Run(ctx context.Context, tasks ...Task) {
	var running sync.WaitGroup
	for _, task := range tasks {
		running.Go(func() { r.repeat(ctx, task) })
	}
	running.Wait()
}

func (r Runner) repeat(ctx context.Context, task Task) {
	rest := time.NewTimer(task.Every)
	defer rest.Stop()
	var asked <-chan struct{} // without Asked, nil: nobody asks
	if r.Asked != nil {
		asked = r.Asked(task.Name)
	}
	for ctx.Err() == nil {
		var wake <-chan struct{} // without Wake, nil: it never wakes
		if task.Wake != nil {
			wake = task.Wake() // before the round, so that nothing is missed
		}
		if r.round(ctx, task) {
			continue
		}
		rest.Reset(task.Every)
		select {
		case <-ctx.Done():
		case <-rest.C:
		case <-wake:
		case <-asked:
		}
	}
}

// round does one round. After a failure the task rests: whatever failed is due again.
func (r Runner) round(ctx context.Context, task Task) (more bool) {
	at := r.Now()
	err := guarded(func() (err error) {
		more, err = task.Do(ctx)
		return err
	})
	if err != nil && ctx.Err() != nil {
		return false // it was interrupted
	}
	r.Ran(ctx, Round{task.Name, at, r.Now().Sub(at), task.Every, err})
	if err != nil {
		r.Log.ErrorContext(ctx, "task failed", "task", task.Name, "error", err.Error())
		return false
	}
	return more
}

// guarded makes a panic an error, so that one piece of work takes no other down.
func guarded(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return do()
}
