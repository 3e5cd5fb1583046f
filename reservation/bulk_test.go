package reservation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

var cancelAll = reservation.Cancel{Reason: reservation.ReasonHouse}

// One bad item spoils none, an id given twice gets one result, and every result is in the order of the ids.
func TestBulkByIDs(t *testing.T) {
	h := open(t)
	good, void, other := h.book(), h.book(), h.book()
	h.do(void, reservation.Cancel{Reason: reservation.ReasonGuest})
	by := innards.Command{Actor: h.desk}
	results, err := h.Bulk(h.ctx, by, reservation.Selection{IDs: []string{good, void, good, "unknown", other}}, cancelAll)
	if err != nil || len(results) != 4 {
		t.Fatalf("%+v, %v", results, err)
	}
	for i, id := range []string{good, void, "unknown", other} {
		equal(t, "id", results[i].ID, id)
		equal(t, "one of both", (results[i].Receipt == nil) != (results[i].Err == nil), true)
	}
	equal(t, "good", results[0].Receipt.Occupancy, reservation.Cancelled)
	equal(t, "void", equalCodes(results[1].Err, innards.WrongStatus), true)
	wantError(t, results[2].Err, innards.ErrNotFound)
	equal(t, "other", results[3].Receipt.Occupancy, reservation.Cancelled)
}

// A preview shows the same receipts and writes nothing.
func TestBulkPreview(t *testing.T) {
	h := open(t)
	id := h.book(under("", reservationtest.Strict))
	results, err := h.Bulk(h.ctx, innards.Command{Actor: h.desk, DryRun: true}, reservation.Selection{IDs: []string{id}}, cancelAll)
	if err != nil || results[0].Receipt == nil || !results[0].Receipt.DryRun || results[0].Receipt.Fee.Amount != euro(100) {
		t.Fatalf("%+v, %v", results, err)
	}
	equal(t, "occupancy", h.get(id).Occupancy, reservation.Expected)
}

// A bulk command that was cut short can be sent again under its key: nothing is done twice.
func TestBulkWithAKey(t *testing.T) {
	h := open(t)
	ids := []string{h.book(), h.book(), h.book()}
	by := innards.Command{Actor: h.desk, Key: "audit"}
	ctx, cancel := context.WithCancel(h.ctx)
	cut := reservationtest.NewFaulty(h.memory, nil)
	cut.Meanwhile = func(n int, method string) {
		if n == 5 { // the second commit: Keep, and Facts and Commit twice
			cancel()
		}
	}
	results, err := h.on(cut).Bulk(ctx, by, reservation.Selection{IDs: ids}, cancelAll)
	if !errors.Is(err, context.Canceled) || len(results) != 2 || results[0].Receipt == nil || results[1].Err == nil {
		t.Fatalf("cut short: %+v, %v", results, err)
	}
	results, err = h.Bulk(h.ctx, by, reservation.Selection{IDs: ids}, cancelAll)
	if err != nil || !results[0].Receipt.Replayed || results[1].Receipt.Replayed || results[2].Receipt.Replayed {
		t.Fatalf("sent again: %+v, %v", results, err)
	}
	equal(t, "versions", h.get(ids[0]).Version+h.get(ids[1]).Version+h.get(ids[2]).Version, 6)
}

// The key of a bulk command is for one selection and intent, like that of any other.
func TestBulkKeyIsForOneContent(t *testing.T) {
	h := open(t)
	a, b := h.book(), h.book()
	by := innards.Command{Actor: h.desk, Key: "audit"}
	only := reservation.Selection{IDs: []string{a}}
	dry := by
	dry.DryRun = true
	if _, err := h.Bulk(h.ctx, dry, reservation.Selection{IDs: []string{b}}, cancelAll); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Bulk(h.ctx, by, only, cancelAll); err != nil {
		t.Fatal(err)
	}
	events := h.events()
	why := by
	why.Reason = "x"
	for name, c := range map[string]struct {
		by innards.Command
		of reservation.Selection
		in reservation.Intent
	}{
		"ids": {by, reservation.Selection{IDs: []string{b}}, cancelAll}, "more ids": {by, reservation.Selection{IDs: []string{a, b}}, cancelAll},
		"search": {by, reservation.Selection{Search: &reservation.Search{}}, cancelAll}, "input": {by, only, reservation.Cancel{Reason: reservation.ReasonDuplicate}},
		"command": {by, only, reservation.LockRoom{}}, "reason": {why, only, cancelAll},
	} {
		if _, err := h.Bulk(h.ctx, c.by, c.of, c.in); !equalCodes(err, innards.KeyReused) {
			t.Errorf("other %s: %v", name, err)
		}
	}
	if _, err := h.Do(h.ctx, by, b, cancelAll); !equalCodes(err, innards.KeyReused) {
		t.Errorf("a single command: %v", err)
	}
	equal(t, "events", h.events(), events)
	if _, err := h.Bulk(h.ctx, innards.Command{Actor: h.desk, Key: "\n"}, only, cancelAll); !equalCodes(err, innards.KeyInvalid) {
		t.Errorf("a key that is not usable: %v", err)
	}
}

// By a search, every item is looked for again when its turn comes, so that what has changed meanwhile is left alone.
func TestBulkBySearch(t *testing.T) {
	h := open(t)
	ids := []string{h.book(), h.book(), h.book(ofType("APT"))}
	search := &reservation.Search{Occupancy: []reservation.Occupancy{reservation.Expected}, Type: "DBL", Unassigned: true}
	slow := reservationtest.NewFaulty(h.memory, nil)
	slow.Meanwhile = func(n int, _ string) {
		switch n {
		case 2: // before the first is looked for again
			h.do(ids[0], reservation.AssignRoom{Room: "101"})
		case 4, 6: // before the facts and the commit of the second
			h.do(ids[1], reservation.Amend{Segment: ptr(fmt.Sprint("s", n))})
		}
	}
	results, err := h.on(slow).Bulk(h.ctx, innards.Command{Actor: h.desk}, reservation.Selection{Search: search}, reservation.MarkNoShow{})
	if err != nil || len(results) != 2 {
		t.Fatalf("%+v, %v", results, err)
	}
	equal(t, "the first", equalCodes(results[0].Err, reservation.QueryInvalid), true)
	if results[1].Receipt == nil || results[1].Receipt.Occupancy != reservation.NoShow {
		t.Errorf("the second: %+v", results[1].Err)
	}
	equal(t, "the first is", h.get(ids[0]).Occupancy, reservation.Expected)
	equal(t, "the third is", h.get(ids[2]).Occupancy, reservation.Expected)
}

// Who keeps changing a reservation holds the others up for a while only.
func TestBulkBySearchGivesUp(t *testing.T) {
	h := open(t)
	id := h.book()
	restless := reservationtest.NewFaulty(h.memory, nil)
	restless.Meanwhile = func(n int, method string) {
		if method == "Facts" {
			h.do(id, reservation.Amend{Segment: ptr(fmt.Sprint("s", n))})
		}
	}
	results, err := h.on(restless).Bulk(h.ctx, innards.Command{Actor: h.desk}, reservation.Selection{Search: &reservation.Search{}}, cancelAll)
	if err != nil || !equalCodes(results[0].Err, innards.StaleVersion) {
		t.Fatalf("%+v, %v", results, err)
	}
	equal(t, "tries", h.get(id).Version, 1+9)
}

func TestBulkRefused(t *testing.T) {
	h := open(t)
	id := h.book()
	by := innards.Command{Actor: h.desk}
	for name, c := range map[string]struct {
		of reservation.Selection
		in reservation.Intent
	}{
		"nothing":         {reservation.Selection{}, cancelAll},
		"both":            {reservation.Selection{IDs: []string{id}, Search: &reservation.Search{}}, cancelAll},
		"create":          {reservation.Selection{IDs: []string{id}}, booking()},
		"too many ids":    {reservation.Selection{IDs: numbered(10_001)}, cancelAll},
		"search is wrong": {reservation.Selection{Search: &reservation.Search{Sort: "x"}}, cancelAll},
	} {
		if _, err := h.Bulk(h.ctx, by, c.of, c.in); !equalCodes(err, reservation.QueryInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	results, err := h.Bulk(h.ctx, by, reservation.Selection{IDs: numbered(10_000)}, cancelAll)
	if err != nil || len(results) != 10_000 || !errors.Is(results[9_999].Err, innards.ErrNotFound) {
		t.Errorf("%d results, %v", len(results), err)
	}
	results, err = h.Bulk(h.ctx, by, reservation.Selection{Search: &reservation.Search{Text: "nobody"}}, cancelAll)
	if err != nil || len(results) != 0 {
		t.Errorf("%d results, %v", len(results), err)
	}
	broken := reservationtest.NewFaulty(h.memory, reservationtest.Nth(2, reservationtest.Fault{Err: innards.ErrUnavailable}))
	results, err = h.on(broken).Bulk(h.ctx, by, reservation.Selection{Search: &reservation.Search{}}, cancelAll)
	if err != nil || !errors.Is(results[0].Err, innards.ErrUnavailable) {
		t.Errorf("%+v, %v", results, err)
	}
}

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprint("r", i)
	}
	return ids
}

// Many confirmations are sent at once.
func TestBulkConfirmations(t *testing.T) {
	h := open(t)
	h.book()
	h.book(func(c *reservation.Create) { c.Guest.Email = "" })
	h.outbox()
	results, err := h.Bulk(h.ctx, innards.Command{Actor: h.desk}, reservation.Selection{Search: &reservation.Search{Confirmation: []reservation.Confirmation{reservation.Unconfirmed}}}, reservation.SendConfirmation{})
	if err != nil || len(results) != 2 {
		t.Fatalf("%+v, %v", results, err)
	}
	equal(t, "messages", len(h.outbox()), 1)
	equal(t, "refused", equalCodes(errors.Join(results[0].Err, results[1].Err), reservation.EmailRequired), true)
}

// A key of any length will do: that of an item is made from it.
func TestBulkWithALongKey(t *testing.T) {
	h := open(t)
	id := h.book()
	for _, length := range []int{innards.MaxKey - len(id) - 1, innards.MaxKey - len(id), innards.MaxKey} {
		by := innards.Command{Actor: h.desk, Key: strings.Repeat("k", length)}
		for _, replayed := range []bool{false, true} {
			results, err := h.Bulk(h.ctx, by, reservation.Selection{IDs: []string{id}}, reservation.LockRoom{})
			if err != nil || results[0].Receipt == nil || results[0].Receipt.Replayed != replayed {
				t.Errorf("%d characters: %+v, %v", length, results, err)
			}
		}
		plain := innards.Command{Actor: h.desk, Key: by.Key + "/" + id}
		receipt, err := h.Do(h.ctx, plain, id, reservation.LockRoom{})
		if kept := err == nil && receipt.Replayed; kept != (len(plain.Key) <= innards.MaxKey) {
			t.Errorf("%d characters: the item's key is the two joined: %v, %v", length, kept, err)
		}
	}
}
