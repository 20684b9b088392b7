package probe_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/modreach/modreach/internal/fakenet"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// TestBeyond asks one proxy more for a line that a comma has lost, and nobody
// else.
func TestBeyond(t *testing.T) {
	tests := []struct {
		list      string
		private   bool
		says      script
		beyond    string
		questions string
	}{
		{a + "," + b, false, script{"a": fails, "b": has}, b, infoFirst + "b.info"},
		{a + "," + b, false, script{"a": fails, "b": nothing}, "", infoFirst + "b.info"},
		{a + "," + b, false, script{"a": fails, "b": fails}, "", infoFirst + "b.info"},
		{a + "," + b + "," + c, false, script{"a": fails, "b": nothing, "c": has}, "", infoFirst + "b.info"},
		{a + "," + b, false, script{"a": nothing, "b": nothing, "b.list": "-", "a.list": "+"}, "", infoFirst + "b.info b.list a.list"},
		{a + "|" + b, false, script{"a": fails, "b": nothing}, "", infoFirst + "b.info"},
		{a + "|" + b + "," + c, false, script{"a": fails, "b": fails, "c": has}, c, infoFirst + "b.info c.info"},
		{a + ",direct", false, script{"a": fails}, "", infoFirst},
		{a + ",off", false, script{"a": fails}, "", infoFirst},
		{a, false, script{"a": fails}, "", infoFirst},
		{a + "," + b, false, script{"a": "*", "b": has}, "", infoFirst},
		// Proxies are never told of a path that GONOPROXY covers.
		{a + "," + b, true, script{"direct": fails}, "", "cache.info direct.info"},
	}
	for _, test := range tests {
		t.Run(test.list+" "+test.questions, func(t *testing.T) {
			test.says["cache"] = nothing
			r, questions := perform(t, goproxy(t, test.list, test.private), test.says, untouched)
			if r.Ending != probe.Lost {
				t.Errorf("ending %d", r.Ending)
			}
			got := ""
			if r.Beyond != nil {
				got = r.Beyond.URL.String()
			}
			if got != test.beyond {
				t.Errorf("beyond is %q, want %q", got, test.beyond)
			}
			if diff := cmp.Diff(strings.Fields(test.questions), questions); diff != "" {
				t.Errorf("questions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoticeOf knows the ends of a range.
func TestNoticeOf(t *testing.T) {
	n := probe.Notice{Retracts: []probe.Retract{{Low: "v1.0.0", High: "v1.2.0", Rationale: "r"}, {Low: "v1.4.0", High: "v1.4.0"}}}
	for v, want := range map[string]bool{
		"v0.9.9": false, "v1.0.0-rc1": false, "v1.0.0": true, "v1.1.0-0.20200101000000-abcdefabcdef": true, "v1.2.0": true, "v1.2.1": false, "v1.4.0": true,
	} {
		if r, ok := n.Of(v); ok != want || ok && v < "v1.3" && r.Rationale != "r" {
			t.Errorf("Of(%s) = %v, %t, want %t", v, r, ok, want)
		}
	}
}

// TestNotice believes the newest go.mod in hand, without a request.
func TestNotice(t *testing.T) {
	const (
		clean    = "module corp.example/a\n"
		retracts = clean + "\nretract v1.2.3 // oops\n"
		old      = "// Deprecated: go away.\n" + clean
	)
	retract := []probe.Retract{{Low: "v1.2.3", High: "v1.2.3", Rationale: "oops"}}
	tests := []struct {
		name   string
		served string
		// cached has go.mod files of the module cache by version.
		cached map[string]string
		want   *probe.Notice
	}{
		{"nothing said", clean, nil, nil},
		{"in its own", retracts, nil, &probe.Notice{Version: "v1.0.0", Retracts: retract}},
		{"in a later one", clean, map[string]string{"v1.9.0": retracts}, &probe.Notice{Version: "v1.9.0", Retracts: retract}},
		{"in the latest alone", clean, map[string]string{"v1.9.0": retracts, "v1.10.0": old}, &probe.Notice{Version: "v1.10.0", Deprecated: "go away."}},
		{"not in the latest", retracts, map[string]string{"v1.9.0": clean}, nil},
		{"in an earlier one", clean, map[string]string{"v0.9.0": retracts}, nil},
		{"in a candidate", clean, map[string]string{"v1.9.0-rc.1": retracts}, nil},
		{"in a commit", clean, map[string]string{"v1.9.0-0.20200101000000-abcdefabcdef": retracts}, nil},
		{"in no go.mod", clean, map[string]string{"v1.9.0": "retract v1.2.3 v1.2.4 Deprecated:"}, nil},
		{"in no version", clean, map[string]string{"nine": retracts, "!": retracts}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := fakenet.New(t).Proxy(fakenet.HTTP)
			s.Add(wanted.Path, wanted.Version, test.served)
			cache := t.TempDir()
			dir := filepath.Join(cache, "cache", "download", filepath.FromSlash(wanted.Path), "@v")
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			for v, text := range test.cached {
				if err := os.WriteFile(filepath.Join(dir, v+".mod"), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			env := settings("GOPROXY="+s.URL(), "GOMODCACHE="+cache, "GOSUMDB=off")
			p := probe.New(probe.Options{Env: env})
			t.Cleanup(p.Close)
			report := follow(t, p, route.Explicit(env, route.Module{}, wanted))
			if diff := cmp.Diff(test.want, report.Notice); diff != "" {
				t.Errorf("notice (-want +got):\n%s", diff)
			}
			if n := len(s.Requests()); n != 3 {
				t.Errorf("%d requests for a healthy line, want 3", n)
			}
		})
	}
}

// TestCurious asks what the latest version says, where that was wished for.
func TestCurious(t *testing.T) {
	const retracts = "module corp.example/a\n\nretract v1.0.0\n"
	tests := []struct {
		name   string
		change func(r *route.Route, s *fakenet.Proxy)
		// want is the version that retracts ours, requests what is asked.
		want     string
		requests int
	}{
		{"the latest release counts", func(_ *route.Route, s *fakenet.Proxy) {
			s.Add(wanted.Path, "v1.5.0", retracts)
			s.Add(wanted.Path, "v1.6.0-rc1", "")
		}, "v1.5.0", 5},
		{"not an earlier one", func(_ *route.Route, s *fakenet.Proxy) {
			s.Add(wanted.Path, "v1.5.0", retracts)
			s.Add(wanted.Path, "v1.6.0", "")
		}, "", 5},
		{"it is the latest", func(_ *route.Route, s *fakenet.Proxy) {}, "", 4},
		{"no list", func(_ *route.Route, s *fakenet.Proxy) { s.On("*list", fakenet.Status(404, "")) }, "", 4},
		{"no go.mod", func(_ *route.Route, s *fakenet.Proxy) {
			s.Add(wanted.Path, "v1.5.0", retracts)
			s.On("*v1.5.0.mod", fakenet.Status(500, ""))
		}, "", 5},
		{"not wished for", func(r *route.Route, s *fakenet.Proxy) {
			r.Curious = false
			s.Add(wanted.Path, "v1.5.0", retracts)
		}, "", 3},
		{"of what replaces another", func(r *route.Route, s *fakenet.Proxy) {
			r.Required.Path = "corp.example/b"
			s.Add(wanted.Path, "v1.5.0", retracts)
		}, "", 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := fakenet.New(t).Proxy(fakenet.HTTP)
			s.Add(wanted.Path, wanted.Version, "")
			env := settings("GOPROXY="+s.URL(), "GOMODCACHE="+t.TempDir(), "GOSUMDB=off")
			p := probe.New(probe.Options{Env: env})
			t.Cleanup(p.Close)
			r := route.Explicit(env, route.Module{}, wanted)
			r.Curious = true
			test.change(&r, s)
			report := follow(t, p, r)
			got := ""
			if report.Notice != nil {
				got = report.Notice.Version
			}
			if report.Ending != probe.Reached || got != test.want || len(s.Requests()) != test.requests {
				t.Errorf("ending %d, notice of %q after %d requests, want %q after %d", report.Ending, got, len(s.Requests()), test.want, test.requests)
			}
		})
	}
}
