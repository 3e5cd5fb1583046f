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
	"strings"
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
	digest, err := Digest(by, id, in.Name(), in)
	if err != nil {
		return none, err
	}
	if blockers := Check(by); len(blockers) > 0 {
		return none, refuse(in.Name(), blockers...)
	}
	var unknown error // of a commit that was perhaps written
	for range Tries {
		receipt, err := d.try(ctx, by, id, in, digest)
		switch {
		case errors.Is(err, innards.ErrStale):
			unknown = nil // the facts held no answer: it was not written
		case errors.Is(err, innards.ErrOutcomeUnknown) && by.Key != "":
			unknown = err // the next try finds the answer under the key, if it was written
		case err != nil && unknown != nil && innards.Codes(err) == nil:
			return none, errors.Join(unknown, err)
		default:
			return receipt, err
		}
	}
	if unknown != nil {
		return none, unknown
	}
	return none, refuse(in.Name(), innards.Busy.Block())
}

func refuse(name string, blockers ...innards.Blocker) error {
	return &innards.Refusal{Command: name, Blockers: blockers}
}

// try reads the facts, decides and commits, once.
func (d *Domain[F, C, R]) try(ctx context.Context, by innards.Command, id string, in Intent[F, C], digest innards.Hash) (receipt R, err error) {
	if err := ctx.Err(); err != nil {
		return receipt, err
	}
	facts, err := d.Facts(ctx, by, id, in)
	if err != nil {
		return receipt, err
	}
	plan, err := d.plan(by, facts, in, digest)
	if err == nil && plan.isNew && !by.DryRun {
		err = d.Commit(ctx, plan.change)
	}
	if err != nil {
		return receipt, err
	}
	return plan.receipt, nil
}

// A plan is what a command comes to: a change that is ready to be committed, or the answer of an earlier commit.
type plan[C, R any] struct {
	receipt R
	isNew   bool
	change  C // if isNew
}

// plan decides, once the facts are read.
func (d *Domain[F, C, R]) plan(by innards.Command, facts F, in Intent[F, C], digest innards.Hash) (p plan[C, R], err error) {
	if prior := facts.Record().Prior; prior != nil {
		p.receipt, err = d.replay(in.Name(), prior, digest)
		return p, err
	}
	p.isNew = true
	if p.change, err = d.decide(by, facts, in); err != nil {
		return p, err
	}
	p.receipt, err = d.seal(by, facts, p.change, in.Name(), digest)
	return p, err
}

func (d *Domain[F, C, R]) replay(name string, prior *innards.Answer, digest innards.Hash) (receipt R, err error) {
	if prior.Digest != digest {
		return receipt, refuse(name, innards.KeyReused.Block())
	}
	if err := json.Unmarshal(prior.Body, &receipt); err != nil {
		return receipt, fmt.Errorf("%w: the answer under key %q: %w", innards.ErrCorrupt, prior.Key, err)
	}
	d.Replayed(&receipt)
	return receipt, nil
}

// decide is pure. It returns the planned change, or every blocker that is not overridden.
func (d *Domain[F, C, R]) decide(by innards.Command, facts F, in Intent[F, C]) (C, error) {
	moves, blockers := d.Machine(facts).Check(in.Name(), by.Actor, facts)
	change := d.Begin(facts, moves)
	blockers = append(blockers, in.Plan(facts, change)...)
	if have := facts.Record().Version; by.Expect != 0 && by.Expect != have {
		blockers = append(blockers, innards.StaleVersion.Block("it is at version", have, "and not", by.Expect))
	}
	blockers, overridden := override(by, blockers)
	if len(overridden) > 0 && innards.IsBlank(by.Reason) {
		blockers = append(blockers, innards.ReasonRequired.In("reason"))
	}
	if len(blockers) > 0 {
		return change, &innards.Refusal{Command: in.Name(), From: origins(moves), Blockers: unique(blockers)}
	}
	change.Common().Event.Overrides = overridden
	return change, nil
}

// override takes out the blockers that the command overrides by right, and returns their codes, each once.
func override(by innards.Command, blockers []innards.Blocker) (left []innards.Blocker, overridden []innards.Code) {
	for _, b := range blockers {
		switch {
		case b.Right == "" || !slices.Contains(by.Override, b.Code) || !by.Actor.May(b.Right):
			left = append(left, b)
		case !slices.Contains(overridden, b.Code):
			overridden = append(overridden, b.Code)
		}
	}
	return left, overridden
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
	salt, err := d.salt(e.Private)
	if err != nil {
		return receipt, err
	}
	e.Seal(head.Hash, salt)
	for i := range entry.Outbox {
		m := &entry.Outbox[i]
		m.Tenant, m.Property, m.Record, m.Sequence, m.At = head.Tenant, head.Property, head.ID, e.Sequence, head.Now
	}
	if by.Key != "" {
		entry.Answer = &innards.Answer{Key: by.Key, Digest: digest, At: head.Now}
		if entry.Answer.Body, err = json.Marshal(receipt); err != nil {
			return receipt, fmt.Errorf("innards: encoding the answer: %w", err)
		}
	}
	return receipt, nil
}

// salt returns random bytes if there is anything private.
func (d *Domain[F, C, R]) salt(private []byte) ([]byte, error) {
	if len(private) == 0 {
		return nil, nil
	}
	salt := make([]byte, 16)
	if _, err := io.ReadFull(d.Random, salt); err != nil {
		return nil, fmt.Errorf("innards: reading the salt: %w", err)
	}
	return salt, nil
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

// Digest identifies what is asked for, so that a key cannot be used for anything else; zero without a key.
func Digest(by innards.Command, id, name string, in any) (innards.Hash, error) {
	if by.Key == "" {
		return innards.Hash{}, nil
	}
	text, err := json.Marshal(struct {
		ID, Name, Reason string
		Override         []innards.Code
		Intent           any
	}{id, name, by.Reason, by.Override, in})
	if err != nil {
		return innards.Hash{}, fmt.Errorf("innards: encoding %s: %w", name, err)
	}
	return sha256.Sum256(text), nil
}

// maxReason is the longest reason in characters.
const maxReason = 2000

// Check returns what stands against the command, whatever it asks for.
func Check(by innards.Command) []innards.Blocker {
	var blockers []innards.Blocker
	if by.Actor.ID == "" {
		blockers = append(blockers, innards.NotPermitted.Block("the actor has no id"))
	}
	unprintable := func(r rune) bool { return r < 0x20 || r > 0x7e }
	if len(by.Key) > innards.MaxKey || strings.ContainsFunc(by.Key, unprintable) {
		blockers = append(blockers, innards.KeyInvalid.In("key"))
	}
	blockers = append(blockers, innards.CheckText("reason", by.Reason, maxReason)...)
	return append(blockers, innards.CheckText("cause", by.Cause, maxReason)...)
}

// Now returns the clock's instant as the stores keep it: UTC, to the microsecond.
func Now(clock innards.Clock) time.Time { return clock().UTC().Truncate(time.Microsecond) }
