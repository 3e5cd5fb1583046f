package account

import (
	"errors"
	"fmt"
	"time"

	"github.com/innards-go/innards"
)

// ErrCredentials is returned for a login that fails, whatever the reason: nobody learns which accounts there are.
var ErrCredentials = errors.New("the e-mail address or the password is not right")

// Throttled is the error for who has tried too often.
type Throttled struct{ RetryAfter time.Duration }

// Error implements error.
func (t *Throttled) Error() string {
	return fmt.Sprintf("too many tries: wait %v", t.RetryAfter.Round(time.Second))
}

// The reasons for which changes of accounts are refused, beside those that every package has.
var (
	EmailInvalid      = innards.Reason{Code: "email_invalid", Kind: innards.KindInput, Text: "this is no e-mail address", Lift: "write it as in ana@example.com"}
	EmailTaken        = innards.Reason{Code: "email_taken", Kind: innards.KindInput, Text: "there is an account with this e-mail address", Lift: "use another address, or amend that account"}
	NameRequired      = innards.Reason{Code: "name_required", Kind: innards.KindInput, Text: "the name is missing", Lift: "say who it is, as colleagues know the person"}
	RoleInvalid       = innards.Reason{Code: "role_invalid", Kind: innards.KindInput, Text: "the role cannot be given", Lift: "choose one that is listed, with no more rights than your own"}
	PropertyInvalid   = innards.Reason{Code: "property_invalid", Kind: innards.KindInput, Text: "access to this cannot be given", Lift: "choose the property that you are confined to"}
	LanguageInvalid   = innards.Reason{Code: "language_invalid", Kind: innards.KindInput, Text: "this is no language", Lift: "use a tag as in en or pt-BR (BCP 47)"}
	PasswordLength    = innards.Reason{Code: "password_length", Kind: innards.KindInput, Text: "the length of the password does not do", Lift: "use 12 to 128 characters; a few words are fine"}
	PasswordEasy      = innards.Reason{Code: "password_easy", Kind: innards.KindInput, Text: "the password is one of the first that anybody would try", Lift: "use one that says nothing about you and is on no list"}
	PasswordWrong     = innards.Reason{Code: "password_wrong", Kind: innards.KindInput, Text: "the present password is not right", Lift: "type the password that you have logged in with"}
	LinkInvalid       = innards.Reason{Code: "link_invalid", Kind: innards.KindState, Text: "the link was used, has ended or was never one", Lift: "ask for a new one"}
	AlreadyJoined     = innards.Reason{Code: "already_joined", Kind: innards.KindState, Text: "the user has set a password already", Lift: "the user can ask for a new one where one logs in"}
	AlreadySetUp      = innards.Reason{Code: "already_set_up", Kind: innards.KindState, Text: "there are users already", Lift: "ask an administrator for an invitation"}
	LastAdministrator = innards.Reason{Code: "last_administrator", Kind: innards.KindState, Text: "nobody else could manage access", Lift: "make somebody else administrator of all properties first"}
)

// Reasons returns the reasons above, in the order of the documentation.
func Reasons() []innards.Reason {
	return []innards.Reason{EmailInvalid, EmailTaken, NameRequired, RoleInvalid, PropertyInvalid, LanguageInvalid, PasswordLength,
		PasswordEasy, PasswordWrong, LinkInvalid, AlreadyJoined, AlreadySetUp, LastAdministrator}
}

// refuse returns the refusal of a command, nil if nothing stands against it.
func refuse(command string, blockers ...innards.Blocker) error {
	if len(blockers) == 0 {
		return nil
	}
	return &innards.Refusal{Command: command, Blockers: blockers}
}
