package reservation_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestCreate(t *testing.T) {
	h := open(t)
	c := booking(stay(1, 3), inRoom("101"), under(reservationtest.Deposit, reservationtest.Flexible), ofParty("acme"), paying(euro(50)))
	c.Prices = []innards.Money{euro(100), euro(110), euro(120)}
	c.Segment, c.Attributes = "leisure", map[string]string{"loyalty": "gold"}
	c.Extras = []reservation.Extra{{Group: "board", Price: euro(30)}}
	receipt := h.do("", c)
	r := h.get(receipt.ID)
	equal(t, "statuses", h.status(r.ID), "expected unconfirmed not_guaranteed definite")
	equal(t, "version", r.Version, 1)
	equal(t, "revision", r.Revision, 1)
	equal(t, "number", r.Number, receipt.Number)
	equal(t, "party", r.Party, "acme")
	equal(t, "created", r.CreatedAt, h.clock.Now())
	equal(t, "paid", r.Paid, euro(50))
	equal(t, "authorised", r.Authorised, euro(0))
	equal(t, "segment", r.Segment, "leisure")
	equal(t, "attribute", r.Attributes["loyalty"], "gold")
	equal(t, "deadline", r.GuaranteeDeadline.Format(time.RFC3339), "2026-06-04T06:00:00Z")
	equal(t, "policy", r.CancellationPolicy.Name, reservationtest.Flexible)
	total, err := r.Total()
	if err != nil || total != euro(360) {
		t.Errorf("the total is %s, %v", total, err)
	}
	for i, n := range r.Nights {
		want := reservation.Night{Date: day(1 + i), Slot: reservation.SlotNight, Room: "101", Type: "DBL", Price: c.Prices[i]}
		equal(t, "night", n, want)
	}
	if !regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(r.Number) {
		t.Errorf("the number is %q", r.Number)
	}
	equal(t, "rooms of the receipt", strings.Join(receipt.Rooms, " "), "101")
	equal(t, "at", receipt.At, h.clock.Now())
	if d := diff(r.Nights, replayed(t, h, r.ID).Nights); d != "" {
		t.Error(d)
	}
}

func replayed(t *testing.T, h *house, id string) reservation.Replayed {
	t.Helper()
	got, err := reservation.Replay(h.history(id))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A stay on one day only takes the room for the day, not for the nights around it.
func TestCreateDayUse(t *testing.T) {
	h := open(t)
	h.book(stay(0, 1), inRoom("101"))
	id := h.book(stay(1, 0), inRoom("101"))
	h.book(stay(1, 2), inRoom("101"))
	r := h.get(id)
	equal(t, "nights", len(r.Nights), 1)
	equal(t, "slot", r.Nights[0].Slot, reservation.SlotDayUse)
	equal(t, "day use", r.DayUse(), true)
	equal(t, "price", r.Nights[0].Price, euro(100))
	h.refused("", booking(stay(1, 0), inRoom("101")), reservation.RoomTaken)
}

func TestCreatePrices(t *testing.T) {
	h := open(t)
	for _, prices := range [][]innards.Money{nil, {euro(80)}, {euro(80), euro(-10)}} {
		c := booking(stay(0, 2))
		c.Prices = prices
		r := h.get(h.do("", c).ID)
		for i, n := range r.Nights {
			want := euro(0)
			if len(prices) > 0 {
				want = prices[min(i, len(prices)-1)]
			}
			equal(t, "price", n.Price, want)
		}
	}
}

// changed is the booking with one thing wrong.
func changed(change func(*reservation.Create)) reservation.Create { return booking(change) }

func TestCreateRefused(t *testing.T) {
	h := open(t)
	past := h.clock.Now()
	for name, c := range map[string]struct {
		in   reservation.Create
		want innards.Reason
	}{
		"no arrival":           {changed(func(c *reservation.Create) { c.Arrival = innards.Date{} }), reservation.DateInvalid},
		"no departure":         {changed(func(c *reservation.Create) { c.Departure = innards.Date{} }), reservation.DateInvalid},
		"departure before":     {booking(stay(2, -1)), reservation.DepartureBefore},
		"too long":             {booking(stay(0, 731)), reservation.StayTooLong},
		"yesterday":            {booking(stay(-1, 2)), reservation.ArrivalPast},
		"unknown property":     {changed(func(c *reservation.Create) { c.Property = "ritz" }), reservation.PropertyUnknown},
		"unknown type":         {booking(ofType("SUITE")), reservation.TypeUnknown},
		"unknown room":         {booking(inRoom("999")), reservation.RoomUnknown},
		"room out of order":    {booking(inRoom("104")), reservation.RoomOutOfOrder},
		"unknown policy":       {booking(under("nope", "")), reservation.PolicyUnknown},
		"unknown cancellation": {booking(under("", "nope")), reservation.PolicyUnknown},
		"negative adults":      {changed(func(c *reservation.Create) { c.Adults = -1 }), reservation.GuestsInvalid},
		"many adults":          {changed(func(c *reservation.Create) { c.Adults = 1001 }), reservation.GuestsInvalid},
		"negative children":    {changed(func(c *reservation.Create) { c.Children = -1 }), reservation.GuestsInvalid},
		"many children":        {changed(func(c *reservation.Create) { c.Children = 1001 }), reservation.GuestsInvalid},
		"too many guests":      {changed(func(c *reservation.Create) { c.Children = 1 }), reservation.CapacityExceeded},
		"other currency":       {changed(func(c *reservation.Create) { c.Prices[0] = reservationtest.Amount(1, "USD") }), reservation.AmountInvalid},
		"huge price":           {changed(func(c *reservation.Create) { c.Prices[0] = reservationtest.Euro(1_000_000_000_001) }), reservation.AmountInvalid},
		"second price": {booking(stay(0, 2), func(c *reservation.Create) {
			c.Prices = []innards.Money{euro(1), reservationtest.Amount(1, "USD")}
		}), reservation.AmountInvalid},
		"huge discount":      {changed(func(c *reservation.Create) { c.Prices[0] = reservationtest.Euro(-1_000_000_000_001) }), reservation.AmountInvalid},
		"negative deposit":   {booking(paying(euro(-1))), reservation.AmountInvalid},
		"deposit in dollars": {booking(paying(reservationtest.Amount(1, "USD"))), reservation.AmountInvalid},
		"negative hold":      {changed(func(c *reservation.Create) { c.Authorised = euro(-1) }), reservation.AmountInvalid},
		"prices do not fit":  {changed(func(c *reservation.Create) { c.Prices = []innards.Money{euro(1), euro(2)} }), reservation.PriceCount},
		"extra in dollars":   {changed(func(c *reservation.Create) { c.Extras = []reservation.Extra{{Price: reservationtest.Amount(1, "USD")}} }), reservation.AmountInvalid},
		"too many extras":    {changed(func(c *reservation.Create) { c.Extras = make([]reservation.Extra, 201) }), reservation.AmountInvalid},
		"card in an extra": {changed(func(c *reservation.Create) {
			c.Extras = []reservation.Extra{{Group: "4111111111111111"}, {Group: "board"}}
		}), innards.CardNumber},
		"unknown source":        {booking(from("moon")), reservation.SourceInvalid},
		"channel missing":       {booking(from(reservation.SourceChannelManager)), reservation.SourceInvalid},
		"channel without need":  {changed(func(c *reservation.Create) { c.Channel = &reservation.Channel{Name: "x"} }), reservation.SourceInvalid},
		"unknown commitment":    {booking(as("perhaps")), reservation.CommitmentInvalid},
		"release of a definite": {changed(func(c *reservation.Create) { c.ReleaseAt = ptr(past.Add(time.Hour)) }), reservation.CommitmentInvalid},
		"option without end":    {booking(as(reservation.Optional)), reservation.CommitmentInvalid},
		"option that is over":   {booking(optionUntil(past)), reservation.CommitmentInvalid},
		"no guest":              {booking(guest(" ")), reservation.GuestRequired},
		"an unseen guest":       {booking(guest("\u200b\u3164 \u2800")), reservation.GuestRequired},
		"card in the name":      {booking(guest("4111-1111-1111-1111")), innards.CardNumber},
		"a tab in the name":     {booking(guest("a\tb")), innards.TextInvalid},
		"two lines of a name":   {booking(guest("a\nb")), innards.TextInvalid},
		"a line separator":      {booking(guest("a\u2028b")), innards.TextInvalid},
		"NUL in the name":       {booking(guest("a\x00b")), innards.TextInvalid},
		"long name":             {booking(guest(strings.Repeat("я", 257))), innards.TextInvalid},
		"no card token":         {changed(func(c *reservation.Create) { c.Card = &reservation.Card{} }), reservation.CardInvalid},
		"long last digits":      {changed(func(c *reservation.Create) { c.Card = &reservation.Card{Token: "t", Last4: "12345"} }), reservation.CardInvalid},
		"letters in last four":  {changed(func(c *reservation.Create) { c.Card = &reservation.Card{Token: "t", Last4: "12a4"} }), reservation.CardInvalid},
		"expiry":                {changed(func(c *reservation.Create) { c.Card = &reservation.Card{Token: "t", Expires: "13/27"} }), reservation.CardInvalid},
		"number as the token":   {changed(func(c *reservation.Create) { c.Card = &reservation.Card{Token: "4111111111111111"} }), innards.CardNumber},
		"empty attribute":       {changed(func(c *reservation.Create) { c.Attributes = map[string]string{"": "x"} }), reservation.AttributesInvalid},
		"long attribute":        {changed(func(c *reservation.Create) { c.Attributes = map[string]string{strings.Repeat("n", 65): "x"} }), innards.TextInvalid},
		"long value":            {changed(func(c *reservation.Create) { c.Attributes = map[string]string{"n": strings.Repeat("v", 257)} }), innards.TextInvalid},
		"channel reference": {changed(func(c *reservation.Create) {
			c.Source, c.Channel = reservation.SourceChannelManager, &reservation.Channel{Reference: "4111111111111111"}
		}), innards.CardNumber},
	} {
		_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, "", c.in)
		if got := codesOf(err); len(got) != 1 || got[0] != c.want.Code {
			t.Errorf("%s: %v, want it refused for %s", name, err, c.want.Code)
		}
	}
	many := map[string]string{}
	for i := range 21 {
		many[strings.Repeat("a", i+1)] = ""
	}
	h.refused("", changed(func(c *reservation.Create) { c.Attributes = many }), reservation.AttributesInvalid)
	equal(t, "events", h.events(), 1) // of the property
}

// The bounds themselves are accepted.
func TestCreateAtTheBounds(t *testing.T) {
	h := open(t)
	c := booking(stay(0, 730), guest(strings.Repeat("я", 256)))
	c.Prices = []innards.Money{reservationtest.Euro(1_000_000_000_000)}
	c.Extras = make([]reservation.Extra, 200)
	for i := range c.Extras {
		c.Extras[i].Price = reservationtest.Euro(1_000_000_000_000)
	}
	c.Attributes = map[string]string{}
	for i := range 20 {
		c.Attributes[strings.Repeat("a", i+1)] = strings.Repeat("v", 256)
	}
	c.Card = &reservation.Card{Token: "t", Brand: "visa", Last4: "4242", Expires: "2027-12"}
	r := h.get(h.do("", c).ID)
	if total, err := r.Total(); err != nil || total.Minor() != 930_000_000_000_000 {
		t.Errorf("the largest stay costs %s, %v", total, err)
	}
	h.do("", booking(stay(800, 1), func(c *reservation.Create) {
		c.Adults, c.Children, c.Prices = 0, 0, []innards.Money{reservationtest.Euro(-1_000_000_000_000)}
	}))
	h.doProperty(reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "DBL", Name: "Ballroom"}}}) // without a limit of guests
	h.do("", booking(stay(801, 1), func(c *reservation.Create) { c.Adults, c.Children = 1000, 1000 }))
}

func TestEmailAddresses(t *testing.T) {
	h := open(t)
	for email, valid := range map[string]bool{
		"": true, "a@b": true, "elena.todorova+hotel@example.co.uk": true, "елена@пример.бг": true,
		"a": false, "@b": false, "a@": false, "a@b@c": false, "a b@c": false, "a@b,c@d": false, "<a@b>": false, "a@b\r\nBcc: c@d": false,
		strings.Repeat("a", 252) + "@b": true, strings.Repeat("a", 253) + "@b": false, "\"a\"@b": false, "a\t@b": false, "a;b@c": false,
		"4111111111111111@b": false,
	} {
		c := booking(as(reservation.Inquiry), func(c *reservation.Create) { c.Guest.Email = email })
		_, err := h.Do(h.ctx, innards.Command{Actor: h.desk, DryRun: true}, "", c)
		if (err == nil) != valid {
			t.Errorf("%q: %v", email, err)
		}
	}
}

// A number that is given is unique in the property, and a second one is told so.
func TestCreateWithANumber(t *testing.T) {
	h := open(t)
	numbered := func(c *reservation.Create) { c.Number = "2026-0001" }
	id := h.book(numbered)
	equal(t, "number", h.get(id).Number, "2026-0001")
	h.refused("", booking(stay(5, 1), numbered), reservation.NumberTaken)
	h.book(stay(5, 1), func(c *reservation.Create) { c.Number = "2026-0002" })
	h.refused("", booking(func(c *reservation.Create) { c.Number = "4111111111111111" }), innards.CardNumber)
}

// Without a room left of the type it is refused, unless somebody overbooks by right; nothing that takes no room is.
func TestCreateWhenSoldOut(t *testing.T) {
	h := open(t)
	h.book(ofType("APT"), stay(0, 2))
	for _, free := range []edit{as(reservation.Waitlisted), as(reservation.Inquiry), stay(2, 1)} {
		h.book(ofType("APT"), free)
	}
	h.refused("", booking(ofType("APT"), stay(1, 2)), reservation.SoldOut)
	h.refused("", booking(ofType("APT"), optionUntil(h.clock.Now().Add(time.Hour))), reservation.SoldOut)
	receipt := h.override("", booking(ofType("APT")), reservation.SoldOut)
	equal(t, "overbooked", h.get(receipt.ID).Overbooked, true)
	equal(t, "events tell", h.last(receipt.ID).Overrides[0], reservation.SoldOut.Code)
	h.refused("", booking(ofType("APT"), inRoom("201")), reservation.SoldOut)
}

// A room of another type is an upgrade: it takes from the inventory what it is, not what was booked.
func TestCreateWithAnUpgrade(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("201"))
	r := h.get(id)
	equal(t, "type as booked", r.Type, "DBL")
	equal(t, "type of the night", r.Nights[0].Type, "APT")
	h.refused("", booking(ofType("APT")), reservation.SoldOut)
	for range 3 {
		h.book()
	}
	h.refused("", booking(), reservation.SoldOut)
}

func TestCreateOnlyOnce(t *testing.T) {
	h := open(t)
	id := h.book()
	h.refused(id, booking(stay(3, 1)), innards.WrongStatus)
	if _, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, "unknown", booking()); err == nil {
		t.Error("it was made under an id that the caller has chosen")
	}
	_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, "", reservation.CheckIn{})
	wantError(t, err, innards.ErrNotFound)
	h.refusedFor(innards.Command{Actor: party("acme")}, "", booking(ofParty("acme")), innards.StaffOnly)
}

// What the caller gives stays the caller's: changing it afterwards changes nothing that was stored.
func TestCreateCopiesItsInput(t *testing.T) {
	h := open(t)
	c := booking(withCard)
	c.Attributes, c.Extras = map[string]string{"a": "1"}, []reservation.Extra{{Group: "board", Price: euro(1)}}
	id := h.do("", &c).ID
	c.Attributes["a"], c.Extras[0].Group, c.Card.Token, c.Prices[0] = "2", "spa", "other", euro(1)
	r := h.get(id)
	equal(t, "all", r.Attributes["a"]+r.Extras[0].Group+r.Card.Token+r.Nights[0].Price.Amount(), "1boardtok_1100.00")
}

// Only a number that is given is looked for: one that is made is refused by the commit if it is in use.
func TestCreateLooksForNoNumberOfItsOwn(t *testing.T) {
	h := open(t)
	var called []string
	store := reservationtest.NewFaulty(h.memory, nil)
	store.Meanwhile = func(_ int, method string) { called = append(called, method) }
	service := h.on(store)
	for number, want := range map[string][]string{"": {"Facts", "Commit"}, "N-1": {"Facts", "Find", "Commit"}} {
		called = nil
		if _, err := service.Do(h.ctx, innards.Command{Actor: h.desk}, "", booking(func(c *reservation.Create) { c.Number = number })); err != nil {
			t.Fatal(err)
		}
		if d := diff(want, called); d != "" {
			t.Errorf("number %q: %s", number, d)
		}
	}
}
