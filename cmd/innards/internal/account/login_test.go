package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
)

func TestLogin(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		ben := o.join(ana, "ben@example.com", access.FrontDesk, "")
		if _, err := o.Suspend(t.Context(), from(ana), ben.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.Invite(t.Context(), from(ana), "cy@example.com", account.Profile{Name: "Cy", Role: access.Operator}); err != nil {
			t.Fatal(err)
		}
		for i, c := range []struct {
			name, email, password string
			ok                    bool
		}{
			{"right", "ana@example.com", password, true},
			{"spelled otherwise", "ANA@example.com ", password, true},
			{"wrong password", "ana@example.com", another, false},
			{"no password", "ana@example.com", "", false},
			{"unknown account", "dan@example.com", password, false},
			{"suspended", "ben@example.com", password, false},
			{"not joined", "cy@example.com", "", false},
			{"not an address", "\x00", password, false},
		} {
			user, err := o.Login(t.Context(), c.email, c.password, fmt.Sprintf("192.0.2.%d", i))
			switch {
			case c.ok && (err != nil || user.ID != ana.ID):
				t.Errorf("%s: %+v, %v", c.name, user, err)
			case !c.ok && (!errors.Is(err, account.ErrCredentials) || err.Error() != account.ErrCredentials.Error() || user.ID != ""):
				t.Errorf("%s: %+v, %v", c.name, user, err)
			}
		}
		want := []account.Act{"login_refused", "login_refused", "login_refused", "login_refused", "login_refused", "login_refused", "login", "login"}
		if diff := cmp.Diff(want, o.acts(ana.Actor())[:len(want)]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLoginIsThrottledByAccount(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		for _, email := range []string{ana.Email, "nobody@example.com"} {
			try := func(i int, password string) error {
				_, err := o.Login(t.Context(), email, password, fmt.Sprintf("192.0.2.%d", i))
				return err
			}
			for i := range account.MaxTries {
				if err := try(i, another); !errors.Is(err, account.ErrCredentials) {
					t.Fatalf("%s: %v", email, err)
				}
				o.clock.Advance(time.Second)
			}
			for i := range 3 { // also with the right password
				late, ok := errors.AsType[*account.Throttled](try(100+i, password))
				if !ok || late.RetryAfter != account.TriesWithin-account.MaxTries*time.Second {
					t.Errorf("%s: try again after %v", email, late)
				}
			}
			acts := o.acts(ana.Actor())
			if acts[0] != account.ActThrottled || acts[1] != account.ActLoginRefused {
				t.Errorf("%s: it is noted as %v", email, acts)
			}
			o.clock.Advance(account.TriesWithin - account.MaxTries*time.Second)
			if err := try(200, another); !errors.Is(err, account.ErrCredentials) {
				t.Errorf("%s, later: %v", email, err)
			}
			o.clock.Advance(time.Hour)
		}
	})
}

func TestLoginIsThrottledByAddress(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		login := func(email, password, address string) error {
			_, err := o.Login(t.Context(), email, password, address)
			return err
		}
		for range 2 * account.MaxTries { // a whole shift behind one address
			if err := login(ana.Email, password, "2001:db8::1"); err != nil {
				t.Fatal(err)
			}
		}
		for i := range account.MaxTries {
			if err := login(fmt.Sprintf("user%d@example.com", i), another, fmt.Sprintf("2001:db8::%d", i)); !errors.Is(err, account.ErrCredentials) {
				t.Fatal(err)
			}
		}
		if _, ok := errors.AsType[*account.Throttled](login(ana.Email, password, "2001:db8::ffff")); !ok {
			t.Error("the network is not throttled")
		}
		if err := login(ana.Email, password, "2001:db8:0:1::1"); err != nil {
			t.Errorf("from another network: %v", err)
		}
	})
}

func TestChangePassword(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		change := func(old, new string) (account.User, error) { return o.ChangePassword(t.Context(), from(ana), old, new) }
		_, err := change(another, "a quite new password")
		wantCode(t, err, account.PasswordWrong)
		_, err = change(password, "short")
		wantCode(t, err, account.PasswordLength)

		after, err := change(password, another)
		if err != nil || after.Stamp != ana.Stamp+1 || after.Version != ana.Version+1 {
			t.Fatalf("%+v, %v", after, err)
		}
		if _, err := o.Login(t.Context(), ana.Email, another, desk); err != nil {
			t.Error(err)
		}
		if _, err := o.Login(t.Context(), ana.Email, password, desk); !errors.Is(err, account.ErrCredentials) {
			t.Errorf("the old password: %v", err)
		}
		_, err = o.ChangePassword(t.Context(), account.By{Actor: innards.Actor{ID: "token-1", Tenant: tenant}}, another, password)
		if !errors.Is(err, innards.ErrNotFound) {
			t.Errorf("of a token: %v", err)
		}
		for range account.MaxTries {
			_, err = change(password, another)
		}
		if _, ok := errors.AsType[*account.Throttled](err); !ok {
			t.Errorf("after many wrong tries: %v", err)
		}
	})
}

// A password that was reset meanwhile is not overwritten by who knew the one before.
func TestChangePasswordRace(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		o.hooks = append(o.hooks, func() {
			if _, err := o.ChangePassword(t.Context(), from(ana), password, another); err != nil {
				t.Error(err)
			}
		})
		_, err := o.ChangePassword(t.Context(), from(ana), password, "the second to come")
		wantCode(t, err, account.PasswordWrong)
	})
}

func TestPasswords(t *testing.T) {
	onEach(t, func(t *testing.T, o *office) {
		ana := o.ana()
		for _, c := range []struct {
			password string
			reason   innards.Reason
		}{
			{"elevenchars", account.PasswordLength},
			{strings.Repeat("ab", 64) + "c", account.PasswordLength},
			{"ana@example.com", account.PasswordEasy},
			{"Administrator", account.PasswordEasy},
			{"PASSWORD1234", account.PasswordEasy},
			{"ёёёёёёёёёёёё", account.PasswordEasy},
			{"not utf-8 \xff\xff\xff", innards.TextInvalid},
		} {
			_, err := o.ChangePassword(t.Context(), from(ana), password, c.password)
			wantCode(t, err, c.reason)
		}
		for _, fine := range []string{"twelve chars", strings.Repeat("ab", 64), "дванадесет думи", "Zu\u0308rich bei Nacht"} {
			user, err := o.ChangePassword(t.Context(), from(ana), password, fine)
			if err != nil {
				t.Fatalf("%q: %v", fine, err)
			}
			if _, err = o.ChangePassword(t.Context(), from(user), strings.ReplaceAll(fine, "u\u0308", "ü"), password); err != nil {
				t.Errorf("%q, composed: %v", fine, err)
			}
		}
	})
}
