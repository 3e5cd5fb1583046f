package reservation_test

import (
	"context"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// Every operation on every kind of field, where it holds and where it does not. An unset field satisfies only "unset" and
// "not".
func TestConditionHolds(t *testing.T) {
	release := at("2026-06-01T10:00:00Z")
	r := &reservation.Reservation{
		ID: "r1", Property: "h", Number: "N", Party: "acme", Confirmation: reservation.Confirmed, ConfirmationStale: true, Guarantee: reservation.Guaranteed,
		EvidenceStale: true, GuaranteeLapsed: true, GuaranteeDeadline: &release, GuaranteePolicy: &reservation.GuaranteePolicy{Name: "g"},
		CancellationPolicy: &reservation.CancellationPolicy{Name: "c"}, Occupancy: reservation.CheckedIn, Commitment: reservation.Optional, ReleaseAt: &release,
		Arrival: day(1), Departure: day(3), CreatedAt: release, Type: "DBL", InRoom: "101", Overbooked: true, Source: reservation.SourcePhone, Segment: "s",
		Guest: reservation.Person{Name: "Elena"}, Attributes: map[string]string{"a": "1"},
		Nights: []reservation.Night{{Room: "101"}, {Room: "102"}},
	}
	empty := &reservation.Reservation{Nights: []reservation.Night{{}}}
	for i, c := range []struct {
		test      reservation.Test
		of, ofNil bool // of r, and of the empty one
	}{
		{reservation.Test{Field: reservation.FieldID, Op: reservation.OpIs, Value: "r1"}, true, false},
		{reservation.Test{Field: reservation.FieldProperty, Op: reservation.OpIs, Value: "h"}, true, false},
		{reservation.Test{Field: reservation.FieldNumber, Op: reservation.OpIs, Value: "N"}, true, false},
		{reservation.Test{Field: reservation.FieldParty, Op: reservation.OpSet}, true, false},
		{reservation.Test{Field: reservation.FieldParty, Op: reservation.OpUnset}, false, true},
		{reservation.Test{Field: reservation.FieldParty, Op: reservation.OpNot, Value: "acme"}, false, true},
		{reservation.Test{Field: reservation.FieldParty, Op: reservation.OpIs, Value: ""}, false, false},
		{reservation.Test{Field: reservation.FieldConfirmation, Op: reservation.OpIn, Value: []string{"x", "confirmed"}}, true, false},
		{reservation.Test{Field: reservation.FieldConfirmationStale, Op: reservation.OpIs, Value: true}, true, false},
		{reservation.Test{Field: reservation.FieldGuarantee, Op: reservation.OpIs, Value: "guaranteed"}, true, false},
		{reservation.Test{Field: reservation.FieldEvidenceStale, Op: reservation.OpIs, Value: true}, true, false},
		{reservation.Test{Field: reservation.FieldLapsed, Op: reservation.OpIs, Value: true}, true, false},
		{reservation.Test{Field: reservation.FieldDeadline, Op: reservation.OpUntil, Value: release}, true, false},
		{reservation.Test{Field: reservation.FieldDeadline, Op: reservation.OpUnder, Value: release}, false, false},
		{reservation.Test{Field: reservation.FieldDeadline, Op: reservation.OpOver, Value: release}, false, false},
		{reservation.Test{Field: reservation.FieldDeadline, Op: reservation.OpFrom, Value: release}, true, false},
		{reservation.Test{Field: reservation.FieldGuaranteePolicy, Op: reservation.OpIs, Value: "g"}, true, false},
		{reservation.Test{Field: reservation.FieldGuaranteePolicy, Op: reservation.OpUnset}, false, true},
		{reservation.Test{Field: reservation.FieldCancelPolicy, Op: reservation.OpIs, Value: "c"}, true, false},
		{reservation.Test{Field: reservation.FieldCancelPolicy, Op: reservation.OpUnset}, false, true},
		{reservation.Test{Field: reservation.FieldOccupancy, Op: reservation.OpIs, Value: "checked_in"}, true, false},
		{reservation.Test{Field: reservation.FieldCommitment, Op: reservation.OpIs, Value: "optional"}, true, false},
		{reservation.Test{Field: reservation.FieldReleaseAt, Op: reservation.OpOver, Value: release.Add(-time.Second)}, true, false},
		{reservation.Test{Field: reservation.FieldReleaseAt, Op: reservation.OpUnder, Value: release.Add(time.Second)}, true, false},
		{reservation.Test{Field: reservation.FieldArrival, Op: reservation.OpUntil, Value: day(1)}, true, true},
		{reservation.Test{Field: reservation.FieldArrival, Op: reservation.OpUnder, Value: day(1)}, false, true},
		{reservation.Test{Field: reservation.FieldDeparture, Op: reservation.OpOver, Value: day(2)}, true, false},
		{reservation.Test{Field: reservation.FieldDeparture, Op: reservation.OpOver, Value: day(3)}, false, false},
		{reservation.Test{Field: reservation.FieldCreated, Op: reservation.OpFrom, Value: release}, true, false},
		{reservation.Test{Field: reservation.FieldType, Op: reservation.OpIs, Value: "DBL"}, true, false},
		{reservation.Test{Field: reservation.FieldRoom, Op: reservation.OpIs, Value: "102"}, true, false},
		{reservation.Test{Field: reservation.FieldRoom, Op: reservation.OpIn, Value: []string{"101"}}, true, false},
		{reservation.Test{Field: reservation.FieldRoom, Op: reservation.OpNot, Value: "102"}, false, true},
		{reservation.Test{Field: reservation.FieldRoom, Op: reservation.OpNot, Value: "103"}, true, true},
		{reservation.Test{Field: reservation.FieldRoom, Op: reservation.OpSet}, true, false},
		{reservation.Test{Field: reservation.FieldRoom, Op: reservation.OpUnset}, false, true},
		{reservation.Test{Field: reservation.FieldInRoom, Op: reservation.OpIs, Value: "101"}, true, false},
		{reservation.Test{Field: reservation.FieldInRoom, Op: reservation.OpUnset}, false, true},
		{reservation.Test{Field: reservation.FieldAssigned, Op: reservation.OpIs, Value: true}, true, false},
		{reservation.Test{Field: reservation.FieldOverbooked, Op: reservation.OpIs, Value: true}, true, false},
		{reservation.Test{Field: reservation.FieldSource, Op: reservation.OpIs, Value: "phone"}, true, false},
		{reservation.Test{Field: reservation.FieldSegment, Op: reservation.OpSet}, true, false},
		{reservation.Test{Field: reservation.FieldGuest, Op: reservation.OpIs, Value: "Elena"}, true, false},
		{reservation.Test{Field: "mood", Op: reservation.OpSet}, false, false},
		{reservation.Test{Field: reservation.FieldGuest, Op: "like", Value: "Elena"}, false, false},
		{reservation.Test{Field: reservation.FieldGuest, Op: reservation.OpUnder, Value: "Zora"}, false, false}, // texts have no order here
		{reservation.Test{Attribute: "a", Op: reservation.OpIs, Value: "1"}, true, false},
		{reservation.Test{Attribute: "a", Op: reservation.OpIs, Value: "2"}, false, false},
	} {
		if got := reservation.All(c.test).Holds(r); got != c.of {
			t.Errorf("%d: %+v holds: %v", i, c.test, got)
		}
		if got := reservation.All(c.test).Holds(empty); got != c.ofNil {
			t.Errorf("%d: %+v holds of what is empty: %v", i, c.test, got)
		}
	}
	yes := reservation.Test{Field: reservation.FieldID, Op: reservation.OpIs, Value: "r1"}
	no := reservation.Test{Field: reservation.FieldID, Op: reservation.OpIs, Value: "r2"}
	for want, conditions := range map[bool][]reservation.Condition{
		true:  {{{yes}}, {{no}, {yes}}, {{yes, yes}}, {{}}},
		false: {{}, {{no}}, {{yes, no}, {no}}},
	} {
		for _, c := range conditions {
			equal(t, "alternatives", c.Holds(r), want)
		}
	}
}

// many finds as many reservations as it is told, page by page.
type many struct {
	reservation.Store
	left int
}

func (m *many) Find(context.Context, innards.Scope, reservation.Query) (reservation.Page, error) {
	n := min(m.left, reservation.MaxLimit)
	if m.left -= n; m.left == 0 {
		return reservation.Page{Reservations: make([]reservation.Reservation, n)}, nil
	}
	return reservation.Page{Reservations: make([]reservation.Reservation, n), Next: &reservation.Cursor{}}, nil
}

// What is searched for at once is bounded.
func TestSearchesAreBounded(t *testing.T) {
	h := open(t)
	for _, n := range []int{reservation.MaxBulk, reservation.MaxBulk + 1} {
		_, err := h.on(&many{h.memory, n}).Preview(h.ctx, h.desk, reservation.Search{Property: "vitosha"}, h.clock.Now())
		if n > reservation.MaxBulk != equalCodes(err, reservation.QueryInvalid) {
			t.Errorf("preview of %d: %v", n, err)
		}
		_, err = h.on(&many{h.memory, n}).Bulk(h.ctx, innards.Command{Actor: h.desk, DryRun: true}, reservation.Selection{Search: &reservation.Search{}}, cancelAll)
		if n > reservation.MaxBulk != equalCodes(err, reservation.QueryInvalid) {
			t.Errorf("bulk of %d: %v", n, err)
		}
	}
}
