package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

// bulkCommands are what can be done to many reservations at once, in the order of the buttons.
func bulkCommands() []string {
	return []string{"send_confirmation", "mark_confirmed", "guarantee", "check_out", "mark_no_show", "cancel"}
}

// bulkCommands returns those that the visitor may use.
func (v *view) bulkCommands() []string {
	return slices.DeleteFunc(bulkCommands(), func(name string) bool { return !v.may(rightTo(reservation.Kind, name)) })
}

// bulkTimeout is how long a bulk command may take. One that is cut short can be sent again.
const bulkTimeout = 10 * time.Minute

// registerBulk adds the page of every bulk command: a route of its own, so that each has its own right.
func (s *site) registerBulk(rt *router.Router) {
	for _, c := range reservation.Commands() {
		if !slices.Contains(bulkCommands(), c.Name) {
			continue
		}
		rt.Handle(router.Route{
			Method: http.MethodPost, Path: deskPath + "/bulk/" + hyphens(c.Name), Policy: router.Needs(rightTo(reservation.Kind, c.Name)),
			Timeout: bulkTimeout, Page: true,
		}, s.serve(func(v *view) error { return v.bulk(c) }))
	}
}

// A bulk is a command on many reservations on its way.
type bulk struct {
	command reservation.CommandInfo[reservation.Intent]
	form    form
	// key is the idempotency key: the form can be sent twice without harm.
	key string
	// picked are the ids that were chosen. If all is set, the search chooses instead; it is the query of an address.
	picked []string
	all    bool
	search string
	// asked says that the results are those of a preview, finished that the command was carried out. Neither: the form is shown.
	asked, finished bool
	bulkOutcome
}

// bulk shows the form of the command, what it would do, or does it.
func (v *view) bulk(c reservation.CommandInfo[reservation.Intent]) error {
	typed := v.r.PostForm
	b := &bulk{command: c, key: typed.Get("key"), picked: typed["pick"], all: typed.Get("all") != "", search: typed.Get("search")}
	b.form.fields = v.bulkFields(c.Name)
	if b.key == "" {
		b.key = v.key()
	}
	step := typed.Get("step")
	if step != "" {
		b.form.fill(typed)
	}
	if len(b.picked) == 0 && !b.all {
		b.form.errors = append(b.form.errors, v.say.Say("bulk.none"))
		return v.showBulk(b)
	}
	if step == stepEdit || step == "" && len(b.form.fields) > 0 {
		return v.showBulk(b)
	}
	intent, ok := b.intent(v)
	if !ok {
		return v.showBulk(b)
	}
	if err := v.carryOut(b, intent, step != stepDo); err != nil {
		return err
	}
	return v.showBulk(b)
}

// bulkFields are those of the command, without what is decided for each reservation alone.
func (v *view) bulkFields(command string) []field {
	return slices.DeleteFunc(v.fields(command, &reservation.Reservation{}), func(fd field) bool {
		return fd.name == "waive" || fd.name == "reference"
	})
}

func (b *bulk) intent(v *view) (reservation.Intent, bool) {
	in, ok := b.form.input(v)
	if !ok {
		return nil, false
	}
	intent := b.command.New()
	text, err := json.Marshal(in)
	if err == nil {
		err = json.Unmarshal(text, intent)
	}
	if err != nil {
		b.form.errors = append(b.form.errors, v.say.Say("form.unreadable"))
	}
	return intent, err == nil
}

// carryOut does it to all that are selected, or asks what it would do. The visitor is confined to the property of the address:
// ids of others are not found.
func (v *view) carryOut(b *bulk, intent reservation.Intent, dry bool) error {
	of, err := v.selection(b)
	if err != nil {
		return err
	}
	by := innards.Command{Actor: v.here(), Key: b.key, DryRun: dry}
	if dry {
		by.Key = ""
	}
	results, err := v.Service.Bulk(v.ctx(), by, of, intent)
	if blockers, refused := refusalOf(err); refused {
		b.form.blame(v, blockers)
		return nil
	}
	if err != nil {
		return err
	}
	b.asked, b.finished = dry, !dry
	b.bulkOutcome, err = v.sumUp(b.command.Name, results)
	return err
}

// selection returns what was chosen. The search that finds everything is refused: whoever sends it means something else.
func (v *view) selection(b *bulk) (reservation.Selection, error) {
	if !b.all {
		return reservation.Selection{IDs: b.picked}, nil
	}
	query, err := url.ParseQuery(b.search)
	f := v.readSearch(query)
	if err != nil || f.wrong() || len(f.filters(v.property)) == 0 {
		return reservation.Selection{}, problem.At(problem.Invalid, "body.search", "it is no search that narrows")
	}
	return reservation.Selection{Search: &f.search}, nil
}

// showBulk shows the page: with 422 if something is wrong with the form.
func (v *view) showBulk(b *bulk) error {
	if b.form.wrong() {
		v.status = http.StatusUnprocessableEntity
	}
	return v.show(bulkPage(v, b))
}

// ready reports whether the preview has something to do.
func (b *bulk) ready() bool { return b.asked && b.done > 0 }

// back returns the address of the list that the reservations were chosen in.
func (b *bulk) back(v *view) templ.SafeURL {
	query, err := url.ParseQuery(b.search)
	if err != nil {
		query = nil
	}
	return v.found(query)
}
