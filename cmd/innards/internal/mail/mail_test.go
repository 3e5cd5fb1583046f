package mail_test

import (
	"context"
	"errors"
	"log/slog"
	"mime"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var staff = innards.Actor{Tenant: "main"}.Scope()

// A post is a box with who sends its mails, and a clock that is moved by hand.
type post struct {
	t        *testing.T
	clock    *reservationtest.Clock
	queue    *jobs.Queue
	box      *mail.Box
	mailer   mail.Mailer
	accepted []string
}

// Compose implements mail.Composer: minimally, and nothing for a message of the kind "silent".
func (p *post) Compose(_ context.Context, s innards.Scope, m innards.Message) (mail.Mail, bool, error) {
	return mail.Mail{To: "Ida Lund <ida@example.dk>", Subject: "About " + m.Record, Text: s.Property() + " " + string(m.Payload), Language: "da"}, m.Kind != "silent", nil
}

func newPost(t *testing.T, db *bunstore.DB, sender mail.Sender) *post {
	t.Helper()
	p := &post{t: t, clock: reservationtest.NewClock(reservationtest.Morning())}
	ids := innards.UUIDv7(p.clock.Now, reservationtest.Random(1))
	p.queue = jobs.NewQueue(db, ids, p.clock.Now)
	p.box = mail.NewBox(db, p.queue, ids, p.clock.Now)
	p.mailer = mail.Mailer{Box: p.box, Composer: p, Sender: sender, Accepted: func(_ context.Context, m mail.Mail) error {
		p.accepted = append(p.accepted, m.Message().Key)
		return nil
	}}
	return p
}

func (p *post) round() {
	p.t.Helper()
	crew := jobs.Crew{Queue: p.queue, Log: slog.New(slog.DiscardHandler), Jitter: func() float64 { return 0 }}
	if _, err := crew.Task(p.mailer.Work()).Do(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) order(key string) {
	p.t.Helper()
	m := innards.Message{Key: key, Kind: "confirmation", Tenant: "main", Property: "varna", Record: "r", Payload: []byte(`{"revision":1}`)}
	if err := p.box.Order(p.t.Context(), m); err != nil {
		p.t.Fatal(err)
	}
}

// only returns the only mail, which must be in the state.
func (p *post) only(state mail.State) mail.Mail {
	p.t.Helper()
	all, err := p.box.List(p.t.Context(), staff, state, "", 10)
	if err != nil || len(all) != 1 {
		p.t.Fatalf("%s are %+v (%v)", state, all, err)
	}
	m, err := p.box.Get(p.t.Context(), staff, all[0].ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

func settings(s *sink) mail.SMTP {
	return mail.SMTP{Addr: s.addr, TLS: mail.NoTLS, From: "Hotel Varna <desk@example.org>"}
}

func TestMailIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		sink := newSink(t, false)
		p := newPost(t, db, settings(sink))
		p.order("reservation/r/confirmation/2")
		p.order("reservation/r/confirmation/2")
		p.round()
		p.round()
		got := sink.got()
		if len(got) != 1 {
			t.Fatalf("accepted are %+v", got)
		}
		m := got[0]
		if m.from != "desk@example.org" || m.to != "ida@example.dk" || m.header.Get("Subject") != "About r" ||
			m.header.Get("Auto-Submitted") != "auto-generated" || m.header.Get("Content-Language") != "da" ||
			!strings.HasSuffix(m.header.Get("Message-Id"), "@example.org>") || !strings.Contains(m.body, `varna {"revision":1}`) {
			t.Errorf("sent is %+v", m)
		}
		want := mail.Mail{
			Key: "reservation/r/confirmation/2", Kind: "confirmation", Tenant: "main", Property: "varna", Record: "r",
			To: "Ida Lund <ida@example.dk>", Subject: "About r", Text: `varna {"revision":1}`, Language: "da",
			Effect: []byte(`{"revision":1}`), State: mail.Sent, CreatedAt: p.clock.Now(), SentAt: p.clock.Now(),
		}
		kept := p.only(mail.Sent)
		want.ID = kept.ID
		if diff := cmp.Diff(want, kept); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"reservation/r/confirmation/2"}, p.accepted); diff != "" {
			t.Error(diff)
		}
	})
}

// Without a mail server a mail is kept, which counts as accepted; once there is one, it is sent when it is asked for.
func TestMailIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		sink := newSink(t, false)
		p := newPost(t, db, nil)
		p.order("k")
		p.round()
		kept := p.only(mail.Kept)
		if diff := cmp.Diff([]string{"k"}, p.accepted); diff != "" || !kept.SentAt.Equal(p.clock.Now()) {
			t.Errorf("%s %+v", diff, kept)
		}
		p.mailer.Sender = settings(sink)
		p.round()
		if len(sink.got()) > 0 {
			t.Error("it is sent unasked")
		}
		if err := p.box.Retry(t.Context(), staff, kept.ID); err != nil {
			t.Fatal(err)
		}
		p.round()
		if len(sink.got()) != 1 {
			t.Errorf("sent are %+v", sink.got())
		}
		p.only(mail.Sent)
	})
}

// A reply of 4xx is for a while, one of 5xx for good.
func TestRefusals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		sink := newSink(t, false)
		p := newPost(t, db, settings(sink))
		sink.answer(&smtp.SMTPError{Code: 451, Message: "greylisted"})
		p.order("a")
		p.round()
		if m := p.only(mail.Queued); !strings.Contains(m.Error, "greylisted") || len(p.accepted) > 0 {
			t.Errorf("after 451 the mail is %+v, accepted %v", m, p.accepted)
		}
		p.round()
		p.only(mail.Queued)
		p.clock.Advance(time.Minute)
		p.round()
		if m := p.only(mail.Sent); m.Error != "" {
			t.Errorf("after the second attempt: %+v", m)
		}

		sink.answer(&smtp.SMTPError{Code: 550, Message: "no such user"})
		p.order("b")
		p.round()
		failed := p.only(mail.Failed)
		dead, err := p.queue.List(t.Context(), staff, jobs.Dead, "", 10)
		if err != nil || len(dead) != 1 || dead[0].Attempts != 1 || !strings.Contains(failed.Error, "no such user") {
			t.Errorf("after 550 the mail is %+v, dead are %+v (%v)", failed, dead, err)
		}
		if err := p.box.Retry(t.Context(), staff, failed.ID); err != nil {
			t.Fatal(err)
		}
		p.round()
		if diff := cmp.Diff([]string{"a", "b"}, p.accepted); diff != "" {
			t.Error(diff)
		}
	})
}

// While the mail server is away for a day, the mail waits; after two days it is given up.
func TestServerIsAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		sink := newSink(t, false)
		smtp := settings(sink)
		sink.close()
		p := newPost(t, db, smtp)
		p.order("a")
		began := p.clock.Now()
		for p.clock.Now().Sub(began) < 24*time.Hour {
			p.round()
			p.clock.Advance(10 * time.Minute)
		}
		if m := p.only(mail.Queued); !strings.Contains(m.Error, "cannot be reached") {
			t.Errorf("after a day the mail is %+v", m)
		}
		back := newSink(t, false)
		p.mailer.Sender = settings(back)
		for p.clock.Now().Sub(began) < 52*time.Hour {
			p.round()
			p.clock.Advance(time.Hour)
		}
		p.only(mail.Sent)

		p.mailer.Sender = smtp
		p.order("b")
		for range 60 {
			p.round()
			p.clock.Advance(time.Hour)
		}
		if m := p.only(mail.Failed); m.Key != "b" || len(p.accepted) != 1 {
			t.Errorf("after two days the mail is %+v, accepted %v", m, p.accepted)
		}
	})
}

// dying hands mails over and then has its process killed.
type dying struct {
	mail.Sender
	kill func()
}

// Send implements mail.Sender.
func (d dying) Send(ctx context.Context, m mail.Mail) error {
	if err := d.Sender.Send(ctx, m); err != nil {
		return err
	}
	d.kill()
	return errors.New("killed")
}

// What was accepted when the process was killed is sent again, so that the recipient can tell by the Message-ID; but once
// it is kept that it was accepted, only what follows is done again.
func TestCrashes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		sink := newSink(t, false)
		p := newPost(t, db, nil)
		p.mailer.Sender = dying{settings(sink), func() { p.clock.Advance(time.Hour) }} // beyond its lease
		p.order("a")
		p.round()
		if p.mailer.Sender = settings(sink); len(p.accepted) > 0 {
			t.Errorf("accepted are %v", p.accepted)
		}
		follow := p.mailer.Accepted
		p.mailer.Accepted = func(context.Context, mail.Mail) error { return errors.New("killed") }
		p.clock.Advance(time.Hour)
		p.round()
		p.only(mail.Sent)
		p.mailer.Accepted = follow
		p.clock.Advance(time.Hour)
		p.round()
		p.round()
		got := sink.got()
		if len(got) != 2 || got[0].header.Get("Message-Id") != got[1].header.Get("Message-Id") || got[0].header.Get("Message-Id") == "" {
			t.Errorf("sent are %+v", got)
		}
		if diff := cmp.Diff([]string{"a"}, p.accepted); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLoginIsEncrypted(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	sink := newSink(t, true)
	defer sink.close()
	m := mail.Mail{Key: "k", Tenant: "main", To: "ida@example.dk", Subject: "Søren, Мария", Text: "x", HTML: "<p>x</p>", CreatedAt: reservationtest.Morning(),
		Attachments: []mail.Attachment{{Name: "confirmation.pdf", Type: "application/pdf", Bytes: []byte("%PDF-1.7")}}}
	s := settings(sink)
	s.User, s.Password = "desk", "sesame"
	if err := s.Send(t.Context(), m); err == nil {
		t.Error("the password is sent in the clear")
	}
	s.TLS = mail.StartTLS
	if err := s.Send(t.Context(), m); err == nil {
		t.Error("it trusts a stranger's certificate")
	}
	s.Encryption = sink.trusted
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := sink.got()
	if diff := cmp.Diff([]string{"desk"}, sink.logins); diff != "" || len(got) != 1 {
		t.Fatalf("%s %+v", diff, got)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got[0].header.Get("Subject"))
	if err != nil || subject != m.Subject || !strings.Contains(got[0].body, `filename="confirmation.pdf"`) {
		t.Errorf("the subject is %q (%v), the body %s", subject, err, got[0].body)
	}
}

func TestMailThatCannotBeSent(t *testing.T) {
	good := mail.Mail{To: "Ida <ida@example.dk>", Subject: "s", Text: "t"}
	if err := good.Check(); err != nil {
		t.Errorf("a good mail: %v", err)
	}
	for name, spoil := range map[string]func(*mail.Mail){
		"no address":             func(m *mail.Mail) { m.To = "" },
		"two addresses":          func(m *mail.Mail) { m.To = "a@b.dk, c@d.dk" },
		"header in the address":  func(m *mail.Mail) { m.To = "ida@example.dk\r\nBcc: all@example.dk" },
		"header in the name":     func(m *mail.Mail) { m.To = "\"Ida\r\nBcc: all@example.dk\" <ida@example.dk>" },
		"no subject":             func(m *mail.Mail) { m.Subject = "" },
		"header in the subject":  func(m *mail.Mail) { m.Subject = "s\r\nBcc: all@example.dk" },
		"newline in the subject": func(m *mail.Mail) { m.Subject = "s\nBcc: all@example.dk" },
		"no text":                func(m *mail.Mail) { m.Text = "" },
		"NUL in the text":        func(m *mail.Mail) { m.Text = "a\x00b" },
		"header in the language": func(m *mail.Mail) { m.Language = "da\r\nBcc: x" },
		"header in a file name":  func(m *mail.Mail) { m.Attachments = []mail.Attachment{{Name: "a\r\nb"}} },
		"path as a file name":    func(m *mail.Mail) { m.Attachments = []mail.Attachment{{Name: "../a"}} },
		"large files":            func(m *mail.Mail) { m.Attachments = []mail.Attachment{{Name: "a", Bytes: make([]byte, 11<<20)}} },
	} {
		m := good
		spoil(&m)
		if err := m.Check(); !errors.Is(err, mail.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("ida@example.dk", "subject", "file.pdf")
	f.Add("Ида <ida@example.dk>", "Оферта", "оферта.pdf")
	f.Fuzz(func(t *testing.T, to, subject, file string) {
		m := mail.Mail{To: to, Subject: subject, Text: "t", Attachments: []mail.Attachment{{Name: file}}}
		if m.Check() == nil && strings.ContainsAny(to+subject+file, "\r\n\x00") {
			t.Errorf("accepted %q, %q, %q", to, subject, file)
		}
	})
}

func TestSettings(t *testing.T) {
	good := mail.SMTP{Addr: "mail.example.org:587", TLS: mail.StartTLS, From: "desk@example.org"}
	if err := good.Check(); err != nil {
		t.Errorf("good settings: %v", err)
	}
	for name, spoil := range map[string]func(*mail.SMTP){
		"no port": func(s *mail.SMTP) { s.Addr = "mail.example.org" },
		"port":    func(s *mail.SMTP) { s.Addr = "mail.example.org:smtp" },
		"mode":    func(s *mail.SMTP) { s.TLS = "perhaps" },
		"from":    func(s *mail.SMTP) { s.From = "desk" },
	} {
		s := good
		spoil(&s)
		if err := s.Check(); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

func TestBox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		p := newPost(t, db, nil)
		ready := mail.Mail{Key: "invitation/7", Kind: "invitation", Tenant: "main", To: "per@example.dk", Subject: "Welcome", Text: "Hej",
			Attachments: []mail.Attachment{{Name: "a.txt", Type: "text/plain", Bytes: []byte("a")}}}
		for range 2 {
			if err := p.box.Queue(t.Context(), ready); err != nil {
				t.Fatal(err)
			}
		}
		p.clock.Advance(time.Second)
		p.order("k")
		silent := innards.Message{Key: "s", Kind: "silent", Tenant: "main", Property: "varna", Record: "r", Payload: []byte(`{}`)}
		if err := p.box.Order(t.Context(), silent); err != nil {
			t.Fatal(err)
		}
		p.round()
		counts, err := p.box.Count(t.Context(), staff)
		if diff := cmp.Diff(map[mail.State]int64{mail.Kept: 2}, counts); diff != "" || err != nil {
			t.Errorf("%s (%v)", diff, err)
		}
		first, err := p.box.List(t.Context(), staff, mail.Kept, "", 1)
		if err != nil || len(first) != 1 || first[0].Key != "k" || first[0].Text != "" {
			t.Fatalf("the first page is %+v (%v)", first, err)
		}
		second, err := p.box.List(t.Context(), staff, mail.Kept, first[0].ID, 10)
		if err != nil || len(second) != 1 {
			t.Fatalf("the second page is %+v (%v)", second, err)
		}
		whole, err := p.box.Get(t.Context(), staff, second[0].ID)
		if diff := cmp.Diff(ready.Attachments, whole.Attachments); diff != "" || err != nil || whole.Text != "Hej" {
			t.Errorf("%s %+v (%v)", diff, whole, err)
		}
		if err := p.box.Queue(t.Context(), mail.Mail{Key: "x", Tenant: "main"}); !errors.Is(err, mail.ErrInvalid) {
			t.Errorf("a mail without anything: %v", err)
		}
		for _, who := range []innards.Actor{{Tenant: "other"}, {Tenant: "main", Property: "sofia"}, {Tenant: "main", Party: "guest"}} {
			if _, err := p.box.Get(t.Context(), who.Scope(), whole.ID); !errors.Is(err, innards.ErrNotFound) {
				t.Errorf("%+v gets it (%v)", who, err)
			}
		}
	})
}

// What is personal in mails can be erased, and none is kept for ever.
func TestMailsAreForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		p := newPost(t, db, nil)
		p.order("k")
		p.round()
		if err := p.box.Erase(t.Context(), staff, "r"); err != nil {
			t.Fatal(err)
		}
		all, err := p.box.OfRecord(t.Context(), staff, "r", "", 10)
		if err != nil || len(all) != 1 || all[0].To+all[0].Subject != "" {
			t.Errorf("erased is %+v (%v)", all, err)
		}
		for _, c := range []struct {
			after time.Duration
			want  int
		}{{mail.KeptFor, 0}, {time.Second, 1}} {
			p.clock.Advance(c.after)
			if n, err := p.box.Forget(t.Context(), p.clock.Now().Add(-mail.KeptFor), 10); err != nil || n != c.want {
				t.Errorf("after %s more, %d are forgotten (%v)", c.after, n, err)
			}
		}
	})
}
