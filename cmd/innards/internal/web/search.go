package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

// registerLists adds the pages that list what a property has.
func (s *site) registerLists(rt *router.Router) {
	reading, reports := router.Needs(access.ReadReservations), router.Needs(access.ReadReports)
	s.get(rt, reservationsPath, reading, s.search)
	s.post(rt, deskPath+"/filters", reading, s.saveFilter)
	s.get(rt, deskPath+"/awaiting", reports, s.awaiting)
	s.get(rt, deskPath+"/segments", reports, s.segments)
	s.get(rt, deskPath+"/notifications", reports, s.notifications)
	s.registerBulk(rt)
}

// searchRows is the length of a page of results.
const searchRows = 50

// A finding is what the search page shows.
type finding struct {
	*searchForm
	places  []place // pages with such a name
	quick   []quickFilter
	saved   []savedFilter
	listing listing
}

// search lists the reservations that the address asks for.
func (s *site) search(v *view) error {
	f := &finding{searchForm: v.readSearch(v.r.URL.Query())}
	id, err := v.exactly(f.filters(v.property))
	if err != nil {
		return err
	}
	if id != "" {
		return v.redirect(string(v.path("reservations", id)))
	}
	f.places = v.placesNamed(f.search.Text)
	if err := v.find(f); err != nil {
		return err
	}
	if f.quick, err = v.quickFilters(f.filters(v.property).Encode()); err != nil {
		return err
	}
	if f.saved, err = v.savedFilters(f.searchForm); err != nil {
		return err
	}
	if f.wrong() {
		v.status = http.StatusUnprocessableEntity
	}
	return v.show(searchPage(v, f))
}

// exactly returns the id of the reservation if nothing but its number is asked for.
func (v *view) exactly(filters url.Values) (id string, err error) {
	text := strings.ToUpper(filters.Get("text"))
	if len(filters) != 1 || text == "" || strings.Contains(text, " ") {
		return "", nil
	}
	q := reservation.Search{Property: v.property.ID, Number: text, Limit: 1}
	found, err := v.Service.List(v.ctx(), v.visitor.Actor, q)
	if err != nil || len(found.Items) == 0 {
		return "", err
	}
	return found.Items[0].ID, nil
}

// placesNamed returns the pages that the visitor may open whose names have a word that begins so.
func (v *view) placesNamed(text string) (named []place) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return nil
	}
	for _, p := range append(v.places(), v.administration()...) {
		if name := strings.ToLower(v.say.Say("nav." + p.name)); strings.HasPrefix(name, text) || strings.Contains(name, " "+text) {
			named = append(named, p)
		}
	}
	return named
}

// find fills the list. A search that is refused shows why, and no list.
func (v *view) find(f *finding) error {
	if f.wrong() {
		return nil
	}
	q := f.search
	q.Limit = searchRows
	sort := sortField(&q)
	var err error
	if q.After, err = v.cursor(sort); err != nil {
		return err
	}
	if err := checkCursor(sort, q.After); err != nil {
		return err
	}
	found, err := v.Service.List(v.ctx(), v.visitor.Actor, q)
	if blockers, refused := refusalOf(err); refused {
		f.blame(v, blockers)
		return nil
	}
	if err != nil {
		return err
	}
	f.listing = listing{rows: v.rows(found), next: v.next(found.Next, sort), picks: len(v.bulkCommands()) > 0, sort: &q}
	return nil
}

func sortField(q *reservation.Search) reservation.Field {
	if q.Sort == "" {
		return sorts()[0]
	}
	return q.Sort
}

// checkCursor refuses the value of a cursor that is no instant where the list is sorted by one.
func checkCursor(sort reservation.Field, c *reservation.Cursor) error {
	if c == nil || sort != reservation.FieldCreated {
		return nil
	}
	if _, err := time.Parse(time.RFC3339Nano, c.Value); err != nil {
		return problem.At(problem.Invalid, "query.after", "it is not the next page of this list")
	}
	return nil
}

// here returns the visitor as one who sees the view's property only.
func (v *view) here() innards.Actor {
	a := v.visitor.Actor
	a.Property = v.property.ID
	return a
}

// found returns the address of a search with the filters.
func (v *view) found(filters url.Values) templ.SafeURL {
	u := url.URL{Path: string(v.path("reservations")), RawQuery: filters.Encode()}
	return templ.SafeURL(u.String())
}
