package innards_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/innards-go/innards"
)

// A door is what the lifecycles of these tests are about.
type status string

type door struct {
	status status
	locked bool
	guest  bool // only opened for guests
}

func lockBlocks(d door) []innards.Blocker {
	if d.locked {
		return []innards.Blocker{soldOut.Block("locked")}
	}
	return nil
}

func guestBlocks(d door) []innards.Blocker {
	if !d.guest {
		return []innards.Blocker{innards.Busy.Block()}
	}
	return nil
}

// doorAxis returns a sound axis for a test to damage.
func doorAxis() innards.Axis[status, door] {
	return innards.Axis[status, door]{
		Name: "door",
		Of:   func(d door) status { return d.status },
		States: []innards.State[status]{
			{Name: "closed", Traits: []innards.Trait{"shut"}},
			{Name: "open"},
			{Name: "gone", Traits: []innards.Trait{innards.Terminal, "shut"}},
		},
		Rows: []innards.Row[status, door]{
			{Command: "install", From: []status{""}, To: "closed"},
			{Command: "open", From: []status{"closed"}, To: "open", Guards: []innards.Guard[door]{lockBlocks, guestBlocks}, Customer: true},
			{Command: "paint", From: []status{"closed"}, To: "closed"},
			{Command: "paint", From: []status{"open"}, To: "open"},
			{Command: "slam", From: []status{"open"}, To: "gone", When: func(d door) bool { return d.locked }},
			{Command: "slam", From: []status{"open"}, To: "closed"},
			{Command: "remove", From: []status{"closed", "open"}, To: "gone"},
		},
	}
}

func lifecycle[S ~string, F any](t *testing.T, a innards.Axis[S, F]) *innards.Lifecycle[S, F] {
	t.Helper()
	l, err := innards.NewLifecycle(a)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var (
	staff = innards.Actor{ID: "staff", Tenant: "t", Rights: []innards.Right{"*"}}
	guest = innards.Actor{ID: "guest", Tenant: "t", Party: "x", Rights: []innards.Right{"*"}}
)

func codesOf(blockers []innards.Blocker) string {
	var codes []string
	for _, b := range blockers {
		codes = append(codes, string(b.Code))
	}
	return strings.Join(codes, " ")
}

func TestLifecycleCheck(t *testing.T) {
	l := lifecycle(t, doorAxis())
	for _, tc := range []struct {
		why, command string
		actor        innards.Actor
		facts        door
		to           status
		blockers     string
	}{
		{"the beginning", "install", staff, door{}, "closed", ""},
		{"it exists already", "install", staff, door{status: "closed"}, "closed", "wrong_status"},
		{"guards agree", "open", staff, door{status: "closed", guest: true}, "open", ""},
		{"every guard is heard", "open", staff, door{status: "closed", locked: true}, "open", "sold_out busy"},
		{"a customer, with the guards", "open", guest, door{status: "closed", guest: true}, "open", ""},
		{"a customer, against the guards", "open", guest, door{status: "closed"}, "open", "busy"},
		{"not for customers", "remove", guest, door{status: "closed"}, "gone", "staff_only"},
		{"from a state without a row", "open", staff, door{status: "open", guest: true}, "open", "wrong_status"},
		{"from a terminal state", "remove", staff, door{status: "gone"}, "gone", "wrong_status"},
		{"nothing moves", "paint", staff, door{status: "open"}, "open", ""},
		{"the first row that fits", "slam", staff, door{status: "open", locked: true}, "gone", ""},
		{"the last row otherwise", "slam", staff, door{status: "open"}, "closed", ""},
		{"an unknown command", "burn", staff, door{status: "open"}, "open", "wrong_status"},
		{"an unknown status", "remove", staff, door{status: "ajar"}, "ajar", "wrong_status"},
	} {
		move, blockers := l.Check(tc.command, tc.actor, tc.facts)
		if want := (innards.Move{Axis: "door", From: string(tc.facts.status), To: string(tc.to)}); move != want {
			t.Errorf("%s: the move is %v, want %v", tc.why, move, want)
		}
		if got := codesOf(blockers); got != tc.blockers {
			t.Errorf("%s: blocked by %q, want %q", tc.why, got, tc.blockers)
		}
	}
}

func TestLifecycleSaysWhatWouldDo(t *testing.T) {
	l := lifecycle(t, doorAxis())
	for _, tc := range []struct {
		command    string
		facts      door
		text, lift string
	}{
		{"paint", door{status: "gone"}, "door is gone", "possible while door is closed or open"},
		{"slam", door{}, "door is not created", "possible while door is open"},
		{"install", door{status: "open"}, "door is open", "possible while door is not created"},
	} {
		_, blockers := l.Check(tc.command, staff, tc.facts)
		if len(blockers) != 1 || blockers[0].Text != "the status does not allow it: "+tc.text || blockers[0].Lift != tc.lift {
			t.Errorf("%s: %+v", tc.command, blockers)
		}
	}
}

func TestLifecycleTables(t *testing.T) {
	l := lifecycle(t, doorAxis())
	if l.Axis() != "door" {
		t.Errorf("the axis is %s", l.Axis())
	}
	if d := cmp.Diff([]string{"install", "open", "paint", "slam", "remove"}, l.Commands()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(doorAxis().States, l.States()); d != "" {
		t.Error(d)
	}
	if len(l.Rows()) != 7 || l.Rows()[6].Command != "remove" {
		t.Errorf("the rows are %v", l.Rows())
	}
	for _, tc := range []struct {
		state status
		trait innards.Trait
		want  bool
	}{{"closed", "shut", true}, {"gone", "shut", true}, {"open", "shut", false}, {"closed", innards.Terminal, false}, {"ajar", "shut", false}} {
		if got := l.Has(tc.state, tc.trait); got != tc.want {
			t.Errorf("%s is %s: %v", tc.state, tc.trait, got)
		}
	}
}

// What a caller does to the tables it gave or got changes nothing.
func TestLifecycleIsImmutable(t *testing.T) {
	a := doorAxis()
	l := lifecycle(t, a)
	a.States[0].Name, a.Rows[0].Command = "x", "x"
	l.States()[1].Name, l.Rows()[1].Command = "x", "x"
	if l.States()[0].Name != "closed" || l.States()[1].Name != "open" || l.Rows()[0].Command != "install" || l.Rows()[1].Command != "open" {
		t.Errorf("the tables have changed: %v, %v", l.States(), l.Rows())
	}
}

func TestLifecycleMustBeSound(t *testing.T) {
	row := func(command string, to status, from ...status) innards.Row[status, door] {
		return innards.Row[status, door]{Command: command, From: from, To: to}
	}
	for _, tc := range []struct {
		want   string
		damage func(*innards.Axis[status, door])
	}{
		{"it needs a name, states, and Of", func(a *innards.Axis[status, door]) { a.Name = "" }},
		{"it needs a name, states, and Of", func(a *innards.Axis[status, door]) { a.Of = nil }},
		{"it needs a name, states, and Of", func(a *innards.Axis[status, door]) { a.States = nil }},
		{`state "" is empty or defined twice`, func(a *innards.Axis[status, door]) { a.States[1].Name = "" }},
		{`state "closed" is empty or defined twice`, func(a *innards.Axis[status, door]) { a.States[1].Name = "closed" }},
		{"row 7,  to \"open\": it needs a command and a status to start from", func(a *innards.Axis[status, door]) { a.Rows = append(a.Rows, row("", "open", "closed")) }},
		{"row 7, x to \"open\": it needs a command and a status to start from", func(a *innards.Axis[status, door]) { a.Rows = append(a.Rows, row("x", "open")) }},
		{`row 7, x to "ajar": it leads to an unknown state`, func(a *innards.Axis[status, door]) { a.Rows = append(a.Rows, row("x", "ajar", "open")) }},
		{`row 7, x to "": it leads to an unknown state`, func(a *innards.Axis[status, door]) { a.Rows = append(a.Rows, row("x", "", "open")) }},
		{`it starts from the unknown state "ajar"`, func(a *innards.Axis[status, door]) { a.Rows = append(a.Rows, row("x", "open", "closed", "ajar")) }},
		{"it is open to customers without a guard", func(a *innards.Axis[status, door]) { a.Rows[6].Customer = true }},
		{`from "open" it can never be reached: an earlier row has no When`, func(a *innards.Axis[status, door]) { a.Rows = append(a.Rows, row("remove", "closed", "gone", "open")) }},
		{`state "cellar" can never be reached`, func(a *innards.Axis[status, door]) {
			a.States = append(a.States, innards.State[status]{Name: "cellar", Traits: []innards.Trait{innards.Terminal}})
		}},
		{`state "cellar" can never be reached`, func(a *innards.Axis[status, door]) {
			a.States = append(a.States, innards.State[status]{Name: "cellar"})
			a.Rows = append(a.Rows, row("rise", "open", "cellar"), row("stay", "cellar", "cellar"))
		}},
		{`state "gone" is a dead end but not terminal`, func(a *innards.Axis[status, door]) { a.States[2].Traits = []innards.Trait{"shut"} }},
		{`state "gone" is a dead end but not terminal`, func(a *innards.Axis[status, door]) {
			a.States[2].Traits = nil
			a.Rows = append(a.Rows, row("haunt", "gone", "gone"))
		}},
	} {
		a := doorAxis()
		tc.damage(&a)
		l, err := innards.NewLifecycle(a)
		if !errors.Is(err, innards.ErrLifecycle) || l != nil || !strings.HasSuffix(err.Error(), tc.want) {
			t.Errorf("the error is %v, want ... %s", err, tc.want)
		}
	}
}

// A state may be reached only through states that are defined after it.
func TestLifecycleReachesBackwards(t *testing.T) {
	a := doorAxis()
	slices.Reverse(a.Rows)
	a.Rows[1], a.Rows[2] = a.Rows[2], a.Rows[1] // the row with a When stays before the one without
	lifecycle(t, a)
}

func TestLifecycleExtend(t *testing.T) {
	base := lifecycle(t, doorAxis())
	more, err := base.Extend(
		[]innards.State[status]{{Name: "ajar"}},
		[]innards.Row[status, door]{{Command: "nudge", From: []status{"open"}, To: "ajar"}, {Command: "slam", From: []status{"ajar"}, To: "closed"}})
	if err != nil {
		t.Fatal(err)
	}
	if move, blockers := more.Check("slam", staff, door{status: "ajar"}); move.To != "closed" || len(blockers) > 0 {
		t.Errorf("slam leads to %v, %v", move, blockers)
	}
	if _, blockers := base.Check("slam", staff, door{status: "ajar"}); codesOf(blockers) != "wrong_status" {
		t.Errorf("the base has changed: %v", blockers)
	}
	if d := cmp.Diff(append(base.Commands(), "nudge"), more.Commands()); d != "" {
		t.Error(d)
	}
	for _, rows := range [][]innards.Row[status, door]{
		{{Command: "open", From: []status{"closed"}, To: "open"}}, // would loosen the guards
		{{Command: "nudge", From: []status{"open"}, To: "ajar"}},  // to nowhere
	} {
		if _, err := base.Extend(nil, rows); !errors.Is(err, innards.ErrLifecycle) {
			t.Errorf("%v: %v", rows[0].Command, err)
		}
	}
}

func TestLifecycleTighten(t *testing.T) {
	base := lifecycle(t, doorAxis())
	tight, err := base.Tighten("paint", lockBlocks, guestBlocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []status{"closed", "open"} {
		if _, blockers := tight.Check("paint", staff, door{status: s, locked: true}); codesOf(blockers) != "sold_out busy" {
			t.Errorf("paint while %s is blocked by %v", s, blockers)
		}
		if _, blockers := base.Check("paint", staff, door{status: s, locked: true}); len(blockers) > 0 {
			t.Errorf("the base has changed: %v", blockers)
		}
	}
	opened, err := base.Tighten("open", lockBlocks)
	if err != nil {
		t.Fatal(err)
	}
	if _, blockers := opened.Check("open", staff, door{status: "closed", locked: true}); codesOf(blockers) != "sold_out busy sold_out" {
		t.Errorf("the guards that were there are gone: %v", blockers)
	}
	if _, err := base.Tighten("burn", lockBlocks); !errors.Is(err, innards.ErrLifecycle) || !strings.HasSuffix(err.Error(), `axis door has no command "burn"`) {
		t.Errorf("an unknown command: %v", err)
	}
}

func TestLifecycleForManyCallers(t *testing.T) {
	l := lifecycle(t, doorAxis())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			from, to, blocked := status("closed"), "closed", true
			if i%2 == 0 {
				from, blocked = "open", false
			}
			for range 2000 {
				move, blockers := l.Check("slam", staff, door{status: from})
				if move.To != to || (len(blockers) > 0) != blocked {
					t.Errorf("slam while %s leads to %v, %v", from, move, blockers)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestLifecycleMermaid(t *testing.T) {
	a := doorAxis()
	a.Rows = append(a.Rows, innards.Row[status, door]{Command: "steal", From: []status{"closed", "open"}, To: "gone"},
		innards.Row[status, door]{Command: "slam", From: []status{"closed"}, To: "gone", When: guestIn},
		innards.Row[status, door]{Command: "slam", From: []status{"closed"}, To: "gone"})
	want := `stateDiagram-v2
    closed: closed
    open: open
    gone: gone
    [*] --> closed: install
    closed --> open: open
    open --> gone: slam, remove, steal
    open --> closed: slam
    closed --> gone: remove, steal, slam
`
	if d := cmp.Diff(want, lifecycle(t, a).Mermaid()); d != "" {
		t.Error(d)
	}
}

func guestIn(d door) bool { return d.guest }
