package transfer

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// An Export writes what an actor sees of the service to files.
type Export struct {
	Service *reservation.Service
	Actor   innards.Actor
	// Written is told every record that was written.
	Written func()
}

// Reservations writes the reservations of a search, of the kind that the file's name ends in: .csv or .jsonl.
func (e Export) Reservations(ctx context.Context, name string, w io.Writer, q reservation.Search) error {
	switch {
	case strings.HasSuffix(name, ".csv"):
		return e.csv(ctx, w, q)
	case strings.HasSuffix(name, ".jsonl"):
		return e.jsonl(w, func(write func(any) error) error {
			return e.Service.Each(ctx, e.Actor, q, func(r reservation.Reservation) error { return write(rowOf(&r)) })
		})
	}
	return CheckName(name, ".csv", ".jsonl")
}

// csv reads the reservations twice, since the first line names the attributes of all.
func (e Export) csv(ctx context.Context, w io.Writer, q reservation.Search) error {
	attributes := map[string]bool{}
	err := e.Service.Each(ctx, e.Actor, q, func(r reservation.Reservation) error {
		for name := range r.Attributes {
			attributes[name] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	header := slices.Concat(columns(), attributeColumns(attributes))
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	err = e.Service.Each(ctx, e.Actor, q, func(r reservation.Reservation) error {
		cells, err := rowOf(&r).cells(header)
		if err == nil {
			err = out.Write(cells)
		}
		e.Written()
		return err
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

func (e Export) jsonl(w io.Writer, each func(write func(any) error) error) error {
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	err := each(func(v any) error {
		e.Written()
		return lines.Encode(v)
	})
	return errors.Join(err, out.Flush())
}

// exportPage is how many events are read at once.
const exportPage = 1000

// An Event is a line of exported events: the history's row with its hashes, without the private part.
type Event struct {
	Cursor       int64           `json:"cursor"`
	Kind         string          `json:"kind"`
	Property     string          `json:"property"`
	Record       string          `json:"record"`
	Sequence     int64           `json:"sequence"`
	Command      string          `json:"command"`
	Moves        []innards.Move  `json:"moves"`
	Actor        string          `json:"actor"`
	Cause        string          `json:"cause,omitempty"`
	Overrides    []innards.Code  `json:"overrides,omitempty"`
	At           string          `json:"at"` // RFC 3339
	BusinessDate innards.Date    `json:"business_date,omitzero"`
	Payload      json.RawMessage `json:"payload"`
	Digest       innards.Hash    `json:"digest"` // of the private part
	Previous     innards.Hash    `json:"previous"`
	Hash         innards.Hash    `json:"hash"`
}

// Events writes the feed, one JSON object a line.
func (e Export) Events(ctx context.Context, w io.Writer) error {
	return e.jsonl(w, func(write func(any) error) error {
		for after := int64(0); ; {
			events, err := e.Service.Feed(ctx, e.Actor, after, exportPage)
			if err != nil {
				return err
			}
			for _, event := range events {
				if err := write(eventLine(event)); err != nil {
					return err
				}
				after = event.Cursor
			}
			if len(events) < exportPage {
				return nil
			}
		}
	})
}

func eventLine(e innards.Event) Event {
	return Event{
		Cursor: e.Cursor, Kind: e.Kind, Property: e.Property, Record: e.Record, Sequence: e.Sequence, Command: e.Command,
		Moves: e.Moves, Actor: e.Actor, Cause: e.Cause, Overrides: e.Overrides, At: e.At.Format("2006-01-02T15:04:05.999999Z07:00"),
		BusinessDate: e.BusinessDate, Payload: e.Payload, Digest: e.Digest, Previous: e.Previous, Hash: e.Hash,
	}
}
