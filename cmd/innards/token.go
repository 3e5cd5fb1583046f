package main

import (
	"crypto/rand"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/access"
)

type tokenCreate struct {
	Role     string `required:"" enum:"administrator,front_desk,accounting,operator,integration" help:"What its holder may do: administrator, front_desk, accounting, operator or integration."`
	Name     string `help:"What it is for."`
	Property string `help:"Confine it to one property."`
}

// Run prints the new token as its last line.
func (c tokenCreate) Run(p *program) error {
	return p.withHouse(func(h *house) error {
		text, err := p.issue(h, access.Role(c.Role), c.Name, c.Property)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "The token of the role %s. It cannot be shown again.\n%s\n", c.Role, text)
		return err
	})
}

// issue makes a token and returns its text.
func (p *program) issue(h *house, role access.Role, name, property string) (string, error) {
	if property != "" {
		if _, err := h.service.Property(p.ctx, p.operator("token"), property); err != nil {
			return "", fmt.Errorf("property %q: %w", property, err)
		}
	}
	token, text, err := access.Issue(access.Token{
		Name: name, Role: role, Tenant: p.Tenant, Property: property, CreatedAt: time.Now().UTC(),
	}, rand.Reader)
	if err != nil {
		return "", err
	}
	return text, h.tokens.AddToken(p.ctx, token)
}

type tokenList struct{}

// Run prints all tokens, without their secrets.
func (tokenList) Run(p *program) error {
	return p.within(toLook, func(h *house) error {
		tokens, err := h.tokens.Tokens(p.ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tROLE\tTENANT\tPROPERTY\tCREATED\tREVOKED\tNAME")
		for _, t := range tokens {
			property, revoked := "all", "-"
			if t.Property != "" {
				property = t.Property
			}
			if t.RevokedAt != nil {
				revoked = t.RevokedAt.Format(time.RFC3339)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Role, t.Tenant, property, t.CreatedAt.Format(time.RFC3339), revoked, t.Name)
		}
		return w.Flush()
	})
}

type tokenRevoke struct {
	ID string `arg:"" help:"Id of the token, the middle part of it."`
}

// Run ends a token.
func (c tokenRevoke) Run(p *program) error {
	return p.within(toLook, func(h *house) error {
		if err := h.tokens.RevokeToken(p.ctx, c.ID, time.Now()); err != nil {
			return fmt.Errorf("token %q: %w", c.ID, err)
		}
		_, err := fmt.Fprintf(p.stdout, "Token %s is revoked. Servers that run take notice within %v.\n", c.ID, access.TokenLife)
		return err
	})
}
