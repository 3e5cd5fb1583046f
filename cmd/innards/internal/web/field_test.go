package web

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// viewIn returns a view of a hotel in Sofia, in a language.
func viewIn(t *testing.T, language string) *view {
	t.Helper()
	texts, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	hotel := &reservation.Property{ID: "h", Zone: "Europe/Sofia", Currency: "EUR"}
	if err := hotel.Prepare(); err != nil {
		t.Fatal(err)
	}
	return &view{site: &site{Config: Config{Now: time.Now}}, say: texts.In(language), property: hotel}
}

// What is typed is read as the API takes it, in the language that it was typed in.
func TestInput(t *testing.T) {
	for _, c := range []struct {
		name, language string
		field          field
		typed          []string
		want           string // JSON
		wrong          bool
	}{
		{"text", "en", field{name: "note", kind: kindText}, []string{"  a\r\nb "}, `{"note":"a\nb"}`, false},
		{"nothing", "en", field{name: "note", kind: kindText}, nil, `{}`, false},
		{"taken back", "en", field{name: "note", kind: kindText, optional: true}, nil, `{"note":""}`, false},
		{"required", "en", field{name: "note", kind: kindText, required: true}, []string{" "}, `{}`, true},
		{"nested", "en", field{name: "guest.name", kind: kindText}, []string{"Ana"}, `{"guest":{"name":"Ana"}}`, false},
		{"number", "en", field{name: "adults", kind: kindNumber}, []string{"2"}, `{"adults":2}`, false},
		{"no number", "en", field{name: "adults", kind: kindNumber}, []string{"two"}, `{}`, true},
		{"exponent", "en", field{name: "adults", kind: kindNumber}, []string{"1e3"}, `{}`, true},
		{"day", "en", field{name: "from", kind: kindDate}, []string{"2026-02-28"}, `{"from":"2026-02-28"}`, false},
		{"no day", "en", field{name: "from", kind: kindDate}, []string{"2026-02-30"}, `{}`, true},
		{"moment", "en", field{name: "at", kind: kindMoment}, []string{"2026-06-01T18:00"}, `{"at":"2026-06-01T15:00:00Z"}`, false},
		{"moment in a gap", "en", field{name: "at", kind: kindMoment}, []string{"2026-03-29T03:30"}, `{"at":"2026-03-29T01:00:00Z"}`, false},
		{"no moment", "en", field{name: "at", kind: kindMoment}, []string{"18:00"}, `{}`, true},
		{"money", "en", field{name: "amount", kind: kindMoney}, []string{"1,120.50"}, `{"amount":{"amount":"1120.50","currency":"EUR"}}`, false},
		{"money in Danish", "da", field{name: "amount", kind: kindMoney}, []string{"1.120,50"}, `{"amount":{"amount":"1120.50","currency":"EUR"}}`, false},
		{"money in Russian", "ru", field{name: "amount", kind: kindMoney}, []string{"1 120,50"}, `{"amount":{"amount":"1120.50","currency":"EUR"}}`, false},
		{"too fine", "en", field{name: "amount", kind: kindMoney}, []string{"1.005"}, `{}`, true},
		{"NaN", "en", field{name: "amount", kind: kindMoney}, []string{"NaN"}, `{}`, true},
		{"prices", "en", field{name: "prices", kind: kindPrices}, []string{"80"}, `{"prices":[{"amount":"80.00","currency":"EUR"}]}`, false},
		{"share in Bulgarian", "bg", field{name: "percent", kind: kindShare}, []string{"33,5"}, `{"percent":"33.5"}`, false},
		{"check", "en", field{name: "waive", kind: kindCheck}, []string{"true"}, `{"waive":true}`, false},
		{"no check", "en", field{name: "waive", kind: kindCheck}, nil, `{}`, false},
		{"many", "en", field{name: "methods", kind: kindMany}, []string{"card", "voucher"}, `{"methods":["card","voucher"]}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := form{fields: []field{c.field}}
			f.fill(url.Values{c.field.name: c.typed})
			in, ok := f.input(viewIn(t, c.language))
			got, err := json.Marshal(lists(in))
			if err != nil || string(got) != c.want || ok == c.wrong || f.wrong() != c.wrong {
				t.Errorf("read as %s (%v, %v), want %s", got, ok, err, c.want)
			}
		})
	}
}

// Rows that are left empty are left out; those that are typed make a list.
func TestLists(t *testing.T) {
	f := form{fields: []field{
		{name: "policy.tiers.0.days", kind: kindNumber}, {name: "policy.tiers.1.days", kind: kindNumber}, {name: "policy.tiers.2.days", kind: kindNumber},
	}}
	f.fill(url.Values{"policy.tiers.0.days": {"14"}, "policy.tiers.2.days": {"3"}})
	in, _ := f.input(viewIn(t, "en"))
	got, err := json.Marshal(lists(in))
	if want := `{"policy":{"tiers":[{"days":14},{"days":3}]}}`; err != nil || string(got) != want {
		t.Errorf("%s (%v), want %s", got, err, want)
	}
}

// A form that shows a setting and is sent as it is changes nothing, in every language.
func TestFormsGiveBackWhatTheyShow(t *testing.T) {
	hotel := reservationHotel(t)
	for _, language := range words.Languages() {
		v := viewIn(t, language.String())
		v.property = hotel
		for _, c := range []struct {
			command, of string
			intent      reservation.PropertyIntent
		}{
			{"put_guarantee_policy", hotel.GuaranteePolicies[0].Name, &reservation.PutGuaranteePolicy{}},
			{"put_cancellation_policy", hotel.CancellationPolicies[0].Name, &reservation.PutCancellationPolicy{}},
			{"put_rooms", hotel.Rooms[0].ID, &reservation.PutRooms{}},
			{"put_room_types", hotel.Types[0].ID, &reservation.PutRoomTypes{}},
			{"amend", "", &reservation.AmendProperty{}},
		} {
			fields, there := v.settingFields(c.command, c.of)
			f := form{fields: fields}
			if err := f.show(v, there); err != nil {
				t.Fatal(err)
			}
			sent := url.Values{}
			for _, fd := range f.fields {
				if fd.kind == kindMany {
					sent[fd.name] = fd.many
				} else if fd.value != "" {
					sent.Set(fd.name, fd.value)
				}
			}
			again := form{fields: fields}
			again.fill(sent)
			in, ok := again.input(v)
			text, err := json.Marshal(lists(in))
			if err == nil {
				err = json.Unmarshal(text, c.intent)
			}
			if err != nil || !ok {
				t.Fatalf("%s in %s: %v %v %s", c.command, language, ok, err, text)
			}
			if diff := cmp.Diff(asTree(t, there), asTree(t, c.intent)); diff != "" {
				t.Errorf("%s in %s comes back changed (-shown +sent):\n%s", c.command, language, diff)
			}
		}
	}
}

func asTree(t *testing.T, value any) (tree any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &tree)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
