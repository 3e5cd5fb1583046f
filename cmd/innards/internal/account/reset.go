package account

import "context"

// maxResets is how many requests for a new password wait at most.
const maxResets = 64

// A resetRequest waits for its mail.
type resetRequest struct{ email, address string }

// RequestReset asks for a mail with a link by which the account of the address gets a new password. It returns at once,
// whether there is such an account or not, so that nobody learns which; [*Throttled] after too many requests.
// [Service.ServeResets] does the rest.
func (s *Service) RequestReset(ctx context.Context, email, address string) error {
	email = NormalEmail(email)
	if err := s.throttle(ctx, s.resets, email, address, s.now()); err != nil {
		return err
	}
	select {
	case s.waiting <- resetRequest{email, address}:
		return nil
	default:
		return &Throttled{TriesWithin}
	}
}

// ServeResets makes links and mails them as they are asked for, until ctx ends; then it finishes what waits and returns.
func (s *Service) ServeResets(ctx context.Context) {
	work := context.WithoutCancel(ctx)
	for {
		select {
		case r := <-s.waiting:
			s.serveReset(work, r)
			continue
		case <-ctx.Done():
		}
		select {
		case r := <-s.waiting:
			s.serveReset(work, r)
		default:
			return
		}
	}
}

func (s *Service) serveReset(ctx context.Context, r resetRequest) {
	if err := s.sendReset(ctx, r); err != nil {
		s.log.ErrorContext(ctx, "mail for a new password failed", "error", err.Error())
	}
}

// sendReset mails a link if there is such an account. Who has not followed the invitation can do it with this link.
func (s *Service) sendReset(ctx context.Context, r resetRequest) error {
	user, err := s.find(ctx, r.email)
	if err != nil || user.ID == "" || user.SuspendedAt != nil || s.mail == nil {
		return err
	}
	_, err = s.sendLink(ctx, LinkReset, user, By{Address: r.address})
	return err
}

// sendLink makes a link for the user, mails it and returns its text.
func (s *Service) sendLink(ctx context.Context, kind LinkKind, u User, by By) (string, error) {
	link, text, err := s.newLink(kind, u.Tenant, u.ID)
	if err != nil {
		return "", err
	}
	e := entryOn(u, ActLinkMade, by.Actor.ID, by.Address)
	e.Detail = string(kind)
	if err := s.write(ctx, Change{Link: link}, e); err != nil {
		return "", err
	}
	return text, s.post(ctx, u, kind, text)
}

// post mails the text of a link, if the server can mail.
func (s *Service) post(ctx context.Context, u User, kind LinkKind, text string) error {
	if s.mail == nil {
		return nil
	}
	return s.mail(ctx, u, kind, text)
}
