package main

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
)

// The two statuses that the compared transition moves between.
const (
	unconfirmed = "unconfirmed"
	confirmed   = "confirmed"
)

// allowed holds the status that each status may move to.
var allowed = map[string]string{unconfirmed: confirmed, confirmed: unconfirmed}

var errRefused = errors.New("refused")

// transition moves one reservation to another status and records the event, both or neither.
func transition(e *core.RequestEvent) error {
	var command struct {
		Version int    `json:"version"`
		Status  string `json:"status"`
		Note    string `json:"note"`
	}
	if err := e.BindBody(&command); err != nil {
		return e.BadRequestError("malformed command", err)
	}
	var record *core.Record
	err := e.App.RunInTransaction(func(tx core.App) error {
		var err error
		record, err = tx.FindRecordById("reservations", e.Request.PathValue("id"))
		if err != nil {
			return err
		}
		from, version := record.GetString("status"), record.GetInt("version")
		if version != command.Version {
			return fmt.Errorf("%w: version is %d", errRefused, version)
		}
		if allowed[from] != command.Status {
			return fmt.Errorf("%w: cannot become %q from %q", errRefused, command.Status, from)
		}
		record.Set("status", command.Status)
		record.Set("version", version+1)
		if err := tx.Save(record); err != nil {
			return err
		}
		events, err := tx.FindCachedCollectionByNameOrId("events")
		if err != nil {
			return err
		}
		event := core.NewRecord(events)
		event.Load(map[string]any{
			"reservation": record.Id,
			"sequence":    version + 1,
			"status_from": from,
			"status_to":   command.Status,
			"actor":       e.Auth.Id,
			"note":        command.Note,
		})
		return tx.Save(event)
	})
	switch {
	case errors.Is(err, errRefused):
		return e.Error(http.StatusConflict, err.Error(), nil)
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, record)
}
