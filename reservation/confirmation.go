package reservation

import (
	"fmt"

	"github.com/innards-go/innards"
)

// SendConfirmation asks the mailer to send the confirmation. The reservation is confirmed when the mail server has
// accepted it, see [ConfirmationSent].
type SendConfirmation struct{}

// ConfirmationSent says that the mail server accepted the confirmation. If the reservation was amended meanwhile, the
// confirmation is stale.
type ConfirmationSent struct {
	Revision int `json:"revision" doc:"of the reservation that the mail was made from"`
}

// MarkConfirmed confirms without mail.
type MarkConfirmed struct {
	Note string `json:"note" doc:"how it was confirmed"`
}

// RevokeConfirmation takes the confirmation back.
type RevokeConfirmation struct{}

// Name implements [Intent].
func (SendConfirmation) Name() string { return "send_confirmation" }

// Name implements [Intent].
func (ConfirmationSent) Name() string { return "confirmation_sent" }

// Name implements [Intent].
func (MarkConfirmed) Name() string { return "mark_confirmed" }

// Name implements [Intent].
func (RevokeConfirmation) Name() string { return "revoke_confirmation" }

// Plan implements [Intent].
func (SendConfirmation) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.effect(EffectConfirmation, fmt.Sprintf("confirmation/%d", c.Head.Version+1), ConfirmationEffect{Revision: c.After.Revision})
	return nil
}

// Plan implements [Intent].
func (in ConfirmationSent) Plan(f *Facts, c *Change) []innards.Blocker {
	r := &c.After
	if in.Revision < 1 || in.Revision > r.Revision {
		return []innards.Blocker{RevisionPast.In("revision", in.Revision)}
	}
	isLatest := f.Reservation.Confirmation == Confirmed && !r.ConfirmationStale // an older mail may be accepted after it
	r.ConfirmationStale = !isLatest && in.Revision != r.Revision
	return nil
}

// Plan implements [Intent].
func (in MarkConfirmed) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.After.ConfirmationStale = false
	return append(requireNote(in.Note), c.note("note", in.Note, maxNote)...)
}

// Plan implements [Intent].
func (RevokeConfirmation) Plan(_ *Facts, c *Change) []innards.Blocker {
	c.After.ConfirmationStale = false
	return nil
}
