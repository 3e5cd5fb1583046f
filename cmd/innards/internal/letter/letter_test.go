package letter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/letter"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationtest"
)

var _ mail.Composer = (*letter.Writer)(nil)

// A drawer has one reservation.
type drawer struct {
	r   reservation.Reservation
	p   reservation.Property
	err error
}

func (d *drawer) Reservation(context.Context, innards.Scope, string) (reservation.Reservation, error) {
	return d.r, d.err
}

func (d *drawer) Property(context.Context, innards.Scope, string) (*reservation.Property, error) {
	return &d.p, d.err
}

// open returns a writer of mails about a reservation of two nights from tomorrow on.
func open(t *testing.T) (*letter.Writer, *drawer) {
	t.Helper()
	texts, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := &drawer{p: reservationtest.Hotel()}
	if err := d.p.Prepare(); err != nil {
		t.Fatal(err)
	}
	created := reservationtest.Morning()
	deadline := created.AddDate(0, 0, 3)
	d.r = reservation.Reservation{
		ID: "r1", Number: "R/1042", Property: d.p.ID, Type: reservationtest.Double, Adults: 2, CreatedAt: created,
		Guarantee: reservation.NotGuaranteed, Occupancy: reservation.Expected, Commitment: reservation.Definite,
		Arrival: reservationtest.BusinessDate().AddDays(20), Departure: reservationtest.BusinessDate().AddDays(22),
		Guest: reservation.Person{Name: "Ida Lund", Email: "ida@example.dk", Language: "da-DK"},
		Paid:  reservationtest.Euro(3000), GuaranteeDeadline: &deadline,
		GuaranteePolicy: &d.p.GuaranteePolicies[0], CancellationPolicy: &d.p.CancellationPolicies[0],
	}
	for i := range 2 {
		d.r.Nights = append(d.r.Nights, reservation.Night{Date: d.r.Arrival.AddDays(i), Slot: reservation.SlotNight, Price: reservationtest.Euro(10000)})
	}
	return &letter.Writer{
		Words: texts, Records: d, Now: reservationtest.NewClock(created.Add(time.Hour)).Now,
		Portal: func(context.Context, reservation.Reservation) (string, error) {
			return "https://example.com/stay/" + strings.Repeat("x", 80), nil
		},
		Desk: func(context.Context, *reservation.Property) (string, string, error) {
			return "desk@example.com", "en", nil
		},
		Page: func(r reservation.Reservation) string { return "https://example.com/r/" + r.ID },
	}, d
}

func message(t *testing.T, kind string, effect any) innards.Message {
	t.Helper()
	payload, err := json.Marshal(effect)
	if err != nil {
		t.Fatal(err)
	}
	return innards.Message{Key: "key", Kind: kind, Record: "r1", Payload: payload}
}

func byTemplate(t *testing.T, name string) innards.Message {
	return message(t, reservation.EffectMessage, reservation.MessageEffect{Rule: "rule", Template: name})
}

func compose(t *testing.T, w *letter.Writer, m innards.Message) mail.Mail {
	t.Helper()
	made, ok, err := w.Compose(t.Context(), reservationtest.Staff().Scope(), m)
	if err != nil || !ok {
		t.Fatalf("composing %s: %v, %v", m.Kind, ok, err)
	}
	if err := made.Check(); err != nil {
		t.Fatalf("the mail cannot be sent: %v", err)
	}
	return made
}

func TestConfirmation(t *testing.T) {
	w, _ := open(t)
	made := compose(t, w, message(t, reservation.EffectConfirmation, reservation.ConfirmationEffect{Revision: 1}))
	want := `Kære Ida Lund

Tak for din reservation. Vi bekræfter den således.

Gæst: Ida Lund
Reservationsnummer: R/1042
Ankomst: søndag den 21. juni 2026, fra kl. 14:00
Afrejse: tirsdag den 23. juni 2026, senest kl. 11:00
Varighed: 2 nætter
Værelsestype: Double room
Gæster: 2 voksne
I alt: 200,00 EUR

Garantér venligst reservationen før den 4. juni 2026 kl. 09:00. Mulige
garantier: betalingskort, bankoverførsel. Uden garanti annulleres
reservationen derefter med det afbestillingsgebyr, der gælder på det
tidspunkt. Et depositum på 30,00 EUR skal betales senest den 4. juni
2026 kl. 09:00.

Du kan afbestille gratis før den 20. juni 2026 kl. 18:00. Fra den 20.
juni 2026 kl. 18:00 koster en afbestilling 100,00 EUR. Ved udeblivelse
opkræves 200,00 EUR.

Bekræftelsen er vedhæftet som PDF-fil.

Din reservation online:
https://example.com/stay/` + strings.Repeat("x", 80) + `

Venlig hilsen
Hotel Vitosha
`
	if diff := cmp.Diff(want, made.Text); diff != "" {
		t.Error(diff)
	}
	if made.To != `"Ida Lund" <ida@example.dk>` || made.Language != "da" || made.Subject != "Bekræftelse af reservation R/1042, Hotel Vitosha" {
		t.Errorf("to %s, in %s: %s", made.To, made.Language, made.Subject)
	}
	if f := made.Attachments; len(f) != 1 || f[0].Name != "confirmation-R-1042.pdf" || f[0].Type != "application/pdf" || !bytes.HasPrefix(f[0].Bytes, []byte("%PDF-")) {
		t.Errorf("attached: %d", len(f))
	}
}

// happens makes the template true.
func happens(d *drawer, template string) {
	occupancy := map[string]reservation.Occupancy{letter.Cancelled: reservation.Cancelled, letter.NoShow: reservation.NoShow, letter.Thanks: reservation.CheckedOut}
	o, ok := occupancy[template]
	if !ok {
		return
	}
	if d.r.Occupancy = o; o == reservation.CheckedOut {
		return
	}
	d.r.Cycle, d.r.CancellationNumber = 1, "C-7"
	d.r.Fees = []reservation.Fee{{Cycle: 1, Kind: o, Amount: reservationtest.Euro(2000), Applied: reservationtest.Euro(2000), Refunded: reservationtest.Euro(1000)}}
}

// TestTemplates writes every template in every language.
func TestTemplates(t *testing.T) {
	want := map[string]string{
		letter.Welcome:           "Your room is ready from 14:00.",
		letter.Thanks:            "Thank you for staying with us.",
		letter.PaymentReminder:   "Of the total of 200.00 EUR, we have received 30.00 EUR. 170.00 EUR is still open.",
		letter.GuaranteeReminder: "Please guarantee the reservation before 4 June 2026 at 09:00.",
		letter.Cancelled:         "Cancellation number: C-7. The cancellation fee is 20.00 EUR. 20.00 EUR of your deposit is used for it. 10.00 EUR will be refunded to you.",
		letter.NoShow:            "The no-show fee is 20.00 EUR.",
	}
	for _, tag := range words.Languages() {
		for _, name := range letter.Templates() {
			t.Run(tag.String()+"/"+name, func(t *testing.T) {
				w, d := open(t)
				d.r.Guest.Language = tag.String()
				happens(d, name)
				made := compose(t, w, byTemplate(t, name))
				checkText(t, made)
				if made.Language != tag.String() {
					t.Errorf("it is in %s", made.Language)
				}
				if text := strings.Join(strings.Fields(made.Text), " "); tag.String() == "en" && !strings.Contains(text, want[name]) {
					t.Errorf("%q is missing in\n%s", want[name], made.Text)
				}
			})
		}
	}
}

// checkText finds what no mail may have.
func checkText(t *testing.T, m mail.Mail) {
	t.Helper()
	if strings.ContainsAny(m.Subject+m.Text, "⟦⟧{}!\u00a0—") {
		t.Errorf("it has an exclamation mark, or something was not said:\n%s\n%s", m.Subject, m.Text)
	}
	for l := range strings.SplitSeq(m.Text, "\n") {
		if utf8.RuneCountInString(l) > 72 && strings.Contains(l, " ") {
			t.Errorf("a line is too long: %s", l)
		}
	}
}

// TestNotTrueAnyMore makes no mail for what has changed since it was asked for.
func TestNotTrueAnyMore(t *testing.T) {
	for name, c := range map[string]struct {
		message innards.Message
		change  func(*drawer)
	}{
		"no address":       {byTemplate(t, letter.Welcome), func(d *drawer) { d.r.Guest = reservation.Person{} }},
		"confirmed void":   {message(t, reservation.EffectConfirmation, reservation.ConfirmationEffect{}), func(d *drawer) { d.r.Occupancy = reservation.Cancelled }},
		"welcome void":     {byTemplate(t, letter.Welcome), func(d *drawer) { d.r.Occupancy = reservation.NoShow }},
		"welcome departed": {byTemplate(t, letter.Welcome), func(d *drawer) { d.r.Occupancy = reservation.CheckedOut }},
		"thanks void":      {byTemplate(t, letter.Thanks), func(d *drawer) { d.r.Occupancy = reservation.Cancelled }},
		"paid":             {byTemplate(t, letter.PaymentReminder), func(d *drawer) { d.r.Paid = reservationtest.Euro(20000) }},
		"payment void":     {byTemplate(t, letter.PaymentReminder), func(d *drawer) { d.r.Occupancy = reservation.Cancelled }},
		"guaranteed":       {byTemplate(t, letter.GuaranteeReminder), func(d *drawer) { d.r.Guarantee = reservation.Guaranteed }},
		"restored":         {byTemplate(t, letter.Cancelled), func(*drawer) {}},
		"came after all":   {byTemplate(t, letter.NoShow), func(*drawer) {}},
	} {
		t.Run(name, func(t *testing.T) {
			w, d := open(t)
			c.change(d)
			if made, ok, err := w.Compose(t.Context(), innards.Scope{}, c.message); ok || err != nil {
				t.Errorf("composed %q, %v", made.Subject, err)
			}
		})
	}
	w, _ := open(t)
	w.Desk = nil
	if _, ok, err := w.Compose(t.Context(), innards.Scope{}, message(t, reservation.EffectNotify, reservation.NotifyEffect{About: "payment_failed"})); ok || err != nil {
		t.Errorf("without a desk: %v, %v", ok, err)
	}
}

func TestUnknownTemplate(t *testing.T) {
	w, _ := open(t)
	for name, c := range map[string]struct {
		message innards.Message
		want    string
	}{
		"rule":   {byTemplate(t, "birthday"), `the rule "rule" asks for the template "birthday", which has no text`},
		"notice": {message(t, reservation.EffectNotify, reservation.NotifyEffect{About: "fire"}), `there is no text for "fire"`},
		"kind":   {message(t, "post_fee", nil), `there is no text for "post_fee"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, ok, err := w.Compose(t.Context(), innards.Scope{}, c.message)
			unknown, is := errors.AsType[*letter.UnknownTemplate](err)
			if ok || !is || unknown.Error() != c.want {
				t.Errorf("composed %v: %v", ok, err)
			}
		})
	}
	_, _, err := w.Compose(t.Context(), innards.Scope{}, innards.Message{Kind: reservation.EffectMessage, Payload: []byte("{")})
	if !errors.Is(err, innards.ErrCorrupt) {
		t.Errorf("a damaged message: %v", err)
	}
}

// TestFailures hands errors of what is asked on, so that the job tries again.
func TestFailures(t *testing.T) {
	down := errors.New("down")
	for name, fail := range map[string]func(*letter.Writer, *drawer){
		"records": func(_ *letter.Writer, d *drawer) { d.err = down },
		"portal": func(w *letter.Writer, _ *drawer) {
			w.Portal = func(context.Context, reservation.Reservation) (string, error) { return "", down }
		},
	} {
		w, d := open(t)
		fail(w, d)
		if _, ok, err := w.Compose(t.Context(), innards.Scope{}, byTemplate(t, letter.Welcome)); ok || !errors.Is(err, down) {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
}

func TestStaff(t *testing.T) {
	for about, want := range map[string]string{
		"guarantee_deadline": "Guarantee deadline passed: reservation R/1042, Hotel Vitosha",
		"payment_failed":     "Payment failed: reservation R/1042, Hotel Vitosha",
	} {
		for _, tag := range words.Languages() {
			w, _ := open(t)
			w.Desk = func(context.Context, *reservation.Property) (string, string, error) {
				return "desk@example.com", tag.String(), nil
			}
			made := compose(t, w, message(t, reservation.EffectNotify, reservation.NotifyEffect{About: about}))
			checkText(t, made)
			if made.To != "desk@example.com" || made.Language != tag.String() || tag.String() == "en" && made.Subject != want {
				t.Errorf("to %s in %s: %s", made.To, made.Language, made.Subject)
			}
			if !strings.Contains(made.Text, "Ida Lund") || !strings.HasSuffix(made.Text, "\nhttps://example.com/r/r1\n") {
				t.Errorf("it does not say which reservation:\n%s", made.Text)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ guest, house, want string }{
		{"bg", "da", "bg"}, {"", "da", "da"}, {"zh", "ru", "ru"}, {"", "", "en"}, {"nonsense!", "", "en"}, {"es-MX", "da", "es"},
	} {
		w, d := open(t)
		d.r.Guest.Language, w.Language = c.guest, c.house
		if got := compose(t, w, byTemplate(t, letter.Welcome)).Language; got != c.want {
			t.Errorf("a guest who speaks %q of a house that speaks %q is written to in %q, not %q", c.guest, c.house, got, c.want)
		}
	}
}

func TestAccount(t *testing.T) {
	w, _ := open(t)
	ben := account.User{Tenant: "main", Email: "ben@example.com", Name: "Ben", Language: "en"}
	made, err := w.Account(ben, account.LinkInvite, "https://example.com/link/abc")
	if err != nil {
		t.Fatal(err)
	}
	want := mail.Mail{
		Kind: "account_invite", Tenant: "main", To: `"Ben" <ben@example.com>`, Language: "en", Subject: "Invitation to Innards",
		Text: `Dear Ben,

You are invited to work with Innards. Please choose your password here:
https://example.com/link/abc

The link can be used once, within 7 days.

If you do not know what this is about, you need not do anything.

Kind regards
Innards
`,
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Error(diff)
	}
	for _, tag := range words.Languages() {
		for _, kind := range []account.LinkKind{account.LinkInvite, account.LinkReset} {
			ben.Language = tag.String()
			made, err := w.Account(ben, kind, "https://example.com/link/abc")
			if err != nil || made.Check() != nil || made.Language != tag.String() || !strings.Contains(made.Text, "\nhttps://example.com/link/abc\n") {
				t.Errorf("%s in %s: %v, %v\n%s", kind, tag, err, made.Check(), made.Text)
			}
			checkText(t, made)
		}
	}
	if _, err := w.Account(ben, account.LinkFirst, "https://example.com"); err == nil {
		t.Errorf("the link of the first start was mailed")
	}
}
