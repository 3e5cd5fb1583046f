package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/internal/command"
)

// The tests count guests in a room: enter and leave are its commands, and a full room refuses, unless by right.

type facts struct {
	innards.Head
	guests int
}

func (f *facts) Record() *innards.Head { return &f.Head }

type change struct {
	innards.Entry
	guests  int
	private any
	broken  any // cannot be encoded
}

func (c *change) Common() *innards.Entry { return &c.Entry }

func (c *change) Seal() (receipt, any, any, error) {
	if c.guests == 13 {
		return receipt{}, nil, nil, errUnlucky
	}
	payload := map[string]any{"guests": c.guests}
	if c.broken != nil {
		payload["broken"] = c.broken
	}
	return receipt{Guests: c.guests}, payload, c.private, nil
}

var errUnlucky = errors.New("unlucky")

type receipt struct {
	Guests   int
	Replayed bool
}

type enter struct {
	N      int
	Who    string
	Broken bool
}

func (enter) Name() string { return "enter" }

func (e enter) Plan(f *facts, c *change) []innards.Blocker {
	c.guests = f.guests + e.N
	if e.Who != "" {
		c.private = map[string]string{"name": e.Who}
	}
	if e.Broken {
		c.broken = make(chan int)
	}
	if c.guests > 3 {
		return []innards.Blocker{full.Block(), full.Block()}
	}
	return nil
}

var full = innards.Reason{Code: "full", Kind: innards.KindState, Text: "the room is full", Right: "override.crowd"}

type state string

// A room is a domain with one record in memory.
type room struct {
	command.Domain[*facts, *change, receipt]
	stored  facts
	answers map[string]innards.Answer
	events  []innards.Event
	outbox  []innards.Message
	fail    []error // of the commits to come; a failure after the write is wrapped in after
	reads   int
	readErr error
}

// after is a failure that comes when the change is written already.
type after struct{ error }

func newRoom(t *testing.T) *room {
	t.Helper()
	axis := innards.Axis[state, *facts]{
		Name: "door", Of: func(*facts) state { return "open" },
		States: []innards.State[state]{{Name: "open", Traits: []innards.Trait{innards.Terminal}}},
		Rows: []innards.Row[state, *facts]{
			{Command: "build", From: []state{""}, To: "open"}, {Command: "enter", From: []state{"open"}, To: "open"},
		},
	}
	door, err := innards.NewLifecycle(axis)
	if err != nil {
		t.Fatal(err)
	}
	machine, err := innards.NewMachine[*facts]("room", door)
	if err != nil {
		t.Fatal(err)
	}
	r := &room{answers: map[string]innards.Answer{}}
	r.stored.Head = innards.Head{Kind: "room", ID: "r1", Tenant: "rila", Property: "h", Version: 4, Hash: innards.Hash{7}}
	r.Domain = command.Domain[*facts, *change, receipt]{
		Machine: func(*facts) *innards.Machine[*facts] { return machine },
		Facts:   r.read, Commit: r.write, Random: bytes.NewReader(make([]byte, 1000)),
		Begin: func(f *facts, moves []innards.Move) *change {
			return &change{Entry: innards.Entry{Head: f.Head, Event: innards.Event{Moves: moves}, Outbox: []innards.Message{{Key: "k"}}}}
		},
		Replayed: func(r *receipt) { r.Replayed = true },
	}
	return r
}

func (r *room) read(_ context.Context, by innards.Command, _ string, _ command.Intent[*facts, *change]) (*facts, error) {
	r.reads++
	f := r.stored
	f.Now, f.BusinessDate = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC), innards.NewDate(2026, 6, 1)
	if a, ok := r.answers[by.Key]; ok && by.Key != "" {
		f.Prior = &a
	}
	return &f, r.readErr
}

func (r *room) write(_ context.Context, c *change) error {
	var fault error
	if len(r.fail) > 0 {
		fault, r.fail = r.fail[0], r.fail[1:]
	}
	written, isAfter := errors.AsType[after](fault)
	if isAfter {
		fault = written.error
	} else if fault != nil {
		return fault
	}
	r.stored.guests, r.stored.Version, r.stored.Hash = c.guests, c.Event.Sequence, c.Event.Hash
	r.events, r.outbox = append(r.events, c.Event), append(r.outbox, c.Outbox...)
	if c.Answer != nil {
		r.answers[c.Answer.Key] = *c.Answer
	}
	return fault
}

func porter() innards.Command {
	return innards.Command{Actor: innards.Actor{ID: "porter", Tenant: "rila", Rights: []innards.Right{"room.*", "override.crowd"}}}
}

func (r *room) do(by innards.Command, in command.Intent[*facts, *change]) (receipt, error) {
	return r.Do(context.Background(), by, "r1", in)
}

func codes(err error) string { return fmt.Sprint(innards.Codes(err)) }

// A change is sealed with everything that its event and messages need.
func TestDoSealsTheEvent(t *testing.T) {
	r, by := newRoom(t), porter()
	by.Key, by.Reason, by.Cause, by.Override = "k-1", "a party", "invitation", []innards.Code{"full"}
	got, err := r.do(by, enter{N: 5, Who: "Elena"})
	if err != nil || got != (receipt{Guests: 5}) {
		t.Fatal(got, err)
	}
	e := r.events[0]
	want := innards.Event{
		Kind: "room", Tenant: "rila", Property: "h", Record: "r1", Sequence: 5, Command: "enter", Moves: []innards.Move{{Axis: "door", From: "open", To: "open"}},
		Actor: "porter", Cause: "invitation", Overrides: []innards.Code{"full"}, At: time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC),
		BusinessDate: innards.NewDate(2026, 6, 1), Payload: []byte(`{"guests":5}`), Private: []byte(`{"reason":"a party","detail":{"name":"Elena"}}`),
	}
	want.Seal(innards.Hash{7}, make([]byte, 16))
	if fmt.Sprintf("%+v", e) != fmt.Sprintf("%+v", want) {
		t.Errorf("the event is\n%+v, want\n%+v", e, want)
	}
	m := r.outbox[0]
	if m.Tenant != "rila" || m.Property != "h" || m.Record != "r1" || m.Sequence != 5 || !m.At.Equal(want.At) {
		t.Errorf("the message is %+v", m)
	}
	if a := r.answers["k-1"]; string(a.Body) != `{"Guests":5,"Replayed":false}` || !a.At.Equal(want.At) {
		t.Errorf("the answer is %+v", a)
	}
}

func TestDoWithoutAnythingPrivate(t *testing.T) {
	r := newRoom(t)
	if _, err := r.do(porter(), enter{N: 1}); err != nil || r.events[0].Private != nil || r.events[0].Salt != nil || len(r.answers) != 0 {
		t.Errorf("%+v, %v", r.events, err)
	}
}

// The key decides before everything else: same content, same answer; other content, refused.
func TestDoUnderAKey(t *testing.T) {
	r, by := newRoom(t), porter()
	by.Key = "k-1"
	if _, err := r.do(by, enter{N: 1}); err != nil {
		t.Fatal(err)
	}
	stale := by
	stale.Expect = 99
	got, err := r.do(stale, enter{N: 1})
	if err != nil || got != (receipt{Guests: 1, Replayed: true}) || len(r.events) != 1 {
		t.Errorf("again: %+v, %v", got, err)
	}
	if _, err := r.do(by, enter{N: 2}); codes(err) != "[key_reused]" {
		t.Errorf("other content: %v", err)
	}
	a := r.answers["k-1"]
	a.Body = []byte("{")
	r.answers["k-1"] = a
	if _, err := r.do(by, enter{N: 1}); !errors.Is(err, innards.ErrCorrupt) {
		t.Errorf("a damaged answer: %v", err)
	}
}

func TestDoRefused(t *testing.T) {
	r := newRoom(t)
	for want, change := range map[string]func(*innards.Command){
		"[full]": func(*innards.Command) {}, "[full stale_version]": func(c *innards.Command) { c.Expect = 5 },
		"[not_permitted full]": func(c *innards.Command) { c.Actor.Rights = c.Actor.Rights[1:] },
		"[staff_only full]":    func(c *innards.Command) { c.Actor.Party = "acme" },
		"[reason_required]":    func(c *innards.Command) { c.Override = []innards.Code{"full"} },
		"[not_permitted]":      func(c *innards.Command) { c.Actor.ID = "" },
		"[key_invalid]":        func(c *innards.Command) { c.Key = "ключ" },
		"[text_invalid]":       func(c *innards.Command) { c.Reason = strings.Repeat("x", 2001) },
		"[card_number]":        func(c *innards.Command) { c.Cause = "4111111111111111" },
	} {
		by := porter()
		change(&by)
		_, err := r.do(by, enter{N: 4})
		if codes(err) != want {
			t.Errorf("%s, want %s", codes(err), want)
		}
		if refusal, ok := errors.AsType[*innards.Refusal](err); !ok || refusal.Command != "enter" || len(refusal.From) > 0 && refusal.From[0] != (innards.Move{Axis: "door", From: "open"}) {
			t.Errorf("%s: %+v", want, refusal)
		}
	}
	by := porter()
	by.Reason, by.Override, by.Actor.Rights = "x", []innards.Code{"full"}, by.Actor.Rights[:1]
	if _, err := r.do(by, enter{N: 4}); codes(err) != "[full]" {
		t.Errorf("without the right to override: %v", err)
	}
	if len(r.events) > 0 {
		t.Errorf("refusals wrote %+v", r.events)
	}
}

func TestDoDry(t *testing.T) {
	r, by := newRoom(t), porter()
	by.DryRun, by.Key = true, "k"
	if got, err := r.do(by, enter{N: 2}); err != nil || got.Guests != 2 || r.stored.guests != 0 {
		t.Errorf("%+v, %v, stored %d", got, err, r.stored.guests)
	}
}

// Stale facts are read and decided again, eight times at most.
func TestDoAgain(t *testing.T) {
	r := newRoom(t)
	r.fail = slices.Repeat([]error{innards.ErrStale}, 7)
	if _, err := r.do(porter(), enter{N: 1}); err != nil || r.reads != 8 {
		t.Errorf("%v after %d tries", err, r.reads)
	}
	r.fail = slices.Repeat([]error{innards.ErrStale}, 8)
	if _, err := r.do(porter(), enter{N: 1}); codes(err) != "[busy]" {
		t.Error(err)
	}
}

// Whether a commit of unknown outcome was written is found out under the key; without one, or if that fails too, the
// caller is told.
func TestDoWithAnUnknownOutcome(t *testing.T) {
	unknown := innards.ErrOutcomeUnknown
	for name, c := range map[string]struct {
		key    string
		fail   []error
		guests int
		want   error
	}{
		"written":                     {"k", []error{after{unknown}}, 1, nil},
		"not written":                 {"k", []error{unknown}, 1, nil},
		"written, without a key":      {"", []error{after{unknown}}, 1, unknown},
		"not written, without a key":  {"", []error{unknown}, 0, unknown},
		"never known":                 {"k", slices.Repeat([]error{unknown}, 8), 0, unknown},
		"unknown, then stale":         {"k", append([]error{unknown}, slices.Repeat([]error{innards.ErrStale}, 7)...), 0, &innards.Refusal{}},
		"unknown, then not available": {"k", []error{unknown, innards.ErrUnavailable}, 0, unknown},
		"not available":               {"k", []error{innards.ErrUnavailable}, 0, innards.ErrUnavailable},
	} {
		r, by := newRoom(t), porter()
		by.Key, r.fail = c.key, c.fail
		got, err := r.do(by, enter{N: 1})
		_, refused := c.want.(*innards.Refusal)
		switch {
		case refused && codes(err) != "[busy]", !refused && !errors.Is(err, c.want):
			t.Errorf("%s: %v, want %v", name, err, c.want)
		case r.stored.guests != c.guests || err == nil && got.Guests != 1 || err != nil && got != (receipt{}):
			t.Errorf("%s: %+v, and %d guests", name, got, r.stored.guests)
		}
	}
}

// Nothing is returned beside an error, and errors are those that were met.
func TestDoFails(t *testing.T) {
	r := newRoom(t)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Do(cancelled, porter(), "r1", enter{}); !errors.Is(err, context.Canceled) || r.reads > 0 {
		t.Errorf("%v after %d reads", err, r.reads)
	}
	if got, err := r.do(porter(), enter{N: 13}); codes(err) != "[full]" || got != (receipt{}) {
		t.Errorf("%+v, %v", got, err)
	}
	by := porter()
	by.Override, by.Reason = []innards.Code{"full"}, "x"
	if _, err := r.do(by, enter{N: 13}); !errors.Is(err, errUnlucky) {
		t.Errorf("sealing: %v", err)
	}
	if _, err := r.do(porter(), enter{Broken: true}); err == nil || !strings.Contains(err.Error(), "encoding the event") {
		t.Errorf("encoding the event: %v", err)
	}
	r.Random = bytes.NewReader(nil)
	if _, err := r.do(porter(), enter{Who: "x"}); err == nil || !strings.Contains(err.Error(), "salt") {
		t.Errorf("salting: %v", err)
	}
	r.readErr = innards.ErrNotFound
	if _, err := r.do(porter(), enter{}); !errors.Is(err, innards.ErrNotFound) {
		t.Errorf("reading: %v", err)
	}
	if _, err := r.Actions(context.Background(), porter().Actor, "r1"); !errors.Is(err, innards.ErrNotFound) {
		t.Errorf("actions: %v", err)
	}
	if len(r.events) > 0 {
		t.Errorf("failures wrote %+v", r.events)
	}
}

func TestActions(t *testing.T) {
	actions, err := newRoom(t).Actions(context.Background(), porter().Actor, "r1")
	if err != nil || len(actions) != 1 || actions[0].Command != "enter" || !actions[0].Allowed {
		t.Errorf("%+v, %v", actions, err)
	}
}

func TestNow(t *testing.T) {
	local := time.Date(2026, 6, 1, 9, 0, 0, 123456789, time.FixedZone("Sofia", 3*60*60))
	got := command.Now(func() time.Time { return local })
	if got != time.Date(2026, 6, 1, 6, 0, 0, 123456000, time.UTC) {
		t.Error(got)
	}
}
