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

const currency = "EUR"

// A roomType is one type of the hotel's rooms, all on one floor.
type roomType struct {
	id, name string
	sleeps   int
	rooms    int
	floor    int
	cents    int64 // a night in spring
}

var types = []roomType{
	{"single", "Single room", 1, 8, 1, 6400},
	{"double", "Double room", 2, 14, 2, 9200},
	{"family", "Family apartment", 5, 6, 4, 14500},
	{"suite", "Sea view suite", 3, 4, 5, 21000},
}

func (t roomType) room(n int) string { return fmt.Sprint(100*t.floor + n + 1) }

// typeOf returns the type of a room.
func typeOf(room string) roomType {
	for _, t := range types {
		if fmt.Sprint(t.floor) == room[:1] {
			return t
		}
	}
	return types[0]
}

// closedRooms are out of order for some days before and after today.
var closedRooms = []string{"208", "404"}

// hotel returns the commands that open the hotel on the business date.
func hotel(opens innards.Date) []reservation.PropertyIntent {
	var inventory reservation.PutRoomTypes
	var rooms reservation.PutRooms
	for _, t := range types {
		inventory.Types = append(inventory.Types, reservation.RoomType{ID: t.id, Name: t.name, Sleeps: t.sleeps})
		for n := range t.rooms {
			rooms.Rooms = append(rooms.Rooms, reservation.Room{ID: t.room(n), Name: t.room(n), Type: t.id})
		}
	}
	intents := []reservation.PropertyIntent{
		reservation.CreateProperty{ID: Property, Title: "Hotel Galata, Varna", Zone: zone, Currency: currency, BusinessDate: opens},
		inventory, rooms,
	}
	for _, p := range guaranteePolicies() {
		intents = append(intents, reservation.PutGuaranteePolicy{Policy: p})
	}
	for _, p := range cancellationPolicies() {
		intents = append(intents, reservation.PutCancellationPolicy{Policy: p})
	}
	return append(intents, automation()...)
}

// automation returns the rules for messages and payments. They are there from the beginning, and the sweeps do what is due
// of them when the server starts; what was due more than a day before is left out by them, so that nobody is written to
// about a stay that is over.
func automation() []reservation.PropertyIntent {
	expected := []reservation.Occupancy{reservation.Expected}
	waits := reservation.Filter{Occupancy: expected, Guarantee: []reservation.GuaranteeState{reservation.StateAwaiting, reservation.StateOverdue}}
	return []reservation.PropertyIntent{
		reservation.PutMessageRule{Rule: reservation.MessageRule{
			ID: "welcome", Trigger: reservation.OnDaysBefore, Days: 2, At: 9 * 60, Template: "welcome",
			Filter: reservation.Filter{Occupancy: expected},
		}},
		reservation.PutMessageRule{Rule: reservation.MessageRule{
			ID: "guarantee-reminder", Trigger: reservation.OnDaysBefore, Days: 10, At: 10 * 60, Template: "guarantee_reminder", Filter: waits,
		}},
		reservation.PutPaymentTask{Task: reservation.PaymentTask{
			ID: "deposit", From: reservation.PaymentBeforeArrival, Hours: 7 * 24, Amount: reservation.AmountDepositDue, Filter: waits, Guarantees: true,
		}},
		reservation.PutPaymentTask{Task: reservation.PaymentTask{
			ID: "balance", From: reservation.PaymentBeforeArrival, Hours: 2 * 24, Amount: reservation.AmountBalance,
			Filter: reservation.Filter{Occupancy: expected, Guarantee: []reservation.GuaranteeState{reservation.StateGuaranteed}},
		}},
	}
}

// thanks is sent to those who leave from today on.
func thanks() reservation.PropertyIntent {
	return reservation.PutMessageRule{Rule: reservation.MessageRule{
		ID: "thanks", Trigger: reservation.OnCheckedOut, Template: "thanks",
		Filter: reservation.Filter{Confirmation: []reservation.Confirmation{reservation.Confirmed}},
	}}
}

// closeRooms takes the closed rooms out of order.
func closeRooms() reservation.PropertyIntent {
	var rooms reservation.PutRooms
	for _, id := range closedRooms {
		rooms.Rooms = append(rooms.Rooms, reservation.Room{ID: id, Name: id, Type: typeOf(id).id, OutOfOrder: true})
	}
	return rooms
}

func guaranteePolicies() []reservation.GuaranteePolicy {
	three, one := 3, 1
	return []reservation.GuaranteePolicy{
		{
			Name: "deposit-30", Methods: []reservation.Method{reservation.MethodCard, reservation.MethodBankTransfer, reservation.MethodDeposit},
			Deposit: reservation.Deposit{Percent: decimal.New(30, 0)}, WithinDays: &three, BeforeArrivalDays: &one,
			AtDeadline: reservation.DeadlineNotify,
		},
		{
			Name: "channel", Methods: []reservation.Method{reservation.MethodProcessor, reservation.MethodCard},
			BeforeArrivalDays: &one, AtDeadline: reservation.DeadlineNothing,
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
