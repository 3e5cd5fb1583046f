package reservation_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// The same key with the same content gets the stored answer, also after the state has changed; the key comes before the
// version.
func TestKeyGetsTheStoredAnswer(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	by := innards.Command{Actor: h.desk, Key: "k-1", Reason: "so", Expect: 1}
	first, err := h.Do(h.ctx, by, id, reservation.CheckIn{})
	if err != nil || first.Replayed {
		t.Fatal(first, err)
	}
	h.do(id, reservation.CheckOut{})
	again, err := h.Do(h.ctx, by, id, &reservation.CheckIn{}) // as a pointer it is the same
	if err != nil || !again.Replayed {
		t.Fatal(again, err)
	}
	again.Replayed = false
	if d := diff(first, again); d != "" {
		t.Error(d)
	}
	dry := by
	dry.DryRun = true
	replay, err := h.Do(h.ctx, dry, id, reservation.CheckIn{})
	if err != nil || !replay.Replayed || replay.DryRun {
		t.Errorf("a dry run under a key that is used: %+v, %v", replay, err)
	}
	equal(t, "version", h.get(id).Version, 3)
}

// The folio need not be in reach for an answer that is kept.
func TestKeyWhileTheFolioIsOutOfReach(t *testing.T) {
	h := open(t)
	id := h.book()
	by := innards.Command{Actor: h.desk, Key: "k"}
	if _, err := h.Do(h.ctx, by, id, cancelAll); err != nil {
		t.Fatal(err)
	}
	h.folio.set(reservation.FolioState{}, errDry)
	if receipt, err := h.Do(h.ctx, by, id, cancelAll); err != nil || !receipt.Replayed {
		t.Errorf("%+v, %v", receipt, err)
	}
}

// Anything else under the same key is refused.
func TestKeyIsForOneContent(t *testing.T) {
	h := open(t)
	id, other := h.book(), h.book()
	by := innards.Command{Actor: h.desk, Key: "k-1"}
	if _, err := h.Do(h.ctx, by, id, reservation.Amend{Segment: ptr("a")}); err != nil {
		t.Fatal(err)
	}
	reason, override := by, by
	reason.Reason, override.Override = "x", codes(reservation.SoldOut)
	for name, c := range map[string]struct {
		by innards.Command
		id string
		in reservation.Intent
	}{
		"input": {by, id, reservation.Amend{Segment: ptr("b")}}, "record": {by, other, reservation.Amend{Segment: ptr("a")}},
		"command": {by, id, reservation.LockRoom{}}, "reason": {reason, id, reservation.Amend{Segment: ptr("a")}},
		"override": {override, id, reservation.Amend{Segment: ptr("a")}},
	} {
		if _, err := h.Do(h.ctx, c.by, c.id, c.in); !equalCodes(err, innards.KeyReused) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	elsewhere := by
	elsewhere.Actor.Tenant = "pirin"
	_, err := h.Do(h.ctx, elsewhere, id, reservation.Amend{Segment: ptr("a")})
	wantError(t, err, innards.ErrNotFound)
}

// A refusal is not kept: the same key may succeed later.
func TestKeyOfARefusal(t *testing.T) {
	h := open(t)
	id := h.book()
	by := innards.Command{Actor: h.desk, Key: "k-1"}
	h.refusedFor(by, id, reservation.CheckIn{}, reservation.RoomRequired)
	h.do(id, reservation.AssignRoom{Room: "101"})
	if receipt, err := h.Do(h.ctx, by, id, reservation.CheckIn{}); err != nil || receipt.Replayed {
		t.Errorf("%+v, %v", receipt, err)
	}
}

func TestKeysThatAreUsable(t *testing.T) {
	h := open(t)
	id := h.book()
	for key, valid := range map[string]bool{" ~": true, strings.Repeat("k", 255): true, strings.Repeat("k", 256): false, "a\x1f": false, "a\x7f": false, "ключ": false} {
		_, err := h.Do(h.ctx, innards.Command{Actor: h.desk, Key: key}, id, reservation.LockRoom{})
		if (err == nil) != valid || err != nil && !equalCodes(err, innards.KeyInvalid) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// What accompanies a command is checked before anything is read.
func TestCommandIsChecked(t *testing.T) {
	h := open(t)
	id := h.book()
	h.refusedFor(innards.Command{Actor: h.desk, Reason: strings.Repeat("x", 2001)}, id, reservation.LockRoom{}, innards.TextInvalid)
	h.refusedFor(innards.Command{Actor: h.desk, Cause: "4111111111111111"}, id, reservation.LockRoom{}, innards.CardNumber)
	nobody := h.desk
	nobody.ID = ""
	h.refusedFor(innards.Command{Actor: nobody}, id, reservation.LockRoom{}, innards.NotPermitted)
	h.refusedFor(innards.Command{Actor: h.desk, Expect: 2}, id, reservation.LockRoom{}, innards.StaleVersion)
	few := h.desk
	few.Rights = []innards.Right{"reservation.lock_room", "reservation.unlock_room"}
	h.refusedFor(innards.Command{Actor: few}, id, reservation.CheckOut{}, innards.NotPermitted, innards.WrongStatus)
	if _, err := h.Do(h.ctx, innards.Command{Actor: few, Expect: 1, Reason: strings.Repeat("x", 2000)}, id, reservation.LockRoom{}); err != nil {
		t.Error(err)
	}
}

// Overriding takes the right, a reason, and a blocker that can be overridden.
func TestOverride(t *testing.T) {
	h := open(t)
	id := h.book(inRoom("101"))
	h.do(id, reservation.LockRoom{})
	move := reservation.AssignRoom{Room: "104"}
	by := innards.Command{Actor: h.desk, Override: codes(reservation.RoomIsLocked)}
	h.refusedFor(by, id, move, innards.ReasonRequired, reservation.RoomOutOfOrder)
	by.Reason = "the boss says so"
	h.refusedFor(by, id, move, reservation.RoomOutOfOrder)
	by.Override = codes(reservation.RoomIsLocked, reservation.RoomOutOfOrder, innards.WrongStatus, reservation.SoldOut)
	receipt, err := h.Do(h.ctx, by, id, move)
	if err != nil || len(receipt.Overrides) != 2 {
		t.Errorf("%+v, %v", receipt, err)
	}
	if d := diff(receipt.Overrides, h.last(id).Overrides); d != "" {
		t.Error(d)
	}
	by.Override = codes(innards.WrongStatus)
	h.refusedFor(by, id, reservation.CheckOut{}, innards.WrongStatus)
}

// Of a hundred callers with one key one commits, and all get its answer.
func TestHundredCallersWithOneKey(t *testing.T) {
	h := open(t)
	receipts, errs := make([]reservation.Receipt, 100), make([]error, 100)
	together(100, func(i int) {
		receipts[i], errs[i] = h.Do(h.ctx, innards.Command{Actor: h.desk, Key: "web-7"}, "", booking())
	})
	fresh := 0
	for i, receipt := range receipts {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		if !receipt.Replayed {
			fresh++
		}
		equal(t, "id", receipt.ID, receipts[0].ID)
		equal(t, "number", receipt.Number, receipts[0].Number)
	}
	equal(t, "committed", fresh, 1)
	equal(t, "events", h.events(), 2)
}

// together calls do n times at once.
func together(n int, do func(int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			do(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}
