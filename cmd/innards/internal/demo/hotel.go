package demo

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// Property is the id of the demo hotel.
const Property = "varna"

const zone = "Europe/Sofia"

// The room types, their number of rooms and price of a night in cents.
var types = []struct {
	id, name string
	sleeps   int
	rooms    int
	floor    int
	cents    int64
}{
	{"single", "Single room", 1, 8, 1, 6400},
	{"double", "Double room", 2, 14, 2, 9200},
	{"family", "Family apartment", 5, 6, 4, 14500},
	{"suite", "Sea view suite", 3, 4, 5, 21000},
}

func euro(cents int64) (innards.Money, error) { return innards.FromMinor(cents, "EUR") }

// hotel returns the commands that open the hotel on the business date.
func hotel(opens innards.Date) []reservation.PropertyIntent {
	var inventory reservation.PutRoomTypes
	var rooms reservation.PutRooms
	for _, t := range types {
		inventory.Types = append(inventory.Types, reservation.RoomType{ID: t.id, Name: t.name, Sleeps: t.sleeps})
		for n := range t.rooms {
			id := fmt.Sprint(100*t.floor + n + 1)
			rooms.Rooms = append(rooms.Rooms, reservation.Room{ID: id, Name: id, Type: t.id})
		}
	}
	rooms.Rooms[len(rooms.Rooms)-3].OutOfOrder = true
	intents := []reservation.PropertyIntent{
		reservation.CreateProperty{ID: Property, Title: "Hotel Galata, Varna", Zone: zone, Currency: "EUR", BusinessDate: opens},
		inventory, rooms,
	}
	for _, p := range guaranteePolicies() {
		intents = append(intents, reservation.PutGuaranteePolicy{Policy: p})
	}
	for _, p := range cancellationPolicies() {
		intents = append(intents, reservation.PutCancellationPolicy{Policy: p})
	}
	return append(intents, reservation.PutMessageRule{Rule: reservation.MessageRule{
		ID: "welcome", Trigger: reservation.OnDaysBefore, Days: 2, At: 9 * 60, Template: "welcome",
		Filter: reservation.Filter{Occupancy: []reservation.Occupancy{reservation.Expected}},
	}})
}

func guaranteePolicies() []reservation.GuaranteePolicy {
	three, one := 3, 1
	return []reservation.GuaranteePolicy{
		{
			Name: "deposit-30", Methods: []reservation.Method{reservation.MethodCard, reservation.MethodBankTransfer, reservation.MethodDeposit},
			Deposit: reservation.Deposit{Percent: decimal.New(30, 0)}, WithinDays: &three, BeforeArrivalDays: &one,
			AtDeadline: reservation.DeadlineNotify,
		},
		{Name: "card", Methods: []reservation.Method{reservation.MethodCard}, BeforeArrivalDays: &one, AtDeadline: reservation.DeadlineNothing},
		{Name: "company", Methods: []reservation.Method{reservation.MethodCompany, reservation.MethodVoucher}, AtDeadline: reservation.DeadlineNothing},
	}
}

func cancellationPolicies() []reservation.CancellationPolicy {
	return []reservation.CancellationPolicy{
		{
			Name: "flexible", GraceMinutes: 30, CapAtRevenue: true,
			Tiers:  []reservation.Tier{{From: reservation.AnchorArrivalDate, Days: 1, DropTime: 18 * 60, Fee: reservation.FeeRule{Kind: reservation.FeeNights, Nights: 1}}},
			NoShow: &reservation.FeeRule{Kind: reservation.FeeFull},
		},
		{
			Name: "season", CapAtRevenue: true,
			Tiers: []reservation.Tier{
				{From: reservation.AnchorArrival, Days: 14, Fee: reservation.FeeRule{Kind: reservation.FeePercent, Percent: decimal.New(30, 0)}},
				{From: reservation.AnchorArrival, Days: 3, Fee: reservation.FeeRule{Kind: reservation.FeePercent, Percent: decimal.New(70, 0)}},
			},
			NoShow: &reservation.FeeRule{Kind: reservation.FeeFull},
		},
		{Name: "non-refundable", NonRefundable: true},
	}
}

// A country is where guests come from.
type country struct {
	code, language string
	first, last    []string
	mail           string
}

var countries = []country{
	{"DK", "da", []string{"Søren", "Ida", "Åse", "Mikkel", "Freja"}, []string{"Kjærgaard", "Nørgaard", "Østergaard", "Lund"}, "example.dk"},
	{"ES", "es", []string{"Íñigo", "Lucía", "Álvaro", "Begoña", "Martín"}, []string{"Muñoz Peña", "Ibáñez", "Castaño", "Güell"}, "example.es"},
	{"BG", "bg", []string{"Иван", "Мария", "Георги", "Елица", "Стоян"}, []string{"Димитров", "Йорданова", "Щерев", "Ангелова"}, "example.bg"},
	{"RU", "ru", []string{"Анна", "Сергей", "Юлия", "Пётр", "Ольга"}, []string{"Соколова", "Журавлёв", "Щукина", "Белов"}, "example.ru"},
}

// guest returns the i-th guest. No two of the first twenty of a country have the same name.
func guest(i int) reservation.Person {
	c := countries[i%len(countries)]
	n := i / len(countries)
	return reservation.Person{
		Name:  c.first[n%len(c.first)] + " " + c.last[(n+n/len(c.first))%len(c.last)],
		Email: fmt.Sprintf("guest%02d@%s", i+1, c.mail), Phone: fmt.Sprintf("+000 555 %04d", 100+7*i),
		Language: c.language, Country: c.code,
	}
}
