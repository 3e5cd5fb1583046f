package api

import (
	"context"
	"net/http"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation"
)

const mappingTag = "Mappings"

func (a *api) registerMappings() {
	read := router.Needs(access.ReadReservations)
	register(a, operation("list-mappings", http.MethodGet, "/v1/mappings", mappingTag, "List the status words of other systems.", read), a.mappings)
	register(a, operation("read-status", http.MethodGet, "/v1/mappings/{standard}/{word}", mappingTag, "Read a status word of another system.", read), a.readStatus)
	register(a, operation("write-status", http.MethodGet, reservationPath+"/status/{standard}", mappingTag, "Write a reservation's statuses as another system does.", read), a.writeStatus)
}

// A Vocabulary is the status words of another system.
type Vocabulary struct {
	Standard reservation.Standard     `json:"standard"`
	Words    []reservation.StatusWord `json:"words"`
}

func (a *api) mappings(context.Context, *struct{}) (*output[list[Vocabulary]], error) {
	var all []Vocabulary
	for _, s := range reservation.Standards() {
		all = append(all, Vocabulary{s, s.Words()})
	}
	return listOf(all), nil
}

type wordInput struct {
	Standard reservation.Standard `path:"standard"`
	Word     string               `path:"word" maxLength:"64"`
}

func (a *api) readStatus(_ context.Context, in *wordInput) (*output[reservation.Statuses], error) {
	if in.Standard.Words() == nil {
		return nil, innards.ErrNotFound
	}
	s, err := in.Standard.Parse(in.Word)
	return &output[reservation.Statuses]{s}, err
}

type statusInput struct {
	RecordID
	Standard reservation.Standard `path:"standard"`
}

// A Word is a status word of another system.
type Word struct {
	Word string `json:"word"`
}

func (a *api) writeStatus(ctx context.Context, in *statusInput) (*output[Word], error) {
	if in.Standard.Words() == nil {
		return nil, innards.ErrNotFound
	}
	r, err := a.Service.Get(ctx, access.ActorOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	word, err := in.Standard.Word(r.Statuses())
	return &output[Word]{Word{word}}, err
}
