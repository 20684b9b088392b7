package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// traces writes a trace of each line of a check, one below the other.
func traces(t *testing.T, c report.Check, color bool) string {
	t.Helper()
	var b bytes.Buffer
	for _, f := range c.Files {
		for i, v := range f.Verdicts {
			var on *diagnostics.Finding
			for _, d := range f.Findings {
				if d.Span == f.File.Requires[i].Line {
					on = &d
				}
			}
			if err := report.Trace(&b, v, on, color); err != nil {
				t.Fatal(err)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func TestTraceGolden(t *testing.T) {
	c := app(t)
	last := &c.Files[0].Verdicts[len(c.Files[0].Verdicts)-1]
	*last = diagnostics.Pending(last.Report.Route, "no answer within the 2s of this run")
	for name, color := range map[string]bool{"trace.txt": false, "trace-color.txt": true} {
		t.Run(name, func(t *testing.T) {
			got := traces(t, c, color)
			for _, line := range lines(got) {
				if strings.HasSuffix(line, " ") {
					t.Errorf("%q ends with a space", line)
				}
			}
			file := filepath.Join("..", "testdata", "report", name)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("output differs from %s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// TestTraceHostile makes sure that nothing others wrote can do more than be read.
func TestTraceHostile(t *testing.T) {
	for _, line := range lines(traces(t, hostile(t), false)) {
		for _, r := range line {
			if !strconv.IsPrint(r) {
				t.Errorf("%q holds %q", line, r)
			}
		}
		if strings.HasPrefix(line, "go.mod:") {
			t.Errorf("%q was forged", line)
		}
	}
}

func TestTraceKeepsSecrets(t *testing.T) {
	got := traces(t, leaking(t), true)
	for _, secret := range secrets {
		if strings.Contains(got, secret) {
			t.Errorf("the trace tells %q:\n%s", secret, got)
		}
	}
}

func TestTraceWriterFails(t *testing.T) {
	if err := report.Trace(full{}, app(t).Files[0].Verdicts[0], nil, false); err == nil {
		t.Error("the error of the writer is lost")
	}
}

// TestTraceHandsOutNoLeak prints no command that would tell a public host what
// looks private, even where that host was not reached.
func TestTraceHandsOutNoLeak(t *testing.T) {
	query := module.Version{Path: "git.corp.example/lib", Version: "latest"}
	guard := &route.Guard{Evidence: "GOPRIVATE has git.corp.example/*", Places: []route.Place{{Host: "p.example:443"}}}
	for _, test := range []struct {
		guard *route.Guard
		want  bool
	}{{nil, true}, {guard, false}} {
		r := route.Route{Required: query, Mod: query, Hops: []route.Hop{{Kind: route.Proxy, Guard: test.guard}}}
		var b strings.Builder
		if err := report.Trace(&b, diagnostics.Pending(r, "latest is a query"), nil, false); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "go mod download"); got != test.want {
			t.Errorf("with guard %v:\n%s", test.guard, &b)
		}
	}
}
