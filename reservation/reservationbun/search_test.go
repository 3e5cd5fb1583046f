package reservationbun_test

import (
	"slices"
	"testing"

	"github.com/innards-go/innards/internal/fold"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestLexemes(t *testing.T) {
	got := reservationbun.Lexemes([]string{"o", "бойчев", "michaela", "李小龍"})
	want := []string{
		"o",
		"б", "бо", "бой", "бойч", "бойче", "бойчев",
		"m", "mi", "mic", "mich", "micha", "michae", "michaela",
		"李", "李小", "李小龍",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the lexemes are %q, not %q", got, want)
	}
}

// A guest is found by every beginning of every word, be it shorter or longer than those that have entries in the index.
func TestEveryBeginningFinds(t *testing.T) {
	eachStore(t, func(t *testing.T, store reservation.Store) {
		openHotel(t, store)
		desk := reservationtest.NewDesk(3)
		const name = "Александрина Бойчева-О'Neill Núñez 李小龍"
		for _, guest := range []string{"Alexandra Neilson", name, "Александра Бойчинова"} {
			if err := store.Commit(t.Context(), desk.Create(reservationtest.Guest(guest))); err != nil {
				t.Fatal(err)
			}
		}
		for _, word := range fold.Words(name) {
			letters := []rune(word)
			for n := range letters {
				beginning := string(letters[:n+1])
				if all := foundBy(t, store, beginning); !slices.Contains(all, name) {
					t.Errorf("%q finds %q", beginning, all)
				}
				if all := foundBy(t, store, beginning+"x"); len(all) != 0 {
					t.Errorf("%q finds %q", beginning+"x", all)
				}
			}
		}
		if all := foundBy(t, store, "александрин", "б", "бойче"); !slices.Equal(all, []string{name}) {
			t.Errorf("three beginnings find %q", all)
		}
	})
}

func foundBy(t *testing.T, store reservation.Store, words ...string) (guests []string) {
	t.Helper()
	page, err := store.Find(t.Context(), staff.Actor.Scope(), reservation.Query{Words: words, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Reservations {
		guests = append(guests, r.Guest.Name)
	}
	return guests
}
