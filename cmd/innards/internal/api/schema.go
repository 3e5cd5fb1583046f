package api

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/reservation"
)

// newRegistry returns a registry that knows how the domain's types look as JSON.
func newRegistry() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	alias[innards.Money, Money](r)
	alias[innards.Date, day](r)
	alias[innards.TimeOfDay, timeOfDay](r)
	alias[innards.Hash, hash](r)
	alias[innards.Currency, currency](r)
	alias[decimal.Decimal, number](r)
	alias[reservation.Confirmation, confirmation](r)
	alias[reservation.Guarantee, guarantee](r)
	alias[reservation.Occupancy, occupancy](r)
	alias[reservation.Commitment, commitment](r)
	alias[reservation.Source, source](r)
	alias[reservation.GuaranteeState, guaranteeState](r)
	alias[reservation.StayState, stayState](r)
	return r
}

func alias[T, As any](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[As]())
}

// Money is how an amount looks.
type Money struct {
	_        struct{} `nullable:"true"`
	Amount   string   `json:"amount" required:"true" pattern:"^-?[0-9]{1,15}([.][0-9]{1,4})?$" example:"12.50" doc:"with the decimals of the currency"`
	Currency string   `json:"currency" required:"true" pattern:"^[A-Z]{3}$" example:"EUR" doc:"ISO 4217 code"`
}

type (
	day            struct{}
	timeOfDay      struct{}
	hash           struct{}
	currency       struct{}
	number         struct{}
	confirmation   struct{}
	guarantee      struct{}
	occupancy      struct{}
	commitment     struct{}
	source         struct{}
	guaranteeState struct{}
	stayState      struct{}
)

func text(format, pattern string, example any) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: format, Pattern: pattern, Examples: []any{example}}
}

func oneOf[S ~string](words ...S) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, w := range words {
		s.Enum = append(s.Enum, string(w))
	}
	return s
}

func (day) Schema(huma.Registry) *huma.Schema { return text("date", "", "2026-11-24") }
func (timeOfDay) Schema(huma.Registry) *huma.Schema {
	return text("", "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "14:00")
}
func (hash) Schema(huma.Registry) *huma.Schema {
	return text("", "^[0-9a-f]{64}$", strings.Repeat("0f", 32))
}
func (currency) Schema(huma.Registry) *huma.Schema { return text("", "^[A-Z]{3}$", "EUR") }
func (number) Schema(huma.Registry) *huma.Schema {
	return text("", "^-?[0-9]{1,12}([.][0-9]{1,6})?$", "12.5")
}
func (confirmation) Schema(huma.Registry) *huma.Schema {
	return oneOf(reservation.Unconfirmed, reservation.Confirmed)
}
func (guarantee) Schema(huma.Registry) *huma.Schema {
	return oneOf(reservation.NotGuaranteed, reservation.Guaranteed)
}
func (occupancy) Schema(huma.Registry) *huma.Schema {
	return oneOf(reservation.Expected, reservation.CheckedIn, reservation.CheckedOut, reservation.Cancelled, reservation.NoShow)
}
func (commitment) Schema(huma.Registry) *huma.Schema {
	return oneOf(reservation.Definite, reservation.Optional, reservation.Waitlisted, reservation.Inquiry)
}
func (source) Schema(huma.Registry) *huma.Schema { return oneOf(reservation.Sources()...) }
func (guaranteeState) Schema(huma.Registry) *huma.Schema {
	return oneOf(reservation.GuaranteeStates()...)
}
func (stayState) Schema(huma.Registry) *huma.Schema { return oneOf(reservation.StayStates()...) }

func problemResponse() *huma.Response {
	return &huma.Response{
		Description: "Anything but success: problem details (RFC 9457). The codes are explained at /problems.",
		Content:     map[string]*huma.MediaType{problem.ContentType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
	}
}

// finish completes the document with what cannot be said in types.
func finish(doc *huma.OpenAPI) {
	doc.Components.Schemas.Schema(reflect.TypeFor[problem.Problem](), true, "")
	for _, name := range []string{"ErrorModel", "ErrorDetail"} { // huma's own errors never leave the server
		delete(doc.Components.Schemas.Map(), name)
	}
	for _, path := range doc.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post} {
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				p.Schema.Nullable = false // a list that is not sent is not null
				p.Required = p.Required || p.In == "header" && (p.Name == "If-Match" || p.Name == "Idempotency-Key")
			}
		}
	}
	requireInAnswers(doc)
}

// requireInAnswers marks what is always there in the objects that only answers hold.
func requireInAnswers(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas
	asked := map[string]bool{}
	for _, path := range doc.Paths {
		if path.Post != nil && path.Post.RequestBody != nil {
			for _, media := range path.Post.RequestBody.Content {
				collect(schemas, media.Schema, asked)
			}
		}
	}
	for name, s := range schemas.Map() {
		if t := schemas.TypeFromRef("#/components/schemas/" + name); !asked[name] && t != nil {
			s.Required = alwaysThere(t, s)
		}
	}
}

// collect adds the names of all components that s refers to.
func collect(r huma.Registry, s *huma.Schema, names map[string]bool) {
	if s == nil {
		return
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok && !names[name] {
		names[name] = true
		collect(r, r.SchemaFromRef(s.Ref), names)
	}
	collect(r, s.Items, names)
	for _, p := range s.Properties {
		collect(r, p, names)
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
		collect(r, more, names)
	}
}

// alwaysThere returns the properties whose fields are encoded whatever they hold.
func alwaysThere(t reflect.Type, s *huma.Schema) []string {
	required := slices.Clone(s.Required)
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if _, ok := s.Properties[name]; ok && options == "" && !slices.Contains(required, name) {
			required = append(required, name)
		}
	}
	slices.Sort(required)
	return required
}
