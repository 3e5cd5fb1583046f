package storecheck

import (
	"context"
	"errors"
	"testing"
)

// is promises that the store is the number.
func is(name string, want int) Promise[int] {
	return Promise[int]{Name: name, Check: func(_ context.Context, got int) error {
		if got != want {
			return errors.New("it is not")
		}
		return nil
	}}
}

func breaking(store int, promises ...string) Broken[int] {
	return Broken[int]{What: "is wrong", Promises: promises, Open: func() int { return store }}
}

func TestEscapes(t *testing.T) {
	trial := &Trial{}
	promises := []Promise[int]{is("one", 1), is("two", 2)}
	trial.Equal("what escapes", breaking(2, "one").escapes(t.Context(), promises), []string{})
	trial.Equal("what escapes", breaking(2, "one", "two", "three").escapes(t.Context(), promises),
		[]string{"a store that is wrong passes two", "there is no promise three"})
	trial.Equal("what is unbroken", unbroken(promises, []Broken[int]{breaking(2, "one")}), []string{"two"})
	trial.Equal("what is unbroken", unbroken(promises, []Broken[int]{breaking(2, "one"), breaking(1, "two")}), []string{})
	if trial.Err != nil {
		t.Error(trial.Err)
	}
}

func TestRunAndBites(t *testing.T) {
	promises := []Promise[int]{is("one", 1), is("unit", 1)}
	Run(t, promises, func(*testing.T) int { return 1 })
	Bites(t, promises, []Broken[int]{breaking(2, "one", "unit")})
}
