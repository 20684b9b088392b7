package report_test

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/report"
)

// TestGitLab takes the output for what GitLab takes it for, and wants what it
// asks for: https://docs.gitlab.com/ci/testing/code_quality/.
func TestGitLab(t *testing.T) {
	for name, c := range map[string]report.Check{"empty": {}, "whole": app(t), "hostile": hostile(t)} {
		t.Run(name, func(t *testing.T) {
			var issues []struct {
				Description string `json:"description"`
				CheckName   string `json:"check_name"`
				Fingerprint string `json:"fingerprint"`
				Severity    string `json:"severity"`
				Location    struct {
					Path  string `json:"path"`
					Lines struct {
						Begin int `json:"begin"`
					} `json:"lines"`
				} `json:"location"`
			}
			out := written(t, report.GitLab, c)
			if err := json.Unmarshal([]byte(out), &issues); err != nil || out[0] != '[' {
				t.Fatalf("not a list: %v\n%s", err, out)
			}
			findings := 0
			for _, f := range c.Files {
				findings += len(f.Findings)
			}
			if len(issues) != findings {
				t.Errorf("%d issues for %d findings", len(issues), findings)
			}
			prints := map[string]bool{}
			for _, i := range issues {
				if _, ok := diagnostics.Describe(diagnostics.Code(i.CheckName)); !ok || i.Description == "" {
					t.Errorf("an issue of %q: %q", i.CheckName, i.Description)
				}
				if prints[i.Fingerprint] || !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(i.Fingerprint) {
					t.Errorf("the fingerprint %q comes again, or is none", i.Fingerprint)
				}
				prints[i.Fingerprint] = true
				if !slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, i.Severity) {
					t.Errorf("the severity %q", i.Severity)
				}
				if i.Location.Lines.Begin < 1 || i.Location.Path != path.Clean(i.Location.Path) {
					t.Errorf("the place %q, line %d", i.Location.Path, i.Location.Lines.Begin)
				}
			}
		})
	}
}

func TestGitLabSeverities(t *testing.T) {
	c := app(t)
	f := &c.Files[0]
	f.Findings = f.Findings[:4]
	for i := range f.Findings {
		f.Findings[i].Severity = diagnostics.Error + diagnostics.Severity(i)
	}
	var issues []struct{ Severity string }
	if err := json.Unmarshal([]byte(written(t, report.GitLab, c)), &issues); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range issues {
		got = append(got, i.Severity)
	}
	if diff := cmp.Diff([]string{"critical", "major", "minor", "info"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
