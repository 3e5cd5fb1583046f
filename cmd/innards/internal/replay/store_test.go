package replay

import (
	"context"
	"sync/atomic"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// counting counts commits and fails from the most-th on; 0: never.
type counting struct {
	reservation.Store
	n    atomic.Int64
	most int64
}

func (c *counting) allow() error {
	if n := c.n.Add(1); c.most > 0 && n >= c.most {
		return innards.ErrUnavailable
	}
	return nil
}

// Commit implements reservation.Store.
func (c *counting) Commit(ctx context.Context, ch *reservation.Change) error {
	if err := c.allow(); err != nil {
		return err
	}
	return c.Store.Commit(ctx, ch)
}

// CommitProperty implements reservation.Store.
func (c *counting) CommitProperty(ctx context.Context, ch *reservation.PropertyChange) error {
	if err := c.allow(); err != nil {
		return err
	}
	return c.Store.CommitProperty(ctx, ch)
}

// refusing finds every try of one guest's command stale, so that it is refused as busy.
type refusing struct {
	reservation.Store
	guest, command string
}

// Commit implements reservation.Store.
func (r refusing) Commit(ctx context.Context, ch *reservation.Change) error {
	if ch.After.Guest.Name == r.guest && ch.Event.Command == r.command {
		return innards.ErrStale
	}
	return r.Store.Commit(ctx, ch)
}
