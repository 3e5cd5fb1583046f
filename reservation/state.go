package reservation

import (
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// GuaranteeState is derived from the guarantee axis, the policy and the clock. It is never stored.
type GuaranteeState string

// The guarantee states.
const (
	// StateGuaranteed: the guarantee is given.
	StateGuaranteed GuaranteeState = "guaranteed"
	// StateAwaiting: a valid, expected reservation whose policy still waits for the guarantee, before the deadline.
	StateAwaiting GuaranteeState = "awaiting"
	// StateOverdue: the same from the deadline on.
	StateOverdue GuaranteeState = "overdue"
	// StateNonGuaranteed: no guarantee, and none is waited for.
	StateNonGuaranteed GuaranteeState = "non_guaranteed"
)

// GuaranteeStates returns all guarantee states.
func GuaranteeStates() []GuaranteeState {
	return []GuaranteeState{StateGuaranteed, StateAwaiting, StateOverdue, StateNonGuaranteed}
}

// StayState is derived from the occupancy axis, the dates and the civil day in the property's zone. It is never stored.
type StayState string

// The stay states.
const (
	StayFuture         StayState = "future"          // expected, arrives later
	StayDueIn          StayState = "due_in"          // expected, arrives today
	StayOverdueArrival StayState = "overdue_arrival" // expected, should have arrived on an earlier day
	StayInHouse        StayState = "in_house"        // checked in, leaves later
	StayDueOut         StayState = "due_out"         // checked in, leaves today
	StayOverstay       StayState = "overstay"        // checked in, should have left on an earlier day
	StayDeparted       StayState = "departed"        // checked out
	StayVoid           StayState = "void"            // cancelled or no-show
)

// StayStates returns all stay states.
func StayStates() []StayState {
	return []StayState{StayFuture, StayDueIn, StayOverdueArrival, StayInHouse, StayDueOut, StayOverstay, StayDeparted, StayVoid}
}

// GuaranteeCondition returns when a reservation is in the state s at the instant. Of all states exactly one holds:
//
//   - guaranteed: the guarantee is given, whatever else is true;
//   - awaiting: it is not, the guest is expected, there is a policy that has not given up, and its deadline is not yet
//     or there is none;
//   - overdue: the same, but the deadline has come, its very second included;
//   - non_guaranteed: it is not, and it is not waited for: there is no policy or it has given up, the guest is in or was
//     in the house, or the reservation is cancelled or a no-show.
func GuaranteeCondition(s GuaranteeState, at time.Time) Condition {
	open := Test{Field: FieldGuarantee, Op: OpNot, Value: string(Guaranteed)}
	waits := []Test{
		open,
		{Field: FieldOccupancy, Op: OpIs, Value: string(Expected)},
		{Field: FieldGuaranteePolicy, Op: OpSet},
		{Field: FieldLapsed, Op: OpIs, Value: false},
	}
	switch s {
	case StateGuaranteed:
		return All(Test{Field: FieldGuarantee, Op: OpIs, Value: string(Guaranteed)})
	case StateAwaiting:
		return Condition{
			append(slices.Clone(waits), Test{Field: FieldDeadline, Op: OpOver, Value: at}),
			append(slices.Clone(waits), Test{Field: FieldDeadline, Op: OpUnset}),
		}
	case StateOverdue:
		return All(append(waits, Test{Field: FieldDeadline, Op: OpUntil, Value: at})...)
	case StateNonGuaranteed:
		return Condition{
			{open, {Field: FieldOccupancy, Op: OpNot, Value: string(Expected)}},
			{open, {Field: FieldGuaranteePolicy, Op: OpUnset}},
			{open, {Field: FieldLapsed, Op: OpIs, Value: true}},
		}
	}
	return nil
}

// StayCondition returns when a reservation is in the state s, today being the civil day in the property's zone. Of all
// states exactly one holds: by the day of arrival while the guest is expected, by the day of departure while the guest
// is in the house. Being late begins on the day after.
func StayCondition(s StayState, today innards.Date) Condition {
	by := func(o Occupancy, day Field, op Op) Condition {
		return All(Test{Field: FieldOccupancy, Op: OpIs, Value: string(o)}, Test{Field: day, Op: op, Value: today})
	}
	switch s {
	case StayFuture:
		return by(Expected, FieldArrival, OpOver)
	case StayDueIn:
		return by(Expected, FieldArrival, OpIs)
	case StayOverdueArrival:
		return by(Expected, FieldArrival, OpUnder)
	case StayInHouse:
		return by(CheckedIn, FieldDeparture, OpOver)
	case StayDueOut:
		return by(CheckedIn, FieldDeparture, OpIs)
	case StayOverstay:
		return by(CheckedIn, FieldDeparture, OpUnder)
	case StayDeparted:
		return All(Test{Field: FieldOccupancy, Op: OpIs, Value: string(CheckedOut)})
	case StayVoid:
		return ValidCondition(false)
	}
	return nil
}

// ValidCondition returns when a reservation is valid (expected, checked in or checked out), or is not (cancelled or a
// no-show).
func ValidCondition(valid bool) Condition { return All(inOccupancy(valid)) }

func inOccupancy(valid bool) Test {
	in := []string{string(Cancelled), string(NoShow)}
	if valid {
		in = []string{string(Expected), string(CheckedIn), string(CheckedOut)}
	}
	return Test{Field: FieldOccupancy, Op: OpIn, Value: in}
}

// BlockingCondition returns when a reservation takes inventory at the instant: it is valid, and definite or an option
// before its release.
func BlockingCondition(at time.Time) Condition {
	valid := inOccupancy(true)
	option := Test{Field: FieldCommitment, Op: OpIs, Value: string(Optional)}
	return Condition{
		{valid, {Field: FieldCommitment, Op: OpIs, Value: string(Definite)}},
		{valid, option, {Field: FieldReleaseAt, Op: OpOver, Value: at}},
		{valid, option, {Field: FieldReleaseAt, Op: OpUnset}},
	}
}

// GuaranteeState returns the derived guarantee state at the instant.
func (r *Reservation) GuaranteeState(at time.Time) GuaranteeState { return guaranteeStates(at).of(r) }

// StayState returns the derived stay state, today being the civil day in the property's zone.
func (r *Reservation) StayState(today innards.Date) StayState { return stayStates(today).of(r) }

// alternatives are states with their conditions, of which one holds.
type alternatives[S ~string] []alternative[S]

type alternative[S ~string] struct {
	state S
	when  Condition
}

func (a alternatives[S]) of(r *Reservation) S {
	for _, s := range a {
		if s.when.Holds(r) {
			return s.state
		}
	}
	return ""
}

func guaranteeStates(at time.Time) (a alternatives[GuaranteeState]) {
	for _, s := range GuaranteeStates() {
		a = append(a, alternative[GuaranteeState]{s, GuaranteeCondition(s, at)})
	}
	return a
}

func stayStates(today innards.Date) (a alternatives[StayState]) {
	for _, s := range StayStates() {
		a = append(a, alternative[StayState]{s, StayCondition(s, today)})
	}
	return a
}
