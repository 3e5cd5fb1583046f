package reservation_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// unknown is a command that no lifecycle has.
type unknown struct{}

func (unknown) Name() string                                                   { return "levitate" }
func (unknown) Plan(*reservation.Facts, *reservation.Change) []innards.Blocker { return nil }

// refusals bring about every refusal that there is.
func refusals() map[innards.Code]func(h *house) error {
	on := func(in reservation.Intent, edits ...edit) func(*house) error {
		return func(h *house) error { return h.attempt(h.book(edits...), in) }
	}
	create := func(edits ...edit) func(*house) error {
		return func(h *house) error { return h.attempt("", booking(edits...)) }
	}
	by := func(change func(*innards.Command), in reservation.Intent) func(*house) error {
		return func(h *house) error {
			command := innards.Command{Actor: h.desk}
			change(&command)
			_, err := h.Do(h.ctx, command, h.book(ofParty("acme")), in)
			return err
		}
	}
	after := func(first, then reservation.Intent, edits ...edit) func(*house) error {
		return func(h *house) error {
			id := h.book(append([]edit{stay(0, 2), inRoom("101")}, edits...)...)
			h.do(id, first)
			return h.attempt(id, then)
		}
	}
	property := func(in reservation.PropertyIntent) func(*house) error {
		return func(h *house) error { return h.doAs(reservationtest.HotelID, in) }
	}
	search := func(q reservation.Search) func(*house) error {
		return func(h *house) error { return second(h.Search(h.ctx, h.desk, q)) }
	}
	cancel, checkIn := reservation.Cancel{Reason: reservation.ReasonGuest}, reservation.CheckIn{}
	strict := under("", reservationtest.Strict)
	all := map[innards.Reason]func(*house) error{
		innards.WrongStatus: on(reservation.CheckOut{}), innards.UnknownCommand: on(unknown{}),
		innards.NotPermitted:   by(func(c *innards.Command) { c.Actor.Rights = nil }, reservation.LockRoom{}),
		innards.StaffOnly:      by(func(c *innards.Command) { c.Actor = party("acme") }, reservation.LockRoom{}),
		innards.StaleVersion:   by(func(c *innards.Command) { c.Expect = 7 }, reservation.LockRoom{}),
		innards.KeyInvalid:     by(func(c *innards.Command) { c.Key = "\n" }, reservation.LockRoom{}),
		innards.ReasonRequired: by(func(c *innards.Command) { c.Override = codes(reservation.RoomOutOfOrder) }, reservation.AssignRoom{Room: "104"}),
		innards.TextInvalid:    create(guest("\x00")), innards.CardNumber: create(guest("4111111111111111")),
		innards.KeyReused: func(h *house) error {
			command := innards.Command{Actor: h.desk, Key: "k"}
			if _, err := h.Do(h.ctx, command, "", booking()); err != nil {
				return err
			}
			return second(h.Do(h.ctx, command, "", booking(stay(1, 1))))
		},
		innards.Busy: func(h *house) error {
			stale := func(_ int, method string) reservationtest.Fault {
				return map[string]reservationtest.Fault{"Commit": {Err: innards.ErrStale}}[method]
			}
			return second(h.on(reservationtest.NewFaulty(h.memory, stale)).Do(h.ctx, innards.Command{Actor: h.desk}, h.book(), reservation.LockRoom{}))
		},
		reservation.DateInvalid:      create(func(c *reservation.Create) { c.Arrival = innards.Date{} }),
		reservation.DepartureBefore:  create(stay(1, -1)),
		reservation.StayTooLong:      create(stay(0, 731)),
		reservation.ArrivalPast:      create(stay(-1, 1)),
		reservation.PropertyUnknown:  create(func(c *reservation.Create) { c.Property = "x" }),
		reservation.FeeLowered:       func(h *house) error { return h.attempt(h.book(strict), reservation.Amend{CancellationPolicy: ptr("")}) },
		reservation.RoomTypeFixed:    property(reservation.PutRooms{Rooms: []reservation.Room{{ID: "101", Name: "101", Type: "APT"}}}),
		reservation.IDTwice:          property(reservation.PutRoomTypes{Types: make([]reservation.RoomType, 2)}),
		reservation.TypeUnknown:      create(ofType("x")),
		reservation.RoomUnknown:      create(inRoom("x")),
		reservation.PolicyUnknown:    create(under("x", "")),
		reservation.PolicyInvalid:    property(reservation.PutGuaranteePolicy{Policy: reservation.GuaranteePolicy{Name: "x"}}),
		reservation.RuleInvalid:      property(reservation.PutMessageRule{Rule: reservation.MessageRule{ID: "x"}}),
		reservation.GuestsInvalid:    create(func(c *reservation.Create) { c.Adults = -1 }),
		reservation.CapacityExceeded: create(func(c *reservation.Create) { c.Adults = 3 }),
		reservation.AmountInvalid:    create(paying(euro(-1))),
		reservation.PriceCount:       create(func(c *reservation.Create) { c.Prices = make([]innards.Money, 2) }),
		reservation.SourceInvalid:    create(from("x")), reservation.CommitmentInvalid: create(as("x")), reservation.GuestRequired: create(guest("")),
		reservation.EmailRequired:     on(reservation.SendConfirmation{}, func(c *reservation.Create) { c.Guest.Email = "" }),
		reservation.EmailInvalid:      create(func(c *reservation.Create) { c.Guest.Email = "x" }),
		reservation.NoteRequired:      on(reservation.MarkConfirmed{}),
		reservation.ReasonCodeInvalid: on(reservation.Cancel{}),
		reservation.AttributesInvalid: create(func(c *reservation.Create) { c.Attributes = map[string]string{"": ""} }),
		reservation.NumberTaken: func(h *house) error {
			n := h.get(h.book()).Number
			return h.attempt("", booking(func(c *reservation.Create) { c.Number = n }))
		},
		reservation.NothingToChange: on(reservation.Amend{}),
		reservation.NotValid:        after(cancel, reservation.SendConfirmation{}),
		reservation.NotDefinite:     on(checkIn, as(reservation.Inquiry), inRoom("101")),
		reservation.SoldOut:         func(h *house) error { h.book(ofType("APT")); return h.attempt("", booking(ofType("APT"))) },
		reservation.RoomTaken:       func(h *house) error { h.book(inRoom("101")); return h.attempt("", booking(inRoom("101"))) },
		reservation.RoomOutOfOrder:  on(reservation.AssignRoom{Room: "104"}),
		reservation.RoomRequired:    on(checkIn),
		reservation.RoomOccupied: func(h *house) error {
			h.do(h.book(stay(0, 0), inRoom("101")), checkIn)
			return h.attempt(h.book(inRoom("101")), checkIn)
		},
		reservation.RoomAssigned: on(reservation.CheckIn{Room: "102"}, inRoom("101")),
		reservation.RoomIsLocked: after(reservation.LockRoom{}, reservation.UnassignRoom{}),
		reservation.NightOutside: on(reservation.AssignRoom{Room: "101", From: day(9)}),
		reservation.NightPast:    after(checkIn, reservation.Amend{Arrival: ptr(day(1))}),
		reservation.ArrivalAhead: on(checkIn, stay(1, 1), inRoom("101")),
		reservation.StayOver:     on(reservation.RollArrival{}),
		reservation.NoShowEarly: func(h *house) error {
			h.doProperty(reservation.AmendProperty{Settings: &reservation.Settings{Profile: reservation.ProfileStrict}})
			return h.attempt(h.book(), reservation.MarkNoShow{})
		},
		reservation.BalanceOpen: func(h *house) error {
			h.folio.set(reservation.FolioState{Balance: euro(1)}, nil)
			return after(checkIn, reservation.CheckOut{})(h)
		},
		reservation.FolioClosed: func(h *house) error {
			h.folio.set(reservation.FolioState{Closed: true}, nil)
			return on(cancel, strict)(h)
		},
		reservation.WaiveNotAllowed: on(reservation.Cancel{Reason: reservation.ReasonGuest, Waive: true}, strict),
		reservation.InHouse:         after(checkIn, reservation.MakeExpected{}),
		reservation.UndoWindow: func(h *house) error {
			id := h.book(stay(0, 2), inRoom("101"))
			h.do(id, checkIn)
			h.closeDay(1)
			return h.attempt(id, reservation.UndoCheckIn{})
		},
		reservation.AlreadyCharged: func(h *house) error {
			h.folio.set(reservation.FolioState{Charged: true}, nil)
			return after(checkIn, reservation.UndoCheckIn{})(h)
		},
		reservation.NotCovered:          on(reservation.GuaranteeBy{Trigger: reservation.TriggerPortal}, under(reservationtest.Deposit, ""), withCard),
		reservation.MethodNotAccepted:   on(reservation.GuaranteeBy{Trigger: reservation.TriggerPortal}, under(reservationtest.Company, "")),
		reservation.GuaranteeByHand:     on(reservation.GuaranteeBy{Trigger: reservation.TriggerPortal}),
		reservation.TriggerInvalid:      on(reservation.GuaranteeBy{Trigger: "x"}),
		reservation.CardInvalid:         on(reservation.StoreCard{}),
		reservation.PaymentInvalid:      on(reservation.RecordPayment{}),
		reservation.RefundTooLarge:      on(reservation.RecordPayment{Kind: reservation.PaymentRefunded, Amount: euro(1)}),
		reservation.OptionNotReleasable: on(reservation.ReleaseOption{}), reservation.DeadlineNotOver: on(reservation.LapseGuarantee{}),
		reservation.NotDue: func(h *house) error {
			h.doProperty(reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "t", From: reservation.PaymentAfterBooking, Hours: 1, Amount: reservation.AmountBalance}})
			return on(reservation.RunPaymentTask{Task: "t"})(h)
		},
		reservation.RuleUnknown: on(reservation.RunPaymentTask{Task: "x"}), reservation.RevisionPast: on(reservation.ConfirmationSent{}),
		reservation.PropertyInvalid: property(reservation.AmendProperty{Title: ptr("")}),
		reservation.IDInvalid:       property(reservation.PutCancellationPolicy{}),
		reservation.SettingInvalid:  property(reservation.AmendProperty{Settings: &reservation.Settings{Profile: "x"}}),
		reservation.DayNotOpen:      property(reservation.CloseDay{Date: day(1)}),
		reservation.DayNotBegun: func(h *house) error {
			h.doProperty(reservation.CloseDay{Date: day(0)})
			return h.doAs(reservationtest.HotelID, reservation.CloseDay{Date: day(1)})
		},
		reservation.QueryInvalid: search(reservation.Search{Limit: -1}), reservation.PropertyRequired: search(reservation.Search{StayState: []reservation.StayState{reservation.StayVoid}}),
		reservation.StatusUnknown: func(*house) error { return second(reservation.Mews.Parse("x")) },
		reservation.StatusWithoutWord: func(*house) error {
			return second(reservation.Apaleo.Word(reservation.Statuses{Occupancy: reservation.Expected, Commitment: reservation.Inquiry}))
		},
	}
	byCode := map[innards.Code]func(*house) error{}
	for reason, bring := range all {
		byCode[reason.Code] = bring
	}
	return byCode
}

// Every code is given by some command, and a blocker of it is what the table of codes says.
func TestEveryRefusalIsReached(t *testing.T) {
	bring := refusals()
	for _, r := range reservation.Reasons() {
		if bring[r.Code] == nil {
			t.Errorf("nothing brings about %s", r.Code)
			continue
		}
		err := bring[r.Code](open(t))
		refusal, ok := errors.AsType[*innards.Refusal](err)
		if !ok {
			t.Errorf("%s: %v", r.Code, err)
			continue
		}
		found := false
		for _, b := range refusal.Blockers {
			if b.Code == r.Code {
				found = true
				equal(t, string(r.Code)+": kind", b.Kind, r.Kind)
				equal(t, string(r.Code)+": right", b.Right, r.Right)
				equal(t, string(r.Code)+": text", strings.HasPrefix(b.Text, r.Text), true)
			}
		}
		if !found {
			t.Errorf("%s: %v", r.Code, err)
		}
		delete(bring, r.Code)
	}
	for code := range bring {
		t.Errorf("%s is not in the table of codes", code)
	}
}

// The table of codes for the documentation.
func TestDocumentedRefusals(t *testing.T) {
	var b strings.Builder
	b.WriteString("| code | who can lift it | why | what lifts it | right that overrides it |\n|---|---|---|---|---|\n")
	seen := map[innards.Code]bool{}
	for _, r := range reservation.Reasons() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Code, r.Kind, r.Text, r.Lift, r.Right)
		if seen[r.Code] {
			t.Errorf("%s is there twice", r.Code)
		}
		seen[r.Code] = true
	}
	golden(t, "refusals.md", b.String())
}
