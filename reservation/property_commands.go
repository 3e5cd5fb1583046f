package reservation

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/innards-go/innards"
)

// PropertyKind is the kind of record in rights, events and messages.
const PropertyKind = "property"

// Trading says whether a property is open. It has one status only: what a property does is in its calendar.
type Trading string

// TradingOpen is the only status.
const TradingOpen Trading = "open"

// NewPropertyLifecycle returns the lifecycle of a property.
func NewPropertyLifecycle() (*innards.Lifecycle[Trading, *PropertyFacts], error) {
	rows := []innards.Row[Trading, *PropertyFacts]{{Command: "create", From: []Trading{""}, To: TradingOpen, Why: "a property opens on a business date"}}
	for _, c := range PropertyCommands()[1:] {
		rows = append(rows, innards.Row[Trading, *PropertyFacts]{Command: c.Name, From: []Trading{TradingOpen}, To: TradingOpen, Why: c.Doc})
	}
	return innards.NewLifecycle(innards.Axis[Trading, *PropertyFacts]{
		Name: "trading",
		Of: func(f *PropertyFacts) Trading {
			if f.Property == nil {
				return ""
			}
			return TradingOpen
		},
		States: []innards.State[Trading]{{Name: TradingOpen, Traits: []innards.Trait{innards.Terminal}, Why: "it takes reservations"}},
		Rows:   rows,
	})
}

// CreateProperty opens a property.
type CreateProperty struct {
	ID           string           `json:"id" doc:"letters, digits, dots, hyphens and underscores"`
	Title        string           `json:"name" doc:"of the property, for people"`
	Zone         string           `json:"zone" doc:"IANA time zone, such as Europe/Sofia"`
	Currency     innards.Currency `json:"currency" doc:"ISO 4217 code"`
	BusinessDate innards.Date     `json:"business_date" doc:"the day that is open"`
	Settings     Settings         `json:"settings"`
}

// AmendProperty changes name and settings. Zone and currency stay for good.
type AmendProperty struct {
	Title    *string   `json:"name,omitempty" doc:"of the property, for people"`
	Settings *Settings `json:"settings,omitempty"`
}

// PutRoomTypes adds room types, or replaces those with the same id.
type PutRoomTypes struct {
	Types []RoomType `json:"types"`
}

// PutRooms adds rooms, or replaces those with the same id. A room is taken out of the inventory as out of order.
type PutRooms struct {
	Rooms []Room `json:"rooms"`
}

// PutGuaranteePolicy adds a policy, or replaces the one with the same name. Reservations keep what they were booked with.
type PutGuaranteePolicy struct {
	Policy GuaranteePolicy `json:"policy"`
}

// PutCancellationPolicy adds a policy, or replaces the one with the same name. Reservations keep what they were booked
// with.
type PutCancellationPolicy struct {
	Policy CancellationPolicy `json:"policy"`
}

// PutMessageRule adds a rule for automatic messages, or replaces the one with the same id.
type PutMessageRule struct {
	Rule MessageRule `json:"rule"`
}

// PutPaymentTask adds an automatic payment task, or replaces the one with the same id.
type PutPaymentTask struct {
	Task PaymentTask `json:"task"`
}

// CloseDay closes the business date (night audit) and opens the next. Closing a day that is closed does nothing.
type CloseDay struct {
	Date innards.Date `json:"date" doc:"the business date that is closed"`
}

// Name implements [PropertyIntent].
func (CreateProperty) Name() string { return "create" }

// Name implements [PropertyIntent].
func (AmendProperty) Name() string { return "amend" }

// Name implements [PropertyIntent].
func (PutRoomTypes) Name() string { return "put_room_types" }

// Name implements [PropertyIntent].
func (PutRooms) Name() string { return "put_rooms" }

// Name implements [PropertyIntent].
func (PutGuaranteePolicy) Name() string { return "put_guarantee_policy" }

// Name implements [PropertyIntent].
func (PutCancellationPolicy) Name() string { return "put_cancellation_policy" }

// Name implements [PropertyIntent].
func (PutMessageRule) Name() string { return "put_message_rule" }

// Name implements [PropertyIntent].
func (PutPaymentTask) Name() string { return "put_payment_task" }

// Name implements [PropertyIntent].
func (CloseDay) Name() string { return "close_day" }

// idPattern keeps ids usable in addresses and keys.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func checkID(field, id string) []innards.Blocker {
	if !idPattern.MatchString(id) {
		return []innards.Blocker{IDInvalid.In(field, strings.ToValidUTF8(id, "?"))}
	}
	return innards.CheckText(field, id, maxText)
}

// Plan implements [PropertyIntent].
func (in CreateProperty) Plan(f *PropertyFacts, c *PropertyChange) []innards.Blocker {
	blockers := append(checkID("id", in.ID), blockField(in.ID != f.ID, "id", IDInvalid, "it is not", f.ID)...)
	blockers = append(blockers, checkName("name", in.Title)...)
	if zone, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "" || zone == time.Local {
		blockers = append(blockers, PropertyInvalid.In("zone", "it is not an IANA time zone"))
	}
	if _, ok := in.Currency.MinorUnits(); !ok {
		blockers = append(blockers, PropertyInvalid.In("currency", "it is not an ISO 4217 code"))
	}
	if in.BusinessDate.IsZero() {
		blockers = append(blockers, DateInvalid.In("business_date"))
	}
	settings, against := in.Settings.complete("settings")
	c.After = Property{
		ID: f.ID, Tenant: f.Tenant, Name: in.Title, Zone: in.Zone, Currency: in.Currency,
		BusinessDate: in.BusinessDate, Settings: settings,
	}
	return append(blockers, against...)
}

func checkName(field, name string) []innards.Blocker {
	if innards.IsBlank(name) {
		return []innards.Blocker{PropertyInvalid.In(field, "it is empty")}
	}
	return innards.CheckText(field, name, 256)
}

// Plan implements [PropertyIntent].
func (in AmendProperty) Plan(f *PropertyFacts, c *PropertyChange) (blockers []innards.Blocker) {
	if in.Title == nil && in.Settings == nil {
		return []innards.Blocker{NothingToChange.Block()}
	}
	if in.Title != nil {
		c.After.Name = *in.Title
		blockers = checkName("name", *in.Title)
	}
	if in.Settings != nil {
		settings, against := in.Settings.complete("settings")
		c.After.Settings = settings
		blockers = append(blockers, against...)
		c.wakeExpected(f)
	}
	return blockers
}

// maxList is the most types, rooms, policies or rules of a property.
const maxList = 10_000

// Plan implements [PropertyIntent].
func (in PutRoomTypes) Plan(_ *PropertyFacts, c *PropertyChange) (blockers []innards.Blocker) {
	if blockers = checkList("types", in.Types, RoomType.key); len(blockers) > 0 {
		return blockers
	}
	for i, t := range in.Types {
		field := nth("types", i)
		blockers = append(blockers, checkID(field+".id", t.ID)...)
		blockers = append(blockers, checkName(field+".name", t.Name)...)
		if t.Sleeps < 0 || t.Sleeps > maxGuests {
			blockers = append(blockers, GuestsInvalid.In(field+".sleeps", t.Sleeps))
		}
		c.After.Types = put(c.After.Types, t, RoomType.key)
	}
	return blockers
}

// checkList refuses a list that is empty or too long, or has two elements with one id: which was meant is not known.
func checkList[T any](field string, list []T, keyOf func(T) string) (blockers []innards.Blocker) {
	if n := len(list); n == 0 || n > maxList {
		return []innards.Blocker{NothingToChange.In(field, n, "elements; 1 to", maxList, "are accepted")}
	}
	first := map[string]int{}
	for i, e := range list {
		if before, twice := first[keyOf(e)]; twice {
			blockers = append(blockers, IDTwice.In(nth(field, i)+".id", "as", nth(field, before)))
			continue
		}
		first[keyOf(e)] = i
	}
	return blockers
}

// Plan implements [PropertyIntent].
func (in PutRooms) Plan(_ *PropertyFacts, c *PropertyChange) (blockers []innards.Blocker) {
	if blockers = checkList("rooms", in.Rooms, Room.key); len(blockers) > 0 {
		return blockers
	}
	at := map[string]int{}
	rooms := slices.Clone(c.After.Rooms)
	for i, r := range rooms {
		at[r.ID] = i
	}
	for i, r := range in.Rooms {
		field := nth("rooms", i)
		blockers = append(blockers, checkID(field+".id", r.ID)...)
		blockers = append(blockers, checkName(field+".name", r.Name)...)
		if _, ok := c.After.RoomType(r.Type); !ok {
			blockers = append(blockers, TypeUnknown.In(field+".type", r.Type))
		}
		if have, ok := at[r.ID]; ok {
			blockers = append(blockers, blockField(rooms[have].Type != r.Type, field+".type", RoomTypeFixed, r.ID)...)
			rooms[have] = r
			continue
		}
		rooms = append(rooms, r)
	}
	c.After.Rooms = rooms
	return blockers
}

// Plan implements [PropertyIntent].
func (in PutGuaranteePolicy) Plan(f *PropertyFacts, c *PropertyChange) []innards.Blocker {
	c.After.GuaranteePolicies = put(c.After.GuaranteePolicies, in.Policy, GuaranteePolicy.key)
	return append(checkID("policy.name", in.Policy.Name), in.Policy.check("policy", c.After.Currency)...)
}

// Plan implements [PropertyIntent].
func (in PutCancellationPolicy) Plan(f *PropertyFacts, c *PropertyChange) []innards.Blocker {
	c.After.CancellationPolicies = put(c.After.CancellationPolicies, in.Policy, CancellationPolicy.key)
	return append(checkID("policy.name", in.Policy.Name), in.Policy.check("policy", c.After.Currency)...)
}

// Plan implements [PropertyIntent].
func (in PutMessageRule) Plan(f *PropertyFacts, c *PropertyChange) []innards.Blocker {
	c.After.MessageRules = put(c.After.MessageRules, in.Rule, MessageRule.key)
	c.wakeExpected(f)
	return append(checkID("rule.id", in.Rule.ID), in.Rule.check("rule")...)
}

// Plan implements [PropertyIntent].
func (in PutPaymentTask) Plan(f *PropertyFacts, c *PropertyChange) []innards.Blocker {
	c.After.PaymentTasks = put(c.After.PaymentTasks, in.Task, PaymentTask.key)
	c.wakeExpected(f)
	return append(checkID("task.id", in.Task.ID), in.Task.check("task")...)
}

// wakeExpected lets the sweeps look again at all reservations that a rule may concern.
func (c *PropertyChange) wakeExpected(f *PropertyFacts) {
	c.Wake = &Wake{At: f.Now, Where: All(Test{Field: FieldOccupancy, Op: OpIn, Value: []string{string(Expected), string(CheckedIn), string(CheckedOut)}},
		Test{Field: FieldDeparture, Op: OpFrom, Value: c.After.BusinessDate.AddDays(-maxOffsetBack)})}
}

// maxOffsetBack is how many days after the departure payment tasks are still looked at.
const maxOffsetBack = 60

// Plan implements [PropertyIntent].
func (in CloseDay) Plan(f *PropertyFacts, c *PropertyChange) []innards.Blocker {
	open := f.Property.BusinessDate
	switch {
	case in.Date.IsZero():
		return []innards.Blocker{DateInvalid.In("date")}
	case in.Date.After(open):
		return []innards.Blocker{DayNotOpen.In("date", "the business date is", open)}
	case in.Date.Before(open):
		return nil
	case in.Date.After(f.Property.Today(f.Now)):
		return []innards.Blocker{DayNotBegun.In("date", "it is", f.Property.Today(f.Now), "in", f.Property.Zone)}
	}
	c.After.BusinessDate = open.AddDays(1)
	if f.Property.Settings.NoShowSweep {
		c.Wake = &Wake{At: f.Now, Where: All(Test{Field: FieldOccupancy, Op: OpIs, Value: string(Expected)},
			Test{Field: FieldArrival, Op: OpUntil, Value: in.Date})}
	}
	return nil
}

// beginProperty returns the change that moves nothing.
func beginProperty(f *PropertyFacts, moves []innards.Move) *PropertyChange {
	c := &PropertyChange{facts: f}
	c.Entry = innards.Entry{Scope: f.Actor.Scope(), Head: f.Head, Event: innards.Event{Moves: moves}}
	if f.Property != nil {
		c.After = *f.Property
	}
	return c
}

// A PropertyReceipt is the answer of a property's command.
type PropertyReceipt struct {
	ID           string       `json:"id"`
	Version      int64        `json:"version"`
	BusinessDate innards.Date `json:"business_date"`
	At           time.Time    `json:"at"`
	DryRun       bool         `json:"dry_run,omitempty"`
	Replayed     bool         `json:"replayed,omitempty"`
}

// Seal implements the idiom of facts, decide, commit.
func (c *PropertyChange) Seal() (receipt PropertyReceipt, payload, private any, err error) {
	if err := c.After.Prepare(); err != nil {
		return receipt, nil, nil, err
	}
	receipt = PropertyReceipt{ID: c.After.ID, Version: c.Head.Version + 1, BusinessDate: c.After.BusinessDate, At: c.Head.Now}
	return receipt, c.facts.Intent, nil, nil
}
