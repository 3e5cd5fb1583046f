package reservationtest

import (
	"testing"

	"github.com/innards-go/innards/reservation"
)

func TestMemoryStore(t *testing.T) {
	TestStore(t, func(*testing.T) reservation.Store { return NewStore() })
}
