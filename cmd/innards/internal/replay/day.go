package replay

import (
	"context"

	"github.com/innards-go/innards"
)

// The hours at which the parts of a day happen.
const (
	morning   innards.TimeOfDay = 11 * 60
	noon      innards.TimeOfDay = 12 * 60
	afternoon innards.TimeOfDay = 16 * 60
	evening   innards.TimeOfDay = 22 * 60
)

func (r *run) set(day innards.Date, t innards.TimeOfDay) { r.now.Store(day.At(t, r.zone).UnixMicro()) }

// days opens the hotels and leads them through all days of the file.
func (r *run) days(ctx context.Context) error {
	if len(r.file.bookings) == 0 {
		return nil
	}
	r.set(r.inventory.first, morning)
	if err := r.open(ctx); err != nil {
		return err
	}
	for day := r.inventory.first; !day.After(r.inventory.last); day = day.AddDays(1) {
		if err := r.lead(ctx, day); err != nil {
			return err
		}
		if r.Progress != nil {
			r.Progress(r.tally.done.Load(), r.tally.total)
		}
	}
	return nil
}

// lead leads the hotels through one day.
func (r *run) lead(ctx context.Context, day innards.Date) error {
	late, early := split(r.ending.on(day), (*booking).endsLate)
	r.set(day, morning)
	if err := r.finish(ctx, early); err != nil {
		return err
	}
	r.set(day, noon)
	if err := r.book(ctx, r.booked.on(day)); err != nil {
		return err
	}
	r.set(day, afternoon)
	if err := r.receive(ctx, r.arriving.on(day)); err != nil {
		return err
	}
	r.set(day, evening)
	if err := r.finish(ctx, late); err != nil {
		return err
	}
	return r.close(ctx, day)
}

// finish ends the bookings: it checks out, cancels or marks as a no-show.
func (r *run) finish(ctx context.Context, ending []*booking) error {
	if err := r.wave(ctx, ending, r.end); err != nil {
		return err
	}
	for _, b := range ending {
		switch {
		case b.lost:
		case !b.stays():
			r.inventory.sell(b, b.booked, b.arrival, -1)
		default:
			r.inventory.leave(b)
			if b.ended.Before(b.departure) {
				r.inventory.sell(b, b.assigned, b.ended, -1)
			}
		}
	}
	return nil
}

// book creates the bookings. First come those for which rooms are left whatever the order; each of the others then finds
// a night sold out by them, whatever the order.
func (r *run) book(ctx context.Context, booked []*booking) error {
	fitting, short := split(booked, func(b *booking) bool { return r.inventory.reserve(b, b.booked) })
	for _, b := range short {
		r.inventory.sell(b, b.booked, b.arrival, 1)
	}
	if err := r.wave(ctx, fitting, r.create(false)); err != nil {
		return err
	}
	if err := r.wave(ctx, short, r.create(true)); err != nil {
		return err
	}
	for _, b := range booked {
		if b.id == "" {
			r.inventory.sell(b, b.booked, b.arrival, -1)
		}
	}
	return nil
}

// receive checks the guests in. Changes of type for which rooms are short wait until the others are in; these few come one
// after the other, since each may leave a room to the next.
func (r *run) receive(ctx context.Context, arriving []*booking) error {
	fitting, short := split(arriving, func(b *booking) bool {
		r.inventory.enter(b)
		return !b.changesType() || r.inventory.reserve(b, b.assigned)
	})
	if err := r.wave(ctx, fitting, r.checkIn(false)); err != nil {
		return err
	}
	for _, b := range fitting {
		r.settle(b)
	}
	for _, b := range short {
		fits := r.inventory.reserve(b, b.assigned)
		if !fits {
			r.inventory.sell(b, b.assigned, b.arrival, 1)
		}
		if err := r.checkIn(!fits)(ctx, b); err != nil {
			return err
		}
		r.settle(b)
	}
	return nil
}

// settle gives back what the guest does not need after the check-in: the type that was booked, or, if it was refused, what
// was meant to be taken.
func (r *run) settle(b *booking) {
	if b.lost {
		r.inventory.leave(b)
	}
	switch {
	case !b.changesType():
	case b.lost:
		r.inventory.sell(b, b.assigned, b.arrival, -1)
	default:
		r.inventory.sell(b, b.booked, b.arrival, -1)
	}
}
