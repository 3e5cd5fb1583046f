package mail_test

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"github.com/innards-go/innards"
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
