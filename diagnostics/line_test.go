package diagnostics_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

const linesMod = `module example.org/m

tool example.com/a/x/cmd/y

go 1.99.0

toolchain go1.98.0

require (
	example.com/a v1.0.0
	example.com/a/x v1.1.0
)

tool (
	example.com/ab
	example.org/m/cmd/gen
	example.org/used/cmd/z
	cmd/vet
)
`

// toolchain is the verdict on the way to go1.99.0, which came out as told.
func toolchain(e probe.Ending, text string) diagnostics.Verdict {
	r := route.Route{Toolchain: "go1.99.0", Mod: module.Version{Path: route.ToolchainModule, Version: "v0.0.1-go1.99.0.linux-amd64"}}
	v := probe.Report{Route: r, Ending: e, Hop: -1, Text: text}
	if e == probe.Lost {
		v.Fault = &probe.Fault{Phase: probe.Request, Cause: probe.NotFound}
	}
	return diagnostics.Judge(v)
}

func TestLines(t *testing.T) {
	m := route.Module{File: gomod.Parse([]byte(linesMod)), Work: &route.Work{
		Dir: "/w", Modules: map[string]string{"example.org/m": "/w", "example.org/used": "/w/used"},
	}}
	way := toolchain(probe.Lost, "not available")
	plan := route.Toolchain{Route: way.Report.Route, Line: "go", Idle: "the go line asks for a newer version"}
	verdicts := []diagnostics.Verdict{{State: diagnostics.Reachable}, {State: diagnostics.Cached, Code: diagnostics.FallbackUsed}}
	var got []string
	for _, l := range diagnostics.Lines(m, plan, way, verdicts) {
		got = append(got, l.Directive+" "+l.Written+" "+l.Mod.String()+": "+l.Verdict.State.String()+" "+string(l.Verdict.Code)+" "+l.Verdict.Reason)
	}
	want := []string{
		"tool example.com/a/x/cmd/y example.com/a/x@v1.1.0: cached  ",
		"go 1.99.0 golang.org/toolchain@v0.0.1-go1.99.0.linux-amd64: unreachable toolchain-unavailable not available",
		"toolchain go1.98.0 : skipped  the go line asks for a newer version",
		"tool example.com/ab : unreachable tool-missing no required module provides package example.com/ab",
		"tool example.org/m/cmd/gen example.org/m: skipped  go.work uses .",
		"tool example.org/used/cmd/z example.org/used: skipped  go.work uses ./used",
		"tool cmd/vet : skipped  part of the standard library",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestUnder(t *testing.T) {
	const waits = "the toolchain has to be fetched first: not checked"
	tests := []struct {
		name      string
		toolchain diagnostics.Verdict
		state     diagnostics.State
		want      diagnostics.State
		reason    string
	}{
		{"installed", toolchain(probe.Spared, "new enough"), diagnostics.Reachable, diagnostics.Reachable, "own"},
		{"fetched", toolchain(probe.Reached, ""), diagnostics.Unreachable, diagnostics.Unreachable, "own"},
		{"lost", toolchain(probe.Lost, "gone"), diagnostics.Reachable, diagnostics.Unreachable, "gone"},
		{"lost for what needs nothing", toolchain(probe.Lost, "gone"), diagnostics.Skipped, diagnostics.Unreachable, "gone"},
		{"open", toolchain(probe.Open, "not checked"), diagnostics.Reachable, diagnostics.Unknown, waits},
		{"open, in the cache", toolchain(probe.Open, "not checked"), diagnostics.Cached, diagnostics.Unknown, waits},
		{"open, lost anyway", toolchain(probe.Open, "not checked"), diagnostics.Unreachable, diagnostics.Unreachable, "own"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := diagnostics.Verdict{State: test.state, Reason: "own"}.Under(test.toolchain)
			if v.State != test.want || v.Reason != test.reason {
				t.Errorf("verdict %v (%s), want %v (%s)", v.State, v.Reason, test.want, test.reason)
			}
		})
	}
}

// TestFindToolchain says once what keeps a whole file from being fetched.
func TestFindToolchain(t *testing.T) {
	f := gomod.Parse([]byte(linesMod))
	own := diagnostics.Judge(lost(probe.ServerError))
	for name, test := range map[string]struct {
		toolchain diagnostics.Verdict
		weather   diagnostics.Code
		at        gomod.Span
		code      diagnostics.Code
		findings  int
	}{
		"at its line":  {toolchain(probe.Lost, "gone"), "", f.Go.Line, diagnostics.ToolchainUnavailable, 1},
		"at no line":   {toolchain(probe.Lost, "gone"), "", gomod.Span{}, diagnostics.ToolchainUnavailable, 1},
		"there":        {toolchain(probe.Reached, ""), "", f.Go.Line, diagnostics.ServerError, 2},
		"not known":    {toolchain(probe.Open, ""), "", f.Go.Line, diagnostics.ServerError, 2},
		"bad settings": {diagnostics.Judge(probe.Report{Route: route.Route{Stop: route.Stop{Kind: route.BadSetting, Text: "x"}}, Ending: probe.Lost}), "", f.Go.Line, diagnostics.EnvInvalid, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := diagnostics.Scene{File: f, Toolchain: test.toolchain, ToolchainLine: test.at, Weather: diagnostics.Weather{Code: test.weather}}
			for range f.Requires {
				s.Verdicts = append(s.Verdicts, own.Under(test.toolchain))
			}
			found := diagnostics.Find(s)
			if len(found) != test.findings || found[0].Code != test.code {
				t.Fatalf("%d findings, the first %+v", len(found), found[0])
			}
			want := f.Module.Line
			switch {
			case test.findings > 1:
				want = f.Requires[0].Line
			case test.code == diagnostics.ToolchainUnavailable && !test.at.IsZero():
				want = test.at
			}
			if found[0].Span != want {
				t.Errorf("it stands at %v, want %v", found[0].Span, want)
			}
		})
	}
}
