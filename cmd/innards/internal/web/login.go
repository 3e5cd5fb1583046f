package web

import (
	"net/url"

	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/router"
)

// registerLogin adds the pages by which people come in and go out.
func (s *site) registerLogin(rt *router.Router) {
	s.get(rt, "/login", router.Public(), s.loginForm)
	s.post(rt, "/login", router.Public(), s.login)
	s.post(rt, "/logout", router.Public(), s.logout)
	s.get(rt, "/forgot", router.Public(), s.forgotForm)
	s.post(rt, "/forgot", router.Public(), s.forgot)
	s.get(rt, "/link/{link}", router.Public(), s.linkForm)
	s.post(rt, "/link/{link}", router.Public(), s.redeem)
	own := router.Needs(access.OwnAccount)
	s.get(rt, "/account", own, s.accountForm)
	s.post(rt, "/account", own, s.changePassword)
}

func loginSheet() *sheet {
	return &sheet{
		title: "account.login", verb: "account.login", also: map[string]string{"login.forgot": "/forgot"},
		form: form{fields: []field{{name: "email", kind: kindEmail, required: true, complete: "username"}, {name: "password", kind: kindSecret, required: true, complete: "current-password"}}},
	}
}

func (s *site) loginForm(v *view) error { return v.show(sheetPage(v, loginSheet())) }

func (s *site) login(v *view) error {
	in := loginSheet()
	var user account.User
	ok, err := v.send(in, func() (err error) {
		if user, err = s.Accounts.Login(v.ctx(), in.typed("email"), in.typed("password"), v.address()); err != nil {
			return err
		}
		return s.Sessions.Begin(v.ctx(), user)
	})
	if !ok || err != nil {
		return err
	}
	return v.redirect(local(v.query("next", "/desk"), "/desk"))
}

func (s *site) logout(v *view) error {
	if err := s.Sessions.End(v.ctx()); err != nil {
		return err
	}
	return v.redirect("/login")
}

func forgotSheet(v *view) *sheet {
	return &sheet{
		title: "login.forgot", verb: "login.send", note: v.say.Say("login.forgot.help"),
		form: form{fields: []field{{name: "email", kind: kindEmail, required: true, complete: "username"}}},
	}
}

func (s *site) forgotForm(v *view) error { return v.show(sheetPage(v, forgotSheet(v))) }

// forgot answers everybody alike, so that nobody learns who has an account.
func (s *site) forgot(v *view) error {
	in := forgotSheet(v)
	ok, err := v.send(in, func() error { return s.Accounts.RequestReset(v.ctx(), in.typed("email"), v.address()) })
	if !ok || err != nil {
		return err
	}
	return v.show(saidPage(v, "login.forgot", v.say.Say("login.sent"), "", "/login", "account.login"))
}

// linkSheet asks for what a link needs: a password, and for the first user also name and e-mail.
func (v *view) linkSheet() (*sheet, error) {
	link, user, err := v.Accounts.Link(v.ctx(), v.r.PathValue("link"))
	if err != nil {
		return nil, err
	}
	in := &sheet{title: "link." + string(link.Kind), verb: "link.set"}
	if link.Kind == account.LinkFirst {
		in.form.fields = []field{{name: "name", kind: kindText, required: true, complete: "name"}, {name: "email", kind: kindEmail, required: true, complete: "username"}}
	} else {
		in.note = user.Name + " · " + user.Email
	}
	in.form.fields = append(in.form.fields, field{name: "password", kind: kindSecret, required: true, complete: "new-password"})
	return in, nil
}

func (s *site) linkForm(v *view) error {
	in, err := v.linkSheet()
	if err != nil {
		return err
	}
	return v.show(sheetPage(v, in))
}

// redeem sets the password and logs its owner in.
func (s *site) redeem(v *view) error {
	in, err := v.linkSheet()
	if err != nil {
		return err
	}
	var user account.User
	ok, err := v.send(in, func() (err error) {
		given := account.Redemption{Password: in.typed("password"), Email: in.typed("email"), Name: in.typed("name")}
		if user, err = s.Accounts.Redeem(v.ctx(), v.r.PathValue("link"), given, v.address()); err != nil {
			return err
		}
		return s.Sessions.Begin(v.ctx(), user)
	})
	if !ok || err != nil {
		return err
	}
	return v.redirect("/desk")
}

func passwordSheet(v *view) *sheet {
	return &sheet{
		title: "account.title", verb: "account.change_password", note: v.visitor.Name + " · " + v.say.Say("role."+string(v.visitor.Role)),
		form: form{fields: []field{
			{name: "old", kind: kindSecret, required: true, complete: "current-password"},
			{name: "password", kind: kindSecret, required: true, complete: "new-password"},
		}},
	}
}

func (s *site) accountForm(v *view) error { return v.show(sheetPage(v, passwordSheet(v))) }

// changePassword ends all other sessions of the visitor and begins this one anew.
func (s *site) changePassword(v *view) error {
	in := passwordSheet(v)
	ok, err := v.send(in, func() error {
		user, err := s.Accounts.ChangePassword(v.ctx(), v.by(), in.typed("old"), in.typed("password"))
		if err != nil {
			return err
		}
		return s.Sessions.Begin(v.ctx(), user)
	})
	if !ok || err != nil {
		return err
	}
	v.announce("done.password")
	return v.redirect("/account")
}

// loginAddress returns where somebody who is not logged in is sent, to come back here.
func (v *view) loginAddress() string { return "/login?next=" + url.QueryEscape(v.r.URL.RequestURI()) }
