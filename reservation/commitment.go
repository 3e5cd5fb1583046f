package reservation

import (
	"time"

	"github.com/innards-go/innards"
)

// MakeDefinite binds the house: it promotes a waitlisted reservation, answers an inquiry or takes an option up, also a
// lapsed one if the type is still free.
type MakeDefinite struct{}

// HoldOption holds the room until a release time.
type HoldOption struct {
	ReleaseAt time.Time `json:"release_at" doc:"from this instant on the room is no longer held"`
}

// Waitlist gives the room back and lets the guest wait.
type Waitlist struct{}

// Name implements [Intent].
func (MakeDefinite) Name() string { return "make_definite" }

// Name implements [Intent].
func (HoldOption) Name() string { return "hold_option" }

// Name implements [Intent].
func (Waitlist) Name() string { return "waitlist" }

func (MakeDefinite) need(r *Reservation, p *Property) Need { return r.need(p) }
func (HoldOption) need(r *Reservation, p *Property) Need   { return r.need(p) }

// Plan implements [Intent].
func (MakeDefinite) Plan(f *Facts, c *Change) []innards.Blocker {
	c.After.ReleaseAt = nil
	return c.takeAgain(f)
}

// Plan implements [Intent].
func (in HoldOption) Plan(f *Facts, c *Change) []innards.Blocker {
	c.After.ReleaseAt = utc(&in.ReleaseAt)
	return append(checkRelease(&in.ReleaseAt, f.Now), c.takeAgain(f)...)
}

// takeAgain takes the inventory that was not held. The guard has checked the types of the nights; a room that is taken is
// dropped, and then the type as booked must be free.
func (c *Change) takeAgain(f *Facts) []innards.Blocker {
	if !f.Reservation.Blocks(f.Now) && c.restoreRooms() {
		return c.takeInventory()
	}
	c.retake()
	return nil
}

// Plan implements [Intent].
func (Waitlist) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.After.ReleaseAt, c.After.Overbooked = nil, false
	return nil
}
