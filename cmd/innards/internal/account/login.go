package account

import (
	"context"
	"errors"
	"time"

	"github.com/innards-go/innards"
)

// Login returns whom the address and password are of. It returns [ErrCredentials], after the same work, whether the
// account is not there, is suspended, or has another password; and [*Throttled] after too many tries, counting the login
// only if it fails. Then call [Sessions.Begin].
func (s *Service) Login(ctx context.Context, email, password, address string) (User, error) {
	email = NormalEmail(email)
	at := s.now()
	if err := s.throttle(ctx, s.logins, email, address, at); err != nil {
		return User{}, err
	}
	user, err := s.find(ctx, email)
	if err != nil {
		return User{}, err
	}
	ok, err := s.hasher.admits(ctx, user, password)
	if err != nil {
		return User{}, err
	}
	if !ok {
		return User{}, errors.Join(ErrCredentials, s.write(ctx, Change{}, s.attempt(user, ActLoginRefused, address)))
	}
	s.logins.giveBackBoth(email, address, at)
	return user, s.write(ctx, Change{}, entryOn(user, ActLogin, user.ActorID(), address))
}

// find returns the user with the address, the zero User if there is none.
func (s *Service) find(ctx context.Context, email string) (User, error) {
	if len(checkEmail(email)) > 0 {
		return User{}, nil
	}
	user, err := s.store.UserByEmail(ctx, email)
	if errors.Is(err, innards.ErrNotFound) {
		return User{}, nil
	}
	return user, err
}

// throttle returns [*Throttled] if there were too many tries, which is noted once.
func (s *Service) throttle(ctx context.Context, t *throttle, email, address string, at time.Time) error {
	wait, first := t.takeBoth(email, address, at)
	if wait == 0 {
		return nil
	}
	if first {
		user, err := s.find(ctx, email)
		if err == nil {
			err = s.write(ctx, Change{}, s.attempt(user, ActThrottled, address))
		}
		if err != nil {
			s.log.ErrorContext(ctx, "throttled tries are not noted", "address", address, "error", err.Error())
		}
	}
	return &Throttled{wait}
}

// attempt returns the entry of a try that failed, by nobody knows whom. What was typed is not kept: it may be a password.
func (s *Service) attempt(u User, act Act, address string) Entry {
	if u.ID == "" {
		u.Tenant = s.tenant
	}
	return entryOn(u, act, "", address)
}

// ChangePassword sets a new password of the actor, who has to know the present one, and ends all sessions. It returns the
// user for whom the caller then calls [Sessions.Begin]. A wrong password is counted as a failed login.
func (s *Service) ChangePassword(ctx context.Context, by By, old, password string) (User, error) {
	const command = "change_password"
	user, err := s.self(ctx, by.Actor)
	if err != nil {
		return User{}, err
	}
	if err := refuse(command, checkPassword(password, user)...); err != nil {
		return User{}, err
	}
	if err := s.confirm(ctx, command, user, old, by.Address); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	confirmed := user.PasswordHash
	err = s.change(ctx, command, func() (Change, Entry, error) {
		before, err := s.self(ctx, by.Actor)
		if err == nil && before.PasswordHash != confirmed {
			err = refuse(command, PasswordWrong.In("old"))
		}
		user = before.loggedOut()
		user.PasswordHash = hash
		e := entryOn(user, ActPasswordChanged, by.Actor.ID, by.Address)
		return Change{User: &user, Rests: before.Version, EndLinks: true}, e, err
	})
	return user, err
}

// confirm refuses a command unless the password is the user's.
func (s *Service) confirm(ctx context.Context, command string, u User, password, address string) error {
	at := s.now()
	if err := s.throttle(ctx, s.logins, u.Email, address, at); err != nil {
		return err
	}
	ok, err := s.hasher.admits(ctx, u, password)
	switch {
	case err != nil:
		return err
	case !ok:
		return errors.Join(refuse(command, PasswordWrong.In("old")), s.write(ctx, Change{}, s.attempt(u, ActLoginRefused, address)))
	}
	s.logins.giveBackBoth(u.Email, address, at)
	return nil
}

// self returns the user who the actor is, or [innards.ErrNotFound].
func (s *Service) self(ctx context.Context, a innards.Actor) (User, error) {
	id, ok := userID(a.ID)
	if !ok {
		return User{}, innards.ErrNotFound
	}
	user, err := s.store.User(ctx, id)
	if err == nil && !user.seenBy(a.Scope()) {
		return User{}, innards.ErrNotFound
	}
	return user, err
}
