package api

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/cursor"
	"github.com/innards-go/innards/reservation"
)

// A tri is a condition that may be left out.
type tri string

func (t tri) bool() *bool {
	if t == "" {
		return nil
	}
	value := t == "true"
	return &value
}

// A Filter is [reservation.Search] as query parameters.
type Filter struct {
	Property           string                       `query:"property" doc:"id of the property"`
	Text               string                       `query:"text" doc:"words, each of which must begin a word of the guest's name, e-mail, phone or the number; case and accents do not matter"`
	Confirmation       []reservation.Confirmation   `query:"confirmation"`
	ConfirmationStale  tri                          `query:"confirmation_stale" enum:"true,false"`
	Guarantee          []reservation.Guarantee      `query:"guarantee"`
	GuaranteeState     []reservation.GuaranteeState `query:"guarantee_state" doc:"derived, as of now"`
	EvidenceStale      tri                          `query:"guarantee_evidence_stale" enum:"true,false"`
	Occupancy          []reservation.Occupancy      `query:"occupancy"`
	StayState          []reservation.StayState      `query:"stay_state" doc:"derived, as of now; needs the property"`
	Valid              tri                          `query:"valid" enum:"true,false" doc:"expected, checked in or checked out"`
	Commitment         []reservation.Commitment     `query:"commitment"`
	ArrivalFrom        innards.Date                 `query:"arrival_from"`
	ArrivalTo          innards.Date                 `query:"arrival_to" doc:"included"`
	DepartureFrom      innards.Date                 `query:"departure_from"`
	DepartureTo        innards.Date                 `query:"departure_to" doc:"included"`
	StayFrom           innards.Date                 `query:"stay_from" doc:"stays that overlap the days from this one on"`
	StayTo             innards.Date                 `query:"stay_to" doc:"included"`
	CreatedFrom        time.Time                    `query:"created_from"`
	CreatedTo          time.Time                    `query:"created_to" doc:"not included"`
	Number             string                       `query:"number"`
	Room               string                       `query:"room" doc:"id of a room of the stay"`
	Type               string                       `query:"type" doc:"id of the room type, as booked"`
	Unassigned         tri                          `query:"unassigned" enum:"true,false" doc:"true: some night has no room"`
	Overbooked         tri                          `query:"overbooked" enum:"true,false"`
	Party              string                       `query:"party"`
	Source             []reservation.Source         `query:"source"`
	Segment            string                       `query:"segment"`
	GuaranteePolicy    string                       `query:"guarantee_policy" doc:"name"`
	CancellationPolicy string                       `query:"cancellation_policy" doc:"name"`
	Attributes         map[string]string            `query:"attribute,deepObject" doc:"attribute[name]=value: attributes that must be equal"`
}

// Resolve refuses attributes without a name; huma takes attribute[] for one.
func (*Filter) Resolve(ctx huma.Context) []error {
	url := ctx.URL()
	for name := range url.Query() {
		if strings.HasPrefix(name, "attribute[") && !attributeParameter.MatchString(name) {
			return []error{&huma.ErrorDetail{Location: "query." + name, Message: "it is written attribute[name]"}}
		}
	}
	return nil
}

var attributeParameter = regexp.MustCompile(`^attribute\[[^][]+\]$`)

func (f Filter) search() reservation.Search {
	unassigned := f.Unassigned.bool()
	return reservation.Search{
		Property: f.Property, Text: f.Text,
		Confirmation: f.Confirmation, ConfirmationStale: f.ConfirmationStale.bool(),
		Guarantee: f.Guarantee, GuaranteeState: f.GuaranteeState, EvidenceStale: f.EvidenceStale.bool(),
		Occupancy: f.Occupancy, StayState: f.StayState, Valid: f.Valid.bool(), Commitment: f.Commitment,
		ArrivalFrom: f.ArrivalFrom, ArrivalTo: f.ArrivalTo, DepartureFrom: f.DepartureFrom, DepartureTo: f.DepartureTo,
		StayFrom: f.StayFrom, StayTo: f.StayTo, CreatedFrom: f.CreatedFrom.UTC(), CreatedTo: f.CreatedTo.UTC(),
		Number: f.Number, Room: f.Room, Type: f.Type, Unassigned: unassigned != nil && *unassigned,
		Overbooked: f.Overbooked.bool(), Party: f.Party, Source: f.Source, Segment: f.Segment,
		GuaranteePolicy: f.GuaranteePolicy, CancelPolicy: f.CancellationPolicy, Attributes: f.Attributes,
	}
}

// Paging is which part of an answer is asked for.
type Paging struct {
	After string `query:"after" doc:"next of the page before"`
	Limit int    `query:"limit" default:"30" minimum:"1" maximum:"200"`
}

// A page is a part of an answer.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"to be sent as after; absent on the last page"`
}

type pageOutput[T any] struct{ Body page[T] }

type findInput struct {
	Filter
	Paging
	Sort       reservation.Field `query:"sort" default:"arrival" enum:"arrival,departure,created_at,number,guest"`
	Descending bool              `query:"descending"`
}

// A Summary is what a list shows of a reservation, with what is derived of it now.
type Summary struct {
	reservation.Summary
	reservation.States
}

func (a *api) findReservations(ctx context.Context, in *findInput) (*pageOutput[Summary], error) {
	q := in.search()
	q.Sort, q.Descending, q.Limit = in.Sort, in.Descending, in.Limit
	var err error
	if q.After, err = in.cursor(q.Sort); err != nil {
		return nil, err
	}
	found, err := a.Service.List(ctx, access.ActorOf(ctx), q)
	return a.page(ctx, found, q.Sort, err)
}

func (a *api) page(ctx context.Context, l reservation.Listing, sort reservation.Field, err error) (*pageOutput[Summary], error) {
	if err != nil {
		return nil, err
	}
	items := make([]Summary, len(l.Items))
	derivations := map[string]reservation.Derivation{}
	for i, s := range l.Items {
		d, ok := derivations[s.Property]
		if !ok {
			p, err := a.calendarOf(ctx, s.Property)
			if err != nil {
				return nil, err
			}
			d = a.Service.Derive(p)
			derivations[s.Property] = d
		}
		items[i] = Summary{s, d.OfSummary(&s)}
	}
	return &pageOutput[Summary]{page[Summary]{items, cursor.Text(l.Next, sort)}}, nil
}

type countInput struct{ Filter }

func (a *api) countReservations(ctx context.Context, in *countInput) (*output[reservation.Counts], error) {
	counts, err := a.Service.Count(ctx, access.ActorOf(ctx), in.search())
	return &output[reservation.Counts]{counts}, err
}

func (p Paging) cursor(sort reservation.Field) (*reservation.Cursor, error) {
	return cursor.Parse(p.After, sort)
}
