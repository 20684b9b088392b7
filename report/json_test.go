package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
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

func TestJSONHops(t *testing.T) {
	f := gomod.Parse([]byte("require a.example/a v1.0.0"))
	unsure := probe.Answer{Outcome: probe.Unsure, Text: "why not"}
	missing := probe.Answer{Outcome: probe.Miss, Text: "404", Fault: &probe.Fault{Cause: probe.NotFound}}
	broken := probe.Answer{Outcome: probe.Failed, Text: "reset", Fault: &probe.Fault{Cause: probe.Reset}}
	spoiled := probe.Answer{Outcome: probe.Spoiled, Text: "no zip", Fault: &probe.Fault{Cause: probe.BadAnswer}}
	tests := []struct {
		name                   string
		answers                [probe.Artefacts]probe.Answer
		outcome, code, message string
	}{
		{"not asked", [probe.Artefacts]probe.Answer{}, "skipped", "", ""},
		{"served", [probe.Artefacts]probe.Answer{cachedOK, cachedOK, cachedOK}, "ok", "", ""},
		{"served as far as asked", [probe.Artefacts]probe.Answer{cachedOK}, "ok", "", ""},
		{"not there in the cache", [probe.Artefacts]probe.Answer{cachedOK, absent}, "not-found", "", ""},
		{"not there", [probe.Artefacts]probe.Answer{cachedOK, missing}, "not-found", "module-not-found", "404"},
		{"not told", [probe.Artefacts]probe.Answer{cachedOK, unsure}, "skipped", "", "why not"},
		{"fault after all", [probe.Artefacts]probe.Answer{cachedOK, missing, broken}, "fault", "connect-reset", "reset"},
		{"first fault", [probe.Artefacts]probe.Answer{broken, spoiled}, "fault", "connect-reset", "reset"},
		{"spoiled", [probe.Artefacts]probe.Answer{cachedOK, cachedOK, spoiled}, "fault", "bad-answer", "no zip"},
		{"fault of the list", [probe.Artefacts]probe.Answer{cachedOK, cachedOK, cachedOK, broken}, "ok", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := diagnostics.Verdict{Report: probe.Report{Results: []probe.Result{{Hop: route.Hop{Kind: route.Direct}, Answers: test.answers}}}}
			doc := decoded(t, report.Check{Files: []report.File{{Path: "go.mod", File: f, Verdicts: []diagnostics.Verdict{v}}}})
			hop := doc["results"].([]any)[0].(map[string]any)["hops"].([]any)[0]
			want := map[string]any{
				"kind": "direct", "url": "", "why": "", "login": "", "steps": []any{},
				"outcome": test.outcome, "code": test.code, "message": test.message,
			}
			if diff := cmp.Diff(want, hop); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
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
		// Nobody has looked for fixes here, so no output has their fields.
		if ok && !fields[name] && !strings.HasPrefix(name, "findings[].fixes[]") {
			t.Errorf("docs/json.md has a row for %s, which no output has", name)
		}
	}
}
