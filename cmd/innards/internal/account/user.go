// Package account knows the people who log in: their roles and passwords, their sessions, the links by which they are
// invited or set a new password, and who did what to whose account.
//
// A [Service] changes accounts, always the same way: it reads the facts, decides, and commits one [Change], which the
// [Store] writes whole or not at all. [Sessions] tells who makes a request.
package account

import (
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// A User is a person who can log in.
type User struct {
	ID     string
	Tenant string
	// Property confines the user to one property; empty: all of the tenant.
	Property string
	// Email is the name to log in with, as [NormalEmail] spells it. No two users of a server have the same.
	Email string
	Name  string
	Role  access.Role
	// Language is the one that the user has chosen (BCP 47); empty: the browser's.
	Language string
	// PasswordHash is empty as long as the user has not followed the invitation.
	PasswordHash string
	SuspendedAt  *time.Time // nil: in force
	CreatedAt    time.Time
	Version      int64 // from 1, one more with every change
	// Stamp counts how often all sessions of the user were ended: those that bear an earlier one are none.
	Stamp int64
}

// Active reports whether the user can log in.
func (u User) Active() bool { return u.PasswordHash != "" && u.SuspendedAt == nil }

// Actor returns whom the user stands for.
func (u User) Actor() innards.Actor {
	return innards.Actor{ID: u.ActorID(), Tenant: u.Tenant, Property: u.Property, Rights: u.Role.Rights()}
}

// Visitor returns the user as who makes a request.
func (u User) Visitor() access.Visitor {
	return access.Visitor{Actor: u.Actor(), Role: u.Role, Name: u.Name, Language: u.Language, Session: true}
}

const actorPrefix = "user-"

// ActorID returns the user as histories name it.
func (u User) ActorID() string { return actorPrefix + u.ID }

// userID returns the id of the user whom a history names, and whether it is one.
func userID(actor string) (string, bool) { return strings.CutPrefix(actor, actorPrefix) }

// seenBy reports whether the user is in the scope.
func (u User) seenBy(s innards.Scope) bool { return s.Sees(u.Tenant, u.Property, "") }

// runs reports whether the user can manage the access of all of the tenant.
func (u User) runs() bool { return u.Active() && u.Role == access.Administrator && u.Property == "" }
