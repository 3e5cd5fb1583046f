package bunstore

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
)

func TestStatementTexts(t *testing.T) {
	st := Each("a = ? AND b = ?", "b = ? AND a = ?")
	if diff := cmp.Diff([2]string{"a = ? AND b = ?", "b = $1 AND a = $2"}, st.text); diff != "" {
		t.Error(diff)
	}
}

func TestScopedStatements(t *testing.T) {
	party := Confine{"r.tenant", "r.property", "r.party"}.Stmt("x = ? AND {scope} LIMIT ?")
	shared := Confine{Tenant: "p.tenant", Property: "p.id"}.Stmt("x = ? AND {scope} LIMIT ?")
	for _, c := range []struct {
		of    *Scoped
		actor innards.Actor
		text  string
		args  []any
	}{
		{party, innards.Actor{Tenant: "t"}, "x = ? AND r.tenant = ? LIMIT ?", []any{1, "t"}},
		{party, innards.Actor{Tenant: "t", Property: "h"}, "x = ? AND r.tenant = ? AND r.property = ? LIMIT ?", []any{1, "t", "h"}},
		{party, innards.Actor{Tenant: "t", Party: "g"}, "x = ? AND r.tenant = ? AND r.party = ? LIMIT ?", []any{1, "t", "g"}},
		{party, innards.Actor{Tenant: "t", Property: "h", Party: "g"},
			"x = ? AND r.tenant = ? AND r.property = ? AND r.party = ? LIMIT ?", []any{1, "t", "h", "g"}},
		{shared, innards.Actor{Tenant: "t", Property: "h", Party: "g"}, "x = ? AND p.tenant = ? AND p.id = ? LIMIT ?", []any{1, "t", "h"}},
		{shared, innards.Actor{Tenant: "t", Party: "g"}, "x = ? AND p.tenant = ? LIMIT ?", []any{1, "t"}},
	} {
		st, args := c.of.For(c.actor.Scope(), 1)
		if st.text[SQLite] != c.text {
			t.Errorf("%+v has %q, want %q", c.actor, st.text[SQLite], c.text)
		}
		if diff := cmp.Diff(c.args, args); diff != "" {
			t.Error(diff)
		}
	}
}
