// Package browsertest lets tests look at pages with the Chromium of the machine. Where there is none, tests are skipped, or fail if
// INNARDS_TEST_REQUIRE contains "chromium".
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// names of the program on the systems that have it.
var names = []string{"chromium", "chromium-browser", "google-chrome"}

// patience is how long a test may take with one page: a slow machine starts a browser in seconds.
const patience = 5 * time.Minute

// A Browser is one window with cookies of its own.
type Browser struct {
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string // what the console and the network say is wrong
	loaded   []Load
}

// A Load is something that a page has asked for.
type Load struct{ URL string }

// A Look is how a page is looked at.
type Look struct {
	Width, Height int64
	Dark          bool
	Language      string // BCP 47
}

// Desk is how a receptionist looks at a page, Phone how a guest does.
var (
	Desk  = Look{Width: 1280, Height: 800, Language: "en"}
	Phone = Look{Width: 390, Height: 844, Language: "en"}
)

// Open opens a window. It is closed when the test ends.
func Open(t testing.TB, look Look) *Browser {
	t.Helper()
	path := find()
	if path == "" {
		if slices.Contains(strings.Split(os.Getenv("INNARDS_TEST_REQUIRE"), ","), "chromium") {
			t.Fatal("there is no Chromium, and INNARDS_TEST_REQUIRE demands it")
		}
		t.Skip("there is no Chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("lang", look.Language), chromedp.Flag("disable-quic", true))
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	ctx, cancel := context.WithTimeout(ctx, patience)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // closes the browser, so that its folder can be removed
		cancel()
		stop()
		release()
	})
	b := &Browser{t: t, ctx: ctx}
	b.See(look)
	b.watch()
	return b
}

func find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// See changes how pages are looked at from now on.
func (b *Browser) See(look Look) {
	b.t.Helper()
	scheme := map[bool]string{false: "light", true: "dark"}[look.Dark]
	b.do(chromedp.EmulateViewport(look.Width, look.Height))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	b.must(err)
	_, err = chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Language": look.Language},
	})
	b.must(err)
}

// watch notes what goes wrong in pages, and what they load.
func (b *Browser) watch() {
	b.t.Helper()
	b.must(chromedp.Listen(b.ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError {
				b.problems = append(b.problems, e.Entry.Text+" "+e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.problems = append(b.problems, e.ExceptionDetails.Text)
		case *network.EventRequestWillBeSent:
			b.loaded = append(b.loaded, Load{e.Request.URL})
		}
	}))
}

// Problems returns what went wrong in pages so far, and forgets it.
func (b *Browser) Problems() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.problems = nil }()
	return b.problems
}

// Loaded returns what pages have asked for so far, and forgets it.
func (b *Browser) Loaded() []Load {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.loaded = nil }()
	return b.loaded
}

func (b *Browser) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *Browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, steps...))
}

// Go opens an address and waits until the page is there.
func (b *Browser) Go(url string) { b.t.Helper(); b.do(chromedp.Navigate(url)) }

// Click presses what the CSS selector finds, and waits for the page that it leads to.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	_, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(selector)))
	b.must(err)
}

// Swap presses what the CSS selector finds, and waits until what another finds is in the page.
func (b *Browser) Swap(selector, until string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)), chromedp.WaitVisible(chromedp.CSS(until)))
}

// Await waits until what the CSS selector finds can be seen.
func (b *Browser) Await(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Type writes into the input that the CSS selector finds, in place of what was there.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS(selector)))
	Evaluate[any](b, `document.activeElement.value = ""; null`)
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Choose sets the value of a select or a date, as a person would choose it.
func (b *Browser) Choose(selector, value string) {
	b.t.Helper()
	b.do(chromedp.SetValue(chromedp.CSS(selector), value))
}

// Press presses keys, with nothing said about where.
func (b *Browser) Press(keys string) { b.t.Helper(); b.do(chromedp.KeyEvent(keys)) }

// Shortcut presses a key with a letter. Unlike with [Browser.Press], the page can keep the letter from being typed.
func (b *Browser) Shortcut(letter string) {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		p := input.DispatchKeyEventParams{Type: kind, Key: letter}
		if kind == input.DispatchKeyEventTypeKeyDown {
			p.Text = letter
		}
		_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, p)
		b.must(err)
	}
}

// Submit presses keys that lead to another page, and waits for it.
func (b *Browser) Submit(keys string) {
	b.t.Helper()
	_, err := chromedp.RunResponse(b.ctx, chromedp.KeyEvent(keys))
	b.must(err)
}

// Text returns the text of what the CSS selector finds.
func (b *Browser) Text(selector string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS(selector)))
	b.must(err)
	return text
}

// Value returns what is typed in the input that the CSS selector finds.
func (b *Browser) Value(selector string) string {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Value(chromedp.CSS(selector)))
	b.must(err)
	return value
}

// At returns the address of the page.
func (b *Browser) At() string {
	b.t.Helper()
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	b.must(err)
	return at
}

// Evaluate returns what a JavaScript expression says, waiting for a promise.
func Evaluate[T any](b *Browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	b.must(err)
	return value
}

// View returns what can be seen of the page without scrolling, as a PNG.
func (b *Browser) View() []byte {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	b.must(err)
	return picture
}
