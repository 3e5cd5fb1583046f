package innards_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/innards-go/innards"

// A goPackage is what `go list` says of a package.
type goPackage struct {
	ImportPath, Dir                    string
	Imports, TestImports, XTestImports []string
	Deps                               []string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Module                             *struct{ Path, Dir string }
	Standard                           bool
}

func list(t *testing.T, args ...string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,Imports,TestImports,XTestImports,Deps,GoFiles,Module,Standard"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// short returns the path within the module, "." for the root package.
func short(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// domains are the packages that embedders import without wanting a database, a server or anybody's library.
var domains = []string{".", "reservation", "internal/command"}

// TestDomainsReachFewModules keeps the domain packages, with their tests, on the standard library and four modules.
func TestDomainsReachFewModules(t *testing.T) {
	allowed := []string{module, "github.com/shopspring/decimal", "github.com/looplab/fsm", "github.com/google/go-cmp", "pgregory.net/rapid"}
	for _, d := range domains {
		for _, p := range list(t, "-deps", "-test", "./"+d) {
			if p.Module != nil && !slices.Contains(allowed, p.Module.Path) {
				t.Errorf("%s reaches %s of %s", d, p.ImportPath, p.Module.Path)
			}
		}
		for _, p := range list(t, "./"+d) {
			for _, banned := range []string{"net/http", "database/sql", "testing"} {
				if slices.Contains(p.Deps, banned) {
					t.Errorf("%s reaches %s", d, banned)
				}
			}
		}
	}
}

// TestImportsKeepToTheirPlace holds the house rules on who may import what.
func TestImportsKeepToTheirPlace(t *testing.T) {
	isCmd := func(p string) bool { return strings.HasPrefix(p, "cmd/") }
	isStore := func(p string) bool { return strings.HasSuffix(p, "bun") || p == "internal/bunstore" }
	rules := []struct {
		rule    string
		imports func(string) bool
		may     func(string) bool
	}{
		{"only Bun stores, cmd and examples import Bun", prefix("github.com/uptrace/bun"), func(p string) bool {
			return isStore(p) || isCmd(p) || strings.HasPrefix(p, "examples/")
		}},
		{"only cmd, examples and HTTP adapters import net/http", equals("net/http"), func(p string) bool {
			return isCmd(p) || strings.HasPrefix(p, "examples/") || strings.HasSuffix(p, "http")
		}},
		{"nothing outside of cmd imports cmd", prefix(module + "/cmd/"), isCmd},
		{"only cmd imports the server's libraries", func(i string) bool {
			return slices.ContainsFunc([]string{"github.com/danielgtaylor/huma", "github.com/alecthomas/kong", "github.com/prometheus", "github.com/schollz",
				"github.com/a-h/templ", "github.com/alexedwards", "github.com/wneessen/go-mail", "codeberg.org/go-pdf", "github.com/standard-webhooks", "code.dny.dev"},
				func(m string) bool { return strings.HasPrefix(i, m) })
		}, isCmd},
		{"programs import no test packages", func(i string) bool {
			return i == "testing" || strings.HasPrefix(i, module) && strings.HasSuffix(i, "test")
		}, func(p string) bool {
			return strings.HasSuffix(p, "test") || p == "internal/storecheck" || strings.HasPrefix(p, "examples/")
		}},
	}
	for _, p := range list(t, "./...") {
		for _, i := range p.Imports {
			for _, r := range rules {
				if r.imports(i) && !r.may(short(p.ImportPath)) {
					t.Errorf("%s imports %s: %s", short(p.ImportPath), i, r.rule)
				}
			}
		}
	}
}

func prefix(s string) func(string) bool {
	return func(i string) bool { return strings.HasPrefix(i, s) }
}
func equals(s string) func(string) bool { return func(i string) bool { return i == s } }

// TestDomainsDoNotKnowEachOther keeps, for example, meter from importing reservation. What a domain needs of another, it
// asks of an interface in its own words.
func TestDomainsDoNotKnowEachOther(t *testing.T) {
	all := []string{"reservation", "meter", "order", "booking", "sync"}
	for _, p := range list(t, "./...") {
		own, _, _ := strings.Cut(short(p.ImportPath), "/")
		for _, i := range p.Imports {
			if !strings.HasPrefix(i, module+"/") {
				continue
			}
			other, _, _ := strings.Cut(short(i), "/")
			leaf := short(i) == "order/invoice" || short(i) == "order/ledger"
			if slices.Contains(all, own) && slices.Contains(all, other) && own != other && !leaf {
				t.Errorf("%s imports %s", short(p.ImportPath), short(i))
			}
		}
	}
}

// TestDriversAreImportedInOneFile keeps the choice of the SQL drivers in one place of the program.
func TestDriversAreImportedInOneFile(t *testing.T) {
	driver := regexp.MustCompile(`(?m)^\s*_? ?"(modernc\.org/sqlite|github\.com/jackc/pgx/v5/stdlib)"`)
	var files []string
	for _, p := range list(t, "./...") {
		if strings.HasPrefix(short(p.ImportPath), "examples/") {
			continue // each is a program of its own
		}
		for _, f := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if driver.Match(text) {
				files = append(files, short(p.ImportPath)+"/"+f)
			}
		}
	}
	if len(files) != 1 || !strings.HasPrefix(files[0], "cmd/innards/") {
		t.Errorf("SQL drivers are imported in %v, want one file of cmd/innards", files)
	}
}

// TestLicences allows permissive licences, and the MPL for what only tests use.
func TestLicences(t *testing.T) {
	inPrograms := map[string]string{}
	for _, p := range list(t, "-deps", "./...") {
		if p.Module != nil && p.Module.Path != module {
			inPrograms[p.Module.Path] = p.Module.Dir
		}
	}
	for path, dir := range inPrograms {
		if licence, err := licenceOf(dir); err != nil {
			t.Errorf("%s: %v", path, err)
		} else if !slices.Contains([]string{"MIT", "BSD", "Apache-2.0", "ISC"}, licence) {
			t.Errorf("%s is under %s", path, licence)
		}
	}
}

func licenceOf(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return "", err
	}
	for _, f := range files {
		if !regexp.MustCompile(`(?i)^(licen[cs]e|copying)`).MatchString(filepath.Base(f)) {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			continue // a folder
		}
		for _, known := range []struct{ phrase, name string }{
			{"Mozilla Public License", "MPL-2.0"}, {"GNU ", "GPL"}, {"Apache License", "Apache-2.0"},
			{"Permission is hereby granted, free of charge", "MIT"}, {"Redistribution and use in source and binary forms", "BSD"},
			{"Permission to use, copy, modify, and/or distribute", "ISC"}, {"Permission to use, copy, modify, and distribute", "ISC"},
		} {
			if strings.Contains(strings.Join(strings.Fields(string(text)), " "), known.phrase) {
				return known.name, nil
			}
		}
	}
	return "", fmt.Errorf("no known licence in %s", dir)
}

// TestModuleFile keeps go.mod free of replacements, which would make `go install` of the server fail.
func TestModuleFile(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, banned := range []string{"\nreplace", "\nexclude", "\ntoolchain"} {
		if strings.Contains(string(text), banned) {
			t.Errorf("go.mod has a line with %q", banned[1:])
		}
	}
}

// TestPackagesAreDocumented wants one package comment in every directory.
func TestPackagesAreDocumented(t *testing.T) {
	comment := regexp.MustCompile(`(?m)^// (Package|Command) \w+ [^\n]*\n(//[^\n]*\n)*package `)
	for _, p := range list(t, "./...") {
		n := 0
		for _, f := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if comment.Match(text) {
				n++
			}
		}
		if n != 1 && len(p.GoFiles) > 0 {
			t.Errorf("%s has %d package comments, want 1", short(p.ImportPath), n)
		}
	}
}
