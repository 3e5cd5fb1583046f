package account

import (
	"context"
)

// Suspend keeps a user from logging in and ends its sessions at once.
func (s *Service) Suspend(ctx context.Context, by By, id string) (User, error) {
	return s.manage(ctx, "suspend", by, id, func(u User) (User, Act, error) {
		if u.SuspendedAt == nil {
			now := s.now().UTC()
			u = u.loggedOut()
			u.SuspendedAt = &now
		}
		return u, ActSuspended, nil
	})
}

// Resume lets a user log in again.
func (s *Service) Resume(ctx context.Context, by By, id string) (User, error) {
	return s.manage(ctx, "resume", by, id, func(u User) (User, Act, error) {
		if u.SuspendedAt != nil {
			u = u.changed()
			u.SuspendedAt = nil
		}
		return u, ActResumed, nil
	})
}

// LogOutEverywhere ends all sessions of a user: of the actor itself, or of one whom it manages.
func (s *Service) LogOutEverywhere(ctx context.Context, by By, id string) (User, error) {
	decide := func(u User) (User, Act, error) { return u.loggedOut(), ActLoggedOut, nil }
	if self, ok := userID(by.Actor.ID); ok && self == id {
		return s.amendSelf(ctx, "log_out_everywhere", by, decide)
	}
	return s.manage(ctx, "log_out_everywhere", by, id, decide)
}

// SetLanguage sets the language of the actor (BCP 47); empty: the browser's.
func (s *Service) SetLanguage(ctx context.Context, by By, tag string) (User, error) {
	return s.amendSelf(ctx, "set_language", by, func(u User) (User, Act, error) {
		if u.Language != tag {
			u = u.changed()
			u.Language = tag
		}
		return u, ActAmended, refuse("set_language", checkLanguage(tag)...)
	})
}

// amendSelf changes the user who the actor is. If the decision is the same version, nothing is written.
func (s *Service) amendSelf(ctx context.Context, command string, by By, decide func(User) (User, Act, error)) (User, error) {
	var after User
	err := s.change(ctx, command, func() (Change, Entry, error) {
		before, err := s.self(ctx, by.Actor)
		if err != nil {
			return Change{}, Entry{}, err
		}
		var act Act
		if after, act, err = decide(before); err == nil && after.Version == before.Version {
			err = errUnchanged
		}
		return Change{User: &after, Rests: before.Version}, entryOn(after, act, by.Actor.ID, by.Address), err
	})
	return after, err
}
