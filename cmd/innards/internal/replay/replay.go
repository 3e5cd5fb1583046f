package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// Options say where and how to replay.
type Options struct {
	// Store that the bookings are led through. Required. It has neither hotel yet, or both from an earlier replay of the
	// same file.
	Store reservation.Store
	// Tenant that the hotels belong to. Required.
	Tenant string
	// Clock measures how long it takes. Required; time.Now will do. The store sees the days of the file.
	Clock innards.Clock
	// Random is where ids and salts come from. Required; crypto/rand.Reader will do.
	Random io.Reader
	// Workers is how many commands run at the same time; 0: 128. So many can share one commit.
	Workers int
	// Progress is called after every day of the file with the number of commands done and to do; nil: nobody is told.
	Progress func(done, total int64)
	// Commits returns how many transactions the store has committed so far; nil: it is not reported.
	Commits func() int64
}

// defaultWorkers is about what a commit on a disk has time to collect.
const defaultWorkers = 128

// HotelBookings replays the file. Rows and commands that are refused are reported; an error means that it was cut short.
func HotelBookings(ctx context.Context, in io.Reader, o Options) (Report, error) {
	if o.Store == nil || o.Tenant == "" || o.Clock == nil || o.Random == nil {
		return Report{}, errors.New("replay: a store, a tenant, a clock and a source of randomness are needed")
	}
	began := o.Clock()
	f, err := read(in)
	if err != nil {
		return Report{}, err
	}
	r, err := newRun(f, o, began)
	if err != nil {
		return Report{}, err
	}
	if err := r.days(ctx); err != nil {
		return Report{}, err
	}
	return r.report(ctx)
}

// A run is one replay.
type run struct {
	Options
	file      *file
	inventory *inventory
	service   *reservation.Service
	actor     innards.Actor
	now       atomic.Int64 // of the service, in Unix microseconds
	zone      *time.Location
	tally     tally
	began     time.Time // by Options.Clock
	committed int64     // transactions before it began

	booked, arriving, ending *agenda
}

// zoneName is where both hotels are.
const zoneName = "Europe/Lisbon"

func newRun(f *file, o Options, began time.Time) (*run, error) {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	r := &run{Options: o, file: f, inventory: newInventory(f), zone: zone, began: began}
	if r.Workers <= 0 {
		r.Workers = defaultWorkers
	}
	if o.Commits != nil {
		r.committed = o.Commits()
	}
	r.actor = innards.System("replay", innards.Actor{Tenant: o.Tenant}.Scope(), "reservation.*", "property.*", reservation.RightOverbook)
	every := func(*booking) bool { return true }
	r.booked = newAgenda(f.bookings, every, func(b *booking) innards.Date { return b.created })
	r.arriving = newAgenda(f.bookings, (*booking).stays, func(b *booking) innards.Date { return b.arrival })
	r.ending = newAgenda(f.bookings, every, func(b *booking) innards.Date { return b.ended })
	r.tally.expect(f, r.inventory)
	clock := func() time.Time { return time.UnixMicro(r.now.Load()).UTC() }
	r.service, err = reservation.NewService(o.Store, reservation.Options{Clock: clock, Random: o.Random})
	return r, err
}
