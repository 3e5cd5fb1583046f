package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/innards-go/innards"
)

// A kind says how a field is shown and read.
type kind string

const (
	kindText   kind = "text"
	kindArea   kind = "area" // several lines
	kindDate   kind = "date"
	kindMoment kind = "moment" // day and time in the property's zone
	kindTime   kind = "time"   // of day
	kindNumber kind = "number"
	kindMoney  kind = "money"  // in the property's currency
	kindPrices kind = "prices" // one amount for every night
	kindCheck  kind = "check"
	kindChoice kind = "choice"
	kindEmail  kind = "email"
)

// A field is one input of a form. Its name is that of the input in the API, with dots between levels; its label is the text
// "field.NAME".
type field struct {
	name     string
	kind     kind
	required bool
	choices  []choice
	value    string
	errors   []string
	optional bool // an empty value is sent as such, not left out: it takes back what is there
	// now is what the record says, was what it said when the form was first shown. Both are empty if nothing is amended.
	now, was string
}

// touched reports whether somebody typed something else than what was there.
func (fd *field) touched() bool { return fd.value != fd.was }

// A choice is one of the values of a field.
type choice struct{ value, label string }

// A form is a list of fields, and what is wrong with all of it.
type form struct {
	fields []field
	errors []string
}

// fill takes what was typed.
func (f *form) fill(typed url.Values) {
	for i := range f.fields {
		fd := &f.fields[i]
		fd.now, fd.was = fd.value, typed.Get("was."+fd.name)
		fd.value = strings.ReplaceAll(strings.TrimSpace(typed.Get(fd.name)), "\r\n", "\n")
	}
}

// renew takes what the record says now where nothing else was typed, after it was changed by somebody else.
func (f *form) renew() {
	for i := range f.fields {
		fd := &f.fields[i]
		if !fd.touched() {
			fd.value = fd.now
		}
		fd.was = fd.now
	}
}

// input returns what was typed as the API takes it. What cannot be read is told at its field, and false returned.
func (f *form) input(v *view) (map[string]any, bool) {
	in, ok := map[string]any{}, true
	for i := range f.fields {
		fd := &f.fields[i]
		if fd.value == "" && fd.required {
			fd.errors, ok = append(fd.errors, v.say.Say("form.required")), false
			continue
		}
		if fd.value == "" && !fd.optional {
			continue
		}
		value, err := fd.read(v)
		if err != "" {
			fd.errors, ok = append(fd.errors, err), false
			continue
		}
		put(in, strings.Split(fd.name, "."), value)
	}
	return in, ok
}

// put sets a value within nested objects.
func put(in map[string]any, path []string, value any) {
	if len(path) == 1 {
		in[path[0]] = value
		return
	}
	inner, ok := in[path[0]].(map[string]any)
	if !ok {
		inner = map[string]any{}
		in[path[0]] = inner
	}
	put(inner, path[1:], value)
}

// read returns the value as the API takes it, or says what is wrong with it.
func (fd *field) read(v *view) (value any, wrong string) {
	switch fd.kind {
	case kindNumber:
		n, err := strconv.Atoi(fd.value)
		if err != nil {
			return nil, v.say.Say("form.number")
		}
		return n, ""
	case kindCheck:
		return fd.value != "", ""
	case kindDate:
		if _, err := innards.ParseDate(fd.value); err != nil {
			return nil, v.say.Say("form.date")
		}
		return fd.value, ""
	case kindMoment:
		return fd.moment(v)
	case kindMoney, kindPrices:
		return fd.money(v)
	}
	return fd.value, ""
}

func (fd *field) moment(v *view) (any, string) {
	local, err := time.Parse("2006-01-02T15:04", fd.value)
	if err != nil {
		return nil, v.say.Say("form.moment")
	}
	of := innards.TimeOfDay(60*local.Hour() + local.Minute())
	return innards.DateOf(local).At(of, v.property.Location()), ""
}

func (fd *field) money(v *view) (any, string) {
	m, err := innards.ParseMoney(v.say.ParseAmount(fd.value), v.property.Currency)
	if err != nil {
		return nil, v.say.Say("form.money", "example", "120"+v.say.Say("number.decimal")+"50")
	}
	if fd.kind == kindPrices {
		return []innards.Money{m}, ""
	}
	return m, ""
}

// blame puts what stands against a command at the fields that it names, the rest above the form. It returns the blockers that
// the visitor may override.
func (f *form) blame(v *view, blockers []innards.Blocker) (overridable []innards.Blocker) {
	for _, b := range blockers {
		if b.Right != "" && v.may(b.Right) {
			overridable = append(overridable, b)
			continue
		}
		said := v.reason(b)
		if fd := f.field(b.Field); fd != nil {
			fd.errors = append(fd.errors, said)
		} else {
			if lift := v.lift(b); lift != "" {
				said += " – " + lift
			}
			f.errors = append(f.errors, said)
		}
	}
	return overridable
}

// field returns the field that an input belongs to, such as "prices" for "prices[0]"; nil: it is not in the form.
func (f *form) field(name string) *field {
	stem, _, _ := strings.Cut(name, "[")
	for i := range f.fields {
		if f.fields[i].name == name || f.fields[i].name == stem {
			return &f.fields[i]
		}
	}
	return nil
}

func (f *form) wrong() bool {
	if len(f.errors) > 0 {
		return true
	}
	for _, fd := range f.fields {
		if len(fd.errors) > 0 {
			return true
		}
	}
	return false
}

// choicesOf lists words with their texts, which are "NAME.WORD".
func choicesOf[S ~string](v *view, name string, words []S) []choice {
	list := make([]choice, len(words))
	for i, w := range words {
		list[i] = choice{string(w), v.say.Say(name + "." + string(w))}
	}
	return list
}

func (fd field) id() string { return "field-" + strings.ReplaceAll(fd.name, ".", "-") }

// shown returns the value as a text of the page's language.
func (fd field) shown(v *view) string {
	switch fd.kind {
	case kindChoice:
		for _, c := range fd.choices {
			if c.value == fd.value {
				return c.label
			}
		}
	case kindDate:
		if d, err := innards.ParseDate(fd.value); err == nil {
			return v.say.Date(d)
		}
	case kindCheck:
		return v.say.Say(fmt.Sprintf("form.%t", fd.value != ""))
	}
	return fd.value
}
