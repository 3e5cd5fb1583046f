// Package command is the one loop that carries out every command of every package: facts, decide, commit.
package command

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// An Intent is what is asked for. Plan is pure: it checks the intent's input, adds its effects to the change and returns
// what stands against it.
type Intent[F, C any] interface {
	Name() string
	Plan(F, C) []innards.Blocker
}

// Facts are what a decision rests on.
type Facts interface {
	Record() *innards.Head
}

// A Change is what one transaction writes.
type Change[R any] interface {
	Common() *innards.Entry
	// Seal ends the change when nothing stands against it: it derives what follows from the plan, such as claims, and
	// returns the receipt, and the public and private payload of the event.
	Seal() (receipt R, payload, private any, err error)
}

// A Domain is one kind of record: how its facts are read, judged and committed.
type Domain[F Facts, C Change[R], R any] struct {
	// Machine returns the judge for the facts.
	Machine func(F) *innards.Machine[F]
	// Facts reads the snapshot for an intent; a nil intent asks for what Actions needs.
	Facts func(ctx context.Context, by innards.Command, id string, in Intent[F, C]) (F, error)
	// Begin returns the change that makes the moves and nothing else.
	Begin  func(F, []innards.Move) C
	Commit func(context.Context, C) error
	// Replayed marks a receipt that is the stored answer of an earlier commit.
	Replayed func(*R)
	// Random is where the salts of private payloads come from.
	Random io.Reader
}

// Tries is how often a command is decided again when its facts have moved, before it is refused as busy.
const Tries = 8

// Do carries out in, or returns an [*innards.Refusal].
func (d *Domain[F, C, R]) Do(ctx context.Context, by innards.Command, id string, in Intent[F, C]) (R, error) {
	var none R
	digest, err := digestOf(by, id, in)
	if err != nil {
		return none, err
	}
	if blockers := checkCommand(by); len(blockers) > 0 {
		return none, &innards.Refusal{Command: in.Name(), Blockers: blockers}
	}
	for range Tries {
		if err := ctx.Err(); err != nil {
			return none, err
		}
		facts, err := d.Facts(ctx, by, id, in)
		if err != nil {
			return none, err
		}
		if prior := facts.Record().Prior; prior != nil {
			return d.replay(in.Name(), prior, digest)
		}
		change, refusal := d.decide(by, facts, in)
		if refusal != nil {
			return none, refusal
		}
		receipt, err := d.seal(by, facts, change, in.Name(), digest)
		if err != nil || by.DryRun {
			return receipt, err
		}
		switch err := d.Commit(ctx, change); {
		case err == nil:
			return receipt, nil
		case errors.Is(err, innards.ErrOutcomeUnknown) && by.Key != "":
			// The next reading of the facts finds the answer under the key, if it was written.
		case !errors.Is(err, innards.ErrStale):
			return none, err
		}
	}
	return none, &innards.Refusal{Command: in.Name(), Blockers: []innards.Blocker{innards.Busy.Block()}}
}

func (d *Domain[F, C, R]) replay(name string, prior *innards.Answer, digest innards.Hash) (receipt R, err error) {
	if prior.Digest != digest {
		return receipt, &innards.Refusal{Command: name, Blockers: []innards.Blocker{innards.KeyReused.Block()}}
	}
	if err := json.Unmarshal(prior.Body, &receipt); err != nil {
		return receipt, fmt.Errorf("%w: the answer under key %q: %w", innards.ErrCorrupt, prior.Key, err)
	}
	d.Replayed(&receipt)
	return receipt, nil
}

// decide is pure. It returns the planned change, or every blocker that is not overridden.
func (d *Domain[F, C, R]) decide(by innards.Command, facts F, in Intent[F, C]) (C, *innards.Refusal) {
	moves, blockers := d.Machine(facts).Check(in.Name(), by.Actor, facts)
	change := d.Begin(facts, moves)
	blockers = append(blockers, in.Plan(facts, change)...)
	if have := facts.Record().Version; by.Expect != 0 && by.Expect != have {
		blockers = append(blockers, innards.StaleVersion.Block("it is at version", have, "and not", by.Expect))
	}
	var overridden []innards.Code
	blockers = slices.DeleteFunc(blockers, func(b innards.Blocker) bool {
		if b.Right == "" || !slices.Contains(by.Override, b.Code) || !by.Actor.May(b.Right) {
			return false
		}
		if !slices.Contains(overridden, b.Code) {
			overridden = append(overridden, b.Code)
		}
		return true
	})
	if len(overridden) > 0 && by.Reason == "" {
		blockers = append(blockers, innards.ReasonRequired.In("reason"))
	}
	if len(blockers) > 0 {
		return change, &innards.Refusal{Command: in.Name(), From: origins(moves), Blockers: unique(blockers)}
	}
	change.Common().Event.Overrides = overridden
	return change, nil
}

// origins drops the targets of moves that were not made.
func origins(moves []innards.Move) []innards.Move {
	from := slices.Clone(moves)
	for i := range from {
		from[i].To = ""
	}
	return from
}

// unique keeps the first of equal blockers.
func unique(blockers []innards.Blocker) []innards.Blocker {
	var out []innards.Blocker
	for _, b := range blockers {
		if !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	return out
}

// seal completes the change with its event and answer.
func (d *Domain[F, C, R]) seal(by innards.Command, facts F, change C, name string, digest innards.Hash) (receipt R, err error) {
	receipt, public, private, err := change.Seal()
	if err != nil {
		return receipt, err
	}
	head, entry := facts.Record(), change.Common()
	e := &entry.Event
	e.Kind, e.Tenant, e.Property, e.Record = head.Kind, head.Tenant, head.Property, head.ID
	e.Sequence, e.Command, e.Actor, e.Cause = head.Version+1, name, by.Actor.ID, by.Cause
	e.At, e.BusinessDate = head.Now, head.BusinessDate
	if e.Payload, err = json.Marshal(public); err != nil {
		return receipt, fmt.Errorf("innards: encoding the event: %w", err)
	}
	if e.Private, err = privatePart(by.Reason, private); err != nil {
		return receipt, err
	}
	var salt []byte
	if len(e.Private) > 0 {
		salt = make([]byte, 16)
		if _, err := io.ReadFull(d.Random, salt); err != nil {
			return receipt, fmt.Errorf("innards: reading the salt: %w", err)
		}
	}
	e.Seal(head.Hash, salt)
	for i := range entry.Outbox {
		m := &entry.Outbox[i]
		m.Tenant, m.Property, m.Record, m.Sequence, m.At = head.Tenant, head.Property, head.ID, e.Sequence, head.Now
	}
	if by.Key == "" {
		return receipt, nil
	}
	body, err := json.Marshal(receipt)
	if err != nil {
		return receipt, fmt.Errorf("innards: encoding the answer: %w", err)
	}
	entry.Answer = &innards.Answer{Key: by.Key, Digest: digest, Body: body, At: head.Now}
	return receipt, nil
}

// privatePart encodes the reason and the domain's private payload; nothing if there is neither.
func privatePart(reason string, private any) ([]byte, error) {
	if reason == "" && private == nil {
		return nil, nil
	}
	part, err := json.Marshal(struct {
		Reason string `json:"reason,omitempty"`
		Detail any    `json:"detail,omitempty"`
	}{reason, private})
	if err != nil {
		return nil, fmt.Errorf("innards: encoding the private part of the event: %w", err)
	}
	return part, nil
}

// Actions returns every command with what stands against it now.
func (d *Domain[F, C, R]) Actions(ctx context.Context, a innards.Actor, id string) ([]innards.Action, error) {
	facts, err := d.Facts(ctx, innards.Command{Actor: a}, id, nil)
	if err != nil {
		return nil, err
	}
	return d.Machine(facts).Actions(a, facts), nil
}

// digestOf identifies what is asked for, so that a key cannot be used for anything else.
func digestOf(by innards.Command, id string, in any) (innards.Hash, error) {
	if by.Key == "" {
		return innards.Hash{}, nil
	}
	named := in.(interface{ Name() string })
	text, err := json.Marshal(struct {
		ID, Name, Reason string
		Override         []innards.Code
		Intent           any
	}{id, named.Name(), by.Reason, by.Override, in})
	if err != nil {
		return innards.Hash{}, fmt.Errorf("innards: encoding %s: %w", named.Name(), err)
	}
	return sha256.Sum256(text), nil
}

// maxReason is the longest reason in characters.
const maxReason = 2000

func checkCommand(by innards.Command) []innards.Blocker {
	var blockers []innards.Blocker
	for _, r := range by.Key {
		if r < 0x20 || r > 0x7e || len(by.Key) > 255 {
			blockers = append(blockers, innards.KeyInvalid.In("key"))
			break
		}
	}
	blockers = append(blockers, innards.CheckText("reason", by.Reason, maxReason)...)
	return append(blockers, innards.CheckText("cause", by.Cause, maxReason)...)
}

// Now returns the clock's instant as the stores keep it: UTC, to the microsecond.
func Now(clock innards.Clock) time.Time { return clock().UTC().Truncate(time.Microsecond) }
