package webhook

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/innards-go/innards"
)

// A cloudEvent is the body of a message: CloudEvents 1.0 in the structured JSON mode.
type cloudEvent struct {
	SpecVersion string    `json:"specversion"`
	ID          string    `json:"id"`
	Source      string    `json:"source"`
	Type        string    `json:"type"`
	Subject     string    `json:"subject,omitempty"`
	Time        time.Time `json:"time"`
	ContentType string    `json:"datacontenttype"`
	Data        any       `json:"data"`
}

const contentType = "application/cloudevents+json"

// typePrefix is what the types of CloudEvents begin with.
const typePrefix = "innards."

// eventData is what an endpoint learns of an event: what the feed shows, without personal data.
type eventData struct {
	Kind         string          `json:"kind"`
	Property     string          `json:"property"`
	Record       string          `json:"record"`
	Sequence     int64           `json:"sequence"`
	Command      string          `json:"command"`
	Moves        []innards.Move  `json:"moves"`
	Actor        string          `json:"actor"`
	Cause        string          `json:"cause,omitempty"`
	Overrides    []innards.Code  `json:"overrides,omitempty"`
	BusinessDate innards.Date    `json:"business_date,omitzero"`
	Payload      json.RawMessage `json:"payload,omitempty"`
}

// typeOf returns the type by which endpoints ask for the event.
func typeOf(e *innards.Event) innards.Right { return innards.Right(e.Kind + "." + e.Command) }

// idOf returns the id of the message about the event: from its hash, which no other has.
func idOf(e *innards.Event) string { return "evt_" + hex.EncodeToString(e.Hash[:16]) }

// body returns the message about the event.
func body(e *innards.Event) ([]byte, error) {
	return json.Marshal(cloudEvent{
		SpecVersion: "1.0", ID: idOf(e), Source: source(e.Tenant, e.Property), Type: typePrefix + string(typeOf(e)),
		Subject: e.Record, Time: e.At, ContentType: "application/json",
		Data: eventData{
			Kind: e.Kind, Property: e.Property, Record: e.Record, Sequence: e.Sequence, Command: e.Command,
			Moves: append([]innards.Move{}, e.Moves...), Actor: e.Actor, Cause: e.Cause, Overrides: e.Overrides,
			BusinessDate: e.BusinessDate, Payload: e.Payload,
		},
	})
}

// source names the house as a path, which CloudEvents take for a reference.
func source(tenant, property string) string {
	if property == "" {
		return "/tenants/" + tenant
	}
	return "/tenants/" + tenant + "/properties/" + property
}

// testBody returns the message that tests an endpoint.
func testBody(id, tenant, property string, at time.Time) ([]byte, error) {
	return json.Marshal(cloudEvent{
		SpecVersion: "1.0", ID: id, Source: source(tenant, property), Type: typePrefix + "test", Time: at,
		ContentType: "application/json", Data: struct{}{},
	})
}
