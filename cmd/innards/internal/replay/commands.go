package replay

import (
	"context"
	"errors"
	"fmt"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// create makes the reservation, confirms it and guarantees it as far as the row says so.
func (r *run) create(overbook bool) func(context.Context, *booking) error {
	return func(ctx context.Context, b *booking) error {
		if err := r.do(ctx, b, r.creation(b), overbook); err != nil {
			return err
		}
		if !r.file.fromEngine(b) {
			if err := r.do(ctx, b, reservation.MarkConfirmed{Note: "by " + r.file.channel(b)}, false); err != nil {
				return err
			}
		}
		if r.file.hasDeposit(b) {
			return r.do(ctx, b, reservation.GuaranteeBy{Method: reservation.MethodDeposit, Note: r.file.deposits[b.deposit]}, false)
		}
		return nil
	}
}

func (r *run) creation(b *booking) reservation.Create {
	source, channel := r.file.source(b)
	return reservation.Create{
		Property: hotels[b.hotel].id,
		Arrival:  b.arrival, Departure: b.departure, Type: r.file.types[b.booked],
		Adults: int(b.adults), Children: int(b.children),
		Guest:  reservation.Person{Name: fmt.Sprintf("Guest %06d", b.line)},
		Source: source, Channel: channel, Segment: r.file.segment(b),
		Prices: []innards.Money{b.rate},
	}
}

// checkIn brings the guest into the room that was taken.
func (r *run) checkIn(overbook bool) func(context.Context, *booking) error {
	return func(ctx context.Context, b *booking) error {
		return r.do(ctx, b, reservation.CheckIn{Room: r.roomID(b)}, overbook)
	}
}

func (r *run) roomID(b *booking) string {
	if b.room < 0 {
		return ""
	}
	return roomID(r.file.types[b.assigned], int(b.room))
}

// roomID returns the id of the n-th room of a type, from 0.
func roomID(roomType string, n int) string { return fmt.Sprintf("%s-%03d", roomType, n+1) }

// end carries out what the row ends with.
func (r *run) end(ctx context.Context, b *booking) error {
	switch b.endingAs {
	case asCancelled:
		return r.do(ctx, b, reservation.Cancel{Reason: reservation.ReasonGuest}, false)
	case asNoShow:
		return r.do(ctx, b, reservation.MarkNoShow{}, false)
	}
	return r.do(ctx, b, reservation.CheckOut{}, false)
}

// do carries out one command of the booking, unless an earlier one was refused. A refusal is no error: it is kept.
func (r *run) do(ctx context.Context, b *booking, in reservation.Intent, overbook bool) error {
	if b.lost {
		return nil
	}
	by := innards.Command{Actor: r.actor, Key: r.key(b.line, in.Name())}
	if overbook {
		by.Override = []innards.Code{reservation.SoldOut.Code}
		by.Reason = "rooms ran short"
	}
	receipt, err := r.service.Do(ctx, by, b.id, in)
	r.tally.done.Add(1)
	if refusal, ok := errors.AsType[*innards.Refusal](err); ok {
		b.lost = true
		r.tally.refuse(refused(b.line, refusal))
		return nil
	}
	if err != nil {
		return fmt.Errorf("replay: line %d: %s: %w", b.line, in.Name(), err)
	}
	b.id = receipt.ID
	r.tally.add(b, in, &receipt)
	return nil
}

// key returns the idempotency key of a command. It is the same whenever the same file is replayed.
func (r *run) key(of any, command string) string {
	return fmt.Sprintf("replay/%.16s/%v/%s", r.file.digest, of, command)
}

// open opens the hotels that the file has, with their room types and rooms.
func (r *run) open(ctx context.Context) error {
	for h, hotel := range hotels {
		types, rooms := r.stock(uint8(h))
		if len(types) == 0 {
			continue
		}
		create := reservation.CreateProperty{ID: hotel.id, Title: hotel.word, Zone: zoneName, Currency: currency, BusinessDate: r.inventory.first}
		intents := []reservation.PropertyIntent{create, reservation.PutRoomTypes{Types: types}}
		if len(rooms) > 0 {
			intents = append(intents, reservation.PutRooms{Rooms: rooms})
		}
		r.tally.total += int64(len(intents))
		for _, in := range intents {
			if err := r.doProperty(ctx, hotel.id, in, "open"); err != nil {
				return err
			}
		}
	}
	return nil
}

// stock returns the room types that bookings of the hotel name, and the rooms of them.
func (r *run) stock(hotel uint8) (types []reservation.RoomType, rooms []reservation.Room) {
	for t, name := range r.file.types {
		kind := r.inventory.kind(hotel, uint8(t))
		if !r.inventory.used[kind] {
			continue
		}
		types = append(types, reservation.RoomType{ID: name, Name: "Type " + name})
		for n := range r.inventory.rooms[kind] {
			id := roomID(name, n)
			rooms = append(rooms, reservation.Room{ID: id, Name: id, Type: name})
		}
	}
	return types, rooms
}

// close closes the day of the hotels.
func (r *run) close(ctx context.Context, day innards.Date) error {
	for h, hotel := range hotels {
		if !r.inventory.has(uint8(h)) {
			continue
		}
		if err := r.doProperty(ctx, hotel.id, reservation.CloseDay{Date: day}, day.String()); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) doProperty(ctx context.Context, id string, in reservation.PropertyIntent, of string) error {
	by := innards.Command{Actor: r.actor, Key: r.key(id+"/"+of, in.Name())}
	_, err := r.service.DoProperty(ctx, by, id, in)
	r.tally.done.Add(1)
	if err != nil {
		return fmt.Errorf("replay: %s: %w", id, err)
	}
	return nil
}
