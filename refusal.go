package innards

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Code names one reason for a refusal. Codes are stable: callers may branch on them.
type Code string

// A Kind says who can lift a blocker.
type Kind string

// The kinds of blockers.
const (
	// KindInput: the input is at fault: send something else.
	KindInput Kind = "input"
	// KindState: the state of the record, or of what it needs, stands against it.
	KindState Kind = "state"
	// KindPermission: the actor lacks a right; somebody with the right can do it.
	KindPermission Kind = "permission"
)

// A Reason is one entry of the table of refusal codes: what stands against a command, what would lift it, and the
// right that can override it ("": nothing can).
type Reason struct {
	Code  Code
	Kind  Kind
	Text  string
	Lift  string
	Right Right
}

// Block returns the blocker for r. The details, if any, are appended to the text.
func (r Reason) Block(details ...any) Blocker { return r.In("", details...) }

// In is Block for a field of the input, such as "departure".
func (r Reason) In(field string, details ...any) Blocker {
	text := r.Text
	if len(details) > 0 {
		text += ": " + strings.TrimSuffix(fmt.Sprintln(details...), "\n")
	}
	return Blocker{Code: r.Code, Kind: r.Kind, Field: field, Text: text, Lift: r.Lift, Right: r.Right}
}

// A Blocker is one reason why not.
type Blocker struct {
	Code  Code   `json:"code"`
	Kind  Kind   `json:"kind"`
	Field string `json:"field,omitempty"` // of the input, if the input is at fault
	Text  string `json:"text"`
	Lift  string `json:"lift,omitempty"`  // what would lift it
	Right Right  `json:"right,omitempty"` // that could override it
}

// A Refusal is the error for a command that cannot be done. It lists every blocker, not only the first. Nothing was
// written.
type Refusal struct {
	Command  string    `json:"command"`
	From     []Move    `json:"from,omitempty"` // the statuses the record was in, To being empty
	Blockers []Blocker `json:"blockers"`
}

// Error implements error.
func (r *Refusal) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s refused", r.Command)
	for i, bl := range r.Blockers {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		fmt.Fprintf(&b, "%s (%s)", bl.Text, bl.Code)
	}
	return b.String()
}

// Codes returns the codes of r's blockers.
func (r *Refusal) Codes() []Code {
	codes := make([]Code, len(r.Blockers))
	for i, b := range r.Blockers {
		codes[i] = b.Code
	}
	return codes
}

// Codes returns the codes of the blockers if err is or wraps a [*Refusal], else nil.
func Codes(err error) []Code {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Codes()
	}
	return nil
}

// RefusedFor reports whether err is a [*Refusal] with a blocker of the given code.
func RefusedFor(err error, code Code) bool { return slices.Contains(Codes(err), code) }

// The reasons that every package has.
var (
	WrongStatus    = Reason{"wrong_status", KindState, "the status does not allow it", "bring it into one of the statuses named", ""}
	UnknownCommand = Reason{"unknown_command", KindInput, "there is no such command", "use a command that actions lists", ""}
	NotPermitted   = Reason{"not_permitted", KindPermission, "the actor lacks the right", "ask somebody who has the right", ""}
	StaffOnly      = Reason{"staff_only", KindPermission, "only staff may do it", "ask the staff", ""}
	StaleVersion   = Reason{"stale_version", KindState, "the record has changed meanwhile", "read it again and decide on its present version", ""}
	KeyReused      = Reason{"key_reused", KindInput, "the idempotency key was used for another command", "use a new key for a new command", ""}
	KeyInvalid     = Reason{"key_invalid", KindInput, "the idempotency key is not usable", "use 1 to 255 printable ASCII characters", ""}
	Busy           = Reason{"busy", KindState, "others keep changing what the decision rests on", "try again", ""}
	ReasonRequired = Reason{"reason_required", KindInput, "an override needs a reason", "say why", ""}
	TextInvalid    = Reason{"text_invalid", KindInput, "the text cannot be stored", "use valid UTF-8 without control characters, of the length named", ""}
	CardNumber     = Reason{"card_number", KindInput, "the text holds a card number", "send the token of a payment provider, never a card number", ""}
)

// Reasons returns the reasons that every package has, in the order of the documentation.
func Reasons() []Reason {
	return []Reason{WrongStatus, UnknownCommand, NotPermitted, StaffOnly, StaleVersion, KeyReused, KeyInvalid, Busy,
		ReasonRequired, TextInvalid, CardNumber}
}
