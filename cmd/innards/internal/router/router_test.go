package router_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
)

func ok(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// A route without a policy is no route: the program does not start with it.
func TestRouteNeedsPolicy(t *testing.T) {
	rt := router.New(access.NewGate(nil, nil, nil, 0), 0)
	rt.Handle(router.Route{Method: "GET", Path: "/open", Policy: router.Public()}, ok)
	if err := rt.Err(); err != nil {
		t.Fatal(err)
	}
	rt.Handle(router.Route{Method: "GET", Path: "/forgotten"}, ok)
	if err := rt.Err(); err == nil || !strings.Contains(err.Error(), "GET /forgotten") {
		t.Errorf("the error is %v", err)
	}
	for path, status := range map[string]int{"/open": 204, "/forgotten": 404} {
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != status {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if n := len(rt.Routes()); n != 1 {
		t.Errorf("%d routes", n)
	}
}

func TestUnknownRoutesAreProblems(t *testing.T) {
	rt := router.New(access.NewGate(nil, nil, nil, 0), 0)
	rt.Handle(router.Route{Method: "POST", Path: "/open", Policy: router.Public()}, ok)
	for path, status := range map[string]int{"/none": 404, "/open": 405} {
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != status || w.Header().Get("Content-Type") != problem.ContentType {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}
