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
	c.takeAgain(f)
	return nil
}

// Plan implements [Intent].
func (in HoldOption) Plan(f *Facts, c *Change) []innards.Blocker {
	c.After.ReleaseAt = utc(&in.ReleaseAt)
	c.takeAgain(f)
	return checkRelease(&in.ReleaseAt, f.Now)
}

// takeAgain takes the inventory that was not held. The guard has checked the type; a room that is taken is dropped.
func (c *Change) takeAgain(f *Facts) {
	if !f.Reservation.Blocks(f.Now) {
		c.restoreRooms()
	}
	c.retake()
}

// Plan implements [Intent].
func (Waitlist) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.After.ReleaseAt, c.After.Overbooked = nil, false
	return nil
}
