package server

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestChinese wants what the server says in all languages, with the same values.
func TestChinese(t *testing.T) {
	said := regexp.MustCompile(`\bsay\([^"()]+(?:\(\))?[^"()]*, ("(?:[^"\\]|\\.)*")\)`)
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range said.FindAllSubmatch(source, -1) {
			text, err := strconv.Unquote(string(call[1]))
			if err != nil {
				t.Fatal(err)
			}
			if found++; chinese[text] == "" {
				t.Errorf("%s: %q is not there in Chinese", name, text)
			}
		}
	}
	if found < 10 {
		t.Errorf("%d texts found in the sources", found)
	}
	for text, translated := range chinese {
		if strings.Count(text, "%s") != strings.Count(translated, "%s") {
			t.Errorf("%q is %q in Chinese", text, translated)
		}
	}
}
