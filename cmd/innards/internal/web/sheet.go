package web

import (
	"errors"
	"math"
	"net"
	"net/http"

	"github.com/innards-go/innards/cmd/innards/internal/account"
)

// A sheet is a form that is not a command on a record: a log-in, a password, a member of the staff.
type sheet struct {
	// title and verb are keys of texts: of the page, and of the button.
	title, verb string
	form        form
	// note is said above the form, in words of the page's language; empty: nothing.
	note string
	// also are links below the form, by the key of their text.
	also map[string]string
	// version of what is changed; 0: nothing is.
	version int64
}

// send takes what was typed and does it. What stands against it is shown at the form, with false.
func (v *view) send(s *sheet, do func() error) (bool, error) {
	s.form.fill(v.r.PostForm)
	if _, ok := s.form.input(v); !ok {
		v.status = http.StatusUnprocessableEntity
		return false, v.show(sheetPage(v, s))
	}
	err := do()
	if err == nil {
		return true, nil
	}
	v.status = http.StatusUnprocessableEntity
	blockers, refused := refusalOf(err)
	late, throttled := errors.AsType[*account.Throttled](err)
	switch {
	case refused:
		s.form.blame(v, blockers)
	case throttled:
		v.status = http.StatusTooManyRequests
		minutes := int(math.Ceil(late.RetryAfter.Minutes()))
		s.form.errors = append(s.form.errors, v.say.Say("login.throttled", "n", minutes))
	case errors.Is(err, account.ErrCredentials):
		s.form.errors = append(s.form.errors, v.say.Say("login.refused"))
	default:
		v.status = 0
		return false, err
	}
	return false, v.show(sheetPage(v, s))
}

// typed returns what was typed into a field.
func (s *sheet) typed(name string) string {
	if fd := s.form.field(name); fd != nil {
		return fd.value
	}
	return ""
}

// address returns where a request comes from, for throttling and the record of log-ins.
func (v *view) address() string {
	host, _, err := net.SplitHostPort(v.r.RemoteAddr)
	if err != nil {
		return v.r.RemoteAddr
	}
	return host
}

// by returns who changes an account.
func (v *view) by() account.By { return account.By{Actor: v.visitor.Actor, Address: v.address()} }
