package reservation

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
)

// What every word means, and what is written for those statuses: the same word unless another one is named.
func TestStatusWords(t *testing.T) {
	type meaning struct {
		statuses Statuses
		written  string
	}
	expected := func(c Commitment) Statuses { return Statuses{Occupancy: Expected, Commitment: c} }
	in, out := Statuses{Occupancy: CheckedIn}, Statuses{Occupancy: CheckedOut}
	cancelled, noShow := Statuses{Occupancy: Cancelled}, Statuses{Occupancy: NoShow}
	for standard, words := range map[Standard]map[string]meaning{
		OpenTravel: {
			"Reserved": {expected(Definite), ""}, "Requested": {expected(Inquiry), ""}, "Waitlisted": {expected(Waitlisted), ""},
			"In-house": {in, ""}, "Checked out": {out, ""}, "Checked-Out": {out, "Checked out"}, "Cancelled": {cancelled, ""},
			"No-show": {noShow, ""}, "Request denied": {Statuses{Occupancy: Cancelled, Commitment: Inquiry}, "Cancelled"},
		},
		Apaleo: {
			"Confirmed": {expected(Definite), ""}, "InHouse": {in, ""}, "CheckedOut": {out, ""}, "Canceled": {cancelled, ""}, "NoShow": {noShow, ""},
		},
		Mews: {
			"Inquired": {expected(Inquiry), ""}, "Enquired": {expected(Inquiry), "Inquired"}, "Requested": {expected(Waitlisted), ""},
			"Optional": {expected(Optional), ""}, "Confirmed": {expected(Definite), ""}, "Started": {in, ""}, "Processed": {out, ""},
			"Canceled": {cancelled, ""},
		},
		Cloudbeds: {
			"not_confirmed": {Statuses{Unconfirmed, Expected, Definite}, ""}, "confirmed": {Statuses{Confirmed, Expected, Definite}, ""},
			"checked_in": {in, ""}, "checked_out": {out, ""}, "canceled": {cancelled, ""}, "no_show": {noShow, ""},
		},
		OHIP: {
			"Reserved": {expected(Definite), ""}, "Requested": {expected(Inquiry), ""}, "Waitlisted": {expected(Waitlisted), ""},
			"InHouse": {in, ""}, "CheckedOut": {out, ""}, "Cancelled": {cancelled, ""}, "NoShow": {noShow, ""},
			"DueIn": {expected(Definite), "Reserved"}, "DueOut": {in, "InHouse"}, "PendingCheckout": {in, "InHouse"}, "Walkin": {in, "InHouse"},
		},
	} {
		listed := map[string]bool{}
		for _, w := range standard.Words() {
			listed[w.Word] = true
		}
		if len(listed) != len(words) {
			t.Errorf("%s has %d words, want %d", standard, len(listed), len(words))
		}
		for word, want := range words {
			got, err := standard.Parse(word)
			if err != nil || got != want.statuses {
				t.Errorf("%s: %s means %+v, %v, want %+v", standard, word, got, err, want.statuses)
			}
			back, err := standard.Word(got)
			if err != nil || back != word && back != want.written || want.written != "" && back != want.written {
				t.Errorf("%s: %s is written back as %q, %v", standard, word, back, err)
			}
		}
	}
}

// Every reservation is either written as a word that is read back as the same statuses, or refused; and which ones are
// refused is known.
func TestStatusRoundTrip(t *testing.T) {
	refused := map[Standard][]Commitment{ // while the guest is expected
		OpenTravel: {Optional},
		Apaleo:     {Optional, Waitlisted, Inquiry},
		Mews:       nil,
		Cloudbeds:  {Optional, Waitlisted, Inquiry},
		OHIP:       {Optional},
	}
	for _, standard := range Standards() {
		for _, c := range []Confirmation{Unconfirmed, Confirmed} {
			for _, o := range occupancies {
				for _, m := range []Commitment{Definite, Optional, Waitlisted, Inquiry} {
					r := &Reservation{Confirmation: c, Occupancy: o, Commitment: m}
					name := fmt.Sprintf("%s: %s, %s, %s", standard, c, o, m)
					word, err := standard.Word(r.Statuses())
					if wantRefused := o == Expected && slices.Contains(refused[standard], m); wantRefused {
						if word != "" || !innards.RefusedFor(err, StatusWithoutWord.Code) {
							t.Errorf("%s is written as %q, %v", name, word, err)
						}
						continue
					}
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					read, err := standard.Parse(word)
					if lossy := standard == Mews && o == NoShow; lossy {
						if err != nil || word != "Canceled" || read.Occupancy != Cancelled {
							t.Errorf("%s is written as %q, read as %+v, %v", name, word, read, err)
						}
						continue
					}
					if err != nil || !r.Statuses().are(read) || read.Occupancy != o {
						t.Errorf("%s is written as %q, read as %+v, %v", name, word, read, err)
					}
				}
			}
		}
	}
}

// A word that says something of a commitment or a confirmation is written only for that one.
func TestStatusWordFitsEveryStatus(t *testing.T) {
	definite := Statuses{Confirmed, Expected, Definite}
	for _, tc := range []struct {
		word Statuses
		want bool
	}{
		{Statuses{}, true}, {definite, true}, {Statuses{Occupancy: Expected}, true}, {Statuses{Commitment: Definite}, true},
		{Statuses{Confirmation: Confirmed}, true}, {Statuses{Confirmation: Unconfirmed}, false}, {Statuses{Occupancy: CheckedIn}, false},
		{Statuses{Commitment: Optional}, false}, {Statuses{Confirmed, Expected, Optional}, false},
	} {
		if got := definite.are(tc.word); got != tc.want {
			t.Errorf("%+v fits: %v", tc.word, got)
		}
	}
	if word, err := Cloudbeds.Word(Statuses{Occupancy: Expected, Commitment: Definite}); err == nil {
		t.Errorf("an unknown confirmation is written as %q", word)
	}
}

func TestUnknownStatusWords(t *testing.T) {
	for _, standard := range Standards() {
		for _, word := range []string{"", "nonsense", "confirmed ", "CONFIRMED", "reserved", "\xff", strings.Repeat("x", 1000)} {
			st, err := standard.Parse(word)
			if st != (Statuses{}) || !innards.RefusedFor(err, StatusUnknown.Code) {
				t.Errorf("%s: %.20q means %+v, %v", standard, word, st, err)
			}
			if len(err.Error()) > 200 {
				t.Errorf("%s: the error has %d bytes", standard, len(err.Error()))
			}
		}
	}
}

func TestUnknownStatusWordSaysWhatIsAccepted(t *testing.T) {
	_, err := Mews.Parse("Cancelled")
	want := &innards.Refusal{Command: "map_status", Blockers: []innards.Blocker{{
		Code: "status_unknown", Kind: innards.KindInput, Field: "status", Text: `the other system's status word is not known: mews has no "Cancelled"`,
		Lift: "use one of Inquired, Requested, Optional, Confirmed, Started, Processed, Canceled, Enquired",
	}}}
	if d := cmp.Diff(error(want), err); d != "" {
		t.Error(d)
	}
	_, err = Apaleo.Word(Statuses{Unconfirmed, Expected, Optional})
	if got, want := err.Error(), "map_status refused: the other system has no word for the statuses: apaleo cannot say unconfirmed expected optional (status_without_word)"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
}

func TestUnknownStandard(t *testing.T) {
	unknown := Standard("telex")
	if st, err := unknown.Parse("Reserved"); st != (Statuses{}) || !innards.RefusedFor(err, StatusUnknown.Code) || !strings.HasSuffix(unknown.unknown("x").Lift, "standards") {
		t.Errorf("it means %+v, %v", st, err)
	}
	if word, err := unknown.Word(Statuses{Confirmed, Expected, Definite}); word != "" || !innards.RefusedFor(err, StatusWithoutWord.Code) {
		t.Errorf("it is written as %q, %v", word, err)
	}
	if unknown.Words() != nil {
		t.Errorf("its words are %v", unknown.Words())
	}
}
