// Package transfer moves reservations between the service and files, of which only a few lines are in memory at once: of
// the others of an import, a digest.
package transfer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A Row is one reservation as files hold it: flat, so that a spreadsheet can hold it too. In a CSV file an attribute is a
// column "attribute.NAME".
type Row struct {
	Number             string            `json:"number,omitempty"`
	Property           string            `json:"property"`
	Arrival            string            `json:"arrival"` // YYYY-MM-DD
	Departure          string            `json:"departure"`
	RoomType           string            `json:"room_type"`
	Room               string            `json:"room,omitempty"`
	Adults             int               `json:"adults,omitempty"`
	Children           int               `json:"children,omitempty"`
	GuestName          string            `json:"guest_name"`
	GuestEmail         string            `json:"guest_email,omitempty"`
	GuestPhone         string            `json:"guest_phone,omitempty"`
	GuestLanguage      string            `json:"guest_language,omitempty"`
	GuestCountry       string            `json:"guest_country,omitempty"`
	Source             string            `json:"source,omitempty"` // "import" if it is left out
	Channel            string            `json:"channel,omitempty"`
	ChannelReference   string            `json:"channel_reference,omitempty"`
	Segment            string            `json:"segment,omitempty"`
	Price              string            `json:"price,omitempty"` // of a night, or those of all nights with spaces between
	Currency           string            `json:"currency,omitempty"`
	Paid               string            `json:"paid,omitempty"`
	Commitment         string            `json:"commitment,omitempty"`
	ReleaseAt          string            `json:"release_at,omitempty"` // RFC 3339
	GuaranteePolicy    string            `json:"guarantee_policy,omitempty"`
	CancellationPolicy string            `json:"cancellation_policy,omitempty"`
	Party              string            `json:"party,omitempty"`
	Confirmation       string            `json:"confirmation,omitempty"`
	Guarantee          string            `json:"guarantee,omitempty"`
	Occupancy          string            `json:"occupancy,omitempty"`
	Attributes         map[string]string `json:"attributes,omitempty"`
}

// create returns the command that makes the row's reservation.
func (r Row) create() (reservation.Create, error) {
	c := reservation.Create{
		Property: r.Property, Number: r.Number, Party: r.Party, Type: r.RoomType, Room: r.Room, Adults: r.Adults, Children: r.Children, Source: reservation.Source(r.Source), Segment: r.Segment,
		Guest:      reservation.Person{Name: r.GuestName, Email: r.GuestEmail, Phone: r.GuestPhone, Language: r.GuestLanguage, Country: r.GuestCountry},
		Commitment: reservation.Commitment(r.Commitment), GuaranteePolicy: r.GuaranteePolicy,
		CancellationPolicy: r.CancellationPolicy, Attributes: r.Attributes,
	}
	if c.Source == "" {
		c.Source = reservation.SourceImport
	}
	if r.Channel != "" {
		c.Channel = &reservation.Channel{Name: r.Channel, Reference: r.ChannelReference}
	}
	if r.Occupancy != "" && r.Occupancy != string(reservation.Expected) {
		return c, fmt.Errorf("occupancy: only expected reservations are imported, not %q", r.Occupancy)
	}
	var err error
	if c.Arrival, c.Departure, err = r.dates(); err != nil {
		return c, err
	}
	return c, r.amounts(&c)
}

func (r Row) dates() (arrival, departure innards.Date, err error) {
	if arrival, err = innards.ParseDate(r.Arrival); err != nil {
		return arrival, departure, fmt.Errorf("arrival: %w", err)
	}
	if departure, err = innards.ParseDate(r.Departure); err != nil {
		return arrival, departure, fmt.Errorf("departure: %w", err)
	}
	return arrival, departure, nil
}

func (r Row) amounts(c *reservation.Create) (err error) {
	for _, price := range strings.Fields(r.Price) {
		m, err := innards.ParseMoney(price, innards.Currency(r.Currency))
		if err != nil {
			return fmt.Errorf("price: %w", err)
		}
		c.Prices = append(c.Prices, m)
	}
	if r.Paid != "" {
		if c.Paid, err = innards.ParseMoney(r.Paid, innards.Currency(r.Currency)); err != nil {
			return fmt.Errorf("paid: %w", err)
		}
	}
	if r.ReleaseAt != "" {
		at, err := time.Parse(time.RFC3339, r.ReleaseAt)
		if err != nil {
			return fmt.Errorf("release_at: %w", err)
		}
		c.ReleaseAt = &at
	}
	return nil
}

// after returns the commands that bring a new reservation to the row's statuses.
func (r Row) after(receipt reservation.Receipt) (intents []reservation.Intent) {
	if r.Confirmation == string(reservation.Confirmed) && receipt.Confirmation != reservation.Confirmed {
		intents = append(intents, reservation.MarkConfirmed{Note: imported})
	}
	if r.Guarantee == string(reservation.Guaranteed) && receipt.Guarantee != reservation.Guaranteed {
		intents = append(intents, reservation.GuaranteeBy{
			Method: reservation.MethodOther, Trigger: reservation.TriggerManual, Note: imported,
		})
	}
	return intents
}

const imported = "as imported"

// rowOf returns the row of a reservation.
func rowOf(r *reservation.Reservation) Row {
	row := Row{
		Number: r.Number, Property: r.Property, Arrival: r.Arrival.String(), Departure: r.Departure.String(), RoomType: r.Type,
		Adults: r.Adults, Children: r.Children, GuestName: r.Guest.Name, GuestEmail: r.Guest.Email, GuestPhone: r.Guest.Phone,
		GuestLanguage: r.Guest.Language, GuestCountry: r.Guest.Country, Source: string(r.Source), Segment: r.Segment,
		Currency: string(r.Currency()), Commitment: string(r.Commitment), Party: r.Party, Confirmation: string(r.Confirmation),
		Guarantee: string(r.Guarantee), Occupancy: string(r.Occupancy), Attributes: r.Attributes,
	}
	var prices []string
	for _, n := range r.Nights {
		prices = append(prices, n.Price.Amount())
	}
	row.Price = strings.Join(prices, " ")
	if rooms, whole := r.Rooms(); whole && len(rooms) == 1 {
		row.Room = rooms[0]
	}
	if r.Channel != nil {
		row.Channel, row.ChannelReference = r.Channel.Name, r.Channel.Reference
	}
	if r.Paid.Sign() != 0 {
		row.Paid = r.Paid.Amount()
	}
	if r.ReleaseAt != nil {
		row.ReleaseAt = r.ReleaseAt.Format(time.RFC3339)
	}
	if r.GuaranteePolicy != nil {
		row.GuaranteePolicy = r.GuaranteePolicy.Name
	}
	if r.CancellationPolicy != nil {
		row.CancellationPolicy = r.CancellationPolicy.Name
	}
	return row
}

const attributePrefix = "attribute."

// numeric are the columns that hold numbers.
var numeric = []string{"adults", "children"}

// columns are the columns of a CSV file, without attributes.
func columns() []string {
	return []string{"number", "property", "arrival", "departure", "room_type", "room", "adults", "children", "guest_name",
		"guest_email", "guest_phone", "guest_language", "guest_country", "source", "channel", "channel_reference", "segment",
		"price", "currency", "paid", "commitment", "release_at", "guarantee_policy", "cancellation_policy", "party",
		"confirmation", "guarantee", "occupancy"}
}

// fromCells returns the row of a CSV record. It goes by way of JSON, so that both kinds of file mean the same.
func fromCells(header, cells []string) (Row, error) {
	object, attributes := map[string]any{}, map[string]string{}
	for i, name := range header {
		cell := cells[i]
		switch attribute, isAttribute := strings.CutPrefix(name, attributePrefix); {
		case cell == "":
		case isAttribute:
			attributes[attribute] = unescapeCell(cell)
		case slices.Contains(numeric, name):
			n, err := strconv.Atoi(cell)
			if err != nil {
				return Row{}, fmt.Errorf("%s: %q is not a number", name, cell)
			}
			object[name] = n
		default:
			object[name] = unescapeCell(cell)
		}
	}
	if len(attributes) > 0 {
		object["attributes"] = attributes
	}
	text, err := json.Marshal(object)
	if err != nil {
		return Row{}, err
	}
	return decodeRow(text)
}

// cells returns the record of a CSV file.
func (r Row) cells(header []string) ([]string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, err
	}
	cells := make([]string, len(header))
	for i, name := range header {
		if attribute, ok := strings.CutPrefix(name, attributePrefix); ok {
			cells[i] = escapeCell(r.Attributes[attribute])
			continue
		}
		if value, ok := object[name]; ok {
			cells[i] = fmt.Sprint(value)
			if text, ok := value.(string); ok && name != "price" && name != "paid" {
				cells[i] = escapeCell(text)
			}
		}
	}
	return cells, nil
}

// escapeCell keeps a spreadsheet from taking text for a formula (OWASP: CSV injection).
func escapeCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func unescapeCell(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(s[1])) {
		return s[1:]
	}
	return s
}

// attributeColumns returns the columns for the attributes of some rows, sorted.
func attributeColumns(names map[string]bool) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = append(out, attributePrefix+name)
	}
	return out
}
