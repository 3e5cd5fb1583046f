package reservation_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// After every few steps of random days, the list of actions is compared with trying each command dry, for staff, for
// somebody with a few rights and for the guest: what is blocked is refused for at least those blockers, and what is
// allowed is refused for the input at most.
func TestActionsAgreeWithTheCommands(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 2))
		m := newModel(t, map[string]bool{})
		for range 25 {
			for range 4 {
				m.play([]step{makeStep(random.IntN)})
			}
			m.checkActions(m.ids[random.IntN(len(m.ids))], random.IntN(bounds.A), random.IntN(bounds.B))
		}
	}
}

func (m *model) checkActions(id string, a, b int) {
	reader := innards.Actor{ID: "night-porter", Tenant: m.desk.Tenant, Rights: []innards.Right{"reservation.check_in", "reservation.check_out"}}
	before, events := m.get(id), m.events()
	for _, actor := range []innards.Actor{m.desk, reader, party("acme")} {
		actions, err := m.Actions(m.ctx, actor, id)
		if err != nil {
			m.fatalf("actions: %v", err)
		}
		byName := map[string]innards.Action{}
		for _, action := range actions {
			byName[action.Command] = action
		}
		for _, in := range m.intents(&before, a, b) {
			action, listed := byName[in.Name()]
			_, err := m.Do(m.ctx, innards.Command{Actor: actor, DryRun: true}, id, in)
			if problem := disagreement(action, err); !listed || problem != "" {
				m.fatalf("%s %+v by %s: %s; actions say %+v, the command says %v", in.Name(), in, actor.ID, problem, action.Blockers, err)
			}
		}
	}
	if d := diff(before, m.get(id)); d != "" || m.events() != events {
		m.fatalf("looking and trying wrote %d events:\n%s", m.events()-events, d)
	}
}

// disagreement says how an action and the outcome of the command differ. A command that asks to waive the fee is not
// refused because the folio cannot take it, but needs the same right.
func disagreement(action innards.Action, err error) string {
	refused := innards.Codes(err)
	if action.Allowed != (len(action.Blockers) == 0) {
		return "it is allowed and has blockers, or neither"
	}
	for _, b := range action.Blockers {
		waived := b.Code == reservation.FolioClosed.Code && slices.Contains(refused, reservation.WaiveNotAllowed.Code)
		if !waived && !slices.Contains(refused, b.Code) {
			return fmt.Sprintf("it is blocked for %s but not refused for it", b.Code)
		}
	}
	refusal, _ := errors.AsType[*innards.Refusal](err)
	for i := 0; action.Allowed && refusal != nil && i < len(refusal.Blockers); i++ {
		if b := refusal.Blockers[i]; b.Kind != innards.KindInput && b.Field == "" {
			return fmt.Sprintf("it is allowed but refused for %s, which is not the input's", b.Code)
		}
	}
	return ""
}

// A property's actions say the same.
func TestPropertyActions(t *testing.T) {
	h := open(t)
	actions, err := h.PropertyActions(h.ctx, h.desk, "vitosha")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range actions {
		names = append(names, a.Command)
		if !a.Allowed {
			t.Errorf("%s is blocked for %v", a.Command, a.Blockers)
		}
	}
	var want []string
	for _, c := range reservation.PropertyCommands()[1:] {
		want = append(want, c.Name)
	}
	if d := diff(want, names); d != "" {
		t.Error(d)
	}
	actions, err = h.PropertyActions(h.ctx, party("acme"), "vitosha")
	if err != nil || actions[0].Allowed {
		t.Errorf("a guest may amend the property: %+v, %v", actions, err)
	}
	if _, err := h.PropertyActions(h.ctx, h.desk, "unknown"); err == nil {
		t.Error("an unknown property has actions")
	}
}
