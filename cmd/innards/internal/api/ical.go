package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/danielgtaylor/huma/v2"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/reservation"
)

const calendarType = "text/calendar; charset=utf-8"

// The days around the business date that a room's feed holds.
const (
	feedBack  = 60
	feedAhead = 300
)

type roomInput struct {
	RecordID
	Room string `path:"room" maxLength:"128"`
}

type calendarOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (a *api) registerRoomFeed(op huma.Operation) {
	op.Responses["200"] = &huma.Response{
		Description: http.StatusText(http.StatusOK),
		Content:     map[string]*huma.MediaType{calendarType: {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
	register(a, op, a.roomFeed)
}

func (a *api) roomFeed(ctx context.Context, in *roomInput) (*calendarOutput, error) {
	actor := access.ActorOf(ctx)
	p, err := a.Service.Property(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := a.Service.Calendar(ctx, actor, in.ID, p.BusinessDate.AddDays(-feedBack), p.BusinessDate.AddDays(feedAhead))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rows, func(r reservation.CalendarRow) bool { return r.Room == in.Room && in.Room != "" })
	if i < 0 {
		return nil, innards.ErrNotFound
	}
	return &calendarOutput{calendarType, []byte(roomCalendar(p, rows[i], a.Now()))}, nil
}

// roomCalendar writes a calendar that may be shared: it names no guest.
func roomCalendar(p *reservation.Property, row reservation.CalendarRow, now time.Time) string {
	c := ics.NewCalendar()
	c.SetProductId("-//Innards//Room calendar//EN")
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(p.Name + ", " + row.Name)
	for _, stay := range row.Stays {
		e := c.AddEvent(fmt.Sprintf("%s-%s-%s@%s.innards", stay.Reservation, row.Room, stay.From, p.ID))
		e.SetDtStampTime(now.UTC())
		e.SetAllDayStartAt(midnight(stay.From))
		end := stay.To // DTEND is the first day that is not part of it: the day of departure
		if end == stay.From {
			end = end.AddDays(1) // a day use
		}
		e.SetAllDayEndAt(midnight(end))
		e.SetSummary(strings.ReplaceAll(string(stay.Class), "_", " "))
		e.SetTimeTransparency(ics.TransparencyOpaque)
	}
	return c.Serialize(ics.WithNewLineWindows) // as RFC 5545 demands, on every system
}

func midnight(d innards.Date) time.Time { return d.At(0, time.UTC) }
