package letter

import (
	"bytes"
	"strings"

	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/words"
)

// confirmation is only of a stay that is still to come or goes on.
func confirmation(say *words.Printer, s document.Stay) (draft, error) {
	if !s.Reservation.IsValid() {
		return draft{}, nil
	}
	price, err := s.Price()
	if err != nil {
		return draft{}, err
	}
	guarantee, err := document.GuaranteeTerms(say, s)
	if err != nil {
		return draft{}, err
	}
	cancellation, err := document.CancellationTerms(say, s)
	if err != nil {
		return draft{}, err
	}
	var pdf bytes.Buffer
	if err := document.Confirmation(&pdf, say, s); err != nil {
		return draft{}, err
	}
	return draft{
		subject: subject(say, "confirmation", s),
		body: []string{
			say.Say("letter.confirmation.text"),
			facts(say, s) + "\n" + say.Say("document.total") + ": " + say.Money(price.Total),
			sentences(document.Commitment(say, s)), sentences(guarantee), sentences(cancellation),
			say.Say("letter.confirmation.attached"),
		},
		file: &mail.Attachment{Name: fileName("confirmation", s), Type: "application/pdf", Bytes: pdf.Bytes()},
	}, nil
}

// fileName has what every system can keep.
func fileName(what string, s document.Stay) string {
	plain := func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}
	return what + "-" + strings.Map(plain, s.Reservation.Number) + ".pdf"
}
