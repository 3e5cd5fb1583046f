package main

import (
	"os"
	"strings"
	"testing"
)

func TestCopyingRepeatsWhatIsForEachCopy(t *testing.T) {
	t.Chdir("..") // where the runner runs
	for _, setup := range []string{"sqlite.sql", "postgres.sql"} {
		h := house{setup: setup, copies: 2}
		script, err := h.copying()
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile("scale/" + setup)
		if err != nil {
			t.Fatal(err)
		}
		const statement = "INSERT INTO innards_reservation SELECT"
		if got, want := strings.Count(script, statement), 2*strings.Count(string(text), statement); got != want || want == 0 {
			t.Errorf("%s inserts %d times, want %d", setup, got, want)
		}
		if !strings.Contains(script, "-0001") || !strings.Contains(script, "-0002") || strings.Contains(script, "-{n}") {
			t.Errorf("%s does not name the two copies:\n%s", setup, script)
		}
	}
}

func TestSmallHouseIsNotCopied(t *testing.T) {
	t.Chdir("..")
	script, err := (&house{setup: "sqlite.sql"}).copying()
	if err != nil || strings.Contains(script, "INSERT") {
		t.Errorf("the script is %q (%v)", script, err)
	}
}
