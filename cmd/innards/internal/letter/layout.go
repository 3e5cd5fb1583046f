package letter

import (
	netmail "net/mail"
	"strings"
	"unicode/utf8"

	"github.com/innards-go/innards/cmd/innards/internal/document"
	"github.com/innards-go/innards/cmd/innards/internal/words"
)

func greeting(say *words.Printer, name string) string {
	if name == "" {
		return say.Say("letter.greeting.nameless")
	}
	return say.Say("letter.greeting", "name", name)
}

// link returns an address with what it is, or nothing if there is none.
func link(what, url string) string {
	if url == "" {
		return ""
	}
	return what + "\n" + url
}

// address returns an address as mails have it.
func address(name, email string) string {
	a := netmail.Address{Name: name, Address: email}
	return a.String()
}

// oneLine keeps a text within one header field.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

const columns = 72 // of a line, in characters

// layOut returns paragraphs with blank lines between them, broken into lines. A new line within a paragraph is kept, and
// those that are empty are left out.
func layOut(paragraphs []string) string {
	var b strings.Builder
	for _, paragraph := range paragraphs {
		if paragraph == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		for part := range strings.SplitSeq(paragraph, "\n") {
			for _, l := range words.Wrap(part, func(l string) bool { return utf8.RuneCountInString(l) <= columns }) {
				b.WriteString(strings.ReplaceAll(l, "\u00a0", " ") + "\n")
			}
		}
	}
	return b.String()
}

// facts returns what was booked, one fact a line.
func facts(say *words.Printer, s document.Stay) string {
	var lines []string
	for _, f := range document.Facts(say, s) {
		if f.Value != "" {
			lines = append(lines, f.Label+": "+f.Value)
		}
	}
	return strings.Join(lines, "\n")
}

func sentences(all []string) string { return strings.Join(all, " ") }

func subject(say *words.Printer, of string, s document.Stay) string {
	return say.Say("letter."+of+".subject", "number", s.Reservation.Number, "hotel", s.Property.Name, "date", say.DateInText(s.Reservation.Arrival))
}
