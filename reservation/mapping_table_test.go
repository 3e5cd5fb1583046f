package reservation_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/innards-go/innards/reservation"
)

// The table of the documentation: what every word of every standard means here.
func TestStatusWordTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("| system | word | occupancy | commitment | confirmation | note |\n|---|---|---|---|---|---|\n")
	for _, standard := range reservation.Standards() {
		for _, w := range standard.Words() {
			st := w.Statuses
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", standard, w.Word, st.Occupancy,
				cmp.Or(st.Commitment, "any"), cmp.Or(st.Confirmation, "any"), w.Note)
		}
	}
	golden(t, "status_words.md", b.String())
}
