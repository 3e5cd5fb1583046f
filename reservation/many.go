package reservation

import (
	"context"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// A Batcher is a [Store] that reads and writes for many new reservations at once. [Service.CreateMany] uses it; with any
// other store it makes one after the other.
type Batcher interface {
	Store
	// FactsOfNew is Facts for new reservations, all in one snapshot, with Facts.NumberTaken for the numbers that are
	// asked for. Of a property that is not in the scope there are none.
	FactsOfNew(ctx context.Context, s innards.Scope, asks []Ask) ([]*Facts, error)
	// CommitAll is Commit of changes that make reservations of one tenant, decided at the same instant, in their order: one
	// transaction writes all of them or none.
	CommitAll(ctx context.Context, changes []*Change) error
}

// A Creation is one of many reservations to be made.
type Creation struct {
	Key    string // idempotency key; "": none
	Create Create
}

// A Created is what became of a [Creation]. Exactly one of Receipt and Err is set.
type Created struct {
	Receipt *Receipt
	Err     error // an [*innards.Refusal], or what the store returned
}

// CreateMany makes the reservations, as [Service.Do] would one after the other with the same command and the key of each:
// one that is refused leaves the others alone, and a list that was sent before, whole or in part, makes nothing twice. It
// is meant for some hundred at a time: all are decided on one snapshot, each with those before it, and written in one
// transaction. With by.DryRun it is a preview of all of them.
func (s *Service) CreateMany(ctx context.Context, by innards.Command, list []Creation) []Created {
	items := make([]command.Item[*Facts, *Change], len(list))
	for i, c := range list {
		items[i] = command.Item[*Facts, *Change]{By: by, In: c.Create}
		items[i].By.Key = c.Key
	}
	created := make([]Created, len(list))
	for i, result := range s.doMany(ctx, items) {
		if created[i].Err = result.Err; result.Err == nil {
			receipt := result.Receipt
			receipt.DryRun = by.DryRun && !receipt.Replayed
			created[i].Receipt = &receipt
		}
	}
	return created
}

func (s *Service) doMany(ctx context.Context, items []command.Item[*Facts, *Change]) []command.Result[Receipt] {
	store, ok := s.store.(Batcher)
	if !ok {
		return s.reservations.OneByOne(ctx, items)
	}
	return s.reservations.DoMany(ctx, items, command.Many[*Facts, *Change]{
		Read: func(ctx context.Context) (command.Batch[*Facts, *Change], error) {
			return s.readBatch(ctx, store, items)
		},
		Commit: store.CommitAll,
	})
}

// A batch is the facts for many creations, and what those that were accepted change in them.
type batch struct {
	service *Service
	items   []command.Item[*Facts, *Change]
	facts   []*Facts // nil: the property is not known
	sold    map[propertyNight]int
	taken   map[propertyNight]string
	numbers map[propertyNumber]bool
}

// A propertyNight is one type, or one room, in one night.
type propertyNight struct {
	property, what string
	SlotDate
}

type propertyNumber struct{ property, number string }

func (s *Service) readBatch(ctx context.Context, store Batcher, items []command.Item[*Facts, *Change]) (*batch, error) {
	if len(items) == 0 {
		return &batch{}, nil
	}
	now, asks := command.Now(s.clock), make([]Ask, len(items))
	for i, item := range items {
		create, _ := intentOf[Create](item.In)
		asks[i] = Ask{Property: create.Property, Number: create.Number, Key: item.By.Key, At: now, Need: create.need}
	}
	facts, err := store.FactsOfNew(ctx, items[0].By.Actor.Scope(), asks)
	return &batch{s, items, facts, map[propertyNight]int{}, map[propertyNight]string{}, map[propertyNumber]bool{}}, err
}

// Facts implements the deciding of many commands on one snapshot.
func (b *batch) Facts(i int) (*Facts, error) {
	f, item := b.facts[i], b.items[i]
	create, _ := intentOf[Create](item.In)
	if f == nil {
		return nil, refuse(create.Name(), PropertyUnknown.In("property", create.Property))
	}
	f.Actor, f.Intent, f.Kind = item.By.Actor, item.In, Kind
	if f.Prior != nil {
		return f, nil // nothing is decided again
	}
	b.add(f, create.Number, create.need(nil, f.Property))
	var err error
	if f.NewNumber, err = b.service.newNumber(); err != nil {
		return nil, err
	}
	return f, b.service.newRecord(f, create)
}

// add adds to the facts what was accepted.
func (b *batch) add(f *Facts, number string, need Need) {
	f.NumberTaken = f.NumberTaken || number != "" && b.numbers[propertyNumber{f.Property.ID, number}]
	for _, d := range need.Dates {
		for _, t := range need.Types {
			if n := b.sold[propertyNight{f.Property.ID, t, d}]; n > 0 {
				f.Sold[TypeNight{t, d}] += n
			}
		}
		for _, room := range need.Rooms {
			if id := b.taken[propertyNight{f.Property.ID, room, d}]; id != "" {
				f.Taken[RoomNight{room, d}] = id
			}
		}
	}
}

// Accept implements the deciding of many commands on one snapshot.
func (b *batch) Accept(c *Change) {
	b.numbers[propertyNumber{c.After.Property, c.After.Number}] = true
	for _, claim := range c.Take {
		d := SlotDate{claim.Date, claim.Slot}
		b.sold[propertyNight{c.After.Property, claim.Type, d}]++
		if claim.Room != "" {
			b.taken[propertyNight{c.After.Property, claim.Room, d}] = c.After.ID
		}
	}
}
