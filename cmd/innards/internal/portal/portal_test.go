package portal_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/reservation"
)

var (
	departure = innards.NewDate(2026, time.November, 24)
	stay      = reservation.Reservation{ID: "0199-r", Tenant: "main", Property: "galata", Party: "guest-0199-r", Departure: departure}
)

// links are signed with a key of the letter, and read on a day.
func links(key string, on innards.Date) portal.Links {
	return portal.Links{Key: []byte(strings.Repeat(key, 32)), Now: func() time.Time { return on.At(0, time.UTC) }}
}

func TestLink(t *testing.T) {
	l := links("k", departure)
	text := l.Make(stay)
	got, err := l.Read(text)
	want := portal.Guest{Reservation: "0199-r", Tenant: "main", Property: "galata", Expires: time.Date(2026, time.December, 24, 0, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("%s cannot stand in an address", text)
	}
	if _, err := links("k", departure.AddDays(29)).Read(text); err != nil {
		t.Errorf("a month later: %v", err)
	}
	if _, err := links("k", departure.AddDays(30)).Read(text); !errors.Is(err, portal.ErrExpired) {
		t.Errorf("after a month: %v", err)
	}
	url, err := l.At("https://desk.example")(t.Context(), stay)
	if url != "https://desk.example/stay/"+text || err != nil {
		t.Errorf("the address is %s (%v)", url, err)
	}
}

// Whatever is changed of a link, it is none: every bit of it, its length, and the key.
func TestForgedLink(t *testing.T) {
	l := links("k", departure)
	text := l.Make(stay)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	forged := []string{"", "no-link", text + "A", text[:len(text)-1], text[1:], " " + text, strings.ToLower(text), links("l", departure).Make(stay)}
	for i := range 8 * len(raw) {
		bent := bytes.Clone(raw)
		bent[i/8] ^= 1 << (i % 8)
		forged = append(forged, base64.RawURLEncoding.EncodeToString(bent))
	}
	for n := range len(raw) {
		forged = append(forged, base64.RawURLEncoding.EncodeToString(raw[:n]))
	}
	for _, f := range forged {
		if g, err := l.Read(f); !errors.Is(err, portal.ErrForged) || g != (portal.Guest{}) {
			t.Errorf("%q lets in %+v (%v)", f, g, err)
		}
	}
	keyless := portal.Links{Now: l.Now}
	if _, err := keyless.Read(text); !errors.Is(err, portal.ErrForged) || keyless.Make(stay) != "" {
		t.Errorf("without a key: %v", err)
	}
	if url, err := keyless.At("https://desk.example")(t.Context(), stay); url != "" || err != nil {
		t.Errorf("without a key there is the address %q (%v)", url, err)
	}
}

// FuzzLink looks for a text that is let in, or breaks the reading, though it was not made.
func FuzzLink(f *testing.F) {
	l := links("k", departure)
	made := l.Make(stay)
	f.Add(made)
	f.Add("no-link")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := l.Read(text); err == nil && text != made {
			t.Errorf("%q is let in", text)
		}
	})
}

// stays are some stays, of which an actor sees those of its scope.
type stays []reservation.Reservation

func (s stays) Get(_ context.Context, a innards.Actor, id string) (reservation.Reservation, error) {
	for _, r := range s {
		if r.ID == id && a.Scope().Sees(r.Tenant, r.Property, r.Party) {
			return r, nil
		}
	}
	return reservation.Reservation{}, innards.ErrNotFound
}

// A guest is confined to the party of the stay, and may do what guests do.
func TestEnter(t *testing.T) {
	g := portal.Guest{Reservation: stay.ID, Tenant: "main", Property: "galata"}
	actor, r, err := g.Enter(t.Context(), stays{stay})
	if err != nil || r.ID != stay.ID {
		t.Fatalf("%+v %v", r, err)
	}
	if actor.ID != "guest-0199-r" || !actor.Scope().Sees("main", "galata", stay.Party) || actor.Scope().Sees("main", "galata", "") {
		t.Errorf("the actor is %+v", actor)
	}
	if may := slices.Sorted(slices.Values(actor.Rights)); !slices.Equal(may, []innards.Right{
		"read.reservations", "reservation.cancel", "reservation.check_out", "reservation.guarantee", "reservation.store_card", "reservation.update_guest",
	}) {
		t.Errorf("it may %v", may)
	}
	ofNobody := stay
	ofNobody.Party = ""
	for name, s := range map[string]stays{"gone": nil, "of no party": {ofNobody}} {
		if a, _, err := g.Enter(t.Context(), s); !errors.Is(err, innards.ErrNotFound) || a.Tenant != "" {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
}

func TestTestCards(t *testing.T) {
	var cards portal.Cards = portal.TestCards{}
	at, err := cards.Begin(t.Context(), "r", "/stay/x/card")
	if at != "/stay/x/card/test" || err != nil {
		t.Errorf("it begins at %s (%v)", at, err)
	}
	card, err := cards.Card(t.Context(), "r", portal.TestAccepted)
	if err != nil || !strings.HasPrefix(card.Token, "tok_test_") {
		t.Errorf("%+v %v", card, err)
	}
	for _, name := range []string{portal.TestDeclined, "", "x"} {
		if _, err := cards.Card(t.Context(), "r", name); !errors.Is(err, portal.ErrDeclined) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
