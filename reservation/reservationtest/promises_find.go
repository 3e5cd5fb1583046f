package reservationtest

import (
	"math/rand/v2"
	"slices"

	"github.com/innards-go/innards/reservation"
)

func findPromises() []promise {
	promises := []promise{
		on("FindAll", "without conditions all reservations of the scope are found; a condition without alternatives holds for none", findAll),
		on("FindAttribute", "an attribute is found by its value", findAttribute),
		on("FindCombined", "a condition holds if all tests of an alternative hold, and all conditions must hold", findCombined),
		on("FindAfterUpdate", "what is found is what is stored now", findAfterUpdate),
		on("Words", "words begin words of name, e-mail, phone or number, whatever the case and accents, in Cyrillic too", findWords),
		on("WordsLiteral", "only letters and digits count in a word, whatever else means in a query language; a word without them begins no word", findWordsLiteral),
		on("WordsAndConditions", "words and conditions must both hold", findWordsAndConditions),
		on("Count", "counts are of what is found, by each status, whatever the limit and cursor", count),
	}
	return slices.Concat(promises, fieldPromises(), pagePromises())
}

// matches returns the ids of those for which the query's conditions hold.
func matches(all []reservation.Reservation, where ...reservation.Condition) (ids []string) {
	for i := range all {
		if !slices.ContainsFunc(where, func(c reservation.Condition) bool { return !c.Holds(&all[i]) }) {
			ids = append(ids, all[i].ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// find returns the ids of what is found, sorted.
func (t *trial) find(q reservation.Query) []string {
	q.Limit = 1000
	page, err := t.store.Find(t.Ctx, t.scope(), q)
	t.OK("Find", err)
	ids := idsOf(page.Reservations)
	slices.Sort(ids)
	return ids
}

// finds expects to find, of all that is stored, those for which the conditions hold.
func (t *trial) finds(all []reservation.Reservation, where ...reservation.Condition) {
	if got, want := t.find(reservation.Query{Where: where}), matches(all, where...); !slices.Equal(got, want) {
		t.Failf("%v finds %s, it should find %s", where, numbersOf(all, got), numbersOf(all, want))
	}
}

// numbersOf names reservations by their numbers, for messages.
func numbersOf(all []reservation.Reservation, ids []string) (numbers []string) {
	for _, r := range all {
		if slices.Contains(ids, r.ID) {
			numbers = append(numbers, r.Number)
		}
	}
	return numbers
}

func findAll(t *trial) {
	all := t.crowd()
	t.finds(all)
	t.finds(all, reservation.All())
	t.finds(all, reservation.Condition{})
	t.finds(all, reservation.Condition{{}, {}}, reservation.All())
	page, err := t.store.Find(t.Ctx, t.scope(), reservation.Query{Limit: 1000})
	t.OK("Find", err)
	for _, r := range page.Reservations {
		i := slices.IndexFunc(all, func(have reservation.Reservation) bool { return have.ID == r.ID })
		if i < 0 {
			t.Failf("Find shows %s, which was not stored", r.ID)
			break
		}
		t.Equal("a reservation that was found", r, all[i])
	}
}

func findAttribute(t *trial) {
	all := t.crowd()
	for _, pair := range [][2]string{{"loyalty", "gold"}, {"loyalty", "silver"}, {"loyalty", "Gold"}, {"loyalty", "tin"}, {"цвят", "син"}, {"x.y", `"`}, {"gold", "loyalty"}} {
		t.finds(all, reservation.All(reservation.Test{Attribute: pair[0], Op: reservation.OpIs, Value: pair[1]}))
	}
}

// findCombined tries combinations of tests, the same at every run.
func findCombined(t *trial) {
	all := t.crowd()
	var tests []reservation.Test
	for _, f := range fields(all) {
		tests = append(tests, f.tests...)
	}
	random := rand.New(rand.NewPCG(1, 2))
	some := func() (c reservation.Condition) {
		for range 1 + random.IntN(2) {
			var alternative []reservation.Test
			for range 1 + random.IntN(3) {
				alternative = append(alternative, tests[random.IntN(len(tests))])
			}
			c = append(c, alternative)
		}
		return c
	}
	for range 60 {
		t.finds(all, some())
		t.finds(all, some(), some())
	}
}

func findAfterUpdate(t *trial) {
	all := t.crowd()
	var changed []string
	for i := range all {
		if all[i].Occupancy == reservation.Expected {
			all[i] = t.amend(all[i], Void(reservation.Cancelled), number("C"+all[i].Number), Guest("Zdravka Koleva"))
			changed = append(changed, all[i].ID)
		}
	}
	for _, f := range fields(all) {
		t.finds(all, reservation.All(f.tests[0]))
	}
	slices.Sort(changed)
	t.Equal("who has the new name", t.find(reservation.Query{Words: []string{"zdravka"}}), changed)
	for _, id := range t.find(reservation.Query{Words: []string{"todorova"}}) {
		if slices.Contains(changed, id) {
			t.Failf("a reservation is found by a name that it no longer has")
		}
	}
}

func isOccupancy(o reservation.Occupancy) reservation.Condition {
	return reservation.All(reservation.Test{Field: reservation.FieldOccupancy, Op: reservation.OpIs, Value: string(o)})
}

// person sets the guest.
func person(name, email, phone string) Edit {
	return func(r *reservation.Reservation) {
		r.Guest = reservation.Person{Name: name, Email: email, Phone: phone}
	}
}

func findWords(t *trial) {
	ivan := t.book(person("Иван Петров", "vanko.petrov@example.com", "+359 88 7654321"), number("90017"))
	zoe := t.book(person("Zoë MÜLLER-Núñez", "", ""), number("90028"))
	anna := t.book(person("Anna Muller", "anna@example.org", ""), number("80017"))
	for _, q := range []struct {
		words []string
		found []reservation.Reservation
	}{
		{[]string{"иван"}, []reservation.Reservation{ivan}},
		{[]string{"ИВАН", "пет"}, []reservation.Reservation{ivan}},
		{[]string{"петров", "иван"}, []reservation.Reservation{ivan}},
		{[]string{"петров", "мария"}, nil},
		{[]string{"етров"}, nil},
		{[]string{"muller"}, []reservation.Reservation{zoe, anna}},
		{[]string{"Müll"}, []reservation.Reservation{zoe, anna}},
		{[]string{"nunez"}, []reservation.Reservation{zoe}},
		{[]string{"ZOE"}, []reservation.Reservation{zoe}},
		{[]string{"uller"}, nil},
		{[]string{"vanko.petrov@ex"}, []reservation.Reservation{ivan}},
		{[]string{"vanko"}, []reservation.Reservation{ivan}},
		{[]string{"7654"}, []reservation.Reservation{ivan}},
		{[]string{"+35988"}, []reservation.Reservation{ivan}},
		{[]string{"654"}, nil},
		{[]string{"9001"}, []reservation.Reservation{ivan}},
		{[]string{"900"}, []reservation.Reservation{ivan, zoe}},
		{[]string{"иван", "vanko", "90017"}, []reservation.Reservation{ivan}},
		{nil, []reservation.Reservation{ivan, zoe, anna}},
	} {
		want := idsOf(q.found)
		slices.Sort(want)
		t.Equal("what is found with "+quoted(q.words), t.find(reservation.Query{Words: q.words}), want)
	}
}

func findWordsLiteral(t *trial) {
	t.book(person("Elena Todorova", "elena@example.com", ""))
	for _, word := range []string{"%x", "_lena", "*x", `elena" OR "x`, "elena:x", "NEAR(elena", "elena&!x", "elena'x", "elena-x", "elena^x", "elena AND x"} {
		t.Equal("what is found with "+word, t.find(reservation.Query{Words: []string{word}}), []string{})
	}
	for _, word := range []string{"%", "*", `"`, "'", "(", "-", "&", ":", `\`} {
		t.Equal("what is found with elena and "+word, t.find(reservation.Query{Words: []string{"elena", word}}), []string{})
	}
}

func findWordsAndConditions(t *trial) {
	all := t.crowd()
	for _, c := range []reservation.Condition{isOccupancy(reservation.Expected), isOccupancy(reservation.NoShow)} {
		var want []string
		for _, r := range all {
			if c.Holds(&r) && r.Guest.Name == "Elena Todorova" {
				want = append(want, r.ID)
			}
		}
		slices.Sort(want)
		t.Equal("what is found with a word and a condition", t.find(reservation.Query{Where: []reservation.Condition{c}, Words: []string{"todorova"}}), want)
	}
}

func count(t *trial) {
	all := t.crowd()
	here := reservation.All(reservation.Test{Field: reservation.FieldProperty, Op: reservation.OpIs, Value: HotelID})
	for _, where := range [][]reservation.Condition{nil, {here}, {isOccupancy(reservation.NoShow)}, {reservation.Condition{}}} {
		after := reservation.Cursor{Value: BusinessDate().AddDays(2).String(), ID: all[0].ID}
		q := reservation.Query{Where: where, Limit: 1, After: &after}
		got := t.count(q)
		want := reservation.Counts{
			Confirmation: map[reservation.Confirmation]int64{}, Guarantee: map[reservation.Guarantee]int64{},
			Occupancy: map[reservation.Occupancy]int64{}, Commitment: map[reservation.Commitment]int64{},
		}
		ids := matches(all, where...)
		for _, r := range all {
			if slices.Contains(ids, r.ID) {
				want.Total++
				want.Confirmation[r.Confirmation]++
				want.Guarantee[r.Guarantee]++
				want.Occupancy[r.Occupancy]++
				want.Commitment[r.Commitment]++
			}
		}
		t.Equal("the counts", withoutNoughts(got), want)
	}
	t.Equal("how many have a word", t.count(reservation.Query{Words: []string{"todorova"}}).Total, int64(len(t.find(reservation.Query{Words: []string{"todorova"}}))))
}

// withoutNoughts drops the counts of nought, which a store may leave out.
func withoutNoughts(n reservation.Counts) reservation.Counts {
	dropNoughts(n.Confirmation)
	dropNoughts(n.Guarantee)
	dropNoughts(n.Occupancy)
	dropNoughts(n.Commitment)
	return n
}
