package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/folio"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
)

// A house is the services on an open database.
type house struct {
	db      *bunstore.DB
	store   *reservationbun.Store
	service *reservation.Service
	tokens  *database.Tokens
	book    *folio.Book
}

// An opening is how a database is opened, and what is then done to its tables.
type opening struct {
	open   func(ctx context.Context, address string) (*bunstore.DB, error)
	tables func(context.Context, *bunstore.DB) error
}

var (
	// toWork makes a database that does not exist, and brings its tables up to date.
	toWork = opening{database.Open, database.Migrate}
	// toLook changes nothing by itself.
	toLook = opening{database.OpenExisting, database.CheckMigrated}
)

func (p *program) openHouse(o opening) (*house, error) {
	db, err := o.open(p.ctx, p.DB)
	if errors.Is(err, database.ErrAddress) {
		err = usageError{err}
	}
	if err != nil {
		return nil, err
	}
	h, err := p.furnish(db, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return h, nil
}

func (p *program) furnish(db *bunstore.DB, o opening) (*house, error) {
	if err := o.tables(p.ctx, db); err != nil {
		return nil, err
	}
	h := &house{db: db, store: reservationbun.New(db), tokens: database.NewTokens(db), book: folio.New(db)}
	var err error
	h.service, err = reservation.NewService(h.store, reservation.Options{Clock: time.Now, Random: rand.Reader, Folio: h.book})
	return h, err
}

// withHouse calls do with a house that was opened to work in it, and closes it in the end.
func (p *program) withHouse(do func(*house) error) error { return p.within(toWork, do) }

// within calls do with an open house and closes it in the end.
func (p *program) within(o opening, do func(*house) error) error {
	h, err := p.openHouse(o)
	if err != nil {
		return err
	}
	return errors.Join(do(h), h.db.Close())
}

// operator is the actor of a command of this command line: whoever can open the database may do everything.
func (p *program) operator(command string) innards.Actor {
	return innards.Actor{ID: "system:" + command, Tenant: p.Tenant, Rights: []innards.Right{"*"}}
}

// logger returns the log that the flags ask for.
func (p *program) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(p.LogLevel)); err != nil {
		level = slog.LevelInfo // the flag has been checked
	}
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}

var countPending = bunstore.Both("SELECT count(*) FROM innards_outbox")

// pending counts the messages that are not delivered yet, of all tenants.
func (h *house) pending(ctx context.Context) (n int64, err error) {
	err = bunstore.On(h.db).Row(ctx, []any{&n}, countPending)
	return n, err
}
