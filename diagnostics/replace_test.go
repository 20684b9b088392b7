package diagnostics_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// TestReplaceLines wants a finding that a replace directive is to blame for on
// its line, and told in words that name the require line.
func TestReplaceLines(t *testing.T) {
	const head = "module example.org/m\nrequire (\n\texample.com/a v1.0.0 // modreach:ignore other-code\n)\n"
	tests := []struct {
		name, file string
		// by is who replaces.
		by    string
		cause probe.Cause
		// want is LINE CODE, empty for nothing.
		want string
	}{
		{"a directive", head + "replace example.com/a => ./gone\n", "go.mod replace", probe.NoDirectory, "5 replace-missing"},
		{"in a block", head + "replace (\n\texample.com/b => ./b\n\texample.com/a => ./gone\n)\n", "go.mod replace", probe.NoGoMod, "7 replace-no-gomod"},
		{"that of the version", head + "replace example.com/a => ./b\nreplace example.com/a v1.0.0 => ./gone\nreplace example.com/a v1.1.0 => ./c\n", "go.mod replace", probe.NoDirectory, "6 replace-missing"},
		{"a third path", head + "replace example.com/a => example.com/fork v1.0.0\n", "go.mod replace", probe.OtherModule, "5 replace-path-mismatch"},
		{"what the replacement's host says", head + "replace example.com/a => example.com/fork v1.0.0\n", "go.mod replace", probe.NotFound, "3 module-not-found"},
		{"of go.work", head + "replace example.com/a => ./b\n", "go.work replace", probe.NoDirectory, "3 replace-missing"},
		{"of another go.mod of the workspace", head, "go.mod replace", probe.NoDirectory, "3 replace-missing"},
		{"silenced on its line", head + "replace example.com/a => ./gone // modreach:ignore replace-missing\n", "go.mod replace", probe.NoDirectory, ""},
		{"silenced on the require line", strings.Replace(head, "other-code", "replace-missing", 1) + "replace example.com/a => ./gone\n", "go.mod replace", probe.NoDirectory, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := gomod.Parse([]byte(tt.file))
			mod := f.Requires[0].Mod
			r := route.Route{Required: mod, Mod: module.Version{Path: "example.com/fork", Version: "v1.0.0"}, Replaced: tt.by, Hops: []route.Hop{{Kind: route.Directory, Dir: "/gone"}}}
			v := diagnostics.Judge(probe.Report{
				Route: r, Ending: probe.Lost, Text: "the words", Fault: &probe.Fault{Cause: tt.cause}, Results: []probe.Result{{Hop: r.Hops[0]}},
			})
			got := ""
			for _, found := range diagnostics.Find(diagnostics.Scene{File: f, Verdicts: []diagnostics.Verdict{v}}) {
				line, _ := f.Position(found.Span.Start)
				got += fmt.Sprint(line, " ", found.Code)
				if found.Module != mod.Path || found.Version != mod.Version {
					t.Errorf("it is about %s %s", found.Module, found.Version)
				}
				if told := strings.Join(found.Related, "\n"); (line > 3) != strings.Contains(told, "it stands for example.com/a v1.0.0, which line 3 requires") {
					t.Errorf("beside it stands %q", told)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnusedReplaces(t *testing.T) {
	f := gomod.Parse([]byte("module example.org/m\nrequire example.com/a v1.1.0\nreplace example.com/a v1.0.0 => ./a\nreplace example.com/b => ./b // modreach:ignore replace-unused\nreplace example.com/c => ./c\n"))
	var got []string
	for _, found := range diagnostics.Find(diagnostics.Scene{File: f, Unused: f.Replaces, Verdicts: []diagnostics.Verdict{{State: diagnostics.Cached}}}) {
		line, _ := f.Position(found.Span.Start)
		got = append(got, fmt.Sprint(line, " ", found.Severity, " ", found.Code, ": ", found.What, " ", found.Remedy))
	}
	want := []string{
		"3 hint replace-unused: Nothing here uses this directive: it is for example.com/a v1.0.0, and v1.1.0 is required. Remove it: go mod edit -dropreplace=example.com/a@v1.0.0. If a module further down needs it, keep it.",
		"5 hint replace-unused: Nothing here uses this directive: no line requires example.com/c, and go.sum does not know it. Remove it: go mod edit -dropreplace=example.com/c. If a module further down needs it, keep it.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
