package web

import (
	"strconv"

	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
)

// registerStaff adds the pages of those who say who has access: users, API tokens, and the record of both.
func (s *site) registerStaff(rt *router.Router) {
	manage := router.Needs(access.ManageAccess)
	s.get(rt, "/staff", manage, s.staff)
	s.get(rt, "/staff/new", manage, func(v *view) error { return v.show(sheetPage(v, v.staffSheet(account.User{}))) })
	s.post(rt, "/staff/new", manage, s.invite)
	s.get(rt, "/staff/{user}", manage, s.member)
	s.post(rt, "/staff/{user}", manage, s.amendMember)
	for _, c := range []struct {
		name string
		do   func(*view, string) error
	}{{"suspend", s.suspend}, {"resume", s.resume}, {"log-out", s.logOutMember}, {"invite", s.inviteAgain}} {
		s.post(rt, "/staff/{user}/"+c.name, manage, func(v *view) error { return c.do(v, v.r.PathValue("user")) })
	}
	s.get(rt, "/staff/record", manage, s.accessRecord)
	s.get(rt, "/tokens", manage, s.tokens)
	s.get(rt, "/tokens/new", manage, func(v *view) error { return v.show(sheetPage(v, v.tokenSheet())) })
	s.post(rt, "/tokens/new", manage, s.issueToken)
	s.post(rt, "/tokens/{token}/revoke", manage, s.revokeToken)
}

func (s *site) staff(v *view) error {
	users, err := s.Accounts.List(v.ctx(), v.visitor.Actor)
	if err != nil {
		return err
	}
	return v.show(staffPage(v, users))
}

// staffSheet asks for a member of the staff; a new one also for the e-mail.
func (v *view) staffSheet(u account.User) *sheet {
	in := &sheet{title: "staff.new", verb: "staff.invite", version: u.Version}
	if u.ID == "" {
		in.form.fields = []field{{name: "email", kind: kindEmail, required: true}}
	} else {
		in.title, in.verb, in.note = "staff.amend", "form.save", u.Email
	}
	in.form.fields = append(in.form.fields,
		field{name: "name", kind: kindText, required: true, value: u.Name},
		field{name: "role", kind: kindChoice, required: true, choices: choicesOf(v, "role", access.StaffRoles()), value: string(u.Role)},
		field{name: "property", kind: kindChoice, choices: v.propertyChoices(), value: u.Property},
		field{name: "language", kind: kindChoice, choices: languages(), value: u.Language})
	return in
}

func (v *view) propertyChoices() []choice {
	var list []choice
	for _, p := range v.properties {
		list = append(list, choice{p.ID, p.Name})
	}
	return list
}

func (s *sheet) profile() account.Profile {
	return account.Profile{Name: s.typed("name"), Role: access.Role(s.typed("role")), Property: s.typed("property"), Language: s.typed("language")}
}

func (s *site) invite(v *view) error {
	in := v.staffSheet(account.User{})
	link := ""
	ok, err := v.send(in, func() (err error) {
		_, link, err = s.Accounts.Invite(v.ctx(), v.by(), in.typed("email"), in.profile())
		return err
	})
	if !ok || err != nil {
		return err
	}
	return v.show(saidPage(v, "staff.new", v.say.Say("staff.invited"), s.PublicURL+"/link/"+link, "/staff", "nav.staff"))
}

func (s *site) inviteAgain(v *view, id string) error {
	link, err := s.Accounts.InviteAgain(v.ctx(), v.by(), id)
	if err != nil {
		return err
	}
	return v.show(saidPage(v, "staff.new", v.say.Say("staff.invited"), s.PublicURL+"/link/"+link, "/staff", "nav.staff"))
}

func (s *site) member(v *view) error {
	u, err := s.Accounts.User(v.ctx(), v.visitor.Actor, v.r.PathValue("user"))
	if err != nil {
		return err
	}
	return v.show(sheetPage(v, v.staffSheet(u)))
}

func (s *site) amendMember(v *view) error {
	u, err := s.Accounts.User(v.ctx(), v.visitor.Actor, v.r.PathValue("user"))
	if err != nil {
		return err
	}
	seen, err := strconv.ParseInt(v.r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return problem.New(problem.RequestInvalid, "the form is not whole: its version is missing")
	}
	in := v.staffSheet(u)
	ok, err := v.send(in, func() error {
		_, err := s.Accounts.Amend(v.ctx(), v.by(), u.ID, seen, in.profile())
		return err
	})
	if !ok || err != nil {
		return err
	}
	v.announce("done.staff")
	return v.redirect("/staff")
}

func (s *site) suspend(v *view, id string) error {
	_, err := s.Accounts.Suspend(v.ctx(), v.by(), id)
	return v.doneWith(err, "/staff", "done.staff")
}

func (s *site) resume(v *view, id string) error {
	_, err := s.Accounts.Resume(v.ctx(), v.by(), id)
	return v.doneWith(err, "/staff", "done.staff")
}

func (s *site) logOutMember(v *view, id string) error {
	_, err := s.Accounts.LogOutEverywhere(v.ctx(), v.by(), id)
	return v.doneWith(err, "/staff", "done.staff")
}

// doneWith goes on to a page and says there what was done, unless it failed.
func (v *view) doneWith(err error, at, said string) error {
	if err != nil {
		return err
	}
	v.announce(said)
	return v.redirect(at)
}

// recordRows is how much of the record of access one page shows.
const recordRows = 100

func (s *site) accessRecord(v *view) error {
	entries, err := s.Accounts.Audit(v.ctx(), v.visitor.Actor, v.query("after", ""), recordRows)
	if err != nil {
		return err
	}
	var actors []string
	for _, e := range entries {
		actors = append(actors, e.Actor, "user-"+e.User)
	}
	if v.names, err = s.Accounts.Names(v.ctx(), v.visitor.Actor.Scope(), actors); err != nil {
		return err
	}
	next := ""
	if len(entries) == recordRows {
		next = v.with("after", entries[len(entries)-1].ID)
	}
	return v.show(accessRecordPage(v, entries, next))
}

func (s *site) tokens(v *view) error {
	tokens, err := s.Accounts.Tokens(v.ctx(), v.visitor.Actor)
	if err != nil {
		return err
	}
	return v.show(tokensPage(v, tokens))
}

func (v *view) tokenSheet() *sheet {
	return &sheet{title: "tokens.new", verb: "tokens.issue", form: form{fields: []field{
		{name: "name", kind: kindText, required: true},
		{name: "role", kind: kindChoice, required: true, choices: choicesOf(v, "role", access.Roles()), value: string(access.Integration)},
		{name: "property", kind: kindChoice, choices: v.propertyChoices()},
	}}}
}

func (s *site) issueToken(v *view) error {
	in := v.tokenSheet()
	text := ""
	ok, err := v.send(in, func() (err error) {
		_, text, err = s.Accounts.IssueToken(v.ctx(), v.by(), in.typed("name"), access.Role(in.typed("role")), in.typed("property"))
		return err
	})
	if !ok || err != nil {
		return err
	}
	return v.show(saidPage(v, "tokens.new", v.say.Say("tokens.issued"), text, "/tokens", "nav.tokens"))
}

func (s *site) revokeToken(v *view) error {
	return v.doneWith(s.Accounts.RevokeToken(v.ctx(), v.by(), v.r.PathValue("token")), "/tokens", "done.token")
}

// propertyName returns how a property is called; that of all of them for "".
func (v *view) propertyName(id string) string {
	for _, p := range v.properties {
		if p.ID == id {
			return p.Name
		}
	}
	if id == "" {
		return v.say.Say("staff.all_properties")
	}
	return id
}
