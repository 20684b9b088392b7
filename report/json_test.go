package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/modreach/modreach/report"
)

// decoded gives the JSON form of a check as any reader gets it.
func decoded(t *testing.T, c report.Check) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(written(t, report.JSON, c)), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// visit calls f for every value in a JSON value, with the path of names to it.
func visit(path string, v any, f func(path string, v any)) {
	f(path, v)
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			visit(path+"."+name, inner, f)
		}
	case []any:
		for _, inner := range v {
			visit(path+"[]", inner, f)
		}
	}
}

func TestJSONNeverNull(t *testing.T) {
	for name, c := range map[string]report.Check{"empty": {}, "whole": app(t), "hostile": hostile(t)} {
		visit(name, decoded(t, c), func(path string, v any) {
			if v == nil {
				t.Errorf("%s is null", path)
			}
		})
	}
	empty := decoded(t, report.Check{})
	for _, list := range []string{"environment", "results", "findings"} {
		if _, ok := empty[list].([]any); !ok {
			t.Errorf("%s of an empty check is no list", list)
		}
	}
}

func TestJSONText(t *testing.T) {
	out := written(t, report.JSON, hostile(t))
	if !strings.Contains(out, "<b>&amp;</b>") {
		t.Error("< and & are escaped as if for a web page")
	}
	if strings.Count(out, "\n{")+strings.Count(out, "\n}") != 1 || !strings.HasSuffix(out, "\n}\n") {
		t.Error("not one indented object with a newline at the end")
	}
}

// TestJSONDocumented makes sure that docs/json.md tells of every field.
func TestJSONDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "json.md"))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]bool{}
	visit("", decoded(t, app(t)), func(path string, _ any) {
		if !strings.HasSuffix(path, "[]") {
			fields[strings.TrimPrefix(path, ".")] = true
		}
	})
	delete(fields, "")
	for field := range fields {
		if !strings.Contains(string(page), "| `"+field+"` |") {
			t.Errorf("docs/json.md has no row for the field %s", field)
		}
	}
	for row := range strings.Lines(string(page)) {
		name, ok := strings.CutPrefix(row, "| `")
		name, _, _ = strings.Cut(name, "`")
		// No fixes are offered yet, so no output has their fields.
		if ok && !fields[name] && !strings.HasPrefix(name, "findings[].fixes[]") {
			t.Errorf("docs/json.md has a row for %s, which no output has", name)
		}
	}
}
