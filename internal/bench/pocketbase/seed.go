package main

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/innards-go/innards/internal/bench/dataset"
)

const superuserEmail = "bench@example.com"

// fill makes the collections, n reservations and the superuser, and turns request logs off. A directory that has the
// collections stays as it is.
func fill(app core.App, n int) error {
	if _, err := app.FindCollectionByNameOrId("reservations"); err == nil {
		return nil
	}
	return app.RunInTransaction(func(tx core.App) error {
		tx.Settings().Logs.MaxDays = 0
		if err := tx.Save(tx.Settings()); err != nil {
			return err
		}
		if err := makeSuperuser(tx); err != nil {
			return err
		}
		if err := tx.Save(eventsCollection()); err != nil {
			return err
		}
		reservations := reservationsCollection()
		if err := tx.Save(reservations); err != nil {
			return err
		}
		return insert(tx, reservations, n)
	})
}

func makeSuperuser(tx core.App) error {
	superusers, err := tx.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	superuser := core.NewRecord(superusers)
	superuser.SetEmail(superuserEmail)
	superuser.SetPassword(security.RandomString(30))
	return tx.Save(superuser)
}

// reservationsCollection has the fields of the compared reservation and the indexes that its list needs.
func reservationsCollection() *core.Collection {
	c := core.NewBaseCollection("reservations")
	c.Fields.Add(
		&core.TextField{Name: "number", Required: true},
		&core.TextField{Name: "guest_name", Required: true},
		&core.TextField{Name: "property", Required: true},
		&core.TextField{Name: "room_type"},
		&core.NumberField{Name: "adults", OnlyInt: true},
		&core.SelectField{Name: "status", Required: true, Values: []string{unconfirmed, confirmed}},
		&core.NumberField{Name: "version", OnlyInt: true},
		&core.DateField{Name: "arrival", Required: true},
		&core.DateField{Name: "departure", Required: true},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	c.AddIndex("reservations_number", true, "number", "")
	c.AddIndex("reservations_property_arrival", false, "property, arrival, id", "")
	c.AddIndex("reservations_property_status_arrival", false, "property, status, arrival, id", "")
	return c
}

// eventsCollection keeps the reservation as text: a relation field would look it up once more at every save.
func eventsCollection() *core.Collection {
	c := core.NewBaseCollection("events")
	c.Fields.Add(
		&core.TextField{Name: "reservation", Required: true},
		&core.NumberField{Name: "sequence", OnlyInt: true},
		&core.TextField{Name: "status_from"},
		&core.TextField{Name: "status_to"},
		&core.TextField{Name: "actor"},
		&core.TextField{Name: "note"},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("events_reservation_sequence", true, "reservation, sequence", "")
	return c
}

func insert(tx core.App, reservations *core.Collection, n int) error {
	for i := range n {
		r := dataset.At(i)
		record := core.NewRecord(reservations)
		record.Load(map[string]any{
			"number":     r.Number,
			"guest_name": r.GuestName,
			"property":   r.Property,
			"room_type":  r.RoomType,
			"adults":     r.Adults,
			"status":     unconfirmed,
			"version":    1,
			"arrival":    r.Arrival,
			"departure":  r.Departure,
		})
		if err := tx.SaveNoValidate(record); err != nil {
			return err
		}
	}
	return nil
}
