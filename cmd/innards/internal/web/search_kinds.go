package web

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

func textOf(name string, at func(*reservation.Search) *string) criterion {
	return criterion{
		name: name, kind: kindText,
		read: func(_ *reservation.Property, q *reservation.Search, values []string) string {
			*at(q) = values[0]
			return ""
		},
		write: func(_ *reservation.Property, q *reservation.Search) []string { return given(*at(q)) },
	}
}

// choiceOf is textOf with choices. Others are accepted: what is searched for may be gone from the settings.
func choiceOf(name string, at func(*reservation.Search) *string, choices func(*view) []choice) criterion {
	c := textOf(name, at)
	c.kind, c.choices = kindChoice, choices
	return c
}

func given(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func wordsOf[S ~string](name string, known []S, at func(*reservation.Search) *[]S) criterion {
	return criterion{
		name: name, kind: kindSeveral,
		read: func(_ *reservation.Property, q *reservation.Search, values []string) string {
			for _, value := range values {
				if !slices.Contains(known, S(value)) {
					return "filter.unknown"
				}
				*at(q) = append(*at(q), S(value))
			}
			return ""
		},
		write: func(_ *reservation.Property, q *reservation.Search) (values []string) {
			for _, s := range *at(q) {
				values = append(values, string(s))
			}
			return values
		},
		choices: func(v *view) []choice { return choicesOf(v, name, known) },
	}
}

func dateOf(name string, at func(*reservation.Search) *innards.Date) criterion {
	return criterion{
		name: name, kind: kindDate,
		read: func(_ *reservation.Property, q *reservation.Search, values []string) string {
			d, err := innards.ParseDate(values[0])
			if err != nil {
				return "form.date"
			}
			*at(q) = d
			return ""
		},
		write: func(_ *reservation.Property, q *reservation.Search) []string {
			if at(q).IsZero() {
				return nil
			}
			return given(at(q).String())
		},
	}
}

// dayOf is a day in the property's zone for an instant: the beginning of a day that comes so many days later.
func dayOf(name string, later int, at func(*reservation.Search) *time.Time) criterion {
	return criterion{
		name: name, kind: kindDate,
		read: func(p *reservation.Property, q *reservation.Search, values []string) string {
			d, err := innards.ParseDate(values[0])
			if err != nil {
				return "form.date"
			}
			*at(q) = d.AddDays(later).At(0, p.Location())
			return ""
		},
		write: func(p *reservation.Property, q *reservation.Search) []string {
			if at(q).IsZero() {
				return nil
			}
			return given(innards.DateOf(at(q).In(p.Location())).AddDays(-later).String())
		},
	}
}

// flagOf is a choice of yes, no, and whatever.
func flagOf(name string, at func(*reservation.Search) **bool) criterion {
	return criterion{
		name: name, kind: kindChoice, choices: yesOrNo,
		read: func(_ *reservation.Property, q *reservation.Search, values []string) string {
			if values[0] != "true" && values[0] != "false" {
				return "filter.unknown"
			}
			yes := values[0] == "true"
			*at(q) = &yes
			return ""
		},
		write: func(_ *reservation.Property, q *reservation.Search) []string {
			if *at(q) == nil {
				return nil
			}
			return given(map[bool]string{true: "true", false: "false"}[**at(q)])
		},
	}
}

func yesOrNo(v *view) []choice {
	return []choice{{"true", v.say.Say("form.true")}, {"false", v.say.Say("form.false")}}
}

// markOf is a choice of yes and whatever.
func markOf(name string, at func(*reservation.Search) *bool) criterion {
	return criterion{
		name: name, kind: kindCheck,
		read: func(_ *reservation.Property, q *reservation.Search, values []string) string {
			if *at(q) = values[0] == "true"; !*at(q) && values[0] != "false" {
				return "filter.unknown"
			}
			return ""
		},
		write: func(_ *reservation.Property, q *reservation.Search) []string {
			if *at(q) {
				return given("true")
			}
			return nil
		},
	}
}

const attributesName = "attributes"

// attributes are those of the embedder, each as name=value.
func attributes() criterion {
	return criterion{
		name: attributesName, kind: kindText,
		read: func(_ *reservation.Property, q *reservation.Search, values []string) string {
			for _, value := range values {
				name, is, ok := strings.Cut(value, "=")
				if !ok || name == "" {
					return "filter.attribute"
				}
				if q.Attributes == nil {
					q.Attributes = map[string]string{}
				}
				q.Attributes[name] = is
			}
			return ""
		},
		write: func(_ *reservation.Property, q *reservation.Search) (values []string) {
			for _, name := range slices.Sorted(maps.Keys(q.Attributes)) {
				values = append(values, name+"="+q.Attributes[name])
			}
			return values
		},
	}
}

// sorts are the fields that a list can be sorted by, the usual one first.
func sorts() []reservation.Field {
	return []reservation.Field{reservation.FieldArrival, reservation.FieldDeparture, reservation.FieldGuest, reservation.FieldNumber, reservation.FieldCreated}
}

func sortOf(name string) criterion {
	return criterion{
		name: name, kind: kindChoice,
		choices: func(v *view) []choice { return choicesOf(v, "sort", sorts()) },
		read: func(_ *reservation.Property, q *reservation.Search, values []string) string {
			if q.Sort = reservation.Field(values[0]); !slices.Contains(sorts(), q.Sort) {
				return "filter.unknown"
			}
			return ""
		},
		write: func(_ *reservation.Property, q *reservation.Search) []string { return given(string(q.Sort)) },
	}
}
