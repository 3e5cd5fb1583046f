package innards_test

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/innards-go/innards"
)

type ones struct{}

func (ones) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	return len(p), nil
}

func still(at time.Time) innards.Clock { return func() time.Time { return at } }

// The time of the example in RFC 9562, appendix A.6.
func TestUUIDv7Form(t *testing.T) {
	at := instant(t, "2022-02-22T19:22:22Z")
	for _, tc := range []struct {
		random io.Reader
		want   []string
	}{
		{ones{}, []string{"017f22e2-79b0-7000-bfff-ffffffffffff", "017f22e2-79b0-7001-bfff-ffffffffffff"}},
		{bytes.NewReader(make([]byte, 16)), []string{"017f22e2-79b0-7000-8000-000000000000", "017f22e2-79b0-7001-8000-000000000000"}},
	} {
		next := innards.UUIDv7(still(at), tc.random)
		for _, want := range tc.want {
			if got, err := next(); err != nil || got != want {
				t.Errorf("id is %s, %v, want %s", got, err, want)
			}
		}
	}
}

func TestUUIDv7UsesAllRandomBytes(t *testing.T) {
	random := bytes.NewReader([]byte{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0})
	got, err := innards.UUIDv7(still(time.UnixMilli(1)), random)()
	if want := "00000000-0001-7000-9234-56789abcdef0"; err != nil || got != want {
		t.Errorf("id is %s, %v, want %s", got, err, want)
	}
}

func TestUUIDv7StaysInOrder(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	next := innards.UUIDv7(func() time.Time { return now }, ones{})
	last := ""
	for i := range 10_000 { // more than the counter holds in one millisecond
		switch i {
		case 6_000:
			now = now.Add(-time.Hour) // the clock is set back
		case 8_000:
			now = now.Add(2 * time.Hour)
		}
		id, err := next()
		if err != nil || id <= last {
			t.Fatalf("id %d is %s after %s, %v", i, id, last, err)
		}
		last = id
	}
	if !strings.HasPrefix(last, "018bd01c-") { // an hour ahead
		t.Errorf("the last id is %s, the clock does not count", last)
	}
}

func TestUUIDv7Failure(t *testing.T) {
	next := innards.UUIDv7(still(time.UnixMilli(0)), iotest.ErrReader(io.ErrClosedPipe))
	if id, err := next(); !errors.Is(err, io.ErrClosedPipe) || id != "" {
		t.Errorf("id is %q, %v", id, err)
	}
	if id, err := innards.UUIDv7(still(time.UnixMilli(0)), bytes.NewReader(make([]byte, 7)))(); err == nil {
		t.Errorf("of too few random bytes the id is %q", id)
	}
}

func TestUUIDv7ForManyCallers(t *testing.T) {
	next := innards.UUIDv7(still(time.UnixMilli(0)), ones{})
	var mu sync.Mutex
	seen := map[string]bool{}
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				id, err := next()
				mu.Lock()
				if err != nil || seen[id] || !form.MatchString(id) {
					t.Errorf("id is %s, %v, seen before %v", id, err, seen[id])
				}
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 4000 {
		t.Errorf("%d ids, want 4000", len(seen))
	}
}
