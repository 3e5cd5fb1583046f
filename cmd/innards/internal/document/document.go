// Package document makes what a hotel prints of a stay: the confirmation and the registration card, as PDF in the language
// of the reader. What the confirmation says is also there as text, so that a mail says the same. Nothing in it depends on
// when or where it is made: the same stay gives the same bytes.
package document

import (
	"io"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// A Stay is what a document is about, as it stands at an instant.
type Stay struct {
	Property    *reservation.Property
	Reservation reservation.Reservation
	// At is when the document is issued. What is over by then, such as free cancellation, is left out.
	At time.Time
}

// Confirmation writes the confirmation of the reservation. It fails if its amounts are beyond what can be summed, or if
// writing fails.
func Confirmation(w io.Writer, p *words.Printer, s Stay) error {
	price, err := s.Price()
	if err != nil {
		return err
	}
	guarantee, err := GuaranteeTerms(p, s)
	if err != nil {
		return err
	}
	cancellation, err := CancellationTerms(p, s)
	if err != nil {
		return err
	}
	page, err := open(p, s, "document.confirmation.title")
	if err != nil {
		return err
	}
	page.section("document.section.stay")
	page.facts(Facts(p, s))
	page.sentences(Commitment(p, s))
	page.price(price)
	page.section("document.section.guarantee")
	page.sentences(guarantee)
	page.section("document.section.cancellation")
	page.sentences(cancellation)
	page.note(p.Say("document.hotel_time"))
	return page.close(w)
}

// A Price is what the stay costs and how much of it is paid. Open is the rest, less than nought if too much was paid.
type Price struct {
	Total, Paid, Authorised, Open innards.Money
}

// Price returns the price. It fails only for amounts beyond what can be summed.
func (s Stay) Price() (Price, error) {
	r := &s.Reservation
	total, err := r.Total()
	if err != nil {
		return Price{}, err
	}
	open, err := total.Sub(r.Paid)
	return Price{total, r.Paid, r.Authorised, open}, err
}

// A run is a number of nights in a row at one price.
type run struct {
	from   innards.Date
	nights int
	each   innards.Money
	sum    innards.Money
}

// runs returns the nights of the reservation, those in a row with the same price together.
func runs(nights []reservation.Night) (all []run) {
	for _, n := range nights {
		last := len(all) - 1
		if last >= 0 && all[last].each == n.Price {
			if sum, err := all[last].sum.Add(n.Price); err == nil {
				all[last].nights, all[last].sum = all[last].nights+1, sum
				continue
			}
		}
		all = append(all, run{n.Date, 1, n.Price, n.Price})
	}
	return all
}

// price shows how the total comes about. The currency stands once, at the top.
func (g *page) price(of Price) {
	g.section("document.section.price", "currency", string(of.Total.Currency()))
	g.columns(small, grey, "", g.say.Say("document.each"), g.say.Say("document.amount"))
	r := &g.stay.Reservation
	for _, run := range runs(r.Nights) {
		g.columns(regular, black, g.nights(run), g.say.Amount(run.each), g.say.Amount(run.sum))
	}
	for _, extra := range r.Extras {
		g.columns(regular, black, extra.Group, "", g.say.Amount(extra.Price))
	}
	g.rule()
	g.columns(bold, black, g.say.Say("document.total"), "", g.say.Amount(of.Total))
	g.columns(regular, black, g.say.Say("document.paid"), "", g.say.Amount(of.Paid))
	if of.Authorised.Sign() > 0 {
		g.columns(regular, black, g.say.Say("document.authorised"), "", g.say.Amount(of.Authorised))
	}
	if of.Open.Sign() > 0 && r.IsValid() {
		g.columns(regular, black, g.say.Say("document.open"), "", g.say.Amount(of.Open))
	}
}

func (g *page) nights(of run) string {
	if g.stay.Reservation.DayUse() {
		return g.say.Say("document.day_use.on", "date", g.say.Date(of.from))
	}
	return g.say.Say("document.nights.from", "n", of.nights, "date", g.say.Date(of.from))
}
