// Package progress shows how far long work is: a bar on a terminal, plain lines anywhere else.
package progress

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/innards-go/innards"
)

// every is how far apart plain lines are.
const every = 5 * time.Second

// A Meter shows the progress of one piece of work. It belongs to one goroutine.
type Meter struct {
	w     io.Writer
	what  string
	unit  string
	total int64
	done  int64
	now   innards.Clock
	next  time.Time
	bar   *progressbar.ProgressBar
}

// New returns a meter for the work, such as "importing" of 5000 "bytes"; a total of -1 is not known.
func New(w io.Writer, now innards.Clock, what, unit string, total int64) *Meter {
	m := &Meter{w: w, what: what, unit: unit, total: total, now: now, next: now().Add(every)}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		m.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionSetItsString(unit), progressbar.OptionShowIts(),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	}
	return m
}

// Add says that n more are done.
func (m *Meter) Add(n int64) {
	m.done += n
	if m.bar != nil {
		_ = m.bar.Add64(n) // a bar that cannot be drawn stops no work
		return
	}
	if now := m.now(); !now.Before(m.next) {
		m.next = now.Add(every)
		if m.total >= 0 {
			_, _ = fmt.Fprintf(m.w, "%s: %d of %d %s\n", m.what, m.done, m.total, m.unit)
			return
		}
		_, _ = fmt.Fprintf(m.w, "%s: %d %s\n", m.what, m.done, m.unit)
	}
}

// Set says that n are done.
func (m *Meter) Set(n int64) { m.Add(n - m.done) }

// Close ends the bar.
func (m *Meter) Close() {
	if m.bar != nil {
		_ = m.bar.Finish()
	}
}
