package web

import (
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

// registerSettings adds the pages of a property's policies, rooms and rules, and the close of its day.
func (s *site) registerSettings(rt *router.Router) {
	s.get(rt, deskPath+"/settings", router.Needs(access.ReadProperties), s.settings)
	s.get(rt, deskPath+"/automation", router.Needs(access.ReadReports), s.automation)
	for _, c := range reservation.PropertyCommands() {
		if c.Name == (reservation.CreateProperty{}).Name() {
			continue
		}
		path := deskPath + "/settings/" + hyphens(c.Name)
		if c.Name == (reservation.CloseDay{}).Name() {
			path = deskPath + "/close-day"
		}
		policy := router.Needs(rightTo(reservation.PropertyKind, c.Name))
		s.get(rt, path, policy, func(v *view) error { return v.ask(v.beginSetting(c)) })
		s.post(rt, path, policy, func(v *view) error { return v.act(v.beginSetting(c)) })
	}
}

// settings shows all that a property is set to.
func (s *site) settings(v *view) error { return v.show(settingsPage(v)) }

// beginSetting makes the form of a command on the property. The parameter "of" names the policy, room or rule that is changed;
// without it a new one is made.
func (v *view) beginSetting(c reservation.CommandInfo[reservation.PropertyIntent]) (*act, error) {
	a := &act{
		kind: reservation.PropertyKind, name: c.Name, current: v.property.Version, version: v.property.Version,
		at: v.path("settings", hyphens(c.Name)), home: v.path("settings"), empty: func() any { return c.New() },
	}
	if c.Name == (reservation.CloseDay{}).Name() {
		a.at, a.home = v.path("close-day"), v.path()
	}
	a.do = func(by innards.Command, intent any) (outcome, error) {
		receipt, err := v.Service.DoProperty(v.ctx(), by, v.property.ID, intent.(reservation.PropertyIntent))
		did := reservation.Receipt{ID: receipt.ID, Version: receipt.Version, At: receipt.At, DryRun: receipt.DryRun, Replayed: receipt.Replayed}
		return outcome{did, a.home}, err
	}
	fields, there := v.settingFields(c.Name, v.query("of", ""))
	a.form.fields = fields
	if there != nil {
		if err := a.form.show(v, there); err != nil {
			return nil, err
		}
	}
	var err error
	a.key, err = v.IDs()
	return a, err
}

// A forecast is what automation is going to do.
type forecast struct {
	until innards.Date
	plans []reservation.Plan
}

// The days that a forecast may look ahead.
var forecastDays = []int{1, 7, 30}

// automation lists what the rules and tasks are going to do.
func (s *site) automation(v *view) error {
	days := 7
	if i := slices.Index([]string{"1", "7", "30"}, v.query("days", "7")); i >= 0 {
		days = forecastDays[i]
	}
	f := forecast{until: v.property.BusinessDate.AddDays(days)}
	valid := true
	q := reservation.Search{Property: v.property.ID, Valid: &valid, DepartureFrom: v.property.BusinessDate.AddDays(-1)}
	var err error
	f.plans, err = s.Service.Preview(v.ctx(), v.visitor.Actor, q, f.until.At(0, v.property.Location()).Add(-time.Second))
	if err != nil {
		return err
	}
	return v.show(automationPage(v, f))
}
