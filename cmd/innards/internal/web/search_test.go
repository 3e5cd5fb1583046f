package web

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// aView is a view of an English page of a hotel in Copenhagen.
func aView(t *testing.T) *view {
	t.Helper()
	texts, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := &reservation.Property{ID: "nyhavn", Zone: "Europe/Copenhagen", Currency: "DKK", BusinessDate: innards.NewDate(2026, time.June, 1)}
	if err := p.Prepare(); err != nil {
		t.Fatal(err)
	}
	return &view{site: &site{}, say: texts.In("en"), property: p}
}

func TestEveryFilterStandsInAddressAndSearch(t *testing.T) {
	yes, no := true, false
	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	day := innards.NewDate(2026, time.June, 1)
	for query, want := range map[string]reservation.Search{
		"":                                       {},
		"text=s%C3%B8ren+k":                      {Text: "søren k"},
		"arrival_from=2026-06-01":                {ArrivalFrom: day},
		"arrival_to=2026-06-01":                  {ArrivalTo: day},
		"departure_from=2026-06-01":              {DepartureFrom: day},
		"departure_to=2026-06-01":                {DepartureTo: day},
		"stay_from=2026-06-01":                   {StayFrom: day},
		"stay_to=2026-06-01":                     {StayTo: day},
		"created_from=2026-03-29":                {CreatedFrom: time.Date(2026, time.March, 29, 0, 0, 0, 0, copenhagen)},
		"created_to=2026-03-28":                  {CreatedTo: time.Date(2026, time.March, 29, 0, 0, 0, 0, copenhagen)}, // the day included
		"occupancy=expected&occupancy=no_show":   {Occupancy: []reservation.Occupancy{reservation.Expected, reservation.NoShow}},
		"stay_state=due_in&stay_state=due_out":   {StayState: []reservation.StayState{reservation.StayDueIn, reservation.StayDueOut}},
		"guarantee_state=awaiting":               {GuaranteeState: []reservation.GuaranteeState{reservation.StateAwaiting}},
		"guarantee=not_guaranteed":               {Guarantee: []reservation.Guarantee{reservation.NotGuaranteed}},
		"confirmation=confirmed":                 {Confirmation: []reservation.Confirmation{reservation.Confirmed}},
		"commitment=optional":                    {Commitment: []reservation.Commitment{reservation.Optional}},
		"source=phone&source=agency":             {Source: []reservation.Source{reservation.SourcePhone, reservation.SourceAgency}},
		"valid=true":                             {Valid: &yes},
		"confirmation_stale=false":               {ConfirmationStale: &no},
		"guarantee_evidence_stale=true":          {EvidenceStale: &yes},
		"overbooked=true":                        {Overbooked: &yes},
		"unassigned=true":                        {Unassigned: true},
		"type=DBL":                               {Type: "DBL"},
		"room=101":                               {Room: "101"},
		"guarantee_policy=deposit":               {GuaranteePolicy: "deposit"},
		"cancellation_policy=flexible":           {CancelPolicy: "flexible"},
		"segment=leisure":                        {Segment: "leisure"},
		"number=7K3M-9QX2":                       {Number: "7K3M-9QX2"},
		"party=agency-1":                         {Party: "agency-1"},
		"attributes=a%3D&attributes=vip%3Dx%3Dy": {Attributes: map[string]string{"a": "", "vip": "x=y"}},
		"sort=created_at":                        {Sort: reservation.FieldCreated},
		"descending=true":                        {Descending: true},
	} {
		v := aView(t)
		asked, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f := v.readSearch(asked)
		if f.wrong() {
			t.Errorf("%s is refused: %+v", query, f.inputs)
		}
		want.Property = v.property.ID
		if diff := cmp.Diff(want, f.search, cmp.Comparer(func(a, b innards.Date) bool { return a == b })); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
		if got := address(v.property, &f.search); got.Encode() != asked.Encode() {
			t.Errorf("%s comes back as %s", query, got.Encode())
		}
	}
}

// No filter of the domain is forgotten: one search with all of them comes back whole.
func TestEveryCriterionIsTested(t *testing.T) {
	v := aView(t)
	all := url.Values{}
	for _, c := range criteria() {
		switch {
		case c.name == "sort":
			all.Set(c.name, "guest")
		case c.name == attributesName:
			all.Set(c.name, "a=b")
		case c.kind == kindDate:
			all.Set(c.name, "2026-10-25")
		case c.kind == kindCheck:
			all.Set(c.name, "true")
		case c.kind == kindSeveral || c.group == "marks":
			all.Set(c.name, c.choices(v)[0].value)
		default:
			all.Set(c.name, "x")
		}
	}
	f := v.readSearch(all)
	if f.wrong() || len(f.inputs) != len(all) {
		t.Errorf("it is refused: %+v", f.inputs)
	}
	if got := address(v.property, &f.search); got.Encode() != all.Encode() {
		t.Errorf("got %s, want %s", got.Encode(), all.Encode())
	}
	if f.search.Sort == "" || !f.search.Descending || f.search.Party == "" {
		t.Errorf("the search is %+v", f.search)
	}
}

func TestWhatCannotBeReadIsToldAtItsFilter(t *testing.T) {
	for query, field := range map[string]string{
		"arrival_from=tomorrow": "arrival_from", "created_to=2026-02-30": "created_to", "occupancy=expected&occupancy=asleep": "occupancy",
		"valid=perhaps": "valid", "unassigned=on": "unassigned", "attributes=vip": "attributes", "attributes=%3Dx": "attributes",
		"sort=price": "sort", "text=a%00b": "text", "segment=%ff": "segment",
	} {
		v := aView(t)
		asked, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f := v.readSearch(asked)
		for i := range f.inputs {
			in := &f.inputs[i]
			if wrong := len(in.errors) > 0; wrong != (in.name == field) {
				t.Errorf("%s: %s has the errors %q", query, in.name, in.errors)
			}
			if in.name == field && !cmp.Equal(in.values, asked[field]) {
				t.Errorf("%s: what was typed is lost: %q", query, in.values)
			}
		}
	}
}

// An address as a form without a script sends it asks for the same as a tidy one.
func TestEmptyFiltersDoNotNarrow(t *testing.T) {
	v := aView(t)
	f := v.readSearch(url.Values{"text": {" "}, "arrival_from": {""}, "type": {""}, "attributes": {"", "a=b", ""}})
	if f.wrong() || address(v.property, &f.search).Encode() != "attributes=a%3Db" {
		t.Errorf("it is %+v", f.search)
	}
}

func TestMonth(t *testing.T) {
	for day, want := range map[string][2]string{
		"2026-02-14": {"2026-02-01", "2026-02-28"}, "2028-02-29": {"2028-02-01", "2028-02-29"},
		"2026-12-31": {"2026-12-01", "2026-12-31"}, "2026-04-01": {"2026-04-01", "2026-04-30"},
	} {
		d, err := innards.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		first, last := monthOf(d)
		if got := [2]string{first.String(), last.String()}; got != want {
			t.Errorf("%s: got %v, want %v", day, got, want)
		}
	}
}

func TestDaysLeft(t *testing.T) {
	days := func(n int) *int { return &n }
	for want, a := range map[string]reservation.Awaiting{
		"no deadline":      {State: reservation.StateAwaiting},
		"3 days left":      {State: reservation.StateAwaiting, DaysLeft: days(3)},
		"1 day left":       {State: reservation.StateAwaiting, DaysLeft: days(1)},
		"today":            {State: reservation.StateAwaiting, DaysLeft: days(0)},
		"late since today": {State: reservation.StateOverdue, DaysLeft: days(0)},
		"1 day late":       {State: reservation.StateOverdue, DaysLeft: days(-1)},
		"12 days late":     {State: reservation.StateOverdue, DaysLeft: days(-12)},
	} {
		if got := aView(t).left(&a); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
