package sheet_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/patrol"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
	"github.com/modreach/modreach/sheet"
)

// TestSheet judges lines by what they say themselves, until there are answers.
func TestSheet(t *testing.T) {
	env := route.ParseEnv(route.Sources{Process: []string{"GOPROXY=https://p.example", "GOSUMDB=off", "GOMODCACHE=/cache"}, OS: "linux"})
	file := gomod.Parse([]byte("module m\n\ngo 1.20\n\nrequire corp.example/a v1.0.0\nrequire corp.example/b v2.0.0\n"))
	s := sheet.New(env, route.Module{Dir: "/m", File: file})
	states := func(verdicts []diagnostics.Verdict) (all []string) {
		for _, v := range verdicts {
			all = append(all, v.State.String()+" "+string(v.Code))
		}
		return all
	}

	waiting := s.Verdicts(nil, "because")
	if diff := cmp.Diff([]string{"unknown ", "unreachable invalid-version", "skipped "}, states(waiting)); diff != "" {
		t.Errorf("before the answers (-want +got):\n%s", diff)
	}
	if waiting[0].Reason != "because" {
		t.Errorf("reason %q", waiting[0].Reason)
	}

	found := patrol.Status{Settled: true, Report: probe.Report{Route: s.Routes[0], Ending: probe.Cached}}
	verdicts := s.Verdicts([]patrol.Status{found}, "because")
	if diff := cmp.Diff([]string{"cached ", "unreachable invalid-version", "skipped "}, states(verdicts)); diff != "" {
		t.Errorf("after one answer (-want +got):\n%s", diff)
	}

	scene := s.Scene(verdicts, diagnostics.Weather{}, time.Time{})
	if len(scene.Verdicts) != 2 || len(scene.Lines) != 1 || scene.ToolchainLine != file.Go.Line {
		t.Errorf("scene %+v", scene)
	}
}

func TestWeather(t *testing.T) {
	hosts := []string{"a.example", "b.example"}
	tests := []struct {
		name string
		sky  patrol.Weather
		want diagnostics.Weather
	}{
		{"fair", patrol.Weather{}, diagnostics.Weather{}},
		{"offline", patrol.Weather{Sky: patrol.Offline, Hosts: hosts}, diagnostics.Weather{Code: diagnostics.Offline, Hosts: hosts}},
		{"a login page", patrol.Weather{Sky: patrol.Captive, Hosts: hosts}, diagnostics.Weather{Code: diagnostics.CaptivePortal, Hosts: hosts}},
		{
			"filtered",
			patrol.Weather{Sky: patrol.Filtered, Hosts: hosts, Way: patrol.Way{Cause: probe.Reset}},
			diagnostics.Weather{Code: diagnostics.NetworkFiltered, Hosts: hosts, Way: diagnostics.Way{Cause: probe.Reset}},
		},
		{"intercepted", patrol.Weather{Sky: patrol.Intercepted, Hosts: hosts, Issuer: "CN=Corp"}, diagnostics.Weather{Code: diagnostics.TLSIntercepted, Hosts: hosts, Evidence: "Its name is CN=Corp."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, sheet.Weather(test.sky)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
