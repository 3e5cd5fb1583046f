package server_test

import (
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/access"
)

// A stay from booking to departure, as a front desk would do it.
func TestStay(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	id := desk.book(stay)
	at := "/v1/reservations/" + id

	r := desk.get(at).want(t, 200, "")
	if r.header.Get("ETag") != `"1"` || r.field(t, "stay_state") != "due_in" || r.field(t, "guarantee_state") != "non_guaranteed" {
		t.Fatalf("booked: %s", r.body)
	}
	desk.get(at+"/actions").want(t, 200, "")
	desk.command(at+"/check-in", "").want(t, 422, "room_required")
	desk.command(at+"/check-in", `{"room":"101"}`).want(t, 200, "")
	desk.get("/v1/properties/vitosha/in-house").want(t, 200, "")
	desk.command(at+"/check-out", "{}").want(t, 200, "")
	r = desk.get(at+"/history").want(t, 200, "")
	if n := len(r.field(t, "items").([]any)); n != 3 {
		t.Errorf("the history has %d events, want 3", n)
	}
	// A history is found only where its record is.
	desk.get("/v1/properties/"+id+"/history").want(t, 404, "not_found")
	desk.get("/v1/reservations/"+hotel+"/history").want(t, 404, "not_found")
	desk.get("/v1/properties/"+hotel+"/history").want(t, 200, "")
}
