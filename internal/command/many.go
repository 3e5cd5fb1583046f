package command

import (
	"context"
	"errors"

	"github.com/innards-go/innards"
)

// An Item is one of many commands.
type Item[F, C any] struct {
	By innards.Command
	ID string
	In Intent[F, C]
}

// A Result is what became of an item: its receipt, or why there is none.
type Result[R any] struct {
	Receipt R
	Err     error
}

// A Batch is one snapshot for many commands.
type Batch[F, C any] interface {
	// Facts returns those of the i-th item, as they will be when the accepted changes are committed. It is called once for
	// each item, in their order.
	Facts(i int) (F, error)
	// Accept is told every change that is to be committed, as soon as it is decided.
	Accept(C)
}

// Many is how commands are carried out together.
type Many[F, C any] struct {
	Read func(context.Context) (Batch[F, C], error)
	// Commit writes all of the changes or none.
	Commit func(context.Context, []C) error
}

// manyTries is how often many commands are decided together when their facts have moved.
const manyTries = 2

// DoMany carries out the items as [Domain.Do] would one after the other, and returns what became of each. Their facts are
// read together and what was decided is committed together; if that fails because something moves again and again, or for
// one of them, each is carried out by itself. A refused item leaves the others alone.
func (d *Domain[F, C, R]) DoMany(ctx context.Context, items []Item[F, C], many Many[F, C]) []Result[R] {
	for range manyTries {
		t := together[F, C, R]{d, items, make([]Result[R], len(items)), nil, nil}
		switch err := t.try(ctx, many); {
		case errors.Is(err, innards.ErrStale):
			continue
		case errors.Is(err, innards.ErrOutcomeUnknown):
			t.findOut(ctx, err)
		case errors.Is(err, innards.ErrUnavailable):
			t.fail(err)
		case err != nil:
			return d.OneByOne(ctx, items) // one of them may have spoilt it for all
		}
		return t.results
	}
	return d.OneByOne(ctx, items)
}

// OneByOne carries out the items one after the other.
func (d *Domain[F, C, R]) OneByOne(ctx context.Context, items []Item[F, C]) []Result[R] {
	results := make([]Result[R], len(items))
	for i, item := range items {
		results[i].Receipt, results[i].Err = d.Do(ctx, item.By, item.ID, item.In)
	}
	return results
}

// together is one try to carry out all items.
type together[F Facts, C Change[R], R any] struct {
	domain  *Domain[F, C, R]
	items   []Item[F, C]
	results []Result[R]
	changes []C
	open    []int // the items that made the changes
}

func (t *together[F, C, R]) try(ctx context.Context, many Many[F, C]) error {
	batch, err := many.Read(ctx)
	if err != nil {
		for i := range t.items {
			t.open = append(t.open, i)
		}
		return err
	}
	for i, item := range t.items {
		p, err := t.plan(batch, i)
		if err != nil {
			t.results[i].Err = err
			continue
		}
		t.results[i].Receipt = p.receipt
		if !p.isNew {
			continue
		}
		batch.Accept(p.change)
		if !item.By.DryRun {
			t.changes, t.open = append(t.changes, p.change), append(t.open, i)
		}
	}
	if len(t.changes) == 0 {
		return nil
	}
	return many.Commit(ctx, t.changes)
}

func (t *together[F, C, R]) plan(batch Batch[F, C], i int) (p plan[C, R], err error) {
	by, in := t.items[i].By, t.items[i].In
	digest, err := Digest(by, t.items[i].ID, in.Name(), in)
	if err != nil {
		return p, err
	}
	if blockers := Check(by); len(blockers) > 0 {
		return p, refuse(in.Name(), blockers...)
	}
	facts, err := batch.Facts(i)
	if err != nil {
		return p, err
	}
	return t.domain.plan(by, facts, in, digest)
}

// fail is for a commit that failed for all.
func (t *together[F, C, R]) fail(err error) {
	for _, i := range t.open {
		t.results[i] = Result[R]{Err: err}
	}
}

// findOut is for a commit that was perhaps written: those with a key find its answer under it, or are carried out now.
func (t *together[F, C, R]) findOut(ctx context.Context, unknown error) {
	t.fail(unknown)
	for _, i := range t.open {
		if item := t.items[i]; item.By.Key != "" {
			receipt, err := t.domain.Do(ctx, item.By, item.ID, item.In)
			if err != nil && innards.Codes(err) == nil {
				err = errors.Join(unknown, err)
			}
			t.results[i] = Result[R]{receipt, err}
		}
	}
}
