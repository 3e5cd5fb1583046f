package letter

import (
	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// The templates that rules of automatic messages can name.
const (
	Welcome           = "welcome"            // before the arrival
	Thanks            = "thanks"             // after the departure
	PaymentReminder   = "payment_reminder"   // of what is not paid
	GuaranteeReminder = "guarantee_reminder" // of what makes the reservation guaranteed
	Cancelled         = "cancelled"
	NoShow            = "no_show"
)

// Templates returns all templates.
func Templates() []string {
	return []string{Welcome, Thanks, PaymentReminder, GuaranteeReminder, Cancelled, NoShow}
}

// A writing makes the draft of a mail about a stay: an empty one if what it would say is not true any more.
type writing func(*words.Printer, document.Stay) (draft, error)

func template(name string) (writing, bool) {
	switch name {
	case Welcome:
		return welcome, true
	case Thanks:
		return thanks, true
	case PaymentReminder:
		return paymentReminder, true
	case GuaranteeReminder:
		return guaranteeReminder, true
	case Cancelled:
		return cancelled, true
	case NoShow:
		return noShow, true
	}
	return nil, false
}

func welcome(say *words.Printer, s document.Stay) (draft, error) {
	r := &s.Reservation
	if !r.IsValid() || r.Occupancy == reservation.CheckedOut {
		return draft{}, nil
	}
	hour := s.Property.Settings.CheckInTime
	return draft{subject: subject(say, Welcome, s), body: []string{say.Say("letter.welcome.text", "time", hour), facts(say, s)}}, nil
}

func thanks(say *words.Printer, s document.Stay) (draft, error) {
	if !s.Reservation.IsValid() {
		return draft{}, nil
	}
	return draft{subject: subject(say, Thanks, s), body: []string{say.Say("letter.thanks.text")}}, nil
}

func paymentReminder(say *words.Printer, s document.Stay) (draft, error) {
	price, err := s.Price()
	if err != nil || !s.Reservation.IsValid() || price.Open.Sign() <= 0 {
		return draft{}, err
	}
	terms, err := document.GuaranteeTerms(say, s)
	return draft{subject: subject(say, PaymentReminder, s), body: []string{
		say.Say("letter.payment_reminder.text", "total", price.Total, "paid", price.Paid, "open", price.Open),
		facts(say, s), sentences(terms), say.Say("letter.payment_reminder.crossed"),
	}}, err
}

func guaranteeReminder(say *words.Printer, s document.Stay) (draft, error) {
	state := s.Reservation.GuaranteeState(s.At)
	if state != reservation.StateAwaiting && state != reservation.StateOverdue {
		return draft{}, nil
	}
	terms, err := document.GuaranteeTerms(say, s)
	return draft{subject: subject(say, GuaranteeReminder, s), body: []string{
		say.Say("letter.guarantee_reminder.text"), sentences(terms), facts(say, s),
	}}, err
}

func cancelled(say *words.Printer, s document.Stay) (draft, error) {
	if s.Reservation.Occupancy != reservation.Cancelled {
		return draft{}, nil
	}
	terms, err := document.CancellationTerms(say, s)
	return draft{subject: subject(say, Cancelled, s), body: []string{
		sentences(terms), facts(say, s), say.Say("letter.cancelled.again"),
	}}, err
}

func noShow(say *words.Printer, s document.Stay) (draft, error) {
	if s.Reservation.Occupancy != reservation.NoShow {
		return draft{}, nil
	}
	terms, err := document.CancellationTerms(say, s)
	expected := say.Say("letter.no_show.text", "date", say.DateInText(s.Reservation.Arrival))
	return draft{subject: subject(say, NoShow, s), body: []string{
		expected, sentences(terms), facts(say, s), say.Say("letter.no_show.mistake"),
	}}, err
}
