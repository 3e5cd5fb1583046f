package web

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// How far back payments are looked at, and at how many events at most.
const (
	moneyDays   = 14
	moneyEvents = 5000
	feedPage    = 500
)

// moneyNotices returns payments that failed, and refunds and releases of authorisations that were ordered and are still to
// come, in the events of the last days.
func (v *view) moneyNotices() ([]notice, error) {
	failed, owed := notice{name: "payment_failed"}, notice{name: "refund_out"}
	since := v.Now().AddDate(0, 0, -moneyDays)
	trouble := map[string]*moneyTrouble{}
	var order []string
	err := v.eachEvent(since, func(e *innards.Event) {
		if e.Kind != reservation.Kind || e.At.Before(since) {
			return
		}
		if trouble[e.Record] == nil {
			trouble[e.Record] = &moneyTrouble{}
			order = append(order, e.Record)
		}
		trouble[e.Record].take(e)
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(order)
	for _, id := range order {
		t := trouble[id]
		if t.failed.IsZero() && !t.owes() {
			continue
		}
		if err := v.tellMoney(id, t, &failed, &owed); err != nil {
			return nil, err
		}
	}
	return []notice{failed, owed}, nil
}

// moneyTrouble is what the events of one reservation say of its payments.
type moneyTrouble struct {
	failed               time.Time // when the last payment failed that no other followed
	refunding, releasing innards.Money
}

func (t *moneyTrouble) owes() bool { return t.refunding.Sign() > 0 || t.releasing.Sign() > 0 }

func (t *moneyTrouble) take(e *innards.Event) {
	var record reservation.Record
	if json.Unmarshal(e.Payload, &record) != nil {
		return // an event that cannot be read says nothing here; the history shows it
	}
	if record.Refunding != nil {
		t.refunding = *record.Refunding
	}
	if record.Releasing != nil {
		t.releasing = *record.Releasing
	}
	switch kind, _ := record.Detail["payment"].(string); reservation.PaymentKind(kind) {
	case reservation.PaymentFailed:
		t.failed = e.At
	case reservation.PaymentPaid, reservation.PaymentAuthorised, reservation.PaymentCaptured:
		t.failed = time.Time{}
	}
}

func (v *view) tellMoney(id string, t *moneyTrouble, failed, owed *notice) error {
	r, err := v.reservation(id)
	if err != nil {
		return err
	}
	item := noticeItem{title: r.Guest.Name + " · " + r.Number, at: v.path("reservations", id)}
	if !t.failed.IsZero() && r.IsValid() {
		item.says = v.say.Say("notice.failed_at", "at", v.say.Instant(t.failed, v.property.Location()))
		failed.add(item)
	}
	if t.refunding.Sign() > 0 {
		item.says = v.say.Say("notice.refunding", "amount", t.refunding)
		owed.add(item)
	}
	if t.releasing.Sign() > 0 {
		item.says = v.say.Say("notice.releasing", "amount", t.releasing)
		owed.add(item)
	}
	return nil
}

// add counts an item, and keeps it if there is room.
func (n *notice) add(item noticeItem) {
	if n.count++; len(n.items) < noticeItems {
		n.items = append(n.items, item)
	}
}

// eachEvent calls do for the property's events from about the instant on, oldest first, and for no more than can be looked at
// while a page is made.
func (v *view) eachEvent(since time.Time, do func(*innards.Event)) error {
	after, err := v.cursorBefore(since)
	for seen := 0; err == nil && seen < moneyEvents; {
		var events []innards.Event
		if events, err = v.Service.Feed(v.ctx(), v.here(), after, feedPage); len(events) == 0 {
			break
		}
		for i := range events {
			do(&events[i])
		}
		seen, after = seen+len(events), events[len(events)-1].Cursor
	}
	return err
}

// cursorBefore returns a cursor of the feed after which the events from the instant on are, by halving: the feed has no index
// by time, but its order is that of the commits.
func (v *view) cursorBefore(since time.Time) (int64, error) {
	isBefore := func(cursor int64) (bool, error) {
		events, err := v.Service.Feed(v.ctx(), v.here(), cursor, 1)
		return len(events) > 0 && events[0].At.Before(since), err
	}
	low, high := int64(0), int64(1)
	for {
		before, err := isBefore(high)
		if err != nil {
			return 0, err
		}
		if !before {
			break
		}
		low, high = high, 2*high
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		before, err := isBefore(middle)
		if err != nil {
			return 0, err
		}
		if before {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}
