package problem_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/reservation"
)

func TestFrom(t *testing.T) {
	refusal := func(reasons ...innards.Reason) error {
		r := &innards.Refusal{Command: "check_in"}
		for _, reason := range reasons {
			r.Blockers = append(r.Blockers, reason.Block())
		}
		return fmt.Errorf("wrapped: %w", r)
	}
	for _, c := range []struct {
		name   string
		err    error
		status int
		code   innards.Code
	}{
		{"input", refusal(reservation.DateInvalid), 422, "date_invalid"},
		{"state", refusal(reservation.RoomTaken), 409, "room_taken"},
		{"state and input", refusal(reservation.RoomTaken, reservation.DateInvalid), 422, "date_invalid"},
		{"stale and input", refusal(reservation.DateInvalid, innards.StaleVersion), 412, "stale_version"},
		{"all kinds", refusal(reservation.DateInvalid, innards.StaleVersion, reservation.RoomTaken, innards.NotPermitted), 403, "not_permitted"},
		{"not found", fmt.Errorf("x: %w", innards.ErrNotFound), 404, "not_found"},
		{"unavailable", innards.ErrUnavailable, 503, "unavailable"},
		{"full", errors.Join(innards.ErrUnavailable, innards.ErrFull), 507, "storage_full"},
		{"unknown outcome", innards.ErrOutcomeUnknown, 503, "outcome_unknown"},
		{"corrupt", &innards.HistoryError{Record: "r"}, 500, "corrupt"},
		{"deadline", context.DeadlineExceeded, 503, "timeout"},
		{"anything else", errors.New("boom"), 500, "internal"},
		{"a problem itself", problem.New(problem.KeyRequired, ""), 400, "key_required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := problem.From(c.err)
			if p.Status != c.status || p.Code != c.code {
				t.Errorf("got %d %s, want %d %s", p.Status, p.Code, c.status, c.code)
			}
			if retry := p.GetHeaders().Get("Retry-After"); (retry == "1") != (c.status == 503 || c.status == 507) {
				t.Errorf("Retry-After is %q", retry)
			}
		})
	}
}

// What went wrong inside is for the log, not for the client.
func TestInternalDetailIsNotShown(t *testing.T) {
	w := httptest.NewRecorder()
	problem.From(errors.New("password=hunter2")).Write(w)
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if body["detail"] != problem.Internal.Text || w.Header().Get("Content-Type") != problem.ContentType {
		t.Errorf("got %v of type %s", body, w.Header().Get("Content-Type"))
	}
}

func TestCatalogueHasEveryCodeOnce(t *testing.T) {
	seen := map[innards.Code]bool{}
	for _, k := range problem.Catalogue() {
		if seen[k.Code] || k.Text == "" || k.Lift == "" || k.Status < 400 {
			t.Errorf("%+v is there twice or not complete", k)
		}
		seen[k.Code] = true
	}
	for _, r := range reservation.Reasons() {
		if !seen[r.Code] {
			t.Errorf("%s is missing", r.Code)
		}
	}
}
