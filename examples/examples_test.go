package examples_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestGoldenOutput runs every example and compares what it prints.
func TestGoldenOutput(t *testing.T) {
	programs, err := filepath.Glob("*/main.go")
	if err != nil || len(programs) == 0 {
		t.Fatal(programs, err)
	}
	for _, program := range programs {
		dir := filepath.Dir(program)
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command("go", "run", "./"+dir)
			cmd.Stderr = os.Stderr
			got, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join(dir, "output.txt")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("it printed\n%s, want\n%s", got, want)
			}
		})
	}
}
