package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	randv2 "math/rand/v2"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/metrics"
	"github.com/innards-go/innards/cmd/innards/internal/webhook"
)

// backgroundFlags are the settings of the background work.
type backgroundFlags struct {
	SMTPAddr     string `name:"smtp-addr" placeholder:"HOST:PORT" help:"Mail server that takes mails for delivery. Without one, they are kept to be read in the outbox page."`
	SMTPFrom     string `name:"smtp-from" placeholder:"ADDRESS" help:"Address that mails come from, such as Hotel Varna <desk@example.org>."`
	SMTPUser     string `name:"smtp-user" help:"User at the mail server. The password is given by environment or file, as $INNARDS_SMTP_PASSWORD or smtp_password."`
	SMTPPassword string `name:"smtp-password" hidden:"" help:"Password at the mail server; not on the command line, which others can see."`
	SMTPTLS      string `name:"smtp-tls" enum:"starttls,tls,none" default:"starttls" help:"How the connection to the mail server is encrypted: starttls, tls or none."`

	StaffMail string `placeholder:"ADDRESS" help:"Address that notices for the staff go to, such as of a guarantee that is late. Without one, they are on the notifications page only."`

	WebhookAllowInternal bool `help:"Let webhooks go to internal addresses, and without encryption."`
}

const passwordFlag = "smtp-password"

// AfterApply refuses a password on the command line, and settings of a mail server that cannot be used.
func (f *backgroundFlags) AfterApply(ctx *kong.Context) error {
	for _, p := range ctx.Path {
		if p.Flag != nil && p.Flag.Name == passwordFlag && !p.Resolved {
			return errors.New("--smtp-password: the command line can be seen by others; give it as $" + variable(passwordFlag))
		}
	}
	if f.SMTPAddr == "" {
		return nil
	}
	return f.smtp().Check()
}

func (f *backgroundFlags) smtp() mail.SMTP {
	return mail.SMTP{Addr: f.SMTPAddr, User: f.SMTPUser, Password: f.SMTPPassword, TLS: mail.TLSMode(f.SMTPTLS), From: f.SMTPFrom}
}

// A workshop keeps the background work of a house, for those who do it and for the pages that show it.
type workshop struct {
	queue     *jobs.Queue
	tasks     *jobs.Tasks
	box       *mail.Box
	endpoints *webhook.Endpoints
}

func (f *backgroundFlags) newWorkshop(h *house, log *slog.Logger) *workshop {
	newID := innards.UUIDv7(time.Now, rand.Reader)
	queue := jobs.NewQueue(h.db, newID, time.Now)
	return &workshop{
		queue: queue, tasks: jobs.NewTasks(h.db, log), box: mail.NewBox(h.db, queue, newID, time.Now),
		endpoints: webhook.New(h.db, webhook.Options{
			Queue: queue, NewID: newID, Now: time.Now, Feeds: []string{reservationFeed}, AllowInternal: f.WebhookAllowInternal,
		}),
	}
}

// reservationFeed is the name under which reservations keep their journal.
const reservationFeed = "reservation"

// background starts the tasks and returns what ends them.
func (c serveCommand) background(p *program, o *office, counts *metrics.Metrics, swept func(), effects func() <-chan struct{}) (stop func()) {
	h, w, log := o.house, o.work, o.log
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.ctx)) // they go on while requests are drained
	forward := jobs.Forwarder{Journal: h.store, Service: h.service, Book: h.book, Now: time.Now, Pays: c.Demo, Mail: w.box.Order, Erase: w.box.Erase}
	mailer := mail.Mailer{Box: w.box, Composer: o.writer, Accepted: func(ctx context.Context, m mail.Mail) error {
		return forward.MailAccepted(ctx, m.Message())
	}}
	if c.SMTPAddr != "" {
		mailer.Sender = c.smtp()
	}
	sender := webhook.NewSender(w.endpoints, version())
	crew := jobs.Crew{Queue: w.queue, Log: log, Jitter: randv2.Float64, Worked: counts.Worked}
	runner := jobs.Runner{Log: log, Now: time.Now, Asked: w.tasks.Asked, Ran: func(ctx context.Context, r jobs.Round) {
		counts.Ran(r.Task, r.Err)
		w.tasks.Note(ctx, r)
	}}
	var running sync.WaitGroup
	running.Go(func() {
		runner.Run(ctx, jobs.Sweep(h.service, log, swept), forward.Task(effects), crew.Task(mailer.Work()), crew.Task(sender.Work()),
			w.endpoints.Feed(map[string]innards.Journal{reservationFeed: h.store}), jobs.Forget(time.Now, o.keepers()...))
	})
	running.Go(func() { o.staff.ServeResets(ctx) })
	return func() {
		cancel()
		running.Wait()
		sender.Close()
	}
}

// keepers returns what is kept for a time only.
func (o *office) keepers() []jobs.Keeper {
	w, h := o.work, o.house
	return []jobs.Keeper{
		{For: innards.KeyRetention, Forget: h.store.Forget},
		{For: jobs.Kept, Forget: w.queue.Forget},
		{For: mail.KeptFor, Forget: w.box.Forget},
		{For: webhook.KeptFor, Forget: w.endpoints.Forget},
		{Forget: func(ctx context.Context, now time.Time, limit int) (int, error) { // sessions and links end by themselves
			n, err := o.staff.Forget(ctx, now, limit)
			return int(n), err
		}},
	}
}
