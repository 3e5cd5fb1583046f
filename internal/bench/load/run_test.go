package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// hotel is as much of a server as the load needs. It holds 20 reservations, all of them in every property's list.
type hotel struct {
	mu        sync.Mutex
	versions  map[string]int
	confirmed map[string]bool
	keys      map[string]bool
	refuse    int // every so many commands, or never
}

func (h *hotel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/reservations"), "/")
	switch {
	case r.Header.Get("Authorization") != "Bearer secret":
		http.Error(w, "who?", http.StatusUnauthorized)
	case len(path) == 1:
		var items []string
		if r.URL.Query().Get("property") == "hotel-01" {
			for i := range 20 {
				items = append(items, fmt.Sprintf(`{"id":"r%d","version":1,"confirmation":"unconfirmed"}`, i))
			}
		}
		fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
	default:
		h.command(w, r, path[1], path[2])
	}
}

func (h *hotel) command(w http.ResponseWriter, r *http.Request, id, command string) {
	key := r.Header.Get("Idempotency-Key")
	if h.refuse > 0 && len(h.keys)%h.refuse == h.refuse-1 {
		h.keys[key] = true
		http.Error(w, "not now", http.StatusConflict)
		return
	}
	wanted := map[bool]string{false: "mark-confirmed", true: "revoke-confirmation"}[h.confirmed[id]]
	version := h.versions[id] + 1
	if h.keys[key] || command != wanted || r.Header.Get("If-Match") != fmt.Sprintf(`"%d"`, version) {
		http.Error(w, "wrong", http.StatusPreconditionFailed)
		return
	}
	h.keys[key] = true
	h.versions[id] = version
	h.confirmed[id] = !h.confirmed[id]
	fmt.Fprintf(w, `{"version":%d}`, version+1)
}

func put(t *testing.T, h *hotel, token string) (result, error) {
	t.Helper()
	h.versions, h.confirmed, h.keys = map[string]int{}, map[string]bool{}, map[string]bool{}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return measure(t.Context(), options{
		Kind: "innards", Mode: "transition", Connections: 4, url: server.URL, token: token,
		duration: time.Minute, limit: 200,
	})
}

func TestTransitionsFollowEachOther(t *testing.T) {
	got, err := put(t, &hotel{}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	if got.Calls != 200 || got.Failures != 0 {
		t.Errorf("%d calls, %d failures (%s), want 200 calls", got.Calls, got.Failures, got.Failure)
	}
	if got.Rate <= 0 || got.P50 > got.P99 || got.P99 > got.Max {
		t.Errorf("rate %v, p50 %v, p99 %v, max %v", got.Rate, got.P50, got.P99, got.Max)
	}
}

// A refused reservation is left alone from then on, so each refusal is counted once.
func TestRefusalsAreCounted(t *testing.T) {
	got, err := put(t, &hotel{refuse: 20}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	if got.Failures != 10 || got.Calls != 190 || !strings.Contains(got.Failure, "not now") {
		t.Errorf("%d calls, %d failures, the first: %s; want 190 and 10", got.Calls, got.Failures, got.Failure)
	}
}

func TestUnauthorized(t *testing.T) {
	if _, err := put(t, &hotel{}, "guess"); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("error %v, want one with the status", err)
	}
}

func TestQuantile(t *testing.T) {
	var values []time.Duration
	for i := range 200 {
		values = append(values, time.Duration(i+1))
	}
	for _, c := range []struct {
		n    int
		q    float64
		want time.Duration
	}{{200, 0.50, 100}, {200, 0.99, 198}, {1, 0.99, 1}, {3, 0.50, 2}} {
		if got := quantile(values[:c.n], c.q); got != c.want {
			t.Errorf("quantile %v of 1 to %d is %d, want %d", c.q, c.n, got, c.want)
		}
	}
}
