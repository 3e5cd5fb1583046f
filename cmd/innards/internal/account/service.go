package account

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/alexedwards/argon2id"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// Options are what a [Service] works with. Hash, Mail and Tokens may be left out.
type Options struct {
	Store Store
	// Tenant is the server's own: its first administrator is made by [Service.FirstLink], and its administrators see who
	// tries to log in to accounts that there are not.
	Tenant string
	Now    innards.Clock
	IDs    innards.IDSource
	Random io.Reader
	// Hash says how much work a password is; nil: 19 MiB, twice.
	Hash *argon2id.Params
	// Mail sends a user the text of a link; it should only put the mail in line. Nil: links are handed over by hand.
	Mail func(ctx context.Context, to User, kind LinkKind, text string) error
	// Tokens keeps API tokens; nil: they cannot be managed.
	Tokens access.Tokens
	// Log is told what goes wrong when nobody waits for it.
	Log *slog.Logger
}

// A Service changes accounts. It is safe for concurrent use.
type Service struct {
	store   Store
	tenant  string
	now     innards.Clock
	ids     innards.IDSource
	random  io.Reader
	hasher  *hasher
	mail    func(ctx context.Context, to User, kind LinkKind, text string) error
	tokens  access.Tokens
	log     *slog.Logger
	logins  *throttle
	resets  *throttle
	waiting chan resetRequest
}

// NewService returns a service.
func NewService(o Options) (*Service, error) {
	unknown, err := newSecret(o.Random)
	if err != nil {
		return nil, err
	}
	return &Service{
		store: o.Store, tenant: o.Tenant, now: o.Now, ids: o.IDs, random: o.Random, hasher: newHasher(o.Hash, unknown), mail: o.Mail, tokens: o.Tokens,
		log: o.Log, logins: newThrottle(), resets: newThrottle(), waiting: make(chan resetRequest, maxResets),
	}, nil
}

// A By says who asks, and from where.
type By struct {
	Actor   innards.Actor
	Address string // of the network, without a port
}

// attempts is how often a decision is made again because others have changed what it rests on.
const attempts = 8

// errUnchanged is what a decision returns if there is nothing to write.
var errUnchanged = errors.New("nothing changes")

// change decides on the facts as they are and commits, again until nothing has changed meanwhile.
func (s *Service) change(ctx context.Context, command string, decide func() (Change, Entry, error)) error {
	for range attempts {
		c, e, err := decide()
		if errors.Is(err, errUnchanged) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.write(ctx, c, e); !errors.Is(err, innards.ErrStale) {
			return err
		}
	}
	return refuse(command, innards.Busy.Block())
}

// write commits a change with its entry.
func (s *Service) write(ctx context.Context, c Change, e Entry) (err error) {
	if e.ID, err = s.ids(); err != nil {
		return err
	}
	e.At = s.now().UTC()
	c.Entry = e
	return s.store.Commit(ctx, c)
}
