package innards_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestREADME holds the README to the code: its example is compiled, its diagrams are generated, its directories exist.
func TestREADME(t *testing.T) {
	readme := read(t, "README.md")
	example := section(t, "book and check in")
	for _, block := range []struct{ language, want string }{
		{"go", example},
		{"mermaid", read(t, "reservation/testdata/occupancy_seed.mmd")},
		{"mermaid", read(t, "reservation/testdata/guarantee.mmd")},
		{"mermaid", read(t, "reservation/testdata/confirmation.mmd")},
		{"mermaid", read(t, "reservation/testdata/commitment.mmd")},
	} {
		readme = checkBlock(t, readme, block.language, block.want)
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(strings.ReplaceAll(readme, done, "```")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(readme, -1) {
		if info, err := os.Stat(row[1]); err != nil || !info.IsDir() {
			t.Errorf("the README names the directory %s, which is not there", row[1])
		}
	}
}

// done marks the blocks that were looked at, so that the next of the same language is found.
const done = "\x00"

// checkBlock compares the first block of the language that was not looked at yet.
func checkBlock(t *testing.T, readme, language, want string) string {
	t.Helper()
	block := regexp.MustCompile("(?s)```" + language + "\n(.*?)```")
	at := block.FindStringSubmatchIndex(readme)
	if at == nil {
		t.Fatalf("the README has too few blocks of %s", language)
	}
	want = strings.TrimSpace(want) + "\n"
	if got := readme[at[2]:at[3]]; got != want && !*update {
		t.Errorf("the README has\n%s, want\n%s", got, want)
	}
	return readme[:at[0]] + done + language + "\n" + want + done + readme[at[1]:]
}

// section returns the lines of the quickstart between a marker and the next, without their indentation.
func section(t *testing.T, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, "examples/quickstart/main.go"), "// README: "+name+"\n")
	text, _, ends := strings.Cut(rest, "\t// README: end")
	if !ok || !ends {
		t.Fatalf("the quickstart has no section %q", name)
	}
	return regexp.MustCompile(`(?m)^\t`).ReplaceAllString(text, "")
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
