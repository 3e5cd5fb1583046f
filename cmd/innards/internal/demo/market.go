package demo

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A market is a sort of guests: how they book, for how long they stay.
type market struct {
	segment                  string
	sources                  []reservation.Source
	soonest, longest         int // days from the booking to the arrival
	shortest, winter, summer int // nights, the latter two at most
	guarantee, cancellation  string
}

var (
	leisure = market{
		segment: "leisure", soonest: 3, longest: 260, shortest: 1, winter: 4, summer: 9, guarantee: "deposit-30", cancellation: "flexible",
		sources: []reservation.Source{reservation.SourceBookingEngine, reservation.SourceBookingEngine, reservation.SourcePhone, reservation.SourceEmail, reservation.SourceAgency},
	}
	business = market{
		segment: "business", soonest: 1, longest: 30, shortest: 1, winter: 3, summer: 2, guarantee: "company", cancellation: "flexible",
		sources: []reservation.Source{reservation.SourceEmail, reservation.SourcePhone, reservation.SourceFrontDesk, reservation.SourceAgency},
	}
	online = market{
		segment: "online", soonest: 1, longest: 190, shortest: 1, winter: 3, summer: 7, guarantee: "channel", cancellation: "flexible",
		sources: []reservation.Source{reservation.SourceChannelManager},
	}
	bargain = market{
		segment: "online", soonest: 10, longest: 240, shortest: 2, winter: 4, summer: 7, guarantee: "card", cancellation: "non-refundable",
		sources: []reservation.Source{reservation.SourceBookingEngine},
	}
	passing = market{
		segment: "leisure", shortest: 1, winter: 1, summer: 2, cancellation: "flexible", sources: []reservation.Source{reservation.SourceWalkIn},
	}
	group = market{
		segment: "group", guarantee: "company", cancellation: "season", sources: []reservation.Source{reservation.SourceEmail, reservation.SourceAgency},
	}
)

// market draws who comes to the room on the day.
func (p *plan) market(room string, day int) market {
	drawn := p.random.IntN(100)
	working := !isSummer(p.date(day)) && !isWeekend(p.date(day)) && typeOf(room).sleeps < 3
	switch {
	case working && drawn < 45:
		return business
	case drawn < 4 && day < 0:
		return passing
	case drawn < 40:
		return online
	case drawn < 48:
		return bargain
	case drawn < 60 && typeOf(room).sleeps < 3:
		return business
	}
	return leisure
}

// channels are invented.
var channels = []string{"Bedfinder", "Strandbooking", "Hotelkompas"}

// lead adds what happens to an ordinary booking, and returns the day of its cancellation, if it is cancelled.
func (p *plan) lead(s *stay, m market) (cancelled int, ok bool) {
	fate := p.random.IntN(100)
	cancelled = s.booked + 1 + p.random.IntN(max(s.arrives-s.booked, 1))
	cancels, misses := fate < 11 && cancelled <= min(s.arrives, 0), fate >= 98 && s.arrives < 0 && m.soonest > 0
	p.promise(s, m, !cancels && !misses)
	p.confirm(s)
	p.keep(s.room, s.arrives, s.leaves)
	switch {
	case cancels:
		for night := s.arrives; night < s.leaves; night++ {
			delete(p.nights, roomNight{s.room, night})
		}
		s.on(cancelled, 17*60+p.random.IntN(40), reservation.Cancel{Reason: reservation.ReasonGuest, Note: "plans changed"})
	case misses:
		s.on(s.arrives+1, 8*60+20, reservation.MarkNoShow{})
	default:
		p.assign(s)
		p.comeAndGo(s)
	}
	return cancelled, cancels
}

// promise adds how the booking is guaranteed. Who is going to come has paid, or a card holds it; the others have left a
// card at most.
func (p *plan) promise(s *stay, m market, comes bool) {
	c := &s.create
	c.GuaranteePolicy = m.guarantee
	forgets := p.chance(20)
	switch c.Source {
	case reservation.SourceChannelManager:
		n := p.random.IntN(len(channels))
		c.Channel = &reservation.Channel{Name: channels[n], Reference: fmt.Sprintf("%s-%05d", channels[n][:2], 10_000+p.random.IntN(90_000))}
		c.Channel.Processor = n == 0 && !forgets
		if n > 0 && !forgets {
			c.Card = p.card()
		}
	case reservation.SourceBookingEngine:
		if c.GuaranteePolicy == "deposit-30" && !comes {
			c.GuaranteePolicy = "card"
		}
		if !forgets {
			c.Card = p.card()
		}
		if c.GuaranteePolicy == "deposit-30" && !forgets {
			c.Authorised = p.deposit(c)
		}
	default:
		p.promiseByHand(s, forgets)
	}
}

func (p *plan) promiseByHand(s *stay, forgets bool) {
	by := reservation.GuaranteeBy{Trigger: reservation.TriggerManual}
	switch s.create.GuaranteePolicy {
	case "deposit-30":
		by.Method, by.Note = reservation.MethodBankTransfer, "the deposit is on the account"
	case "company":
		by.Method, by.Note = reservation.MethodCompany, "the company has signed for it"
	default:
		return
	}
	if !forgets && s.arrives > recent {
		s.on(min(s.booked+1+p.random.IntN(2), s.arrives), 11*60+p.random.IntN(50), by)
	}
}

// card returns the token of a card.
func (p *plan) card() *reservation.Card {
	return &reservation.Card{
		Token: fmt.Sprintf("tok_%08x", p.random.Uint32()), Brand: []string{"Visa", "Mastercard"}[p.random.IntN(2)],
		Last4: fmt.Sprintf("%04d", p.random.IntN(10_000)), Expires: fmt.Sprintf("%04d-%02d", p.expiry(), 1+p.random.IntN(12)),
	}
}

func (p *plan) expiry() int {
	year, _, _ := p.date(lastDay).Date()
	return year + 1 + p.random.IntN(3)
}

// deposit returns three tenths of the stay, rounded up.
func (p *plan) deposit(c *reservation.Create) (deposit innards.Money) {
	sum := decimal.Zero
	for _, price := range c.Prices {
		sum = sum.Add(price.Decimal())
	}
	for _, extra := range c.Extras {
		sum = sum.Add(extra.Price.Decimal())
	}
	return p.money(sum.Mul(decimal.New(30, 0)).Ceil().IntPart())
}

// confirm adds that the guest is told, which the booking engine does by itself. Who has booked today is sent a mail.
func (p *plan) confirm(s *stay) {
	if s.arrives <= recent || s.create.Source == reservation.SourceBookingEngine || p.chance(7) {
		return
	}
	minute, how := 13*60+p.random.IntN(180), confirmedHow[p.random.IntN(len(confirmedHow))]
	if s.booked == 0 {
		s.on(0, minute, reservation.SendConfirmation{})
		return
	}
	s.on(s.booked, minute, reservation.MarkConfirmed{Note: how})
}

var confirmedHow = []string{"by telephone", "by a letter", "by the agency", "told at the desk"}

// assign gives some of those who come in the next days their room.
func (p *plan) assign(s *stay) {
	if s.arrives >= 0 && s.arrives < 8 && !p.chance(3) {
		s.on(max(s.booked, min(s.arrives-5, -1)), 16*60+p.random.IntN(60), reservation.AssignRoom{Room: s.room})
	}
}

// comeAndGo adds check-in and check-out, as far as they are over.
func (p *plan) comeAndGo(s *stay) {
	if s.arrives >= 0 {
		return
	}
	s.on(s.arrives, 14*60+p.random.IntN(7*60), reservation.CheckIn{Room: s.room})
	if s.leaves < 0 || s.leaves == 0 && !p.chance(3) {
		s.on(s.leaves, 7*60+p.random.IntN(4*60), reservation.CheckOut{})
	}
}
