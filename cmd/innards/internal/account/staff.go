package account

import (
	"context"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// A Profile is what can be said and amended of a user.
type Profile struct {
	Name string
	Role access.Role
	// Property confines the user to one property; empty: all of the tenant. That there is such a property is the caller's
	// to know.
	Property string
	Language string // BCP 47; empty: the browser's
}

// check returns what stands against the actor giving somebody the profile.
func (p Profile) check(a innards.Actor) []innards.Blocker {
	return slices.Concat(checkName(p.Name), checkGrant(a, access.StaffRoles(), p.Role, p.Property), checkLanguage(p.Language))
}

// give returns the user with the profile.
func (p Profile) give(u User) User {
	u.Name, u.Role, u.Property, u.Language = p.Name, p.Role, p.Property, p.Language
	return u
}

// changed returns the user in its next version.
func (u User) changed() User {
	u.Version++
	return u
}

// loggedOut returns the user in its next version, without any sessions.
func (u User) loggedOut() User {
	u.Stamp++
	return u.changed()
}

func firstAdministrator(tenant string, in Redemption) User {
	return Profile{Name: in.Name, Role: access.Administrator}.give(User{Tenant: tenant, Email: in.Email})
}

// newUser returns a user as it begins, unless the address is taken.
func (s *Service) newUser(ctx context.Context, command string, u User) (User, error) {
	u.Email = NormalEmail(u.Email)
	taken, err := s.find(ctx, u.Email)
	if err == nil && taken.ID != "" {
		err = refuse(command, EmailTaken.In("email"))
	}
	if err != nil {
		return u, err
	}
	u.ID, err = s.ids()
	u.CreatedAt, u.Version, u.Stamp = s.now().UTC(), 1, 1
	return u, err
}

// List returns the users whom the actor manages, by their names.
func (s *Service) List(ctx context.Context, a innards.Actor) ([]User, error) {
	if err := mayManage("list_users", a); err != nil {
		return nil, err
	}
	return s.store.Users(ctx, a.Scope())
}

// User returns a user: the actor itself, or one whom it manages; else [innards.ErrNotFound].
func (s *Service) User(ctx context.Context, a innards.Actor, id string) (User, error) {
	user, err := s.store.User(ctx, id)
	if err == nil && (!user.seenBy(a.Scope()) || user.ActorID() != a.ID && !a.May(access.ManageAccess)) {
		return User{}, innards.ErrNotFound
	}
	return user, err
}

// Names returns the names of users by how histories name them; whoever is no user of the tenant is left out.
func (s *Service) Names(ctx context.Context, scope innards.Scope, actors []string) (map[string]string, error) {
	var ids []string
	for _, a := range actors {
		if id, ok := userID(a); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	byID, err := s.store.Names(ctx, scope, slices.Compact(ids))
	names := make(map[string]string, len(byID))
	for id, name := range byID {
		names[User{ID: id}.ActorID()] = name
	}
	return names, err
}

// Invite makes a user and returns it with the text of the link by which it sets its password, which is also mailed. If the
// mail fails, the user and the text are there beside the error.
func (s *Service) Invite(ctx context.Context, by By, email string, p Profile) (User, string, error) {
	const command = "invite"
	if err := mayManage(command, by.Actor); err != nil {
		return User{}, "", err
	}
	if err := refuse(command, append(checkEmail(NormalEmail(email)), p.check(by.Actor)...)...); err != nil {
		return User{}, "", err
	}
	var user User
	var text string
	err := s.change(ctx, command, func() (Change, Entry, error) {
		var err error
		if user, err = s.newUser(ctx, command, p.give(User{Tenant: by.Actor.Tenant, Email: email})); err != nil {
			return Change{}, Entry{}, err
		}
		var link *Link
		link, text, err = s.newLink(LinkInvite, user.Tenant, user.ID)
		e := entryOn(user, ActInvited, by.Actor.ID, by.Address)
		e.Detail = string(user.Role)
		return Change{User: &user, Link: link}, e, err
	})
	if err != nil {
		return User{}, "", err
	}
	return user, text, s.post(ctx, user, LinkInvite, text)
}

// InviteAgain makes a new link for a user who has not followed the invitation; the one before ends. It is mailed and
// returned as by [Service.Invite].
func (s *Service) InviteAgain(ctx context.Context, by By, id string) (string, error) {
	user, err := s.managed(ctx, "invite_again", by.Actor, id)
	if err != nil {
		return "", err
	}
	if user.PasswordHash != "" {
		return "", refuse("invite_again", AlreadyJoined.Block())
	}
	return s.sendLink(ctx, LinkInvite, user, by)
}

// managed returns a user whom the actor manages, which is one whose rights it has itself.
func (s *Service) managed(ctx context.Context, command string, a innards.Actor, id string) (User, error) {
	if err := mayManage(command, a); err != nil {
		return User{}, err
	}
	user, err := s.User(ctx, a, id)
	if err == nil && !user.Role.Within(a) {
		err = refuse(command, innards.NotPermitted.Block())
	}
	return user, err
}

// Amend changes what is said of a user, if it still has the version expected; else it is refused for
// [innards.StaleVersion]. With another role or property, all sessions of the user end.
func (s *Service) Amend(ctx context.Context, by By, id string, expect int64, p Profile) (User, error) {
	const command = "amend"
	return s.manage(ctx, command, by, id, func(u User) (User, Act, error) {
		against := p.check(by.Actor)
		if u.Version != expect {
			against = append(against, innards.StaleVersion.Block())
		}
		moved := u.Role != p.Role || u.Property != p.Property
		after, act := p.give(u.changed()), ActAmended
		if moved {
			after, act = p.give(u.loggedOut()), ActRoleChanged
		}
		return after, act, refuse(command, against...)
	})
}

// manage changes a user whom the actor manages. If the decision is the same version, nothing is written. Somebody who can
// manage the access of all of the tenant always stays.
func (s *Service) manage(ctx context.Context, command string, by By, id string, decide func(User) (User, Act, error)) (User, error) {
	var after User
	err := s.change(ctx, command, func() (Change, Entry, error) {
		before, err := s.managed(ctx, command, by.Actor, id)
		if err != nil {
			return Change{}, Entry{}, err
		}
		var act Act
		if after, act, err = decide(before); err != nil {
			return Change{}, Entry{}, err
		}
		if after.Version == before.Version {
			return Change{}, Entry{}, errUnchanged
		}
		leaves := before.runs() && !after.runs()
		if leaves {
			err = s.checkOthersRun(ctx, command, before)
		}
		e := entryOn(after, act, by.Actor.ID, by.Address)
		e.Detail = string(after.Role)
		return Change{User: &after, Rests: before.Version, KeepAdministrator: leaves, EndLinks: after.SuspendedAt != nil}, e, err
	})
	return after, err
}

// checkOthersRun refuses a command if nobody but the user can manage the access of all of the tenant.
func (s *Service) checkOthersRun(ctx context.Context, command string, u User) error {
	users, err := s.store.Users(ctx, innards.Actor{Tenant: u.Tenant}.Scope())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(users, func(other User) bool { return other.ID != u.ID && other.runs() }) {
		return refuse(command, LastAdministrator.Block())
	}
	return nil
}
