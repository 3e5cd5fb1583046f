package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/innards-go/innards"
)

// A LinkKind says what a link is for.
type LinkKind string

// The kinds of links.
const (
	LinkFirst  LinkKind = "first"  // to create the first administrator
	LinkInvite LinkKind = "invite" // to set a password for the first time
	LinkReset  LinkKind = "reset"  // to set a new password
)

// Life returns how long a link can be used.
func (k LinkKind) Life() time.Duration {
	switch k {
	case LinkFirst:
		return 24 * time.Hour
	case LinkInvite:
		return 7 * 24 * time.Hour
	}
	return time.Hour
}

// A Link lets whoever has its text do one thing once, without a password.
type Link struct {
	Digest    [sha256.Size]byte // of the text
	Kind      LinkKind
	Tenant    string
	User      string // id; empty: the user is made when the link is used
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // nil: not yet
}

// secretBytes are 160 random bits: nothing to guess, so a fast hash will do.
const secretBytes = 20

// newSecret returns a text that cannot be guessed.
func newSecret(random io.Reader) (string, error) {
	var b [secretBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("reading random bytes: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// newLink returns a link and its text, which cannot be had again.
func (s *Service) newLink(kind LinkKind, tenant, user string) (*Link, string, error) {
	text, err := newSecret(s.random)
	now := s.now().UTC()
	return &Link{
		Digest: sha256.Sum256([]byte(text)), Kind: kind, Tenant: tenant, User: user, CreatedAt: now, ExpiresAt: now.Add(kind.Life()),
	}, text, err
}

// Link returns what a link is for and whose it is: of [LinkFirst], a user with only a tenant. A link that cannot be used
// is refused for [LinkInvalid].
func (s *Service) Link(ctx context.Context, text string) (Link, User, error) {
	invalid := refuse("redeem", LinkInvalid.Block())
	link, err := s.store.Link(ctx, sha256.Sum256([]byte(text)))
	switch {
	case errors.Is(err, innards.ErrNotFound):
		return Link{}, User{}, invalid
	case err != nil:
		return Link{}, User{}, err
	case link.UsedAt != nil || !s.now().Before(link.ExpiresAt):
		return Link{}, User{}, invalid
	case link.Kind == LinkFirst:
		return link, User{Tenant: link.Tenant}, nil
	}
	user, err := s.store.User(ctx, link.User)
	if err == nil && user.SuspendedAt != nil {
		return Link{}, User{}, invalid
	}
	return link, user, err
}

// FirstLink returns the text of a link that creates the first administrator of the server's tenant. It is refused for
// [AlreadySetUp] once there are users.
func (s *Service) FirstLink(ctx context.Context) (string, error) {
	if err := s.checkEmpty(ctx, "first_link"); err != nil {
		return "", err
	}
	link, text, err := s.newLink(LinkFirst, s.tenant, "")
	if err != nil {
		return "", err
	}
	return text, s.write(ctx, Change{Link: link}, Entry{Act: ActLinkMade, Tenant: s.tenant, Actor: "system:first_start", Detail: string(LinkFirst)})
}

// checkEmpty refuses a command if the tenant has users.
func (s *Service) checkEmpty(ctx context.Context, command string) error {
	users, err := s.store.Users(ctx, innards.Actor{Tenant: s.tenant}.Scope())
	if err == nil && len(users) > 0 {
		err = refuse(command, AlreadySetUp.Block())
	}
	return err
}

// A Redemption is what whoever follows a link fills in.
type Redemption struct {
	Password    string
	Email, Name string // of the first administrator, else ignored
}

// Redeem uses a link up: the user has the password, and all sessions of the user end. The first administrator is created.
func (s *Service) Redeem(ctx context.Context, text string, in Redemption, address string) (User, error) {
	_, user, err := s.Link(ctx, text) // before any work is done
	if err == nil {
		err = refuse("redeem", checkRedemption(user, in)...)
	}
	if err != nil {
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	err = s.change(ctx, "redeem", func() (Change, Entry, error) {
		link, before, err := s.Link(ctx, text)
		if err != nil {
			return Change{}, Entry{}, err
		}
		user, err = s.redeemed(ctx, before, in)
		user.PasswordHash = hash
		e := entryOn(user, ActLinkUsed, user.ActorID(), address)
		e.Detail = string(link.Kind)
		return Change{User: &user, Rests: before.Version, First: link.Kind == LinkFirst, Uses: &link.Digest, EndLinks: true}, e, err
	})
	return user, err
}

func checkRedemption(u User, in Redemption) (against []innards.Blocker) {
	if u.ID == "" {
		u.Email, u.Name = NormalEmail(in.Email), in.Name
		against = append(checkEmail(u.Email), checkName(u.Name)...)
	}
	return append(against, checkPassword(in.Password, u)...)
}

// redeemed returns the user as it is after its link was used.
func (s *Service) redeemed(ctx context.Context, u User, in Redemption) (User, error) {
	if u.ID != "" {
		return u.loggedOut(), nil
	}
	if err := s.checkEmpty(ctx, "redeem"); err != nil {
		return u, err
	}
	return s.newUser(ctx, "redeem", firstAdministrator(u.Tenant, in))
}
