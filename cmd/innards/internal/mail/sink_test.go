package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A sink is a mail server that keeps what it accepts.
type sink struct {
	addr    string
	trusted *tls.Config // by which a client trusts it
	close   func()

	mu      sync.Mutex
	replies []error // to the next mails; nil, or none left: accepted
	mails   []received
	logins  []string
}

type received struct {
	from, to string
	header   netmail.Header
	body     string
}

// newSink starts a sink. One that is secure lets in only who has encrypted the connection and logged in.
func newSink(t *testing.T, secure bool) *sink {
	t.Helper()
	s := &sink{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		if secure {
			return &loginSession{session{sink: s}}, nil
		}
		return &session{sink: s}, nil
	}))
	if secure {
		web := httptest.NewTLSServer(nil) // its certificate is for 127.0.0.1
		server.TLSConfig = &tls.Config{Certificates: web.TLS.Certificates}
		s.trusted = &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "127.0.0.1"}
		s.trusted.RootCAs.AddCert(web.Certificate())
		web.Close()
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = listener.Addr().String()
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	s.close = sync.OnceFunc(func() {
		_ = listener.Close() // the server knows it only once it serves
		_ = server.Close()
		serving.Wait()
	})
	t.Cleanup(s.close)
	return s
}

// answer has the next mails answered so.
func (s *sink) answer(replies ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = replies
}

// got returns what was accepted so far.
func (s *sink) got() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

type session struct {
	*sink
	from, to string
}

// Reset implements smtp.Session.
func (s *session) Reset() {}

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	mail, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(mail.Body)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.replies) > 0 {
		reply := s.replies[0]
		s.replies = s.replies[1:]
		if reply != nil {
			return reply
		}
	}
	s.mails = append(s.mails, received{s.from, s.to, mail.Header, string(body)})
	return nil
}

// loginSession also asks for a login.
type loginSession struct{ session }

// AuthMechanisms implements smtp.AuthSession.
func (s *loginSession) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (s *loginSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "desk" || password != "sesame" {
			return smtp.ErrAuthFailed
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.logins = append(s.logins, user)
		return nil
	}), nil
}
