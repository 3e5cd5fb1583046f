package account_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"

	"github.com/alexedwards/argon2id"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const (
	tenant   = "main"
	password = "three calm horses"
	another  = "four brisk otters"
	desk     = "192.0.2.7" // an address of the network
)

// A mail is what a user was sent.
type mail struct {
	To   string
	Kind account.LinkKind
	Text string
}

// An office is a service with its clock and what it has mailed.
type office struct {
	*account.Service
	t     *testing.T
	store *database.Accounts
	clock *reservationtest.Clock
	log   bytes.Buffer
	db    *bunstore.DB

	mu    sync.Mutex
	mails []mail
	// mailErr is what mailing returns.
	mailErr error
	hooks   []func() // each called once, before a commit
}

// onEach runs a test in an office on each database.
func onEach(t *testing.T, test func(t *testing.T, o *office)) {
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) { test(t, newOffice(t, db)) })
}

func newOffice(t *testing.T, db *bunstore.DB) *office {
	t.Helper()
	o := &office{t: t, db: db, store: database.NewAccounts(db), clock: reservationtest.NewClock(reservationtest.Morning())}
	var err error
	o.Service, err = account.NewService(account.Options{
		Store: hooked{o.store, o}, Tenant: tenant, Now: o.clock.Now, IDs: reservationtest.IDs(o.clock.Now, 1), Random: reservationtest.Random(2),
		Hash: &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16},
		Mail: o.mail, Tokens: database.NewTokens(db), Log: slog.New(slog.NewTextHandler(&o.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) mail(_ context.Context, to account.User, kind account.LinkKind, text string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mails = append(o.mails, mail{to.Email, kind, text})
	return o.mailErr
}

// hooked is a store in which others change something just before a commit.
type hooked struct {
	*database.Accounts
	office *office
}

func (h hooked) Commit(ctx context.Context, c account.Change) error {
	h.office.mu.Lock()
	var hook func()
	if len(h.office.hooks) > 0 {
		hook, h.office.hooks = h.office.hooks[0], h.office.hooks[1:]
	}
	h.office.mu.Unlock()
	if hook != nil {
		hook()
	}
	return h.Accounts.Commit(ctx, c)
}

// ana is the first administrator.
func (o *office) ana() account.User {
	o.t.Helper()
	link, err := o.FirstLink(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	ana, err := o.Redeem(o.t.Context(), link, account.Redemption{Password: password, Email: " Ana@Example.com", Name: "Ana"}, desk)
	if err != nil {
		o.t.Fatal(err)
	}
	return ana
}

// join invites a user, who follows the invitation.
func (o *office) join(by account.User, email string, role access.Role, property string) account.User {
	o.t.Helper()
	_, link, err := o.Invite(o.t.Context(), from(by), email, account.Profile{Name: email[:3], Role: role, Property: property})
	if err != nil {
		o.t.Fatal(err)
	}
	user, err := o.Redeem(o.t.Context(), link, account.Redemption{Password: password}, desk)
	if err != nil {
		o.t.Fatal(err)
	}
	return user
}

func from(u account.User) account.By { return account.By{Actor: u.Actor(), Address: desk} }

// wantCode fails the test unless err is a refusal with the code.
func wantCode(t *testing.T, err error, reason innards.Reason) {
	t.Helper()
	if !innards.RefusedFor(err, reason.Code) {
		t.Errorf("got %v, want %s", err, reason.Code)
	}
}

// acts returns what was done, the latest first.
func (o *office) acts(a innards.Actor) (acts []account.Act) {
	o.t.Helper()
	entries, err := o.Audit(o.t.Context(), a, "", 100)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		acts = append(acts, e.Act)
	}
	return acts
}

// closeDB takes the database away.
func (o *office) closeDB() {
	o.t.Helper()
	if err := o.db.Close(); err != nil {
		o.t.Fatal(err)
	}
}
