package reservation_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

// One row tells who did what, when, why and by which right, without personal data where it cannot be erased.
func TestHistoryTellsEverything(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"), under("", reservationtest.Strict))
	h.closeDay(1)
	by := innards.Command{Actor: h.desk, Reason: "Elena is ill", Cause: "call 17", Override: codes(reservation.WaiveNotAllowed, reservation.SoldOut)}
	if _, err := h.Do(h.ctx, by, id, reservation.Cancel{Reason: reservation.ReasonGuest, Note: "by phone", Waive: true}); err != nil {
		t.Fatal(err)
	}
	e := h.last(id)
	want := innards.Event{
		Cursor: e.Cursor, Kind: "reservation", Tenant: reservationtest.Tenant, Property: reservationtest.HotelID, Record: id, Sequence: 2,
		Command: "cancel", Moves: []innards.Move{{Axis: "occupancy", From: "expected", To: "cancelled"}}, Actor: h.desk.ID, Cause: "call 17",
		Overrides: codes(reservation.WaiveNotAllowed), At: h.clock.Now(), BusinessDate: day(1), Payload: e.Payload,
		Private: []byte(`{"reason":"Elena is ill","detail":{"note":"by phone"}}`), Salt: e.Salt, Digest: e.Digest, Previous: h.history(id)[0].Hash, Hash: e.Hash,
	}
	if d := diff(want, e); d != "" {
		t.Error(d)
	}
	equal(t, "salt", len(e.Salt), 16)
	for _, e := range h.history(id) {
		if strings.Contains(string(e.Payload), "Elena") || strings.Contains(string(e.Payload), "phone") {
			t.Errorf("the payload of %s holds personal data: %s", e.Command, e.Payload)
		}
	}
	var record reservation.Record
	if err := json.Unmarshal(e.Payload, &record); err != nil {
		t.Fatal(err)
	}
	equal(t, "given back", *record.ReleasedFrom, day(0))
	equal(t, "cycle", record.Cycle, 1)
	equal(t, "fee waived", record.Fee.Waived, true)
	equal(t, "detail", record.Detail["reason_code"], any("guest_request"))
	first := h.history(id)[0]
	equal(t, "creation", strings.Contains(string(first.Payload), `"number":"`+h.get(id).Number+`"`), true)
	equal(t, "moves of the creation", len(first.Moves), 4)
}

// Effects are named in the event that caused them.
func TestHistoryNamesEffects(t *testing.T) {
	h := open(t)
	id := h.book()
	receipt := h.do(id, reservation.SendConfirmation{})
	equal(t, "payload", string(h.last(id).Payload), `{"effects":["`+receipt.Effects[0]+`"]}`)
}

// Changing, cutting, dropping or swapping rows shows.
func TestVerifyHistoryOfAReservation(t *testing.T) {
	h := open(t)
	id := h.book()
	h.do(id, reservation.Amend{Adults: ptr(1)})
	h.do(id, reservation.Cancel{Reason: reservation.ReasonGuest, Note: "x"})
	r := h.get(id)
	for name, tamper := range map[string]func([]innards.Event) []innards.Event{
		"payload": func(e []innards.Event) []innards.Event {
			e[1].Payload = bytes.Replace(e[1].Payload, []byte("}"), []byte(" }"), 1)
			return e
		},
		"cut": func(e []innards.Event) []innards.Event { return e[:2] }, "dropped": func(e []innards.Event) []innards.Event { return append(e[:1], e[2:]...) },
		"swapped": func(e []innards.Event) []innards.Event { e[1], e[2] = e[2], e[1]; return e },
		"private": func(e []innards.Event) []innards.Event { e[2].Private = []byte(`{}`); return e },
	} {
		wantError(t, innards.VerifyHistory(id, r.Version, r.Hash, tamper(h.history(id))), innards.ErrCorrupt)
		if err := innards.VerifyHistory(id, r.Version, r.Hash, h.history(id)); err != nil {
			t.Errorf("%s: the store's own history changed: %v", name, err)
		}
	}
}

// A history that does not fit together cannot be replayed.
func TestReplayRefusesWhatDoesNotFollow(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	h.do(id, reservation.CheckIn{})
	for name, tamper := range map[string]func([]innards.Event) []innards.Event{
		"a row left out": func(e []innards.Event) []innards.Event { return e[1:] },
		"unknown axis": func(e []innards.Event) []innards.Event {
			e[1].Moves = []innards.Move{{Axis: "mood", From: "good", To: "bad"}}
			return e
		},
		"broken payload": func(e []innards.Event) []innards.Event { e[1].Payload = []byte(`{`); return e },
		"wrong guarantee": func(e []innards.Event) []innards.Event {
			e[1].Moves = []innards.Move{{Axis: "guarantee", From: "guaranteed", To: "guaranteed"}}
			return e
		},
		"wrong confirmation": func(e []innards.Event) []innards.Event {
			e[1].Moves = []innards.Move{{Axis: "confirmation", From: "confirmed", To: "confirmed"}}
			return e
		},
		"wrong commitment": func(e []innards.Event) []innards.Event {
			e[1].Moves = []innards.Move{{Axis: "commitment", From: "optional", To: "optional"}}
			return e
		},
	} {
		if _, err := reservation.Replay(tamper(h.history(id))); err == nil || !strings.Contains(err.Error(), id) {
			t.Errorf("%s: %v", name, err)
		}
		_, err := reservation.Replay(tamper(h.history(id)))
		wantError(t, err, innards.ErrCorrupt)
	}
}

// Replaying any part of the history gives the reservation as it was then.
func TestReplayAtAnyVersion(t *testing.T) {
	h := open(t)
	id := h.book(stay(0, 3), inRoom("101"), optionUntil(at("2026-06-01T08:30:00.123456Z")), under("", reservationtest.Strict), paying(euro(10)))
	var then []reservation.Reservation
	for _, in := range []reservation.Intent{
		nil, reservation.LockRoom{}, reservation.MakeDefinite{}, reservation.GuaranteeBy{Note: "x"}, reservation.MarkConfirmed{Note: "x"},
		reservation.CheckIn{}, reservation.MoveRoom{Room: "102"}, reservation.CheckOut{}, reservation.MarkNoShow{}, reservation.MakeExpected{},
		reservation.UnassignRoom{}, reservation.Amend{Type: ptr("APT"), Departure: ptr(day(5))}, reservation.Cancel{Reason: reservation.ReasonGuest},
	} {
		if in != nil {
			if in.Name() == "unassign_room" {
				h.do(id, reservation.UnlockRoom{})
				then = append(then, h.get(id))
			}
			if in.Name() == "move_room" {
				h.do(id, reservation.UnlockRoom{})
				then = append(then, h.get(id))
			}
			h.do(id, in)
		}
		then = append(then, h.get(id))
		h.clock.Advance(time.Second)
	}
	for i, r := range then {
		got, err := reservation.Replay(h.history(id)[:i+1])
		if d := diff(r.Replayed(), got); d != "" || err != nil {
			t.Errorf("version %d: %s, %v", i+1, d, err)
		}
	}
}

// History comes in parts.
func TestHistoryInParts(t *testing.T) {
	h := open(t)
	id := h.book()
	for range 4 {
		h.do(id, reservation.LockRoom{})
	}
	part, err := h.History(h.ctx, h.desk, id, 2, 2)
	if err != nil || len(part) != 2 || part[0].Sequence != 3 || part[1].Sequence != 4 {
		t.Errorf("%+v, %v", part, err)
	}
}
