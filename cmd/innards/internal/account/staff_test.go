package account_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
)

func TestInvite(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		fine := account.Profile{Name: "Ben", Role: access.FrontDesk, Property: "varna", Language: "bg"}
		ben, text, err := o.Invite(t.Context(), from(ana), "Ben@Example.com", fine)
		if err != nil {
			t.Fatal(err)
		}
		want := account.User{
			ID: ben.ID, Tenant: tenant, Property: "varna", Email: "ben@example.com", Name: "Ben", Role: access.FrontDesk,
			Language: "bg", CreatedAt: o.clock.Now().UTC(), Version: 1, Stamp: 1,
		}
		if diff := cmp.Diff(want, ben); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]mail{{ben.Email, account.LinkInvite, text}}, o.mails); diff != "" {
			t.Error(diff)
		}
		again, err := o.InviteAgain(t.Context(), from(ana), ben.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Redeem(t.Context(), text, account.Redemption{Password: password}, desk)
		wantCode(t, err, account.LinkInvalid)
		if _, err := o.Redeem(t.Context(), again, account.Redemption{Password: password}, desk); err != nil {
			t.Fatal(err)
		}
		_, err = o.InviteAgain(t.Context(), from(ana), ben.ID)
		wantCode(t, err, account.AlreadyJoined)

		for _, c := range []struct {
			name   string
			email  string
			change func(*account.Profile)
			reason innards.Reason
			field  string
		}{
			{"taken", "BEN@example.com", func(*account.Profile) {}, account.EmailTaken, "email"},
			{"address", "ben@", func(*account.Profile) {}, account.EmailInvalid, "email"},
			{"card number", "4111111111111111@example.com", func(*account.Profile) {}, innards.CardNumber, "email"},
			{"name", "c@example.com", func(p *account.Profile) { p.Name = " " }, account.NameRequired, "name"},
			{"long name", "c@example.com", func(p *account.Profile) { p.Name = strings.Repeat("n", 101) }, innards.TextInvalid, "name"},
			{"lines", "c@example.com", func(p *account.Profile) { p.Name = "a\nb" }, innards.TextInvalid, "name"},
			{"role", "c@example.com", func(p *account.Profile) { p.Role = "king" }, account.RoleInvalid, "role"},
			{"program's role", "c@example.com", func(p *account.Profile) { p.Role = access.Integration }, account.RoleInvalid, "role"},
			{"language", "c@example.com", func(p *account.Profile) { p.Language = "klingon!" }, account.LanguageInvalid, "language"},
			{"property", "c@example.com", func(p *account.Profile) { p.Property = "\xff" }, innards.TextInvalid, "property"},
		} {
			p := fine
			c.change(&p)
			_, _, err := o.Invite(t.Context(), from(ana), c.email, p)
			wantCode(t, err, c.reason)
			if r, ok := errors.AsType[*innards.Refusal](err); ok && r.Blockers[0].Field != c.field {
				t.Errorf("%s: the field is %q", c.name, r.Blockers[0].Field)
			}
		}
	})
}

// The address may be taken between the look and the commit.
func TestInviteRace(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		p := account.Profile{Name: "Ben", Role: access.FrontDesk}
		o.hooks = append(o.hooks, func() {
			if _, _, err := o.Invite(t.Context(), from(ana), "ben@example.com", p); err != nil {
				t.Error(err)
			}
		})
		_, _, err := o.Invite(t.Context(), from(ana), "ben@example.com", p)
		wantCode(t, err, account.EmailTaken)
	})
}

// Whoever lacks the right manages nobody, and whoever is confined nobody elsewhere.
func TestWhoManagesWhom(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		local := o.join(ana, "loc@example.com", access.Administrator, "varna")
		ben := o.join(ana, "ben@example.com", access.FrontDesk, "varna")
		cyd := o.join(ana, "cyd@example.com", access.FrontDesk, "")
		foreign := account.By{Actor: innards.Actor{ID: "user-x", Tenant: "other", Rights: []innards.Right{"*"}}}
		if _, err := o.Suspend(t.Context(), from(local), ben.ID); err != nil {
			t.Errorf("an administrator of the property: %v", err)
		}
		for name, c := range map[string]struct {
			by  account.By
			id  string
			err error // nil: not permitted
		}{
			"another property":  {from(local), cyd.ID, innards.ErrNotFound},
			"one's master":      {from(local), ana.ID, innards.ErrNotFound},
			"another tenant":    {foreign, ben.ID, innards.ErrNotFound},
			"nobody":            {from(ana), "none", innards.ErrNotFound},
			"without the right": {from(cyd), ben.ID, nil},
		} {
			do := map[string]func() error{
				"suspend": func() error { _, err := o.Suspend(t.Context(), c.by, c.id); return err },
				"resume":  func() error { _, err := o.Resume(t.Context(), c.by, c.id); return err },
				"invite":  func() error { _, err := o.InviteAgain(t.Context(), c.by, c.id); return err },
				"logout":  func() error { _, err := o.LogOutEverywhere(t.Context(), c.by, c.id); return err },
				"amend": func() error {
					_, err := o.Amend(t.Context(), c.by, c.id, 1, account.Profile{Name: "X", Role: access.Operator})
					return err
				},
			}
			for act, do := range do {
				err := do()
				if c.err == nil && !innards.RefusedFor(err, innards.NotPermitted.Code) || c.err != nil && !errors.Is(err, c.err) {
					t.Errorf("%s, %s: %v", name, act, err)
				}
			}
		}
		_, _, err := o.Invite(t.Context(), from(local), "dan@example.com", account.Profile{Name: "Dan", Role: access.Operator})
		wantCode(t, err, account.PropertyInvalid)
		_, err = o.Amend(t.Context(), from(local), ben.ID, ben.Version+1, account.Profile{Name: "Ben", Role: access.FrontDesk})
		wantCode(t, err, account.PropertyInvalid)
		_, err = o.List(t.Context(), cyd.Actor())
		wantCode(t, err, innards.NotPermitted)
		_, err = o.Audit(t.Context(), cyd.Actor(), "", 10)
		wantCode(t, err, innards.NotPermitted)

		clerk := account.By{Actor: cyd.Actor()} // who manages access, but may not do everything
		clerk.Actor.Rights = append(clerk.Actor.Rights, access.ManageAccess)
		_, _, err = o.Invite(t.Context(), clerk, "eve@example.com", account.Profile{Name: "Eve", Role: access.Administrator})
		wantCode(t, err, account.RoleInvalid)
		_, err = o.Suspend(t.Context(), clerk, ana.ID)
		wantCode(t, err, innards.NotPermitted)
		if _, _, err = o.Invite(t.Context(), clerk, "eve@example.com", account.Profile{Name: "Eve", Role: access.FrontDesk}); err != nil {
			t.Error(err)
		}

		users, err := o.List(t.Context(), local.Actor())
		if diff := cmp.Diff([]string{"ben", "loc"}, namesOf(users)); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		names, err := o.Names(t.Context(), ben.Actor().Scope(), []string{ana.ActorID(), ben.ActorID(), ana.ActorID(), "token-1", "user-none"})
		if diff := cmp.Diff(map[string]string{ana.ActorID(): "Ana", ben.ActorID(): "ben"}, names); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if names, err := o.Names(t.Context(), foreign.Actor.Scope(), []string{ana.ActorID()}); len(names) > 0 || err != nil {
			t.Errorf("another tenant sees %v, %v", names, err)
		}
	})
}

func namesOf(users []account.User) (names []string) {
	for _, u := range users {
		names = append(names, u.Name)
	}
	return names
}

func TestAmend(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		ben := o.join(ana, "ben@example.com", access.FrontDesk, "")
		amend := func(expect int64, p account.Profile) (account.User, error) {
			return o.Amend(t.Context(), from(ana), ben.ID, expect, p)
		}
		_, err := amend(ben.Version-1, account.Profile{Name: "Ben", Role: access.FrontDesk})
		wantCode(t, err, innards.StaleVersion)
		named, err := amend(ben.Version, account.Profile{Name: "Ben", Role: access.FrontDesk, Language: "da"})
		if err != nil || named.Name != "Ben" || named.Language != "da" || named.Stamp != ben.Stamp {
			t.Fatalf("%+v, %v", named, err)
		}
		moved, err := amend(named.Version, account.Profile{Name: "Ben", Role: access.Accounting, Property: "varna"})
		if err != nil || moved.Stamp != ben.Stamp+1 || !moved.Actor().May("reservation.record_payment") {
			t.Fatalf("%+v, %v", moved, err)
		}
		spoken, err := o.SetLanguage(t.Context(), from(moved), "es")
		if err != nil || spoken.Language != "es" || spoken.Stamp != moved.Stamp {
			t.Errorf("%+v, %v", spoken, err)
		}
		_, err = o.SetLanguage(t.Context(), from(moved), "?")
		wantCode(t, err, account.LanguageInvalid)
		if same, err := o.SetLanguage(t.Context(), from(moved), "es"); err != nil || same.Version != spoken.Version {
			t.Errorf("%+v, %v", same, err)
		}
		out, err := o.LogOutEverywhere(t.Context(), from(spoken), ben.ID)
		if err != nil || out.Stamp != moved.Stamp+1 {
			t.Errorf("%+v, %v", out, err)
		}
		want := []account.Act{account.ActLoggedOut, account.ActAmended, account.ActRoleChanged, account.ActAmended, account.ActLinkUsed, account.ActInvited,
			account.ActLinkUsed, account.ActLinkMade}
		if diff := cmp.Diff(want, o.acts(ana.Actor())); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSuspendAndResume(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		ben := o.join(ana, "ben@example.com", access.FrontDesk, "")
		once, err := o.Suspend(t.Context(), from(ana), ben.ID)
		if err != nil || once.SuspendedAt == nil || once.Active() {
			t.Fatalf("%+v, %v", once, err)
		}
		twice, err := o.Suspend(t.Context(), from(ana), ben.ID)
		if diff := cmp.Diff(once, twice); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		back, err := o.Resume(t.Context(), from(ana), ben.ID)
		if err != nil || !back.Active() || back.Stamp != ben.Stamp+1 || back.Version != ben.Version+2 {
			t.Errorf("%+v, %v", back, err)
		}
	})
}

func TestLastAdministrator(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		o.join(ana, "loc@example.com", access.Administrator, "varna") // does not count: she cannot manage everybody
		if _, _, err := o.Invite(t.Context(), from(ana), "new@example.com", account.Profile{Name: "New", Role: access.Administrator}); err != nil {
			t.Fatal(err) // nor does who has not joined
		}
		_, err := o.Suspend(t.Context(), from(ana), ana.ID)
		wantCode(t, err, account.LastAdministrator)
		for _, p := range []account.Profile{{Name: "Ana", Role: access.FrontDesk}, {Name: "Ana", Role: access.Administrator, Property: "varna"}} {
			_, err = o.Amend(t.Context(), from(ana), ana.ID, ana.Version, p)
			wantCode(t, err, account.LastAdministrator)
		}
		if _, err = o.Amend(t.Context(), from(ana), ana.ID, ana.Version, account.Profile{Name: "Anna", Role: access.Administrator}); err != nil {
			t.Errorf("another name: %v", err)
		}

		eve := o.join(ana, "eve@example.com", access.Administrator, "")
		o.hooks = append(o.hooks, func() { // between the look and the commit
			if _, err := o.Suspend(t.Context(), from(ana), eve.ID); err != nil {
				t.Error(err)
			}
		})
		_, err = o.Suspend(t.Context(), from(eve), ana.ID)
		wantCode(t, err, account.LastAdministrator)
	})
}

// Of administrators who suspend each other at once, one stays.
func TestLastAdministratorRace(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		eve := o.join(ana, "eve@example.com", access.Administrator, "")
		for range 10 {
			var running sync.WaitGroup
			running.Go(func() { _, _ = o.Suspend(t.Context(), from(ana), eve.ID) })
			running.Go(func() { _, _ = o.Suspend(t.Context(), from(eve), ana.ID) })
			running.Wait()
			users, err := o.List(t.Context(), ana.Actor())
			if err != nil {
				t.Fatal(err)
			}
			active := 0
			for _, u := range users {
				if u.Active() {
					active++
				}
			}
			if active != 1 {
				t.Fatalf("%d administrators are left", active)
			}
			for _, u := range users {
				if _, err := o.Resume(t.Context(), from(ana), u.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestAudit(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		local := o.join(ana, "loc@example.com", access.Administrator, "varna")
		all, err := o.Audit(t.Context(), ana.Actor(), "", 100)
		if err != nil {
			t.Fatal(err)
		}
		want := []account.Entry{
			{Act: account.ActLinkUsed, Tenant: tenant, Property: "varna", Actor: local.ActorID(), User: local.ID, Address: desk, Detail: "invite"},
			{Act: account.ActInvited, Tenant: tenant, Property: "varna", Actor: ana.ActorID(), User: local.ID, Address: desk, Detail: "administrator"},
			{Act: account.ActLinkUsed, Tenant: tenant, Actor: ana.ActorID(), User: ana.ID, Address: desk, Detail: "first"},
			{Act: account.ActLinkMade, Tenant: tenant, Actor: "system:first_start", Detail: "first"},
		}
		if diff := cmp.Diff(want, all, cmpopts.IgnoreFields(account.Entry{}, "ID", "At")); diff != "" {
			t.Error(diff)
		}
		if !all[0].At.Equal(o.clock.Now()) {
			t.Errorf("it was at %v", all[0].At)
		}
		var paged []account.Entry
		for after := ""; ; after = paged[len(paged)-1].ID {
			page, err := o.Audit(t.Context(), ana.Actor(), after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
		}
		if diff := cmp.Diff(all, paged); diff != "" {
			t.Error(diff)
		}
		if acts := o.acts(local.Actor()); len(acts) != 2 {
			t.Errorf("who is confined sees %v", acts)
		}
		if acts := o.acts(innards.Actor{Tenant: "other", Rights: []innards.Right{"*"}}); len(acts) > 0 {
			t.Errorf("another tenant sees %v", acts)
		}
		if _, err := o.Audit(t.Context(), innards.Actor{Rights: []innards.Right{"*"}}, "", 3); !errors.Is(err, innards.ErrUnscoped) {
			t.Errorf("without a tenant: %v", err)
		}
	})
}

// Failed logins without an account, which anybody can make, are not kept for good.
func TestStrangersAreForgotten(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		for _, email := range []string{"nobody@example.com", ana.Email} {
			if _, err := o.Login(t.Context(), email, another, desk); !errors.Is(err, account.ErrCredentials) {
				t.Fatal(err)
			}
		}
		before := len(o.acts(ana.Actor()))
		o.clock.Advance(31 * 24 * time.Hour)
		if _, err := o.Forget(t.Context(), o.clock.Now(), 10); err != nil {
			t.Fatal(err)
		}
		left, err := o.Audit(t.Context(), ana.Actor(), "", 10)
		if err != nil || len(left) != before-1 || left[0].User != ana.ID {
			t.Errorf("%+v, %v", left, err)
		}
	})
}

func TestTokens(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		local := o.join(ana, "loc@example.com", access.Administrator, "varna")
		wide, text, err := o.IssueToken(t.Context(), from(ana), "channel manager", access.Integration, "")
		if err != nil || !strings.HasPrefix(text, "ink_"+wide.ID) {
			t.Fatalf("%q, %v", text, err)
		}
		narrow, _, err := o.IssueToken(t.Context(), from(local), "kiosk", access.FrontDesk, "varna")
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = o.IssueToken(t.Context(), from(local), " ", "king", "")
		for _, reason := range []innards.Reason{account.NameRequired, account.RoleInvalid, account.PropertyInvalid} {
			wantCode(t, err, reason)
		}
		for _, c := range []struct {
			a    innards.Actor
			want []access.Token
		}{{ana.Actor(), []access.Token{wide, narrow}}, {local.Actor(), []access.Token{narrow}}} {
			all, err := o.Tokens(t.Context(), c.a)
			if diff := cmp.Diff(c.want, all, cmpopts.SortSlices(func(a, b access.Token) bool { return a.Name < b.Name })); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
		}
		if err := o.RevokeToken(t.Context(), from(local), wide.ID); !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("revoking another's: %v", err)
		}
		if err := o.RevokeToken(t.Context(), from(ana), narrow.ID); err != nil {
			t.Error(err)
		}
		clerk := account.By{Actor: innards.Actor{ID: "user-1", Tenant: tenant, Rights: access.FrontDesk.Rights()}}
		_, _, err = o.IssueToken(t.Context(), clerk, "x", access.FrontDesk, "")
		wantCode(t, err, innards.NotPermitted)
		_, err = o.Tokens(t.Context(), clerk.Actor)
		wantCode(t, err, innards.NotPermitted)
		wantCode(t, o.RevokeToken(t.Context(), clerk, wide.ID), innards.NotPermitted)
		if acts := o.acts(ana.Actor()); acts[0] != account.ActTokenRevoked || acts[1] != account.ActTokenIssued {
			t.Errorf("it is noted as %v", acts)
		}
	})
}
