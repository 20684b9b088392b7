package diagnostics_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// lost is the report of a route over a proxy that ended with a fault there.
func lost(cause probe.Cause) probe.Report {
	hop := route.Hop{Kind: route.Proxy, URL: &url.URL{Scheme: "https", Host: "proxy.example"}, Dir: "/src/x"}
	mod := module.Version{Path: "example.com/a", Version: "v1.2.3"}
	return probe.Report{
		Route:  route.Route{Required: mod, Mod: mod, Hops: []route.Hop{hop}},
		Ending: probe.Lost, Served: mod,
		Results: []probe.Result{{Hop: hop}},
		Fault:   &probe.Fault{Phase: probe.Request, Cause: cause, Host: "proxy.example:443", Status: 503},
		Text:    "the words\n\tof the go command",
	}
}

func file(t *testing.T, comment string) *gomod.File {
	t.Helper()
	f := gomod.Parse([]byte("module example.org/m\n\nrequire example.com/a v1.2.3" + comment + "\n"))
	if len(f.Requires) != 1 || len(f.Problems) != 0 {
		t.Fatalf("the file reads as %+v", f)
	}
	return f
}

// TestEveryCause makes sure that whatever can go wrong has a code, and that the
// code has something to say about it.
func TestEveryCause(t *testing.T) {
	for cause := probe.NoCause + 1; int(cause) < probe.Causes; cause++ {
		v := diagnostics.Judge(lost(cause))
		if v.State != diagnostics.Unreachable || v.Code == "" || v.Reason != "the words" {
			t.Errorf("cause %d: verdict %+v", cause, v)
			continue
		}
		if e, ok := diagnostics.Describe(v.Code); !ok || e.Severity != diagnostics.Error {
			t.Errorf("cause %d: the catalogue has %+v for %s", cause, e, v.Code)
		}
		found := diagnostics.Find(diagnostics.Scene{File: file(t, ""), Verdicts: []diagnostics.Verdict{v}})
		if len(found) != 1 {
			t.Fatalf("cause %d: %d findings", cause, len(found))
		}
		m := found[0].Message()
		if strings.ContainsAny(m, "{}") || strings.Contains(m, "  ") || !strings.HasSuffix(m, "The go command says: the words") {
			t.Errorf("cause %d says %q", cause, m)
		}
	}
}

func TestCatalogue(t *testing.T) {
	seen := map[diagnostics.Code]bool{}
	for _, e := range diagnostics.Catalogue() {
		if seen[e.Code] {
			t.Errorf("%s stands there twice", e.Code)
		}
		seen[e.Code] = true
		if e.Severity == 0 || !strings.HasSuffix(e.What, ".") || e.Remedy == "" {
			t.Errorf("%s is incomplete: %+v", e.Code, e)
		}
		if got, ok := diagnostics.Describe(e.Code); !ok || got != e {
			t.Errorf("Describe(%s) = %+v, %t", e.Code, got, ok)
		}
	}
	if _, ok := diagnostics.Describe("no-such-code"); ok {
		t.Error("an unknown code is described")
	}
}

func TestJudge(t *testing.T) {
	ok := func(r *probe.Report, hop int, outcome probe.Outcome) {
		for _, a := range []probe.Artefact{probe.Info, probe.Mod, probe.Zip} {
			r.Results[hop].Answers[a] = probe.Answer{Artefact: a, Outcome: outcome}
		}
	}
	tests := []struct {
		name   string
		change func(*probe.Report)
		state  diagnostics.State
		code   diagnostics.Code
	}{
		{"reached", func(r *probe.Report) { r.Ending = probe.Reached; ok(r, 0, probe.OK) }, diagnostics.Reachable, ""},
		{"reached past a failure", func(r *probe.Report) { r.Ending = probe.Reached; ok(r, 0, probe.Failed) }, diagnostics.Reachable, diagnostics.FallbackUsed},
		{"cached", func(r *probe.Report) { r.Ending = probe.Cached }, diagnostics.Cached, ""},
		{"spared", func(r *probe.Report) { r.Ending = probe.Spared }, diagnostics.Skipped, ""},
		{"open", func(r *probe.Report) { r.Ending = probe.Open }, diagnostics.Unknown, ""},
		{"not found", func(r *probe.Report) { r.Fault.Cause = probe.NotFound }, diagnostics.Unreachable, diagnostics.ModuleNotFound},
		{"not found among others", func(r *probe.Report) { r.Fault.Cause, r.Known = probe.NotFound, []string{"v1.0.0"} }, diagnostics.Unreachable, diagnostics.VersionNotFound},
		{"unknown to the database", func(r *probe.Report) { r.Fault.Cause, r.Hop = probe.NotFound, 1 }, diagnostics.Unreachable, diagnostics.SumDBNotFound},
		{"database down", func(r *probe.Report) { r.Fault.Cause, r.Hop = probe.Refused, 1 }, diagnostics.Unreachable, diagnostics.SumDBUnreachable},
		{"bad list", func(r *probe.Report) { r.Route.Stop.Kind, r.Fault = route.BadList, nil }, diagnostics.Unreachable, diagnostics.EnvProxy},
		{"only off", func(r *probe.Report) { r.Fault = nil }, diagnostics.Unreachable, diagnostics.ProxyOff},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := lost(probe.ServerError)
			test.change(&r)
			if v := diagnostics.Judge(r); v.State != test.state || v.Code != test.code {
				t.Errorf("verdict %v, code %q, want %v, %q", v.State, v.Code, test.state, test.code)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	known := []string{"v1.0.0", "v1.2.0", "v1.4.0", "v3.0.0"}
	tests := []struct {
		version         string
		known, excluded []string
		want            string
	}{
		{"v1.3.0", known, nil, "v1.2.0"},
		{"v1.9.0", known, nil, "v1.4.0"},
		{"v0.1.0", known, nil, "v3.0.0"},
		{"v3.1.0", known, nil, "v3.0.0"},
		{"v1.0.0-rc1", known, nil, "v1.0.0"},
		{"v1.0.0", nil, nil, ""},
		{"v1.9.0", known, []string{"v1.4.0"}, "v1.2.0"},
		{"v3.1.0", known, []string{"v3.0.0", "v0.9.0"}, "v1.4.0"},
		{"v1.9.0", known, known, ""},
	}
	for _, test := range tests {
		r := probe.Report{Known: test.known, Route: route.Route{Mod: module.Version{Version: test.version}, Excluded: test.excluded}}
		if got := diagnostics.Nearest(r); got != test.want {
			t.Errorf("of %v without %v %q is nearest to %s, want %q", test.known, test.excluded, got, test.version, test.want)
		}
	}
}
