package innards_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/innards-go/innards"
)

func TestActorMay(t *testing.T) {
	for _, tc := range []struct {
		have []innards.Right
		want innards.Right
		may  bool
	}{
		{nil, "reservation.cancel", false},
		{[]innards.Right{"reservation.cancel"}, "reservation.cancel", true},
		{[]innards.Right{"reservation.cancel"}, "reservation.cancel_all", false},
		{[]innards.Right{"reservation.cancel_all"}, "reservation.cancel", false},
		{[]innards.Right{"meter.read", "reservation.cancel"}, "reservation.cancel", true},
		{[]innards.Right{"reservation.*"}, "reservation.cancel", true},
		{[]innards.Right{"reservation.*"}, "reservation", false},
		{[]innards.Right{"reservation.*"}, "override.overbook", false},
		{[]innards.Right{"*"}, "override.overbook", true},
		{[]innards.Right{"*.cancel"}, "reservation.cancel", false},
		{[]innards.Right{""}, "reservation.cancel", false},
	} {
		if got := (innards.Actor{Rights: tc.have}).May(tc.want); got != tc.may {
			t.Errorf("%v may %s: %v", tc.have, tc.want, got)
		}
	}
}

func TestScopeSees(t *testing.T) {
	for _, tc := range []struct {
		why                     string
		actor                   innards.Actor
		tenant, property, party string
		want                    bool
	}{
		{"everything of the tenant", innards.Actor{Tenant: "t"}, "t", "p", "x", true},
		{"another tenant", innards.Actor{Tenant: "t"}, "u", "p", "x", false},
		{"no tenant", innards.Actor{}, "", "p", "x", false},
		{"no tenant, but property and party", innards.Actor{Property: "p", Party: "x"}, "", "p", "x", false},
		{"the property", innards.Actor{Tenant: "t", Property: "p"}, "t", "p", "x", true},
		{"another property", innards.Actor{Tenant: "t", Property: "p"}, "t", "q", "x", false},
		{"a record of no property", innards.Actor{Tenant: "t", Property: "p"}, "t", "", "x", false},
		{"the party", innards.Actor{Tenant: "t", Party: "x"}, "t", "p", "x", true},
		{"another party", innards.Actor{Tenant: "t", Party: "x"}, "t", "p", "y", false},
		{"a record of no party", innards.Actor{Tenant: "t", Party: "x"}, "t", "p", "", false},
		{"the party at another property", innards.Actor{Tenant: "t", Property: "p", Party: "x"}, "t", "q", "x", false},
	} {
		if got := tc.actor.Scope().Sees(tc.tenant, tc.property, tc.party); got != tc.want {
			t.Errorf("%s: %v", tc.why, got)
		}
	}
}

func TestScopeOfNobody(t *testing.T) {
	if err := (innards.Scope{}).Err(); !errors.Is(err, innards.ErrUnscoped) {
		t.Errorf("the zero scope gives %v", err)
	}
	if err := (innards.Actor{Tenant: "t"}).Scope().Err(); err != nil {
		t.Errorf("a tenant's scope gives %v", err)
	}
}

func TestSystem(t *testing.T) {
	scope := innards.Actor{Tenant: "t", Property: "p", Party: "x"}.Scope()
	if scope.Tenant() != "t" || scope.Property() != "p" || scope.Party() != "x" {
		t.Errorf("the scope is %v", scope)
	}
	got := innards.System("no_show", scope, "reservation.mark_no_show")
	want := innards.Actor{ID: "system:no_show", Tenant: "t", Property: "p", Party: "x", Rights: []innards.Right{"reservation.mark_no_show"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got.Scope() != scope {
		t.Errorf("the task sees %v, not %v", got.Scope(), scope)
	}
}
