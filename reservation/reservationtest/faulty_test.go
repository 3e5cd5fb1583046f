package reservationtest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func TestFaultlessStore(t *testing.T) {
	TestStore(t, func(*testing.T) reservation.Store { return NewFaulty(NewStore(), nil) })
}

// TestEveryMethodCanFail calls every method of the interface on a store on which each call fails.
func TestEveryMethodCanFail(t *testing.T) {
	always := func(int, string) Fault { return Fault{Err: innards.ErrUnavailable} }
	faulty := NewFaulty(NewStore(), always)
	var met []string
	faulty.Meanwhile = func(_ int, method string) { met = append(met, method) }
	store := reflect.TypeFor[reservation.Store]()
	for i := range store.NumMethod() {
		method := reflect.ValueOf(faulty).MethodByName(store.Method(i).Name)
		args := []reflect.Value{reflect.ValueOf(context.Background())}
		for n := 1; n < method.Type().NumIn(); n++ {
			args = append(args, reflect.Zero(method.Type().In(n)))
		}
		results := method.Call(args)
		if err, _ := results[len(results)-1].Interface().(error); !errors.Is(err, innards.ErrUnavailable) {
			t.Errorf("%s returns the error %v", store.Method(i).Name, err)
		}
		if len(met) != i+1 || met[i] != store.Method(i).Name {
			t.Errorf("%s is announced as %v", store.Method(i).Name, met[len(met)-1:])
		}
	}
	if faulty.Calls() != store.NumMethod() {
		t.Errorf("%d calls were counted, not %d", faulty.Calls(), store.NumMethod())
	}
}

// TestCommitFailsAfterItsEffect: a commit whose answer is lost is written all the same.
func TestCommitFailsAfterItsEffect(t *testing.T) {
	desk, store := NewDesk(1), NewStore()
	if err := store.CommitProperty(t.Context(), desk.Property(Hotel())); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[bool]error{true: nil, false: innards.ErrNotFound} {
		c := desk.Create()
		faulty := NewFaulty(store, Nth(1, Fault{Err: innards.ErrOutcomeUnknown, After: after}))
		if err := faulty.Commit(t.Context(), c); !errors.Is(err, innards.ErrOutcomeUnknown) {
			t.Errorf("the error is %v", err)
		}
		if _, err := store.Reservation(t.Context(), Staff().Scope(), c.After.ID); !errors.Is(err, want) {
			t.Errorf("after its effect %v: the reservation is read with %v", after, err)
		}
	}
}
