package server_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// Pages load nothing from elsewhere and run nothing inline.
func TestPages(t *testing.T) {
	h := newHouse(t)
	anybody := client{h, ""}
	foreign := regexp.MustCompile(`(?:src|href)="(https?:|//)`)
	inline := regexp.MustCompile(`<script>|<style|style="| on[a-z]+="|javascript:`)
	for _, path := range []string{"/", "/docs", "/problems", "/roles"} {
		r := anybody.get(path).want(t, 200, "")
		csp := r.header.Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: the policy is %q", path, csp)
		}
		if m := foreign.Find(r.body); m != nil {
			t.Errorf("%s loads %s", path, m)
		}
		if m := inline.Find(r.body); m != nil {
			t.Errorf("%s has inline %s", path, m)
		}
		for _, m := range regexp.MustCompile(`(?:src|href)="(/[^"#]*)`).FindAllSubmatch(r.body, -1) {
			if at := string(m[1]); at != "/desk" { // which is for those who have logged in
				anybody.get(at).want(t, 200, "")
			}
		}
		if again := anybody.send("GET", path, "", "If-None-Match", r.header.Get("ETag")); again.status != 304 {
			t.Errorf("%s again: %d", path, again.status)
		}
	}
}

func TestEveryCodeIsExplained(t *testing.T) {
	h := newHouse(t)
	page := string(client{h, ""}.get("/problems").body)
	for _, k := range problem.Catalogue() {
		if !strings.Contains(page, `id="`+string(k.Code)+`"`) {
			t.Errorf("%s is not explained", k.Code)
		}
	}
}

func TestEveryAnswerHasSecurityHeaders(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	for _, path := range []string{"/", "/docs", "/v1/properties", "/v1/none", "/none", "/healthz", "/v1/reservations/%00"} {
		r := desk.get(path)
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.header.Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if r.header.Get("Content-Security-Policy") == "" || r.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", path, r.header)
		}
	}
	if r := desk.get("/v1/properties"); r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("personal data may be cached: %v", r.header)
	}
}

func TestRequestID(t *testing.T) {
	h := newHouse(t)
	desk := h.as(access.FrontDesk)
	if got := desk.send("GET", "/healthz", "", "X-Request-Id", "abc-1").header.Get("X-Request-Id"); got != "abc-1" {
		t.Errorf("the id is %q", got)
	}
	for _, given := range []string{`x" y`, "é", strings.Repeat("a", 65), "4111111111111111", "pay-4111.1111.1111.1111", "4111_1111_1111_1111"} {
		if got := desk.send("GET", "/healthz", "", "X-Request-Id", given).header.Get("X-Request-Id"); len(got) != 36 {
			t.Errorf("the id for %q is %q", given, got)
		}
	}
}

func TestHealth(t *testing.T) {
	h := newHouse(t)
	anybody := client{h, ""}
	anybody.get("/healthz").want(t, 200, "")
	anybody.get("/readyz").want(t, 200, "")
	h.ready = errors.Join(innards.ErrUnavailable, errors.New("at /var/secret.db"))
	if r := anybody.get("/readyz").want(t, 503, "unavailable"); strings.Contains(string(r.body), "secret") {
		t.Errorf("answered %s", r.body)
	}
	anybody.get("/healthz").want(t, 200, "")
}

func TestMetrics(t *testing.T) {
	h := newHouse(t)
	admin := h.as(access.Administrator)
	id := admin.book(stay)
	admin.command("/v1/reservations/"+id+"/check-in", `{"room":"101"}`).want(t, 200, "")
	admin.get("/no-such-page")
	text := string(admin.get("/metrics").want(t, 200, "").body)
	for _, line := range []string{
		`innards_http_requests_total{method="POST",route="POST /v1/reservations",status="201"} 1`,
		`innards_http_requests_total{method="GET",route="none",status="404"} 1`,
		`innards_commands_total{command="check_in",kind="reservation"} 1`,
		`innards_transitions_total{axis="occupancy",from="expected",to="checked_in"} 1`,
		`innards_outbox_pending 7`, `innards_commits_total 2`, `innards_changes_total 3`,
		`innards_http_request_duration_seconds_count{route="POST /v1/reservations/{id}/check-in"} 1`,
		`innards_build_info{version="test"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is missing", line)
		}
	}
	// They are of the whole server, whatever the role.
	client{h, h.token(access.Administrator, hotel)}.get("/metrics").want(t, 403, "not_permitted")
}
