package innards_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/innards-go/innards"
)

// lampAxis is a second axis of a door.
func lampAxis() innards.Axis[status, door] {
	return innards.Axis[status, door]{
		Name:   "lamp",
		Of:     func(d door) status { return d.status },
		States: []innards.State[status]{{Name: "closed"}, {Name: "open", Traits: []innards.Trait{innards.Terminal}}},
		Rows: []innards.Row[status, door]{
			{Command: "install", From: []status{""}, To: "closed", Guards: []innards.Guard[door]{lockBlocks}},
			{Command: "light", From: []status{"closed"}, To: "open"},
		},
	}
}

func machine(t *testing.T, axes ...innards.Judge[door]) *innards.Machine[door] {
	t.Helper()
	m, err := innards.NewMachine("door", axes...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMachine(t *testing.T) {
	doors, lamps := lifecycle(t, doorAxis()), lifecycle(t, lampAxis())
	m := machine(t, doors, lamps)
	if m.Kind() != "door" || m.Right("open") != "door.open" {
		t.Errorf("the kind is %s, the right %s", m.Kind(), m.Right("open"))
	}
	if d := cmp.Diff([]string{"install", "open", "paint", "slam", "remove", "light"}, m.Commands()); d != "" {
		t.Error(d)
	}
	m.Commands()[0] = "x"
	m.Axes()[0] = nil
	if m.Commands()[0] != "install" || len(m.Axes()) != 2 || m.Axes()[0] != innards.Judge[door](doors) || m.Axes()[1] != innards.Judge[door](lamps) {
		t.Error("the machine has changed")
	}
	for command, want := range map[string]bool{"install": true, "open": false, "light": false, "burn": false} {
		if got := m.Begins(command); got != want {
			t.Errorf("%s begins: %v", command, got)
		}
	}
}

func TestMachineCheck(t *testing.T) {
	m := machine(t, lifecycle(t, doorAxis()), lifecycle(t, lampAxis()))
	nobody := innards.Actor{ID: "nobody", Tenant: "t"}
	for _, tc := range []struct {
		why, command string
		actor        innards.Actor
		facts        door
		moves        []innards.Move
		blockers     string
	}{
		{"every axis begins", "install", staff, door{}, []innards.Move{{Axis: "door", To: "closed"}, {Axis: "lamp", To: "closed"}}, ""},
		{"every axis is asked", "install", staff, door{status: "open", locked: true}, []innards.Move{{Axis: "door", From: "open", To: "open"}, {Axis: "lamp", From: "open", To: "open"}}, "wrong_status wrong_status"},
		{"one axis blocks", "install", staff, door{locked: true}, []innards.Move{{Axis: "door", To: "closed"}, {Axis: "lamp", To: "closed"}}, "sold_out"},
		{"only the axis of the command moves", "light", staff, door{status: "closed"}, []innards.Move{{Axis: "lamp", From: "closed", To: "open"}}, ""},
		{"without the right", "open", nobody, door{status: "closed"}, []innards.Move{{Axis: "door", From: "closed", To: "open"}}, "not_permitted busy"},
		{"an unknown command", "burn", staff, door{}, nil, "unknown_command"},
	} {
		moves, blockers := m.Check(tc.command, tc.actor, tc.facts)
		if d := cmp.Diff(tc.moves, moves); d != "" {
			t.Errorf("%s: %s", tc.why, d)
		}
		if got := codesOf(blockers); got != tc.blockers {
			t.Errorf("%s: blocked by %q, want %q", tc.why, got, tc.blockers)
		}
	}
}

func TestMachineNamesTheRight(t *testing.T) {
	m := machine(t, lifecycle(t, doorAxis()))
	_, blockers := m.Check("remove", innards.Actor{Rights: []innards.Right{"door.open"}}, door{status: "open"})
	if len(blockers) != 1 || blockers[0].Text != "the actor lacks the right: it needs door.remove" {
		t.Errorf("the blockers are %+v", blockers)
	}
}

func TestMachineCommandBelongsToOneAxis(t *testing.T) {
	shared := lampAxis()
	shared.Rows[1].Command = "open"
	late := lampAxis()
	late.Rows = append(late.Rows, innards.Row[status, door]{Command: "install", From: []status{"open"}, To: "closed"})
	for _, tc := range []struct {
		why           string
		first, second innards.Axis[status, door]
		want          string
	}{
		{"a command of both", doorAxis(), shared, "command open belongs to two axes, door and lamp"},
		{"the second also moves what exists", doorAxis(), late, "command install belongs to two axes, door and lamp"},
		{"the first also moves what exists", late, doorAxis(), "command install belongs to two axes, lamp and door"},
	} {
		m, err := innards.NewMachine("door", innards.Judge[door](lifecycle(t, tc.first)), lifecycle(t, tc.second))
		if !errors.Is(err, innards.ErrLifecycle) || m != nil || !strings.HasSuffix(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.why, err)
		}
	}
}

func TestMachineActions(t *testing.T) {
	m := machine(t, lifecycle(t, doorAxis()), lifecycle(t, lampAxis()))
	facts := door{status: "closed", locked: true}
	var got []string
	for _, a := range m.Actions(staff, facts) {
		if a.Allowed != (len(a.Blockers) == 0) {
			t.Errorf("%s is allowed %v with %v", a.Command, a.Allowed, a.Blockers)
		}
		_, blockers := m.Check(a.Command, staff, facts)
		if d := cmp.Diff(append([]innards.Blocker{}, blockers...), a.Blockers); d != "" { // never null in JSON
			t.Errorf("%s: %s", a.Command, d)
		}
		got = append(got, strings.TrimSpace(a.Command+" "+codesOf(a.Blockers)))
	}
	want := []string{"open sold_out busy", "paint", "slam wrong_status", "remove", "light"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if actions := machine(t).Actions(staff, facts); actions != nil {
		t.Errorf("a machine without axes has %v", actions)
	}
}
