// Package words speaks to people in their language: texts from catalogues, plural forms, dates and amounts. It is used by
// pages, mails and documents, so that all of them say the same.
package words

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed catalogue
var files embed.FS

// Languages returns the languages that are spoken, English first: it is what everybody gets whose own is not there.
func Languages() []language.Tag {
	return []language.Tag{language.English, language.Spanish, language.Danish, language.Bulgarian, language.Russian}
}

// A Catalogue holds the texts of all languages. It is safe for concurrent use.
type Catalogue struct {
	printers []*Printer // in the order of Languages
	matcher  language.Matcher
}

// Load reads the English texts, which everybody gets whose own language lacks one. Another language is read when somebody
// first speaks it, since a server that starts has more urgent things to do; that all can be read is tested.
func Load() (*Catalogue, error) {
	texts, err := read(language.English)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{matcher: language.NewMatcher(Languages())}
	for i, tag := range Languages() {
		p := &Printer{tag: tag, texts: func() map[string]text { return texts }}
		if i > 0 {
			p.english = c.printers[0]
			p.texts = sync.OnceValue(func() map[string]text {
				own, _ := read(tag) // without its own texts the language has the English ones
				return own
			})
		}
		c.printers = append(c.printers, p)
	}
	return c, nil
}

// read reads the files of a language. A text that is there twice is an error.
func read(tag language.Tag) (map[string]text, error) {
	folder := path.Join("catalogue", tag.String())
	entries, err := files.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("reading the texts of %s: %w", tag, err)
	}
	all := map[string]text{}
	for _, entry := range entries {
		content, err := files.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		var texts map[string]text
		if err := json.Unmarshal(content, &texts); err != nil {
			return nil, fmt.Errorf("reading the texts of %s/%s: %w", tag, entry.Name(), err)
		}
		for key, t := range texts {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("the text %s of %s is there twice", key, tag)
			}
			all[key] = t
		}
	}
	return all, nil
}

// In returns the printer of the first of the wanted languages that is spoken. Each may be a BCP 47 tag or the value of an
// Accept-Language field; what cannot be read is passed over.
func (c *Catalogue) In(wanted ...string) *Printer {
	var tags []language.Tag
	for _, w := range wanted {
		parsed, _, err := language.ParseAcceptLanguage(w)
		if err == nil {
			tags = append(tags, parsed...)
		}
	}
	_, i, _ := c.matcher.Match(tags...)
	return c.printers[i]
}

// A text is one form, or one for each plural category (CLDR), chosen by the argument "n".
type text struct {
	one   string
	forms map[string]string
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &t.one)
	}
	return json.Unmarshal(data, &t.forms)
}

// A Printer says things in one language.
type Printer struct {
	tag     language.Tag
	texts   func() map[string]text
	english *Printer // nil: it is English
}

// Language returns the language as a BCP 47 tag.
func (p *Printer) Language() string { return p.tag.String() }

// Has reports whether there is a text.
func (p *Printer) Has(key string) bool {
	_, ok := p.texts()[key]
	return ok
}

// Say returns the text with its placeholders filled: the arguments are names and values in turn, and {name} stands for the
// value. A text with plural forms is chosen by the argument "n", which is an int. A text that the
// language does not have is said in English; one that does not exist is shown by its key, which tests look for.
func (p *Printer) Say(key string, args ...any) string {
	t, ok := p.texts()[key]
	if !ok {
		return p.missing(key, args)
	}
	said := t.one
	if t.forms != nil {
		said = t.form(p.tag, args)
	}
	if len(args) == 0 {
		return said
	}
	var pairs []string
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), p.show(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(said)
}

// missing says in English what the language has no text for.
func (p *Printer) missing(key string, args []any) string {
	if p.english == nil {
		return "⟦" + key + "⟧"
	}
	return p.english.Say(key, args...)
}

func (t text) form(tag language.Tag, args []any) string {
	n := 0
	for i := 0; i+1 < len(args); i += 2 {
		if value, ok := args[i+1].(int); ok && args[i] == "n" {
			n = value
		}
	}
	names := map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}
	if said, ok := t.forms[names[plural.Cardinal.MatchPlural(tag, max(n, -n), 0, 0, 0, 0)]]; ok {
		return said
	}
	return t.forms["other"]
}
