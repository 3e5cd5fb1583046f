package access_test

import (
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestIssue(t *testing.T) {
	random := reservationtest.Random(1)
	seen := map[string]bool{}
	for range 100 {
		token, text, err := access.Issue(access.Token{Role: access.FrontDesk, Tenant: "main"}, random)
		if err != nil {
			t.Fatal(err)
		}
		if seen[text] || len(text) != 4+16+1+32 || !strings.HasPrefix(text, "ink_"+token.ID+"_") {
			t.Errorf("the token is %q", text)
		}
		if strings.Contains(string(token.Digest[:]), text[21:]) {
			t.Error("the secret is kept")
		}
		seen[text] = true
	}
	if _, _, err := access.Issue(access.Token{}, strings.NewReader("short")); err == nil {
		t.Error("a token without enough randomness")
	}
}

func TestRoles(t *testing.T) {
	for _, role := range access.Roles() {
		if parsed, err := access.ParseRole(string(role)); err != nil || parsed != role {
			t.Errorf("%s is read as %s (%v)", role, parsed, err)
		}
		if !role.May(access.ReadReservations) {
			t.Errorf("%s cannot read", role)
		}
	}
	if _, err := access.ParseRole("king"); err == nil {
		t.Error("king is a role")
	}
	if access.Role("king").May(access.ReadReservations) {
		t.Error("who has no role may read")
	}
	for _, role := range access.StaffRoles() {
		manager, clerk := innards.Actor{Rights: access.Administrator.Rights()}, innards.Actor{Rights: access.FrontDesk.Rights()}
		if !role.Within(manager) || role.Within(clerk) != (role == access.FrontDesk || role == access.Operator) {
			t.Errorf("who may make others %s is not who has its rights", role)
		}
		if role.May(access.ManageAccess) != (role == access.Administrator) {
			t.Errorf("whether %s may manage access is not as it is meant to be", role)
		}
	}
	// Whoever takes payments may waive fees; whoever checks guests in may not.
	if !access.Accounting.May(reservation.RightWaiveFee) || access.FrontDesk.May(reservation.RightWaiveFee) || access.Operator.May("reservation.check_in") {
		t.Error("the table is not as it is meant to be")
	}
}
