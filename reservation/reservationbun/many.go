package reservationbun

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation"
)

var _ reservation.Batcher = (*Store)(nil)

var (
	takenNumbers = bunstore.Each(
		"SELECT r.property, r.number FROM innards_reservation r WHERE r.tenant = ? AND r.number IN (SELECT value FROM json_each(?))",
		"SELECT r.property, r.number FROM innards_reservation r WHERE r.tenant = ? AND r.number = ANY(ARRAY(SELECT json_array_elements_text(?)))")

	// Two that write many reservations would lock each other out of their counts, since each has them in an order of its own.
	oneOfMany = bunstore.Each("", "SELECT pg_advisory_xact_lock(hashtextextended('innards_reservation ' || ?, 0))")
)

// A newFacts reads the facts for many new reservations in one snapshot.
type newFacts struct {
	store   *Store
	scope   innards.Scope
	asks    []reservation.Ask
	conn    *bunstore.Conn
	prior   map[string]*innards.Answer
	numbers map[propertyNumber]bool
	facts   []*reservation.Facts
}

type propertyNumber struct{ property, number string }

// FactsOfNew implements [reservation.Batcher].
func (s *Store) FactsOfNew(ctx context.Context, scope innards.Scope, asks []reservation.Ask) ([]*reservation.Facts, error) {
	if err := scope.Err(); err != nil {
		return nil, err
	}
	var facts []*reservation.Facts
	err := s.on.Snapshot(ctx, func(ctx context.Context, c *bunstore.Conn) error {
		n := newFacts{store: s, scope: scope, asks: asks, conn: c, numbers: map[propertyNumber]bool{}, facts: make([]*reservation.Facts, len(asks))}
		facts = n.facts
		return n.read(ctx)
	})
	return facts, err
}

func (n *newFacts) read(ctx context.Context) (err error) {
	var keys, numbers []string
	byProperty := map[string][]int{} // places of asks
	for i, ask := range n.asks {
		keys, numbers = append(keys, ask.Key), append(numbers, ask.Number)
		byProperty[ask.Property] = append(byProperty[ask.Property], i)
	}
	if n.prior, err = n.store.on.Priors(ctx, n.conn, n.scope, keys); err != nil {
		return err
	}
	if err := n.readNumbers(ctx, numbers); err != nil {
		return err
	}
	for id, places := range byProperty {
		if err := n.readProperty(ctx, id, places); err != nil && !errors.Is(err, innards.ErrNotFound) {
			return err
		}
	}
	return nil
}

// readNumbers reads which of the numbers are in use, in any property.
func (n *newFacts) readNumbers(ctx context.Context, numbers []string) error {
	numbers = slices.DeleteFunc(numbers, func(number string) bool { return number == "" })
	if len(numbers) == 0 {
		return nil
	}
	list, err := documentOf(numbers)
	if err != nil {
		return err
	}
	return n.conn.Rows(ctx, func(rows *sql.Rows) error {
		var at propertyNumber
		err := rows.Scan(&at.property, &at.number)
		n.numbers[at] = true
		return err
	}, takenNumbers, n.scope.Tenant(), list)
}

// readProperty makes the facts of the asks at the places, which are of one property.
func (n *newFacts) readProperty(ctx context.Context, id string, places []int) error {
	first, _, err := n.store.recordFacts(ctx, n.conn, n.scope, reservation.Ask{Property: id, At: n.asks[places[0]].At})
	if err != nil {
		return err
	}
	var all reservation.Need
	needs := make([]reservation.Need, len(places))
	for i, place := range places {
		if need := n.asks[place].Need; need != nil {
			needs[i] = need(&reservation.Reservation{}, first.Property)
		}
		all.Dates = append(all.Dates, needs[i].Dates...)
		all.Rooms = append(all.Rooms, needs[i].Rooms...)
		all.Types = append(all.Types, needs[i].Types...)
	}
	slices.Sort(all.Types)
	slices.Sort(all.Rooms)
	all.Types, all.Rooms = slices.Compact(all.Types), slices.Compact(all.Rooms)
	if err := readInventory(ctx, n.conn, first, all); err != nil {
		return err
	}
	for i, place := range places {
		n.facts[place] = n.factsFor(n.asks[place], first, needs[i])
	}
	return nil
}

// factsFor returns the part that is needed of what was read for all.
func (n *newFacts) factsFor(ask reservation.Ask, all *reservation.Facts, need reservation.Need) *reservation.Facts {
	f := &reservation.Facts{
		Head: all.Head, Property: all.Property, NumberTaken: n.numbers[propertyNumber{ask.Property, ask.Number}],
		Taken: map[reservation.RoomNight]string{}, Sold: map[reservation.TypeNight]int{}, InHouse: map[string]string{},
	}
	f.Now, f.Prior = ask.At, n.prior[ask.Key]
	for _, d := range need.Dates {
		for _, t := range need.Types {
			at := reservation.TypeNight{Type: t, SlotDate: d}
			f.Sold[at] = all.Sold[at]
		}
		for _, room := range need.Rooms {
			copyOf(f.Taken, all.Taken, reservation.RoomNight{Room: room, SlotDate: d})
		}
	}
	for _, room := range need.Rooms {
		copyOf(f.InHouse, all.InHouse, room)
	}
	return f
}

// copyOf copies what is there at the key.
func copyOf[K comparable](to, from map[K]string, key K) {
	if id, ok := from[key]; ok {
		to[key] = id
	}
}

// A creation is many new reservations that one transaction writes.
type creation []*write

// CommitAll implements [reservation.Batcher].
func (s *Store) CommitAll(ctx context.Context, changes []*reservation.Change) (err error) {
	writes := make(creation, len(changes))
	for i, c := range changes {
		if writes[i], err = s.prepare(c); err != nil {
			return err
		}
		if w := writes[i]; w.claims != nil {
			w.claims.cleared = true
		}
	}
	if len(writes) == 0 {
		return nil
	}
	return s.on.Write(ctx, bunstore.Work{Run: writes.run, Many: true})
}

// run leaves it to the constraints what stands against a change: nothing is left of the others then.
func (m creation) run(ctx context.Context, c *bunstore.Conn) error {
	if c.Dialect() == bunstore.Postgres {
		if err := c.Row(ctx, []any{new(any)}, oneOfMany, m[0].after.Tenant); err != nil {
			return err
		}
	}
	if err := m.checkProperties(ctx, c); err != nil {
		return err
	}
	if err := m.clear(ctx, c); err != nil {
		return err
	}
	for _, w := range m {
		for _, step := range []func(context.Context, *bunstore.Conn) error{w.insertRow, w.writeTerms, w.claims.write, w.record.Write} {
			if err := step(ctx, c); err != nil {
				return err
			}
		}
	}
	for _, w := range m { // last, since what may be undone by itself makes SQLite write the words that are there
		if err := w.writeWords(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// checkProperties returns ErrStale if a property has changed since it was seen.
func (m creation) checkProperties(ctx context.Context, c *bunstore.Conn) error {
	type seen struct {
		property propertyID
		version  int64
	}
	var all []seen
	for _, w := range m {
		if w.SeenProperty != 0 {
			all = append(all, seen{propertyID{w.after.Tenant, w.after.Property}, w.SeenProperty})
		}
	}
	slices.SortFunc(all, func(a, b seen) int {
		return cmp.Or(cmp.Compare(a.property.id, b.property.id), cmp.Compare(a.version, b.version))
	})
	for _, s := range slices.Compact(all) {
		if err := checkProperty(ctx, c, s.property, s.version); err != nil {
			return err
		}
	}
	return nil
}

// clear removes the claims that have expired within the nights that are claimed, once for all reservations of a property.
func (m creation) clear(ctx context.Context, c *bunstore.Conn) error {
	spans := map[string]*claims{}
	for _, w := range m {
		if w.claims == nil {
			continue
		}
		q := w.claims.inventory
		all := spans[q.property]
		if all == nil {
			span := *q
			spans[q.property] = &claims{inventory: &span, first: true}
			continue
		}
		all.inventory.from, all.inventory.to = min(all.inventory.from, q.from), max(all.inventory.to, q.to)
	}
	for _, property := range slices.Sorted(maps.Keys(spans)) {
		if err := spans[property].write(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
