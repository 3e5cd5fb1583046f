package server_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/account"
	"github.com/innards-go/innards/cmd/innards/internal/api"
	"github.com/innards-go/innards/cmd/innards/internal/database"
	"github.com/innards-go/innards/cmd/innards/internal/dbtest"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/folio"
	"github.com/innards-go/innards/cmd/innards/internal/jobs"
	"github.com/innards-go/innards/cmd/innards/internal/mail"
	"github.com/innards-go/innards/cmd/innards/internal/metrics"
	"github.com/innards-go/innards/cmd/innards/internal/portal"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
	"github.com/innards-go/innards/cmd/innards/internal/server"
	"github.com/innards-go/innards/cmd/innards/internal/web"
	"github.com/innards-go/innards/cmd/innards/internal/webhook"
	"github.com/innards-go/innards/cmd/innards/internal/words"
	"github.com/innards-go/innards/internal/bunstore"
	"github.com/innards-go/innards/internal/pgtest"
	"github.com/innards-go/innards/reservation"
	"github.com/innards-go/innards/reservation/reservationbun"
	"github.com/innards-go/innards/reservation/reservationtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// A house is a server on the in-memory store, with one hotel and a token for every role.
type house struct {
	t        *testing.T
	server   *httptest.Server
	service  *reservation.Service
	store    reservation.Store
	clock    *reservationtest.Clock
	routes   []router.Route
	pages    map[string]bool // routes that people look at
	mux      *http.ServeMux  // of the same patterns, to find the route of a request
	tokens   *memoryTokens
	staff    *account.Service
	sessions *account.Sessions
	words    *words.Catalogue
	work     web.Work
	links    portal.Links
	filters  web.Filters
	log      *lockedBuffer
	changed  *api.Signal
	closing  chan struct{}
	ready    error
	schemas  *schemas

	mu   sync.Mutex
	keys int
}

const hotel = "vitosha"

// An option changes how a house is made.
type option struct {
	folio  reservation.Folio
	store  func(reservation.Store) reservation.Store
	config func(*server.Config)
}

// newHouse opens the house.
func newHouse(t *testing.T, options ...option) *house {
	t.Helper()
	h := &house{
		t: t, store: reservationtest.NewStore(), clock: reservationtest.NewClock(reservationtest.Morning()),
		tokens: &memoryTokens{byID: map[string]access.Token{}}, log: &lockedBuffer{}, changed: &api.Signal{},
		closing: make(chan struct{}),
	}
	var bills reservation.Folio
	for _, o := range options {
		if o.store != nil {
			h.store = o.store(h.store)
		}
		bills = cmp.Or(o.folio, bills)
	}
	var err error
	h.service, err = reservation.NewService(h.store, reservation.Options{Clock: h.clock.Now, Random: reservationtest.Random(1), Folio: bills})
	if err != nil {
		t.Fatal(err)
	}
	if h.words, err = words.Load(); err != nil {
		t.Fatal(err)
	}
	h.openOffice()
	h.links = portal.Links{Key: []byte(strings.Repeat("k", database.SecretSize)), Now: h.clock.Now}
	c := server.Config{
		Service: h.service, Tokens: h.tokens, Accounts: h.staff, Sessions: h.sessions, PublicURL: "http://desk.example", Work: h.work, Links: h.links, Cards: portal.TestCards{}, Words: h.words, Filters: h.filters, Book: emptyBook{}, Now: h.clock.Now, IDs: reservationtest.IDs(h.clock.Now, 2),
		Log:     slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Metrics: metrics.New("test", func(context.Context) (int64, error) { return 7, nil }, func() (int64, int64) { return 2, 3 }),
		Ready:   func(context.Context) error { return h.ready }, Changed: h.changed, Effects: &api.Signal{}, Closing: h.closing, Version: "test",
	}
	for _, o := range options {
		if o.config != nil {
			o.config(&c)
		}
	}
	handler, routes, err := server.NewHandler(c)
	if err != nil {
		t.Fatal(err)
	}
	h.routes, h.mux, h.pages = routes, http.NewServeMux(), map[string]bool{}
	for _, route := range routes {
		h.pages[route.Method+" "+route.Path] = route.Page
		h.mux.HandleFunc(route.Method+" "+route.Path, func(http.ResponseWriter, *http.Request) {})
	}
	h.server = httptest.NewServer(handler)
	t.Cleanup(h.server.Close)
	h.open(hotel, reservationtest.Tenant)
	return h
}

// openOffice makes the accounts, which are kept in a database of their own.
func (h *house) openOffice() {
	h.t.Helper()
	db, log := dbtest.SQLite(h.t), slog.New(slog.DiscardHandler)
	ids := reservationtest.IDs(h.clock.Now, 5)
	queue := jobs.NewQueue(db, ids, h.clock.Now)
	h.work = web.Work{
		Tasks: jobs.NewTasks(db, log), Queue: queue, Box: mail.NewBox(db, queue, ids, h.clock.Now),
		Endpoints: webhook.New(db, webhook.Options{Queue: queue, NewID: ids, Now: h.clock.Now, Feeds: []string{"reservation"}}),
	}
	h.filters = database.NewFilters(db)
	accounts := database.NewAccounts(db)
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16}
	var err error
	h.staff, err = account.NewService(account.Options{
		Store: accounts, Tenant: reservationtest.Tenant, Now: h.clock.Now, IDs: reservationtest.IDs(h.clock.Now, 3), Random: reservationtest.Random(4),
		Hash: cheap, Tokens: h.tokens, Log: log,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.sessions = account.NewSessions(account.SessionOptions{
		Store: accounts, Now: h.clock.Now,
		Failed: func(w http.ResponseWriter, r *http.Request, err error) { edge.Answer(w, r, problem.From(err)) },
	})
}

// onEveryStore runs a test in houses on the in-memory store and on both databases.
func onEveryStore(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("memory", func(t *testing.T) { test(t, newHouse(t)) })
	dbtest.Each(t, func(t *testing.T, db *bunstore.DB) {
		test(t, newHouse(t, option{store: func(reservation.Store) reservation.Store { return reservationbun.New(db) }}))
	})
}

// open makes a property like [reservationtest.Hotel] through the service.
func (h *house) open(id, tenant string) {
	h.t.Helper()
	p := reservationtest.Hotel()
	by := innards.Command{Actor: innards.Actor{ID: "test", Tenant: tenant, Rights: []innards.Right{"*"}}}
	intents := []reservation.PropertyIntent{
		reservation.CreateProperty{ID: id, Title: p.Name, Zone: p.Zone, Currency: p.Currency, BusinessDate: p.BusinessDate, Settings: p.Settings},
		reservation.PutRoomTypes{Types: p.Types}, reservation.PutRooms{Rooms: p.Rooms},
	}
	for _, policy := range p.GuaranteePolicies {
		intents = append(intents, reservation.PutGuaranteePolicy{Policy: policy})
	}
	for _, policy := range p.CancellationPolicies {
		intents = append(intents, reservation.PutCancellationPolicy{Policy: policy})
	}
	for _, in := range intents {
		if _, err := h.service.DoProperty(h.t.Context(), by, id, in); err != nil {
			h.t.Fatal(err)
		}
	}
}

// token issues a token for a role, for one property or, if it is empty, all of the tenant.
func (h *house) token(role access.Role, property string) string {
	return h.tokenOf(reservationtest.Tenant, role, property)
}

func (h *house) tokenOf(tenant string, role access.Role, property string) string {
	h.t.Helper()
	h.mu.Lock()
	h.keys++
	seed := uint64(1000 + h.keys)
	h.mu.Unlock()
	token, text, err := access.Issue(access.Token{Name: "test", Role: role, Tenant: tenant, Property: property, CreatedAt: h.clock.Now()}, reservationtest.Random(seed))
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.tokens.AddToken(h.t.Context(), token); err != nil {
		h.t.Fatal(err)
	}
	return text
}

// A client makes requests with one token.
type client struct {
	*house
	token string
}

func (h *house) as(role access.Role) client { return client{h, h.token(role, "")} }

// A reply is an answer that was read.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// field returns a field of the body, which is an object.
func (r reply) field(t *testing.T, name string) any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(r.body, &object); err != nil {
		t.Fatalf("the body %q is no object: %v", r.body, err)
	}
	return object[name]
}

// send makes a request. Header fields are given as name and value in turn.
func (c client) send(method, path, body string, header ...string) reply {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.server.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return c.do(req)
}

func (c client) do(req *http.Request) reply {
	c.t.Helper()
	web := *c.server.Client()
	web.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := web.Do(req)
	if err != nil {
		c.t.Fatal(err, c.log)
	}
	r, err := read(resp)
	if err != nil {
		c.t.Fatal(err)
	}
	c.check(req, r)
	return r
}

// read reads an answer whole.
func read(resp *http.Response) (reply, error) {
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, text}, errors.Join(err, resp.Body.Close())
}

func (c client) get(path string) reply { c.t.Helper(); return c.send(http.MethodGet, path, "") }

// command sends a command with a new key for any version.
func (c client) command(path, body string, header ...string) reply {
	c.t.Helper()
	c.mu.Lock()
	c.keys++
	key := fmt.Sprintf("key-%d", c.keys)
	c.mu.Unlock()
	return c.send(http.MethodPost, path, body, append([]string{"Idempotency-Key", key, "If-Match", "*"}, header...)...)
}

// book makes a reservation in the hotel and returns its id.
func (c client) book(body string) string {
	c.t.Helper()
	r := c.command("/v1/reservations", body)
	if r.status != http.StatusCreated {
		c.t.Fatalf("booking: %d %s", r.status, r.body)
	}
	return r.field(c.t, "id").(string)
}

// stay is the body of a booking that arrives today in a double room.
const stay = `{"property":"vitosha","arrival":"2026-06-01","departure":"2026-06-03","type":"DBL","adults":2,
	"guest":{"name":"Søren Kierkegaard","email":"soren@example.dk"},"source":"front_desk",
	"prices":[{"amount":"80.50","currency":"EUR"}],"cancellation_policy":"flexible"}`

// want fails the test unless the answer has the status, and for a problem the code.
func (r reply) want(t *testing.T, status int, code string) reply {
	t.Helper()
	if r.status != status || code != "" && r.field(t, "code") != code {
		t.Fatalf("got %d %s, want %d %s", r.status, r.body, status, code)
	}
	return r
}

// emptyBook is a book in which nothing is posted.
type emptyBook struct{}

func (emptyBook) Postings(context.Context, innards.Scope, string) ([]folio.Posting, error) {
	return nil, nil
}

// memoryTokens are access.Tokens in memory.
type memoryTokens struct {
	mu   sync.Mutex
	byID map[string]access.Token
	err  error
}

func (m *memoryTokens) Token(_ context.Context, id string) (access.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.byID[id]
	if m.err == nil && !ok {
		return t, innards.ErrNotFound
	}
	return t, m.err
}

func (m *memoryTokens) Tokens(context.Context) ([]access.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.byID)), m.err
}

func (m *memoryTokens) AddToken(_ context.Context, t access.Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byID[t.ID] = t
	return nil
}

func (m *memoryTokens) RevokeToken(_ context.Context, id string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.byID[id]
	t.RevokedAt = &at
	m.byID[id] = t
	return nil
}

// lockedBuffer is a log that a test may read while the server writes.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
