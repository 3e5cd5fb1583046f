package reservationtest

import (
	"slices"
	"time"

	"github.com/innards-go/innards/reservation"
)

// A tested field is a field with every operation that applies to it, on values that occur and on others.
type testedField struct {
	field reservation.Field
	tests []reservation.Test
}

// fieldPromises returns a promise for each field.
func fieldPromises() (promises []promise) {
	for i, f := range fields(nil) {
		promises = append(promises, on("FindBy_"+string(f.field), "every operation on the field "+string(f.field)+" finds what its condition holds for",
			func(t *trial) {
				all := t.crowd()
				for _, test := range fields(all)[i].tests {
					t.finds(all, reservation.All(test))
				}
			}))
	}
	return promises
}

// fields returns all fields that searches can test, with the ids and numbers of what is stored.
func fields(all []reservation.Reservation) []testedField {
	var numbers []string
	for _, r := range all {
		numbers = append(numbers, r.Number)
	}
	return []testedField{
		texts(reservation.FieldID, idsOf(all)...),
		texts(reservation.FieldProperty, HotelID, sisterID),
		texts(reservation.FieldNumber, numbers...),
		texts(reservation.FieldParty, "guest-1", "guest-2"),
		texts(reservation.FieldConfirmation, string(reservation.Confirmed), string(reservation.Unconfirmed)),
		texts(reservation.FieldGuarantee, string(reservation.Guaranteed), string(reservation.NotGuaranteed)),
		texts(reservation.FieldGuaranteePolicy, "whole", Company, Deposit),
		texts(reservation.FieldCancelPolicy, "whole", Flexible, Strict),
		texts(reservation.FieldOccupancy, string(reservation.Expected), string(reservation.CheckedIn), string(reservation.CheckedOut),
			string(reservation.Cancelled), string(reservation.NoShow)),
		texts(reservation.FieldCommitment, string(reservation.Definite), string(reservation.Optional), string(reservation.Waitlisted)),
		texts(reservation.FieldType, Double, Apartment),
		texts(reservation.FieldRoom, "101", "102", "103", "201"),
		texts(reservation.FieldInRoom, "101"),
		texts(reservation.FieldSource, string(reservation.SourceFrontDesk), string(reservation.SourceChannelManager)),
		texts(reservation.FieldSegment, "leisure", "business"),
		flags(reservation.FieldConfirmationStale), flags(reservation.FieldEvidenceStale), flags(reservation.FieldLapsed),
		flags(reservation.FieldAssigned), flags(reservation.FieldOverbooked),
		instants(reservation.FieldDeadline, 2*time.Hour, 150*time.Minute+123456*time.Microsecond),
		instants(reservation.FieldReleaseAt, 4*time.Hour, 5*time.Hour),
		instants(reservation.FieldCreated, 0, time.Hour, 2*time.Hour, 90*time.Minute+123456*time.Microsecond),
		days(reservation.FieldArrival), days(reservation.FieldDeparture),
	}
}

func texts(f reservation.Field, values ...string) testedField {
	tests := []reservation.Test{
		{Field: f, Op: reservation.OpSet}, {Field: f, Op: reservation.OpUnset},
		{Field: f, Op: reservation.OpIn, Value: values}, {Field: f, Op: reservation.OpIn, Value: []string{}},
		{Field: f, Op: reservation.OpIn, Value: []string{"absent", "missing"}},
	}
	for _, v := range append(slices.Clone(values), "absent") {
		tests = append(tests,
			reservation.Test{Field: f, Op: reservation.OpIs, Value: v}, reservation.Test{Field: f, Op: reservation.OpNot, Value: v},
			reservation.Test{Field: f, Op: reservation.OpIn, Value: []string{v, "absent"}})
	}
	return testedField{f, tests}
}

func flags(f reservation.Field) testedField {
	var tests []reservation.Test
	for _, v := range []bool{true, false} {
		tests = append(tests, reservation.Test{Field: f, Op: reservation.OpIs, Value: v}, reservation.Test{Field: f, Op: reservation.OpNot, Value: v})
	}
	return testedField{f, tests}
}

// compared are the operations that compare by order.
var compared = [...]reservation.Op{reservation.OpUnder, reservation.OpFrom, reservation.OpUntil, reservation.OpOver}

func instants(f reservation.Field, after ...time.Duration) testedField {
	tests := []reservation.Test{{Field: f, Op: reservation.OpSet}, {Field: f, Op: reservation.OpUnset}}
	for _, d := range after {
		for _, off := range []time.Duration{-time.Microsecond, 0, time.Microsecond} {
			for _, op := range compared {
				tests = append(tests, reservation.Test{Field: f, Op: op, Value: Morning().Add(d + off)})
			}
		}
	}
	return testedField{f, tests}
}

func days(f reservation.Field) testedField {
	var tests []reservation.Test
	for i := range 6 {
		day := BusinessDate().AddDays(i)
		tests = append(tests, reservation.Test{Field: f, Op: reservation.OpIs, Value: day}, reservation.Test{Field: f, Op: reservation.OpNot, Value: day})
		for _, op := range compared {
			tests = append(tests, reservation.Test{Field: f, Op: op, Value: day})
		}
	}
	return testedField{f, tests}
}
