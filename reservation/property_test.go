package reservation_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// doAs carries out a property command and returns its refusal, if any.
func (h *house) doAs(id string, in reservation.PropertyIntent) error {
	_, err := h.DoProperty(h.ctx, innards.Command{Actor: h.desk}, id, in)
	return err
}

func (h *house) propertyRefused(id string, in reservation.PropertyIntent, reasons ...innards.Reason) {
	h.t.Helper()
	events := h.events()
	if err := h.doAs(id, in); !equalCodes(err, reasons...) {
		h.t.Errorf("%s %+v: %v, want it refused for %v", in.Name(), in, err, codes(reasons...))
	}
	if h.events() != events {
		h.t.Errorf("%s was refused, but wrote an event", in.Name())
	}
}

// propertyRefusedIn checks that the command is refused for exactly one reason, and that it names the field.
func (h *house) propertyRefusedIn(id string, in reservation.PropertyIntent, field string, reason innards.Reason) {
	h.t.Helper()
	refusal, ok := errors.AsType[*innards.Refusal](h.doAs(id, in))
	if !ok || len(refusal.Blockers) != 1 || refusal.Blockers[0].Field != field || refusal.Blockers[0].Code != reason.Code {
		h.t.Errorf("%s: %v, want %s refused for %s", in.Name(), refusal, field, reason.Code)
	}
}

func equalCodes(err error, reasons ...innards.Reason) bool {
	return diff(codes(reasons...), codesOf(err)) == ""
}

func opening(id string) reservation.CreateProperty {
	return reservation.CreateProperty{ID: id, Title: "Hotel Rila", Zone: "Europe/Sofia", Currency: "EUR", BusinessDate: day(0)}
}

// A hotel is opened, furnished and sold from, by commands alone.
func TestOpenAProperty(t *testing.T) {
	h := open(t)
	do := func(in reservation.PropertyIntent) reservation.PropertyReceipt {
		t.Helper()
		receipt, err := h.DoProperty(h.ctx, innards.Command{Actor: h.desk}, "rila", in)
		if err != nil {
			t.Fatalf("%s: %v", in.Name(), err)
		}
		return receipt
	}
	receipt := do(opening("rila"))
	want := reservation.PropertyReceipt{ID: "rila", Version: 1, BusinessDate: day(0), At: h.clock.Now()}
	equal(t, "receipt", receipt, want)
	do(reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "DBL", Name: "Double"}}})
	do(reservation.PutRooms{Rooms: []reservation.Room{{ID: "1", Name: "1", Type: "DBL"}, {ID: "2", Name: "2", Type: "DBL", OutOfOrder: true}}})
	do(reservation.PutGuaranteePolicy{Policy: reservation.GuaranteePolicy{Name: "card", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineNothing}})
	do(reservation.PutCancellationPolicy{Policy: reservation.CancellationPolicy{Name: "flex"}})
	do(reservation.PutMessageRule{Rule: reservation.MessageRule{ID: "hello", Trigger: reservation.OnCreated, Template: "hello"}})
	do(reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "pay", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance}})
	p, err := h.Property(h.ctx, h.desk, "rila")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "settings", p.Settings, reservation.Settings{Profile: reservation.ProfileSeed, CheckInTime: 14 * 60, CheckOutTime: 12 * 60})
	equal(t, "in service", p.InService("DBL"), 1)
	equal(t, "zone", p.Location().String(), "Europe/Sofia")
	equal(t, "tenant", p.Tenant, reservationtest.Tenant)
	id := h.do("", booking(func(c *reservation.Create) { c.Property = "rila" }, under("card", "flex"))).ID
	h.refused("", booking(func(c *reservation.Create) { c.Property = "rila" }), reservation.SoldOut)
	equal(t, "property", h.get(id).Property, "rila")
	events, err := h.PropertyHistory(h.ctx, h.desk, "rila", 0, 100)
	if err != nil || len(events) != 7 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	equal(t, "business date of the opening", events[0].BusinessDate, day(0))
	if err := innards.VerifyHistory("rila", p.Version, p.Hash, events); err != nil {
		t.Error(err)
	}
	all, err := h.Properties(h.ctx, h.desk)
	if err != nil || len(all) != 2 || all[0].ID != "rila" || all[1].ID != reservationtest.HotelID {
		t.Errorf("the properties are %v, %v", all, err)
	}
}

func TestOpenAPropertyRefused(t *testing.T) {
	h := open(t)
	edited := func(edit func(*reservation.CreateProperty)) reservation.CreateProperty {
		in := opening("new")
		edit(&in)
		return in
	}
	h.propertyRefused(reservationtest.HotelID, opening(reservationtest.HotelID), innards.WrongStatus)
	h.propertyRefused("new", opening("other"), reservation.IDInvalid)
	h.propertyRefused("4111111111111111", opening("4111111111111111"), innards.CardNumber)
	for _, id := range []string{"a b", "-a", strings.Repeat("a", 65), "ü", "a/b"} {
		h.propertyRefused(id, opening(id), reservation.IDInvalid)
	}
	if err := h.doAs(strings.Repeat("a", 64), opening(strings.Repeat("a", 64))); err != nil {
		t.Error(err)
	}
	h.propertyRefused("new", edited(func(c *reservation.CreateProperty) { c.Title = " " }), reservation.PropertyInvalid)
	h.propertyRefused("new", edited(func(c *reservation.CreateProperty) { c.Title = strings.Repeat("a", 257) }), innards.TextInvalid)
	for _, zone := range []string{"", "Europe/Atlantis", "Local"} {
		h.propertyRefused("new", edited(func(c *reservation.CreateProperty) { c.Zone = zone }), reservation.PropertyInvalid)
	}
	h.propertyRefused("new", edited(func(c *reservation.CreateProperty) { c.Currency = "XXX" }), reservation.PropertyInvalid)
	h.propertyRefused("new", edited(func(c *reservation.CreateProperty) { c.BusinessDate = innards.Date{} }), reservation.DateInvalid)
	h.propertyRefused("new", edited(func(c *reservation.CreateProperty) { c.Settings.Profile = "wild" }), reservation.SettingInvalid)
	wantError(t, h.doAs("new", reservation.CloseDay{Date: day(0)}), innards.ErrNotFound)
	_, err := h.DoProperty(h.ctx, innards.Command{Actor: party("acme")}, "new", opening("new"))
	if !innards.RefusedFor(err, innards.StaffOnly.Code) || !innards.RefusedFor(err, innards.NotPermitted.Code) {
		t.Errorf("a guest opens a hotel: %v", err)
	}
	confined := h.desk
	confined.Property = "elsewhere"
	_, err = h.DoProperty(h.ctx, innards.Command{Actor: confined}, "new", opening("new"))
	wantError(t, err, innards.ErrNotFound)
	if err := h.doAs("new", ptr(opening("new"))); err != nil {
		t.Error(err)
	}
}

func TestAmendProperty(t *testing.T) {
	h := open(t)
	h.propertyRefused(reservationtest.HotelID, reservation.AmendProperty{}, reservation.NothingToChange)
	h.propertyRefused(reservationtest.HotelID, reservation.AmendProperty{Title: ptr("")}, reservation.PropertyInvalid)
	h.propertyRefused(reservationtest.HotelID, reservation.AmendProperty{Settings: &reservation.Settings{Profile: "x"}}, reservation.SettingInvalid)
	h.propertyRefused(reservationtest.HotelID, reservation.AmendProperty{Settings: &reservation.Settings{CheckInTime: -1, CheckOutTime: 24*60 + 1}}, reservation.SettingInvalid)
	for times, valid := range map[[2]innards.TimeOfDay]bool{{24 * 60, 24 * 60}: true, {24*60 + 1, 60}: false, {60, -1}: false, {60, 24*60 + 1}: false, {1, 1}: true} {
		in := reservation.AmendProperty{Settings: &reservation.Settings{CheckInTime: times[0], CheckOutTime: times[1]}}
		_, err := h.DoProperty(h.ctx, innards.Command{Actor: h.desk, DryRun: true}, reservationtest.HotelID, in)
		equal(t, "times", err == nil, valid)
	}
	before := h.property().Settings
	h.doProperty(reservation.AmendProperty{Title: ptr("Vitosha Palace")})
	equal(t, "name", h.property().Name, "Vitosha Palace")
	equal(t, "settings", h.property().Settings, before)
	h.doProperty(reservation.AmendProperty{Settings: &reservation.Settings{Profile: reservation.ProfileStrict, CheckInTime: 15 * 60, CheckOutTime: 10 * 60}})
	equal(t, "name", h.property().Name, "Vitosha Palace")
	equal(t, "profile", h.property().Settings.Profile, reservation.ProfileStrict)
	equal(t, "check-in", h.property().ArrivalInstant(day(0)).Format(time.RFC3339), "2026-06-01T12:00:00Z")
	id := h.book(inRoom("101"))
	h.do(id, reservation.CheckIn{})
	h.refused(id, reservation.Cancel{Reason: reservation.ReasonGuest}, innards.WrongStatus)
}

func TestPutRoomsAndTypes(t *testing.T) {
	h := open(t)
	p := reservationtest.HotelID
	h.propertyRefused(p, reservation.PutRooms{}, reservation.NothingToChange)
	h.propertyRefused(p, reservation.PutRoomTypes{}, reservation.NothingToChange)
	h.propertyRefused(p, reservation.PutRooms{Rooms: make([]reservation.Room, 10_001)}, reservation.NothingToChange)
	h.propertyRefused(p, reservation.PutRooms{Rooms: []reservation.Room{{ID: "a b", Name: "x", Type: "DBL"}}}, reservation.IDInvalid)
	h.propertyRefused(p, reservation.PutRooms{Rooms: []reservation.Room{{ID: "1", Type: "DBL"}}}, reservation.PropertyInvalid)
	h.propertyRefused(p, reservation.PutRooms{Rooms: []reservation.Room{{ID: "1", Name: "x", Type: "SUITE"}}}, reservation.TypeUnknown)
	h.propertyRefused(p, reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "", Name: "x"}}}, reservation.IDInvalid)
	twin := reservation.RoomType{ID: "x", Name: "x"}
	h.propertyRefusedIn(p, reservation.PutRoomTypes{Types: []reservation.RoomType{twin, {ID: "y", Name: "y"}, twin}}, "types[2].id", reservation.IDTwice)
	h.propertyRefusedIn(p, reservation.PutRooms{Rooms: []reservation.Room{{ID: "101", Name: "x", Type: "DBL"}, {ID: "101", Name: "y", Type: "DBL"}}}, "rooms[1].id", reservation.IDTwice)
	h.propertyRefusedIn(p, reservation.PutRooms{Rooms: []reservation.Room{{ID: "101", Name: "x", Type: "DBL"}, {ID: "9", Name: "y", Type: "SUITE"}}}, "rooms[1].type", reservation.TypeUnknown)
	h.propertyRefused(p, reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "x", Name: ""}}}, reservation.PropertyInvalid)
	for sleeps, valid := range map[int]bool{-1: false, 0: true, 1000: true, 1001: false} {
		err := h.doAs(p, reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "x", Name: "x", Sleeps: sleeps}}})
		equal(t, "sleeps", err == nil, valid)
		equal(t, "refused for", valid || equalCodes(err, reservation.GuestsInvalid), true)
	}
	h.doProperty(reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "DBL", Name: "Large double", Sleeps: 3}, {ID: "SGL", Name: "Single"}}})
	dbl, _ := h.property().RoomType("DBL")
	equal(t, "replaced", dbl.Name, "Large double")
	equal(t, "types", len(h.property().Types), 4)
	h.doProperty(reservation.PutRooms{Rooms: []reservation.Room{{ID: "301", Name: "301", Type: "SGL"}, {ID: "104", Name: "104 b", Type: "DBL"}}})
	var names []string
	for _, r := range h.property().Rooms {
		names = append(names, r.Name)
	}
	equal(t, "rooms", strings.Join(names, ","), "101,102,103,104 b,201,301")
	equal(t, "in service", h.property().InService("DBL"), 4)
	rooms := make([]reservation.Room, 10_000)
	for i := range rooms {
		rooms[i] = reservation.Room{ID: "r" + decimal.NewFromInt(int64(i)).String(), Name: "x", Type: "SGL"}
	}
	h.doProperty(reservation.PutRooms{Rooms: rooms})
	equal(t, "in service", h.property().InService("SGL"), 10_001)
	if _, ok := h.property().Room("nope"); ok {
		t.Error("it has a room that was never put")
	}
}

func TestPutPoliciesRefused(t *testing.T) {
	h := open(t)
	p := reservationtest.HotelID
	good := reservation.GuaranteePolicy{Name: "x", Methods: []reservation.Method{reservation.MethodCard}, AtDeadline: reservation.DeadlineNothing}
	unnamed, empty := good, good
	unnamed.Name, empty.Methods = "", nil
	h.propertyRefused(p, reservation.PutGuaranteePolicy{Policy: unnamed}, reservation.IDInvalid)
	h.propertyRefused(p, reservation.PutGuaranteePolicy{Policy: empty}, reservation.PolicyInvalid)
	h.propertyRefused(p, reservation.PutCancellationPolicy{}, reservation.IDInvalid)
	h.propertyRefused(p, reservation.PutCancellationPolicy{Policy: reservation.CancellationPolicy{Name: "x", GraceMinutes: -1}}, reservation.PolicyInvalid)
	good.Name = reservationtest.Deposit
	h.doProperty(reservation.PutGuaranteePolicy{Policy: good})
	equal(t, "policies", len(h.property().GuaranteePolicies), 2)
	replaced, _ := h.property().Guarantee(reservationtest.Deposit)
	equal(t, "replaced", replaced.AtDeadline, reservation.DeadlineNothing)
	events, err := h.PropertyHistory(h.ctx, h.desk, p, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "business date of the event", events[len(events)-1].BusinessDate, day(0))
}

func TestPutRulesRefused(t *testing.T) {
	h := open(t)
	p := reservationtest.HotelID
	rule := func(edit func(*reservation.MessageRule)) reservation.PutMessageRule {
		m := reservation.MessageRule{ID: "x", Trigger: reservation.OnCreated, Template: "t"}
		edit(&m)
		return reservation.PutMessageRule{Rule: m}
	}
	for name, in := range map[string]reservation.PropertyIntent{
		"trigger":      rule(func(m *reservation.MessageRule) { m.Trigger = "moon" }),
		"days":         rule(func(m *reservation.MessageRule) { m.Days = -1 }),
		"many days":    rule(func(m *reservation.MessageRule) { m.Days = 3661 }),
		"time":         rule(func(m *reservation.MessageRule) { m.At = -1 }),
		"late time":    rule(func(m *reservation.MessageRule) { m.At = 24*60 + 1 }),
		"template":     rule(func(m *reservation.MessageRule) { m.Template = "" }),
		"confirmation": rule(func(m *reservation.MessageRule) { m.Filter.Confirmation = []reservation.Confirmation{"x"} }),
		"guarantee":    rule(func(m *reservation.MessageRule) { m.Filter.Guarantee = []reservation.GuaranteeState{"x"} }),
		"occupancy":    rule(func(m *reservation.MessageRule) { m.Filter.Occupancy = []reservation.Occupancy{"x"} }),
		"anchor":       reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "x", From: "moon", Amount: reservation.AmountBalance}},
		"amount":       reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "x", From: reservation.PaymentAfterBooking, Amount: "all"}},
		"hours":        reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "x", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance, Hours: -1}},
		"many hours":   reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "x", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance, Hours: 24*3660 + 1}},
		"filter":       reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "x", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance, Filter: reservation.Filter{Occupancy: []reservation.Occupancy{"x"}}}},
	} {
		if err := h.doAs(p, in); !equalCodes(err, reservation.RuleInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.propertyRefused(p, rule(func(m *reservation.MessageRule) { m.ID = "" }), reservation.IDInvalid)
	h.propertyRefused(p, rule(func(m *reservation.MessageRule) { m.Template = strings.Repeat("x", 257) }), innards.TextInvalid)
	h.propertyRefused(p, reservation.PutPaymentTask{Task: reservation.PaymentTask{From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance}}, reservation.IDInvalid)
	h.doProperty(rule(func(m *reservation.MessageRule) {
		m.Days, m.At = 3660, 24*60
		m.Filter = reservation.Filter{Confirmation: []reservation.Confirmation{reservation.Confirmed, reservation.Unconfirmed},
			Guarantee: reservation.GuaranteeStates(), Occupancy: []reservation.Occupancy{reservation.Expected, reservation.CheckedIn, reservation.CheckedOut, reservation.Cancelled, reservation.NoShow}}
	}))
	for _, anchor := range []reservation.PaymentAnchor{reservation.PaymentAfterBooking, reservation.PaymentBeforeArrival, reservation.PaymentAfterArrival, reservation.PaymentBeforeDeparture, reservation.PaymentAfterDeparture} {
		h.doProperty(reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "x", From: anchor, Amount: reservation.AmountDepositDue, Hours: 24 * 3660}})
	}
	equal(t, "tasks", len(h.property().PaymentTasks), 1)
}

// The day is closed by its date: twice is once, and not before it has begun in the property's zone.
func TestCloseDay(t *testing.T) {
	h := open(t)
	p := reservationtest.HotelID
	h.propertyRefused(p, reservation.CloseDay{}, reservation.DateInvalid)
	h.propertyRefused(p, reservation.CloseDay{Date: day(1)}, reservation.DayNotOpen)
	equal(t, "next", h.doProperty(reservation.CloseDay{Date: day(0)}).BusinessDate, day(1))
	equal(t, "twice", h.doProperty(reservation.CloseDay{Date: day(0)}).BusinessDate, day(1))
	equal(t, "long ago", h.doProperty(reservation.CloseDay{Date: day(-100)}).BusinessDate, day(1))
	h.propertyRefused(p, reservation.CloseDay{Date: day(1)}, reservation.DayNotBegun)
	h.clock.Set(day(1).At(0, h.property().Location()).Add(-time.Second))
	h.propertyRefused(p, reservation.CloseDay{Date: day(1)}, reservation.DayNotBegun)
	h.clock.Advance(time.Second)
	equal(t, "next", h.doProperty(reservation.CloseDay{Date: day(1)}).BusinessDate, day(2))
}

// Commands on a property are idempotent and dry like all others.
func TestPropertyKeysAndDryRuns(t *testing.T) {
	h := open(t)
	by := innards.Command{Actor: h.desk, Key: "audit-1", DryRun: true}
	close := func(by innards.Command, d innards.Date) (reservation.PropertyReceipt, error) {
		return h.DoProperty(h.ctx, by, reservationtest.HotelID, reservation.CloseDay{Date: d})
	}
	dry, err := close(by, day(0))
	if err != nil || !dry.DryRun || dry.Replayed || h.property().BusinessDate != day(0) {
		t.Fatalf("dry: %+v, %v", dry, err)
	}
	by.DryRun = false
	done, err := close(by, day(0))
	dry.DryRun = false
	if err != nil || done != dry {
		t.Errorf("done: %+v, dry %+v, %v", done, dry, err)
	}
	by.DryRun = true
	again, err := close(by, day(0))
	if err != nil || !again.Replayed || again.DryRun || again.Version != done.Version {
		t.Errorf("again: %+v, %v", again, err)
	}
	_, err = close(by, day(1))
	equal(t, "reused", innards.RefusedFor(err, innards.KeyReused.Code), true)
	by.Key, by.Expect = "", 1
	_, err = close(by, day(1))
	equal(t, "stale", innards.RefusedFor(err, innards.StaleVersion.Code), true)
}
