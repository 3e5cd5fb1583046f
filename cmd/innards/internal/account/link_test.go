package account_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
)

func TestFirstLink(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		earlier, err := o.FirstLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text, err := o.FirstLink(t.Context())
		if err != nil || len(text) < 160/6 || text == earlier {
			t.Fatalf("%q, %v", text, err)
		}
		_, err = o.Redeem(t.Context(), earlier, account.Redemption{}, desk)
		wantCode(t, err, account.LinkInvalid)
		link, _, err := o.Link(t.Context(), text)
		if err != nil || link.Kind != account.LinkFirst {
			t.Errorf("%+v, %v", link, err)
		}

		_, err = o.Redeem(t.Context(), text, account.Redemption{Password: "short", Email: "Ana <ana@example.com>", Name: "\u200b"}, desk)
		for _, reason := range []innards.Reason{account.EmailInvalid, account.NameRequired, account.PasswordLength} {
			wantCode(t, err, reason)
		}
		o.clock.Advance(account.LinkFirst.Life() - time.Second)
		ana, err := o.Redeem(t.Context(), text, account.Redemption{Password: password, Email: "ana@example.com", Name: "Ana"}, desk)
		if err != nil || ana.Role != access.Administrator || !ana.Active() || ana.Tenant != tenant {
			t.Fatalf("%+v, %v", ana, err)
		}
		kept, err := o.User(t.Context(), ana.Actor(), ana.ID)
		if diff := cmp.Diff(ana, kept); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		_, err = o.FirstLink(t.Context())
		wantCode(t, err, account.AlreadySetUp)
		_, err = o.Redeem(t.Context(), text, account.Redemption{}, desk)
		wantCode(t, err, account.LinkInvalid)
	})
}

func TestLinksExpire(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		text, err := o.FirstLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(account.LinkFirst.Life())
		for _, text := range []string{text, "", "x\x00"} {
			_, _, err = o.Link(t.Context(), text)
			wantCode(t, err, account.LinkInvalid)
		}
	})
}

// Of those who use a link at once, one succeeds.
func TestLinkRace(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		_, invited, err := o.Invite(t.Context(), from(ana), "ben@example.com", account.Profile{Name: "Ben", Role: access.FrontDesk})
		if err != nil {
			t.Fatal(err)
		}
		const racers = 8
		errs := make([]error, racers)
		var running sync.WaitGroup
		for i := range racers {
			running.Go(func() {
				_, errs[i] = o.Redeem(t.Context(), invited, account.Redemption{Password: fmt.Sprintf("password of %d", i)}, desk)
			})
		}
		running.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 {
			t.Fatal(errs)
		}
		for i, err := range errs {
			if i != winner {
				wantCode(t, err, account.LinkInvalid)
			}
		}
		if _, err := o.Login(t.Context(), "ben@example.com", fmt.Sprintf("password of %d", winner), desk); err != nil {
			t.Error(err)
		}
	})
}

// What was decided on is looked at again if it was used or ended before the commit.
func TestLinkChangesBeforeCommit(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		first, err := o.FirstLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		in := account.Redemption{Password: password, Email: "ana@example.com", Name: "Ana"}
		var ana account.User
		o.hooks = append(o.hooks, func() {
			if ana, err = o.Redeem(t.Context(), first, in, desk); err != nil {
				t.Error(err)
			}
		})
		_, second := o.Redeem(t.Context(), first, account.Redemption{Password: another, Email: "eve@example.com", Name: "Eve"}, desk)
		wantCode(t, second, account.LinkInvalid)

		_, link, err := o.Invite(t.Context(), from(ana), "ben@example.com", account.Profile{Name: "Ben", Role: access.FrontDesk})
		if err != nil {
			t.Fatal(err)
		}
		ben, err := o.store.UserByEmail(t.Context(), "ben@example.com")
		if err != nil {
			t.Fatal(err)
		}
		o.hooks = append(o.hooks, func() {
			if _, err := o.Suspend(t.Context(), from(ana), ben.ID); err != nil {
				t.Error(err)
			}
		})
		_, err = o.Redeem(t.Context(), link, account.Redemption{Password: password}, desk)
		wantCode(t, err, account.LinkInvalid)
	})
}

func TestReset(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		ben := o.join(ana, "ben@example.com", access.FrontDesk, "")
		o.join(ana, "sue@example.com", access.FrontDesk, "")
		sue, err := o.store.UserByEmail(t.Context(), "sue@example.com")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Suspend(t.Context(), from(ana), sue.ID); err != nil {
			t.Fatal(err)
		}
		o.mails = nil
		ask := func(email string) {
			t.Helper()
			o.clock.Advance(account.TriesWithin)
			if err := o.RequestReset(t.Context(), email, desk); err != nil {
				t.Errorf("%s: %v", email, err)
			}
		}
		for _, email := range []string{"Ben@example.com", "nobody@example.com", sue.Email, "no address"} {
			ask(email)
		}
		o.serve()
		if len(o.mails) != 1 || o.mails[0].To != ben.Email || o.mails[0].Kind != account.LinkReset {
			t.Fatalf("mailed %+v", o.mails)
		}
		ask(ben.Email)
		o.serve()
		_, _, err = o.Link(t.Context(), o.mails[0].Text)
		wantCode(t, err, account.LinkInvalid)

		after, err := o.Redeem(t.Context(), o.mails[1].Text, account.Redemption{Password: another, Email: "other@example.com"}, desk)
		if err != nil || after.Stamp != ben.Stamp+1 || after.Email != ben.Email || after.Name != ben.Name {
			t.Fatalf("%+v, %v", after, err)
		}
		if _, err := o.Login(t.Context(), ben.Email, another, desk); err != nil {
			t.Error(err)
		}
		if o.log.Len() > 0 {
			t.Error(o.log.String())
		}
	})
}

// serve sends the mails that wait.
func (o *office) serve() {
	ctx, cancel := context.WithCancel(o.t.Context())
	cancel()
	o.ServeResets(ctx)
}

func TestResetsAreThrottled(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		o.ana()
		ask := func(i int) error {
			return o.RequestReset(t.Context(), "ana@example.com", fmt.Sprintf("192.0.2.%d", i))
		}
		for i := range account.MaxTries {
			if err := ask(i); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := errors.AsType[*account.Throttled](ask(9)); !ok {
			t.Error("not throttled")
		}
		if _, err := o.Login(t.Context(), "ana@example.com", password, desk); err != nil {
			t.Errorf("then nobody logs in: %v", err)
		}
	})
}

// A mail that fails is told where somebody waits for it, else in the log, without whom it was for.
func TestMailFails(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		o.mailErr = errors.New("no mail today")
		ben, text, err := o.Invite(t.Context(), from(ana), "ben@example.com", account.Profile{Name: "Ben", Role: access.FrontDesk})
		if !errors.Is(err, o.mailErr) || ben.ID == "" {
			t.Fatalf("%+v, %v", ben, err)
		}
		if _, err := o.Redeem(t.Context(), text, account.Redemption{Password: password}, desk); err != nil {
			t.Error(err)
		}
		if err := o.RequestReset(t.Context(), ben.Email, desk); err != nil {
			t.Fatal(err)
		}
		o.serve()
		if log := o.log.String(); !strings.Contains(log, "no mail today") || strings.Contains(log, ben.Email) {
			t.Errorf("the log is %q", log)
		}
	})
}
