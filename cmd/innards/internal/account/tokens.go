package account

import (
	"context"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// Tokens returns the API tokens that the actor manages, by the time of their creation, with those that were revoked.
func (s *Service) Tokens(ctx context.Context, a innards.Actor) ([]access.Token, error) {
	if err := mayManage("list_tokens", a); err != nil {
		return nil, err
	}
	all, err := s.tokens.Tokens(ctx)
	return slices.DeleteFunc(all, func(t access.Token) bool { return !a.Scope().Sees(t.Tenant, t.Property, "") }), err
}

// IssueToken makes an API token of a name, role and property; empty: all of the tenant. It returns the token and the text
// that its holder sends, which cannot be had again.
func (s *Service) IssueToken(ctx context.Context, by By, name string, role access.Role, property string) (access.Token, string, error) {
	const command = "issue_token"
	if err := mayManage(command, by.Actor); err != nil {
		return access.Token{}, "", err
	}
	if err := refuse(command, append(checkName(name), checkGrant(by.Actor, access.Roles(), role, property)...)...); err != nil {
		return access.Token{}, "", err
	}
	token, text, err := access.Issue(access.Token{
		Name: name, Role: role, Tenant: by.Actor.Tenant, Property: property, CreatedAt: s.now().UTC(),
	}, s.random)
	if err == nil {
		err = s.tokens.AddToken(ctx, token)
	}
	if err == nil {
		err = s.noteToken(ctx, ActTokenIssued, by, token)
	}
	return token, text, err
}

// RevokeToken ends an API token that the actor manages, or returns [innards.ErrNotFound]. Servers take notice within
// [access.TokenLife].
func (s *Service) RevokeToken(ctx context.Context, by By, id string) error {
	if err := mayManage("revoke_token", by.Actor); err != nil {
		return err
	}
	token, err := s.tokens.Token(ctx, id)
	if err == nil && !by.Actor.Scope().Sees(token.Tenant, token.Property, "") {
		err = innards.ErrNotFound
	}
	if err != nil {
		return err
	}
	if err := s.tokens.RevokeToken(ctx, id, s.now().UTC()); err != nil {
		return err
	}
	return s.noteToken(ctx, ActTokenRevoked, by, token)
}

func (s *Service) noteToken(ctx context.Context, act Act, by By, t access.Token) error {
	return s.write(ctx, Change{}, Entry{
		Tenant: t.Tenant, Property: t.Property, Act: act, Actor: by.Actor.ID, Address: by.Address, Detail: t.ID,
	})
}
