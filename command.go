package innards

import "time"

// A Command is how a change is asked for: by whom, on which version, under which key. What is asked for is an intent
// of the domain package, such as reservation.CheckIn.
type Command struct {
	// Actor is who asks. Required.
	Actor Actor
	// Expect is the version that the caller has seen; 0: any. Another version is refused with "stale_version".
	Expect int64
	// Key is the idempotency key; empty: none. The same key with the same content gets the committed answer again, with
	// other content it is refused with "key_reused". Only committed answers are kept, for [KeyRetention]; a bulk command
	// keeps its key from the start. A key belongs to the actor's whole [Scope]: to everybody in it, and to all kinds of
	// records of a package.
	Key string
	// Reason is free text, required to override. It is kept in the history, erasable.
	Reason string
	// Override lists the codes of blockers to override. Each needs the right that its blocker names, and a Reason.
	Override []Code
	// Cause says what made a system actor act, such as the rule and occurrence that fired. It is kept in the history.
	Cause string
	// DryRun asks for the answer without the commit.
	DryRun bool
}

// MaxKey is the length of the longest idempotency key.
const MaxKey = 255

// KeyRetention is how long the answer of a command with an idempotency key is kept at least.
const KeyRetention = 30 * 24 * time.Hour

// An Answer is what is kept under an idempotency key. Body is the encoded receipt, without personal data.
type Answer struct {
	Key    string
	Digest [32]byte
	Body   []byte
	At     time.Time
}

// A Head is what the facts of every package begin with: which record, at which version, and when.
type Head struct {
	// Kind of record, such as "reservation".
	Kind string
	// ID, Tenant, Property and Party of the record.
	ID, Tenant, Property, Party string
	// Version is also the sequence of the last event; 0: the record does not exist yet.
	Version int64
	// Hash of the last event.
	Hash Hash
	// Now is the instant of the command, UTC, to the microsecond.
	Now time.Time
	// BusinessDate of the property.
	BusinessDate Date
	// Prior is the answer kept under the command's key, or nil.
	Prior *Answer
}

// An Entry is what the changes of every package begin with: what is guarded, remembered and announced.
type Entry struct {
	Scope Scope
	Head  Head // the record as it was read; its Version must still be stored, 0 means that it must not exist
	Event Event
	// Outbox are the effects to be delivered to other systems after the commit.
	Outbox []Message
	// Answer is kept under its key, or nil.
	Answer *Answer
}

// A Message is an effect for another system. It is delivered at least once, in the order of one record's events; Key is
// deterministic, so that the receiver can drop a repetition.
type Message struct {
	// Position in the outbox, given by the store.
	Position int64
	// Key is unique for ever, such as "reservation/ID/fee/2/post".
	Key string
	// Kind of effect, such as "post_fee".
	Kind string
	// Record that the effect belongs to.
	Tenant, Property, Record string
	// Sequence of the event that caused it.
	Sequence int64
	// Payload is JSON.
	Payload []byte
	At      time.Time
	// Attempts made so far, and the error of the last one.
	Attempts int
	Error    string
}
