package innards

import (
	"slices"
	"strings"
)

// A Right is a permission by name, such as "reservation.check_in" or "override.overbook". A domain package asks only
// for named rights; which role has which right is the host's table.
type Right string

// An Actor is who asks for something. It is made at the edge, from a session, a token or a task, never from input.
type Actor struct {
	// ID names the person, token or task in the history. It is a pseudonym, such as "staff-7" or "system:no_show":
	// the history keeps it for good.
	ID string
	// Tenant is the company whose records the actor works on. An actor without a tenant sees nothing.
	Tenant string
	// Property confines the actor to one hotel, agency or branch of the tenant; empty: all of them.
	Property string
	// Party confines the actor to the records of one account, guest or partner; empty: staff.
	Party string
	// Rights are what the actor may do. "reservation.*" gives every right that begins with "reservation."; "*" gives all.
	Rights []Right
}

// May reports whether a has right r.
func (a Actor) May(r Right) bool {
	return slices.ContainsFunc(a.Rights, func(have Right) bool {
		stem, isPattern := strings.CutSuffix(string(have), "*")
		return have == r || isPattern && strings.HasPrefix(string(r), stem)
	})
}

// Scope returns what a may see.
func (a Actor) Scope() Scope { return Scope{a.Tenant, a.Property, a.Party} }

// System returns the actor of an automatic task on the records of s. Its rights are those given here, no more.
func System(task string, s Scope, rights ...Right) Actor {
	return Actor{ID: "system:" + task, Tenant: s.tenant, Property: s.property, Party: s.party, Rights: rights}
}

// A Scope says whose records can be seen at all. It is made only from an [Actor]. Every read of a store takes one; the
// zero Scope sees nothing. A record outside of the scope is not found, never forbidden.
type Scope struct{ tenant, property, party string }

// Tenant returns the tenant whose records are seen.
func (s Scope) Tenant() string { return s.tenant }

// Property returns the only property whose records are seen, or "" for all of the tenant's.
func (s Scope) Property() string { return s.property }

// Party returns the only party whose records are seen, or "" for all.
func (s Scope) Party() string { return s.party }

// Err returns [ErrUnscoped] for a scope that sees nothing. Stores begin every method with it.
func (s Scope) Err() error {
	if s.tenant == "" {
		return ErrUnscoped
	}
	return nil
}

// Sees reports whether a record of the given tenant, property and party is in s.
func (s Scope) Sees(tenant, property, party string) bool {
	return s.tenant != "" && s.tenant == tenant &&
		(s.property == "" || s.property == property) &&
		(s.party == "" || s.party == party)
}
