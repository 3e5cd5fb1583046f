package web

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// A Filter is a search that somebody has kept under a name.
type Filter struct {
	Name string
	// Query is that of the search page's address.
	Query string
}

// Filters keeps the searches that people have named. Each sees those of their own, in one property.
type Filters interface {
	// List returns the filters of an actor in the property of the scope, by name.
	List(ctx context.Context, s innards.Scope, actor string) ([]Filter, error)
	// Save keeps a filter, in place of one with the same name.
	Save(ctx context.Context, s innards.Scope, actor string, f Filter) error
	// Delete removes a filter. It does nothing if there is none.
	Delete(ctx context.Context, s innards.Scope, actor, name string) error
}

// The bounds of what one person can keep.
const (
	maxFilters    = 50
	maxFilterName = 60 // letters
)

// A savedFilter is a filter as the search page shows it.
type savedFilter struct {
	name   string
	at     templ.SafeURL
	active bool
}

// savedFilters returns those of the visitor. Without a store there are none.
func (v *view) savedFilters(shown *searchForm) (saved []savedFilter, err error) {
	if v.Filters == nil {
		return nil, nil
	}
	kept, err := v.Filters.List(v.ctx(), v.here().Scope(), v.visitor.Actor.ID)
	asked := address(v.property, &shown.search).Encode()
	for _, f := range kept {
		query, _ := url.ParseQuery(f.Query) // it was checked when it was kept; what can be read is shown
		saved = append(saved, savedFilter{f.Name, v.found(query), f.Query == asked})
	}
	return saved, err
}

// saveFilter keeps a search under a name, or removes one.
func (s *site) saveFilter(v *view) error {
	if s.Filters == nil {
		return innards.ErrNotFound
	}
	name := strings.Join(strings.Fields(v.r.PostForm.Get("name")), " ")
	scope, actor := v.here().Scope(), v.visitor.Actor.ID
	if v.r.PostForm.Get("step") == "delete" {
		if err := s.Filters.Delete(v.ctx(), scope, actor, name); err != nil {
			return err
		}
		v.announce("done.filter_deleted")
		return v.redirect(string(v.path("reservations")))
	}
	query, err := url.ParseQuery(v.r.PostForm.Get("query"))
	form := v.readSearch(query)
	if err != nil || form.wrong() || name == "" || utf8.RuneCountInString(name) > maxFilterName {
		return problem.At(problem.Invalid, "body.name", "a name of up to 60 letters and a search are accepted")
	}
	kept, err := s.Filters.List(v.ctx(), scope, actor)
	if err != nil {
		return err
	}
	isNew := !slices.ContainsFunc(kept, func(f Filter) bool { return f.Name == name })
	if isNew && len(kept) >= maxFilters {
		return problem.At(problem.Invalid, "body.name", "there are 50 filters already: delete one")
	}
	canonical := address(v.property, &form.search)
	if err := s.Filters.Save(v.ctx(), scope, actor, Filter{name, canonical.Encode()}); err != nil {
		return err
	}
	v.announce("done.filter_saved")
	return v.redirect(string(v.found(canonical)))
}
