package reservationtest

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// everything sets every field of a reservation, so that what a store leaves out shows.
func everything(r *reservation.Reservation) {
	at := Morning().Add(90*time.Minute + 123456*time.Microsecond)
	later := at.Add(time.Hour)
	Stay(1, 3, Double, "101")(r)
	r.Nights[2].Price = Euro(-1)
	r.Party = "guest-1"
	r.Confirmation, r.ConfirmationStale, r.Revision = reservation.Confirmed, true, 3
	r.Guarantee, r.EvidenceStale, r.GuaranteeLapsed, r.GuaranteeDeadline = reservation.Guaranteed, true, true, &later
	r.Evidence = []reservation.Evidence{{
		Method: reservation.MethodCard, Trigger: reservation.TriggerTokenization, Actor: "system:payments", Reference: "t-1", At: at,
	}}
	r.Commitment, r.ReleaseAt = reservation.Optional, &later
	r.ReleasedFrom, r.OriginalArrival = r.Arrival.AddDays(2), r.Arrival.AddDays(-1)
	r.RoomLocked, r.Overbooked = true, true
	r.Occupancy, r.InRoom, r.ArrivedAt, r.DepartedAt, r.CheckedOn = reservation.CheckedIn, "101", &at, &later, r.Arrival
	r.Adults, r.Children = 2, 1
	r.Guest = reservation.Person{Name: "Élena Тодорова", Email: "elena@example.com", Phone: "+359 88 8123456", Language: "bg", Country: "BG"}
	r.Source, r.Segment = reservation.SourceChannelManager, "leisure"
	r.Channel = &reservation.Channel{Name: `O'Hara "\%_" & <b>`, Reference: "c\t1\n☃🏨", Processor: true}
	r.Extras = []reservation.Extra{{Group: "board", Price: Euro(2550)}}
	r.GuaranteePolicy, r.CancellationPolicy = wholeGuaranteePolicy(), wholeCancellationPolicy()
	r.Card = &reservation.Card{Token: "tok_1", Brand: "visa", Last4: "1234", Expires: "2028-02", Invalid: true}
	r.Paid, r.Authorised, r.Refunding, r.Releasing = Euro(1), Euro(2), Euro(3), Euro(4)
	r.Cycle, r.CancellationNumber, r.AutopayPaused = 1, "C-1", true
	r.Fees = []reservation.Fee{{
		Cycle: 1, Kind: reservation.NoShow, Amount: Euro(3), Applied: Euro(1), Refunded: Euro(2), Released: Euro(4), Waived: true, Reversed: true, At: at,
	}}
	r.CreatedAt = at
	r.Done = []string{"rule-1/2026-06-01"}
	r.Attributes = map[string]string{"loyalty": "gold", "цвят": "син"}
}

func wholeGuaranteePolicy() *reservation.GuaranteePolicy {
	two, five := 2, 5
	return &reservation.GuaranteePolicy{
		Name: "whole", Methods: reservation.Methods(),
		Deposit: reservation.Deposit{
			Fixed: Euro(1000), Percent: decimal.RequireFromString("12.5"), Nights: 1,
			Instalments: []reservation.Instalment{
				{Percent: decimal.New(40, 0), DaysAfterBooking: &two},
				{Percent: decimal.New(60, 0), DaysBeforeArrival: &five},
			},
		},
		WithinDays: &two, BeforeArrivalDays: &five, AtDeadline: reservation.DeadlineHoldUntil, HoldUntil: 18 * 60,
	}
}

func wholeCancellationPolicy() *reservation.CancellationPolicy {
	return &reservation.CancellationPolicy{
		Name: "whole",
		Tiers: []reservation.Tier{{
			From: reservation.AnchorArrivalDate, Days: 2, Hours: 3, DropTime: 18 * 60,
			Fee: reservation.FeeRule{Kind: reservation.FeePercent, Flat: Euro(1), Percent: decimal.New(505, -1), Nights: 1},
		}},
		NoShow:       &reservation.FeeRule{Kind: reservation.FeeFlat, Flat: Amount(5000, "JPY"), Percent: decimal.New(1, 2), Nights: 2},
		GraceMinutes: 30, NonRefundable: true, Cap: Amount(12345, "KWD"), CapAtRevenue: true, Revenue: []string{"board"},
	}
}

// wholeHotel is [Hotel] with every field set.
func wholeHotel() reservation.Property {
	p := Hotel()
	p.Settings = reservation.Settings{
		Profile: reservation.ProfileStrict, CheckInTime: 15 * 60, CheckOutTime: 10 * 60, FirstSegmentSuffices: true,
		NoShowSweep: true, SpareGuaranteed: true,
	}
	p.GuaranteePolicies = []reservation.GuaranteePolicy{*wholeGuaranteePolicy()}
	p.CancellationPolicies = []reservation.CancellationPolicy{*wholeCancellationPolicy()}
	some := reservation.Filter{
		Confirmation: []reservation.Confirmation{reservation.Confirmed},
		Guarantee:    []reservation.GuaranteeState{reservation.StateAwaiting},
		Occupancy:    []reservation.Occupancy{reservation.Expected},
	}
	p.MessageRules = []reservation.MessageRule{{
		ID: "rule-1", Trigger: reservation.OnDaysBefore, Days: 3, At: 9 * 60, Filter: some, Template: "welcome", Disabled: true,
	}}
	p.PaymentTasks = []reservation.PaymentTask{{
		ID: "task-1", From: reservation.PaymentBeforeArrival, Hours: 24, Amount: reservation.AmountBalance, Filter: some,
		Guarantees: true, Disabled: true,
	}}
	p.BusinessDate = innards.NewDate(2028, time.February, 29)
	return p
}
