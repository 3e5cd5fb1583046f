package words

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// areas returns the names of the files of texts of a language.
func areas(t *testing.T, tag language.Tag) (names []string) {
	t.Helper()
	entries, err := fs.ReadDir(files, path.Join("catalogue", tag.String()))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func content(t *testing.T, tag language.Tag, area string) (data []byte, texts map[string]text) {
	t.Helper()
	data, err := files.ReadFile(path.Join("catalogue", tag.String(), area))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return data, texts
}

// each calls a test for every file of every language.
func each(t *testing.T, test func(t *testing.T, tag language.Tag, area string)) {
	for _, tag := range Languages() {
		for _, area := range areas(t, tag) {
			t.Run(tag.String()+"/"+area, func(t *testing.T) { test(t, tag, area) })
		}
	}
}

func TestEveryLanguageHasTheSameTexts(t *testing.T) {
	for _, tag := range Languages() {
		if _, err := read(tag); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(areas(t, language.English), areas(t, tag)); diff != "" {
			t.Errorf("%s has other files than English:\n%s", tag, diff)
		}
	}
	each(t, func(t *testing.T, tag language.Tag, area string) {
		_, english := content(t, language.English, area)
		_, texts := content(t, tag, area)
		for key := range english {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s is missing", key)
			}
		}
		for key := range texts {
			if _, ok := english[key]; !ok {
				t.Errorf("%s is not in English", key)
			}
		}
	})
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// placeholders returns those of a form, in order, each once.
func placeholders(form string) []string {
	found := placeholder.FindAllString(form, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// all returns the forms of a text by their names.
func (t text) all() map[string]string {
	if t.forms == nil {
		return map[string]string{"": t.one}
	}
	return t.forms
}

// TestPlaceholders compares those of every form with those of English, since a text with another one shows a brace.
func TestPlaceholders(t *testing.T) {
	each(t, func(t *testing.T, tag language.Tag, area string) {
		_, english := content(t, language.English, area)
		_, texts := content(t, tag, area)
		for key, text := range texts {
			want := english[key].one
			if english[key].forms != nil {
				want = english[key].forms["other"]
			}
			for name, form := range text.all() {
				if diff := cmp.Diff(placeholders(want), placeholders(form)); diff != "" {
					t.Errorf("%s %s has other placeholders than English:\n%s", key, name, diff)
				}
				if form == "" {
					t.Errorf("%s %s is empty", key, name)
				}
			}
		}
	})
}

// categories returns the plural categories that CLDR has for whole numbers of a language, and "other", which all have.
func categories(tag language.Tag) map[string]bool {
	names := map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
	found := map[string]bool{"other": true}
	for n := range 1000 {
		found[names[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
	}
	return found
}

func TestPluralForms(t *testing.T) {
	each(t, func(t *testing.T, tag language.Tag, area string) {
		_, english := content(t, language.English, area)
		_, texts := content(t, tag, area)
		for key, text := range texts {
			if (text.forms == nil) != (english[key].forms == nil) {
				t.Errorf("%s has plural forms in one language and none in the other", key)
			}
			if text.forms == nil {
				continue
			}
			have := map[string]bool{}
			for name := range text.forms {
				have[name] = true
			}
			if diff := cmp.Diff(categories(tag), have); diff != "" {
				t.Errorf("%s has other forms than %s has:\n%s", key, tag, diff)
			}
		}
	})
	want := map[string]bool{"one": true, "few": true, "many": true, "other": true}
	if diff := cmp.Diff(want, categories(language.Russian)); diff != "" {
		t.Errorf("categories of Russian:\n%s", diff)
	}
}

// TestSorted says that the texts of a file are in the order of their keys, two spaces to a level, as json.MarshalIndent
// writes them, so that colleagues find them and merge them.
func TestSorted(t *testing.T) {
	for _, tag := range Languages() {
		for _, area := range areas(t, tag) {
			data, _ := content(t, tag, area)
			var texts map[string]any
			if err := json.Unmarshal(data, &texts); err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			enc := json.NewEncoder(&want)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(texts); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want.Bytes(), data) {
				t.Errorf("%s/%s is not sorted, or not laid out: it begins to differ in line %d", tag, area, firstLine(want.Bytes(), data))
			}
		}
	}
}

// firstLine returns the number of the first line that differs.
func firstLine(a, b []byte) int {
	as, bs := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(as), len(bs)) {
		if !bytes.Equal(as[i], bs[i]) {
			return i + 1
		}
	}
	return min(len(as), len(bs)) + 1
}

// TestOwnLetters finds words in the wrong alphabet, such as a Latin a within a Cyrillic word.
func TestOwnLetters(t *testing.T) {
	mixed := regexp.MustCompile(`\p{Cyrillic}\p{Latin}|\p{Latin}\p{Cyrillic}`)
	for _, tag := range Languages() {
		cyrillic := tag == language.Bulgarian || tag == language.Russian
		for _, area := range areas(t, tag) {
			_, texts := content(t, tag, area)
			for key, text := range texts {
				for _, form := range text.all() {
					words := placeholder.ReplaceAllString(form, " ")
					if mixed.MatchString(words) || !cyrillic && regexp.MustCompile(`\p{Cyrillic}`).MatchString(words) {
						t.Errorf("%s/%s: %s mixes alphabets: %s", tag, area, key, fmt.Sprintf("%+q", form))
					}
				}
			}
		}
	}
}
