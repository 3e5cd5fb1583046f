package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// maxTyped bounds what a field takes in the browser; the domain knows the exact bounds.
const maxTyped = 1000

// marks returns the attributes of an input that its kind and its errors ask for.
func (v *view) marks(fd field) templ.Attributes {
	a := templ.Attributes{}
	if fd.required {
		a["required"] = true
	}
	if len(fd.errors) > 0 {
		a["aria-invalid"] = "true"
	}
	var described []string
	if v.help(fd) != "" {
		described = append(described, fd.id()+"-help")
	}
	for i := range fd.errors {
		described = append(described, fd.id()+"-error-"+strconv.Itoa(i))
	}
	if len(described) > 0 {
		a["aria-describedby"] = strings.Join(described, " ")
	}
	switch fd.kind {
	case kindDate:
		a["type"] = "date"
	case kindMoment:
		a["type"] = "datetime-local"
	case kindTime:
		a["type"] = "time"
	case kindNumber:
		a["type"], a["min"], a["inputmode"] = "number", "0", "numeric"
	case kindMoney, kindPrices, kindShare:
		a["type"], a["inputmode"] = "text", "decimal"
	case kindEmail:
		a["type"], a["autocomplete"] = "email", "off"
	case kindSecret:
		a["type"] = "password"
	case kindText:
		a["type"], a["maxlength"] = "text", strconv.Itoa(maxTyped)
	}
	if fd.complete != "" {
		a["autocomplete"] = fd.complete
	}
	return a
}

// help returns the key of the text that explains a field; empty: there is none, or who types a password that exists needs none.
func (v *view) help(fd field) string {
	if key := fd.text() + ".help"; v.say.Has(key) && fd.complete != "current-password" {
		return key
	}
	return ""
}
