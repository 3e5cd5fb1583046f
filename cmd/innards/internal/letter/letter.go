// Package letter writes the house's mails: confirmations, automatic messages, notices to the staff and what accounts need.
// They are plain text in the language of whoever reads them, and say what the documents say.
package letter

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// Records are where reservations and properties are read. A [reservation.Store] is one.
type Records interface {
	Reservation(ctx context.Context, s innards.Scope, id string) (reservation.Reservation, error)
	Property(ctx context.Context, s innards.Scope, id string) (*reservation.Property, error)
}

// A Writer composes mails. It implements [mail.Composer] and is safe for concurrent use.
type Writer struct {
	Words   *words.Catalogue
	Records Records
	Now     innards.Clock
	// Language of guests and staff whose own is not known (BCP 47); empty: English.
	Language string
	// Portal returns the address at which the guest sees the reservation. Nil, or an empty address: there is none.
	Portal func(context.Context, reservation.Reservation) (url string, err error)
	// Desk returns the address that the property's staff reads, and their language. Nil, or an empty address: they are not
	// told by mail.
	Desk func(context.Context, *reservation.Property) (address, language string, err error)
	// Page returns the address at which the staff sees the reservation. Nil, or an empty address: there is none.
	Page func(reservation.Reservation) string
	// House is the name that the server's own mails speak of; empty: Innards.
	House string
}

// An UnknownTemplate is a message that nobody has written. It is the error of the job that was to send it.
type UnknownTemplate struct {
	Rule     string // that asked for it; empty: none did
	Template string
}

// Error implements error.
func (e *UnknownTemplate) Error() string {
	if e.Rule == "" {
		return fmt.Sprintf("there is no text for %q", e.Template)
	}
	return fmt.Sprintf("the rule %q asks for the template %q, which has no text", e.Rule, e.Template)
}

// Compose implements [mail.Composer]. There is no mail to who has no address, nor one that is not true any more, such as a
// reminder of what was paid meanwhile. A message that can never be composed, such as one by an [UnknownTemplate], is a
// permanent failure of its job.
func (w *Writer) Compose(ctx context.Context, s innards.Scope, m innards.Message) (mail.Mail, bool, error) {
	switch m.Kind {
	case reservation.EffectConfirmation:
		return w.toGuest(ctx, s, m, confirmation)
	case reservation.EffectMessage:
		var effect reservation.MessageEffect
		if err := read(m, &effect); err != nil {
			return mail.Mail{}, false, err
		}
		write, ok := template(effect.Template)
		if !ok {
			return mail.Mail{}, false, jobs.Permanent(&UnknownTemplate{effect.Rule, effect.Template})
		}
		return w.toGuest(ctx, s, m, write)
	case reservation.EffectNotify:
		var effect reservation.NotifyEffect
		if err := read(m, &effect); err != nil {
			return mail.Mail{}, false, err
		}
		return w.toStaff(ctx, s, m, effect.About)
	}
	return mail.Mail{}, false, jobs.Permanent(&UnknownTemplate{Template: m.Kind})
}

func read(m innards.Message, effect any) error {
	if err := json.Unmarshal(m.Payload, effect); err != nil {
		return jobs.Permanent(fmt.Errorf("%w: message %s: %w", innards.ErrCorrupt, m.Key, err))
	}
	return nil
}

// stay reads what the message is about.
func (w *Writer) stay(ctx context.Context, s innards.Scope, m innards.Message) (document.Stay, error) {
	r, err := w.Records.Reservation(ctx, s, m.Record)
	if err != nil {
		return document.Stay{}, err
	}
	p, err := w.Records.Property(ctx, s, r.Property)
	return document.Stay{Property: p, Reservation: r, At: w.Now()}, err
}

// A draft is what a mail to a guest says between greeting and signature. Without a subject, it is not sent.
type draft struct {
	subject string
	body    []string // paragraphs
	file    *mail.Attachment
}

func (w *Writer) toGuest(ctx context.Context, s innards.Scope, m innards.Message, write writing) (mail.Mail, bool, error) {
	about, err := w.stay(ctx, s, m)
	guest := about.Reservation.Guest
	if err != nil || guest.Email == "" {
		return mail.Mail{}, false, err
	}
	say := w.Words.In(guest.Language, w.Language)
	d, err := write(say, about)
	if err != nil || d.subject == "" {
		return mail.Mail{}, false, err
	}
	portal := ""
	if w.Portal != nil {
		if portal, err = w.Portal(ctx, about.Reservation); err != nil {
			return mail.Mail{}, false, err
		}
	}
	text := append([]string{greeting(say, guest.Name)}, d.body...)
	text = append(text, link(say.Say("letter.portal"), portal), say.Say("letter.closing")+"\n"+about.Property.Name)
	made := mail.Mail{To: address(guest.Name, guest.Email), Subject: oneLine(d.subject), Text: layOut(text), Language: say.Language()}
	if d.file != nil {
		made.Attachments = []mail.Attachment{*d.file}
	}
	return made, true, nil
}

func (w *Writer) toStaff(ctx context.Context, s innards.Scope, m innards.Message, what string) (mail.Mail, bool, error) {
	key := "letter.staff." + what
	if !w.Words.In("en").Has(key + ".subject") {
		return mail.Mail{}, false, jobs.Permanent(&UnknownTemplate{Template: what})
	}
	about, err := w.stay(ctx, s, m)
	if err != nil || w.Desk == nil {
		return mail.Mail{}, false, err
	}
	to, language, err := w.Desk(ctx, about.Property)
	if err != nil || to == "" {
		return mail.Mail{}, false, err
	}
	say := w.Words.In(language, w.Language)
	page := ""
	if w.Page != nil {
		page = w.Page(about.Reservation)
	}
	return mail.Mail{
		To: to, Language: say.Language(),
		Subject: oneLine(say.Say(key+".subject", "number", about.Reservation.Number, "hotel", about.Property.Name)),
		Text:    layOut([]string{say.Say(key + ".text"), facts(say, about), link(say.Say("letter.staff.page"), page)}),
	}, true, nil
}
