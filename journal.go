package innards

import (
	"context"
	"time"
)

// A Journal is the part of a store that every package has: histories, the feed and the outbox. It is safe for
// concurrent use.
type Journal interface {
	// History returns up to limit events of one record with a sequence above after, in order. A record is named by its
	// kind and id: two of different kinds may have the same id. One outside of the scope is [ErrNotFound].
	History(ctx context.Context, s Scope, kind, record string, after int64, limit int) ([]Event, error)
	// Feed returns up to limit events of the scope with a cursor above after, in order: that of the commits, in which the
	// events of one record have ascending sequences. Cursors ascend, with gaps, and only the store knows what they mean;
	// 0 is before the first. An event never appears below a cursor that was already returned, so that who goes on from the
	// last one misses nothing. What is the newest cursor cannot be asked: who wants only what is still to come reads to the
	// end once.
	Feed(ctx context.Context, s Scope, after int64, limit int) ([]Event, error)
	// Pending returns up to limit scopes, a tenant each, that have messages to deliver at the instant. It has no scope, and
	// shows no message.
	Pending(ctx context.Context, at time.Time, limit int) ([]Scope, error)
	// Lease returns up to limit undelivered messages of the scope's tenant and property, oldest first, and keeps every other
	// caller from them until the given instant. A message is not returned while an earlier one of its record is undelivered
	// and leased or waiting for its next attempt; but one lease may have several messages of a record, which are to be
	// delivered in order: if one fails, those after it wait. An actor confined to a party has nothing to deliver.
	Lease(ctx context.Context, s Scope, now, until time.Time, limit int) ([]Message, error)
	// Settle ends a lease: delivered if failure is empty, else to be tried again at the instant. A lease that another
	// caller has taken over, which the message's count of attempts tells, is left alone, and so is a message outside
	// of the scope.
	Settle(ctx context.Context, s Scope, m Message, failure string, again time.Time) error
}

// A Due is a record that a sweep must look at. It names the record, it does not show it.
type Due struct {
	Scope  Scope
	Record string
}
