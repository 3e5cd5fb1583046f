package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

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
func (a *act) careful() bool {
	return a.kind == reservation.Kind && careful(a.name) || a.name == "close_day"
}

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
		s.get(rt, path, policy, func(v *view) error { return v.ask(v.begin(c)) })
		s.post(rt, path, policy, func(v *view) error { return v.act(v.begin(c)) })
	}
}

// An act is a command on its way: what was typed, what it would do, and what stands against it.
type act struct {
	// kind of record and name of the command.
	kind, name string
	// of is the reservation; its zero value for one that is to be made, and for commands on the property.
	of reservation.Reservation
	// at is the address of the form, home where one goes on to from it, current the version of the record.
	at, home templ.SafeURL
	current  int64
	// voice begins the keys of the texts about the command, page is how it is shown; nil: to the staff.
	voice string
	page  func(*view, *act) templ.Component
	// empty returns an intent to be read into, do carries one out.
	empty func() any
	do    func(by innards.Command, intent any) (outcome, error)
	form  form
	// key is the idempotency key: the form can be sent twice without harm. version is the one that the visitor has seen.
	key     string
	version int64
	// overridable blockers can be overridden by the visitor; overridden are those that were, for the reason.
	overridable []innards.Blocker
	overridden  []innards.Code
	reason      string
	// preview is what the command would do; nil: it was not asked yet, or is refused.
	preview *outcome
	// overtaken says that somebody else changed the record after the version that the visitor has seen; since are the events
	// that the visitor may know of.
	overtaken bool
	since     []innards.Event
}

// An outcome is what a command did, or would do.
type outcome struct {
	reservation.Receipt
	home templ.SafeURL // where to go on to
}

func (a *act) creates() bool { return a.kind == reservation.Kind && a.of.ID == "" }

func (a *act) amends() bool {
	return a.kind == reservation.Kind && a.name == (reservation.Amend{}).Name()
}

// text returns the key of a text about the command: those of a property have their own.
func (a *act) text(group string) string {
	if a.kind == reservation.PropertyKind {
		return group + ".property." + a.name
	}
	return a.voice + group + "." + a.name
}

// begin reads the reservation of the address and makes the form of the command.
func (v *view) begin(c reservation.CommandInfo[reservation.Intent]) (*act, error) {
	a := &act{kind: reservation.Kind, name: c.Name, at: v.path("reservations", "new"), home: v.path(), empty: func() any { return c.New() }}
	var err error
	if id := v.r.PathValue("reservation"); id != "" {
		if a.of, err = v.reservation(id); err != nil {
			return nil, err
		}
		a.home = v.path("reservations", id)
		a.at = v.path("reservations", id, hyphens(c.Name))
	}
	a.do = func(by innards.Command, intent any) (outcome, error) {
		receipt, err := v.Service.Do(v.ctx(), by, a.of.ID, intent.(reservation.Intent))
		return outcome{receipt, v.path("reservations", receipt.ID)}, err
	}
	a.version, a.current = a.of.Version, a.of.Version
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
func (v *view) ask(a *act, err error) error {
	if err != nil {
		return err
	}
	a.form.preset(v.r.URL.Query())
	if len(a.form.fields) == 0 {
		if err := v.foresee(a); err != nil {
			return err
		}
	}
	return v.showForm(a)
}

// showForm shows the command as it is now.
func (v *view) showForm(a *act) error {
	if a.page != nil {
		return v.show(a.page(v, a))
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
func (v *view) act(a *act, err error) error {
	if err != nil {
		return err
	}
	if err := a.take(v); err != nil {
		return err
	}
	switch step := v.r.PostForm.Get("step"); {
	case step == stepEdit:
		return v.showForm(a)
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
func (a *act) intent(v *view) (any, bool) {
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
	intent := a.empty()
	text, err := json.Marshal(lists(in))
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
	would, err := a.do(a.by(v, true), intent)
	if err != nil {
		return v.refused(a, err)
	}
	a.preview = &would
	return nil
}

// commit carries the command out and goes on to the record.
func (v *view) commit(a *act) error {
	intent, ok := a.intent(v)
	if !ok {
		return v.showAct(a)
	}
	did, err := a.do(a.by(v, false), intent)
	if err != nil {
		if err := v.refused(a, err); err != nil {
			return err
		}
		if a.overtaken && len(a.form.fields) == 0 {
			if err := v.foresee(a); err != nil { // nothing was typed, so that only this is to be looked at again
				return err
			}
		}
		return v.showAct(a)
	}
	if !did.Replayed {
		v.Committed(a.kind, a.name, did.Moves)
		v.Done(len(did.Effects) > 0)
	}
	v.announce(a.text("done"))
	return v.redirect(string(did.home))
}

// refused puts the reasons where they belong. What was overtaken shows what happened meanwhile, and can be sent again.
func (v *view) refused(a *act, err error) error {
	blockers, ok := refusalOf(err)
	if !ok {
		return err
	}
	if innards.RefusedFor(err, innards.StaleVersion.Code) {
		if a.since, err = v.happenedSince(a); err != nil {
			return err
		}
		a.overtaken = true
		a.version = a.current
		if a.amends() {
			a.form.renew()
		}
		if a.key, err = v.IDs(); err != nil {
			return err
		}
		blockers = slices.DeleteFunc(blockers, func(b innards.Blocker) bool { return b.Code == innards.StaleVersion.Code })
	}
	if innards.RefusedFor(err, innards.KeyReused.Code) {
		if a.key, err = v.IDs(); err != nil {
			return err
		}
		blockers = slices.DeleteFunc(blockers, func(b innards.Blocker) bool { return b.Code == innards.KeyReused.Code })
		a.form.errors = append(a.form.errors, v.say.Say("form.sent_before"))
	}
	a.overridable = a.form.blame(v, blockers)
	return nil
}

// happenedSince returns what happened to the record after the version that the visitor has seen. Guests are not told who of
// the staff did what.
func (v *view) happenedSince(a *act) (events []innards.Event, err error) {
	if v.stay != nil {
		return nil, nil
	}
	if a.kind == reservation.PropertyKind {
		events, err = v.Service.PropertyHistory(v.ctx(), v.visitor.Actor, v.property.ID, a.version, sinceRows)
	} else {
		events, err = v.Service.History(v.ctx(), v.visitor.Actor, a.of.ID, a.version, sinceRows)
	}
	if err != nil {
		return nil, err
	}
	return events, v.readNames(events)
}

// sinceRows bounds what is shown of a reservation that was changed meanwhile.
const sinceRows = 20

// showAct shows the form again: with 422 if something is wrong with it, with 409 if something stands against it or it was
// overtaken.
func (v *view) showAct(a *act) error {
	switch {
	case a.overtaken || len(a.overridable) > 0:
		v.status = http.StatusConflict
	case a.form.wrong():
		v.status = http.StatusUnprocessableEntity
	}
	return v.showForm(a)
}
