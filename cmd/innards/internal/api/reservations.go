package api

import (
	"context"
	"net/http"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/folio"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

const (
	reservationsPath = "/v1/reservations"
	reservationPath  = "/v1/reservations/{id}"
	reservationTag   = "Reservations"
)

// A Reservation is a stored reservation with what is derived of it now.
type Reservation struct {
	reservation.Reservation
	reservation.States
}

// A RecordID names the record that a route is about.
type RecordID struct {
	ID string `path:"id" maxLength:"128"`
}

type recordOutput[T any] struct {
	ETag string `header:"ETag" doc:"version, for If-Match"`
	Body T
}

type output[T any] struct{ Body T }

// A list is an answer without pages.
type list[T any] struct {
	Items []T `json:"items"`
}

func listOf[T any](items []T) *output[list[T]] {
	if items == nil {
		items = []T{}
	}
	return &output[list[T]]{list[T]{items}}
}

func (a *api) registerReservations() {
	read := router.Needs(access.ReadReservations)
	for _, c := range reservation.Commands() {
		right := innards.Right(reservation.Kind + "." + c.Name)
		if c.Name == (reservation.Create{}).Name() {
			op := a.commandRoute("create-reservation", reservationsPath, reservationTag, c.Doc, right, c.New())
			op.DefaultStatus = http.StatusCreated
			registerCommand(a, op, a.createReservation)
			continue
		}
		name := hyphens(c.Name)
		op := a.commandRoute(name, reservationPath+"/"+name, reservationTag, c.Doc, right, c.New())
		registerCommand(a, op, a.doReservation(c))
		a.registerBulk(c, right)
	}
	register(a, operation("find-reservations", http.MethodGet, reservationsPath, reservationTag, "Find reservations.", read), a.findReservations)
	register(a, operation("count-reservations", http.MethodGet, reservationsPath+"/counts", reservationTag, "Count reservations by their statuses.", read), a.countReservations)
	register(a, operation("get-reservation", http.MethodGet, reservationPath, reservationTag, "Get a reservation.", read), a.getReservation)
	register(a, operation("reservation-actions", http.MethodGet, reservationPath+"/actions", reservationTag, "List every command with what stands against it now.", read), a.reservationActions)
	register(a, operation("reservation-history", http.MethodGet, reservationPath+"/history", reservationTag, "List what happened to the reservation.", router.Needs(access.ReadHistory)), a.reservationHistory)
	register(a, operation("reservation-postings", http.MethodGet, reservationPath+"/postings", reservationTag, "List what was delivered to the folio, the mailer and the payment provider.", read), a.postings)
	register(a, operation("quote-fee", http.MethodGet, reservationPath+"/quote", reservationTag, "Quote the fee of a cancellation or no-show at an instant.", read), a.quote)
	register(a, operation("fee-timeline", http.MethodGet, reservationPath+"/fee-timeline", reservationTag, "List every cancellation fee from the creation on.", read), a.feeTimeline)
}

type createInput struct {
	Options
	RawBody []byte
}

func (a *api) createReservation(ctx context.Context, in *createInput) (*answer[reservation.Receipt], error) {
	var intent reservation.Create
	if err := decode(in.RawBody, &intent); err != nil {
		return nil, err
	}
	out, err := a.do(ctx, in.Options, 0, "", intent)
	if err == nil && !out.Body.DryRun {
		out.created(reservationsPath + "/" + out.Body.ID)
	}
	return out, err
}

type commandInput struct {
	RecordID
	Precondition
	Options
	RawBody []byte
}

// doReservation returns the handler of a command on a reservation.
func (a *api) doReservation(c reservation.CommandInfo[reservation.Intent]) func(context.Context, *commandInput) (*answer[reservation.Receipt], error) {
	return func(ctx context.Context, in *commandInput) (*answer[reservation.Receipt], error) {
		expect, err := in.expect()
		if err != nil {
			return nil, err
		}
		intent := c.New()
		if err := decode(in.RawBody, intent); err != nil {
			return nil, err
		}
		return a.do(ctx, in.Options, expect, in.ID, intent)
	}
}

func (a *api) do(ctx context.Context, o Options, expect int64, id string, intent reservation.Intent) (*answer[reservation.Receipt], error) {
	by, err := o.command(ctx)
	if err != nil {
		return nil, err
	}
	by.Expect = expect
	land, err := a.flights.begin(by)
	if err != nil {
		return nil, err
	}
	defer land()
	receipt, err := a.Service.Do(ctx, by, id, intent)
	if err != nil {
		return nil, err
	}
	if !receipt.DryRun && !receipt.Replayed {
		a.done(intent.Name(), receipt)
	}
	return newAnswer(receipt, receipt.Version, receipt.Replayed), nil
}

func (a *api) getReservation(ctx context.Context, in *RecordID) (*recordOutput[Reservation], error) {
	r, err := a.Service.Get(ctx, access.ActorOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	views, err := a.views(ctx, []reservation.Reservation{r})
	if err != nil {
		return nil, err
	}
	return &recordOutput[Reservation]{etag(r.Version), views[0]}, nil
}

// views adds what is derived.
func (a *api) views(ctx context.Context, rs []reservation.Reservation) ([]Reservation, error) {
	out := make([]Reservation, len(rs))
	for i, r := range rs {
		p, err := a.calendarOf(ctx, r.Property)
		if err != nil {
			return nil, err
		}
		out[i] = Reservation{r, a.Service.States(&r, p)}
	}
	return out, nil
}

// calendarOf returns some version of the property. What is derived of a reservation depends only on the time zone, which
// a property keeps for good; so it is read once, not with every reservation.
func (a *api) calendarOf(ctx context.Context, property string) (*reservation.Property, error) {
	actor := access.ActorOf(ctx)
	key := [2]string{actor.Tenant, property}
	if p, ok := a.zones.Load(key); ok {
		return p.(*reservation.Property), nil
	}
	p, err := a.Service.Property(ctx, actor, property)
	if err == nil {
		a.zones.Store(key, p)
	}
	return p, err
}

func (a *api) reservationActions(ctx context.Context, in *RecordID) (*output[list[innards.Action]], error) {
	actions, err := a.Service.Actions(ctx, access.ActorOf(ctx), in.ID)
	return listOf(actions), err
}

func (a *api) postings(ctx context.Context, in *RecordID) (*output[list[folio.Posting]], error) {
	actor := access.ActorOf(ctx)
	if _, err := a.Service.Get(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	postings, err := a.Book.Postings(ctx, actor.Scope(), in.ID)
	return listOf(postings), err
}

type quoteInput struct {
	RecordID
	At   time.Time             `query:"at" doc:"now, if it is left out"`
	Kind reservation.Occupancy `query:"kind" default:"cancelled" doc:"cancelled or no_show"`
}

func (a *api) quote(ctx context.Context, in *quoteInput) (*output[reservation.Quote], error) {
	if in.Kind != reservation.Cancelled && in.Kind != reservation.NoShow {
		return nil, problem.At(problem.Invalid, "query.kind", "it is cancelled or no_show")
	}
	q, err := a.Service.Quote(ctx, access.ActorOf(ctx), in.ID, in.At, in.Kind)
	return &output[reservation.Quote]{q}, err
}

func (a *api) feeTimeline(ctx context.Context, in *RecordID) (*output[list[reservation.Quote]], error) {
	quotes, err := a.Service.Timeline(ctx, access.ActorOf(ctx), in.ID)
	return listOf(quotes), err
}
