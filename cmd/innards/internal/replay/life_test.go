package replay

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

const head = "hotel,lead_time,arrival_date_year,arrival_date_month,arrival_date_day_of_month,stays_in_weekend_nights," +
	"stays_in_week_nights,adults,children,babies,market_segment,distribution_channel,reserved_room_type," +
	"assigned_room_type,deposit_type,adr,reservation_status,reservation_status_date\n"

// story returns what the events of every reservation of the store say, by guest: the business date and the command, with
// the right to overbook if it was used.
func story(t *testing.T, store reservation.Store) map[string][]string {
	t.Helper()
	scope := innards.Actor{Tenant: tenant}.Scope()
	told := map[string][]string{}
	events, err := store.Feed(t.Context(), scope, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind != reservation.Kind {
			continue
		}
		r, err := store.Reservation(t.Context(), scope, e.Record)
		if err != nil {
			t.Fatal(err)
		}
		line := e.BusinessDate.String() + " " + e.Command
		if len(e.Overrides) > 0 {
			line += " overbooked"
		}
		told[r.Guest.Name] = append(told[r.Guest.Name], line)
	}
	return told
}

func TestLivesOfBookings(t *testing.T) {
	tests := []struct {
		name, rows string
		want       map[string][]string
	}{
		{
			"a stay from the booking engine",
			"Resort Hotel,3,2016,May,10,0,2,2,0,0,Direct,Direct,A,A,No Deposit,80.5,Check-Out,5/12/2016\n",
			map[string][]string{"Guest 000002": {"2016-05-07 create", "2016-05-10 check_in", "2016-05-12 check_out"}},
		},
		{
			"a deposit guarantees, others are marked as confirmed",
			"City Hotel,1,2016,May,10,0,1,2,0,0,Groups,TA/TO,A,A,Non Refund,80.5,Canceled,5/9/2016\n" +
				"City Hotel,1,2016,May,10,0,1,2,0,0,Online TA,TA/TO,A,A,Refundable,80.5,Canceled,5/10/2016\n",
			map[string][]string{
				"Guest 000002": {"2016-05-09 create overbooked", "2016-05-09 mark_confirmed", "2016-05-09 guarantee", "2016-05-09 cancel"},
				"Guest 000003": {"2016-05-09 create overbooked", "2016-05-09 mark_confirmed", "2016-05-09 guarantee", "2016-05-10 cancel"},
			},
		},
		{
			"a no-show on the day of arrival, and one before",
			"City Hotel,0,2016,May,10,0,1,2,0,0,Direct,Direct,A,A,No Deposit,80.5,No-Show,5/10/2016\n" +
				"City Hotel,2,2016,May,10,0,1,2,0,0,Direct,Direct,A,A,No Deposit,80.5,No-Show,5/9/2016\n",
			map[string][]string{
				"Guest 000002": {"2016-05-10 create overbooked", "2016-05-10 mark_no_show"},
				"Guest 000003": {"2016-05-08 create overbooked", "2016-05-09 mark_no_show"},
			},
		},
		{
			"a day use, and guests who leave on the day of arrival or before they booked to",
			"City Hotel,0,2016,May,10,0,0,2,0,0,Direct,Direct,A,A,No Deposit,0,Check-Out,5/10/2016\n" +
				"City Hotel,0,2016,May,10,0,3,2,0,0,Direct,Direct,A,A,No Deposit,0,Check-Out,5/10/2016\n" +
				"City Hotel,0,2016,May,10,0,3,2,0,0,Direct,Direct,A,A,No Deposit,0,Check-Out,5/11/2016\n",
			map[string][]string{
				"Guest 000002": {"2016-05-10 create", "2016-05-10 check_in", "2016-05-10 check_out"},
				"Guest 000003": {"2016-05-10 create", "2016-05-10 check_in", "2016-05-10 check_out"},
				"Guest 000004": {"2016-05-10 create", "2016-05-10 check_in", "2016-05-11 check_out"},
			},
		},
		{
			"a guest who stays longer than booked keeps the room",
			"City Hotel,0,2016,May,10,0,1,2,0,0,Direct,Direct,A,A,No Deposit,0,Check-Out,5/12/2016\n" +
				"City Hotel,0,2016,May,11,0,1,2,0,0,Direct,Direct,A,A,No Deposit,0,Check-Out,5/12/2016\n",
			map[string][]string{
				"Guest 000002": {"2016-05-10 create", "2016-05-10 check_in", "2016-05-12 check_out"},
				"Guest 000003": {"2016-05-11 create", "2016-05-11 check_in", "2016-05-12 check_out"},
			},
		},
		{
			"a change of type overbooks if the other type is sold out by a booking that is still expected",
			"City Hotel,1,2016,May,10,0,1,2,0,0,Direct,Direct,A,B,No Deposit,0,Check-Out,5/11/2016\n" +
				"City Hotel,2,2016,May,10,0,1,2,0,0,Direct,Direct,B,B,No Deposit,0,No-Show,5/10/2016\n",
			map[string][]string{
				"Guest 000002": {"2016-05-09 create overbooked", "2016-05-10 check_in overbooked", "2016-05-11 check_out"},
				"Guest 000003": {"2016-05-08 create", "2016-05-10 mark_no_show"},
			},
		},
		{
			"two guests who change types with each other need no right",
			"City Hotel,0,2016,May,10,0,1,2,0,0,Direct,Direct,A,B,No Deposit,0,Check-Out,5/11/2016\n" +
				"City Hotel,0,2016,May,10,0,1,2,0,0,Direct,Direct,B,A,No Deposit,0,Check-Out,5/11/2016\n",
			map[string][]string{
				"Guest 000002": {"2016-05-10 create", "2016-05-10 check_in overbooked", "2016-05-11 check_out"},
				"Guest 000003": {"2016-05-10 create", "2016-05-10 check_in", "2016-05-11 check_out"},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := reservationtest.NewStore()
			report := replayed(t, head+test.rows, options(store))
			if !report.Matches() {
				t.Errorf("not as the file says: %+v", report.Refusals)
			}
			if diff := cmp.Diff(test.want, story(t, store)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestARefusedCommandLeavesTheRestOfOneLifeOut refuses each command of each guest in turn. Only a guest who is not checked
// out is in the way of others: of the two who follow, one gets no room.
func TestARefusedCommandLeavesTheRestOfOneLifeOut(t *testing.T) {
	rows := "City Hotel,0,2016,May,10,0,1,2,0,0,Groups,Direct,A,B,No Deposit,0,Check-Out,5/11/2016\n" +
		"City Hotel,0,2016,May,10,0,1,2,0,0,Groups,Direct,A,B,No Deposit,0,Check-Out,5/11/2016\n" +
		"City Hotel,0,2016,May,10,0,1,2,0,0,Groups,Direct,B,B,No Deposit,0,Canceled,5/10/2016\n" +
		"City Hotel,0,2016,May,11,0,1,2,0,0,Groups,Direct,B,B,No Deposit,0,Check-Out,5/12/2016\n" +
		"City Hotel,0,2016,May,11,0,1,2,0,0,Groups,Direct,B,B,No Deposit,0,Check-Out,5/12/2016\n"
	whole := map[string][]string{
		"Guest 000002": {"2016-05-10 create overbooked", "2016-05-10 mark_confirmed", "2016-05-10 check_in", "2016-05-11 check_out"},
		"Guest 000003": {"2016-05-10 create overbooked", "2016-05-10 mark_confirmed", "2016-05-10 check_in overbooked", "2016-05-11 check_out"},
		"Guest 000004": {"2016-05-10 create", "2016-05-10 mark_confirmed", "2016-05-10 cancel"},
		"Guest 000005": {"2016-05-11 create", "2016-05-11 mark_confirmed", "2016-05-11 check_in", "2016-05-12 check_out"},
		"Guest 000006": {"2016-05-11 create", "2016-05-11 mark_confirmed", "2016-05-11 check_in", "2016-05-12 check_out"},
	}
	for guest, life := range whole {
		for i, step := range life {
			command := strings.Fields(step)[1]
			store := reservationtest.NewStore()
			report := replayed(t, head+rows, options(refusing{store, guest, command}))
			codes := map[innards.Code]int64{innards.Busy.Code: 1}
			if command == "check_out" && guest < "Guest 000004" {
				codes[reservation.RoomRequired.Code] = 1
			}
			if diff := cmp.Diff(codes, report.RefusedByCode); diff != "" || report.Refusals[0].Command != command {
				t.Errorf("%s of %s: refusals %+v by code (-want +got):\n%s", command, guest, report.Refusals, diff)
			}
			if diff := cmp.Diff(len(life[:i]), len(story(t, store)[guest])); diff != "" {
				t.Errorf("%s of %s: steps done (-want +got):\n%s", command, guest, diff)
			}
		}
	}
}

func TestReservationsSayWhatTheRowSays(t *testing.T) {
	rows := "Resort Hotel,3,2016,May,10,1,1,2,1,1,Online TA,GDS,A,B,Refundable,-6.38,Check-Out,5/12/2016\n"
	store := reservationtest.NewStore()
	replayed(t, head+rows, options(store))
	q := reservation.Query{Sort: reservation.FieldArrival, Limit: 10}
	page, err := store.Find(t.Context(), innards.Actor{Tenant: tenant}.Scope(), q)
	if err != nil || len(page.Reservations) != 1 {
		t.Fatalf("%d reservations, error %v", len(page.Reservations), err)
	}
	r := page.Reservations[0]
	prices := []string{}
	for _, n := range r.Nights {
		prices = append(prices, n.Date.String()+" "+n.Room+" "+n.Type+" "+n.Price.String())
	}
	got := map[string]any{
		"property": r.Property, "adults": r.Adults, "children": r.Children, "source": r.Source, "channel": r.Channel.Name,
		"segment": r.Segment, "booked": r.Type, "nights": prices, "confirmation": r.Confirmation, "guarantee": r.Guarantee,
		"created": innards.DateOf(r.CreatedAt).String(),
	}
	want := map[string]any{
		"property": "resort-hotel", "adults": 2, "children": 2, "source": reservation.SourceChannelManager, "channel": "GDS",
		"segment": "Online TA", "booked": "A", "nights": []string{"2016-05-10 B-001 B -6.38 EUR", "2016-05-11 B-001 B -6.38 EUR"},
		"confirmation": reservation.Confirmed, "guarantee": reservation.Guaranteed, "created": "2016-05-07",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSourceFollowsFromSegmentAndChannel(t *testing.T) {
	tests := []struct {
		segment, channel string
		want             reservation.Source
	}{
		{"Direct", "Direct", reservation.SourceBookingEngine},
		{"Online TA", "TA/TO", reservation.SourceChannelManager},
		{"Online TA", "Direct", reservation.SourceChannelManager},
		{"Offline TA/TO", "GDS", reservation.SourceChannelManager},
		{"Offline TA/TO", "TA/TO", reservation.SourceAgency},
		{"Direct", "TA/TO", reservation.SourceAgency},
		{"Corporate", "Corporate", reservation.SourceEmail},
		{"Groups", "Direct", reservation.SourcePhone},
		{"Undefined", "Undefined", reservation.SourceFrontDesk},
	}
	for _, test := range tests {
		w := &words{segments: table{test.segment}, channels: table{test.channel}}
		source, channel := w.source(&booking{})
		if source != test.want || (channel != nil) != (source == reservation.SourceChannelManager) {
			t.Errorf("%s through %s is from %s with channel %v, want %s", test.segment, test.channel, source, channel, test.want)
		}
	}
}

// TestHistoriesHold checks the hash chain of every reservation, and that the business date never goes back in it.
func TestHistoriesHold(t *testing.T) {
	store := reservationtest.NewStore()
	replayed(t, readFile(t, "testdata/excerpt.csv"), options(store))
	events, err := store.Feed(t.Context(), innards.Actor{Tenant: tenant}.Scope(), 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	histories := map[string][]innards.Event{}
	for _, e := range events {
		histories[e.Record] = append(histories[e.Record], e)
	}
	if want := 124 + len(hotels); len(histories) != want {
		t.Errorf("%d histories, want %d", len(histories), want)
	}
	for record, history := range histories {
		last := history[len(history)-1]
		if err := innards.VerifyHistory(record, last.Sequence, last.Hash, history); err != nil {
			t.Errorf("%s: %v", record, err)
		}
		if !slices.IsSortedFunc(history, func(a, b innards.Event) int { return a.BusinessDate.Compare(b.BusinessDate) }) {
			t.Errorf("%s: the business date goes back", record)
		}
		if actor := history[0].Actor; !strings.HasPrefix(actor, "system:") {
			t.Errorf("%s was made by %s", record, actor)
		}
	}
}
