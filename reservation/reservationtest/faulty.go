package reservationtest

import (
	"context"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/storecheck"
	"github.com/innards-go/innards/reservation"
)

// A Fault is how a call fails: Err, before the call takes effect or After.
type Fault = storecheck.Fault

// A Plan decides which calls fail: see [Nth] and [Seeded].
type Plan = storecheck.Plan

// Nth returns the plan in which the n-th call fails, counted from 1.
func Nth(n int, f Fault) Plan { return storecheck.Nth(n, f) }

// Seeded returns the plan in which one call out of so many fails, by chance before or after its effect, the same for the
// same seed.
func Seeded(seed uint64, outOf int, err error) Plan { return storecheck.Seeded(seed, outOf, err) }

// A Faulty is a store whose calls fail by a Plan. It counts them, see its method Calls, and calls Meanwhile before each.
type Faulty struct {
	storecheck.FaultyJournal
	store reservation.Store
}

var _ reservation.Store = (*Faulty)(nil)

// NewFaulty returns the store with faults by the plan; nil: without.
func NewFaulty(store reservation.Store, plan Plan) *Faulty {
	faults := &storecheck.Faults{Plan: plan}
	return &Faulty{FaultyJournal: storecheck.FaultyJournal{Faults: faults, Journal: store}, store: store}
}

// Facts implements [reservation.Store].
func (f *Faulty) Facts(ctx context.Context, s innards.Scope, ask reservation.Ask) (*reservation.Facts, error) {
	return storecheck.Call(f.Faults, "Facts", func() (*reservation.Facts, error) { return f.store.Facts(ctx, s, ask) })
}

// Commit implements [reservation.Store].
func (f *Faulty) Commit(ctx context.Context, c *reservation.Change) error {
	return storecheck.Do(f.Faults, "Commit", func() error { return f.store.Commit(ctx, c) })
}

// PropertyFacts implements [reservation.Store].
func (f *Faulty) PropertyFacts(ctx context.Context, s innards.Scope, ask reservation.Ask) (*reservation.PropertyFacts, error) {
	return storecheck.Call(f.Faults, "PropertyFacts", func() (*reservation.PropertyFacts, error) { return f.store.PropertyFacts(ctx, s, ask) })
}

// CommitProperty implements [reservation.Store].
func (f *Faulty) CommitProperty(ctx context.Context, c *reservation.PropertyChange) error {
	return storecheck.Do(f.Faults, "CommitProperty", func() error { return f.store.CommitProperty(ctx, c) })
}

// Reservation implements [reservation.Store].
func (f *Faulty) Reservation(ctx context.Context, s innards.Scope, id string) (reservation.Reservation, error) {
	return storecheck.Call(f.Faults, "Reservation", func() (reservation.Reservation, error) { return f.store.Reservation(ctx, s, id) })
}

// Property implements [reservation.Store].
func (f *Faulty) Property(ctx context.Context, s innards.Scope, id string) (*reservation.Property, error) {
	return storecheck.Call(f.Faults, "Property", func() (*reservation.Property, error) { return f.store.Property(ctx, s, id) })
}

// Properties implements [reservation.Store].
func (f *Faulty) Properties(ctx context.Context, s innards.Scope) ([]*reservation.Property, error) {
	return storecheck.Call(f.Faults, "Properties", func() ([]*reservation.Property, error) { return f.store.Properties(ctx, s) })
}

// Find implements [reservation.Store].
func (f *Faulty) Find(ctx context.Context, s innards.Scope, q reservation.Query) (reservation.Page, error) {
	return storecheck.Call(f.Faults, "Find", func() (reservation.Page, error) { return f.store.Find(ctx, s, q) })
}

// List implements [reservation.Store].
func (f *Faulty) List(ctx context.Context, s innards.Scope, q reservation.Query) (reservation.Listing, error) {
	return storecheck.Call(f.Faults, "List", func() (reservation.Listing, error) { return f.store.List(ctx, s, q) })
}

// Count implements [reservation.Store].
func (f *Faulty) Count(ctx context.Context, s innards.Scope, q reservation.Query) (reservation.Counts, error) {
	return storecheck.Call(f.Faults, "Count", func() (reservation.Counts, error) { return f.store.Count(ctx, s, q) })
}

// Segments implements [reservation.Store].
func (f *Faulty) Segments(ctx context.Context, s innards.Scope, q reservation.Query) ([]reservation.SegmentRow, error) {
	return storecheck.Call(f.Faults, "Segments", func() ([]reservation.SegmentRow, error) { return f.store.Segments(ctx, s, q) })
}

// Held implements [reservation.Store].
func (f *Faulty) Held(ctx context.Context, s innards.Scope, property string, from, to innards.Date, at time.Time) ([]reservation.HeldNight, error) {
	return storecheck.Call(f.Faults, "Held", func() ([]reservation.HeldNight, error) { return f.store.Held(ctx, s, property, from, to, at) })
}

// Due implements [reservation.Store].
func (f *Faulty) Due(ctx context.Context, at time.Time, limit int) ([]innards.Due, error) {
	return storecheck.Call(f.Faults, "Due", func() ([]innards.Due, error) { return f.store.Due(ctx, at, limit) })
}

// SetDue implements [reservation.Store].
func (f *Faulty) SetDue(ctx context.Context, s innards.Scope, id string, version int64, due *time.Time) error {
	return storecheck.Do(f.Faults, "SetDue", func() error { return f.store.SetDue(ctx, s, id, version, due) })
}

// Keep implements [reservation.Store].
func (f *Faulty) Keep(ctx context.Context, s innards.Scope, a innards.Answer) (innards.Answer, error) {
	return storecheck.Call(f.Faults, "Keep", func() (innards.Answer, error) { return f.store.Keep(ctx, s, a) })
}

// Forget implements [reservation.Store].
func (f *Faulty) Forget(ctx context.Context, before time.Time, limit int) (int, error) {
	return storecheck.Call(f.Faults, "Forget", func() (int, error) { return f.store.Forget(ctx, before, limit) })
}
