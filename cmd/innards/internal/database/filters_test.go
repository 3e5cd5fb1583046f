package database_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/web"
	"github.com/innards-go/innards/internal/bunstore"
)

func TestFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		filters, ctx := database.NewFilters(db), t.Context()
		here := innards.Actor{Tenant: "main", Property: "varna"}.Scope()
		elsewhere := innards.Actor{Tenant: "main", Property: "burgas"}.Scope()
		for _, f := range []web.Filter{{Name: "Weekend", Query: "type=DBL"}, {Name: "Groups", Query: "segment=group"}, {Name: "Weekend", Query: "type=SGL"}} {
			if err := filters.Save(ctx, here, "ana", f); err != nil {
				t.Fatal(err)
			}
		}
		want := []web.Filter{{Name: "Groups", Query: "segment=group"}, {Name: "Weekend", Query: "type=SGL"}}
		if all, err := filters.List(ctx, here, "ana"); err != nil || !cmp.Equal(want, all) {
			t.Errorf("got %v (%v), want %v", all, err, want)
		}
		for _, other := range []struct {
			scope innards.Scope
			actor string
		}{{elsewhere, "ana"}, {here, "bo"}} {
			if err := filters.Delete(ctx, other.scope, other.actor, "Weekend"); err != nil {
				t.Fatal(err)
			}
			if all, err := filters.List(ctx, other.scope, other.actor); err != nil || len(all) > 0 {
				t.Errorf("somebody else sees %v (%v)", all, err)
			}
		}
		if err := filters.Delete(ctx, here, "ana", "Groups"); err != nil {
			t.Fatal(err)
		}
		if all, err := filters.List(ctx, here, "ana"); err != nil || len(all) != 1 {
			t.Errorf("%v is left (%v)", all, err)
		}
		if _, err := filters.List(ctx, innards.Scope{}, "ana"); !errors.Is(err, innards.ErrUnscoped) {
			t.Errorf("without a scope: %v", err)
		}
		if err := filters.Save(ctx, innards.Scope{}, "ana", web.Filter{Name: "x"}); !errors.Is(err, innards.ErrUnscoped) {
			t.Errorf("without a scope: %v", err)
		}
	})
}
