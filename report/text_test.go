package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// many is a check with so many requirements of each verdict; each has a reason
// out of so many.
func many(states map[diagnostics.State]int, reasons int, reason string) report.Check {
	var b strings.Builder
	var verdicts []diagnostics.Verdict
	b.WriteString("module example.com/m\n")
	for state := diagnostics.Unknown; state <= diagnostics.Skipped; state++ {
		for i := range states[state] {
			fmt.Fprintf(&b, "require example.com/m%d v1.0.0\n", len(verdicts))
			v := diagnostics.Pending(route.Route{}, fmt.Sprintf("%s %d", reason, i%reasons))
			v.State = state
			verdicts = append(verdicts, v)
		}
	}
	f := gomod.Parse([]byte(b.String()))
	return report.Check{Files: []report.File{{Path: "go.mod", File: f, Verdicts: verdicts}}, Took: 100 * time.Second}
}

func TestSummary(t *testing.T) {
	tests := []struct {
		name  string
		check report.Check
		want  string
	}{
		{"nothing", report.Check{}, "0 requirements in 0 files (0 ms)\n"},
		{"one", many(map[diagnostics.State]int{diagnostics.Cached: 1}, 1, ""), "1 requirement: 1 cached (100 s)\n"},
		{
			"no reason given", report.Check{Files: []report.File{{
				Path: "go.mod", File: gomod.Parse([]byte("require example.com/a v1.0.0")),
				Verdicts: []diagnostics.Verdict{{State: diagnostics.Unknown}},
			}}}, "1 requirement: 1 unknown (0 ms)\n",
		},
		{
			"reasons by how often", many(map[diagnostics.State]int{diagnostics.Reachable: 300, diagnostics.Unknown: 14}, 3, "because"),
			"314 requirements: 300 reachable, 14 unknown (100 s)\n" +
				"  14 unknown: 5 because 0\n" +
				"              5 because 1\n" +
				"              4 because 2\n",
		},
		{
			"rare reasons together", many(map[diagnostics.State]int{diagnostics.Skipped: 25}, 12, "because"),
			"25 requirements: 25 skipped (100 s)\n" +
				"  25 skipped:  3 because 0\n" +
				"               2 because 1\n" +
				"               2 because 10\n" +
				"              18 for other reasons\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := written(t, text(report.TextOptions{}), test.check)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSummaryFits(t *testing.T) {
	all := map[diagnostics.State]int{}
	for s := diagnostics.Unknown; s <= diagnostics.Skipped; s++ {
		all[s] = 1000
	}
	c := many(all, 9, "go.mod replaces a module with a rather long path by a directory with a long one, "+strings.Repeat("ü", 80))
	for _, o := range []report.TextOptions{{}, {Color: true}} {
		for _, line := range lines(written(t, text(o), c)) {
			if n := utf8.RuneCountInString(line); n > 80 {
				t.Errorf("a line of %d columns: %s", n, line)
			}
		}
	}
}

// TestSameCause makes sure that only what is truly the same is shortened.
func TestSameCause(t *testing.T) {
	f := gomod.Parse([]byte("module m\nrequire (\n\ta.example/a v1.0.0\n\ta.example/b v1.0.0\n\ta.example/c v1.0.0\n\ta.example/d v1.0.0\n)\n"))
	finding := func(i int, c diagnostics.Code, what, quote string) diagnostics.Finding {
		r := f.Requires[i]
		return diagnostics.Finding{Code: c, Severity: diagnostics.Error, Span: r.Line, Module: r.Mod.Path, Version: r.Mod.Version, What: what, Remedy: "Wait.", Quote: quote}
	}
	const down = "The proxy is down."
	c := report.Check{Files: []report.File{
		{Path: "go.mod", File: f, Findings: []diagnostics.Finding{
			finding(3, diagnostics.ConnectReset, down, "Get d"), // out of order, other code
			finding(0, diagnostics.ConnectRefused, down, "Get a"),
			finding(1, diagnostics.ConnectRefused, down, "Get b"),
			finding(2, diagnostics.ConnectRefused, "Another proxy is down.", ""),
		}},
		{Path: "x/go.mod", File: f, Findings: []diagnostics.Finding{finding(0, diagnostics.ConnectRefused, down, "Get a")}},
	}}
	want := []string{
		"go.mod:3:2: error: a.example/a v1.0.0: " + down + " Wait. The go command says: Get a [connect-refused]",
		"go.mod:4:2: error: a.example/b v1.0.0: the same as on line 3 [connect-refused]",
		"go.mod:5:2: error: a.example/c v1.0.0: Another proxy is down. Wait. [connect-refused]",
		"go.mod:6:2: error: a.example/d v1.0.0: " + down + " Wait. The go command says: Get d [connect-reset]",
		"x/go.mod:3:2: error: a.example/a v1.0.0: " + down + " Wait. The go command says: Get a [connect-refused]",
		"", "5 errors", "0 requirements in 2 files (0 ms)",
	}
	if diff := cmp.Diff(want, lines(written(t, text(report.TextOptions{}), c))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
