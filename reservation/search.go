package reservation

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// A Search describes reservations. Fields that are left out do not narrow it.
type Search struct {
	Property string
	// Statuses of the stored axes; several of one axis are alternatives.
	Confirmation      []Confirmation
	ConfirmationStale *bool
	Guarantee         []Guarantee
	EvidenceStale     *bool
	Occupancy         []Occupancy
	Commitment        []Commitment
	// Derived states, which are true at the time of the search. They depend on the property's calendar, so that Property is
	// required with StayState.
	Valid          *bool
	GuaranteeState []GuaranteeState
	StayState      []StayState
	// Dates, from the first up to and including the last.
	ArrivalFrom, ArrivalTo     innards.Date
	DepartureFrom, DepartureTo innards.Date
	// StayFrom and StayTo find stays that overlap these days; a guest who leaves on StayFrom is not found by it.
	StayFrom, StayTo innards.Date
	// CreatedFrom is included, CreatedTo is not.
	CreatedFrom, CreatedTo time.Time

	Number, Room, Type, Party, Segment string
	Source                             []Source
	GuaranteePolicy, CancelPolicy      string
	Unassigned                         bool // some night has no room
	Overbooked                         *bool
	// Text are words, each of which must begin a word of the guest's name, e-mail, phone or the number.
	Text string
	// Attributes of the embedder that must be equal.
	Attributes map[string]string

	// Sort is FieldArrival (the default), FieldDeparture, FieldCreated, FieldNumber or FieldGuest.
	Sort       Field
	Descending bool
	After      *Cursor
	Limit      int // 1 to 200; 0: 30
}

// The limits of a page.
const (
	DefaultLimit = 30
	MaxLimit     = 200
)

// Query translates the search for a store, derived states being those of the instant. P is the property of the search; nil
// without one.
func (q Search) Query(at time.Time, p *Property) (Query, error) {
	out := Query{Words: strings.Fields(q.Text), Sort: cmp.Or(q.Sort, FieldArrival), Descending: q.Descending, After: q.After,
		Limit: cmp.Or(q.Limit, DefaultLimit)}
	if blockers := q.check(out, p); len(blockers) > 0 {
		return out, refuse("search", blockers...)
	}
	tests := slices.Concat(q.statusTests(), q.dateTests(), q.otherTests())
	if len(tests) > 0 {
		out.Where = append(out.Where, All(tests...))
	}
	out.Where = append(out.Where, q.derived(at, p)...)
	return out, nil
}

func refuse(command string, blockers ...innards.Blocker) error {
	return &innards.Refusal{Command: command, Blockers: blockers}
}

func (q Search) check(out Query, p *Property) []innards.Blocker {
	blockers := q.checkStatuses()
	sorts := []Field{FieldArrival, FieldDeparture, FieldCreated, FieldNumber, FieldGuest}
	if !slices.Contains(sorts, out.Sort) {
		blockers = append(blockers, QueryInvalid.In("sort", string(q.Sort)))
	}
	if out.Limit < 1 || out.Limit > MaxLimit {
		blockers = append(blockers, QueryInvalid.In("limit", q.Limit, "is not between 1 and", MaxLimit))
	}
	if len(out.Words) > 10 {
		blockers = append(blockers, QueryInvalid.In("text", "more than 10 words"))
	}
	if _, nameless := q.Attributes[""]; nameless {
		blockers = append(blockers, QueryInvalid.In("attributes", "a name is empty"))
	}
	if len(q.StayState) > 0 && p == nil {
		blockers = append(blockers, PropertyRequired.In("property"))
	}
	return append(blockers, innards.CheckText("text", q.Text, maxText)...)
}

func (q Search) checkStatuses() (blockers []innards.Blocker) {
	blockers = checkKnown("confirmation", q.Confirmation, Confirmations()...)
	blockers = append(blockers, checkKnown("guarantee", q.Guarantee, Guarantees()...)...)
	blockers = append(blockers, checkKnown("occupancy", q.Occupancy, Occupancies()...)...)
	blockers = append(blockers, checkKnown("commitment", q.Commitment, Commitments()...)...)
	blockers = append(blockers, checkKnown("guarantee_state", q.GuaranteeState, GuaranteeStates()...)...)
	blockers = append(blockers, checkKnown("stay_state", q.StayState, StayStates()...)...)
	return append(blockers, checkKnown("source", q.Source, Sources()...)...)
}

func checkKnown[S ~string](field string, given []S, known ...S) (blockers []innards.Blocker) {
	for _, s := range given {
		if !slices.Contains(known, s) {
			blockers = append(blockers, QueryInvalid.In(field, string(s), "is not one of", known))
		}
	}
	return blockers
}

func (q Search) statusTests() []Test {
	var tests []Test
	add := func(f Field, values []string) {
		if len(values) > 0 {
			tests = append(tests, Test{Field: f, Op: OpIn, Value: values})
		}
	}
	add(FieldConfirmation, texts(q.Confirmation))
	add(FieldGuarantee, texts(q.Guarantee))
	add(FieldOccupancy, texts(q.Occupancy))
	add(FieldCommitment, texts(q.Commitment))
	add(FieldSource, texts(q.Source))
	for _, flag := range []struct {
		field Field
		value *bool
	}{{FieldConfirmationStale, q.ConfirmationStale}, {FieldEvidenceStale, q.EvidenceStale}, {FieldOverbooked, q.Overbooked}} {
		if flag.value != nil {
			tests = append(tests, Test{Field: flag.field, Op: OpIs, Value: *flag.value})
		}
	}
	return tests
}

func texts[S ~string](list []S) []string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

func (q Search) dateTests() []Test {
	var tests []Test
	add := func(f Field, op Op, d innards.Date) {
		if !d.IsZero() {
			tests = append(tests, Test{Field: f, Op: op, Value: d})
		}
	}
	add(FieldArrival, OpFrom, q.ArrivalFrom)
	add(FieldArrival, OpUntil, q.ArrivalTo)
	add(FieldDeparture, OpFrom, q.DepartureFrom)
	add(FieldDeparture, OpUntil, q.DepartureTo)
	add(FieldDeparture, OpOver, q.StayFrom)
	add(FieldArrival, OpUntil, q.StayTo)
	if !q.CreatedFrom.IsZero() {
		tests = append(tests, Test{Field: FieldCreated, Op: OpFrom, Value: q.CreatedFrom.UTC()})
	}
	if !q.CreatedTo.IsZero() {
		tests = append(tests, Test{Field: FieldCreated, Op: OpUnder, Value: q.CreatedTo.UTC()})
	}
	return tests
}

func (q Search) otherTests() []Test {
	var tests []Test
	for _, t := range []Test{
		{Field: FieldProperty, Value: q.Property}, {Field: FieldNumber, Value: q.Number}, {Field: FieldRoom, Value: q.Room},
		{Field: FieldType, Value: q.Type}, {Field: FieldParty, Value: q.Party}, {Field: FieldSegment, Value: q.Segment},
		{Field: FieldGuaranteePolicy, Value: q.GuaranteePolicy}, {Field: FieldCancelPolicy, Value: q.CancelPolicy},
	} {
		if t.Op = OpIs; t.Value != "" {
			tests = append(tests, t)
		}
	}
	if q.Unassigned {
		tests = append(tests, Test{Field: FieldAssigned, Op: OpIs, Value: false})
	}
	for _, name := range slices.Sorted(maps.Keys(q.Attributes)) {
		tests = append(tests, Test{Attribute: name, Op: OpIs, Value: q.Attributes[name]})
	}
	return tests
}

// derived returns the conditions of derived states at the instant.
func (q Search) derived(at time.Time, p *Property) (where []Condition) {
	if q.Valid != nil {
		where = append(where, ValidCondition(*q.Valid))
	}
	var guarantee, stay Condition
	for _, s := range q.GuaranteeState {
		guarantee = append(guarantee, GuaranteeCondition(s, at)...)
	}
	for _, s := range q.StayState {
		stay = append(stay, StayCondition(s, p.Today(at))...)
	}
	for _, c := range []Condition{guarantee, stay} {
		if len(c) > 0 {
			where = append(where, c)
		}
	}
	return where
}

// query translates a search at the present time.
func (s *Service) query(ctx context.Context, a innards.Actor, q Search) (Query, error) {
	if q.Property == "" {
		return q.Query(command.Now(s.clock), nil)
	}
	p, err := s.propertyOf(ctx, a, q)
	if err != nil {
		return Query{}, err
	}
	return q.Query(command.Now(s.clock), p)
}

// propertyOf returns the property of a search that needs one.
func (s *Service) propertyOf(ctx context.Context, a innards.Actor, q Search) (*Property, error) {
	if q.Property == "" {
		return nil, refuse("search", PropertyRequired.In("property"))
	}
	return s.store.Property(ctx, a.Scope(), q.Property)
}

// Search returns a page of reservations.
func (s *Service) Search(ctx context.Context, a innards.Actor, q Search) (Page, error) {
	query, err := s.query(ctx, a, q)
	if err != nil {
		return Page{}, err
	}
	return s.store.Find(ctx, a.Scope(), query)
}

// Count counts the reservations of a search by the stored statuses.
func (s *Service) Count(ctx context.Context, a innards.Actor, q Search) (Counts, error) {
	query, err := s.query(ctx, a, q)
	if err != nil {
		return Counts{}, err
	}
	return s.store.Count(ctx, a.Scope(), query)
}

// Segments sums nights, reservations and revenue of a search by segment, split by guarantee and occupancy status.
func (s *Service) Segments(ctx context.Context, a innards.Actor, q Search) ([]SegmentRow, error) {
	query, err := s.query(ctx, a, q)
	if err != nil {
		return nil, err
	}
	return s.store.Segments(ctx, a.Scope(), query)
}

// Each calls do for every reservation of a search, page by page in bounded memory, until do returns an error.
func (s *Service) Each(ctx context.Context, a innards.Actor, q Search, do func(Reservation) error) error {
	q.Limit = MaxLimit
	for {
		page, err := s.Search(ctx, a, q)
		if err != nil {
			return err
		}
		for _, r := range page.Reservations {
			if err := do(r); err != nil {
				return err
			}
		}
		if page.Next == nil {
			return nil
		}
		q.After = page.Next
	}
}
