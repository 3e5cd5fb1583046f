package replay

import (
	"context"
	"sync"
	"sync/atomic"
)

// wave calls do for every booking, up to Workers at the same time, and returns when all are done. After an error it
// begins no more, and returns the first.
func (r *run) wave(ctx context.Context, bookings []*booking, do func(context.Context, *booking) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	var next atomic.Int64
	for range min(r.Workers, len(bookings)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(bookings) {
					return
				}
				if err := do(ctx, bookings[i]); err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}
