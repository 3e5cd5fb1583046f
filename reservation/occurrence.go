package reservation

import (
	"errors"
	"slices"
	"time"

	"github.com/innards-go/innards"
)

// lookback is how late an automatic message or payment may still be carried out. What was missed for longer, such as a
// message due before a rule existed, is left out.
const lookback = 24 * time.Hour

// An occurrence is one thing that automation has to do to a reservation, once.
type occurrence struct {
	key    string // unique within the reservation
	at     time.Time
	intent Intent
	filter Filter
}

// SendMessage carries out a rule for days before the arrival.
type SendMessage struct {
	Rule string `json:"rule" doc:"id of the message rule"`
}

// Name implements [Intent].
func (SendMessage) Name() string { return "send_message" }

// Plan implements [Intent].
func (in SendMessage) Plan(f *Facts, c *Change) []innards.Blocker {
	rule, ok := find(f.Property.MessageRules, in.Rule, MessageRule.key)
	if !ok || rule.Disabled || rule.Trigger != OnDaysBefore {
		return []innards.Blocker{RuleUnknown.In("rule", in.Rule)}
	}
	o := rule.occurrence(&f.Reservation, f.Property)
	if !o.isDue(&f.Reservation, f.Now) {
		return []innards.Blocker{NotDue.In("rule", o.at)}
	}
	c.markDone(o.key)
	c.effect(EffectMessage, o.key, MessageEffect{Rule: rule.ID, Template: rule.Template})
	return nil
}

// isDue reports whether the occurrence is to be carried out now: its time has come, it was not done, and the statuses are
// those that it is for.
func (o occurrence) isDue(r *Reservation, now time.Time) bool {
	return !now.Before(o.at) && !slices.Contains(r.Done, o.key) && o.filter.matches(r, now)
}

// matches reports whether the statuses are among those of the filter.
func (f Filter) matches(r *Reservation, at time.Time) bool {
	return (len(f.Confirmation) == 0 || slices.Contains(f.Confirmation, r.Confirmation)) &&
		(len(f.Occupancy) == 0 || slices.Contains(f.Occupancy, r.Occupancy)) &&
		(len(f.Guarantee) == 0 || slices.Contains(f.Guarantee, r.GuaranteeState(at)))
}

func (m MessageRule) occurrence(r *Reservation, p *Property) occurrence {
	return occurrence{
		key:    "message/" + m.ID + "/" + r.Arrival.String(),
		at:     r.Arrival.AddDays(-m.Days).At(m.At, p.Location()),
		intent: SendMessage{Rule: m.ID}, filter: m.Filter,
	}
}

// noon is the hour of the arrival and departure day that payment tasks count from.
const noon innards.TimeOfDay = 12 * 60

// occurrence is known by the day that it counts from, so that a changed arrival does not make the guest pay twice what
// was due after the booking.
func (t PaymentTask) occurrence(r *Reservation, p *Property) occurrence {
	o := occurrence{key: "payment/" + t.ID, at: r.CreatedAt, intent: RunPaymentTask{Task: t.ID}, filter: t.Filter}
	on := func(day innards.Date) {
		o.key, o.at = o.key+"/"+day.String(), day.At(noon, p.Location())
	}
	hours := time.Duration(t.Hours) * time.Hour
	switch t.From {
	case PaymentBeforeArrival, PaymentAfterArrival:
		on(r.Arrival)
	case PaymentBeforeDeparture, PaymentAfterDeparture:
		on(r.Departure)
	}
	if t.From == PaymentBeforeArrival || t.From == PaymentBeforeDeparture {
		hours = -hours
	}
	o.at = o.at.Add(hours)
	return o
}

// amount returns what the task asks for at the instant; nought, or less, if there is nothing to ask for.
func (t PaymentTask) amount(r *Reservation, at time.Time, p *Property) innards.Money {
	switch t.Amount {
	case AmountFirstNight:
		return r.Nights[0].Price
	case AmountBalance:
		return r.open()
	}
	return r.outstanding(at, p)
}

// open returns what is still to be paid of the stay. Amounts that cannot be added up, which no command lets in, leave
// nothing open.
func (r *Reservation) open() innards.Money {
	total, err := r.Total()
	open, err2 := total.Sub(r.Paid)
	if errors.Join(err, err2) != nil {
		return r.nought()
	}
	return open
}

// deadlineOccurrence names the deadline, which there must be.
func deadlineOccurrence(r *Reservation) string {
	return "deadline/" + r.GuaranteeDeadline.UTC().Format(time.RFC3339)
}

func releaseOccurrence(r *Reservation) string { return "release/" + instantText(r) }

func noShowOccurrence(r *Reservation) string { return "no_show/" + r.Arrival.String() }

// occurrences returns all that automation has still to do to the reservation, now or later.
func (r *Reservation) occurrences(p *Property, now time.Time) []occurrence {
	var all []occurrence
	if o, ok := r.deadlineAction(); ok {
		all = append(all, o)
	}
	if r.Occupancy == Expected && r.Commitment == Optional && r.ReleaseAt != nil {
		all = append(all, occurrence{key: releaseOccurrence(r), at: *r.ReleaseAt, intent: ReleaseOption{}})
	}
	if r.isMissed(p, now) {
		all = append(all, occurrence{key: noShowOccurrence(r), at: now, intent: MarkNoShow{}})
	}
	for _, m := range p.MessageRules {
		if m.Trigger == OnDaysBefore && !m.Disabled && r.Occupancy == Expected {
			all = append(all, m.occurrence(r, p))
		}
	}
	for _, t := range p.PaymentTasks {
		if !t.Disabled && r.IsValid() && !r.AutopayPaused {
			all = append(all, t.occurrence(r, p))
		}
	}
	return slices.DeleteFunc(all, func(o occurrence) bool {
		return slices.Contains(r.Done, o.key) || o.isMissed(r, now)
	})
}

// isFiltered reports whether it is a message or payment, which are for some statuses and not done late.
func (o occurrence) isFiltered() bool {
	switch o.intent.(type) {
	case SendMessage, RunPaymentTask:
		return true
	}
	return false
}

// isMissed reports whether a message or payment is too late, or not for the reservation as it is when it falls due.
func (o occurrence) isMissed(r *Reservation, now time.Time) bool {
	isDue := !now.Before(o.at)
	return o.isFiltered() && (now.Sub(o.at) > lookback || isDue && !o.filter.matches(r, now))
}

// deadlineAction returns what the guarantee policy does at its deadline.
func (r *Reservation) deadlineAction() (occurrence, bool) {
	waits := r.GuaranteePolicy != nil && r.GuaranteeDeadline != nil && r.Guarantee != Guaranteed && r.Occupancy == Expected
	if !waits || r.GuaranteeLapsed || r.GuaranteePolicy.AtDeadline == DeadlineNothing {
		return occurrence{}, false
	}
	o := occurrence{key: deadlineOccurrence(r), at: *r.GuaranteeDeadline, intent: LapseGuarantee{}}
	switch r.GuaranteePolicy.AtDeadline {
	case DeadlineCancel, DeadlineHoldUntil:
		o.intent = Cancel{Reason: ReasonGuaranteeDeadline}
	}
	return o, true
}

// isMissed reports whether the no-show sweep takes the reservation: expected, and its day of arrival is closed. Who waits
// or only inquires was not expected to come.
func (r *Reservation) isMissed(p *Property, now time.Time) bool {
	s := p.Settings
	return s.NoShowSweep && r.Occupancy == Expected && r.Blocks(now) && r.Arrival.Before(p.BusinessDate) &&
		!(s.SpareGuaranteed && r.Guarantee == Guaranteed)
}

// nextDue returns when a sweep must look at the reservation next; nil: never.
func (r *Reservation) nextDue(now time.Time, p *Property) (next *time.Time) {
	for _, o := range r.occurrences(p, now) {
		next = earlier(next, o.at)
	}
	return next
}

// DueBy returns the latest due time that a store may have for the reservation, nil if it needs none: with a later one the
// sweeps would miss something. What has been due already may wait to be tried again, or its filter has begun to match only
// since. Rules that are put after a stay is long over do not wake it.
func (r *Reservation) DueBy(now time.Time, p *Property) (by *time.Time) {
	if r.Departure.Before(p.BusinessDate.AddDays(-maxOffsetBack)) {
		return nil
	}
	for _, o := range r.occurrences(p, now) {
		switch {
		case now.Before(o.at):
			by = earlier(by, o.at)
		case !o.isFiltered():
			by = earlier(by, now.Add(retryFailed))
		}
	}
	return by
}

// earlier returns the earlier instant, nil being never.
func earlier(a *time.Time, b time.Time) *time.Time {
	if a != nil && !b.Before(*a) {
		return a
	}
	return utc(&b)
}
