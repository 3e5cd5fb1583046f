package letter

import (
	"cmp"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/words"
)

// Account returns the mail that brings a user the link: an invitation or what a new password needs. Its key is for the
// caller to set. For a kind of link that is not mailed it returns an [UnknownTemplate].
func (w *Writer) Account(to account.User, kind account.LinkKind, url string) (mail.Mail, error) {
	say := w.Words.In(to.Language, w.Language)
	key := "letter.account." + string(kind)
	if !say.Has(key + ".subject") {
		return mail.Mail{}, &UnknownTemplate{Template: key}
	}
	house := cmp.Or(w.House, "Innards")
	return mail.Mail{
		Kind: "account_" + string(kind), Tenant: to.Tenant, To: address(to.Name, to.Email), Language: say.Language(),
		Subject: oneLine(say.Say(key+".subject", "house", house)),
		Text: layOut([]string{
			greeting(say, to.Name), link(say.Say(key+".text", "house", house), url), life(say, kind.Life()),
			say.Say(key + ".unasked"), say.Say("letter.closing") + "\n" + house,
		}),
	}, nil
}

// life says how long a link can be used.
func life(say *words.Printer, long time.Duration) string {
	const day = 24 * time.Hour
	if long >= day && long%day == 0 {
		return say.Say("letter.account.days", "n", int(long/day))
	}
	return say.Say("letter.account.hours", "n", int(long/time.Hour))
}
