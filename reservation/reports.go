package reservation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// Get returns one reservation.
func (s *Service) Get(ctx context.Context, a innards.Actor, id string) (Reservation, error) {
	return s.store.Reservation(ctx, a.Scope(), id)
}

// Property returns one property.
func (s *Service) Property(ctx context.Context, a innards.Actor, id string) (*Property, error) {
	return s.store.Property(ctx, a.Scope(), id)
}

// Properties returns all properties that the actor sees.
func (s *Service) Properties(ctx context.Context, a innards.Actor) ([]*Property, error) {
	return s.store.Properties(ctx, a.Scope())
}

// History returns up to limit events of a reservation with a sequence above after.
func (s *Service) History(ctx context.Context, a innards.Actor, id string, after int64, limit int) ([]innards.Event, error) {
	return s.store.History(ctx, a.Scope(), Kind, id, after, limit)
}

// PropertyHistory is History for a property.
func (s *Service) PropertyHistory(ctx context.Context, a innards.Actor, id string, after int64, limit int) ([]innards.Event, error) {
	return s.store.History(ctx, a.Scope(), PropertyKind, id, after, limit)
}

// Feed returns up to limit events of all records that the actor sees, with a cursor above after.
func (s *Service) Feed(ctx context.Context, a innards.Actor, after int64, limit int) ([]innards.Event, error) {
	return s.store.Feed(ctx, a.Scope(), after, limit)
}

// States are what is derived of a reservation at an instant.
type States struct {
	Valid          bool           `json:"valid" doc:"expected, checked in or checked out"`
	GuaranteeState GuaranteeState `json:"guarantee_state" doc:"derived of the guarantee, the policy and the clock"`
	StayState      StayState      `json:"stay_state" doc:"derived of the occupancy, the dates and the property's calendar"`
}

// States returns what is derived of r now.
func (s *Service) States(r *Reservation, p *Property) States { return s.Derive(p).Of(r) }

// A Derivation derives the states of a property's reservations at one instant.
type Derivation struct {
	guarantee alternatives[GuaranteeState]
	stay      alternatives[StayState]
}

// Derive returns the derivation for a property now. It is worth keeping for all reservations of a page.
func (s *Service) Derive(p *Property) Derivation {
	now := command.Now(s.clock)
	return Derivation{guaranteeStates(now), stayStates(p.Today(now))}
}

// Of returns what is derived of r.
func (d Derivation) Of(r *Reservation) States {
	return States{Valid: r.IsValid(), GuaranteeState: d.guarantee.of(r), StayState: d.stay.of(r)}
}

// OfSummary returns what is derived of the reservation that s is a summary of.
func (d Derivation) OfSummary(s *Summary) States { return d.Of(s.standIn()) }

// Quote returns the fee of cancelling the reservation, or marking it as a no-show, at the instant; the zero instant is
// now.
func (s *Service) Quote(ctx context.Context, a innards.Actor, id string, at time.Time, kind Occupancy) (Quote, error) {
	r, p, err := s.withProperty(ctx, a, id)
	if err != nil {
		return Quote{}, err
	}
	if at.IsZero() {
		at = command.Now(s.clock)
	}
	return r.Quote(at.UTC(), kind, p)
}

// Timeline returns every cancellation fee from the creation on.
func (s *Service) Timeline(ctx context.Context, a innards.Actor, id string) ([]Quote, error) {
	r, p, err := s.withProperty(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return r.Timeline(p)
}

func (s *Service) withProperty(ctx context.Context, a innards.Actor, id string) (Reservation, *Property, error) {
	r, err := s.store.Reservation(ctx, a.Scope(), id)
	if err != nil {
		return r, nil, err
	}
	p, err := s.store.Property(ctx, a.Scope(), r.Property)
	return r, p, err
}

// An Awaiting is a line of the report of reservations awaiting guarantee.
type Awaiting struct {
	Reservation Reservation `json:"reservation"`
	// State is awaiting or overdue.
	State    GuaranteeState `json:"guarantee_state"`
	Deadline *time.Time     `json:"deadline,omitempty"`
	// DaysLeft are civil days until the deadline in the property's zone, negative if it is late; nil without a deadline.
	DaysLeft *int `json:"days_left,omitempty"`
	// Due is the deposit that is due and neither paid nor authorised.
	Due innards.Money `json:"due"`
}

// AwaitingGuarantee returns a page of the reservations of a property whose guarantee is awaited or overdue.
func (s *Service) AwaitingGuarantee(ctx context.Context, a innards.Actor, q Search) ([]Awaiting, *Cursor, error) {
	p, err := s.propertyOf(ctx, a, q)
	if err != nil {
		return nil, nil, err
	}
	q.GuaranteeState = []GuaranteeState{StateAwaiting, StateOverdue}
	page, err := s.Search(ctx, a, q)
	if err != nil {
		return nil, nil, err
	}
	now := command.Now(s.clock)
	lines := make([]Awaiting, len(page.Reservations))
	for i, r := range page.Reservations {
		lines[i] = Awaiting{Reservation: r, State: r.GuaranteeState(now), Deadline: r.GuaranteeDeadline, Due: r.outstanding(now, p)}
		if r.GuaranteeDeadline != nil {
			left := p.Today(now).DaysUntil(p.Today(*r.GuaranteeDeadline))
			lines[i].DaysLeft = &left
		}
	}
	return lines, page.Next, nil
}

// A DayList names one of the front desk's lists of a day.
type DayList string

// The lists. Arrivals and departures are of the business date, with those that were carried out already.
const (
	ListArrivals   DayList = "arrivals"
	ListDepartures DayList = "departures"
	ListInHouse    DayList = "in_house"
	ListUnassigned DayList = "unassigned" // arrivals of the business date without a room
	ListOverdue    DayList = "overdue"    // overdue arrivals and overstays
)

// DayLists returns all lists of a day.
func DayLists() []DayList {
	return []DayList{ListArrivals, ListDepartures, ListInHouse, ListUnassigned, ListOverdue}
}

// Search returns the search for the list of a property on its business date; false if there is no such list.
func (l DayList) Search(p *Property) (Search, bool) {
	q, valid := Search{Property: p.ID, Commitment: []Commitment{Definite}}, true
	switch day := p.BusinessDate; l {
	case ListArrivals:
		q.Valid, q.ArrivalFrom, q.ArrivalTo = &valid, day, day
	case ListDepartures:
		q.Occupancy = []Occupancy{CheckedIn, CheckedOut}
		q.DepartureFrom, q.DepartureTo = day, day
	case ListInHouse:
		q.Occupancy = []Occupancy{CheckedIn}
	case ListUnassigned:
		q.Occupancy, q.Unassigned = []Occupancy{Expected}, true
		q.ArrivalFrom, q.ArrivalTo = day, day
	case ListOverdue:
		q.StayState = []StayState{StayOverdueArrival, StayOverstay}
	default:
		return q, false
	}
	return q, true
}

// Day returns a page of one of the lists of a property.
func (s *Service) Day(ctx context.Context, a innards.Actor, property string, list DayList, after *Cursor, limit int) (Listing, error) {
	p, err := s.store.Property(ctx, a.Scope(), property)
	if err != nil {
		return Listing{}, err
	}
	q, known := list.Search(p)
	if !known {
		return Listing{}, refuse("day", QueryInvalid.In("list", string(list)))
	}
	q.After, q.Limit = after, limit
	return s.List(ctx, a, q)
}

// A DisplayClass is how the room calendar shows a reservation.
type DisplayClass string

// The display classes: by guarantee while the guest is expected, by occupancy after that. Colours never stand alone: the
// class is shown as a word too.
const (
	ClassGuaranteed    DisplayClass = "guaranteed"
	ClassAwaiting      DisplayClass = "awaiting"
	ClassOverdue       DisplayClass = "overdue"
	ClassNonGuaranteed DisplayClass = "non_guaranteed"
	ClassOptional      DisplayClass = "optional"
	ClassInHouse       DisplayClass = "in_house"
	ClassDeparted      DisplayClass = "departed"
)

// DisplayClass returns the class of a valid reservation at the instant.
func (r *Reservation) DisplayClass(at time.Time) DisplayClass {
	switch {
	case r.Occupancy == CheckedIn:
		return ClassInHouse
	case r.Occupancy == CheckedOut:
		return ClassDeparted
	case r.Commitment == Optional:
		return ClassOptional
	}
	return DisplayClass(r.GuaranteeState(at))
}

// A CalendarStay is a run of nights of one reservation in one room.
type CalendarStay struct {
	Reservation string       `json:"reservation"`
	Number      string       `json:"number"`
	Guest       string       `json:"guest"`
	Class       DisplayClass `json:"class"`
	From        innards.Date `json:"from"`
	To          innards.Date `json:"to"` // the day after the last night; equal to From for a day use
}

// A CalendarRow is a room with its stays, or, with an empty room, the stays of a type without one.
type CalendarRow struct {
	Room  string         `json:"room"`
	Name  string         `json:"name"`
	Type  string         `json:"type"`
	Stays []CalendarStay `json:"stays"`
	// OutOfOrder rooms take no guest.
	OutOfOrder bool `json:"out_of_order,omitempty"`
}

// maxCalendarDays bounds a calendar.
const maxCalendarDays = 366

// Calendar returns the rooms of a property with the stays in the nights from the first date up to, not including, the
// second.
func (s *Service) Calendar(ctx context.Context, a innards.Actor, property string, from, to innards.Date) ([]CalendarRow, error) {
	p, held, err := s.held(ctx, a, property, from, to)
	if err != nil {
		return nil, err
	}
	stays, err := s.staysOf(ctx, a, property, held)
	if err != nil {
		return nil, err
	}
	rows := make([]CalendarRow, 0, len(p.Rooms))
	for _, r := range p.Rooms {
		rows = append(rows, CalendarRow{Room: r.ID, Name: r.Name, Type: r.Type, OutOfOrder: r.OutOfOrder, Stays: []CalendarStay{}})
	}
	for _, t := range p.Types {
		rows = append(rows, CalendarRow{Type: t.ID, Name: t.Name, Stays: []CalendarStay{}})
	}
	s.place(rows, held, stays)
	return rows, nil
}

func (s *Service) held(ctx context.Context, a innards.Actor, property string, from, to innards.Date) (*Property, []HeldNight, error) {
	p, err := s.store.Property(ctx, a.Scope(), property)
	if err != nil {
		return nil, nil, err
	}
	if from.IsZero() || !from.Before(to) || from.DaysUntil(to) > maxCalendarDays {
		return nil, nil, refuse("calendar", QueryInvalid.In("to", "1 to", maxCalendarDays, "days from", from, "are accepted"))
	}
	held, err := s.store.Held(ctx, a.Scope(), property, from, to, command.Now(s.clock))
	return p, held, err
}

// staysOf returns the valid reservations of the nights by id. It asks for them by their ids, so that it takes no longer in a
// house with a long past.
func (s *Service) staysOf(ctx context.Context, a innards.Actor, property string, held []HeldNight) (map[string]Summary, error) {
	var ids []string
	for _, h := range held {
		ids = append(ids, h.Reservation)
	}
	slices.Sort(ids)
	stays := map[string]Summary{}
	for some := range slices.Chunk(slices.Compact(ids), MaxLimit) {
		among := All(Test{Field: FieldID, Op: OpIn, Value: some}, Test{Field: FieldProperty, Op: OpIs, Value: property}, inOccupancy(true))
		page, err := s.store.List(ctx, a.Scope(), Query{Where: []Condition{among}, Sort: FieldArrival, Limit: MaxLimit})
		if err != nil {
			return nil, err
		}
		for _, stay := range page.Items {
			stays[stay.ID] = stay
		}
	}
	return stays, nil
}

// place puts the nights into the rows, joining those that follow each other.
func (s *Service) place(rows []CalendarRow, held []HeldNight, stays map[string]Summary) {
	now, at := command.Now(s.clock), map[[2]string]int{}
	for i, row := range rows {
		if key := [2]string{row.Room}; row.Room != "" {
			at[key] = i
		} else {
			at[[2]string{"", row.Type}] = i
		}
	}
	slices.SortStableFunc(held, func(a, b HeldNight) int {
		return cmp.Or(cmp.Compare(a.Reservation, b.Reservation), a.Date.Compare(b.Date))
	})
	for _, h := range held {
		key := [2]string{h.Room}
		if h.Room == "" {
			key[1] = h.Type
		}
		i, ok := at[key]
		r, known := stays[h.Reservation]
		if !ok || !known {
			continue
		}
		rows[i].add(h, &r, now)
	}
	for i := range rows {
		slices.SortFunc(rows[i].Stays, func(a, b CalendarStay) int {
			return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Reservation, b.Reservation))
		})
	}
}

func (row *CalendarRow) add(h HeldNight, r *Summary, now time.Time) {
	end := h.Date
	if h.Slot == SlotNight {
		end = h.Date.AddDays(1)
	}
	if n := len(row.Stays); n > 0 {
		if last := &row.Stays[n-1]; last.Reservation == h.Reservation && last.To == h.Date {
			last.To = end
			return
		}
	}
	row.Stays = append(row.Stays, CalendarStay{
		Reservation: r.ID, Number: r.Number, Guest: r.GuestName, Class: r.standIn().DisplayClass(now), From: h.Date, To: end,
	})
}

// Availability returns what is left of every room type in the nights from the first date up to, not including, the
// second, by date and type.
func (s *Service) Availability(ctx context.Context, a innards.Actor, property string, from, to innards.Date) ([]Availability, error) {
	a.Party = "" // availability shows numbers, not reservations
	p, held, err := s.held(ctx, a, property, from, to)
	if err != nil {
		return nil, err
	}
	sold := map[TypeNight]int{}
	for _, h := range held {
		sold[h.typeNight()]++
	}
	var out []Availability
	for d := from; d.Before(to); d = d.AddDays(1) {
		for _, t := range p.Types {
			n := sold[TypeNight{t.ID, SlotDate{d, SlotNight}}]
			in := p.InService(t.ID)
			out = append(out, Availability{Type: t.ID, Date: d, InService: in, Sold: n, Free: in - n})
		}
	}
	return out, nil
}
