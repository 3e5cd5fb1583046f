package portal

import (
	"context"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/reservation"
)

// ActorPrefix begins the id of every guest in the history. The rest is the id of the reservation, which is no personal data.
const ActorPrefix = "guest-"

// Rights are those of a guest. Each command is also open to guests by its row of a lifecycle.
func Rights() []innards.Right {
	rights := []innards.Right{access.ReadReservations}
	for _, in := range []reservation.Intent{
		reservation.Cancel{}, reservation.CheckOut{}, reservation.StoreCard{}, reservation.GuaranteeBy{}, reservation.UpdateGuest{},
	} {
		rights = append(rights, innards.Right(reservation.Kind+"."+in.Name()))
	}
	return rights
}

// Stays is where a stay is read. A [reservation.Service] is one.
type Stays interface {
	Get(context.Context, innards.Actor, string) (reservation.Reservation, error)
}

// Enter returns the stay of the guest and the actor that the guest is. A stay that is gone, or is of no party, is not found:
// whoever is confined to no party would be staff.
func (g Guest) Enter(ctx context.Context, stays Stays) (innards.Actor, reservation.Reservation, error) {
	actor := innards.Actor{ID: ActorPrefix + g.Reservation, Tenant: g.Tenant, Property: g.Property}
	stay, err := stays.Get(ctx, actor, g.Reservation)
	if err == nil && stay.Party == "" {
		err = innards.ErrNotFound
	}
	if err != nil {
		return innards.Actor{}, reservation.Reservation{}, err
	}
	actor.Party, actor.Rights = stay.Party, Rights()
	return actor, stay, nil
}
