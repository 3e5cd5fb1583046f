package reservationtest

import (
	"reflect"
	"testing"

	"github.com/innards-go/innards/reservation"
)

// TestEverythingIsSet shows that the promise to store every field is checked for every field there is.
func TestEverythingIsSet(t *testing.T) {
	r := NewDesk(1).Draft(everything)
	r.Version, r.Hash[0] = 1, 1
	p := wholeHotel()
	p.Version, p.Hash[0] = 1, 1
	for name, v := range map[string]any{"Reservation": r, "Property": p} {
		for _, field := range unset(reflect.ValueOf(v), name) {
			t.Errorf("%s is not set", field)
		}
	}
}

// unset returns the paths of exported fields that are zero in every element of what holds them.
func unset(v reflect.Value, path string) (paths []string) {
	switch v.Kind() {
	case reflect.Pointer:
		return unset(v.Elem(), path)
	case reflect.Slice:
		// Elements complement each other: a field is set if it is in one of them.
		counts := map[string]int{}
		for i := range v.Len() {
			for _, p := range unset(v.Index(i), path+"[]") {
				counts[p]++
			}
		}
		for p, n := range counts {
			if n == v.Len() {
				paths = append(paths, p)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			switch {
			case !field.IsExported():
			case v.Field(i).IsZero():
				paths = append(paths, path+"."+field.Name)
			default:
				paths = append(paths, unset(v.Field(i), path+"."+field.Name)...)
			}
		}
	}
	return paths
}

func TestFixturesAreDeterministic(t *testing.T) {
	draft := func(seed uint64) reservation.Reservation {
		desk := NewDesk(seed)
		desk.Draft()
		return desk.Draft(everything)
	}
	if !reflect.DeepEqual(draft(1), draft(1)) {
		t.Error("drafts of the same seed differ")
	}
	if draft(1).ID == draft(2).ID {
		t.Error("drafts of different seeds have the same id")
	}
}

func TestHotelIsUsable(t *testing.T) {
	p := Hotel()
	if err := p.Prepare(); err != nil {
		t.Fatal(err)
	}
	if got := p.Today(Morning()); got != BusinessDate() {
		t.Errorf("in the morning it is %s", got)
	}
	if p.InService(Double) != 3 || p.InService(Apartment) != 1 {
		t.Errorf("%d doubles and %d apartments are in service", p.InService(Double), p.InService(Apartment))
	}
	for _, name := range []string{Deposit, Company} {
		if _, ok := p.Guarantee(name); !ok {
			t.Errorf("there is no guarantee policy %s", name)
		}
	}
	for _, name := range []string{Flexible, Strict} {
		if _, ok := p.Cancellation(name); !ok {
			t.Errorf("there is no cancellation policy %s", name)
		}
	}
}
