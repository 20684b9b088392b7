package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestScriptTable wants that every scenario in docs/scripts.md exists, and that
// every row has one.
func TestScriptTable(t *testing.T) {
	text, err := os.ReadFile("docs/scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, s := range scenarios() {
		known[s.name] = true
	}
	wrong, rows := tableFaults(string(text), known)
	for _, fault := range wrong {
		t.Error(fault)
	}
	// As many of the go command's script tests as need no other machine and
	// speak of proxies, checksums, logins, caches or directives.
	const least = 74
	if rows < least {
		t.Errorf("%d rows, want %d at least", rows, least)
	}
}

func TestScriptTableCanBeWrong(t *testing.T) {
	const text = "| script | what | scenarios |\n|---|---|---|\n| good | x | one, two |\n| none | x |  |\n| lost | x | one, three |\n| good | again | two |\n| short | x |\n"
	wrong, rows := tableFaults(text, map[string]bool{"one": true, "two": true})
	want := []string{
		"none: no scenario", `lost: there is no scenario "three"`, "good: has two rows", "not three columns: | short | x |",
	}
	if !slices.Equal(wrong, want) || rows != 4 {
		t.Errorf("%d rows, wrong: %q, want %q", rows, wrong, want)
	}
}

// tableFaults reads the table in a text and tells what is wrong with it.
func tableFaults(text string, known map[string]bool) (wrong []string, rows int) {
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| script |") || strings.HasPrefix(line, "|---") {
			continue
		}
		columns := strings.Split(strings.Trim(line, "|"), "|")
		if len(columns) != 3 {
			wrong = append(wrong, "not three columns: "+line)
			continue
		}
		rows++
		script, names := strings.TrimSpace(columns[0]), strings.TrimSpace(columns[2])
		if seen[script] {
			wrong = append(wrong, script+": has two rows")
		}
		seen[script] = true
		if names == "" {
			wrong = append(wrong, script+": no scenario")
			continue
		}
		for name := range strings.SplitSeq(names, ",") {
			if name = strings.TrimSpace(name); !known[name] {
				wrong = append(wrong, script+`: there is no scenario "`+name+`"`)
			}
		}
	}
	return wrong, rows
}
