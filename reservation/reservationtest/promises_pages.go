package reservationtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/innards-go/innards/reservation"
)

func pagePromises() (promises []promise) {
	for _, field := range []reservation.Field{"", reservation.FieldArrival, reservation.FieldDeparture, reservation.FieldCreated, reservation.FieldNumber, reservation.FieldGuest} {
		promises = append(promises, on("SortBy_"+cmp.Or(string(field), "default"), "pages of any size are in order of the field and id, up or down, and have everything once",
			func(t *trial) {
				all := t.crowd()
				for _, q := range []reservation.Query{{Sort: field}, {Sort: field, Descending: true}} {
					for _, size := range []int{1, 2, 3, len(all), 100} {
						t.pages(all, q, size)
					}
				}
			}))
	}
	return append(promises,
		on("PagesWhileWriting", "who pages while others write sees everything that stays where it was once", pagesWhileWriting),
		on("CursorNames", "the cursor names the last reservation of the page, and its value: a date as YYYY-MM-DD, an instant as RFC 3339", cursorNames),
		on("PagesOfEqual", "pages over many equal values have everything once", pagesOfEqual),
	)
}

// sortValue returns what the query sorts by.
func sortValue(r *reservation.Reservation, f reservation.Field) string {
	switch f {
	case reservation.FieldDeparture:
		return r.Departure.String()
	case reservation.FieldCreated:
		return r.CreatedAt.UTC().Format("2006-01-02T15:04:05.000000")
	case reservation.FieldNumber:
		return r.Number
	case reservation.FieldGuest:
		return r.Guest.Name
	}
	return r.Arrival.String()
}

// pages expects the pages of a size to have all, in the order of the query.
func (t *trial) pages(all []reservation.Reservation, q reservation.Query, size int) {
	want := slices.Clone(all)
	slices.SortFunc(want, func(a, b reservation.Reservation) int {
		return cmp.Or(cmp.Compare(sortValue(&a, q.Sort), sortValue(&b, q.Sort)), cmp.Compare(a.ID, b.ID))
	})
	if q.Descending {
		slices.Reverse(want)
	}
	t.Equal("the pages", numbersInOrder(t.walk(q, size, len(want))), numbersInOrder(want))
}

func numbersInOrder(rs []reservation.Reservation) (numbers []string) {
	for _, r := range rs {
		numbers = append(numbers, r.Number)
	}
	return numbers
}

// walk reads pages until the last, and at most one more than there are reservations.
func (t *trial) walk(q reservation.Query, size, most int) (all []reservation.Reservation) {
	q.Limit = size
	for range most + 1 {
		page, err := t.store.Find(t.Ctx, t.scope(), q)
		t.OK("Find", err)
		if len(page.Reservations) > size {
			t.Failf("a page of %d has %d reservations", size, len(page.Reservations))
		}
		if q.After != nil && len(page.Reservations) == 0 {
			t.Failf("an empty page follows: Next must be nil on the last page, also if it is full")
		}
		list, err := t.store.List(t.Ctx, t.scope(), q)
		t.OK("List", err)
		t.Equal("the list", list, listingOf(page))
		all = append(all, page.Reservations...)
		if page.Next == nil {
			return all
		}
		if len(page.Reservations) < size {
			t.Failf("a page of %d has %d reservations and says that another follows", size, len(page.Reservations))
		}
		q.After = page.Next
	}
	t.Failf("the pages do not end")
	return all
}

func pagesOfEqual(t *trial) {
	var all []reservation.Reservation
	for range 9 {
		all = append(all, t.book())
	}
	for _, q := range []reservation.Query{{}, {Descending: true}, {Sort: reservation.FieldGuest}, {Sort: reservation.FieldCreated, Descending: true}} {
		t.pages(all, q, 2)
		t.pages(all, q, 3)
	}
}

func pagesWhileWriting(t *trial) {
	day := func(i int) Edit { return Stay(i, 1, Double, "") }
	a, b, c, d := t.book(day(2)), t.book(day(4)), t.book(day(6)), t.book(day(8))
	page, err := t.store.Find(t.Ctx, t.scope(), reservation.Query{Limit: 2})
	t.OK("Find", err)
	t.Equal("the first page", idsOf(page.Reservations), []string{a.ID, b.ID})
	if page.Next == nil {
		t.Failf("the first page says that it is the last")
		return
	}
	t.Clock.Advance(time.Second)
	t.book(day(0))
	t.book(day(1))
	between := t.book(day(7))
	t.amend(b, day(9), Guest("Elena Ivanova"))
	rest := t.walk(reservation.Query{After: page.Next}, 2, 5)
	t.Equal("the other pages", idsOf(rest), []string{c.ID, between.ID, d.ID, b.ID})
}

func cursorNames(t *trial) {
	r := t.book(Stay(0, 2, Double, ""), createdAt(time.Millisecond))
	t.book(Stay(1, 2, Double, ""), Guest("Zdravka Koleva"), number("9999"), createdAt(2*time.Millisecond))
	for field, value := range map[reservation.Field]string{
		reservation.FieldArrival: "2026-06-01", reservation.FieldDeparture: "2026-06-03", reservation.FieldNumber: r.Number,
		reservation.FieldGuest: r.Guest.Name, reservation.FieldCreated: "",
	} {
		page, err := t.store.Find(t.Ctx, t.scope(), reservation.Query{Sort: field, Limit: 1})
		t.OK("Find", err)
		next := reservation.Cursor{}
		if page.Next != nil {
			next = *page.Next
		}
		if field == reservation.FieldCreated {
			at, err := time.Parse(time.RFC3339, next.Value)
			t.OK("the value of the cursor", err)
			t.Equal("the value of the cursor", at, r.CreatedAt)
			value = next.Value
		}
		t.Equal("the cursor", next, reservation.Cursor{Value: value, ID: r.ID})
	}
}

func createdAt(d time.Duration) Edit {
	return func(r *reservation.Reservation) { r.CreatedAt = Morning().Add(d) }
}
