package reservation_test

import (
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/reservation"
)

// warned returns the codes of a receipt's warnings, each with its details.
func warned(r reservation.Receipt) string {
	var all []string
	for _, w := range r.Warnings {
		code := string(w.Code)
		if _, details, ok := strings.Cut(w.Text, ": "); ok {
			code += ": " + details
		}
		all = append(all, code)
	}
	return strings.Join(all, "; ")
}

// Details follow the first colon, so no text has one of its own; and no code stands for two warnings.
func TestWarnings(t *testing.T) {
	seen := map[innards.Code]bool{}
	for _, w := range reservation.Warnings() {
		if w.Code == "" || w.Text == "" || strings.Contains(w.Text, ":") || seen[w.Code] {
			t.Errorf("%+v", w)
		}
		seen[w.Code] = true
	}
}
