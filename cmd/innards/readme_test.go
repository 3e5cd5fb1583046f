package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The tour in the README can be walked: every command of it succeeds on a fresh demo.
func TestReadmeTour(t *testing.T) {
	for _, program := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program, " is not here")
		}
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, _ := strings.Cut(string(readme), "## A tour")
	_, tour, _ = strings.Cut(tour, "```sh\n")
	tour, _, found := strings.Cut(tour, "```")
	if !found {
		t.Fatal("the README has no tour")
	}
	p := serve(t, "--demo", "--db", filepath.Join(t.TempDir(), "demo.db"))
	sh := exec.Command("sh", "-eu", "-c", tour)
	sh.Dir = t.TempDir()
	sh.Env = append(os.Environ(), "URL="+p.url, "TOKEN="+p.token("front_desk"))
	if out, err := sh.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for file, want := range map[string]string{
		"receipt.json": `"occupancy":"checked_in"`, "replayed.json": `"replayed":true`, "preview.json": `"dry_run":true`,
		"found.json": "Søren", "history.json": `"command":"check_in"`, "actions.json": `"allowed":true`,
	} {
		text, err := os.ReadFile(filepath.Join(sh.Dir, file))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s (%v): %.300s", file, want, err, text)
		}
	}
	p.terminate(t)
}
