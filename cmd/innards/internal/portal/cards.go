package portal

import (
	"context"
	"errors"
	"net/url"

	"github.com/innards-go/innards/reservation"
)

// ErrDeclined is matched by the answer of a payment provider that does not accept the card.
var ErrDeclined = errors.New("portal: the card was declined")

// Cards is a payment provider that keeps cards. The number of a card is typed on its pages and never seen here.
type Cards interface {
	// Begin returns the address at which the guest types the card for the reservation. The provider then sends the guest to
	// back, with its name for what was typed as the parameter "card".
	Begin(ctx context.Context, reservation, back string) (address string, err error)
	// Card returns the token that the provider has made, or an error that matches [ErrDeclined], also for a name that it did
	// not give out for the reservation. It can be asked again.
	Card(ctx context.Context, reservation, name string) (reservation.Card, error)
}

// TestCards offers two invented cards, for demonstrations: nobody can pay with them.
type TestCards struct{}

// The invented cards, by the names that [TestCards] gives them.
const (
	TestAccepted = "accepted"
	TestDeclined = "declined"
)

// Begin implements [Cards]: the page beside back.
func (TestCards) Begin(_ context.Context, _, back string) (string, error) {
	return url.JoinPath(back, "test")
}

// Card implements [Cards].
func (TestCards) Card(_ context.Context, _, name string) (reservation.Card, error) {
	if name != TestAccepted {
		return reservation.Card{}, ErrDeclined
	}
	return reservation.Card{Token: "tok_test_" + name, Brand: "Test", Last4: "0000", Expires: "2099-12"}, nil
}
