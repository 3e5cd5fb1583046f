package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

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
	kindMany   kind = "many"    // of the choices
	kindSecret kind = "secret"  // a password: never shown again
	kindShare  kind = "decimal" // a decimal number, such as a percentage
)

// A field is one input of a form. Its name is that of the input in the API, with dots between levels; its label is the text
// "field.NAME".
type field struct {
	name     string
	kind     kind
	required bool
	choices  []choice
	value    string
	many     []string // of kindMany
	complete string   // what the browser may fill in, see autocomplete in HTML
	legend   string   // begins a group of fields with this title
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
		if fd.kind == kindSecret {
			fd.value = typed.Get(fd.name) // spaces count
		}
		fd.many = typed[fd.name]
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
		if fd.kind == kindMany && len(fd.many) > 0 {
			fd.value = fd.many[0]
		}
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

// lists turns objects whose names are all numbers into lists, so that fields "tiers.0.days" and "tiers.2.days" make a list of
// two.
func lists(value any) any {
	in, ok := value.(map[string]any)
	if !ok {
		return value
	}
	numbered := len(in) > 0
	for name, inner := range in {
		in[name] = lists(inner)
		_, err := strconv.Atoi(name)
		numbered = numbered && err == nil
	}
	if !numbered {
		return in
	}
	var list []any
	for _, name := range slices.Sorted(maps.Keys(in)) {
		list = append(list, in[name])
	}
	return list
}

// show fills the fields from what is there, as the API tells it.
func (f *form) show(v *view, there any) error {
	text, err := json.Marshal(there)
	if err != nil {
		return err
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return err
	}
	for i := range f.fields {
		f.fields[i].show(v, at(tree, strings.Split(f.fields[i].name, ".")))
	}
	return nil
}

// at follows a path into a document; nil: it leads nowhere.
func at(tree any, path []string) any {
	for _, name := range path {
		switch node := tree.(type) {
		case map[string]any:
			tree = node[name]
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n >= len(node) {
				return nil
			}
			tree = node[n]
		default:
			return nil
		}
	}
	return tree
}

func (fd *field) show(v *view, value any) {
	switch value := value.(type) {
	case string:
		fd.value = value
		if fd.kind == kindShare {
			fd.value = strings.Replace(value, ".", v.say.Say("number.decimal"), 1)
		}
	case float64:
		fd.value = strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		if fd.value = ""; value {
			fd.value = "true"
		}
	case []any:
		for _, word := range value {
			fd.many = append(fd.many, fmt.Sprint(word))
		}
	case map[string]any: // an amount
		if amount, ok := value["amount"].(string); ok {
			fd.value = strings.Replace(amount, ".", v.say.Say("number.decimal"), 1)
		}
	}
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
	case kindMany:
		return fd.many, ""
	case kindShare:
		d, err := decimal.NewFromString(v.say.ParseAmount(fd.value))
		if err != nil {
			return nil, v.say.Say("form.decimal")
		}
		return d, ""
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
	if m.Sign() < 0 { // at the desk it is a slip; the API takes discounts
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
	dotted := strings.NewReplacer("[", ".", "]", "").Replace(name)
	for i := range f.fields {
		if f.fields[i].name == dotted || f.fields[i].name == stem {
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

// text returns the key of a text about the field: its name, without the numbers of lists.
func (fd field) text() string {
	var parts []string
	for _, part := range strings.Split("field."+fd.name, ".") {
		if _, err := strconv.Atoi(part); err != nil {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ".")
}

func (fd field) chosen(value string) bool { return slices.Contains(fd.many, value) }

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
	return cmp.Or(fd.value, "—")
}
