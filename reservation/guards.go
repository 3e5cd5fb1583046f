package reservation

import (
	"slices"

	"github.com/innards-go/innards"
)

// block returns the blocker of r if it holds.
func block(holds bool, r innards.Reason, details ...any) []innards.Blocker {
	return blockField(holds, "", r, details...)
}

// blockField is block for what a field of the input asks for. Who asks for something else is not refused for it.
func blockField(holds bool, field string, r innards.Reason, details ...any) []innards.Blocker {
	if !holds {
		return nil
	}
	return []innards.Blocker{r.In(field, details...)}
}

// intentOf returns the intent if it is an I, given as a value or a pointer.
func intentOf[I any](given any) (I, bool) {
	switch in := given.(type) {
	case I:
		return in, true
	case *I:
		return *in, true
	}
	var none I
	return none, false
}

func mustBeValid(f *Facts) []innards.Blocker { return block(!f.Reservation.IsValid(), NotValid) }

func mustHaveEmail(f *Facts) []innards.Blocker {
	return block(f.Reservation.Guest.Email == "", EmailRequired)
}

func mustBeDefinite(f *Facts) []innards.Blocker {
	return block(f.Reservation.Commitment != Definite, NotDefinite, f.Reservation.Commitment)
}

func mustBeOptional(f *Facts) []innards.Blocker {
	return block(f.Reservation.Commitment != Optional, OptionNotReleasable, f.Reservation.Commitment)
}

func mustHaveArrived(f *Facts) []innards.Blocker {
	return block(f.Reservation.Arrival.After(f.BusinessDate), ArrivalAhead,
		"it is on", f.Reservation.Arrival, "and the business date is", f.BusinessDate)
}

// mustNotBeOver lets a late guest in until the day of departure is closed, so that who comes after midnight for one night
// is not refused.
func mustNotBeOver(f *Facts) []innards.Blocker {
	return block(f.BusinessDate.After(f.Reservation.Departure), StayOver, f.Reservation.Departure)
}

// arrivalMustBeOver holds in the strict profile only; the seed profile warns.
func arrivalMustBeOver(f *Facts) []innards.Blocker {
	return block(f.Property.Settings.Profile == ProfileStrict && f.noShowIsEarly(), NoShowEarly, f.Reservation.Arrival)
}

func (f *Facts) noShowIsEarly() bool {
	return f.Reservation.Occupancy == Expected && !f.BusinessDate.After(f.Reservation.Arrival)
}

func mustBeSettled(f *Facts) []innards.Blocker {
	if f.Folio == nil {
		return nil
	}
	return block(f.Folio.Balance.Sign() > 0, BalanceOpen, f.Folio.Balance)
}

func mustNotBeCharged(f *Facts) []innards.Blocker {
	return block(f.Folio != nil && f.Folio.Charged, AlreadyCharged)
}

// feeMustBeChargeable refuses only if there is something to charge and the folio cannot take it. Who asks to waive the fee
// needs the right to that, and no folio.
func feeMustBeChargeable(kind Occupancy) innards.Guard[*Facts] {
	return func(f *Facts) []innards.Blocker {
		if f.Folio == nil || !f.Folio.Closed || asksWaiver(f.Intent) {
			return nil
		}
		quote, err := f.Reservation.Quote(f.Now, kind, f.Property)
		return block(err == nil && quote.Fee.Sign() > 0, FolioClosed, quote.Fee)
	}
}

func asksWaiver(in Intent) bool {
	w, ok := in.(interface{ waives() bool })
	return ok && w.waives()
}

func guestNotInHouse(f *Facts) []innards.Blocker {
	return block(f.Actor.Party != "" && f.Reservation.Occupancy != Expected, innards.StaffOnly, "the stay has begun")
}

func guestByPortal(f *Facts) []innards.Blocker {
	in, ok := intentOf[GuaranteeBy](f.Intent)
	byOther := f.Actor.Party != "" && ok && in.Trigger != TriggerPortal
	return blockField(byOther, "trigger", innards.StaffOnly, "guests guarantee by the trigger", TriggerPortal)
}

func mustNotBeInHouse(f *Facts) []innards.Blocker { return block(true, InHouse) }

func checkedInToday(f *Facts) []innards.Blocker {
	return block(f.Reservation.CheckedOn != f.BusinessDate, UndoWindow, "it was on", f.Reservation.CheckedOn)
}

// undoInTime holds in the strict profile only: until the day of departure is closed.
func undoInTime(f *Facts) []innards.Blocker {
	late := f.Property.Settings.Profile == ProfileStrict && f.BusinessDate.After(f.Reservation.Departure)
	return block(late, UndoWindow, "the day of departure is closed")
}

func mustNotBeLocked(f *Facts) []innards.Blocker {
	return block(f.Reservation.RoomLocked, RoomIsLocked)
}

// mustBeOverdue holds once for every deadline.
func mustBeOverdue(f *Facts) []innards.Blocker {
	r := &f.Reservation
	isDue := r.GuaranteeState(f.Now) == StateOverdue && !slices.Contains(r.Done, deadlineOccurrence(r))
	return block(!isDue, DeadlineNotOver)
}

func mustHaveTwoNights(f *Facts) []innards.Blocker {
	return block(len(f.Reservation.Nights) < 2, StayOver, "only one night is left")
}

// roomMustBeReady checks the room that is assigned for the night; without one the plan asks for it.
func roomMustBeReady(f *Facts) []innards.Blocker {
	id := f.Reservation.nextRoom(f.BusinessDate)
	room, _ := f.Property.Room(id)
	return append(block(room.OutOfOrder, RoomOutOfOrder, id), block(f.InHouse[id] != "", RoomOccupied, id)...)
}

// roomMustStillBeFree checks the nights, some of which may have been given back, and that nobody else is in the room.
func roomMustStillBeFree(f *Facts) []innards.Blocker {
	r := &f.Reservation
	id := r.RoomOn(f.BusinessDate)
	room, _ := f.Property.Room(id)
	blockers := append(block(f.InHouse[id] != "", RoomOccupied, id), block(room.OutOfOrder, RoomOutOfOrder, id)...)
	for _, n := range r.Nights {
		givenBack := !r.ReleasedFrom.IsZero() && !n.Date.Before(r.ReleasedFrom)
		blockers = append(blockers, block(f.isTaken(n.Room, n), RoomTaken, n.Room, "on", n.Date)...)
		blockers = append(blockers, block(givenBack && f.isSoldOut(n), SoldOut, n.Type, "on", n.Date)...)
	}
	return blockers
}

// typeMustBeFree checks the nights that are not held yet: all of them unless it is an option before its release.
func typeMustBeFree(f *Facts) (blockers []innards.Blocker) {
	if f.Reservation.Blocks(f.Now) {
		return nil
	}
	for _, n := range f.Reservation.Nights {
		blockers = append(blockers, block(f.isSoldOut(n), SoldOut, n.Type, "on", n.Date)...)
	}
	return blockers
}

// bookedTypeMustBeFree checks the nights that go back from the type of their room to the type as booked.
func bookedTypeMustBeFree(f *Facts) (blockers []innards.Blocker) {
	r := &f.Reservation
	for _, n := range r.Nights {
		goesBack := n.Type != r.Type && r.Blocks(f.Now)
		n.Type = r.Type
		blockers = append(blockers, block(goesBack && f.isSoldOut(n), SoldOut, n.Type, "on", n.Date)...)
	}
	return blockers
}

func fromBookingEngine(f *Facts) bool {
	create, ok := intentOf[Create](f.Intent)
	return ok && create.Source == SourceBookingEngine
}
