package innards

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// A Move is the step of one status axis. From is empty at the beginning; From and To are equal if nothing moved.
type Move struct {
	Axis string `json:"axis"`
	From string `json:"from"`
	To   string `json:"to"`
}

// A Hash is a SHA-256 sum.
type Hash [sha256.Size]byte

// String returns h in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(text []byte) error {
	if digits := hex.EncodedLen(len(h)); len(text) != digits {
		return fmt.Errorf("a hash has %d hexadecimal digits, not %d", digits, len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// An Event is the history row of one command. The events of a record form a chain: each one's hash covers the hash
// before it, and the record keeps the last, so that a changed, removed, swapped or cut row shows.
type Event struct {
	// Cursor is the position in the feed of all events, given by the store. It is not part of the hash.
	Cursor int64
	// Kind, Tenant, Property and Record say whose history this is.
	Kind, Tenant, Property, Record string
	// Sequence within the record, from 1; also the version that the command made.
	Sequence int64
	Command  string
	Moves    []Move
	// Actor is the actor's ID, Cause the command's.
	Actor, Cause string
	Overrides    []Code
	At           time.Time // UTC, to the microsecond
	BusinessDate Date
	// Payload is JSON: all that replaying needs. It never holds personal data or free text.
	Payload []byte
	// Private is JSON with personal data and free text, such as the reason. Only its salted digest is part of the hash,
	// so that it can be erased: then Private and Salt are empty and the chain still holds.
	Private []byte
	Salt    []byte
	Digest  Hash
	// Previous is the hash of the event before, zero for the first.
	Previous, Hash Hash
}

// Seal links e to the event before it and sets its digest and hash. Salt must be random if there is anything private.
func (e *Event) Seal(previous Hash, salt []byte) {
	e.Previous, e.Salt, e.Digest = previous, nil, Hash{}
	if len(e.Private) > 0 {
		e.Salt = salt
		e.Digest = e.privateDigest()
	}
	e.Hash = e.sum()
}

func (e *Event) privateDigest() Hash {
	return sha256.Sum256(appendParts(nil, string(e.Salt), string(e.Private)))
}

// appendParts appends texts so that no two different lists of them give the same bytes: each is preceded by its length.
func appendParts(b []byte, parts ...string) []byte {
	for _, p := range parts {
		b = append(binary.BigEndian.AppendUint64(b, uint64(len(p))), p...)
	}
	return b
}

func appendNumber(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

func (e *Event) sum() Hash {
	b := append(make([]byte, 0, 512+len(e.Payload)), e.Previous[:]...)
	b = append(b, e.Digest[:]...)
	b = appendParts(b, e.Kind, e.Tenant, e.Property, e.Record, e.Command, e.Actor, e.Cause, e.BusinessDate.String(), string(e.Payload))
	b = appendNumber(appendNumber(b, e.Sequence), e.At.UnixMicro())
	b = appendNumber(b, int64(len(e.Moves)))
	for _, m := range e.Moves {
		b = appendParts(b, m.Axis, m.From, m.To)
	}
	b = appendNumber(b, int64(len(e.Overrides)))
	for _, o := range e.Overrides {
		b = appendParts(b, string(o))
	}
	return sha256.Sum256(b)
}

// A HistoryError says where a history is broken. It matches [ErrCorrupt].
type HistoryError struct {
	Record   string
	Sequence int64 // at which the break shows
	Problem  string
}

// Error implements error.
func (e *HistoryError) Error() string {
	return fmt.Sprintf("history of %s is broken at event %d: %s", e.Record, e.Sequence, e.Problem)
}

// Unwrap returns [ErrCorrupt].
func (e *HistoryError) Unwrap() error { return ErrCorrupt }

// VerifyHistory checks a record's whole history, in order, against the version and hash that the record keeps. It
// returns a [*HistoryError] for a changed, missing, swapped, added or cut event.
func VerifyHistory(record string, version int64, head Hash, events []Event) error {
	broken := func(at int64, problem string) error { return &HistoryError{record, at, problem} }
	previous := Hash{}
	for i := range events {
		e := &events[i]
		want := int64(i) + 1
		switch {
		case e.Record != record:
			return broken(want, "it belongs to "+e.Record)
		case e.Sequence != want:
			return broken(want, fmt.Sprintf("its sequence is %d", e.Sequence))
		case e.Previous != previous:
			return broken(want, "it does not follow the event before it")
		case len(e.Private) > 0 && e.Digest != e.privateDigest():
			return broken(want, "its private part was changed")
		case e.Hash != e.sum():
			return broken(want, "it was changed")
		}
		previous = e.Hash
	}
	if int64(len(events)) != version || previous != head {
		return broken(int64(len(events))+1, fmt.Sprintf("the record is at version %d with another head", version))
	}
	return nil
}
