package web

import (
	"net/url"
	"slices"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// kindSeveral is a choice of any number of words.
const kindSeveral kind = "several"

// A criterion is one filter of a search: how it stands in an address, and in the search. Its label is the text
// "filter.NAME".
type criterion struct {
	name  string
	group string // of the form: the text "filter.group.GROUP"
	kind  kind
	// read puts the values of an address into the search. What it returns instead is the name of a text that says what is
	// wrong with them.
	read  func(p *reservation.Property, q *reservation.Search, values []string) (wrong string)
	write func(p *reservation.Property, q *reservation.Search) []string
	// choices are those of kindChoice and kindSeveral.
	choices func(v *view) []choice
}

// criteria returns all filters, in the order of the form. Their names are those of the API.
func criteria() []criterion {
	return slices.Concat(
		[]criterion{textOf("text", func(q *reservation.Search) *string { return &q.Text })},
		within("dates", dateCriteria()), within("status", statusCriteria()), within("marks", markCriteria()), within("rest", restCriteria()),
	)
}

func within(group string, list []criterion) []criterion {
	for i := range list {
		list[i].group = group
	}
	return list
}

func dateCriteria() []criterion {
	type search = reservation.Search
	return []criterion{
		dateOf("arrival_from", func(q *search) *innards.Date { return &q.ArrivalFrom }),
		dateOf("arrival_to", func(q *search) *innards.Date { return &q.ArrivalTo }),
		dateOf("departure_from", func(q *search) *innards.Date { return &q.DepartureFrom }),
		dateOf("departure_to", func(q *search) *innards.Date { return &q.DepartureTo }),
		dateOf("stay_from", func(q *search) *innards.Date { return &q.StayFrom }),
		dateOf("stay_to", func(q *search) *innards.Date { return &q.StayTo }),
		dayOf("created_from", 0, func(q *search) *time.Time { return &q.CreatedFrom }),
		dayOf("created_to", 1, func(q *search) *time.Time { return &q.CreatedTo }),
	}
}

func statusCriteria() []criterion {
	type search = reservation.Search
	return []criterion{
		wordsOf("occupancy", reservation.Occupancies(), func(q *search) *[]reservation.Occupancy { return &q.Occupancy }),
		wordsOf("stay_state", reservation.StayStates(), func(q *search) *[]reservation.StayState { return &q.StayState }),
		wordsOf("guarantee_state", reservation.GuaranteeStates(), func(q *search) *[]reservation.GuaranteeState { return &q.GuaranteeState }),
		wordsOf("guarantee", reservation.Guarantees(), func(q *search) *[]reservation.Guarantee { return &q.Guarantee }),
		wordsOf("confirmation", reservation.Confirmations(), func(q *search) *[]reservation.Confirmation { return &q.Confirmation }),
		wordsOf("commitment", reservation.Commitments(), func(q *search) *[]reservation.Commitment { return &q.Commitment }),
		wordsOf("source", reservation.Sources(), func(q *search) *[]reservation.Source { return &q.Source }),
	}
}

func markCriteria() []criterion {
	type search = reservation.Search
	return []criterion{
		flagOf("valid", func(q *search) **bool { return &q.Valid }),
		flagOf("confirmation_stale", func(q *search) **bool { return &q.ConfirmationStale }),
		flagOf("guarantee_evidence_stale", func(q *search) **bool { return &q.EvidenceStale }),
		flagOf("overbooked", func(q *search) **bool { return &q.Overbooked }),
		markOf("unassigned", func(q *search) *bool { return &q.Unassigned }),
	}
}

func restCriteria() []criterion {
	type search = reservation.Search
	return []criterion{
		choiceOf("type", func(q *search) *string { return &q.Type }, (*view).types),
		choiceOf("room", func(q *search) *string { return &q.Room }, (*view).allRooms),
		choiceOf("guarantee_policy", func(q *search) *string { return &q.GuaranteePolicy }, (*view).guaranteePolicies),
		choiceOf("cancellation_policy", func(q *search) *string { return &q.CancelPolicy }, (*view).cancellationPolicies),
		textOf("segment", func(q *search) *string { return &q.Segment }),
		textOf("number", func(q *search) *string { return &q.Number }),
		textOf("party", func(q *search) *string { return &q.Party }),
		attributes(),
		sortOf("sort"),
		markOf("descending", func(q *search) *bool { return &q.Descending }),
	}
}

func (v *view) guaranteePolicies() []choice {
	list, _ := v.policies()
	return list
}

func (v *view) cancellationPolicies() []choice {
	_, list := v.policies()
	return list
}

// allRooms lists all rooms, also those that no guest can be put in now: somebody was.
func (v *view) allRooms() (all []choice) {
	for _, r := range v.property.Rooms {
		all = append(all, choice{r.ID, r.Name + " · " + v.typeName(r.Type)})
	}
	return all
}

// address returns a search as the query of an address: what is left out does not narrow it.
func address(p *reservation.Property, q *reservation.Search) url.Values {
	values := url.Values{}
	for _, c := range criteria() {
		if written := c.write(p, q); len(written) > 0 {
			values[c.name] = written
		}
	}
	return values
}
