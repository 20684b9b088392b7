package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/report"
)

// sarifSchema is the published schema of SARIF 2.1.0.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "testdata", "report", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	const name = "sarif-schema-2.1.0.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat() // URIs are to be URIs
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSARIFValid(t *testing.T) {
	schema := sarifSchema(t)
	tests := []struct {
		name  string
		check report.Check
	}{
		{"empty", report.Check{}},
		{"whole", app(t)},
		{"hostile", hostile(t)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := written(t, report.SARIF, test.check)
			log, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(log); err != nil {
				t.Errorf("not valid by the schema: %v\n%s", err, out)
			}
		})
	}
	t.Run("the schema can object", func(t *testing.T) {
		for _, cut := range []string{`"version": "2.1.0",`, `"name": "modreach",`} {
			out := strings.Replace(written(t, report.SARIF, app(t)), cut, "", 1)
			log, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(log) == nil {
				t.Errorf("valid without %s", cut)
			}
		}
	})
}

// sarifResults is what the tests below look at.
type sarifResults struct {
	RuleID    string
	RuleIndex int
	Locations []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI, URIBaseID string }
			Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
		}
	}
	PartialFingerprints map[string]string
}

func sarifOf(t *testing.T, c report.Check) (rules []string, results []sarifResults) {
	t.Helper()
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID              string
						FullDescription struct{ Text string }
					}
				}
			}
			Results []sarifResults
		}
	}
	if err := json.NewDecoder(bytes.NewBufferString(written(t, report.SARIF, c))).Decode(&log); err != nil {
		t.Fatal(err)
	}
	for _, r := range log.Runs[0].Tool.Driver.Rules {
		rules = append(rules, r.ID)
		if strings.ContainsAny(r.FullDescription.Text, "{}") {
			t.Errorf("rule %s has an open placeholder: %s", r.ID, r.FullDescription.Text)
		}
	}
	return rules, log.Runs[0].Results
}

func TestSARIFRules(t *testing.T) {
	f := gomod.Parse([]byte("module m\n"))
	var all []diagnostics.Finding
	var want []string
	for _, e := range diagnostics.Catalogue() {
		want = append(want, string(e.Code))
		all = append(all, diagnostics.Finding{Code: e.Code, Severity: e.Severity, Span: f.Module.Line})
	}
	slices.Reverse(all)
	rules, results := sarifOf(t, report.Check{Files: []report.File{{Path: "go.mod", File: f, Findings: all}}})
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	for i, r := range results {
		if rules[r.RuleIndex] != r.RuleID || r.RuleID != string(all[i].Code) {
			t.Errorf("result %d of %s has the rule %s, number %d, which is %s", i, all[i].Code, r.RuleID, r.RuleIndex, rules[r.RuleIndex])
		}
	}
	if rules, _ := sarifOf(t, app(t)); len(rules) != 5 {
		t.Errorf("the rules of 5 codes are %q", rules)
	}
}

func TestSARIFLocations(t *testing.T) {
	// \U0001d49c has four bytes and two UTF-16 code units, \u00fc two and one.
	f := gomod.Parse([]byte("module m\nrequire a.example/\U0001d49c\u00fc v1.0.0 // \u00fc\n"))
	tests := []struct {
		path, uri, base string
	}{
		{"go.mod", "go.mod", "%SRCROOT%"},
		{"../a b/go.mod", "../a%20b/go.mod", "%SRCROOT%"},
		{"a:b/go.mod", "./a:b/go.mod", "%SRCROOT%"},
		{"50%/go.mod", "50%25/go.mod", "%SRCROOT%"},
		{"/abs/go.mod", "file:///abs/go.mod", ""},
		{"C:/abs/go.mod", "file:///C:/abs/go.mod", ""},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			_, results := sarifOf(t, report.Check{Files: []report.File{{
				Path: test.path, File: f,
				Findings: []diagnostics.Finding{{Code: diagnostics.NoAnswer, Severity: diagnostics.Error, Span: f.Requires[0].Line}},
			}}})
			at := results[0].Locations[0].PhysicalLocation
			if at.ArtifactLocation.URI != test.uri || at.ArtifactLocation.URIBaseID != test.base {
				t.Errorf("file %q under %q, want %q under %q", at.ArtifactLocation.URI, at.ArtifactLocation.URIBaseID, test.uri, test.base)
			}
			if got, want := at.Region.EndColumn, 1+len("require a.example/")+3+len(" v1.0.0"); got != want || at.Region.StartColumn != 1 {
				t.Errorf("columns %d to %d, want 1 to %d", at.Region.StartColumn, got, want)
			}
		})
	}
}

// TestSARIFFingerprints makes sure that a finding is known again after lines
// moved and its version changed, and is not taken for another one.
func TestSARIFFingerprints(t *testing.T) {
	prints := func(goMod string) map[string]string {
		f := gomod.Parse([]byte(goMod))
		var found []diagnostics.Finding
		for _, r := range f.Requires {
			found = append(found, diagnostics.Finding{Code: diagnostics.NoAnswer, Severity: diagnostics.Error, Span: r.Line, Module: r.Mod.Path, Version: r.Mod.Version})
		}
		for _, p := range f.Problems {
			found = append(found, diagnostics.Finding{Code: diagnostics.GoModSyntax, Severity: diagnostics.Error, Span: p.Span})
		}
		_, results := sarifOf(t, report.Check{Files: []report.File{{Path: "go.mod", File: f, Findings: found}}})
		byText := map[string]string{}
		for i, r := range results {
			region := r.Locations[0].PhysicalLocation.Region
			line := strings.Split(goMod, "\n")[region.StartLine-1]
			name, _, _ := strings.Cut(line, " v")
			byText[name+strings.Repeat("'", i)] = r.PartialFingerprints["modreach/v1"]
		}
		return byText
	}
	before := prints("require a.example/a v1.0.0\nrequire a.example/b v1.0.0\nrequire a.example/b v1.1.0\nzork\n")
	after := prints("\n\nrequire a.example/a v1.2.0\nrequire a.example/b v1.0.0\nrequire a.example/b v1.1.0\nzork\n")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("fingerprints changed (-before +after):\n%s", diff)
	}
	distinct := map[string]bool{}
	for _, p := range before {
		distinct[p] = true
	}
	if len(distinct) != 4 {
		t.Errorf("%d fingerprints for 4 findings", len(distinct))
	}
}
