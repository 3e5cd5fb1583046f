package innards

import (
	"context"
	"time"
)

// A Journal is the part of a store that every package has: histories, the feed and the outbox. It is safe for
// concurrent use.
type Journal interface {
	// History returns up to limit events of one record with a sequence above after, in order. A record outside of the
	// scope is [ErrNotFound].
	History(ctx context.Context, s Scope, record string, after int64, limit int) ([]Event, error)
	// Feed returns up to limit events of the scope with a cursor above after, in order. An event never appears below a
	// cursor that was already returned.
	Feed(ctx context.Context, s Scope, after int64, limit int) ([]Event, error)
	// Pending returns up to limit scopes, a tenant each, that have messages to deliver at the instant.
	Pending(ctx context.Context, at time.Time, limit int) ([]Scope, error)
	// Lease returns up to limit undelivered messages of the tenant, oldest first, and keeps every other caller from them
	// until the given instant. A message is not returned while an earlier one of its record is undelivered and leased
	// or waiting for its next attempt.
	Lease(ctx context.Context, s Scope, now, until time.Time, limit int) ([]Message, error)
	// Settle ends a lease: delivered if failure is empty, else to be tried again at the instant. Attempt is the leased
	// message's count of attempts: a lease that another caller has taken over is left alone.
	Settle(ctx context.Context, s Scope, m Message, failure string, again time.Time) error
}

// A Due is a record that a sweep must look at. It names the record, it does not show it.
type Due struct {
	Scope  Scope
	Record string
}
