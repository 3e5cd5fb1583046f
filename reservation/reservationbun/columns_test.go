package reservationbun

import (
	"errors"
	"strings"
	"testing"

	"github.com/innards-go/innards"
)

// A document that cannot be read is told from one that is missing, and not quoted: it holds personal data.
func TestUnreadableDocuments(t *testing.T) {
	for _, tc := range []struct{ doc, want string }{
		{"null", "it holds none"},
		{"{}", "it holds none"},
		{"", "unexpected end of JSON input"},
		{`{"id":"r1","guest":{"name":"Elena`, "unexpected end of JSON input"},
		{`{"id":"r1","guest":{"name":Elena}}`, "invalid character 'E' looking for beginning of value"},
		{`{"id":5}`, "json: cannot unmarshal number into Go struct field"},
	} {
		_, err := parseReservation([]byte(tc.doc))
		_, ofProperty := parseProperty([]byte(tc.doc))
		for kind, err := range map[string]error{"reservation": err, "property": ofProperty} {
			want := innards.ErrCorrupt.Error() + ": the document of a " + kind + ": " + tc.want
			if !errors.Is(err, innards.ErrCorrupt) || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "Elena") {
				t.Errorf("%s is read with %v, want %s", tc.doc, err, want)
			}
			if strings.HasSuffix(err.Error(), ": ") {
				t.Errorf("%q ends in nothing", err)
			}
		}
	}
}
