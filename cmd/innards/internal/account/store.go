package account

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/innards-go/innards"
)

// A Store keeps accounts. It is safe for concurrent use.
type Store interface {
	// User returns a user by its id, or [innards.ErrNotFound].
	User(ctx context.Context, id string) (User, error)
	// UserByEmail returns a user by its address, which is normal, or [innards.ErrNotFound].
	UserByEmail(ctx context.Context, email string) (User, error)
	// Users returns all users in the scope, by their names.
	Users(ctx context.Context, s innards.Scope) ([]User, error)
	// Names returns the names of those of the users that the tenant has, by id.
	Names(ctx context.Context, s innards.Scope, ids []string) (map[string]string, error)
	// Link returns a link by its digest, also a used one, or [innards.ErrNotFound].
	Link(ctx context.Context, digest [sha256.Size]byte) (Link, error)
	// Commit writes all of a change, or nothing. It returns [innards.ErrStale] if what the change rests on does not hold.
	Commit(ctx context.Context, c Change) error
	// Entries returns entries in the scope, the latest first, from the one after the given id on; empty: from the latest.
	Entries(ctx context.Context, s innards.Scope, after string, limit int) ([]Entry, error)
	// Forget removes sessions and links that have expired at the time, and failed logins without an account before strangers,
	// so many of each at most. It returns how many there were.
	Forget(ctx context.Context, at, strangers time.Time, limit int) (int64, error)
}

// A Change is all that one transaction writes. What is zero writes nothing. Whatever the user: sessions that bear an
// earlier stamp are removed.
type Change struct {
	User *User
	// Rests is the version of the user that the change rests on; 0: there is none with the id, nor with the address.
	Rests int64
	// First says that the change rests on it that the tenant has no user.
	First bool
	// KeepAdministrator says that it rests on another administrator of all of the tenant who can log in.
	KeepAdministrator bool
	// Uses is a link that is used up; the change rests on it that it was not used.
	Uses *[sha256.Size]byte
	// EndLinks ends all links of the user.
	EndLinks bool
	// Link is a new link. It ends the earlier ones of the same kind and user.
	Link  *Link
	Entry Entry
}

// A Session is how a browser is known that has logged in.
type Session struct {
	Digest    [sha256.Size]byte // of what the browser sends
	User      string
	Stamp     int64 // of the user, when the session began
	Data      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// A SessionStore keeps sessions. It is safe for concurrent use.
type SessionStore interface {
	// Session returns a session and its user. It returns [innards.ErrNotFound] if there is none, if it has expired at the
	// time, if its user is suspended, or has another stamp.
	Session(ctx context.Context, digest [sha256.Size]byte, at time.Time) (Session, User, error)
	// AddSession keeps a new session.
	AddSession(ctx context.Context, s Session) error
	// SaveSession changes the data of a session. If it has ended, nothing is changed.
	SaveSession(ctx context.Context, digest [sha256.Size]byte, data []byte) error
	// ExtendSession has a session expire later.
	ExtendSession(ctx context.Context, digest [sha256.Size]byte, expires time.Time) error
	// EndSession removes a session, if it is there.
	EndSession(ctx context.Context, digest [sha256.Size]byte) error
}
