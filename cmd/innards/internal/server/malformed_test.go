package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/server"
)

// corpus are bodies that no route accepts.
var corpus = map[string]string{
	"bad UTF-8":        "{\"note\":\"\xff\xfe\"}",
	"NUL":              `{"note":"a\u0000b"}`,
	"raw NUL":          "{\"note\":\"a\x00b\"}",
	"duplicate name":   `{"note":"a","note":"b"}`,
	"unknown field":    `{"no_such_field":1}`,
	"wrong case":       `{"Note":"a","GUEST":{},"IDs":[],"Room":"101","Policy":{}}`,
	"huge number":      `{"adults":1e9999}`,
	"huge integer":     `{"adults":9223372036854775808}`,
	"deep":             `{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`,
	"trailing":         `{} {}`,
	"trailing garbage": `{}x`,
	"cut":              `{"note":"a`,
	"array":            `[]`,
	"text":             `"check in"`,
	"number":           `1`,
	"true":             `true`,
	"not JSON":         `<xml/>`,
	"too large":        `{"note":"` + strings.Repeat("a", edge.MaxBody) + `"}`,
	"half surrogate":   `{"note":"\ud83d"}`,
	"comment":          `{/* */}`,
	"only white space": "   ",
}

// Whatever is sent to whatever route, the answer is a problem of the client's, and nothing is stored.
func TestMalformedBodies(t *testing.T) { onEveryStore(t, malformedBodies) }

func malformedBodies(t *testing.T, h *house) {
	admin := h.as(access.Administrator)
	id := admin.book(stay)
	before := admin.get("/v1/events?limit=200").body
	for _, route := range h.routes {
		if route.Method != http.MethodPost {
			continue
		}
		if route.Page {
			malformedForms(t, admin, address(route, id, hotel))
			continue
		}
		path := address(route, id, hotel)
		for name, body := range corpus {
			if r := admin.command(path, body); r.status < 400 || r.status >= 500 {
				t.Errorf("%s to %s: %d %s", name, path, r.status, r.body)
			}
		}
		admin.command(path, "{}", "Content-Type", "text/plain").want(t, 415, "media_type")
		admin.command(path, "a=b", "Content-Type", "application/x-www-form-urlencoded").want(t, 415, "media_type")
		admin.command(path+"?no_such_parameter=1", "{}").want(t, 422, "invalid")
		admin.command(path+"?dry_run=maybe", "{}").want(t, 422, "invalid")
	}
	if after := admin.get("/v1/events?limit=200").body; string(after) != string(before) {
		t.Errorf("something was stored: %s", after)
	}
}

// malformedForms sends a page what is no form. One without text is a form, but not a whole one.
func malformedForms(t *testing.T, admin client, path string) {
	t.Helper()
	admin.send(http.MethodPost, path, "{}").want(t, http.StatusUnsupportedMediaType, "")
	for _, body := range []string{"note=%ff", "note=%00", "note=%zz", "%ff=1", "a;b", "note=" + strings.Repeat("a", edge.MaxBody)} {
		r := admin.send(http.MethodPost, path, body, "Content-Type", "application/x-www-form-urlencoded")
		if r.status < 400 || r.status >= 500 {
			t.Errorf("%.20s to %s: %d", body, path, r.status)
		}
	}
}

// Every field of every command refuses every other type, and says where.
func TestWrongTypes(t *testing.T) {
	h := newHouse(t)
	admin := h.as(access.Administrator)
	id := admin.book(stay)
	doc := loadSchemas(t, h.server.URL).doc
	wrong := map[string]string{"string": "1", "integer": `"1"`, "boolean": `"true"`, "array": "{}", "object": "[]"}
	fields := 0
	for _, route := range h.routes {
		schema := dig(doc, "paths", route.Path, "post", "requestBody", "content", "application/json", "schema")
		properties, _ := dig(resolve(doc, schema), "properties").(map[string]any)
		for name, property := range properties {
			value, ok := wrong[typeOf(resolve(doc, property))]
			if !ok {
				t.Fatalf("%s: %s has no type", route.Path, name)
			}
			r := admin.command(address(route, id, hotel), fmt.Sprintf(`{%q:%s}`, name, value)).want(t, 422, "invalid")
			places := []string{}
			for _, e := range r.field(t, "errors").([]any) {
				places = append(places, dig(e, "location").(string))
			}
			if !slices.ContainsFunc(places, func(p string) bool { return strings.HasPrefix(p, "body."+name) }) {
				t.Errorf("%s: %s of a wrong type is refused at %v", route.Path, name, places)
			}
			other := strings.ToUpper(name[:1]) + name[1:]
			r = admin.command(address(route, id, hotel), fmt.Sprintf(`{%q:null}`, other)).want(t, 422, "invalid")
			if places := dig(r.field(t, "errors").([]any)[0], "location"); places != "body."+other {
				t.Errorf("%s: %s is refused at %v", route.Path, other, places)
			}
			fields++
		}
	}
	if fields < 50 {
		t.Errorf("only %d fields were tried", fields)
	}
}

// resolve follows a reference within the document.
func resolve(doc map[string]any, schema any) any {
	ref, ok := dig(schema, "$ref").(string)
	if !ok {
		return schema
	}
	return dig(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
}

// typeOf returns the type of a schema, without null.
func typeOf(schema any) string {
	switch t := dig(schema, "type").(type) {
	case string:
		return t
	case []any:
		return t[0].(string)
	}
	return ""
}

func TestMalformedTargets(t *testing.T) { onEveryStore(t, malformedTargets) }

func malformedTargets(t *testing.T, h *house) {
	admin := h.as(access.Administrator)
	for _, c := range []struct {
		target string
		status int
	}{
		{"/v1/reservations/%00", 400},
		{"/v1/reservations/%ff", 400},
		{"/v1/reservations/a%0Ab", 400},
		{"/v1/reservations/" + strings.Repeat("a", 200), 422},
		{"/v1/reservations/no-such-id", 404},
		{"/v1/reservations/no-such-id/no-such-command", 404},
		{"/v1/reservations?text=%ff", 400},
		{"/v1/reservations?text=%00", 400},
		{"/v1/reservations?text=%zz", 400},
		{"/v1/reservations?text=a;b", 400},
		{"/v1/reservations?text=a&text=b", 400},
		{"/v1/reservations?limit=0", 422},
		{"/v1/reservations?limit=201", 422},
		{"/v1/reservations?limit=1e3", 422},
		{"/v1/reservations?limit=99999999999999999999", 422},
		{"/v1/reservations?after=x", 422},
		{"/v1/reservations?after=eyJzIjoiYXJyaXZhbCIsInYiOiJ4IiwiaSI6IngifQ", 422}, // a cursor whose date is none
		{"/v1/reservations?sort=id", 422},
		{"/v1/reservations?descending=perhaps", 422},
		{"/v1/reservations?occupancy=asleep", 422},
		{"/v1/reservations?stay_state=due_in", 422}, // needs the property
		{"/v1/reservations?arrival_from=2026-02-30", 422},
		{"/v1/reservations?arrival_from=26-02-03", 422},
		{"/v1/reservations?created_from=yesterday", 422},
		{"/v1/reservations?valid=1", 422},
		{"/v1/reservations?property=no-such", 404},
		{"/v1/reservations?text=" + strings.Repeat("a%20", 200), 422},
		{"/v1/reservations?unknown=1", 422},
		{"/v1/reservations?attribute[]=x", 422},
		{"/v1/reservations?attribute=x", 422},
		{"/v1/reservations?attribute[a][b]=x", 422},
		{"/v1/reservations/counts?limit=1", 422},
		{"/v1/events?after=-1", 422},
		{"/v1/events?after=x", 422},
		{"/v1/properties/vitosha/calendar", 422},
		{"/v1/properties/vitosha/calendar?from=2026-06-08&to=2026-06-01", 422},
		{"/v1/properties/vitosha/calendar?from=2026-06-08&to=2030-06-01", 422},
		{"/v1/properties/vitosha/rooms/999/calendar.ics", 404},
		{"/v1/properties/vitosha/rooms/%00/calendar.ics", 400},
		{"/v1/mappings/no-such/Reserved", 404},
		{"/v1/mappings/opentravel/no-such", 422},
		{"/v2/reservations", 404},
		{"/v1/reservations/", 404},
		{"/assets/", 404},
		{"/assets/../../etc/passwd", 404},
	} {
		if r := admin.get(c.target); r.status != c.status {
			t.Errorf("%.80s: %d %s, want %d", c.target, r.status, r.body, c.status)
		}
	}
	for _, c := range []struct{ method, target, allow string }{
		{http.MethodDelete, "/v1/reservations", "GET, HEAD, POST"},
		{http.MethodPut, "/v1/reservations/x", "GET, HEAD"},
		{http.MethodGet, "/v1/reservations/x/check-in", "POST"},
		{http.MethodPost, "/", "GET, HEAD"},
	} {
		r := admin.send(c.method, c.target, "").want(t, 405, "method_not_allowed")
		if got := r.header.Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow is %q, want %q", c.method, c.target, got, c.allow)
		}
	}
}

// A body that does not come is not waited for.
func TestSlowBody(t *testing.T) {
	h := newHouse(t, option{config: func(c *server.Config) { c.BodyTimeout = 20 * time.Millisecond }})
	conn, err := net.Dial("tcp", h.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /v1/reservations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIdempotency-Key: k\r\n"+
		"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{", h.token(access.FrontDesk, ""))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusRequestTimeout || resp.Header.Get("Content-Type") != problem.ContentType || !resp.Close {
		t.Errorf("answered %d %v %s (%v)", resp.StatusCode, resp.Header, body, err)
	}
}

// A client that goes away in the middle of its body leaves nothing behind.
func TestBrokenBody(t *testing.T) {
	h := newHouse(t)
	conn, err := net.Dial("tcp", h.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "POST /v1/reservations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIdempotency-Key: k\r\n"+
		"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n%s", h.token(access.FrontDesk, ""), stay[:50])
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("answered %d", resp.StatusCode)
	}
	if n := h.as(access.FrontDesk).get("/v1/reservations/counts").field(t, "total"); n != 0.0 {
		t.Errorf("%v reservations", n)
	}
}

// A panic is a problem too, and its cause stays in the log.
func TestPanic(t *testing.T) {
	h := newHouse(t, option{config: func(c *server.Config) { c.Tokens = nil }})
	r := client{h, "ink_aaaaaaaaaaaaaaaa_" + strings.Repeat("a", 32)}.get("/v1/properties").want(t, 500, "internal")
	if strings.Contains(string(r.body), "goroutine") || !strings.Contains(h.log.String(), `"msg":"panic"`) {
		t.Errorf("answered %s, logged %s", r.body, h.log)
	}
}

// Neither personal data nor secrets nor what is searched for get into the log.
func TestLogIsFreeOfPersonalData(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	id := desk.book(stay)
	desk.get("/v1/reservations?text=kierkegaard")
	desk.command("/v1/reservations/"+id+"/mark-confirmed", `{"note":"by telephone"}`, "Innards-Reason", "because")
	desk.command("/v1/reservations", strings.Replace(stay, `"DBL"`, `"none"`, 1))
	log := strings.ToLower(h.log.String())
	for _, secret := range []string{"kierkegaard", "soren", "telephone", "because", desk.token, strings.Split(desk.token, "_")[2]} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	for _, part := range []string{`"request_id"`, `"route":"post /v1/reservations"`, `"actor":"token-`} {
		if !strings.Contains(log, part) {
			t.Errorf("%s is not in the log:\n%s", part, log)
		}
	}
}
