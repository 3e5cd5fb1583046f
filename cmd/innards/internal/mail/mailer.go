package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
)

// A Sender hands a mail over to whoever delivers it. An error made by [jobs.Permanent] says that it will never be accepted.
type Sender interface {
	Send(context.Context, Mail) error
}

// A Mailer makes and sends the mails of a box.
type Mailer struct {
	Box *Box
	// Composer makes the mails that effects ask for. Nil: none is made.
	Composer Composer
	// Sender sends them. Nil: they are kept.
	Sender Sender
	// Accepted, if there is one, does what follows when a mail was sent or kept. It may be called again for the same mail.
	Accepted func(context.Context, Mail) error
}

// schedule tries for two days. RFC 5321 (4.5.4.1) asks for half an hour between attempts, except for the first ones.
var schedule = jobs.Schedule{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// Work returns how the jobs of mails are done.
func (m Mailer) Work() jobs.Work {
	return jobs.Work{Kind: JobKind, Do: m.do, Dead: m.dead, Schedule: schedule, Parallel: 4, Timeout: 30 * time.Second}
}

func (m Mailer) do(ctx context.Context, j jobs.Job) error {
	mail, ok, err := m.ready(ctx, j)
	if err != nil || !ok {
		return err
	}
	if mail.State != Sent {
		if err := m.send(ctx, mail); err != nil {
			return err
		}
	}
	if m.Accepted == nil {
		return nil
	}
	return m.Accepted(ctx, mail)
}

// ready returns the mail of the job, which is made the first time. False: there is none.
func (m Mailer) ready(ctx context.Context, j jobs.Job) (Mail, bool, error) {
	mail, err := m.Box.find(ctx, j.Tenant, j.Key)
	if !errors.Is(err, innards.ErrNotFound) || len(j.Payload) == 0 || m.Composer == nil {
		return mail, err == nil, err
	}
	var message innards.Message
	if err := json.Unmarshal(j.Payload, &message); err != nil {
		return Mail{}, false, jobs.Permanent(fmt.Errorf("%w: message %s: %w", innards.ErrCorrupt, j.Key, err))
	}
	made, ok, err := m.Composer.Compose(ctx, j.Scope(), message)
	if err != nil || !ok {
		return Mail{}, false, err
	}
	made.Key, made.Kind, made.Effect = message.Key, message.Kind, message.Payload
	made.Tenant, made.Property, made.Record = message.Tenant, message.Property, message.Record
	if err := m.Box.insert(ctx, made); err != nil {
		return Mail{}, false, hopeless(err)
	}
	mail, err = m.Box.find(ctx, j.Tenant, j.Key)
	return mail, err == nil, err
}

// hopeless makes the error of a mail that can never be sent permanent.
func hopeless(err error) error {
	if errors.Is(err, ErrInvalid) {
		return jobs.Permanent(err)
	}
	return err
}

// send sends or keeps the mail, and keeps what came of it.
func (m Mailer) send(ctx context.Context, mail Mail) error {
	state := Kept
	if m.Sender != nil {
		state = Sent
		if err := m.Sender.Send(ctx, mail); err != nil {
			// A mail that was not accepted stays queued, or failed if it was retried by hand, until it is given up.
			return errors.Join(err, m.Box.exec(context.WithoutCancel(ctx), refused, string(mail.State), jobs.ErrorText(err.Error()), mail.Tenant, mail.Key))
		}
	}
	return m.Box.exec(context.WithoutCancel(ctx), accepted, string(state), m.Box.now().UnixMicro(), mail.ID)
}

// dead keeps that the mail is given up.
func (m Mailer) dead(ctx context.Context, j jobs.Job, cause error) error {
	return m.Box.exec(ctx, refused, string(Failed), jobs.ErrorText(cause.Error()), j.Tenant, j.Key)
}
