package document_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func catalogue(t *testing.T) *words.Catalogue {
	t.Helper()
	c, err := words.Load()
	if err != nil {
		t.Fatalf("loading the texts: %v", err)
	}
	return c
}

// stay returns three nights of two adults and a child in the hotel of reservationtest, booked and issued on its business
// date, by its deposit and flexible policies.
func stay(t *testing.T) document.Stay {
	t.Helper()
	hotel := reservationtest.Hotel()
	if err := hotel.Prepare(); err != nil {
		t.Fatalf("opening the hotel: %v", err)
	}
	created := reservationtest.Morning()
	deadline := created.AddDate(0, 0, 3)
	r := reservation.Reservation{
		ID: "r1", Number: "R-1042", Property: hotel.ID, Type: reservationtest.Double, Adults: 2, Children: 1,
		Confirmation: reservation.Unconfirmed, Guarantee: reservation.NotGuaranteed, Occupancy: reservation.Expected,
		Commitment: reservation.Definite, Arrival: reservationtest.BusinessDate().AddDays(20), Departure: reservationtest.BusinessDate().AddDays(23),
		Guest:     reservation.Person{Name: "Søren Ибрахимова-Núñez", Email: "soren@example.com", Country: "DK"},
		Extras:    []reservation.Extra{{Group: "Breakfast", Price: reservationtest.Euro(4500)}},
		CreatedAt: created, GuaranteeDeadline: &deadline, Paid: reservationtest.Euro(3000), Authorised: reservationtest.Euro(0),
		GuaranteePolicy: &hotel.GuaranteePolicies[0], CancellationPolicy: &hotel.CancellationPolicies[0],
	}
	for i, price := range []int64{120050, 120050, 9900} {
		r.Nights = append(r.Nights, reservation.Night{Date: r.Arrival.AddDays(i), Slot: reservation.SlotNight, Type: r.Type, Room: "101", Price: reservationtest.Euro(price)})
	}
	return document.Stay{Property: &hotel, Reservation: r, At: created.Add(time.Hour)}
}

// A kind is one of the documents.
type kind struct {
	name  string
	write func(*words.Printer, document.Stay) ([]byte, error)
}

func kinds() []kind {
	return []kind{
		{"confirmation", func(p *words.Printer, s document.Stay) ([]byte, error) {
			var b bytes.Buffer
			err := document.Confirmation(&b, p, s)
			return b.Bytes(), err
		}},
		{"card", func(p *words.Printer, s document.Stay) ([]byte, error) {
			var b bytes.Buffer
			err := document.Card(&b, p, s)
			return b.Bytes(), err
		}},
	}
}

func write(t *testing.T, k kind, language string, s document.Stay) []byte {
	t.Helper()
	pdf, err := k.write(catalogue(t).In(language), s)
	if err != nil {
		t.Fatalf("%s in %s: %v", k.name, language, err)
	}
	return pdf
}

func TestSameBytes(t *testing.T) {
	s := stay(t)
	s.Reservation.Guest.Name = "Ω Ω nbsp\u00a0space - \u00ad‐−"
	for _, k := range kinds() {
		first := write(t, k, "bg", s)
		for range 10 {
			if !bytes.Equal(first, write(t, k, "bg", s)) {
				t.Fatalf("the same stay made another %s", k.name)
			}
		}
		s.At = s.At.Add(time.Hour)
		if bytes.Equal(first, write(t, k, "bg", s)) {
			t.Errorf("%s does not know when it was made", k.name)
		}
	}
}

// tool returns a program of poppler, or skips the test.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case slices.Contains(strings.Split(os.Getenv("INNARDS_TEST_REQUIRE"), ","), "poppler"):
		t.Fatalf("poppler is required: %v", err)
	default:
		t.Skipf("no poppler: %v", err)
	}
	return ""
}

// run has a program of poppler read the document and returns what it prints.
func run(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	program := tool(t, name)
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", file)
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// spread returns the text with one space between all words, as on paper lines are broken.
func spread(s string) string { return strings.Join(strings.Fields(s), " ") }

func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	return spread(run(t, pdf, "pdftotext", "-layout", "FILE", "-"))
}

func TestConfirmationText(t *testing.T) {
	for language, want := range map[string][]string{
		"en": {
			"Reservation confirmation", "Søren Ибрахимова-Núñez", "R-1042", "Sunday 21 June 2026, from 14:00", "Wednesday 24 June 2026, by 11:00",
			"3 nights", "Double room", "2 adults, 1 child", "Price in EUR", "2 nights from Sun 21 Jun 2026 1200.50 2401.00",
			"1 night from Tue 23 Jun 2026 99.00 99.00", "Total 2545.00", "Paid so far 30.00", "Still to be paid 2515.00",
			"Please guarantee the reservation before 4 June 2026 at 09:00.", "Accepted guarantees: payment card, bank transfer.",
			"A deposit of 733.50 EUR is due by 4 June 2026 at 09:00.",
			"You can cancel free of charge before 20 June 2026 at 18:00. From 20 June 2026 at 18:00, a cancellation costs 1200.50 EUR.",
			"In case of a no-show, 2500.00 EUR is charged.", "Hotel Vitosha · Reservation number R-1042",
		},
		"es": {
			"Confirmación de la reserva", "domingo, 21 de junio de 2026, desde las 14:00", "3 noches", "2 adultos, 1 niño",
			"Le rogamos que garantice la reserva antes del 4 de junio de 2026 a las 09:00.", "Total 2545,00",
			"Puede cancelar sin gastos antes del 20 de junio de 2026 a las 18:00.", "En caso de no-show se cobran 2500,00 EUR.",
		},
		"da": {
			"Reservationsbekræftelse", "Ankomst søndag den 21. juni 2026, fra kl. 14:00", "Afrejse onsdag den 24. juni 2026, senest kl. 11:00",
			"3 nætter", "2 voksne, 1 barn", "Garantér venligst reservationen før den 4. juni 2026 kl. 09:00.", "Ved udeblivelse opkræves 2500,00 EUR.",
		},
		"bg": {
			"Потвърждение на резервация", "Пристигане неделя, 21 юни 2026 г., от 14:00 часа", "Напускане сряда, 24 юни 2026 г., до 11:00 часа",
			"3 нощувки", "2 възрастни, 1 дете", "Моля, гарантирайте резервацията преди 4 юни 2026 г. в 09:00 часа.",
			"При неявяване се начисляват 2500,00 EUR.",
		},
		"ru": {
			"Подтверждение бронирования", "Заезд воскресенье, 21 июня 2026 г., с 14:00", "Выезд среда, 24 июня 2026 г., до 11:00", "3 ночи",
			"2 взрослых, 1 ребёнок", "Просим гарантировать бронирование до 4 июня 2026 г. в 09:00.", "При незаезде взимается 2500,00 EUR.",
		},
	} {
		t.Run(language, func(t *testing.T) {
			got := textOf(t, write(t, kinds()[0], language, stay(t)))
			for _, text := range want {
				if !strings.Contains(got, text) {
					t.Errorf("%q is missing in:\n%s", text, got)
				}
			}
			if strings.ContainsAny(got, "⟦⟧{}□") {
				t.Errorf("something was not said or cannot be shown:\n%s", got)
			}
		})
	}
}

func TestCardText(t *testing.T) {
	for language, want := range map[string][]string{
		"en": {"Registration card", "Søren Ибрахимова-Núñez", "Country Denmark", "E-mail soren@example.com", "Fellow guests", "Room 101", "Signature of the guest"},
		"es": {"Ficha de registro", "País Dinamarca", "Firma del huésped"},
		"da": {"Registreringskort", "Land Danmark", "Gæstens underskrift"},
		"bg": {"Регистрационна карта", "Държава Дания", "Подпис на госта"},
		"ru": {"Регистрационная карта", "Страна Дания", "Подпись гостя"},
	} {
		t.Run(language, func(t *testing.T) {
			got := textOf(t, write(t, kinds()[1], language, stay(t)))
			for _, text := range want {
				if !strings.Contains(got, text) {
					t.Errorf("%q is missing in:\n%s", text, got)
				}
			}
		})
	}
}

func TestMetadata(t *testing.T) {
	got := spread(run(t, write(t, kinds()[0], "da", stay(t)), "pdfinfo", "-isodates", "FILE"))
	for _, text := range []string{
		"Title: Reservationsbekræftelse R-1042", "Author: Hotel Vitosha", "Pages: 1", "(A4)", "CreationDate: 2026-06-01T07:00:00",
	} {
		if !strings.Contains(got, text) {
			t.Errorf("%q is missing in:\n%s", text, got)
		}
	}
}

// TestLong has more than a page holds, words that are wider than the paper, and letters that the font does not have.
func TestLong(t *testing.T) {
	s := stay(t)
	s.Reservation.Guest.Name = strings.Repeat("Wolfeschlegelsteinhausen", 10) + " 王🙂"
	for i := range 80 {
		s.Reservation.Extras = append(s.Reservation.Extras, reservation.Extra{Group: strings.Repeat("dinner ", 1+i%12), Price: reservationtest.Euro(int64(i))})
	}
	pdf := write(t, kinds()[0], "en", s)
	if got := run(t, pdf, "pdfinfo", "FILE"); !strings.Contains(spread(got), "Pages: 4") {
		t.Errorf("it does not go on over pages:\n%s", got)
	}
	text := textOf(t, pdf)
	if n := strings.Count(strings.ReplaceAll(text, " ", ""), "dinner"); n != 504 {
		t.Errorf("%d of 504 dinners are there", n)
	}
	if !strings.Contains(text, "□□") {
		t.Errorf("letters that the font does not have are not shown as such")
	}
}

// TestTerms has the sentences of every standing of a reservation.
func TestTerms(t *testing.T) {
	late := func(s *document.Stay) { s.At = s.Reservation.GuaranteeDeadline.Add(time.Second) }
	void := func(o reservation.Occupancy, fee, refunded int64) func(*document.Stay) {
		return func(s *document.Stay) {
			r := &s.Reservation
			r.Occupancy, r.CancellationNumber, r.Cycle = o, "C-7", 2
			r.Fees = []reservation.Fee{
				{Cycle: 1, Kind: o, Amount: reservationtest.Euro(1), Reversed: true},
				{Cycle: 2, Kind: o, Amount: reservationtest.Euro(fee), Applied: reservationtest.Euro(3000 - refunded), Refunded: reservationtest.Euro(refunded)},
			}
		}
	}
	policy := func(edit func(*reservation.GuaranteePolicy)) func(*document.Stay) {
		return func(s *document.Stay) {
			p := *s.Reservation.GuaranteePolicy
			edit(&p)
			s.Reservation.GuaranteePolicy = &p
		}
	}
	const free = "You can cancel free of charge before 20 June 2026 at 18:00."
	const wanted, methods = "Please guarantee the reservation before 4 June 2026 at 09:00.", "Accepted guarantees: payment card, bank transfer."
	const after = "Without a guarantee, the reservation is cancelled after that, with the cancellation fee that applies then."
	const deposit = "A deposit of 733.50 EUR is due by 4 June 2026 at 09:00."
	for _, c := range []struct {
		name string
		edit func(*document.Stay)
		want []string // of commitment and guarantee, then of cancellation
	}{
		{"guaranteed", func(s *document.Stay) { s.Reservation.Guarantee = reservation.Guaranteed }, []string{"The reservation is guaranteed.", deposit}},
		{"covered", func(s *document.Stay) { s.Reservation.Authorised = reservationtest.Euro(73350) }, []string{wanted, methods, after, "The deposit of 763.50 EUR is covered."}},
		{"overdue", late, []string{"The guarantee was due by 4 June 2026 at 09:00. Please give it now.", methods, "A deposit of 733.50 EUR is due now."}},
		{"lapsed", func(s *document.Stay) { late(s); s.Reservation.GuaranteeLapsed = true }, []string{"The time for a guarantee has passed. The reservation is not guaranteed.", "A deposit of 733.50 EUR is due now."}},
		{"no policy", func(s *document.Stay) { s.Reservation.GuaranteePolicy = nil }, []string{"No guarantee is needed for this reservation."}},
		{"given up at the deadline", policy(func(p *reservation.GuaranteePolicy) { p.AtDeadline = reservation.DeadlineUnguarantee }), []string{wanted, methods, "After that, we can no longer promise the room.", deposit}},
		{"no deadline", func(s *document.Stay) { s.Reservation.GuaranteeDeadline = nil }, []string{"Please guarantee the reservation.", methods, "A deposit of 733.50 EUR is due now."}},
		{"option", func(s *document.Stay) {
			at := s.At.Add(25 * time.Hour)
			s.Reservation.Commitment, s.Reservation.ReleaseAt, s.Reservation.GuaranteePolicy = reservation.Optional, &at, nil
		}, []string{"We hold the room for you until 2 June 2026 at 11:00.", "No guarantee is needed for this reservation."}},
		{"cancelled", void(reservation.Cancelled, 2000, 1000), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stay(t)
			c.edit(&s)
			p := catalogue(t).In("en")
			got, err := document.GuaranteeTerms(p, s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, plain(append(document.Commitment(p, s), got...))); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, c := range []struct {
		name string
		edit func(*document.Stay)
		want []string
	}{
		{"in the grace", func(s *document.Stay) { s.At = s.Reservation.CreatedAt }, []string{free, "From 20 June 2026 at 18:00, a cancellation costs 1200.50 EUR.", "In case of a no-show, 2500.00 EUR is charged."}},
		{"late", func(s *document.Stay) { s.At = s.Reservation.Arrival.At(0, s.Property.Location()) }, []string{"A cancellation costs 1200.50 EUR at any time.", "In case of a no-show, 2500.00 EUR is charged."}},
		{"non-refundable", func(s *document.Stay) { s.Reservation.CancellationPolicy = &s.Property.CancellationPolicies[1] }, []string{"The rate is non-refundable: a cancellation costs 2500.00 EUR.", "In case of a no-show, 2500.00 EUR is charged."}},
		{"no policy", func(s *document.Stay) { s.Reservation.CancellationPolicy = nil }, []string{"You can cancel free of charge at any time."}},
		{"cancelled", void(reservation.Cancelled, 2000, 1000), []string{
			"The reservation is cancelled. Cancellation number: C-7.", "The cancellation fee is 20.00 EUR.", "20.00 EUR of your deposit is used for it.", "10.00 EUR will be refunded to you.",
		}},
		{"no-show", void(reservation.NoShow, 0, 3000), []string{"The reservation is closed as a no-show. Number: C-7.", "There is no fee.", "30.00 EUR will be refunded to you."}},
	} {
		t.Run("fee "+c.name, func(t *testing.T) {
			s := stay(t)
			c.edit(&s)
			got, err := document.CancellationTerms(catalogue(t).In("en"), s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, plain(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// plain returns the sentences with ordinary spaces.
func plain(all []string) (out []string) {
	for _, s := range all {
		out = append(out, strings.ReplaceAll(s, "\u00a0", " "))
	}
	return out
}

// TestBeyond says that amounts that cannot be summed are an error and no document.
func TestBeyond(t *testing.T) {
	s := stay(t)
	for i := range s.Reservation.Nights {
		s.Reservation.Nights[i].Price = reservationtest.Euro(innards.MaxMinor)
	}
	for _, k := range kinds()[:1] {
		if _, err := k.write(catalogue(t).In("en"), s); err == nil {
			t.Errorf("%s was made", k.name)
		}
	}
}
