package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

// automatic commands are for the server's own work: nobody presses a button for them.
func automatic(command string) bool {
	return slices.Contains([]string{"confirmation_sent", "lapse_guarantee", "send_message"}, command)
}

// careful commands move money or cannot be undone: what they would do is shown first.
func careful(command string) bool {
	return slices.Contains([]string{"cancel", "mark_no_show", "make_expected", "check_out", "amend", "create", "release_option",
		"undo_check_in", "undo_check_out", "erase_guest", "run_payment_task", "waitlist", "roll_arrival"}, command)
}

// registerActs adds the page of every command on a reservation: its form, its preview, and the doing of it.
func (s *site) registerActs(rt *router.Router) {
	for _, c := range reservation.Commands() {
		if automatic(c.Name) {
			continue
		}
		path := recordPath + "/" + hyphens(c.Name)
		if c.Name == (reservation.Create{}).Name() {
			path = reservationsPath + "/new"
		}
		policy := router.Needs(rightTo(reservation.Kind, c.Name))
		s.get(rt, path, policy, func(v *view) error { return v.ask(c) })
		s.post(rt, path, policy, func(v *view) error { return v.act(c) })
	}
}

// An act is a command on its way: what was typed, what it would do, and what stands against it.
type act struct {
	command reservation.CommandInfo[reservation.Intent]
	// of is the reservation; its zero value for one that is to be made.
	of   reservation.Reservation
	form form
	// key is the idempotency key: the form can be sent twice without harm. version is the one that the visitor has seen.
	key     string
	version int64
	// overridable blockers can be overridden by the visitor; overridden are those that were, for the reason.
	overridable []innards.Blocker
	overridden  []innards.Code
	reason      string
	// preview is what the command would do; nil: it was not asked yet, or is refused.
	preview *reservation.Receipt
	// since are the events after the version that the visitor has seen, if it was overtaken.
	since []innards.Event
}

func (a *act) creates() bool { return a.of.ID == "" }

func (a *act) amends() bool { return a.command.Name == (reservation.Amend{}).Name() }

// begin reads the reservation of the address and makes the form of the command.
func (v *view) begin(c reservation.CommandInfo[reservation.Intent]) (*act, error) {
	a := &act{command: c}
	var err error
	if id := v.r.PathValue("reservation"); id != "" {
		if a.of, err = v.reservation(id); err != nil {
			return nil, err
		}
	}
	a.version = a.of.Version
	a.form.fields = v.fields(c.Name, &a.of)
	a.key, err = v.IDs()
	return a, err
}

// reservation returns one of the view's property.
func (v *view) reservation(id string) (reservation.Reservation, error) {
	r, err := v.Service.Get(v.ctx(), v.visitor.Actor, id)
	if err == nil && r.Property != v.property.ID {
		err = innards.ErrNotFound
	}
	return r, err
}

// ask shows the form of a command. One without fields shows at once what it would do.
func (v *view) ask(c reservation.CommandInfo[reservation.Intent]) error {
	a, err := v.begin(c)
	if err != nil {
		return err
	}
	a.form.preset(v.r.URL.Query())
	if len(a.form.fields) == 0 {
		if err := v.foresee(a); err != nil {
			return err
		}
	}
	return v.show(actPage(v, a))
}

// preset takes the values that an address proposes.
func (f *form) preset(q url.Values) {
	for i := range f.fields {
		if q.Has(f.fields[i].name) {
			f.fields[i].value = q.Get(f.fields[i].name)
		}
	}
}

// The steps of a form.
const (
	stepPreview = "preview"
	stepDo      = "do"
	stepEdit    = "edit" // back from the preview
)

// act takes what was typed: shows what it would do, or does it.
func (v *view) act(c reservation.CommandInfo[reservation.Intent]) error {
	a, err := v.begin(c)
	if err != nil {
		return err
	}
	if err := a.take(v); err != nil {
		return err
	}
	switch step := v.r.PostForm.Get("step"); {
	case step == stepEdit:
		return v.show(actPage(v, a))
	case step == stepPreview:
		if err := v.foresee(a); err != nil {
			return err
		}
		return v.showAct(a)
	}
	return v.commit(a)
}

// take reads the form that was sent.
func (a *act) take(v *view) error {
	typed := v.r.PostForm
	var err error
	if a.version, err = strconv.ParseInt(typed.Get("version"), 10, 64); err != nil || typed.Get("key") == "" {
		return problem.New(problem.RequestInvalid, "the form is not whole: its key or version is missing")
	}
	a.key = typed.Get("key")
	a.form.fill(typed)
	for _, code := range typed["override"] {
		a.overridden = append(a.overridden, innards.Code(code))
	}
	a.reason = strings.TrimSpace(typed.Get("reason"))
	return nil
}

// by returns how the command is asked for.
func (a *act) by(v *view, dry bool) innards.Command {
	by := innards.Command{Actor: v.visitor.Actor, Key: a.key, Expect: a.version, DryRun: dry, Override: a.overridden, Reason: a.reason}
	if dry {
		by.Key = ""
	}
	return by
}

// intent returns what was typed as an intent; false if some of it cannot be read.
func (a *act) intent(v *view) (reservation.Intent, bool) {
	in, ok := a.form.input(v)
	if !ok {
		return nil, false
	}
	if a.creates() {
		in["property"] = v.property.ID
	}
	if a.amends() {
		a.form.changes(in)
	}
	intent := a.command.New()
	text, err := json.Marshal(in)
	if err == nil {
		err = json.Unmarshal(text, intent)
	}
	if err != nil {
		a.form.errors = append(a.form.errors, v.say.Say("form.unreadable"))
		return nil, false
	}
	return intent, true
}

// foresee asks what the command would do. A refusal is no error: it is shown.
func (v *view) foresee(a *act) error {
	intent, ok := a.intent(v)
	if !ok {
		return nil
	}
	receipt, err := v.Service.Do(v.ctx(), a.by(v, true), a.of.ID, intent)
	if err != nil {
		return v.refused(a, err)
	}
	a.preview = &receipt
	return nil
}

// commit carries the command out and goes on to the reservation.
func (v *view) commit(a *act) error {
	intent, ok := a.intent(v)
	if !ok {
		return v.showAct(a)
	}
	receipt, err := v.Service.Do(v.ctx(), a.by(v, false), a.of.ID, intent)
	if err != nil {
		if err := v.refused(a, err); err != nil {
			return err
		}
		return v.showAct(a)
	}
	if !receipt.Replayed {
		v.Committed(reservation.Kind, intent.Name(), receipt.Moves)
		v.Done(len(receipt.Effects) > 0)
	}
	v.announce("done." + intent.Name())
	return v.redirect(string(v.path("reservations", receipt.ID)))
}

// refused puts the reasons where they belong. What was overtaken shows what happened meanwhile, and can be sent again.
func (v *view) refused(a *act, err error) error {
	blockers, ok := refusalOf(err)
	if !ok {
		return err
	}
	if innards.RefusedFor(err, innards.StaleVersion.Code) {
		if a.since, err = v.Service.History(v.ctx(), v.visitor.Actor, a.of.ID, a.version, sinceRows); err != nil {
			return err
		}
		a.version = a.of.Version
		if a.amends() {
			a.form.renew()
		}
		if a.key, err = v.IDs(); err != nil {
			return err
		}
		blockers = slices.DeleteFunc(blockers, func(b innards.Blocker) bool { return b.Code == innards.StaleVersion.Code })
	}
	a.overridable = a.form.blame(v, blockers)
	return nil
}

// sinceRows bounds what is shown of a reservation that was changed meanwhile.
const sinceRows = 20

// showAct shows the form again: with 422 if something is wrong with it, with 409 if something stands against it or it was
// overtaken.
func (v *view) showAct(a *act) error {
	switch {
	case len(a.since) > 0 || len(a.overridable) > 0:
		v.status = http.StatusConflict
	case a.form.wrong():
		v.status = http.StatusUnprocessableEntity
	}
	return v.show(actPage(v, a))
}
