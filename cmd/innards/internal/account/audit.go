package account

import (
	"context"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// An Act is what was done to an account.
type Act string

// The acts.
const (
	ActLogin           Act = "login"
	ActLoginRefused    Act = "login_refused"
	ActThrottled       Act = "throttled" // once, however many tries follow
	ActInvited         Act = "invited"
	ActAmended         Act = "amended"
	ActRoleChanged     Act = "role_changed" // or where it counts
	ActSuspended       Act = "suspended"
	ActResumed         Act = "resumed"
	ActPasswordChanged Act = "password_changed"
	ActLoggedOut       Act = "logged_out_everywhere"
	ActLinkMade        Act = "link_made"
	ActLinkUsed        Act = "link_used"
	ActTokenIssued     Act = "token_issued"
	ActTokenRevoked    Act = "token_revoked"
)

// Acts returns all acts, in the order above.
func Acts() []Act {
	return []Act{ActLogin, ActLoginRefused, ActThrottled, ActInvited, ActAmended, ActRoleChanged, ActSuspended, ActResumed,
		ActPasswordChanged, ActLoggedOut, ActLinkMade, ActLinkUsed, ActTokenIssued, ActTokenRevoked}
}

// An Entry tells who did what to whose account. Entries are never changed.
type Entry struct {
	ID       string // in the order of time
	Tenant   string
	Property string // that the account is confined to
	At       time.Time
	Act      Act
	Actor    string // as histories name it; empty: not known
	User     string // whose account, by id; empty: none that there is
	Address  string // of the network; empty: none
	Detail   string // kind of a link, role, or id of a token
}

// entryOn returns an entry on the user's account.
func entryOn(u User, act Act, actor, address string) Entry {
	return Entry{Tenant: u.Tenant, Property: u.Property, Act: act, Actor: actor, User: u.ID, Address: address}
}

// maxEntries is the most entries of one page.
const maxEntries = 200

// strangersKept is how long failed logins without an account are kept: anybody can make them, so they must not pile up.
const strangersKept = 30 * 24 * time.Hour

// Audit returns what was done to accounts, the latest first, from the entry after the given one on; empty: from the latest.
func (s *Service) Audit(ctx context.Context, a innards.Actor, after string, limit int) ([]Entry, error) {
	if err := mayManage("audit", a); err != nil {
		return nil, err
	}
	return s.store.Entries(ctx, a.Scope(), after, min(max(limit, 1), maxEntries))
}

// Forget removes sessions and links that have expired, and what need not be kept of failed logins: so many of each at most.
// It returns how many there were.
func (s *Service) Forget(ctx context.Context, now time.Time, limit int) (int64, error) {
	return s.store.Forget(ctx, now, now.Add(-strangersKept), limit)
}

func mayManage(command string, a innards.Actor) error {
	if !a.May(access.ManageAccess) {
		return refuse(command, innards.NotPermitted.Block(access.ManageAccess))
	}
	return a.Scope().Err()
}
