package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/innards-go/innards/cmd/innards/internal/jobs"
)

// A TLSMode says how the connection to the mail server is encrypted.
type TLSMode string

// The modes.
const (
	StartTLS    TLSMode = "starttls" // after a greeting, or not at all
	ImplicitTLS TLSMode = "tls"      // from the first byte (RFC 8314)
	NoTLS       TLSMode = "none"     // for a mail server on the same machine
)

// SMTP are the settings of a mail server that takes mails for delivery. It implements [Sender], with a connection for
// each mail.
type SMTP struct {
	// Addr is its host and port, as in "mail.example.org:587".
	Addr string
	// User and Password log in; empty: without.
	User, Password string
	TLS            TLSMode
	// From is the address that mails come from, as in "Hotel Varna <desk@example.org>".
	From string
	// Encryption are further settings of TLS. Nil: those of Go.
	Encryption *tls.Config
}

// smtpPatience bounds every step of handing a mail over.
const smtpPatience = 10 * time.Second

// Check returns what is wrong with the settings.
func (s SMTP) Check() error {
	_, err := s.client()
	if err == nil {
		_, err = netmail.ParseAddress(s.From)
	}
	if err != nil {
		return fmt.Errorf("the settings of the mail server: %w", err)
	}
	return nil
}

func (s SMTP) client() (*gomail.Client, error) {
	host, portText, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, err
	}
	options := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(smtpPatience)}
	switch s.TLS {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case ImplicitTLS:
		options = append(options, gomail.WithSSL())
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("%q is no way to encrypt", s.TLS)
	}
	if s.Encryption != nil {
		options = append(options, gomail.WithTLSConfig(s.Encryption))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(host, options...)
}

// Send implements Sender. A mail that is being handed over is not cut off when ctx ends: it would be sent twice.
func (s SMTP) Send(ctx context.Context, m Mail) error {
	message, err := s.message(m)
	if err != nil {
		return jobs.Permanent(err)
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("the mail server cannot be reached: %w", err)
	}
	err = client.SendWithSMTPClient(conn, message)
	_ = client.CloseWithSMTPClient(conn)
	if message.IsDelivered() {
		return nil // whatever became of the farewell
	}
	return classify(err)
}

// classify makes the error of a mail that the server refuses for good permanent: a reply of 500 to 599 to its sender,
// recipient or content (RFC 5321, 4.2.1).
func classify(err error) error {
	failed, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return err
	}
	if code := failed.ErrorCode(); code >= 500 && code < 600 {
		return jobs.Permanent(fmt.Errorf("the mail server refuses it: %w", err))
	}
	return fmt.Errorf("the mail server does not take it now: %w", err)
}

// message returns the mail in the form of go-mail.
func (s SMTP) message(m Mail) (*gomail.Msg, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	message := gomail.NewMsg()
	if err := errors.Join(message.From(s.From), message.To(m.To)); err != nil {
		return nil, err
	}
	message.Subject(m.Subject)
	message.SetMessageIDWithValue(s.messageID(m))
	message.SetDateWithValue(m.CreatedAt)
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's automatic answer is wanted
	if m.Language != "" {
		message.SetGenHeader("Content-Language", m.Language)
	}
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	for _, f := range m.Attachments {
		options := []gomail.FileOption{}
		if f.Type != "" {
			options = append(options, gomail.WithFileContentType(gomail.ContentType(f.Type)))
		}
		message.AttachReadSeeker(f.Name, bytes.NewReader(f.Bytes), options...)
	}
	return message, nil
}

// messageID is the same whenever the mail is sent, so that a repetition is recognised.
func (s SMTP) messageID(m Mail) string {
	sum := sha256.Sum256([]byte(m.Tenant + "\x00" + m.Key))
	domain := "innards.invalid"
	if from, err := netmail.ParseAddress(s.From); err == nil {
		domain = from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	}
	return hex.EncodeToString(sum[:16]) + "@" + domain
}
