package diagnostics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// twoLines is a file whose lines both have a verdict.
func twoLines(v diagnostics.Verdict, w diagnostics.Weather) diagnostics.Scene {
	f := gomod.Parse([]byte("module example.org/m\n\nrequire (\n\texample.com/a v1.2.3\n\texample.com/b v1.2.3\n)\n"))
	return diagnostics.Scene{File: f, Verdicts: []diagnostics.Verdict{v, v}, Weather: w}
}

// TestSaidOnce is about what has one cause for all lines.
func TestSaidOnce(t *testing.T) {
	broken := lost(probe.ServerError)
	broken.Fault, broken.Route.Stop = nil, route.Stop{Kind: route.BadList, Text: "list is bad"}
	unresolved := lost(probe.NameFailed)
	unresolved.Fault.Phase = probe.Resolve
	dropped := func(host string) probe.Report {
		r := lost(probe.ConnectTimeout)
		r.Fault.Phase, r.Fault.Host = probe.Connect, host
		return r
	}
	filtered := diagnostics.Weather{
		Code: diagnostics.NetworkFiltered, Hosts: []string{"a.example", "b.example"}, Way: diagnostics.Way{Cause: probe.ConnectTimeout},
	}
	for name, test := range map[string]struct {
		report  probe.Report
		weather diagnostics.Weather
		code    diagnostics.Code
		n       int
	}{
		"bad list":         {broken, diagnostics.Weather{}, diagnostics.EnvProxy, 1},
		"offline":          {unresolved, diagnostics.Weather{Code: diagnostics.Offline, Hosts: []string{"a.example", "b.example"}}, diagnostics.Offline, 1},
		"fair weather":     {unresolved, diagnostics.Weather{}, diagnostics.DNSFailed, 2},
		"another weather":  {lost(probe.Forbidden), diagnostics.Weather{Code: diagnostics.Offline}, diagnostics.Forbidden, 2},
		"intercepted":      {lost(probe.UnknownAuthority), diagnostics.Weather{Code: diagnostics.TLSIntercepted, Hosts: []string{"a.example"}, Evidence: "Its name is Corp."}, diagnostics.TLSIntercepted, 1},
		"behind a login":   {lost(probe.CaptivePortal), diagnostics.Weather{Code: diagnostics.CaptivePortal}, diagnostics.CaptivePortal, 1},
		"filtered":         {dropped("a.example:443"), filtered, diagnostics.NetworkFiltered, 1},
		"beside a filter":  {dropped("c.example:443"), filtered, diagnostics.ConnectTimeout, 2},
		"refused, offline": {lost(probe.ServerError), diagnostics.Weather{Code: diagnostics.Offline}, diagnostics.ServerError, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := twoLines(diagnostics.Judge(test.report), test.weather)
			found := diagnostics.Find(s)
			if len(found) != test.n || found[0].Code != test.code {
				t.Fatalf("%d findings, the first %+v", len(found), found[0])
			}
			if once := found[0].Module == ""; once != (test.n == 1) || once != (found[0].Span == s.File.Module.Line) {
				t.Errorf("about %q at %v", found[0].Module, found[0].Span)
			}
			for _, host := range test.weather.Hosts {
				if test.n == 1 && !strings.Contains(found[0].What, host) {
					t.Errorf("%q does not name %s", found[0].What, host)
				}
			}
			if !strings.Contains(found[0].What, test.weather.Evidence) {
				t.Errorf("%q lacks %q", found[0].What, test.weather.Evidence)
			}
		})
	}
}

func TestIgnore(t *testing.T) {
	day := time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)
	for comment, want := range map[string]int{
		"":                                 1,
		" // modreach:ignore server-error": 0,
		" // modreach:ignore forbidden":    1,
		" // modreach:ignore":              1,
		" // indirect; modreach:ignore server-error":                0,
		" // modreach:ignore server-error until=2026-12-31":         0,
		" // modreach:ignore server-error until=2026-12-30":         1,
		" // modreach:ignore forbidden,server-error -- a long tale": 0,
	} {
		v := diagnostics.Judge(lost(probe.ServerError))
		found := diagnostics.Find(diagnostics.Scene{File: file(t, comment), Verdicts: []diagnostics.Verdict{v}, Now: day})
		if len(found) != want {
			t.Errorf("%q: %d findings, want %d", comment, len(found), want)
		}
	}
}

func TestFindOnTheFile(t *testing.T) {
	for text, quote := range map[string]string{
		"module example.org/m\nrequire example.com/\n": "usage: require module/path v1.2.3",
		"go 1.26\n": "error reading go.mod: missing module declaration",
	} {
		f := gomod.Parse([]byte(text))
		found := diagnostics.Find(diagnostics.Scene{File: f})
		if len(found) != 1 || found[0].Code != diagnostics.GoModSyntax || found[0].Quote != quote {
			t.Errorf("%q gives %+v", text, found)
		}
	}
}

// TestPassAdvice advises a bar only where it leads somewhere.
func TestPassAdvice(t *testing.T) {
	for name, test := range map[string]struct {
		falls route.Falls
		more  bool
		want  bool
	}{
		"comma before another": {route.NotFound, true, true},
		"bar before another":   {route.AnyError, true, false},
		"last":                 {route.NotFound, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := lost(probe.ServerError)
			r.Route.Hops[0].Falls, r.Results[0].Hop.Falls = test.falls, test.falls
			if test.more {
				r.Route.Hops = append(r.Route.Hops, route.Hop{Kind: route.Direct})
				r.Results = append(r.Results, probe.Result{Hop: route.Hop{Kind: route.Direct}})
			}
			found := diagnostics.Find(diagnostics.Scene{File: file(t, ""), Verdicts: []diagnostics.Verdict{diagnostics.Judge(r)}})
			if got := strings.Contains(found[0].Remedy, "write |"); got != test.want {
				t.Errorf("remedy %q", found[0].Remedy)
			}
		})
	}
}

// TestChain tells what each hop answered.
func TestChain(t *testing.T) {
	r := lost(probe.ServerError)
	r.Results[0].Answers[probe.Info] = probe.Answer{Outcome: probe.Failed, Text: "reading x: 503\n\tserver response: busy"}
	r.Results = append([]probe.Result{{Hop: route.Hop{Kind: route.Cache}}}, r.Results...)
	r.Results[0].Answers[probe.Info] = probe.Answer{Outcome: probe.Miss}
	r.Results = append(r.Results, probe.Result{Hop: route.Hop{Kind: route.Direct, Skip: "GONOPROXY matches x"}}, probe.Result{Hop: route.Hop{Kind: route.Off}})
	found := diagnostics.Find(diagnostics.Scene{File: file(t, ""), Verdicts: []diagnostics.Verdict{diagnostics.Judge(r)}})
	want := "module cache: .info not there\nproxy https://proxy.example: .info: reading x: 503\ndirect: passed by, GONOPROXY matches x"
	if got := strings.Join(found[0].Related, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestTried is about what became of the credentials, where that is known.
func TestTried(t *testing.T) {
	for name, test := range map[string]struct {
		cause       probe.Cause
		tried, want string
	}{
		"no entry":      {probe.AuthNeeded, "netrc has no entry for proxy.example", "The proxy https://proxy.example wants a login for example.com/a: netrc has no entry for proxy.example."},
		"not known":     {probe.AuthNeeded, "", "The proxy https://proxy.example wants a login for example.com/a."},
		"not permitted": {probe.Forbidden, "the login of netrc was refused", "The proxy https://proxy.example forbids access to example.com/a v1.2.3: the login of netrc was refused."},
	} {
		t.Run(name, func(t *testing.T) {
			r := lost(test.cause)
			r.Fault.Tried = test.tried
			if got := diagnostics.Find(twoLines(diagnostics.Judge(r), diagnostics.Weather{}))[0].What; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
