package document

import (
	"io"

	"github.com/innards-go/innards/cmd/innards/internal/words"
)

// maxFellows is how many lines there are for fellow guests at most.
const maxFellows = 5

// Card writes the registration card, which the guest completes and signs. What is not known has a line to write on. It
// asks for no number of an identity document.
func Card(w io.Writer, p *words.Printer, s Stay) error {
	page, err := open(p, s, "document.card.title")
	if err != nil {
		return err
	}
	page.section("document.section.guest")
	guest := s.Reservation.Guest
	page.blanks([]Fact{
		{p.Say("document.guest"), guest.Name},
		{p.Say("document.country"), country(p, guest.Country)},
		{p.Say("document.phone"), guest.Phone},
		{p.Say("document.email"), guest.Email},
	})
	page.blanks(fellows(p, s.Reservation.Adults+s.Reservation.Children-1))
	page.section("document.section.stay")
	page.blanks(append(stayFacts(p, s), Fact{p.Say("document.room"), s.rooms()}))
	page.space(2)
	page.sentences([]string{p.Say("document.card.statement")})
	page.signatures(p.Say("document.card.date"), p.Say("document.card.signature"), p.Say("document.card.reception"))
	return page.close(w)
}

// fellows returns a line for each fellow guest, named once.
func fellows(p *words.Printer, n int) []Fact {
	if n <= 0 {
		return nil
	}
	lines := make([]Fact, min(n, maxFellows))
	lines[0].Label = p.Say("document.card.others")
	return lines
}
