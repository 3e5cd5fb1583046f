package account

import (
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// The most that is accepted: an address may have 254 octets (RFC 5321, erratum 1690).
const (
	maxEmail = 254
	maxName  = 100
	maxID    = 100
)

// NormalEmail returns the one spelling of an address under which its account is found.
func NormalEmail(s string) string { return norm.NFC.String(strings.ToLower(strings.TrimSpace(s))) }

func checkEmail(email string) []innards.Blocker {
	if against := innards.CheckText("email", email, maxEmail); against != nil {
		return against
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || parsed.Name != "" || len(email) > maxEmail {
		return []innards.Blocker{EmailInvalid.In("email")}
	}
	return nil
}

func checkName(name string) []innards.Blocker {
	if innards.IsBlank(name) {
		return []innards.Blocker{NameRequired.In("name")}
	}
	return checkLine("name", name, maxName)
}

// checkLine is innards.CheckText for a text of one line.
func checkLine(field, text string, most int) []innards.Blocker {
	if strings.ContainsAny(text, "\n\r\t") {
		return []innards.Blocker{innards.TextInvalid.In(field, "it has more than one line")}
	}
	return innards.CheckText(field, text, most)
}

func checkLanguage(tag string) []innards.Blocker {
	if tag == "" {
		return nil
	}
	if _, err := language.Parse(tag); err != nil || len(tag) > maxID {
		return []innards.Blocker{LanguageInvalid.In("language")}
	}
	return nil
}

// checkGrant returns what stands against the actor giving somebody one of the roles, at a property or, if it is empty,
// everywhere: nobody gives away more than one has.
func checkGrant(a innards.Actor, roles []access.Role, role access.Role, property string) []innards.Blocker {
	var against []innards.Blocker
	if !slices.Contains(roles, role) || !role.Within(a) {
		against = append(against, RoleInvalid.In("role"))
	}
	if !a.Scope().Sees(a.Tenant, property, "") {
		against = append(against, PropertyInvalid.In("property"))
	}
	return append(against, checkLine("property", property, maxID)...)
}
