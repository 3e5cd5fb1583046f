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
	r.RegisterTypeAlias(reflect.TypeFor[innards.Money](), reflect.TypeFor[Money]())
	describe[innards.Date](r)
	describe[innards.TimeOfDay](r)
	describe[innards.Hash](r)
	describe[innards.Currency](r)
	describe[decimal.Decimal](r)
	describe[reservation.Confirmation](r)
	describe[reservation.Guarantee](r)
	describe[reservation.Occupancy](r)
	describe[reservation.Commitment](r)
	describe[reservation.Source](r)
	describe[reservation.GuaranteeState](r)
	describe[reservation.StayState](r)
	describe[reservation.ReasonCode](r)
	describe[reservation.PaymentKind](r)
	describe[reservation.MessageTrigger](r)
	describe[reservation.PaymentAnchor](r)
	describe[reservation.PaymentAmount](r)
	describe[reservation.Method](r)
	describe[reservation.Trigger](r)
	describe[reservation.RevokeCause](r)
	describe[reservation.DeadlineAction](r)
	describe[reservation.Anchor](r)
	describe[reservation.FeeKind](r)
	describe[reservation.Profile](r)
	return r
}

func describe[T any](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[described[T]]())
}

// Money is how an amount looks.
type Money struct {
	_        struct{} `nullable:"true"`
	Amount   string   `json:"amount" required:"true" pattern:"^-?[0-9]{1,15}([.][0-9]{1,4})?$" example:"12.50" doc:"with the decimals of the currency"`
	Currency string   `json:"currency" required:"true" pattern:"^[A-Z]{3}$" example:"EUR" doc:"ISO 4217 code"`
}

// described stands in for a type of the domain that huma cannot describe by itself.
type described[T any] struct{}

// Schema implements huma.SchemaProvider.
func (described[T]) Schema(huma.Registry) *huma.Schema {
	switch any(*new(T)).(type) {
	case innards.Date:
		return text("date", "", "2026-11-24")
	case innards.TimeOfDay:
		return text("", "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "14:00")
	case innards.Hash:
		return text("", "^[0-9a-f]{64}$", strings.Repeat("0f", 32))
	case innards.Currency:
		return text("", "^[A-Z]{3}$", "EUR")
	case decimal.Decimal:
		return text("", "^-?[0-9]{1,12}([.][0-9]{1,6})?$", "12.5")
	case reservation.Confirmation:
		return oneOf(reservation.Confirmations()...)
	case reservation.Guarantee:
		return oneOf(reservation.Guarantees()...)
	case reservation.Occupancy:
		return oneOf(reservation.Occupancies()...)
	case reservation.Commitment:
		return oneOf(reservation.Commitments()...)
	case reservation.Source:
		return oneOf(reservation.Sources()...)
	case reservation.GuaranteeState:
		return oneOf(reservation.GuaranteeStates()...)
	case reservation.StayState:
		return oneOf(reservation.StayStates()...)
	}
	return vocabulary(*new(T))
}

// vocabulary describes the words of commands and of a property's rules.
func vocabulary(of any) *huma.Schema {
	switch of.(type) {
	case reservation.ReasonCode:
		return oneOf(reservation.ReasonCodes()...)
	case reservation.PaymentKind:
		return oneOf(reservation.PaymentKinds()...)
	case reservation.MessageTrigger:
		return oneOf(reservation.MessageTriggers()...)
	case reservation.PaymentAnchor:
		return oneOf(reservation.PaymentAnchors()...)
	case reservation.PaymentAmount:
		return oneOf(reservation.PaymentAmounts()...)
	case reservation.Method:
		return oneOf(reservation.Methods()...)
	case reservation.Trigger:
		return oneOf(reservation.Triggers()...)
	case reservation.RevokeCause:
		return oneOf(reservation.RevokeCauses()...)
	case reservation.DeadlineAction:
		return oneOf(reservation.DeadlineActions()...)
	case reservation.Anchor:
		return oneOf(reservation.Anchors()...)
	case reservation.FeeKind:
		return oneOf(reservation.FeeKinds()...)
	case reservation.Profile:
		return oneOf(reservation.Profiles()...)
	}
	return &huma.Schema{}
}

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
