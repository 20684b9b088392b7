package codeactions_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/modreach/modreach/codeactions"
	"github.com/modreach/modreach/diagnostics"
)

var (
	placeholder = regexp.MustCompile(`\{\w+\}`)
	said        = regexp.MustCompile(`\b(?:say|title)\(("(?:[^"\\]|\\.)*")`)
)

// TestTitles wants what the package says in all languages, with the same
// placeholders, and no more than that.
func TestTitles(t *testing.T) {
	for english, chinese := range codeactions.Chinese {
		want, got := placeholder.FindAllString(english, -1), placeholder.FindAllString(chinese, -1)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || chinese == "" {
			t.Errorf("%q is %q in Chinese", english, chinese)
		}
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name != "language.go" && !strings.HasSuffix(name, "_test.go") {
			source.Write(text)
		}
	}
	for _, call := range said.FindAllStringSubmatch(source.String(), -1) {
		text, err := strconv.Unquote(call[1])
		if err != nil {
			t.Fatal(err)
		}
		if codeactions.Chinese[text] == "" {
			t.Errorf("%q is not there in Chinese", text)
		}
	}
	for english := range codeactions.Chinese {
		if !strings.Contains(source.String(), strconv.Quote(english)) {
			t.Errorf("nobody says %q", english)
		}
	}
}

// TestChinese looks at all that is offered in the golden files.
func TestChinese(t *testing.T) {
	names, err := filepath.Glob(goldenFiles)
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files match %s: %v", goldenFiles, err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		scene := readStage(t, archive).scene
		scene.Language = diagnostics.Chinese
		for _, f := range diagnostics.Find(diagnostics.Scene{File: scene.File, Verdicts: scene.Verdicts, Now: now}) {
			told := scene.Notes(f)
			for _, fix := range scene.Fixes(f) {
				told = append(told, fix.Title)
			}
			for _, text := range told {
				if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || placeholder.MatchString(text) {
					t.Errorf("%s: %q", name, text)
				}
			}
		}
	}
}
