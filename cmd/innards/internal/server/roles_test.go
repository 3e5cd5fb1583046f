package server_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/reservation/reservationtest"
)

var update = flag.Bool("update", false, "write the generated documents anew")

// address returns a usable address of a route, for a reservation and a property.
func address(route router.Route, reservation, property string) string {
	id, record := property, reservation
	if strings.HasPrefix(route.Path, "/v1/reservations/") {
		id = reservation
	}
	path := strings.NewReplacer("{id}", id, "{reservation}", record, "{user}", "nobody", "{token}", "none", "{link}", "no-link", "{task}", "none", "{job}", "none", "{mail}", "none", "{attachment}", "none", "{hook}", "none", "{room}", "101", "{standard}", "opentravel", "{word}", "Reserved", "{$}", "").Replace(route.Path)
	switch {
	case strings.HasSuffix(path, "/calendar") || strings.HasSuffix(path, "/availability"):
		path += "?from=2026-06-01&to=2026-06-08"
	case strings.HasSuffix(path, "/automation"):
		path += "?until=2026-06-08T00:00:00Z"
	}
	return path
}

// isOfRecord reports whether the route is of one record, which another property's token must not find.
func isOfRecord(route router.Route) bool { return strings.Contains(route.Path, "{id}") }

// ofNobody reports whether the route is of a user, token, job, mail or webhook, of which the walk knows none; tests of their
// pages do.
func ofNobody(route router.Route) bool {
	return regexp.MustCompile(`\{(user|token|task|job|mail|hook)\}`).MatchString(route.Path)
}

// call makes a request to the route, dry, so that all of them can be called in turn.
func (c client) call(route router.Route, reservation, property string) reply {
	c.t.Helper()
	path := address(route, reservation, property)
	if route.Page && route.Method == http.MethodPost {
		return c.send(route.Method, path, "step=preview&key=k&version=1", "Content-Type", "application/x-www-form-urlencoded")
	}
	if route.Method != http.MethodPost {
		return c.send(route.Method, path, "")
	}
	body := "{}"
	if strings.Contains(path, "/bulk/") {
		body = fmt.Sprintf(`{"ids":[%q]}`, reservation)
	}
	if path == "/v1/properties" {
		body = fmt.Sprintf(`{"id":%q}`, property)
	}
	return c.command(path+"?dry_run=true", body)
}

// Every route lets in those whom its policy names, and nobody else; what belongs to others is not found.
func TestEveryRouteByRole(t *testing.T) {
	h := newHouse(t)
	close(h.closing) // so that streams end at once
	h.open("rila", reservationtest.Tenant)
	id := h.as(access.Administrator).book(stay)

	for _, route := range h.routes {
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			right := route.Policy.Right()
			if right == "" {
				r := (client{h, ""}).call(route, id, hotel)
				if shut := r.status == http.StatusUnauthorized || r.status == http.StatusForbidden; shut || !route.Page && r.status != http.StatusOK {
					t.Errorf("public, but %d", r.status)
				}
				return
			}
			for name, token := range map[string]string{"none": "", "unknown": "ink_aaaaaaaaaaaaaaaa_" + strings.Repeat("a", 32), "none at all": "x"} {
				r := client{h, token}.call(route, id, hotel)
				if route.Page {
					if r.status != http.StatusUnauthorized && !strings.HasPrefix(r.header.Get("Location"), "/login?next=") {
						t.Errorf("%s: %d", name, r.status)
					}
					continue
				}
				if r.status != http.StatusUnauthorized || r.header.Get("WWW-Authenticate") == "" {
					t.Errorf("%s: %d", name, r.status)
				}
			}
			confined := hotel
			if right == access.ReadMetrics {
				confined = "" // they are of the whole server
			}
			for _, role := range access.Roles() {
				own := client{h, h.token(role, confined)}.call(route, id, hotel)
				foreign := client{h, h.token(role, "rila")}.call(route, id, hotel)
				if !role.May(right) {
					if own.status != http.StatusForbidden || foreign.status != http.StatusForbidden {
						t.Errorf("%s lacks %s, but got %d and %d", role, right, own.status, foreign.status)
					}
					continue
				}
				if own.status == http.StatusForbidden || own.status == http.StatusUnauthorized || own.status == http.StatusNotFound && !ofNobody(route) {
					t.Errorf("%s has %s, but got %d %s", role, right, own.status, own.body)
				}
				if isOfRecord(route) && foreign.status != http.StatusNotFound {
					t.Errorf("%s of another property got %d %s", role, foreign.status, foreign.body)
				}
			}
		})
	}
}

// What can be listed or searched holds nothing of another property or tenant.
func TestListsShowOnlyOwnRecords(t *testing.T) {
	h := newHouse(t)
	close(h.closing)
	h.open("rila", reservationtest.Tenant)
	h.open("elsewhere", "another tenant")
	id := h.as(access.Administrator).book(stay)
	for name, token := range map[string]string{
		"property": h.token(access.Administrator, "rila"),
		"tenant":   h.tokenOf("another tenant", access.Administrator, ""),
	} {
		other := client{h, token}
		for _, path := range []string{"/v1/reservations", "/v1/reservations?text=soren", "/v1/reservations/counts", "/v1/properties", "/v1/events", "/v1/events/stream"} {
			r := other.get(path).want(t, 200, "")
			if strings.Contains(string(r.body), id) || strings.Contains(string(r.body), hotel) {
				t.Errorf("another %s sees %s in %s", name, r.body, path)
			}
		}
		other.get("/v1/reservations?property=vitosha").want(t, 404, "not_found")
		r := other.command("/v1/reservations/bulk/lock-room", fmt.Sprintf(`{"ids":[%q]}`, id)).want(t, 200, "")
		if r.field(t, "done") != 0.0 {
			t.Errorf("another %s did %s", name, r.body)
		}
		other.command("/v1/reservations", stay).want(t, 422, "property_unknown")
		r = other.command("/v1/properties", `{"id":"vitosha","name":"X","zone":"UTC","currency":"EUR","business_date":"2026-06-01"}`)
		if name == "property" && r.status < 400 {
			t.Errorf("a token of one property made another: %s", r.body)
		}
	}
}

func TestRevokedToken(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	desk.get("/v1/properties").want(t, 200, "")
	for id := range h.tokens.byID {
		if err := h.tokens.RevokeToken(t.Context(), id, h.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	h.clock.Advance(access.TokenLife)
	desk.get("/v1/properties").want(t, 401, "unauthenticated")
}

// The table in the documentation is the one in the code.
func TestRoleTableIsDocumented(t *testing.T) {
	h := newHouse(t)
	var b strings.Builder
	b.WriteString("# Who may do what\n\nMade by `go test ./cmd/innards/internal/server -run Documented -update`. " +
		"A token may also be confined to one property.\n\n| route | right |")
	for _, role := range access.Roles() {
		fmt.Fprintf(&b, " %s |", role)
	}
	b.WriteString("\n|---|---|" + strings.Repeat(":-:|", len(access.Roles())) + "\n")
	for _, route := range h.routes {
		right := route.Policy.Right()
		if right == "" {
			fmt.Fprintf(&b, "| `%s %s` | public |%s\n", route.Method, route.Path, strings.Repeat(" ✓ |", len(access.Roles())))
			continue
		}
		fmt.Fprintf(&b, "| `%s %s` | `%s` |", route.Method, route.Path, right)
		for _, role := range access.Roles() {
			fmt.Fprintf(&b, " %s |", map[bool]string{true: "✓", false: ""}[role.May(right)])
		}
		b.WriteString("\n")
	}
	b.WriteString("\nRights to override what stands against a command:\n\n| right |")
	for _, role := range access.Roles() {
		fmt.Fprintf(&b, " %s |", role)
	}
	b.WriteString("\n|---|" + strings.Repeat(":-:|", len(access.Roles())) + "\n")
	for _, right := range access.Rights() {
		if !strings.HasPrefix(string(right), "override.") {
			continue
		}
		fmt.Fprintf(&b, "| `%s` |", right)
		for _, role := range access.Roles() {
			fmt.Fprintf(&b, " %s |", map[bool]string{true: "✓", false: ""}[role.May(right)])
		}
		b.WriteString("\n")
	}
	golden(t, "../../ROLES.md", b.String())
}

// golden compares text with a file, or writes it with -update.
func golden(t *testing.T, name, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != text {
		t.Errorf("%s is not what the code says; run with -update", name)
	}
}

// A role never has a right that nothing asks for: that would be a misspelling.
func TestRightsOfRolesExist(t *testing.T) {
	asked := map[string]bool{}
	for _, right := range access.Rights() {
		asked[string(right)] = true
	}
	for _, route := range newHouse(t).routes {
		if right := route.Policy.Right(); right != "" && !asked[string(right)] {
			t.Errorf("%s %s needs %s, which the table does not list", route.Method, route.Path, right)
		}
	}
}
