package diagnostics_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// said gives the codes, messages and quotes of the findings on one line.
func said(t *testing.T, r probe.Report) []string {
	t.Helper()
	var all []string
	for _, f := range diagnostics.Find(diagnostics.Scene{File: file(t, ""), Verdicts: []diagnostics.Verdict{diagnostics.Judge(r)}}) {
		all = append(all, f.Severity.String()+" "+string(f.Code)+": "+f.What+" "+f.Quote)
	}
	return all
}

func TestAsides(t *testing.T) {
	made := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	// unlisted has the checksum database not know a version that was made some
	// time before.
	unlisted := func(before time.Duration) func(*probe.Report) {
		return func(r *probe.Report) {
			r.Fault.Cause, r.Hop = probe.NotFound, 1
			r.Results[0].Answers[probe.Info] = probe.Answer{Outcome: probe.OK, Time: made}
			db := probe.Result{Hop: route.Hop{Kind: route.SumDB}}
			db.Answers[probe.Record] = probe.Answer{Outcome: probe.Failed, At: made.Add(before)}
			r.Results = append(r.Results, db)
		}
	}
	reached := func(change func(*probe.Report)) func(*probe.Report) {
		return func(r *probe.Report) {
			r.Ending, r.Fault, r.Text, r.Hop = probe.Reached, nil, "", -1
			change(r)
		}
	}
	const young, old = "error too-fresh: example.com/a v1.2.3 is there, made ", "error sumdb-not-found: The checksum database does not know example.com/a v1.2.3, so go refuses it. the words"
	const unknown = " ago, but the checksum database does not know it yet. the words"
	tests := []struct {
		name   string
		change func(*probe.Report)
		want   []string
	}{
		{"a second old", unlisted(time.Second), []string{young + "1 second" + unknown}},
		{"minutes old", unlisted(5 * time.Minute), []string{young + "5 minutes" + unknown}},
		{"hours old", unlisted(23*time.Hour + 59*time.Minute), []string{young + "23 hours" + unknown}},
		{"a day old", unlisted(24 * time.Hour), []string{old}},
		{"from the future", unlisted(-time.Second), []string{old}},
		{"listed and not served", func(r *probe.Report) { r.Fault.Cause, r.Known = probe.NotFound, []string{"v1.2.3"} }, []string{
			"error too-fresh: example.com/a v1.2.3 is there, but the proxy https://proxy.example does not know it yet. the words",
		}},
		{"beyond a comma", func(r *probe.Report) {
			r.Beyond = &route.Hop{Kind: route.Proxy, URL: &url.URL{Scheme: "https", Host: "second.example", User: url.UserPassword("me", "secret")}}
		}, []string{
			"error no-fallback: The proxy https://proxy.example fails with status 503 Service Unavailable, and the comma after it keeps go from the proxy https://me:xxxxx@second.example, which has example.com/a v1.2.3. the words",
		}},
		{"another path", reached(func(r *probe.Report) {
			r.Mismatch = "parsing go.mod:\n\tdeclares its path as: example.com/b"
			r.Results[0].Answers[probe.Mod] = probe.Answer{Outcome: probe.OK, Declared: "example.com/b"}
		}), []string{
			"error path-mismatch: The go.mod of example.com/a v1.2.3 declares the path example.com/b, and builds fail with it. parsing go.mod: declares its path as: example.com/b",
		}},
		{"no path", reached(func(r *probe.Report) { r.Mismatch = "missing module line" }), []string{
			"error path-mismatch: The go.mod of example.com/a v1.2.3 declares no path, and builds fail with it. missing module line",
		}},
		{"retracted and deprecated", reached(func(r *probe.Report) {
			r.Notice = &probe.Notice{Deprecated: "use\nexample.com/b.", Retracts: []probe.Retract{{Low: "v1.0.0", High: "v1.2.3", Rationale: "It deletes\neverything."}}}
		}), []string{
			"hint retracted: The author has retracted example.com/a v1.2.3: It deletes everything. example.com/a@v1.2.3: retracted by module author: It deletes",
			"hint deprecated: The author calls example.com/a deprecated: use example.com/b. module example.com/a is deprecated: use example.com/b.",
		}},
		{"another version retracted", reached(func(r *probe.Report) {
			r.Notice = &probe.Notice{Retracts: []probe.Retract{{Low: "v1.2.4", High: "v1.2.4"}}}
		}), nil},
		{"retracted and lost", func(r *probe.Report) {
			r.Notice = &probe.Notice{Retracts: []probe.Retract{{Low: "v1.2.3", High: "v1.2.3"}}}
		}, []string{"error server-error: The proxy https://proxy.example fails with status 503 Service Unavailable. the words"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := lost(probe.ServerError)
			test.change(&r)
			if diff := cmp.Diff(test.want, said(t, r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestIgnoreAside silences what is said beside a verdict, and on other lines.
func TestIgnoreAside(t *testing.T) {
	f := gomod.Parse([]byte("module m\n\ngo 1.99.0 // modreach:ignore toolchain-unavailable\n\nrequire example.com/a v1.2.3 // modreach:ignore deprecated\n\ntool b.example/x // modreach:ignore tool-missing\n"))
	r := lost(probe.ServerError)
	r.Ending, r.Fault, r.Notice = probe.Reached, nil, &probe.Notice{Deprecated: "gone"}
	verdicts := []diagnostics.Verdict{diagnostics.Judge(r)}
	for name, way := range map[string]diagnostics.Verdict{"lost": toolchain(probe.Lost, "gone"), "there": toolchain(probe.Spared, "")} {
		m := route.Module{File: f}
		s := diagnostics.Scene{
			File: f, Toolchain: way, ToolchainLine: f.Go.Line, Verdicts: []diagnostics.Verdict{verdicts[0].Under(way)},
			Lines: diagnostics.Lines(m, route.Toolchain{Line: "go"}, way, verdicts),
		}
		if found := diagnostics.Find(s); len(found) != 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}
