package innards

import (
	"fmt"
	"slices"
)

// A Judge decides the commands of one axis. A [*Lifecycle] is one.
type Judge[F any] interface {
	Axis() string
	Commands() []string
	Check(command string, a Actor, facts F) (Move, []Blocker)
	Mermaid() string
	begins(command string) bool
}

// A Machine is all lifecycles of one kind of record. It is the only judge of transitions: of commands, dry runs, lists
// of actions, previews and sweeps alike, so that they cannot disagree.
type Machine[F any] struct {
	kind      string
	axes      []Judge[F]
	commands  []string
	byCommand map[string][]Judge[F]
}

// NewMachine returns the machine of the given kind of record. A command belongs to one axis, except one that creates
// records, which sets every axis that has a row for it.
func NewMachine[F any](kind string, axes ...Judge[F]) (*Machine[F], error) {
	m := &Machine[F]{kind: kind, axes: axes, byCommand: map[string][]Judge[F]{}}
	for _, axis := range axes {
		for _, c := range axis.Commands() {
			if others := m.byCommand[c]; len(others) == 0 {
				m.commands = append(m.commands, c)
			} else if !axis.begins(c) || !others[0].begins(c) {
				return nil, fmt.Errorf("%w: command %s belongs to two axes, %s and %s", ErrLifecycle, c, others[0].Axis(), axis.Axis())
			}
			m.byCommand[c] = append(m.byCommand[c], axis)
		}
	}
	return m, nil
}

// Kind returns the kind of record.
func (m *Machine[F]) Kind() string { return m.kind }

// Axes returns the judges, in order.
func (m *Machine[F]) Axes() []Judge[F] { return slices.Clone(m.axes) }

// Commands returns the names of all commands.
func (m *Machine[F]) Commands() []string { return slices.Clone(m.commands) }

// Begins reports whether the command creates records.
func (m *Machine[F]) Begins(command string) bool {
	axes := m.byCommand[command]
	return len(axes) > 0 && axes[0].begins(command)
}

// Right returns the right that the command needs: the kind and the command, such as "reservation.check_in".
func (m *Machine[F]) Right(command string) Right { return Right(m.kind + "." + command) }

// Check judges a command: the moves it makes, and everything that stands against it.
func (m *Machine[F]) Check(command string, a Actor, facts F) (moves []Move, blockers []Blocker) {
	axes := m.byCommand[command]
	if len(axes) == 0 {
		return nil, []Blocker{UnknownCommand.Block(command)}
	}
	if right := m.Right(command); !a.May(right) {
		blockers = append(blockers, NotPermitted.Block("it needs", right))
	}
	for _, axis := range axes {
		move, against := axis.Check(command, a, facts)
		moves, blockers = append(moves, move), append(blockers, against...)
	}
	return moves, blockers
}

// An Action is a command with what stands against it now. Without blockers only its input can still be refused.
type Action struct {
	Command  string    `json:"command"`
	Allowed  bool      `json:"allowed"`
	Blockers []Blocker `json:"blockers"`
}

// Actions judges every command that does not create records.
func (m *Machine[F]) Actions(a Actor, facts F) []Action {
	var actions []Action
	for _, c := range m.commands {
		if m.Begins(c) {
			continue
		}
		_, blockers := m.Check(c, a, facts)
		actions = append(actions, Action{Command: c, Allowed: len(blockers) == 0, Blockers: append([]Blocker{}, blockers...)})
	}
	return actions
}
