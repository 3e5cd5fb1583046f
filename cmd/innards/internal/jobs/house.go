package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

const (
	sweepEvery  = 10 * time.Second
	sweepLimit  = 200 // reservations
	forgetEvery = time.Hour
	forgetLimit = 1000 // rows, so that no transaction is long
)

// Sweep returns the task that does what is due by the clock: deadlines, releases, no-shows, messages, payments.
func Sweep(service *reservation.Service, log *slog.Logger, did func()) Task {
	return Task{Name: "sweep", Every: sweepEvery, Do: func(ctx context.Context) (bool, error) {
		sum, err := service.Sweep(ctx, sweepLimit)
		if sum.Done > 0 {
			did()
		}
		for _, r := range sum.Failed {
			log.WarnContext(ctx, "sweep failed", "reservation", r.ID, "codes", innards.Codes(r.Err), "error", plain(r.Err))
		}
		return sum.Looked == sweepLimit && len(sum.Failed) == 0, err
	}}
}

// plain returns the text of an error that is no refusal; a refusal is told by its codes.
func plain(err error) string {
	if len(innards.Codes(err)) > 0 {
		return ""
	}
	return err.Error()
}

// A Keeper keeps something for a time only.
type Keeper struct {
	For time.Duration
	// Forget removes what is from before the instant, up to limit of each sort, and returns how many.
	Forget func(ctx context.Context, before time.Time, limit int) (int, error)
}

// Forget returns the task that removes what need not be kept any longer.
func Forget(now innards.Clock, keepers ...Keeper) Task {
	return Task{Name: "forget", Every: forgetEvery, Do: func(ctx context.Context) (more bool, err error) {
		for _, k := range keepers {
			n, err := k.Forget(ctx, now().Add(-k.For), forgetLimit)
			if err != nil {
				return false, err
			}
			more = more || n >= forgetLimit
		}
		return more, nil
	}}
}
