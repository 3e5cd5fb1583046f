package document

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"github.com/innards-go/innards/cmd/innards/internal/words"
)

// Everything stands on a grid of 8 points: an A4 page is 595 by 842 points.
const (
	unit   = 8.0
	left   = 8 * unit
	width  = 58 * unit
	right  = left + width
	top    = 8 * unit
	bottom = 97 * unit // nothing is written below, but the foot
	foot   = 100 * unit
	labels = 20 * unit // the width of the column of names
	line   = 2 * unit
)

// A style is a font and its size.
type style struct {
	weight string // "" or "B"
	size   float64
}

var (
	regular = style{"", 10}
	bold    = style{"B", 10}
	small   = style{"", 8.5}
	title   = style{"B", 20}
)

// A shade of grey, 0 to 255.
type shade int

const (
	black shade = 24
	grey  shade = 104
	pale  shade = 200
)

// A page is the paper that is written on, from the top down.
type page struct {
	pdf  *fpdf.Fpdf
	say  *words.Printer
	stay Stay
	font *sfnt.Font
	y    float64 // the last base line
}

const family = "Go"

// open returns a document with its title at the top.
func open(p *words.Printer, s Stay, titleKey string) (*page, error) {
	font, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the font: %w", err)
	}
	g := &page{pdf: fpdf.New("P", "pt", "A4", ""), say: p, stay: s, font: font}
	g.describe(titleKey)
	g.turn()
	issued := p.Say("document.issued", "date", p.DateInText(s.Property.Today(s.At)))
	g.text(left, top, bold, black, g.clip(bold, s.Property.Name, 34*unit))
	g.textRight(right, top, small, grey, issued)
	g.y = top + 6*unit
	g.text(left, g.y, title, black, p.Say(titleKey))
	return g, nil
}

// describe sets what the file says of itself, and whatever would depend on the moment or on chance.
func (g *page) describe(titleKey string) {
	g.pdf.AddUTF8FontFromBytes(family, "", goregular.TTF)
	g.pdf.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	g.pdf.SetAutoPageBreak(false, 0)
	g.pdf.SetCatalogSort(true)
	g.pdf.SetCompression(true)
	g.pdf.SetCreationDate(g.stay.At.UTC())
	g.pdf.SetModificationDate(g.stay.At.UTC())
	g.pdf.SetProducer("Innards", false)
	g.pdf.SetCreator("Innards", false)
	g.pdf.SetLang(g.say.Language())
	g.pdf.SetTitle(g.say.Say(titleKey)+" "+g.stay.Reservation.Number, true)
	g.pdf.SetAuthor(g.stay.Property.Name, true)
	g.pdf.SetLineWidth(0.5)
}

// turn begins a new page.
func (g *page) turn() {
	g.pdf.AddPage()
	g.y = top
	r := &g.stay.Reservation
	g.text(left, foot, small, grey, g.clip(small, g.stay.Property.Name+" · "+g.say.Say("document.number")+" "+r.Number, 46*unit))
	g.textRight(right, foot, small, grey, g.say.Say("document.page", "page", strconv.Itoa(g.pdf.PageNo())))
}

// down moves to a base line further down, on the next page if there is no room for it.
func (g *page) down(by float64) {
	if g.y += by; g.y > bottom {
		g.turn()
	}
}

func (g *page) space(lines int) { g.y += float64(lines) * line }

// section begins a part, if need be on a new page, so that its name is not left alone.
func (g *page) section(key string, args ...any) {
	if g.y += 5 * unit; g.y+4*line > bottom {
		g.turn()
	}
	g.text(left, g.y, bold, black, g.say.Say(key, args...))
	g.rule()
}

// rule draws a line below what was written last.
func (g *page) rule() {
	g.y += unit
	g.stroke(left, right, g.y, pale)
}

func (g *page) stroke(from, to, y float64, of shade) {
	g.pdf.SetDrawColor(int(of), int(of), int(of))
	g.pdf.Line(from, y, to, y)
}

// facts writes names and values.
func (g *page) facts(all []Fact) {
	for _, f := range all {
		g.fact(f)
	}
}

func (g *page) fact(f Fact) {
	for i, text := range orBlank(g.wrap(regular, f.Value, width-labels)) {
		g.down(line)
		if i == 0 {
			g.text(left, g.y, regular, grey, f.Label)
		}
		g.text(left+labels, g.y, regular, black, text)
	}
}

// blanks writes names and values with room to write by hand, and a line in the place of values that are not known.
func (g *page) blanks(all []Fact) {
	for _, f := range all {
		g.fact(f)
		if f.Value == "" {
			g.stroke(left+labels, right, g.y+unit/4, grey)
		}
		g.y += unit
	}
}

// columns writes a text, and two amounts at the right edge.
func (g *page) columns(s style, of shade, text, each, sum string) {
	for i, part := range orBlank(g.wrap(s, text, 34*unit)) {
		g.down(line)
		g.text(left, g.y, s, of, part)
		if i == 0 {
			g.textRight(right-11*unit, g.y, s, of, each)
			g.textRight(right, g.y, s, of, sum)
		}
	}
}

// orBlank returns the lines, or one without text if there are none.
func orBlank(lines []string) []string {
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// sentences writes each on a line of its own, or more.
func (g *page) sentences(all []string) {
	for _, sentence := range all {
		for _, text := range g.wrap(regular, sentence, width) {
			g.down(line)
			g.text(left, g.y, regular, black, text)
		}
	}
}

// note writes what is said by the way.
func (g *page) note(text string) {
	g.y += unit
	for _, part := range g.wrap(small, text, width) {
		g.down(line)
		g.text(left, g.y, small, grey, part)
	}
}

// signatures leaves room to sign, with lines named below, side by side.
func (g *page) signatures(names ...string) {
	if g.y+8*unit > bottom {
		g.turn()
	}
	g.y += 8 * unit
	gap := 3 * unit
	each := (width - gap*float64(len(names)-1)) / float64(len(names))
	for i, name := range names {
		x := left + float64(i)*(each+gap)
		g.stroke(x, x+each, g.y, grey)
		g.text(x, g.y+line, small, grey, name)
	}
	g.y += line
}

func (g *page) text(x, y float64, s style, of shade, text string) {
	if text == "" {
		return
	}
	g.pdf.SetFont(family, s.weight, s.size)
	g.pdf.SetTextColor(int(of), int(of), int(of))
	g.pdf.Text(x, y, g.drawable(text))
}

func (g *page) textRight(x, y float64, s style, of shade, text string) {
	g.text(x-g.width(s, text), y, s, of, text)
}

func (g *page) width(s style, text string) float64 {
	g.pdf.SetFont(family, s.weight, s.size)
	return g.pdf.GetStringWidth(g.drawable(text))
}

// drawable returns the text with what the font can show: it has Latin, Greek and Cyrillic letters. Others become boxes.
// Spaces are all of one kind, since the font has one shape for all of them.
func (g *page) drawable(text string) string {
	var b strings.Builder
	var buf sfnt.Buffer
	for _, r := range norm.NFC.String(text) {
		if r == '\u00a0' || r == '\u202f' {
			r = ' '
		}
		if index, err := g.font.GlyphIndex(&buf, r); r > 0xffff || err != nil || index == 0 {
			r = '□'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// wrap breaks a text into lines of at most the width. A word that is too long goes on in the next line.
func (g *page) wrap(s style, text string, most float64) (lines []string) {
	fits := func(l string) bool { return g.width(s, l) <= most }
	for _, l := range words.Wrap(text, fits) {
		for !fits(l) {
			head := g.clip(s, l, most)
			if head == "" {
				break
			}
			lines, l = append(lines, head), l[len(head):]
		}
		lines = append(lines, l)
	}
	return lines
}

// clip returns as much of the beginning of a text as is not wider.
func (g *page) clip(s style, text string, most float64) string {
	for text != "" && g.width(s, text) > most {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// close writes the document out.
func (g *page) close(w io.Writer) error {
	if err := g.pdf.Output(w); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}
	return nil
}
