package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/audit"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/progress"
)

type migrateCommand struct{}

// Run migrates; opening the house does.
func (migrateCommand) Run(p *program) error {
	return p.withHouse(func(*house) error {
		_, err := fmt.Fprintln(p.stdout, "The database is up to date.")
		return err
	})
}

type backupCommand struct {
	File string `arg:"" help:"New file."`
}

// Run copies a committed state of the database, as it is: a backup comes before a migration.
func (c backupCommand) Run(p *program) error {
	if err := database.Backup(p.ctx, p.DB, c.File); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "Backed up to %s.\n", c.File)
	return err
}

type restoreCommand struct {
	File string `arg:"" type:"existingfile" help:"Backup to restore."`
}

// Run makes the database from the backup, after a check of it.
func (c restoreCommand) Run(p *program) error {
	if err := database.Restore(p.ctx, c.File, p.DB); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "Restored %s from %s.\n", filepath.Base(p.DB), c.File)
	return err
}

// errProblems ends the program when a check has found something; each problem was reported.
var errProblems = errors.New("the check has found problems")

type checkCommand struct{}

// Run checks everything in the database.
func (checkCommand) Run(p *program) error {
	return p.within(toLook, func(h *house) error {
		meter := progress.New(p.stderr, time.Now, "checking", "reservations", -1)
		a := audit.Audit{
			DB: h.db, Store: h.store, Service: h.service, Now: time.Now, Looked: func() { meter.Add(1) },
			Found: func(problem string) { fmt.Fprintln(p.stderr, problem) },
		}
		sum, err := a.Run(p.ctx)
		meter.Close()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%d properties, %d reservations and %d events checked: %d problems.\n",
			sum.Properties, sum.Reservations, sum.Events, sum.Problems)
		if sum.Problems > 0 {
			err = errProblems
		}
		return err
	})
}
