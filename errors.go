package innards

import "errors"

var (
	// ErrNotFound is returned for a record that does not exist or is outside of the actor's scope.
	ErrNotFound = errors.New("innards: not found")

	// ErrUnscoped is returned by every store method that is given the zero [Scope].
	ErrUnscoped = errors.New("innards: the actor has no tenant, so nothing can be seen")

	// ErrStale is what a store's Commit returns when something that the decision rests on has moved since the facts were
	// read: the version, a claim, a counter, a key or a seen row. Nothing was written.
	ErrStale = errors.New("innards: the facts have moved")

	// ErrUnavailable is matched when the store cannot be read or written for now: locked, read-only, full or out of
	// reach. Nothing was written.
	ErrUnavailable = errors.New("innards: the store is not available")

	// ErrFull is matched, beside [ErrUnavailable], when the store's disk is full.
	ErrFull = errors.New("innards: the store's disk is full")

	// ErrOutcomeUnknown is matched when the connection broke while committing: the change is written whole or not at all.
	// The same command with the same key finds out which.
	ErrOutcomeUnknown = errors.New("innards: the outcome of the commit is unknown")

	// ErrCorrupt is matched when stored data cannot be read back: a damaged file, or a document of an unknown form.
	ErrCorrupt = errors.New("innards: the stored data is damaged")
)
