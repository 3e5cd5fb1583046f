package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/internal/bunstore"
)

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
