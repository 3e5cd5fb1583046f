package web

import (
	"bytes"
	"io"

	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/cmd/innards/internal/words"
)

// A pdf writes a document about a reservation, in a language.
type pdf func(w io.Writer, p *words.Printer, s document.Stay) error

// document makes a PDF in the guest's language, or in the one that the address asks for.
func (s *site) document(name string, write pdf) handler {
	return func(v *view) error {
		r, err := v.reservation(v.r.PathValue("reservation"))
		if err != nil {
			return err
		}
		say := s.Words.In(v.query("language", ""), r.Guest.Language, v.say.Language())
		var b bytes.Buffer
		if err := write(&b, say, document.Stay{Property: v.property, Reservation: r, At: s.Now()}); err != nil {
			return err
		}
		h := v.w.Header()
		h.Set("Content-Type", "application/pdf")
		h.Set("Content-Language", say.Language())
		h.Set("Content-Disposition", `inline; filename="`+name+"-"+r.Number+`.pdf"`)
		_, _ = v.w.Write(b.Bytes()) // a visitor who has gone needs none
		return nil
	}
}
