package reservation_test

import (
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// What the hotel's own booking engine makes is confirmed, nothing else.
func TestOnlyTheBookingEngineConfirmsByItself(t *testing.T) {
	h := open(t)
	for _, source := range reservation.Sources() {
		c := booking(from(source))
		if source == reservation.SourceChannelManager {
			c.Channel = &reservation.Channel{Name: "a channel"}
		}
		c.Arrival, c.Departure = day(len(source)), day(len(source)+1)
		want := reservation.Unconfirmed
		if source == reservation.SourceBookingEngine {
			want = reservation.Confirmed
		}
		equal(t, string(source), h.do("", c).Confirmation, want)
	}
}

// Sending asks the mailer; the reservation is confirmed when the mail server has accepted the mail.
func TestConfirmationByMail(t *testing.T) {
	h := open(t)
	id := h.book()
	h.outbox()
	receipt := h.do(id, reservation.SendConfirmation{})
	equal(t, "after sending", receipt.Confirmation, reservation.Unconfirmed)
	equal(t, "effects", len(receipt.Effects), 1)
	messages := h.outbox()
	equal(t, "messages", len(messages), 1)
	equal(t, "key", messages[0].Key, "reservation/"+id+"/confirmation/2")
	equal(t, "key of the receipt", receipt.Effects[0], messages[0].Key)
	equal(t, "kind", messages[0].Kind, reservation.EffectConfirmation)
	equal(t, "payload", string(messages[0].Payload), `{"revision":1}`)
	equal(t, "sequence", messages[0].Sequence, 2)
	equal(t, "when accepted", h.do(id, reservation.ConfirmationSent{Revision: 1}).Confirmation, reservation.Confirmed)
	equal(t, "stale", h.get(id).ConfirmationStale, false)
}

// An amendment that overtakes the mail leaves the confirmation stale; sending it again clears that, and the older mail,
// accepted at last, does not bring it back.
func TestConfirmationOvertakenByAnAmendment(t *testing.T) {
	h := open(t)
	id := h.book()
	h.do(id, reservation.SendConfirmation{})
	equal(t, "revision", h.get(id).Revision, 1)
	h.do(id, reservation.Amend{Adults: ptr(1)})
	equal(t, "revision", h.get(id).Revision, 2)
	equal(t, "stale before it is confirmed", h.get(id).ConfirmationStale, false)
	h.do(id, reservation.ConfirmationSent{Revision: 1})
	equal(t, "stale when overtaken", h.get(id).ConfirmationStale, true)
	h.do(id, reservation.SendConfirmation{})
	equal(t, "stale until it is accepted", h.get(id).ConfirmationStale, true)
	h.do(id, reservation.ConfirmationSent{Revision: 2})
	equal(t, "stale when sent again", h.get(id).ConfirmationStale, false)
	h.do(id, reservation.ConfirmationSent{Revision: 1})
	equal(t, "stale after the older mail", h.get(id).ConfirmationStale, false)
	h.do(id, reservation.RevokeConfirmation{})
	h.do(id, reservation.ConfirmationSent{Revision: 1})
	equal(t, "stale after revoking and the older mail", h.get(id).ConfirmationStale, true)
}

func TestConfirmationRefused(t *testing.T) {
	h := open(t)
	id := h.book(func(c *reservation.Create) { c.Guest.Email = "" })
	h.refused(id, reservation.SendConfirmation{}, reservation.EmailRequired)
	h.refused(id, reservation.ConfirmationSent{Revision: 0}, reservation.RevisionPast)
	h.refused(id, reservation.ConfirmationSent{Revision: 2}, reservation.RevisionPast)
	h.refused(id, reservation.MarkConfirmed{}, reservation.NoteRequired)
	h.refused(id, reservation.MarkConfirmed{Note: " \n"}, reservation.NoteRequired)
	h.refused(id, reservation.MarkConfirmed{Note: "4111 1111 1111 1111"}, innards.CardNumber)
	h.refused(id, reservation.MarkConfirmed{Note: strings.Repeat("x", 2001)}, innards.TextInvalid)
	h.do(id, reservation.MarkConfirmed{Note: strings.Repeat("x", 2000)})
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest})
	h.refused(id, reservation.SendConfirmation{}, reservation.EmailRequired, reservation.NotValid)
	h.refused(id, reservation.MarkConfirmed{Note: "by phone"}, reservation.NotValid)
	equal(t, "cancelling", h.get(id).Confirmation, reservation.Confirmed)
}

// The note how it was confirmed is kept, in the part of the history that can be erased.
func TestMarkConfirmedKeepsTheNote(t *testing.T) {
	h := open(t)
	id := h.book()
	h.do(id, reservation.MarkConfirmed{Note: "by phone"})
	equal(t, "private", string(h.last(id).Private), `{"detail":{"note":"by phone"}}`)
	equal(t, "payload", string(h.last(id).Payload), `{}`)
	h.do(id, reservation.Amend{Adults: ptr(1)})
	equal(t, "stale", h.get(id).ConfirmationStale, true)
	h.do(id, reservation.MarkConfirmed{Note: "by phone again"})
	equal(t, "stale when marked again", h.get(id).ConfirmationStale, false)
	h.do(id, reservation.Amend{Adults: ptr(2)})
	h.do(id, reservation.RevokeConfirmation{})
	equal(t, "stale when revoked", h.get(id).ConfirmationStale, false)
}
