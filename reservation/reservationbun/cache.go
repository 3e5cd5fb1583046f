package reservationbun

import (
	"sync"

	"github.com/innards-go/innards/reservation"
)

// maxProperties is how many properties are kept ready to be used.
const maxProperties = 1024

// properties keeps properties as they were parsed, so that they need not be parsed again. An entry is used only if the
// database has its version. It is safe for concurrent use.
type properties struct {
	mu   sync.RWMutex
	byID map[propertyID]*reservation.Property
}

type propertyID struct{ tenant, id string }

func newProperties() *properties { return &properties{byID: map[propertyID]*reservation.Property{}} }

// latest returns the property at the version that was read last, or nil.
func (c *properties) latest(tenant, id string) *reservation.Property {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byID[propertyID{tenant, id}]
}

// at returns the property at the version, or nil.
func (c *properties) at(tenant, id string, version int64) *reservation.Property {
	if p := c.latest(tenant, id); p != nil && p.Version == version {
		return p
	}
	return nil
}

// keep keeps the property; any other gives way if there are too many.
func (c *properties) keep(p *reservation.Property) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for other := range c.byID {
		if len(c.byID) < maxProperties {
			break
		}
		delete(c.byID, other)
	}
	c.byID[propertyID{p.Tenant, p.ID}] = p
}
