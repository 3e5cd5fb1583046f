package mail_test

import (
	"errors"
	"mime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/reservation/reservationtest"
)

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
