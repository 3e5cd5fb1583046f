package reservation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/innards-go/innards"
)

// A Standard is another system's vocabulary of status words.
type Standard string

// The standards.
const (
	OpenTravel Standard = "opentravel" // PMS_ResStatusType of the OpenTravel 2003/05 messages, as ResStatus
	Apaleo     Standard = "apaleo"     // status of a reservation of the Booking API
	Mews       Standard = "mews"       // State of a reservation of the Connector API
	Cloudbeds  Standard = "cloudbeds"  // status of a reservation of the PMS API 1.3
	OHIP       Standard = "ohip"       // reservationStatus of the Oracle Hospitality property APIs 25.5
)

// Standards returns all standards.
func Standards() []Standard { return []Standard{OpenTravel, Apaleo, Mews, Cloudbeds, OHIP} }

// Statuses are the stored statuses that other systems fold into one word. No system has a word for the guarantee. An
// empty status is one that a word says nothing of.
type Statuses struct {
	Confirmation Confirmation `json:"confirmation,omitempty"`
	Occupancy    Occupancy    `json:"occupancy,omitempty"`
	Commitment   Commitment   `json:"commitment,omitempty"`
}

// Statuses returns the statuses of the reservation.
func (r *Reservation) Statuses() Statuses { return Statuses{r.Confirmation, r.Occupancy, r.Commitment} }

// are reports whether s has every status that those of a word have.
func (s Statuses) are(word Statuses) bool {
	return (word.Confirmation == "" || word.Confirmation == s.Confirmation) &&
		(word.Occupancy == "" || word.Occupancy == s.Occupancy) &&
		(word.Commitment == "" || word.Commitment == s.Commitment)
}

// A StatusWord is one entry of a vocabulary.
type StatusWord struct {
	Word     string   `json:"word"`
	Statuses Statuses `json:"statuses"`
	// Note says what the two do not have in common.
	Note string `json:"note,omitempty"`
}

// Words returns the vocabulary, nil for an unknown standard. Reading takes the first entry of a word, writing the first
// entry that fits the statuses; so a second entry of a word is written only, and a second one of statuses read only.
func (s Standard) Words() []StatusWord {
	in, out := Statuses{Occupancy: CheckedIn}, Statuses{Occupancy: CheckedOut}
	cancelled, noShow := Statuses{Occupancy: Cancelled}, Statuses{Occupancy: NoShow}
	expected := func(c Commitment) Statuses { return Statuses{Occupancy: Expected, Commitment: c} }
	switch s {
	case OpenTravel:
		return []StatusWord{
			{"Reserved", expected(Definite), ""}, {"Requested", expected(Inquiry), ""}, {"Waitlisted", expected(Waitlisted), ""},
			{"In-house", in, ""}, {"Checked out", out, ""}, {"Cancelled", cancelled, ""}, {"No-show", noShow, ""},
			{"Request denied", Statuses{Occupancy: Cancelled, Commitment: Inquiry}, "written as Cancelled"},
			{"Checked-Out", out, "as SiteMinder spells it"},
		}
	case Apaleo:
		return []StatusWord{
			{"Confirmed", expected(Definite), "says nothing of a confirmation that was sent"},
			{"InHouse", in, ""}, {"CheckedOut", out, ""}, {"Canceled", cancelled, ""}, {"NoShow", noShow, ""},
		}
	case Mews:
		return []StatusWord{
			{"Inquired", expected(Inquiry), ""}, {"Requested", expected(Waitlisted), "the guest is bound, the house is not"},
			{"Optional", expected(Optional), ""}, {"Confirmed", expected(Definite), "says nothing of a confirmation that was sent"},
			{"Started", in, ""}, {"Processed", out, ""}, {"Canceled", cancelled, ""},
			{"Canceled", noShow, "a no-show is a reason of a cancellation"},
			{"Enquired", expected(Inquiry), "of the API version 2017-04-12"},
		}
	case Cloudbeds:
		return []StatusWord{
			{"not_confirmed", Statuses{Unconfirmed, Expected, Definite}, ""}, {"confirmed", Statuses{Confirmed, Expected, Definite}, ""},
			{"checked_in", in, ""}, {"checked_out", out, ""}, {"canceled", cancelled, ""}, {"no_show", noShow, ""},
		}
	case OHIP:
		return []StatusWord{
			{"Reserved", expected(Definite), ""}, {"Requested", expected(Inquiry), ""}, {"Waitlisted", expected(Waitlisted), ""},
			{"InHouse", in, ""}, {"CheckedOut", out, ""}, {"Cancelled", cancelled, ""}, {"NoShow", noShow, ""},
			{"DueIn", expected(Definite), "computed: arrives today"}, {"DueOut", in, "computed: leaves today"},
			{"PendingCheckout", in, "computed: should have left"}, {"Walkin", in, "computed: came without a reservation"},
		}
	}
	return nil
}

// Word returns the standard's word for the statuses. Statuses that it has no word for are refused with
// "status_without_word", never written as something near.
func (s Standard) Word(st Statuses) (string, error) {
	words := s.Words()
	i := slices.IndexFunc(words, func(w StatusWord) bool { return st.are(w.Statuses) })
	if i < 0 {
		return "", s.refuse(StatusWithoutWord.Block(s, "cannot say", st.Confirmation, st.Occupancy, st.Commitment))
	}
	return words[i].Word, nil
}

// Parse returns the statuses that a word of the standard means. A word is taken exactly as it is written there; any other
// is refused with "status_unknown", which lists those that are accepted.
func (s Standard) Parse(word string) (Statuses, error) {
	words := s.Words()
	i := slices.IndexFunc(words, func(w StatusWord) bool { return w.Word == word })
	if i < 0 {
		return Statuses{}, s.refuse(s.unknown(word))
	}
	return words[i].Statuses, nil
}

func (s Standard) refuse(b innards.Blocker) error {
	return &innards.Refusal{Command: "map_status", Blockers: []innards.Blocker{b}}
}

func (s Standard) unknown(word string) innards.Blocker {
	var accepted []string
	for _, w := range s.Words() {
		if !slices.Contains(accepted, w.Word) {
			accepted = append(accepted, w.Word)
		}
	}
	b := StatusUnknown.In("status", s, "has no", fmt.Sprintf("%.40q", word))
	if b.Lift = "use one of " + strings.Join(accepted, ", "); len(accepted) == 0 {
		b.Lift = "name one of the standards"
	}
	return b
}
