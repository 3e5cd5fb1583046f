package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/innards-go/innards/cmd/innards/internal/problem"
)

// schemas judge answers by the OpenAPI document that the server gives out.
type schemas struct {
	mu       sync.Mutex
	doc      map[string]any
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

const docURL = "https://innards.test/openapi.json"

func loadSchemas(t *testing.T, url string) *schemas {
	t.Helper()
	resp, err := http.Get(url + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	doc, err := jsonschema.UnmarshalJSON(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	s := &schemas{doc: doc.(map[string]any), compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	s.compiler.AssertFormat()
	if err := s.compiler.AddResource(docURL, doc); err != nil {
		t.Fatal(err)
	}
	return s
}

// check fails the test if the answer to a request is not what the document says.
func (h *house) check(req *http.Request, r reply) {
	h.t.Helper()
	h.mu.Lock()
	if h.schemas == nil {
		h.schemas = loadSchemas(h.t, h.server.URL)
	}
	h.mu.Unlock()
	if pattern := h.pattern(req); h.pages[pattern] {
		h.checkPage(req, r)
	} else if err := h.schemas.judge(pattern, r); err != nil {
		h.t.Errorf("%s %s: %d: %v\n%s", req.Method, req.URL.Path, r.status, err, r.body)
	}
}

// checkPage fails the test if an answer to people is no page: in one language, within its policy, with no text missing.
func (h *house) checkPage(req *http.Request, r reply) {
	h.t.Helper()
	if r.status >= 300 && r.status < 400 || strings.HasPrefix(req.URL.Path, "/v1/") {
		return
	}
	if r.status == http.StatusOK && r.header.Get("Content-Disposition") != "" {
		return // a file
	}
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	policy := r.header.Get("Content-Security-Policy")
	switch page := string(r.body); {
	case kind != "text/html" || !strings.HasPrefix(strings.ToLower(page), "<!doctype html><html lang="):
		h.t.Errorf("%s %s: %d: no page but %s", req.Method, req.URL.Path, r.status, kind)
	case !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe"):
		h.t.Errorf("%s %s: the policy is %s", req.Method, req.URL.Path, policy)
	case strings.Contains(page, "⟦"):
		_, missing, _ := strings.Cut(page, "⟦")
		h.t.Errorf("%s %s: there is no text %.60s", req.Method, req.URL.Path, missing)
	case strings.Contains(page, " style=") || strings.Contains(page, "<style") || strings.Contains(page, " onclick="):
		h.t.Errorf("%s %s: something is inline", req.Method, req.URL.Path)
	}
}

// pattern returns the path of the route that a request takes, "" if there is none.
func (h *house) pattern(req *http.Request) string {
	_, pattern := h.mux.Handler(req)
	return pattern
}

func (s *schemas) judge(pattern string, r reply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	if r.status >= 400 {
		if kind != problem.ContentType {
			return fmt.Errorf("the content type is %q", kind)
		}
		return s.validate("/components/schemas/Problem", r.body)
	}
	method, path, _ := strings.Cut(pattern, " ")
	response := dig(s.doc, "paths", path, strings.ToLower(method), "responses", fmt.Sprint(r.status))
	if response == nil && strings.HasPrefix(path, "/v1/") {
		return fmt.Errorf("%s does not describe the status", pattern)
	}
	if kind != "application/json" || response == nil {
		return nil
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	return s.validate(fmt.Sprintf("/paths/%s/%s/responses/%d/content/%s/schema", escape.Replace(path), strings.ToLower(method),
		r.status, escape.Replace(kind)), r.body)
}

func (s *schemas) validate(pointer string, body []byte) error {
	schema := s.compiled[pointer]
	if schema == nil {
		var err error
		location := docURL + "#" + strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer)
		if schema, err = s.compiler.Compile(location); err != nil {
			return err
		}
		s.compiled[pointer] = schema
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// dig follows keys down a document; nil if one is missing.
func dig(v any, keys ...string) any {
	for _, key := range keys {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[key]
	}
	return v
}

// The document itself is valid JSON and describes every route of the API.
func TestEveryRouteIsDescribed(t *testing.T) {
	h := newHouse(t)
	doc := loadSchemas(t, h.server.URL).doc
	for _, route := range h.routes {
		if !strings.HasPrefix(route.Path, "/v1/") {
			continue
		}
		op, ok := dig(doc, "paths", route.Path, strings.ToLower(route.Method)).(map[string]any)
		if !ok || op["summary"] == "" || op["operationId"] == "" {
			t.Errorf("%s %s is not described", route.Method, route.Path)
		}
	}
	if text, err := json.Marshal(doc); err != nil || bytes.Contains(text, []byte("ErrorModel")) {
		t.Errorf("huma's own errors are in the document (%v)", err)
	}
}
