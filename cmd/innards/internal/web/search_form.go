package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A searchInput is a filter as the form shows it: what was asked for, and what is wrong with it.
type searchInput struct {
	criterion
	values []string
	errors []string
}

func (in *searchInput) value() string {
	if len(in.values) == 0 {
		return ""
	}
	return in.values[0]
}

// A searchForm is a search as an address asks for it.
type searchForm struct {
	search reservation.Search
	inputs []searchInput
	errors []string // of none of the filters
}

// readSearch reads the filters of an address. What cannot be read is told at its filter.
func (v *view) readSearch(asked url.Values) *searchForm {
	f := &searchForm{search: reservation.Search{Property: v.property.ID}}
	for _, c := range criteria() {
		in := searchInput{criterion: c}
		for _, value := range asked[c.name] {
			if value = strings.TrimSpace(value); value != "" {
				in.values = append(in.values, value)
			}
		}
		if wrong := f.take(v.property, &in); wrong != "" {
			in.errors = append(in.errors, v.say.Say(wrong))
		}
		f.inputs = append(f.inputs, in)
	}
	return f
}

func (f *searchForm) take(p *reservation.Property, in *searchInput) (wrong string) {
	if len(in.values) == 0 {
		return ""
	}
	isNoText := func(s string) bool { return !utf8.ValidString(s) || strings.ContainsFunc(s, isForbidden) }
	if slices.ContainsFunc(in.values, isNoText) {
		return "filter.unknown"
	}
	return in.read(p, &f.search, in.values)
}

// blame puts the reasons of a refused search at the filters that they name.
func (f *searchForm) blame(v *view, blockers []innards.Blocker) {
	for _, b := range blockers {
		i := slices.IndexFunc(f.inputs, func(in searchInput) bool { return in.name == b.Field })
		if i < 0 {
			f.errors = append(f.errors, v.reason(b))
			continue
		}
		f.inputs[i].errors = append(f.inputs[i].errors, v.reason(b))
	}
}

func (f *searchForm) wrong() bool {
	return len(f.errors) > 0 || slices.ContainsFunc(f.inputs, func(in searchInput) bool { return len(in.errors) > 0 })
}

// filters are what narrows the search, without its order.
func (f *searchForm) filters(p *reservation.Property) url.Values {
	values := address(p, &f.search)
	values.Del("sort")
	values.Del("descending")
	return values
}

// beyondText reports whether something else than words and an order is asked for.
func (f *searchForm) beyondText() bool {
	isOrder := func(name string) bool { return name == "text" || name == "sort" || name == "descending" }
	return slices.ContainsFunc(f.inputs, func(in searchInput) bool { return !isOrder(in.name) && len(in.values) > 0 })
}

func (f *searchForm) text() *searchInput { return &f.inputs[0] }

// A searchGroup is a part of the form below the words. Its heading is the text "filter.group.NAME".
type searchGroup struct {
	name   string
	inputs []searchInput
}

func (f *searchForm) groups() (groups []searchGroup) {
	for _, in := range f.inputs[1:] {
		if n := len(groups); n == 0 || groups[n-1].name != in.group {
			groups = append(groups, searchGroup{name: in.group})
		}
		last := &groups[len(groups)-1]
		last.inputs = append(last.inputs, in)
	}
	return groups
}

func (in *searchInput) id() string { return "filter-" + strings.ReplaceAll(in.name, "_", "-") }

// idOf returns the id of one of several inputs of a filter: the label is that of the first.
func (in *searchInput) idOf(i int) string {
	if i == 0 {
		return in.id()
	}
	return in.id() + "-" + strconv.Itoa(i)
}

func (in *searchInput) has(value string) bool { return slices.Contains(in.values, value) }

// offered returns the choices, and with them what was asked for and is no choice any more.
func (in *searchInput) offered(v *view) []choice {
	list, asked := in.choices(v), in.value()
	if asked != "" && !slices.ContainsFunc(list, func(c choice) bool { return c.value == asked }) {
		list = append(list, choice{asked, asked})
	}
	return list
}

// shown returns the values of the inputs: for attributes one more than there are.
func (in *searchInput) shown() []string {
	if len(in.values) == 0 || in.name == attributesName {
		return append(slices.Clone(in.values), "")
	}
	return in.values[:1]
}

// trouble returns the attributes of an input that its errors ask for.
func (v *view) trouble(in *searchInput) templ.Attributes {
	if len(in.errors) == 0 {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": in.id() + "-error-0"}
}

// open reports whether the form is shown: something is wrong with it, or it says what no quick filter does.
func (f *finding) open() bool {
	isShown := slices.ContainsFunc(f.quick, func(q quickFilter) bool { return q.active }) || f.kept() != ""
	return f.wrong() || f.beyondText() && !isShown
}

// kept returns the name of the saved filter that is shown; empty: none is.
func (f *finding) kept() string {
	for _, s := range f.saved {
		if s.active {
			return s.name
		}
	}
	return ""
}
