package reservation

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/innards-go/innards"
)

// What a command can say at most. MaxPrice, in minor units, is of a night or an extra: with the bounds of nights and
// extras it keeps every sum of a stay within innards.Money.
const (
	maxNights = 730
	maxGuests = 1000
	maxExtras = 200
	maxPrice  = 1_000_000_000_000
	maxNote   = 2000 // characters
	maxText   = 256  // characters
)

func checkStay(arrival, departure, businessDate innards.Date) []innards.Blocker {
	switch {
	case arrival.IsZero():
		return []innards.Blocker{DateInvalid.In("arrival")}
	case departure.IsZero():
		return []innards.Blocker{DateInvalid.In("departure")}
	case departure.Before(arrival):
		return []innards.Blocker{DepartureBefore.In("departure", departure, "is before", arrival)}
	case arrival.DaysUntil(departure) > maxNights:
		return []innards.Blocker{StayTooLong.In("departure", arrival.DaysUntil(departure), "nights")}
	case arrival.Before(businessDate):
		return []innards.Blocker{ArrivalPast.In("arrival", arrival, "is before", businessDate)}
	}
	return nil
}

func checkGuests(adults, children int) (blockers []innards.Blocker) {
	if adults < 0 || adults > maxGuests {
		blockers = append(blockers, GuestsInvalid.In("adults", adults))
	}
	if children < 0 || children > maxGuests {
		blockers = append(blockers, GuestsInvalid.In("children", children))
	}
	return blockers
}

// lineBreaks, and tabs, are for notes: a name is one line.
const lineBreaks = "\t\n\r\u2028\u2029"

func checkPerson(field string, p Person) []innards.Blocker {
	var blockers []innards.Blocker
	switch {
	case innards.IsBlank(p.Name):
		blockers = append(blockers, GuestRequired.In(field+".name"))
	case strings.ContainsAny(p.Name, lineBreaks):
		blockers = append(blockers, innards.TextInvalid.In(field+".name", "it holds a line break or a tab"))
	}
	blockers = append(blockers, checkTexts(map[string]string{
		field + ".name": p.Name, field + ".phone": p.Phone, field + ".language": p.Language, field + ".country": p.Country,
	})...)
	return append(blockers, checkEmail(field+".email", p.Email)...)
}

func checkEmail(field, email string) []innards.Blocker {
	if email == "" {
		return nil
	}
	name, host, ok := strings.Cut(email, "@")
	if !ok || name == "" || host == "" || len(email) > 254 || strings.ContainsAny(email, " \t\r\n,;<>\"") || strings.Contains(host, "@") {
		return []innards.Blocker{EmailInvalid.In(field)}
	}
	return innards.CheckText(field, email, 254)
}

func checkExtras(field string, extras []Extra, c innards.Currency) []innards.Blocker {
	if len(extras) > maxExtras {
		return []innards.Blocker{AmountInvalid.In(field, len(extras), "extras; at most", maxExtras, "are accepted")}
	}
	var blockers []innards.Blocker
	for i, e := range extras {
		blockers = append(blockers, checkAmount(nth(field, i)+".price", e.Price, c)...)
		blockers = append(blockers, innards.CheckText(nth(field, i)+".group", e.Group, maxGroupName)...)
	}
	return blockers
}

// checkTexts checks short texts by the names of their fields, in the order of the names.
func checkTexts(texts map[string]string) (blockers []innards.Blocker) {
	for _, field := range slices.Sorted(maps.Keys(texts)) {
		blockers = append(blockers, innards.CheckText(field, texts[field], maxText)...)
	}
	return blockers
}

func checkPrices(field string, prices []innards.Money, nights int, c innards.Currency) []innards.Blocker {
	if n := len(prices); n > 1 && n != nights {
		return []innards.Blocker{PriceCount.In(field, n, "prices for", nights, "nights")}
	}
	for _, p := range prices {
		if blockers := checkAmount(field, p, c); len(blockers) > 0 {
			return blockers
		}
	}
	return nil
}

func checkAmount(field string, m innards.Money, c innards.Currency) []innards.Blocker {
	switch {
	case m.Currency() != "" && m.Currency() != c:
		return []innards.Blocker{AmountInvalid.In(field, "the property's currency is", c)}
	case m.Minor() > maxPrice || m.Minor() < -maxPrice:
		return []innards.Blocker{AmountInvalid.In(field, m, "is too large")}
	}
	return nil
}

func checkReceived(field string, m innards.Money, c innards.Currency) []innards.Blocker {
	if m.Sign() < 0 {
		return []innards.Blocker{AmountInvalid.In(field, "it is negative")}
	}
	return checkAmount(field, m, c)
}

func checkCard(field string, c *Card) []innards.Blocker {
	if c == nil {
		return nil
	}
	digits := len(c.Last4) == 0 || len(c.Last4) == 4 && strings.Trim(c.Last4, "0123456789") == ""
	_, expiry := time.Parse("2006-01", c.Expires)
	if c.Token == "" || !digits || c.Expires != "" && expiry != nil {
		return []innards.Blocker{CardInvalid.In(field)}
	}
	return checkTexts(map[string]string{field + ".token": c.Token, field + ".brand": c.Brand})
}

func checkRelease(at *time.Time, now time.Time) []innards.Blocker {
	if at == nil || !at.After(now) {
		return []innards.Blocker{CommitmentInvalid.In("release_at", "an option needs a release time in the future")}
	}
	return nil
}

func checkAttributes(field string, attributes map[string]string) []innards.Blocker {
	if len(attributes) > 20 {
		return []innards.Blocker{AttributesInvalid.In(field, len(attributes), "attributes")}
	}
	var blockers []innards.Blocker
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		at := field + "." + name
		if name == "" {
			blockers = append(blockers, AttributesInvalid.In(at))
		}
		blockers = append(blockers, innards.CheckText(at, name, 64)...)
		blockers = append(blockers, innards.CheckText(at, attributes[name], maxText)...)
	}
	return blockers
}

func requireNote(note string) []innards.Blocker {
	if innards.IsBlank(note) {
		return []innards.Blocker{NoteRequired.In("note")}
	}
	return nil
}
