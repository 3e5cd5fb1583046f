package account_test

import (
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/account"
)

func TestReasonsAndActsAreThereOnce(t *testing.T) {
	seen := map[innards.Code]bool{}
	for _, r := range append(innards.Reasons(), account.Reasons()...) {
		if seen[r.Code] || r.Text == "" || r.Lift == "" || r.Kind == "" {
			t.Errorf("%+v is there twice or not complete", r)
		}
		seen[r.Code] = true
	}
	acts := map[account.Act]bool{}
	for _, act := range account.Acts() {
		if acts[act] || act == "" {
			t.Errorf("%q is there twice", act)
		}
		acts[act] = true
	}
}
