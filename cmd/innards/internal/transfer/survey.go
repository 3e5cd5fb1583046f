package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// A Survey says how many rooms of each type the rows of a file need at once, by property and type.
type Survey map[string]map[string]int

// maxNights bounds what a survey remembers: nights by property and type.
const maxNights = 5_000_000

type typeNight struct {
	property, roomType string
	date               innards.Date
}

// TakeSurvey reads a file to its end. Lines that cannot be read are left out.
func TakeSurvey(r *Reader) (Survey, error) {
	sold, survey := map[typeNight]int{}, Survey{}
	for {
		row, _, err := r.Read()
		if err == io.EOF {
			return survey, nil
		}
		if _, ok := errors.AsType[*LineError](err); ok {
			continue
		}
		if err != nil {
			return nil, err
		}
		arrival, departure, err := row.dates()
		if err != nil || arrival.DaysUntil(departure) > 1000 {
			continue
		}
		if survey[row.Property] == nil {
			survey[row.Property] = map[string]int{}
		}
		types := survey[row.Property]
		for d := arrival; d == arrival || d.Before(departure); d = d.AddDays(1) {
			at := typeNight{row.Property, row.RoomType, d}
			sold[at]++
			types[row.RoomType] = max(types[row.RoomType], sold[at])
		}
		if len(sold) > maxNights {
			return nil, fmt.Errorf("the file holds more than %d nights of properties and types", maxNights)
		}
	}
}

// MakeProperties opens the properties of the survey that do not exist yet, with as many rooms as it needs. The template
// gives time zone, currency and business date.
func MakeProperties(ctx context.Context, service *reservation.Service, a innards.Actor, s Survey, template reservation.CreateProperty) error {
	for _, id := range slices.Sorted(maps.Keys(s)) {
		_, err := service.Property(ctx, a, id)
		if err == nil {
			continue
		}
		if !errors.Is(err, innards.ErrNotFound) {
			return err
		}
		create := template
		create.ID, create.Title = id, id
		types, rooms := s.inventory(id)
		for _, in := range []reservation.PropertyIntent{create, types, rooms} {
			if _, err := service.DoProperty(ctx, innards.Command{Actor: a, Cause: imported}, id, in); err != nil {
				return fmt.Errorf("property %q: %w", id, err)
			}
		}
	}
	return nil
}

// inventory returns the types and rooms that the property needs.
func (s Survey) inventory(property string) (reservation.PutRoomTypes, reservation.PutRooms) {
	var types reservation.PutRoomTypes
	var rooms reservation.PutRooms
	for _, id := range slices.Sorted(maps.Keys(s[property])) {
		types.Types = append(types.Types, reservation.RoomType{ID: id, Name: id})
		for n := range s[property][id] {
			room := fmt.Sprintf("%s-%d", id, n+1)
			rooms.Rooms = append(rooms.Rooms, reservation.Room{ID: room, Name: room, Type: id})
		}
	}
	return types, rooms
}
