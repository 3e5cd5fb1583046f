package web

import (
	"encoding/json"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/reservation"
)

// guestData is all that is kept of a guest with a reservation, for whoever asks what is known (GDPR, article 15).
type guestData struct {
	Made        time.Time               `json:"made"`
	Reservation reservation.Reservation `json:"reservation"`
	History     []guestEvent            `json:"history"`
	Mails       []mail.Mail             `json:"mails"`
}

type guestEvent struct {
	At      time.Time       `json:"at"`
	Command string          `json:"command"`
	Private json.RawMessage `json:"private,omitempty"` // what was typed
}

// exportGuest hands the data of a guest out as a file.
func (s *site) exportGuest(v *view) error {
	r, err := v.reservation(v.r.PathValue("reservation"))
	if err != nil {
		return err
	}
	data := guestData{Made: s.Now().UTC(), Reservation: r}
	for after := int64(0); after < r.Version; after += historyRows {
		events, err := s.Service.History(v.ctx(), v.visitor.Actor, r.ID, after, historyRows)
		if err != nil {
			return err
		}
		for _, e := range events {
			data.History = append(data.History, guestEvent{e.At, e.Command, e.Private})
		}
	}
	if data.Mails, err = s.mailsOf(v, r.ID); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", "attachment; filename=\"guest-"+r.Number+".json\"")
	e := json.NewEncoder(v.w)
	e.SetIndent("", "  ")
	_ = e.Encode(data) // a visitor who has gone needs none
	return nil
}

// mailsOf returns the mails about a reservation, whole.
func (s *site) mailsOf(v *view, record string) ([]mail.Mail, error) {
	var all []mail.Mail
	for after := ""; ; {
		list, err := s.Work.Box.OfRecord(v.ctx(), v.scope(), record, after, workRows)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			if m, err = s.Work.Box.Get(v.ctx(), v.scope(), m.ID); err != nil {
				return nil, err
			}
			all = append(all, m)
		}
		if len(list) < workRows {
			return all, nil
		}
		after = list[len(list)-1].ID
	}
}
