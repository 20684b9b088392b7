package report

import (
	"io"
	"path"

	"github.com/modreach/modreach/diagnostics"
)

// GitLab writes the findings as a list of issues in the form of Code Climate, of
// which GitLab takes a part for its code quality reports: see
// https://docs.gitlab.com/ci/testing/code_quality/.
func GitLab(w io.Writer, c Check) error {
	type lines struct {
		Begin int `json:"begin"`
		End   int `json:"end"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Type        string   `json:"type"`
		Categories  []string `json:"categories"`
		CheckName   string   `json:"check_name"`
		Description string   `json:"description"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	issues := []issue{}
	seen := map[string]int{}
	for _, f := range c.Files {
		for _, d := range f.ordered() {
			p := bytePlace(f.File, d.Span)
			issues = append(issues, issue{
				Type: "issue", Categories: []string{"Compatibility"}, CheckName: string(d.Code),
				Description: shown(named(d)), Fingerprint: fingerprint(f, d, seen), Severity: climate(d.Severity),
				Location: location{path.Clean(f.Path), lines{p.line, p.endLine}},
			})
		}
	}
	return writeJSON(w, issues)
}

// climate is the name of a severity. The highest, blocker, is for what nobody
// can work around.
func climate(s diagnostics.Severity) string {
	switch s {
	case diagnostics.Error:
		return "critical"
	case diagnostics.Warning:
		return "major"
	case diagnostics.Information:
		return "minor"
	case diagnostics.Hint:
	}
	return "info"
}
