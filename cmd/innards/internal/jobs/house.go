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
	forgetLimit = 1000 // keys, so that no transaction is long
)

// Sweep returns the job that does what is due by the clock: deadlines, releases, no-shows, messages, payments.
func Sweep(service *reservation.Service, log *slog.Logger, did func()) Job {
	return Job{Name: "sweep", Every: sweepEvery, Do: func(ctx context.Context) (bool, error) {
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

// Forget returns the job that removes the answers of idempotency keys that need not be kept any longer.
func Forget(store reservation.Store, now innards.Clock) Job {
	return Job{Name: "forget", Every: forgetEvery, Do: func(ctx context.Context) (bool, error) {
		n, err := store.Forget(ctx, now().Add(-innards.KeyRetention), forgetLimit)
		return n == forgetLimit, err
	}}
}
