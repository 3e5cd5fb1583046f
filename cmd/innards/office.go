package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/letter"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/reservation"
)

// An office is what a house needs to be open to people: who works there, what is said to them and to guests, and the work that
// nobody waits for.
type office struct {
	*house
	log    *slog.Logger
	words  *words.Catalogue
	work   *workshop
	writer *letter.Writer
	staff  *account.Service
	url    string // where browsers reach the server, without a slash at the end
	links  portal.Links
	newID  innards.IDSource
}

// openOffice opens the office of a house that people reach at the address.
func (c serveCommand) openOffice(p *program, h *house, address string) (*office, error) {
	o := &office{house: h, log: p.logger(), url: strings.TrimSuffix(address, "/"), newID: innards.UUIDv7(time.Now, rand.Reader)}
	var err error
	if o.words, err = words.Load(); err != nil {
		return nil, err
	}
	o.links = portal.Links{Now: time.Now}
	if o.links.Key, err = database.Secret(p.ctx, h.db, "guest_links", rand.Reader); err != nil {
		return nil, err
	}
	o.work = c.newWorkshop(h, o.log)
	o.writer = &letter.Writer{Words: o.words, Records: h.store, Now: time.Now, Page: o.page, Desk: c.desk, Portal: o.links.At(o.url)}
	o.staff, err = o.newStaff(p, o.mailLink)
	return o, err
}

// newStaff returns the accounts; without mail, links are handed over by hand.
func (o *office) newStaff(p *program, mail func(context.Context, account.User, account.LinkKind, string) error) (*account.Service, error) {
	return account.NewService(account.Options{
		Store: database.NewAccounts(o.db), Tenant: p.Tenant, Now: time.Now, IDs: o.newID, Random: rand.Reader, Tokens: o.tokens,
		Mail: mail, Log: o.log,
	})
}

// desk returns who is told of what the staff should look at.
func (f *backgroundFlags) desk(context.Context, *reservation.Property) (address, language string, err error) {
	return f.StaffMail, "", nil
}

// page returns the address at which the staff sees a reservation.
func (o *office) page(r reservation.Reservation) string {
	return o.url + "/desk/" + url.PathEscape(r.Property) + "/reservations/" + url.PathEscape(r.ID)
}

// mailLink puts the mail in line that brings a user a link.
func (o *office) mailLink(ctx context.Context, to account.User, kind account.LinkKind, text string) error {
	m, err := o.writer.Account(to, kind, o.url+"/link/"+text)
	if err != nil {
		return err
	}
	if m.Key, err = o.newID(); err != nil {
		return err
	}
	return o.work.box.Queue(ctx, m)
}
