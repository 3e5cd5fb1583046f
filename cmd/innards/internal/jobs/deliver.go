package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/folio"
	"github.com/innards-go/innards/reservation"
)

const (
	deliverEvery = time.Second
	deliverLimit = 100
	leaseTime    = 15 * time.Second // for deliverLimit messages; those of a process that was killed wait for its end
	firstRetry   = 5 * time.Second
	lastRetry    = time.Hour
)

// A Forwarder delivers the effects of the outbox, in the order of each record's events, at least once; whoever receives
// them drops repetitions by their keys.
type Forwarder struct {
	Journal innards.Journal
	Service *reservation.Service
	Book    *folio.Book
	Now     innards.Clock
	// Pays says that there is a payment provider, which grants every charge: in the demo.
	Pays bool
	// Mail orders the mail that an effect asks for, which is made and sent later, so that it holds up nothing. Nil: there is
	// no mailer, and confirmations are taken as sent.
	Mail func(context.Context, innards.Message) error
	// Erase removes what the server keeps of a guest beside the reservation; nil: nothing is.
	Erase func(ctx context.Context, s innards.Scope, record string) error
}

// Task returns the task that delivers. It is woken by what wake returns.
func (f Forwarder) Task(wake func() <-chan struct{}) Task {
	return Task{Name: "deliver", Every: deliverEvery, Wake: wake, Do: f.round}
}

func (f Forwarder) round(ctx context.Context) (more bool, err error) {
	scopes, err := f.Journal.Pending(ctx, f.Now(), deliverLimit)
	if err != nil {
		return false, err
	}
	for _, scope := range scopes {
		now := f.Now()
		messages, err := f.Journal.Lease(ctx, scope, now, now.Add(leaseTime), deliverLimit)
		if err != nil {
			return false, err
		}
		if err := f.deliverAll(ctx, scope, messages); err != nil {
			return false, err
		}
		more = more || len(messages) == deliverLimit
	}
	return more || len(scopes) == deliverLimit, nil
}

// deliverAll delivers messages in order. What comes after a failed one of the same record waits for it.
func (f Forwarder) deliverAll(ctx context.Context, scope innards.Scope, messages []innards.Message) error {
	again := map[string]time.Time{} // by record
	for _, m := range messages {
		failure := ""
		if _, waits := again[m.Record]; waits {
			failure = "an earlier message of the record is not delivered"
		} else if err := f.deliver(ctx, scope, m); err != nil {
			failure = err.Error()
			again[m.Record] = f.Now().Add(retry(m.Attempts))
		}
		if ctx.Err() != nil {
			return ctx.Err() // the lease ends by itself
		}
		if err := f.Journal.Settle(ctx, scope, m, failure, again[m.Record]); err != nil {
			return err
		}
	}
	return nil
}

// retry returns how long to wait after so many attempts: twice as long each time.
func retry(attempts int) time.Duration {
	return min(firstRetry<<min(max(attempts-1, 0), 20), lastRetry)
}

// deliver posts the effect, then does what follows from it.
func (f Forwarder) deliver(ctx context.Context, scope innards.Scope, m innards.Message) error {
	if err := f.Book.Post(ctx, m); err != nil {
		return err
	}
	switch m.Kind {
	case reservation.EffectConfirmation, reservation.EffectMessage, reservation.EffectNotify:
		if f.Mail != nil {
			return f.Mail(ctx, m)
		}
		return f.MailAccepted(ctx, m)
	case reservation.EffectErase:
		if f.Erase != nil {
			return f.Erase(ctx, scope, m.Record)
		}
	case reservation.EffectCharge:
		return f.charge(ctx, scope, m)
	case reservation.EffectRefund:
		return f.giveBack(ctx, scope, m, reservation.PaymentRefunded)
	case reservation.EffectRelease:
		return f.giveBack(ctx, scope, m, reservation.PaymentVoided)
	}
	return nil
}

func payload[E any](m innards.Message) (effect E, err error) {
	if err := json.Unmarshal(m.Payload, &effect); err != nil {
		return effect, fmt.Errorf("%w: message %s: %w", innards.ErrCorrupt, m.Key, err)
	}
	return effect, nil
}

// MailAccepted does what follows when the mail that the message asked for was accepted by the mail server, or kept for the
// outbox page: a confirmation is sent then. It may be called again for the same message.
func (f Forwarder) MailAccepted(ctx context.Context, m innards.Message) error {
	if m.Kind != reservation.EffectConfirmation {
		return nil
	}
	effect, err := payload[reservation.ConfirmationEffect](m)
	if err != nil {
		return err
	}
	scope := innards.Actor{Tenant: m.Tenant, Property: m.Property}.Scope()
	return f.follow(ctx, scope, m, reservation.ConfirmationSent(effect))
}

// charge tells what the payment provider did. Without one every charge fails, which the staff is told.
func (f Forwarder) charge(ctx context.Context, scope innards.Scope, m innards.Message) error {
	effect, err := payload[reservation.ChargeEffect](m)
	if err != nil {
		return err
	}
	payment := reservation.RecordPayment{Kind: reservation.PaymentFailed, Task: effect.Task, Reference: "no payment provider"}
	if f.Pays {
		payment = reservation.RecordPayment{Kind: reservation.PaymentPaid, Amount: effect.Amount, Task: effect.Task, Reference: m.Key}
	}
	return f.follow(ctx, scope, m, payment)
}

// giveBack tells that the payment provider has carried out an order to give money back, if there is one.
func (f Forwarder) giveBack(ctx context.Context, scope innards.Scope, m innards.Message, kind reservation.PaymentKind) error {
	effect, err := payload[reservation.MoneyEffect](m)
	if err != nil {
		return err
	}
	if !f.Pays {
		return nil
	}
	return f.follow(ctx, scope, m, reservation.RecordPayment{Kind: kind, Amount: effect.Amount, Reference: m.Key, Ordered: true})
}

// follow carries out a command that follows from a message, once. A refusal is final: the record has moved on.
func (f Forwarder) follow(ctx context.Context, scope innards.Scope, m innards.Message, in reservation.Intent) error {
	by := innards.Command{
		Actor: innards.System("deliver", scope, innards.Right(reservation.Kind+"."+in.Name())),
		Key:   "deliver/" + m.Key,
		Cause: m.Key,
	}
	_, err := f.Service.Do(ctx, by, m.Record, in)
	if _, refused := errors.AsType[*innards.Refusal](err); refused && !innards.RefusedFor(err, innards.Busy.Code) {
		return nil
	}
	return err
}
