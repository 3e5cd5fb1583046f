// Package mail makes, keeps and sends the house's mails. What asks for one is an effect of the outbox, see [Box.Order], or
// the server itself, see [Box.Queue]. A mail is kept before it is sent, and sent by a job: tried again while the mail server
// does not take it, at least once, with the same Message-ID each time. Without a mail server, mails are kept to be read in
// the outbox page, which counts as accepted.
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/innards-go/innards"
)

// A State is what became of a mail.
type State string

// The states of a mail.
const (
	Queued State = "queued" // to be sent
	Sent   State = "sent"   // accepted by the mail server
	Failed State = "failed" // refused, or given up
	Kept   State = "kept"   // there was no mail server: it is in the outbox page
)

// States returns all states of a mail.
func States() []State { return []State{Queued, Sent, Failed, Kept} }

// A Mail is one message to one recipient.
type Mail struct {
	ID string
	// Key is unique within the tenant: a mail is made once. That of an effect is the message's.
	Key string
	// Kind is that of the effect, such as "confirmation", or another word for what the mail is about.
	Kind string
	// Tenant, Property and Record that it is about. The last two may be empty.
	Tenant, Property, Record string
	// To is an address, as in "ida@example.dk" or "Ida Lund <ida@example.dk>".
	To      string
	Subject string
	Text    string
	// HTML is another form of the text; empty: none.
	HTML        string
	Attachments []Attachment
	// Language of the text, a BCP 47 tag such as "da".
	Language string
	// Effect is the payload of the effect, JSON; empty: it was asked for by none.
	Effect []byte
	State  State
	// Error of the last attempt.
	Error     string
	CreatedAt time.Time
	// SentAt is when it was sent or kept, else zero.
	SentAt time.Time
}

// An Attachment is a file that goes with a mail.
type Attachment struct {
	Name  string `json:"name"`
	Type  string `json:"type"` // a media type such as "application/pdf"
	Bytes []byte `json:"bytes"`
}

// Message returns the effect that asked for the mail.
func (m *Mail) Message() innards.Message {
	return innards.Message{Key: m.Key, Kind: m.Kind, Tenant: m.Tenant, Property: m.Property, Record: m.Record, Payload: m.Effect, At: m.CreatedAt}
}

// A Composer makes the mails that effects ask for, from the records as they are then.
type Composer interface {
	// Compose returns the mail to be sent for the message: To, Subject, Text and what else belongs to it. Its id, key and
	// record are set by the caller. False: none is to be sent, such as to a guest who has no address. It is called again if
	// it fails.
	Compose(ctx context.Context, s innards.Scope, m innards.Message) (Mail, bool, error)
}

// ErrInvalid is matched by mails that cannot be sent at all.
var ErrInvalid = errors.New("the mail cannot be sent")

const (
	maxSubject = 500      // bytes
	maxBody    = 1 << 20  // bytes of each form of the text
	maxFiles   = 10 << 20 // bytes of all attachments
)

// Check returns why the mail cannot be sent, an error that matches [ErrInvalid], or nil.
func (m *Mail) Check() error {
	if _, err := netmail.ParseAddress(m.To); err != nil || hasControl(m.To) {
		return fmt.Errorf("%w: there is no address to send it to", ErrInvalid)
	}
	if m.Subject == "" || len(m.Subject) > maxSubject || hasControl(m.Subject) {
		return fmt.Errorf("%w: the subject is empty, too long or has control characters", ErrInvalid)
	}
	if m.Text == "" || len(m.Text) > maxBody || len(m.HTML) > maxBody || strings.ContainsRune(m.Text+m.HTML, 0) {
		return fmt.Errorf("%w: the text is empty or too long, or has NUL characters", ErrInvalid)
	}
	if hasControl(m.Language) {
		return fmt.Errorf("%w: the language has control characters", ErrInvalid)
	}
	return checkFiles(m.Attachments)
}

func checkFiles(files []Attachment) error {
	size := 0
	for _, f := range files {
		if f.Name == "" || hasControl(f.Name) || hasControl(f.Type) || strings.ContainsAny(f.Name, `/\`) {
			return fmt.Errorf("%w: an attachment has no usable name", ErrInvalid)
		}
		size += len(f.Bytes)
	}
	if size > maxFiles {
		return fmt.Errorf("%w: the attachments have %d bytes, more than %d", ErrInvalid, size, maxFiles)
	}
	return nil
}

// hasControl reports whether the text could begin a new header.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}
