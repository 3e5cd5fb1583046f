package innards_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/innards-go/innards"
)

var soldOut = innards.Reason{Code: "sold_out", Kind: innards.KindState, Text: "no room is left", Lift: "other dates", Right: "override.overbook"}

func TestReasonBlock(t *testing.T) {
	want := innards.Blocker{Code: "sold_out", Kind: innards.KindState, Text: "no room is left", Lift: "other dates", Right: "override.overbook"}
	if d := cmp.Diff(want, soldOut.Block()); d != "" {
		t.Error(d)
	}
	want.Field, want.Text = "type", "no room is left: 3 of double on 2024-05-01"
	if d := cmp.Diff(want, soldOut.In("type", 3, "of", "double", "on", date(t, "2024-05-01"))); d != "" {
		t.Error(d)
	}
	want.Field = ""
	if d := cmp.Diff(want, soldOut.Block("3 of double on 2024-05-01")); d != "" {
		t.Error(d)
	}
}

func TestRefusal(t *testing.T) {
	r := &innards.Refusal{Command: "create", Blockers: []innards.Blocker{soldOut.Block(), innards.Busy.Block()}}
	if got, want := r.Error(), "create refused: no room is left (sold_out); others keep changing what the decision rests on (busy)"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
	if got, want := (&innards.Refusal{Command: "create"}).Error(), "create refused"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
	r.Blockers = append(r.Blockers, soldOut.Block("again"))
	if got, want := r.Error(), "create refused: no room is left (sold_out); others keep changing what the decision rests on (busy); no room is left: again (sold_out)"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
}

func TestCodes(t *testing.T) {
	var err error = fmt.Errorf("row 7: %w", &innards.Refusal{Command: "create", Blockers: []innards.Blocker{soldOut.Block(), innards.Busy.Block()}})
	if d := cmp.Diff([]innards.Code{"sold_out", "busy"}, innards.Codes(err)); d != "" {
		t.Error(d)
	}
	if !innards.RefusedFor(err, "busy") || innards.RefusedFor(err, "wrong_status") {
		t.Error("RefusedFor disagrees with the codes")
	}
	for _, other := range []error{nil, errors.New("sold_out"), innards.ErrNotFound} {
		if innards.Codes(other) != nil || innards.RefusedFor(other, "sold_out") {
			t.Errorf("%v is taken for a refusal", other)
		}
	}
}

// Every reason can be read by people, is lifted somehow, and has a code of its own.
func TestReasons(t *testing.T) {
	seen := map[innards.Code]bool{}
	for _, r := range innards.Reasons() {
		if r.Code == "" || r.Text == "" || r.Lift == "" || seen[r.Code] {
			t.Errorf("reason %+v is incomplete or there twice", r)
		}
		if r.Kind != innards.KindInput && r.Kind != innards.KindState && r.Kind != innards.KindPermission {
			t.Errorf("reason %s is of kind %q", r.Code, r.Kind)
		}
		seen[r.Code] = true
	}
	if len(seen) != 11 {
		t.Errorf("%d reasons, want 11", len(seen))
	}
}
