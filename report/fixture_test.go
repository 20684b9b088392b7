package report_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/report"
	"github.com/modreach/modreach/route"
)

// The checks of this file are made of data alone: what each hop answered is
// written down, walked as the go command would, and judged.

// answers are what one hop says about each artefact.
type answers map[probe.Artefact]probe.Answer

// judge walks a route over the answers of its hops.
func judge(t *testing.T, r route.Route, hops ...answers) diagnostics.Verdict {
	t.Helper()
	rep, need := probe.Walk(r, func(hop int, _ module.Version, a probe.Artefact) probe.Answer {
		ans := hops[hop][a]
		ans.Artefact = a
		return ans
	})
	if need != nil {
		t.Fatalf("%s: the fixture has no answer of hop %d for %v", r.Mod, need.Hop, need.Artefacts)
	}
	return diagnostics.Judge(rep)
}

// found completes a file with its findings.
func found(path string, f *gomod.File, verdicts ...diagnostics.Verdict) report.File {
	const installed = "the installed go1.26.1 is new enough"
	toolchain := diagnostics.Judge(probe.Report{
		Route:  route.Route{Stop: route.Stop{Kind: route.Installed, Text: installed}},
		Ending: probe.Spared, Hop: -1, Text: installed,
	})
	lines := diagnostics.Lines(route.Module{File: f}, route.Toolchain{Line: "go"}, toolchain, verdicts)
	return report.File{
		Path: path, File: f, Verdicts: verdicts, Lines: lines,
		Findings: diagnostics.Find(diagnostics.Scene{File: f, Verdicts: verdicts, Lines: lines, Toolchain: toolchain}),
	}
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// over makes a route over the module cache and then some hops.
func over(r gomod.Requirement, hops ...route.Hop) route.Route {
	cache := route.Hop{Kind: route.Cache, Dir: "/home/gopher/go/pkg/mod", Why: "GOMODCACHE"}
	return route.Route{Required: r.Mod, Mod: r.Mod, Hops: append([]route.Hop{cache}, hops...)}
}

// step is one step that took some tenths of a millisecond.
func step(p probe.Phase, tenths int) probe.Step {
	return probe.Step{Phase: p, Took: time.Duration(tenths) * 100 * time.Microsecond}
}

var (
	ok       = probe.Answer{Outcome: probe.OK, Steps: []probe.Step{step(probe.Request, 31)}}
	cachedOK = probe.Answer{Outcome: probe.OK}
	absent   = probe.Answer{Outcome: probe.Miss}

	served  = answers{probe.Info: ok, probe.Mod: ok, probe.Zip: ok}
	cached  = answers{probe.Info: cachedOK, probe.Mod: cachedOK, probe.Zip: cachedOK}
	nothing = answers{probe.Info: absent, probe.Mod: absent, probe.Zip: absent}
)

// failing is a hop that has one error for everything.
func failing(text string, f probe.Fault, steps ...probe.Step) answers {
	ans := probe.Answer{Outcome: probe.Failed, Text: text, Fault: &f, Steps: steps}
	return answers{probe.Info: ans, probe.Mod: ans, probe.Zip: ans}
}

const appMod = `module corp.example/app

go 1.26.0

require (
	example.com/a v1.2.3
	example.com/b v1.0.0 // indirect
	example.com/c v0.1.0
	example.com/d v0.2.0
	example.com/e v1.9.0
	example.com/f v1.0.0
	example.com/g v1.0.0
	example.com/h v1.0.0
	git.corp.example/i v1.0.0
)

replace example.com/g => ../g

tool (
	corp.example/app/cmd/gen
	example.com/a/cmd/lint
	example.com/none/cmd/vet
)
`

// app is a check with a requirement of every verdict.
func app(t *testing.T) report.Check {
	t.Helper()
	f := gomod.Parse([]byte(appMod))
	r := f.Requires
	proxy := route.Hop{Kind: route.Proxy, URL: mustURL(t, "https://me:hunter2@proxy.corp.example"), Why: "GOPROXY entry 1 of 2"}
	direct := route.Hop{Kind: route.Direct, Why: "GOPROXY entry 2 of 2, after a comma"}
	unsure := probe.Answer{Outcome: probe.Unsure, Text: "not asked: the network is switched off"}
	undecided := answers{probe.Info: unsure, probe.Mod: unsure, probe.Zip: unsure}
	refused := func(m string) answers {
		return failing(`Get "https://me:xxxxx@proxy.corp.example/`+m+`.info": dial tcp 192.0.2.1:443: connect: connection refused`,
			probe.Fault{Phase: probe.Connect, Cause: probe.Refused, Host: "proxy.corp.example:443"},
			step(probe.Resolve, 4), step(probe.Connect, 12))
	}
	lacking := failing("", probe.Fault{})
	for a := range lacking {
		lacking[a] = probe.Answer{
			Outcome: probe.Miss, Text: "reading https://me:xxxxx@proxy.corp.example/example.com/e/@v/v1.9.0.info: 404 Not Found",
			Fault: &probe.Fault{Phase: probe.Request, Cause: probe.NotFound, Host: "proxy.corp.example:443", Status: 404},
			Login: "user in the address",
		}
	}
	lacking[probe.List] = probe.Answer{Outcome: probe.OK, Versions: []string{"v1.0.0", "v1.8.1", "v2.0.0"}}

	directory := over(r[6])
	directory.Replaced, directory.Mod = "go.mod replace", module.Version{Path: "../g"}
	directory.Hops = []route.Hop{{Kind: route.Directory, Dir: "/home/gopher/g", Why: "go.mod replaces example.com/g with ../g"}}

	bar := proxy
	bar.Falls = route.AnyError
	next := route.Hop{Kind: route.Proxy, URL: mustURL(t, "https://second.example"), Why: "GOPROXY entry 2 of 2, after a bar"}
	busy := failing("reading https://me:xxxxx@proxy.corp.example/example.com/h/@v/v1.0.0.info: 503 Service Unavailable",
		probe.Fault{Phase: probe.Request, Cause: probe.ServerError, Host: "proxy.corp.example:443", Status: 503})

	passed := proxy
	passed.Skip = "GONOPROXY matches git.corp.example"
	own := route.Hop{Kind: route.Direct, Why: "GONOPROXY matches git.corp.example"}

	a := over(r[0], proxy, direct)
	return report.Check{
		Version: "v0.1.0",
		Environment: []report.Setting{
			{Name: "GOPROXY", Value: "https://me:hunter2@proxy.corp.example,direct", Origin: "user"},
			{Name: "GOPRIVATE", Value: "git.corp.example", Origin: "process"},
			{Name: "GOSUMDB", Value: "sum.golang.org", Origin: "goroot"},
		},
		Files: []report.File{found(
			"go.mod", f,
			judge(t, a, nothing, served, undecided),
			judge(t, over(r[1], proxy, direct), cached, served, undecided),
			judge(t, over(r[2], proxy, direct), nothing, refused("example.com/c/@v/v0.1.0"), undecided),
			judge(t, over(r[3], proxy, direct), nothing, refused("example.com/d/@v/v0.2.0"), undecided),
			judge(t, over(r[4], proxy), nothing, lacking),
			judge(t, withSumDB(t, over(r[5], proxy)), nothing, served, unlisted),
			judge(t, directory, served),
			judge(t, over(r[7], bar, next), nothing, busy, served),
			judge(t, over(r[8], own, passed), nothing, undecided, nothing),
		)},
		At:   time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC),
		Took: 812 * time.Millisecond,
	}
}

// unlisted is the answer of a checksum database that does not know the module.
var unlisted = answers{probe.Record: {
	Outcome: probe.Failed,
	Text:    "reading https://sum.golang.org/lookup/example.com/f@v0.4.0: 404 Not Found\n\tserver response: not found",
	Fault:   &probe.Fault{Phase: probe.Request, Cause: probe.NotFound, Host: "sum.golang.org:443", Status: 404},
}}

// withSumDB adds the checksum database to a route.
func withSumDB(t *testing.T, r route.Route) route.Route {
	t.Helper()
	r.SumDB = &route.Hop{Kind: route.SumDB, URL: mustURL(t, "https://sum.golang.org"), Why: "go.sum lacks the hash of the zip"}
	return r
}

// What a server, a file name or a go.mod may hold to mislead who reads it.
const (
	sequence = "\x1b[31mred\x1b[0m\x1b]0;title\a\u009b2J"
	newline  = "one\ngo.mod:1:1: error: forged [forged]\r::error::forged\u2028two"
	marks    = "\u202eesrever\u2066"
	quotes   = `100% "quoted" 'quoted' a:b,c;d <b>&amp;</b> [link](https://evil.example/) {0} \x41`
	invalid  = "\xff\xfe"
)

// hostile is a check whose every text tries to be more than a text.
func hostile(t *testing.T) report.Check {
	t.Helper()
	poison := sequence + quotes + marks + invalid + newline
	f := gomod.Parse([]byte("module example.com/m\n\nrequire example.com/x\U0001d49c v1.0.0\nzork " + sequence + marks + "\nrequire example.com/y v1.0.0\nrequire \"example.com/z\\x1b[2J\" v1.0.0\n"))
	r := f.Requires
	proxy := route.Hop{Kind: route.Proxy, URL: mustURL(t, "https://proxy.example/%0A%1B"), Why: "GOPROXY " + poison}
	bad := failing(poison, probe.Fault{Phase: probe.Request, Cause: probe.NotHTTP, Host: "proxy.example:443\x1b", Detail: poison})
	unsure := probe.Answer{Outcome: probe.Unsure, Text: poison}
	return report.Check{
		Version:     "v0.1.0" + poison,
		Environment: []report.Setting{{Name: "GOPROXY" + poison, Value: poison, Origin: poison}},
		Files: []report.File{
			found("odd dir/a:1,b%\x1b[2J\n/go.mod", f,
				judge(t, over(r[0], proxy), nothing, bad),
				judge(t, over(r[1], proxy), nothing, answers{probe.Info: unsure}),
				judge(t, over(r[2], proxy), nothing, bad)),
			{Path: "C:/src/go.mod", File: gomod.Parse(nil)},
		},
		Took: time.Minute,
	}
}

// secrets are what leaking plants, each of which must stay hidden.
var secrets = []string{"hunter2", "t0ken", "qu3ry"}

// leaking is a check in which every floor below has forgotten to redact.
func leaking(t *testing.T) report.Check {
	t.Helper()
	const raw = "https://me:hunter2@proxy.example/x?key=qu3ry"
	text := `reading ` + raw + `: 502 Bad Gateway; Get "https://t0ken@proxy.example/": EOF, ` +
		`invalid response from proxy "https://me:hunter2@proxy.example", <https://a:hunter2@b@proxy.example/>`
	c := app(t)
	c.Environment = []report.Setting{
		{Name: "GOPROXY", Value: raw + ",https://t0ken@proxy.example|direct", Origin: "user"},
		{Name: "HTTPS_PROXY", Value: "me:hunter2@web.example:3128", Origin: "process"},
	}
	proxy := route.Hop{Kind: route.Proxy, URL: mustURL(t, raw), Why: "GOPROXY " + text}
	lone := route.Hop{Kind: route.Proxy, URL: mustURL(t, "https://t0ken@proxy.example"), Why: "GOPROXY", Skip: text}
	db := route.Hop{Kind: route.SumDB, URL: mustURL(t, raw), Why: text, Refused: text}
	unsure := probe.Answer{Outcome: probe.Unsure, Text: text}
	f := &c.Files[0]
	for i, r := range f.File.Requires {
		way := over(r, lone, proxy)
		way.SumDB = &db
		last := failing(text, probe.Fault{Phase: probe.Request, Cause: probe.ServerError, Host: "proxy.example:443", Status: 502})
		if i%2 == 1 {
			last = answers{probe.Info: unsure}
		}
		f.Verdicts[i] = judge(t, way, nothing, nothing, last)
	}
	*f = found(f.Path, f.File, f.Verdicts...)
	for i := range f.Findings {
		f.Findings[i].Hop = raw
	}
	return c
}

// lines gives the lines of a text.
func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }
