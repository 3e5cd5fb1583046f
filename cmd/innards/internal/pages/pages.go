// Package pages are the few pages that explain the server to whoever opens it in a browser. All they load is embedded.
package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/innards-go/innards"
	"github.com/innards-go/innards/cmd/innards/internal/access"
	"github.com/innards-go/innards/cmd/innards/internal/edge"
	"github.com/innards-go/innards/cmd/innards/internal/problem"
	"github.com/innards-go/innards/cmd/innards/internal/router"
)

//go:embed assets templates
var files embed.FS

// policy lets a page load what this server has, and nothing inline. Swagger UI draws its icons from data addresses.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// Info is what the pages say of this server.
type Info struct {
	Version string
	// OpenAPI returns the description of the API, as JSON. It is called when somebody asks for it, once.
	OpenAPI func() ([]byte, error)
	// Demo says that the database holds invented data.
	Demo bool
}

// Register adds the routes of the pages, and that of the description that they show.
func Register(rt *router.Router, info Info) error {
	templates, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return fmt.Errorf("reading the pages: %w", err)
	}
	for _, p := range []struct {
		path, file, title string
		data              any
	}{
		{"/{$}", "home.html", "Innards", info},
		{"/docs", "docs.html", "API reference", nil},
		{problem.Page, "problems.html", "Problem codes", problem.Catalogue()},
		{"/roles", "roles.html", "Roles and rights", roleTable()},
	} {
		var page bytes.Buffer
		if err := templates.ExecuteTemplate(&page, p.file, map[string]any{"Title": p.title, "Data": p.data}); err != nil {
			return fmt.Errorf("making the page %s: %w", p.path, err)
		}
		rt.Handle(get(p.path), file("text/html; charset=utf-8", func() ([]byte, error) { return page.Bytes(), nil }))
	}
	rt.Handle(get("/openapi.json"), file("application/openapi+json", info.OpenAPI))
	return registerAssets(rt)
}

func get(path string) router.Route {
	return router.Route{Method: http.MethodGet, Path: path, Policy: router.Public()}
}

func registerAssets(rt *router.Router) error {
	return fs.WalkDir(files, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rt.Handle(get("/"+name), file(kindOf(name), func() ([]byte, error) { return files.ReadFile(name) }))
		return nil
	})
}

// kindOf returns the media type of a file. Licences are text.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "text/plain; charset=utf-8"
}

// file answers with content that does not change while the server runs. Browsers ask each time whether it did. It is read
// when it is asked for the first time, since a server that starts has more urgent things to do.
func file(kind string, read func() ([]byte, error)) http.HandlerFunc {
	type tagged struct {
		content []byte
		tag     string
	}
	once := sync.OnceValues(func() (tagged, error) {
		content, err := read()
		sum := sha256.Sum256(content)
		return tagged{content, `"` + hex.EncodeToString(sum[:8]) + `"`}, err
	})
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := once()
		if err != nil {
			edge.Answer(w, r, problem.New(problem.Internal, problem.Internal.Text))
			return
		}
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", f.tag)
		if strings.HasPrefix(kind, "text/html") {
			h.Set("Content-Security-Policy", policy)
		}
		if r.Header.Get("If-None-Match") == f.tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(f.content) // a client that has gone needs none
	}
}

// A roleRow says which roles have a right.
type roleRow struct {
	Right innards.Right
	Has   []bool
}

func roleTable() any {
	var rows []roleRow
	for _, right := range access.Rights() {
		row := roleRow{Right: right}
		for _, role := range access.Roles() {
			row.Has = append(row.Has, role.May(right))
		}
		rows = append(rows, row)
	}
	return map[string]any{"Roles": access.Roles(), "Rows": rows}
}
