package command_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// An evening is one snapshot of the room for many commands. Each sees the guests that were let in before it.
type evening struct {
	room    *room
	items   []command.Item[*facts, *change]
	entered []*change
}

func (e *evening) Facts(i int) (*facts, error) {
	f, err := e.room.read(context.Background(), e.items[i].By, "", nil)
	if n := len(e.entered); n > 0 {
		last := e.entered[n-1]
		f.guests, f.Version, f.Hash = last.guests, last.Event.Sequence, last.Event.Hash
	}
	return f, err
}

func (e *evening) Accept(c *change) { e.entered = append(e.entered, c) }

// enterAll lets guests enter together, with the keys k0, k1 and so on; tries counts how often that was committed.
func (r *room) enterAll(ctx context.Context, keyed bool, guests ...int) (results []command.Result[receipt], tries int) {
	var items []command.Item[*facts, *change]
	for i, n := range guests {
		by := porter()
		if keyed {
			by.Key = fmt.Sprintf("k%d", i)
		}
		items = append(items, command.Item[*facts, *change]{By: by, ID: "r1", In: enter{N: n}})
	}
	return r.DoMany(ctx, items, command.Many[*facts, *change]{
		Read: func(context.Context) (command.Batch[*facts, *change], error) {
			return &evening{room: r, items: items}, r.readErr
		},
		Commit: func(ctx context.Context, changes []*change) error {
			tries++
			var fault error
			if len(r.fail) > 0 {
				fault, r.fail = r.fail[0], r.fail[1:]
			}
			written, isAfter := errors.AsType[after](fault)
			if isAfter {
				fault = written.error
			} else if fault != nil {
				return fault
			}
			for _, c := range changes {
				if err := r.write(ctx, c); err != nil {
					return err
				}
			}
			return fault
		},
	}), tries
}

// outcomes returns the guests that each found, or why it was refused.
func outcomes(results []command.Result[receipt]) (out string) {
	for _, r := range results {
		if r.Err != nil {
			out += codes(r.Err)
			continue
		}
		out += fmt.Sprint(r.Receipt.Guests)
		if r.Receipt.Replayed {
			out += "*"
		}
	}
	return out
}

// One that is refused leaves the others alone, which see each other.
func TestDoMany(t *testing.T) {
	r := newRoom(t)
	results, tries := r.enterAll(t.Context(), true, 1, 3, 1, 1, 1)
	if got := outcomes(results); got != "1[full]23[full]" || tries != 1 || r.stored.guests != 3 || len(r.events) != 3 {
		t.Errorf("%s in %d tries, %+v", got, tries, r.stored)
	}
	results, tries = r.enterAll(t.Context(), true, 1, 3, 1)
	if got := outcomes(results); got != "1*[full]2*" || tries != 0 || len(r.events) != 3 {
		t.Errorf("again: %s in %d tries", got, tries)
	}
}

func TestDoManyWithoutAny(t *testing.T) {
	r := newRoom(t)
	if results, tries := r.enterAll(t.Context(), true); len(results) != 0 || tries != 0 {
		t.Errorf("%v in %d tries", results, tries)
	}
}

// Facts that have moved are read again; if they go on moving, each command is carried out by itself.
func TestDoManyOnStaleFacts(t *testing.T) {
	for stale := range 4 {
		r := newRoom(t)
		for range stale {
			r.fail = append(r.fail, innards.ErrStale)
		}
		results, tries := r.enterAll(t.Context(), true, 1, 3, 1)
		if got := outcomes(results); got != "1[full]2" || tries != min(stale+1, 2) || len(r.events) != 2 {
			t.Errorf("%d times: %s in %d tries", stale, got, tries)
		}
	}
}

// After a commit that was perhaps written, those with a key are not carried out twice.
func TestDoManyWithUnknownOutcome(t *testing.T) {
	unknown := fmt.Errorf("%w: cut off", innards.ErrOutcomeUnknown)
	for want, fault := range map[string]error{"12": unknown, "1*2*": after{unknown}} {
		r := newRoom(t)
		r.fail = []error{fault}
		if results, _ := r.enterAll(t.Context(), true, 1, 1); outcomes(results) != want || len(r.events) != 2 {
			t.Errorf("%+v, want %s", results, want)
		}
	}
	r := newRoom(t)
	r.fail = []error{unknown}
	results, _ := r.enterAll(t.Context(), false, 1, 3, 1)
	if !errors.Is(results[0].Err, unknown) || codes(results[1].Err) != "[full]" || !errors.Is(results[2].Err, unknown) || len(r.events) != 0 {
		t.Errorf("without keys: %+v", results)
	}
	r.fail = []error{unknown, innards.ErrUnavailable}
	results, _ = r.enterAll(t.Context(), true, 1)
	if !errors.Is(results[0].Err, unknown) || !errors.Is(results[0].Err, innards.ErrUnavailable) {
		t.Errorf("with a key that is not looked up: %+v", results)
	}
}

// What fails as a whole is told of each that it concerns.
func TestDoManyFails(t *testing.T) {
	r := newRoom(t)
	r.fail = []error{innards.ErrUnavailable}
	results, _ := r.enterAll(t.Context(), true, 1, 5, 1)
	if !errors.Is(results[0].Err, innards.ErrUnavailable) || codes(results[1].Err) != "[full]" || !errors.Is(results[2].Err, innards.ErrUnavailable) {
		t.Errorf("a commit: %+v", results)
	}
	r.fail = []error{errUnlucky, nil, errUnlucky}
	results, _ = r.enterAll(t.Context(), true, 1, 1, 1)
	if results[0].Err != nil || !errors.Is(results[1].Err, errUnlucky) || results[2].Err != nil || r.stored.guests != 2 {
		t.Errorf("a commit that one of them spoils: %+v", results)
	}
	r.readErr = innards.ErrUnavailable
	results, tries := r.enterAll(t.Context(), true, 1, 5)
	if !errors.Is(results[0].Err, innards.ErrUnavailable) || !errors.Is(results[1].Err, innards.ErrUnavailable) || tries != 0 {
		t.Errorf("a read: %+v", results)
	}
}
