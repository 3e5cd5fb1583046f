package innards

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/looplab/fsm"
)

// A Guard returns what stands against a transition. It may read only what the commit protects.
type Guard[F any] func(F) []Blocker

// A Trait is what code and queries ask a state for, never its name.
type Trait string

// Terminal marks a state that need not lead anywhere.
const Terminal Trait = "terminal"

// A State is one status of an axis.
type State[S ~string] struct {
	Name   S
	Traits []Trait
	Why    string // what it means, for the documentation
}

// A Row is one transition. Rows of one command may share a From if all but the last of them have a When.
type Row[S ~string, F any] struct {
	Command string
	From    []S // "" is the beginning: the record does not exist yet
	To      S   // equal to From for a command that moves nothing
	// When chooses between rows; nil: always. It must not refuse: that is for guards, which say why.
	When   func(F) bool
	Guards []Guard[F]
	// Customer opens the command to actors that are confined to a party. It needs a guard.
	Customer bool
	Why      string // the rule, for the documentation
}

// An Axis is the definition of a [Lifecycle].
type Axis[S ~string, F any] struct {
	Name   string
	Of     func(F) S // the status that the facts are in
	States []State[S]
	Rows   []Row[S, F]
}

// A Lifecycle decides the transitions of one status axis over the facts F. It is immutable and safe for concurrent use.
type Lifecycle[S ~string, F any] struct {
	axis      Axis[S, F]
	names     []string         // of the fsm event of each row
	byCommand map[string][]int // indexes of rows, in order
	machines  *sync.Pool       // of *fsm.FSM: one machine must never serve two callers at once
}

// ErrLifecycle is matched by every error of a lifecycle's definition.
var ErrLifecycle = errors.New("innards: the lifecycle is not sound")

// NewLifecycle returns the lifecycle of axis a. It refuses an unknown or unreachable state, a dead end that is not
// [Terminal], rows that cannot be told apart, and a customer's command without a guard.
func NewLifecycle[S ~string, F any](a Axis[S, F]) (*Lifecycle[S, F], error) {
	if err := a.check(); err != nil {
		return nil, fmt.Errorf("%w: axis %s: %w", ErrLifecycle, a.Name, err)
	}
	a.States, a.Rows = slices.Clone(a.States), slices.Clone(a.Rows)
	l := &Lifecycle[S, F]{axis: a, byCommand: map[string][]int{}}
	var events fsm.Events
	for i, r := range a.Rows {
		// Each row is an fsm event of its own: fsm keeps one target per event and source, silently the last.
		l.names = append(l.names, fmt.Sprintf("row %d", i))
		l.byCommand[r.Command] = append(l.byCommand[r.Command], i)
		for _, from := range r.From {
			events = append(events, fsm.EventDesc{Name: l.names[i], Src: []string{string(from)}, Dst: string(r.To)})
		}
	}
	l.machines = &sync.Pool{New: func() any { return fsm.NewFSM("", events, nil) }}
	return l, nil
}

// Extend returns l with further states and rows. What l has is neither removed nor loosened: its rows come first, and a
// row of l without When stays the only one for its command and status.
func (l *Lifecycle[S, F]) Extend(states []State[S], rows []Row[S, F]) (*Lifecycle[S, F], error) {
	a := l.axis
	a.States = slices.Concat(a.States, states)
	a.Rows = slices.Concat(a.Rows, rows)
	return NewLifecycle(a)
}

// Tighten returns l with further guards on every row of the command.
func (l *Lifecycle[S, F]) Tighten(command string, guards ...Guard[F]) (*Lifecycle[S, F], error) {
	a := l.axis
	a.Rows = slices.Clone(a.Rows)
	rows := l.byCommand[command]
	if len(rows) == 0 {
		return nil, fmt.Errorf("%w: axis %s has no command %q", ErrLifecycle, a.Name, command)
	}
	for _, i := range rows {
		a.Rows[i].Guards = slices.Concat(a.Rows[i].Guards, guards)
	}
	return NewLifecycle(a)
}

// Axis returns the axis' name.
func (l *Lifecycle[S, F]) Axis() string { return l.axis.Name }

// States returns all states, in the order of the definition.
func (l *Lifecycle[S, F]) States() []State[S] { return slices.Clone(l.axis.States) }

// Rows returns all transitions, in the order of the definition.
func (l *Lifecycle[S, F]) Rows() []Row[S, F] { return slices.Clone(l.axis.Rows) }

// Has reports whether state s has the trait.
func (l *Lifecycle[S, F]) Has(s S, t Trait) bool {
	return slices.ContainsFunc(l.axis.States, func(st State[S]) bool { return st.Name == s && slices.Contains(st.Traits, t) })
}

// Commands returns the commands in the order of their first row.
func (l *Lifecycle[S, F]) Commands() []string {
	var names []string
	for _, r := range l.axis.Rows {
		if !slices.Contains(names, r.Command) {
			names = append(names, r.Command)
		}
	}
	return names
}

// Check judges a command on the facts for the actor: where it leads, and what stands against it.
func (l *Lifecycle[S, F]) Check(command string, a Actor, facts F) (Move, []Blocker) {
	from := l.axis.Of(facts)
	m := l.machines.Get().(*fsm.FSM)
	defer l.machines.Put(m)
	m.SetState(string(from))
	for _, i := range l.byCommand[command] {
		r := &l.axis.Rows[i]
		if !m.Can(l.names[i]) || r.When != nil && !r.When(facts) {
			continue
		}
		var blockers []Blocker
		if a.Party != "" && !r.Customer {
			blockers = append(blockers, StaffOnly.Block())
		}
		for _, guard := range r.Guards {
			blockers = append(blockers, guard(facts)...)
		}
		return Move{l.axis.Name, string(from), string(r.To)}, blockers
	}
	return Move{l.axis.Name, string(from), string(from)}, []Blocker{l.wrongStatus(command, from)}
}

func (l *Lifecycle[S, F]) wrongStatus(command string, from S) Blocker {
	b := WrongStatus.Block(l.axis.Name, "is", orBeginning(from))
	var accepted []string
	for _, i := range l.byCommand[command] {
		for _, s := range l.axis.Rows[i].From {
			if name := orBeginning(s); !slices.Contains(accepted, name) {
				accepted = append(accepted, name)
			}
		}
	}
	b.Lift = fmt.Sprintf("possible while %s is %s", l.axis.Name, strings.Join(accepted, " or "))
	return b
}

func orBeginning[S ~string](s S) string {
	if s == "" {
		return "not created"
	}
	return string(s)
}

// begins reports whether command, one of l, creates records: each of its rows starts at the beginning.
func (l *Lifecycle[S, F]) begins(command string) bool {
	return !slices.ContainsFunc(l.byCommand[command], func(i int) bool {
		return slices.ContainsFunc(l.axis.Rows[i].From, func(s S) bool { return s != "" })
	})
}

// Mermaid returns the state diagram in Mermaid's notation. Rows that move nothing are left out.
func (l *Lifecycle[S, F]) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range l.axis.States {
		fmt.Fprintf(&b, "    %s: %s\n", s.Name, s.Name)
	}
	type edge struct{ from, to S }
	var order []edge
	labels := map[edge][]string{}
	for _, r := range l.axis.Rows {
		for _, from := range r.From {
			e := edge{from, r.To}
			if from == r.To || slices.Contains(labels[e], r.Command) {
				continue
			}
			if labels[e] == nil {
				order = append(order, e)
			}
			labels[e] = append(labels[e], r.Command)
		}
	}
	for _, e := range order {
		from := string(e.from)
		if from == "" {
			from = "[*]"
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", from, e.to, strings.Join(labels[e], ", "))
	}
	return b.String()
}

func (a Axis[S, F]) check() error {
	if a.Name == "" || a.Of == nil || len(a.States) == 0 {
		return errors.New("it needs a name, states, and Of")
	}
	known := map[S]bool{"": true}
	for _, s := range a.States {
		if known[s.Name] {
			return fmt.Errorf("state %q is empty or defined twice", s.Name)
		}
		known[s.Name] = true
	}
	for i, r := range a.Rows {
		if err := a.checkRow(i, r, known); err != nil {
			return fmt.Errorf("row %d, %s to %q: %w", i, r.Command, r.To, err)
		}
	}
	return a.checkPaths()
}

func (a Axis[S, F]) checkRow(i int, r Row[S, F], known map[S]bool) error {
	switch {
	case r.Command == "" || len(r.From) == 0:
		return errors.New("it needs a command and a status to start from")
	case r.To == "" || !known[r.To]:
		return errors.New("it leads to an unknown state")
	case r.Customer && len(r.Guards) == 0:
		return errors.New("it is open to customers without a guard")
	}
	for _, from := range r.From {
		if !known[from] {
			return fmt.Errorf("it starts from the unknown state %q", from)
		}
		for _, earlier := range a.Rows[:i] {
			if earlier.Command == r.Command && earlier.When == nil && slices.Contains(earlier.From, from) {
				return fmt.Errorf("from %q it can never be reached: an earlier row has no When", from)
			}
		}
	}
	return nil
}

// checkPaths finds unreachable states and dead ends.
func (a Axis[S, F]) checkPaths() error {
	reached := map[S]bool{"": true}
	for grown := true; grown; {
		grown = false
		for _, r := range a.Rows {
			if !reached[r.To] && slices.ContainsFunc(r.From, func(s S) bool { return reached[s] }) {
				reached[r.To], grown = true, true
			}
		}
	}
	for _, s := range a.States {
		leaves := slices.ContainsFunc(a.Rows, func(r Row[S, F]) bool { return r.To != s.Name && slices.Contains(r.From, s.Name) })
		switch {
		case !reached[s.Name]:
			return fmt.Errorf("state %q can never be reached", s.Name)
		case !leaves && !slices.Contains(s.Traits, Terminal):
			return fmt.Errorf("state %q is a dead end but not terminal", s.Name)
		}
	}
	return nil
}
