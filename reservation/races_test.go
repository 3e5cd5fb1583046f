package reservation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// outcomes of commands that run at once: how many were done, and the codes that the others were refused with.
func (h *house) race(n int, do func(i int) error) (done int, refused map[innards.Code]int) {
	h.t.Helper()
	errs := make([]error, n)
	together(n, func(i int) { errs[i] = do(i) })
	refused = map[innards.Code]int{}
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		if innards.Codes(err) == nil {
			h.t.Fatalf("a racer met %v", err)
		}
		for _, code := range codesOf(err) {
			refused[code]++
		}
	}
	return done, refused
}

func (h *house) attempt(id string, in reservation.Intent) error {
	_, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, id, in)
	return err
}

// Of a thousand who want one room, one gets it.
func TestThousandForOneRoom(t *testing.T) {
	h := open(t, func(p *reservation.Property) {
		p.Rooms = make([]reservation.Room, 1000)
		for i := range p.Rooms {
			p.Rooms[i] = reservation.Room{ID: fmt.Sprint(i), Name: "x", Type: "DBL"}
		}
	})
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = h.book()
	}
	done, refused := h.race(1000, func(i int) error { return h.attempt(ids[i], reservation.AssignRoom{Room: "0"}) })
	if done != 1 || refused[reservation.RoomTaken.Code] != 999 {
		t.Errorf("assigned to %d; refused %v", done, refused)
	}
}

// Of a thousand who book the last room of a type, or take it from the waiting list, one gets it.
func TestThousandForTheLastOfAType(t *testing.T) {
	h := open(t)
	done, refused := h.race(1000, func(int) error { return h.attempt("", booking(ofType("APT"))) })
	if done != 1 || refused[reservation.SoldOut.Code] != 999 {
		t.Errorf("booked %d; refused %v", done, refused)
	}
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = h.book(ofType("APT"), stay(1, 1), as(reservation.Waitlisted))
	}
	done, refused = h.race(1000, func(i int) error { return h.attempt(ids[i], reservation.MakeDefinite{}) })
	if done != 1 || refused[reservation.SoldOut.Code] != 999 {
		t.Errorf("promoted %d; refused %v", done, refused)
	}
}

// pair runs two commands at once many times and checks what became of them.
func pair(t *testing.T, rounds int, play func(h *house) (first, second func() error), check func(h *house, errs [2]error)) {
	t.Helper()
	for range rounds {
		h := open(t)
		first, second := play(h)
		var errs [2]error
		together(2, func(i int) { errs[i] = []func() error{first, second}[i]() })
		check(h, errs)
	}
}

// A restore never fails, a booking may; nobody shares the room and nobody is overbooked unseen.
func TestRestoreAgainstCreate(t *testing.T) {
	var restored, booked string
	pair(t, 200, func(h *house) (func() error, func() error) {
		restored = h.book(ofType("APT"), inRoom("201"))
		h.do(restored, reservation.Cancel{Reason: reservation.ReasonGuest})
		return func() error { return h.attempt(restored, reservation.MakeExpected{}) }, func() error {
			receipt, err := h.Do(h.ctx, innards.Command{Actor: h.desk}, "", booking(ofType("APT"), inRoom("201")))
			booked = receipt.ID
			return err
		}
	}, func(h *house, errs [2]error) {
		if errs[0] != nil {
			t.Fatalf("the restore: %v", errs[0])
		}
		switch room := h.nights(restored); {
		case errs[1] == nil && (room != "- APT 100" || !h.get(restored).Overbooked || h.nights(booked) != "201 APT 100"):
			t.Fatalf("both, and the restored one has %s", room)
		case errs[1] != nil && (room != "201 APT 100" || h.get(restored).Overbooked):
			t.Fatalf("only the restored one, and it has %s", room)
		}
	})
}

func TestMoveAgainstMove(t *testing.T) {
	pair(t, 200, func(h *house) (func() error, func() error) {
		a, b := h.book(inRoom("101")), h.book(inRoom("102"))
		h.do(a, reservation.CheckIn{})
		h.do(b, reservation.CheckIn{})
		return func() error { return h.attempt(a, reservation.MoveRoom{Room: "103"}) }, func() error { return h.attempt(b, reservation.MoveRoom{Room: "103"}) }
	}, oneWins(t, reservation.RoomTaken, reservation.RoomOccupied))
}

func oneWins(t *testing.T, reasons ...innards.Reason) func(*house, [2]error) {
	return func(_ *house, errs [2]error) {
		t.Helper()
		for i, err := range errs {
			refusedFor := false
			for _, r := range reasons {
				refusedFor = refusedFor || innards.RefusedFor(err, r.Code)
			}
			if (err == nil) == (errs[1-i] == nil) || err != nil && !refusedFor {
				t.Fatalf("%v and %v, want one to win", errs[0], errs[1])
			}
		}
	}
}

// Two guests are never in one room.
func TestUndoCheckOutAgainstCheckIn(t *testing.T) {
	pair(t, 200, func(h *house) (func() error, func() error) {
		left := h.book(inRoom("101"))
		h.do(left, reservation.CheckIn{})
		h.closeDay(1)
		h.do(left, reservation.CheckOut{})
		next := h.book(stay(1, 1), inRoom("101"))
		return func() error { return h.attempt(left, reservation.UndoCheckOut{}) }, func() error { return h.attempt(next, reservation.CheckIn{}) }
	}, oneWins(t, reservation.RoomOccupied))
}

// A change happens between the facts that a command is decided on and its commit.
type change struct {
	name      string
	settings  []setting
	prepare   func(h *house) string
	in        reservation.Intent
	by        innards.Actor // nobody: the staff
	meanwhile func(h *house, id string)
	want      innards.Reason
}

func changes() []change {
	option := func(h *house) string { return h.book(optionUntil(h.clock.Now().Add(time.Hour))) }
	room101 := func(h *house) string { return h.book(stay(0, 2), inRoom("101"), ofParty("acme")) }
	inside := func(h *house) string { id := room101(h); h.do(id, reservation.CheckIn{}); return id }
	left := func(h *house) string { id := inside(h); h.do(id, reservation.CheckOut{}); return id }
	cancel := func(h *house, id string) { h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest}) }
	closing := func(days int) func(*house, string) { return func(h *house, _ string) { h.closeDay(days) } }
	takes := func(edits ...edit) func(*house, string) { return func(h *house, _ string) { h.book(edits...) } }
	return []change{
		{name: "status", prepare: room101, in: reservation.LockRoom{}, meanwhile: cancel, want: innards.WrongStatus},
		{name: "validity", prepare: room101, in: reservation.MarkConfirmed{Note: "x"}, meanwhile: cancel, want: reservation.NotValid},
		{name: "e-mail", prepare: room101, in: reservation.SendConfirmation{}, meanwhile: func(h *house, id string) {
			h.do(id, reservation.Amend{Guest: &reservation.Person{Name: "x"}})
		}, want: reservation.EmailRequired},
		{name: "commitment", prepare: option, in: reservation.ReleaseOption{}, meanwhile: func(h *house, id string) { h.do(id, reservation.MakeDefinite{}) }, want: reservation.OptionNotReleasable},
		{name: "arrival", prepare: room101, in: reservation.CheckIn{}, meanwhile: func(h *house, id string) { h.do(id, reservation.Amend{Arrival: ptr(day(1))}) }, want: reservation.ArrivalAhead},
		{name: "business date", prepare: room101, in: reservation.CheckIn{}, meanwhile: closing(3), want: reservation.StayOver},
		{name: "day of arrival", settings: []setting{strictly}, prepare: func(h *house) string { id := room101(h); h.closeDay(1); return id }, in: reservation.MarkNoShow{},
			meanwhile: func(h *house, id string) { h.do(id, reservation.Amend{Arrival: ptr(day(1))}) }, want: reservation.NoShowEarly},
		{name: "stay that has begun", prepare: room101, by: party("acme"), in: reservation.Cancel{Reason: reservation.ReasonGuest},
			meanwhile: func(h *house, id string) { h.do(id, reservation.CheckIn{}) }, want: innards.StaffOnly},
		{name: "day of check-in", prepare: inside, in: reservation.UndoCheckIn{}, meanwhile: closing(1), want: reservation.UndoWindow},
		{name: "day of departure", settings: []setting{strictly}, prepare: left, in: reservation.UndoCheckOut{}, meanwhile: closing(3), want: reservation.UndoWindow},
		{name: "lock", prepare: room101, in: reservation.AssignRoom{Room: "102"}, meanwhile: func(h *house, id string) { h.do(id, reservation.LockRoom{}) }, want: reservation.RoomIsLocked},
		{name: "guarantee", settings: forMatrix(strictly), prepare: func(h *house) string { return h.book(under("at_once", "")) }, in: reservation.LapseGuarantee{},
			meanwhile: func(h *house, id string) { h.do(id, reservation.GuaranteeBy{Note: "x"}) }, want: innards.WrongStatus},
		{name: "room in service", prepare: room101, in: reservation.CheckIn{}, meanwhile: func(h *house, _ string) {
			h.doProperty(reservation.PutRooms{Rooms: []reservation.Room{{ID: "101", Name: "101", Type: "DBL", OutOfOrder: true}}})
		}, want: reservation.RoomOutOfOrder},
		{name: "room occupied", prepare: func(h *house) string { return h.book(stay(0, 0), inRoom("101")) }, in: reservation.CheckIn{},
			meanwhile: func(h *house, _ string) { h.do(h.book(stay(0, 1), inRoom("101")), reservation.CheckIn{}) }, want: reservation.RoomOccupied},
		{name: "room of an early departure", prepare: left, in: reservation.UndoCheckOut{}, meanwhile: takes(stay(1, 1), inRoom("101")), want: reservation.RoomTaken},
		{name: "room that is assigned", prepare: func(h *house) string { return h.book() }, in: reservation.AssignRoom{Room: "101"}, meanwhile: takes(inRoom("101")), want: reservation.RoomTaken},
		{name: "last of the type", in: booking(ofType("APT")), meanwhile: takes(ofType("APT")), want: reservation.SoldOut},
		{name: "last for a promotion", prepare: func(h *house) string { return h.book(ofType("APT"), as(reservation.Waitlisted)) }, in: reservation.MakeDefinite{},
			meanwhile: takes(ofType("APT")), want: reservation.SoldOut},
		{name: "last for an option", prepare: func(h *house) string { return h.book(ofType("APT"), as(reservation.Inquiry)) },
			in: reservation.HoldOption{ReleaseAt: reservationtest.Morning().Add(time.Hour)}, meanwhile: takes(ofType("APT")), want: reservation.SoldOut},
		{name: "last of the type as booked", prepare: func(h *house) string { h.book(); h.book(); return h.book(inRoom("201")) }, in: reservation.UnassignRoom{},
			meanwhile: takes(), want: reservation.SoldOut},
		{name: "nights", prepare: room101, in: reservation.RollArrival{}, meanwhile: func(h *house, id string) { h.do(id, reservation.Amend{Departure: ptr(day(1))}) }, want: reservation.StayOver},
		{name: "number", in: booking(func(c *reservation.Create) { c.Number = "N" }), meanwhile: takes(func(c *reservation.Create) { c.Number = "N" }), want: reservation.NumberTaken},
		{name: "capacity", in: booking(), meanwhile: func(h *house, _ string) {
			h.doProperty(reservation.PutRoomTypes{Types: []reservation.RoomType{{ID: "DBL", Name: "x", Sleeps: 1}}})
		}, want: reservation.CapacityExceeded},
		{name: "what was paid", prepare: func(h *house) string { return h.book(paying(euro(10))) }, in: reservation.RecordPayment{Kind: reservation.PaymentRefunded, Amount: euro(10)},
			meanwhile: func(h *house, id string) {
				h.do(id, reservation.RecordPayment{Kind: reservation.PaymentRefunded, Amount: euro(1)})
			}, want: reservation.RefundTooLarge},
		{name: "payment task", settings: forMatrix(strictly), prepare: func(h *house) string { return h.book() }, in: reservation.RunPaymentTask{Task: "balance"},
			meanwhile: func(h *house, _ string) {
				h.doProperty(reservation.PutPaymentTask{Task: reservation.PaymentTask{ID: "balance", From: reservation.PaymentAfterBooking, Amount: reservation.AmountBalance, Disabled: true}})
			}, want: reservation.RuleUnknown},
	}
}

// For each thing that a guard or plan reads, somebody changes it between facts and commit: the command is decided again.
func TestWhatADecisionRestsOnIsGuarded(t *testing.T) {
	for _, c := range changes() {
		h := open(t, c.settings...)
		id := ""
		if c.prepare != nil {
			id = c.prepare(h)
		}
		store, changed := reservationtest.NewFaulty(h.memory, nil), false
		store.Meanwhile = func(_ int, method string) {
			if method == "Commit" && !changed {
				changed = true
				c.meanwhile(h, id)
			}
		}
		by := innards.Command{Actor: c.by}
		if c.by.ID == "" {
			by.Actor = h.desk
		}
		_, err := h.on(store).Do(h.ctx, by, id, c.in)
		if !changed || !innards.RefusedFor(err, c.want.Code) {
			t.Errorf("%s: %v, changed %v, want it refused for %s", c.name, err, changed, c.want.Code)
		}
	}
}

// A policy that is edited between facts and commit is the edited one in the reservation.
func TestPolicyEditedMeanwhile(t *testing.T) {
	h := open(t)
	store, edited := reservationtest.NewFaulty(h.memory, nil), false
	store.Meanwhile = func(_ int, method string) {
		if method == "Commit" && !edited {
			edited = true
			h.doProperty(reservation.PutCancellationPolicy{Policy: reservation.CancellationPolicy{Name: reservationtest.Strict, GraceMinutes: 7}})
		}
	}
	receipt, err := h.on(store).Do(h.ctx, innards.Command{Actor: h.desk}, "", booking(under("", reservationtest.Strict)))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "grace", h.get(receipt.ID).CancellationPolicy.GraceMinutes, 7)
}
