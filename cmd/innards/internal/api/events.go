package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/router"
)

const eventTag = "Events"

// An Event is one row of a history.
type Event struct {
	Cursor       string          `json:"cursor" doc:"position in the feed"`
	Kind         string          `json:"kind" example:"reservation"`
	Property     string          `json:"property"`
	Record       string          `json:"record" doc:"id of the record"`
	Sequence     int64           `json:"sequence" doc:"within the record; also the version that the command made"`
	Command      string          `json:"command" example:"check_in"`
	Moves        []innards.Move  `json:"moves" doc:"steps of the status axes"`
	Actor        string          `json:"actor"`
	Cause        string          `json:"cause,omitempty" doc:"what made a system actor act"`
	Overrides    []innards.Code  `json:"overrides,omitempty"`
	At           time.Time       `json:"at"`
	BusinessDate innards.Date    `json:"business_date,omitzero"`
	Payload      json.RawMessage `json:"payload" doc:"what was changed, without personal data"`
	Private      json.RawMessage `json:"private,omitempty" doc:"reason, notes and personal data, in histories only; erasable"`
	Previous     innards.Hash    `json:"previous" doc:"hash of the event before"`
	Hash         innards.Hash    `json:"hash"`
}

func eventView(e innards.Event) Event {
	v := Event{
		Cursor: strconv.FormatInt(e.Cursor, 10), Kind: e.Kind, Property: e.Property, Record: e.Record, Sequence: e.Sequence,
		Command: e.Command, Moves: e.Moves, Actor: e.Actor, Cause: e.Cause, Overrides: e.Overrides, At: e.At,
		BusinessDate: e.BusinessDate, Payload: e.Payload, Previous: e.Previous, Hash: e.Hash,
	}
	if v.Moves == nil {
		v.Moves = []innards.Move{}
	}
	return v
}

func (a *api) registerEvents() {
	read := router.Needs(access.ReadEvents)
	register(a, operation("events", http.MethodGet, "/v1/events", eventTag, "List the events of all records, in the order of their commits.", read), a.events)
	op := operation("event-stream", http.MethodGet, "/v1/events/stream", eventTag, "Follow the events live, as server-sent events.", read)
	op.Description += " The id of each message is the event's cursor. A stream ends after a while; it is taken up again with `Last-Event-ID`."
	op.Metadata["timeout"] = streamLife
	op.Responses["200"] = &huma.Response{
		Description: "messages of the type event, with an event as data",
		Content:     map[string]*huma.MediaType{eventStream: {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
	huma.Register(a.huma, op, a.stream)
}

type historyInput struct {
	RecordID
	After int64 `query:"after" minimum:"0" doc:"sequence of the last event that was seen"`
	Limit int   `query:"limit" default:"30" minimum:"1" maximum:"200"`
}

func (a *api) reservationHistory(ctx context.Context, in *historyInput) (*pageOutput[Event], error) {
	events, err := a.Service.History(ctx, access.ActorOf(ctx), in.ID, in.After, in.Limit)
	return historyPage(in, events), err
}

func (a *api) propertyHistory(ctx context.Context, in *historyInput) (*pageOutput[Event], error) {
	events, err := a.Service.PropertyHistory(ctx, access.ActorOf(ctx), in.ID, in.After, in.Limit)
	return historyPage(in, events), err
}

func historyPage(in *historyInput, events []innards.Event) *pageOutput[Event] {
	out := &pageOutput[Event]{page[Event]{Items: make([]Event, len(events))}}
	for i, e := range events {
		out.Body.Items[i] = eventView(e)
		out.Body.Items[i].Private = e.Private
	}
	if n := len(events); n == in.Limit {
		out.Body.Next = strconv.FormatInt(events[n-1].Sequence, 10)
	}
	return out
}

type eventsInput struct {
	After int64 `query:"after" minimum:"0" doc:"cursor of the last event that was seen"`
	Limit int   `query:"limit" default:"30" minimum:"1" maximum:"200"`
}

// An EventPage is a part of the feed.
type EventPage struct {
	Items []Event `json:"items"`
	Next  string  `json:"next" doc:"to be sent as after, also when nothing has happened since"`
}

func (a *api) events(ctx context.Context, in *eventsInput) (*output[EventPage], error) {
	events, err := a.Service.Feed(ctx, access.ActorOf(ctx), in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &output[EventPage]{EventPage{make([]Event, len(events)), strconv.FormatInt(in.After, 10)}}
	for i, e := range events {
		out.Body.Items[i] = eventView(e)
		out.Body.Next = out.Body.Items[i].Cursor
	}
	return out, nil
}

const (
	eventStream = "text/event-stream"
	streamLife  = 15 * time.Minute // then the token is looked at again
	streamPage  = 200
	// streamPoll is how often other processes' commits are looked for; those of this one wake the stream.
	streamPoll = time.Second
	// streamBeat is how often a comment shows that the stream lives.
	streamBeat = 15 * time.Second
	// streamPatience is how long a client may take to receive what was written.
	streamPatience = 30 * time.Second
	// streamFarewell is how long it may take once the server closes.
	streamFarewell = time.Second
)

type streamInput struct {
	After       int64 `query:"after" minimum:"0" doc:"cursor of the last event that was seen; from the first one on, if it is left out"`
	LastEventID int64 `header:"Last-Event-ID" minimum:"0" doc:"the same, as browsers send it when they connect again"`
}

func (a *api) stream(_ context.Context, in *streamInput) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		hc.SetHeader("Content-Type", eventStream)
		hc.SetStatus(http.StatusOK)
		s := stream{api: a, r: r, w: w, control: http.NewResponseController(w), after: max(in.After, in.LastEventID)}
		s.run(hc.Context())
	}}, nil
}

// A stream writes events to one client.
type stream struct {
	*api
	r       *http.Request
	w       http.ResponseWriter
	control *http.ResponseController
	after   int64
}

// run ends when the client goes, its token is revoked, the server closes, or something fails: the client connects again
// and takes it up.
func (s *stream) run(ctx context.Context) {
	defer s.hurry()()
	poll, beat := time.NewTicker(streamPoll), time.NewTicker(streamBeat)
	defer poll.Stop()
	defer beat.Stop()
	if s.send(":\n\n") != nil { // the client learns at once that it is connected
		return
	}
	for s.Admitted(s.r) {
		changed := s.Changed.Wait() // before reading, so that nothing is missed
		more, err := s.sendNew(ctx)
		if err != nil {
			return
		}
		if more && !s.isClosing() {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-s.Closing:
			return
		case <-beat.C:
			if s.send(":\n\n") != nil {
				return
			}
		case <-poll.C:
		case <-changed:
		}
	}
}

// hurry lets a client that receives nothing hold up no server that closes. It ends when the returned function is called.
func (s *stream) hurry() (end func()) {
	ended := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-s.Closing:
			_ = s.control.SetWriteDeadline(time.Now().Add(streamFarewell))
		case <-ended:
		}
	})
	return func() {
		close(ended)
		waiting.Wait()
	}
}

func (s *stream) isClosing() bool {
	select {
	case <-s.Closing:
		return true
	default:
		return false
	}
}

// sendNew sends a page of events and reports whether there may be more.
func (s *stream) sendNew(ctx context.Context) (more bool, err error) {
	events, err := s.Service.Feed(ctx, access.ActorOf(ctx), s.after, streamPage)
	if err != nil || len(events) == 0 {
		return false, err
	}
	var text []byte
	for _, e := range events {
		data, err := json.Marshal(eventView(e))
		if err != nil {
			return false, err
		}
		text = fmt.Appendf(text, "id: %d\nevent: event\ndata: %s\n\n", e.Cursor, data)
		s.after = e.Cursor
	}
	return len(events) == streamPage, s.send(string(text))
}

func (s *stream) send(text string) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(streamPatience)) // a writer without deadlines waits
	if s.isClosing() {                                             // the deadline may have replaced that of hurry
		_ = s.control.SetWriteDeadline(time.Now().Add(streamFarewell))
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
