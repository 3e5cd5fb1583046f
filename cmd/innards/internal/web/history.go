package web

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/reservation"
)

// readNames looks up who the actors of the events are.
func (v *view) readNames(events []innards.Event) error {
	var ids []string
	for i := range events {
		if !slices.Contains(ids, events[i].Actor) {
			ids = append(ids, events[i].Actor)
		}
	}
	var err error
	v.names, err = v.Accounts.Names(v.ctx(), v.visitor.Actor.Scope(), ids)
	return err
}

// actor returns how an actor is called.
func (v *view) actor(id string) string {
	if name := v.names[id]; name != "" {
		return name
	}
	task, system := strings.CutPrefix(id, "system:")
	if key := "actor." + task; system && v.say.Has(key) {
		return v.say.Say(key)
	}
	if system {
		return v.say.Say("actor.system", "task", task)
	}
	if strings.HasPrefix(id, portal.ActorPrefix) {
		return v.say.Say("actor.guest")
	}
	if strings.HasPrefix(id, "token-") {
		return v.say.Say("actor.token")
	}
	return id
}

// event says what happened as a sentence.
func (v *view) event(e *innards.Event) string {
	var record reservation.Record
	if err := json.Unmarshal(e.Payload, &record); err != nil {
		record = reservation.Record{} // the sentence then says less
	}
	key := "history." + e.Command
	if e.Kind == reservation.PropertyKind {
		key = "history.property." + e.Command
	}
	said := v.say.Say(key, "actor", v.actor(e.Actor))
	for _, more := range []string{v.roomClause(&record), v.feeClause(&record), v.overrideClause(e)} {
		if more != "" {
			said += " " + more
		}
	}
	return said
}

func (v *view) roomClause(r *reservation.Record) string {
	if r.InRoom != nil && *r.InRoom != "" {
		return v.say.Say("history.room", "room", *r.InRoom)
	}
	var rooms []string
	for _, n := range r.Nights {
		if n.Room != "" && !slices.Contains(rooms, n.Room) {
			rooms = append(rooms, n.Room)
		}
	}
	if len(rooms) == 0 {
		return ""
	}
	return v.say.Say("history.room", "room", strings.Join(rooms, ", "))
}

func (v *view) feeClause(r *reservation.Record) string {
	switch {
	case r.Fee == nil || r.Fee.Amount.Sign() == 0:
		return ""
	case r.Fee.Reversed:
		return v.say.Say("history.fee.reversed", "amount", r.Fee.Amount)
	case r.Fee.Waived:
		return v.say.Say("history.fee.waived", "amount", r.Fee.Amount)
	}
	return v.say.Say("history.fee.charged", "amount", r.Fee.Amount)
}

func (v *view) overrideClause(e *innards.Event) string {
	if len(e.Overrides) == 0 {
		return ""
	}
	var said []string
	for _, code := range e.Overrides {
		said = append(said, v.reason(innards.Blocker{Code: code, Text: string(code)}))
	}
	return v.say.Say("history.override", "what", strings.Join(said, "; "))
}

// private is what the private part of an event may hold.
type private struct {
	Reason string `json:"reason"`
	Detail struct {
		Note string `json:"note"`
	} `json:"detail"`
}

// remark returns the note or reason that was given with an event; empty: none, or it was erased.
func (v *view) remark(e *innards.Event) string {
	var p private
	if len(e.Private) == 0 || json.Unmarshal(e.Private, &p) != nil {
		return ""
	}
	return strings.Trim(p.Reason+" · "+p.Detail.Note, " ·")
}
