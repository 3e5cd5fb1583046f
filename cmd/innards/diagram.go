package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/innards-go/innards/reservation"
)

type diagramCommand struct {
	Kind    string `arg:"" enum:"reservation" help:"Kind of record: reservation."`
	Profile string `enum:"seed,strict" default:"seed" help:"Profile of the rules: seed or strict."`
}

// Run prints one diagram for each axis, with its name as a comment of Mermaid's.
func (d diagramCommand) Run(p *program) error {
	lifecycles, err := reservation.NewLifecycles(reservation.Profile(d.Profile))
	if err != nil {
		return err
	}
	machine, err := lifecycles.Machine()
	if err != nil {
		return err
	}
	for i, axis := range machine.Axes() {
		if i > 0 {
			fmt.Fprintln(p.stdout)
		}
		if _, err := fmt.Fprintf(p.stdout, "%%%% %s\n%s", axis.Axis(), axis.Mermaid()); err != nil {
			return err
		}
	}
	return nil
}

type versionCommand struct{}

// Run prints the version of the module and of Go.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintf(p.stdout, "innards %s %s\n", version(), runtime.Version())
	return err
}

// version returns the version of the module that the Go command has put into the binary.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}
