package route_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/route"
)

// drawn renders a route in one line for each thing it holds.
func drawn(r route.Route) string {
	var b strings.Builder
	if r.Mod != r.Required {
		fmt.Fprintf(&b, "fetch %v\n", r.Mod)
	}
	if r.Replaced != "" {
		fmt.Fprintf(&b, "by %s\n", r.Replaced)
	}
	if r.Query {
		b.WriteString("query\n")
	}
	if r.Stop != (route.Stop{}) {
		fmt.Fprintf(&b, "stop, %v: %s\n", r.Stop.Kind, r.Stop.Text)
	}
	for _, h := range r.Hops {
		if h.Kind == route.Direct {
			host, _, _ := strings.Cut(r.Mod.Path, "/")
			if h.String() != "direct host "+host {
				fmt.Fprintf(&b, "not %s but ", host)
			}
			h.URL = nil // so that the tables need not repeat it
		}
		b.WriteString(drawnHop(h))
	}
	if r.SumDB != nil {
		b.WriteString(drawnHop(*r.SumDB))
	}
	return b.String()
}

func drawnHop(h route.Hop) string {
	s := h.String() + " (" + h.Why + ")"
	if h.Falls == route.AnyError {
		s += " |"
	}
	if h.Skip != "" {
		s += " skip: " + h.Skip
	}
	if h.Refused != "" {
		s += " refused: " + h.Refused
	}
	return s + "\n"
}

// environ is a process environment with a module cache and no checksum
// database, which a later setting of the same name overrides.
func environ(settings ...string) route.Env {
	vars := map[string]string{"GOMODCACHE": "/cache", "GOSUMDB": "off", "GOPROXY": "https://a.test,direct"}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		vars[name] = value
	}
	return route.ParseEnv(route.Sources{
		Workspace: vars,
		GoEnv:     map[string]string{"GOVERSION": "go1.26.1", "GOHOSTARCH": "amd64"},
		OS:        "linux",
	})
}

const cacheHop = "module cache (GOMODCACHE)\n"

func TestExplicitHops(t *testing.T) {
	const (
		noProxy = "GONOPROXY matches corp.test"
		empty   = "stop, bad list: GOPROXY list is not the empty string, but contains no entries\n"
	)
	tests := []struct {
		name     string
		settings []string
		want     string
	}{
		{
			"comma",
			[]string{"GOPROXY=https://a.test,direct"},
			cacheHop + "proxy https://a.test (GOPROXY entry 1 of 2)\ndirect (GOPROXY entry 2 of 2, after a comma)\n",
		},
		{
			"bar",
			[]string{"GOPROXY=https://a.test|https://b.test,off"},
			cacheHop + "proxy https://a.test (GOPROXY entry 1 of 3) |\nproxy https://b.test (GOPROXY entry 2 of 3, after a bar)\noff (GOPROXY entry 3 of 3, after a comma)\n",
		},
		{"off", []string{"GOPROXY=off"}, cacheHop + "off (GOPROXY entry 1 of 1)\n"},
		{"direct", []string{"GOPROXY=direct"}, cacheHop + "direct (GOPROXY entry 1 of 1)\n"},
		{"file", []string{"GOPROXY=file:///tree"}, cacheHop + "proxy file:///tree (GOPROXY entry 1 of 1)\n"},
		{"password", []string{"GOPROXY=https://me:pw@a.test"}, cacheHop + "proxy https://me:xxxxx@a.test (GOPROXY entry 1 of 1)\n"},
		{
			"password over http",
			[]string{"GOPROXY=http://me:pw@127.0.0.1:1|direct"},
			cacheHop + "proxy http://me:xxxxx@127.0.0.1:1 (GOPROXY entry 1 of 2) | refused: refusing to pass credentials to insecure URL: http://me:xxxxx@127.0.0.1:1\ndirect (GOPROXY entry 2 of 2, after a bar)\n",
		},
		{
			"private",
			[]string{"GONOPROXY=corp.test"},
			cacheHop + "direct (" + noProxy + ")\nproxy https://a.test (GOPROXY entry 1 of 2) skip: " + noProxy + "\ndirect (GOPROXY entry 2 of 2, after a comma)\n",
		},
		{
			"private by GOPRIVATE",
			[]string{"GOPRIVATE=corp.test"},
			cacheHop + "direct (GOPRIVATE matches corp.test)\nproxy https://a.test (GOPROXY entry 1 of 2) skip: GOPRIVATE matches corp.test\ndirect (GOPROXY entry 2 of 2, after a comma)\n",
		},
		{
			"private, off",
			[]string{"GONOPROXY=corp.test", "GOPROXY=off"},
			cacheHop + "direct (" + noProxy + ")\noff (GOPROXY entry 1 of 1) skip: " + noProxy + "\n",
		},
		{
			"private, direct",
			[]string{"GONOPROXY=corp.test", "GOPROXY=direct"},
			cacheHop + "direct (GOPROXY entry 1 of 1)\n",
		},
		{
			"private, direct with a blank",
			[]string{"GONOPROXY=corp.test", "GOPROXY=direct "},
			cacheHop + "direct (" + noProxy + ")\ndirect (GOPROXY entry 1 of 1)\n",
		},
		{
			"another module is private",
			[]string{"GONOPROXY=other.test", "GOPROXY=off"},
			cacheHop + "off (GOPROXY entry 1 of 1)\n",
		},
		{"private, no list", []string{"GONOPROXY=corp.test", "GOPROXY="}, empty},
		{"no entries", []string{"GOPROXY=,"}, empty},
		{
			"bad entry after a good one",
			[]string{"GOPROXY=https://a.test,ftp://x"},
			"stop, bad list: invalid proxy URL scheme (must be https, http, file): ftp://x\n",
		},
		{
			"no cache",
			[]string{"GOMODCACHE="},
			"stop, no module cache: module cache not found: neither GOMODCACHE nor GOPATH is set\n",
		},
		{
			"relative cache",
			[]string{"GOMODCACHE=mod"},
			"stop, no module cache: GOMODCACHE entry is relative; must be absolute path: \"mod\"\n",
		},
		{
			"modules off",
			[]string{"GO111MODULE=off"},
			"stop, bad setting: modules disabled by GO111MODULE=off; see 'go help modules'\n",
		},
		{
			"unknown module mode",
			[]string{"GO111MODULE=yes"},
			"stop, bad setting: unknown environment setting GO111MODULE=yes\n",
		},
		{
			"relative GOPATH",
			[]string{"GOPATH=rel"},
			"stop, bad setting: GOPATH entry is relative; must be absolute path: \"rel\".\n",
		},
		{
			"tilde in GOPATH",
			[]string{"GOPATH=~x"},
			"stop, bad setting: GOPATH entry cannot start with shell metacharacter '~': \"~x\"\n",
		},
		{"bad GOFLAGS", []string{"GOFLAGS=x"}, "stop, bad setting: parsing $GOFLAGS: non-flag \"x\"\n"},
		{"relative GOWORK", []string{"GOWORK=rel"}, "stop, bad setting: invalid GOWORK: not an absolute path\n"},
		{"bad GOTOOLCHAIN", []string{"GOTOOLCHAIN=foo"}, "stop, bad setting: invalid GOTOOLCHAIN \"foo\"\n"},
		{
			"bad GOTOOLCHAIN minimum",
			[]string{"GOTOOLCHAIN=foo+auto"},
			"stop, bad setting: invalid GOTOOLCHAIN \"foo+auto\": invalid minimum toolchain \"foo\"\n",
		},
		{
			"bad GOTOOLCHAIN suffix",
			[]string{"GOTOOLCHAIN=local+foo"},
			"stop, bad setting: invalid GOTOOLCHAIN \"local+foo\": only version suffixes are +auto and +path\n",
		},
		{
			"another toolchain",
			[]string{"GOTOOLCHAIN=go1.25.3", "GOPROXY=direct"},
			cacheHop + "direct (GOPROXY entry 1 of 1)\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := route.Explicit(environ(tt.settings...), route.Module{}, module.Version{Path: "corp.test/a", Version: "v1.0.0"})
			if diff := cmp.Diff(tt.want, drawn(r)); diff != "" {
				t.Errorf("route (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExplicitModule(t *testing.T) {
	const direct = cacheHop + "direct (GOPROXY entry 1 of 1)\n"
	tests := []struct {
		name, path, version string
		want                string
	}{
		{"plain", "example.com/a", "v1.2.3", direct},
		{"address as host", "127.0.0.1/x", "v1.0.0", direct},
		{"pseudo-version", "example.com/a", "v0.0.0-20200101000000-abcdefabcdef", direct},
		{"incompatible", "example.com/a", "v2.0.0+incompatible", direct},
		{"major suffix", "example.com/a/v2", "v2.0.0", direct},
		{"gopkg.in", "gopkg.in/yaml.v2", "v2.4.0", direct},
		{"old pseudo-version of gopkg.in", "gopkg.in/check.v1", "v0.0.0-20161208181325-20d25e280405", direct},
		{"query", "example.com/a", "v1.2", "query\n" + direct},
		{"branch", "example.com/a", "master", "query\n" + direct},
		{"build metadata", "example.com/a", "v1.0.0+meta", "query\n" + direct},
		{"no version", "example.com/a", "", "query\n" + direct},
		{"no dot", "foo", "v1.0.0", `stop, bad path: malformed module path "foo": missing dot in first path element` + "\n"},
		{"port", "example.com:80/x", "v1.0.0", `stop, bad path: malformed module path "example.com:80/x": invalid char ':'` + "\n"},
		{"capital host", "Example.com/x", "v1.0.0", `stop, bad path: malformed module path "Example.com/x": invalid char 'E' in first path element` + "\n"},
		{"v1 suffix", "example.com/a/v1", "v1.0.0", `stop, bad path: malformed module path "example.com/a/v1": invalid version` + "\n"},
		{"v02 suffix", "example.com/a/v02", "v2.0.0", `stop, bad path: malformed module path "example.com/a/v02": invalid version` + "\n"},
		{"full version suffix", "example.com/a/v2.0.0", "v2.0.0", `stop, bad path: malformed module path "example.com/a/v2.0.0": invalid version` + "\n"},
		{"gopkg.in without version", "gopkg.in/yaml", "v1.0.0", `stop, bad path: malformed module path "gopkg.in/yaml": invalid version` + "\n"},
		{"device name", "example.com/con", "v1.0.0", `stop, bad path: malformed module path "example.com/con": "con" disallowed as path element component on Windows` + "\n"},
		{"major too high", "example.com/a", "v2.0.0", `stop, bad version: version "v2.0.0" invalid: should be v0 or v1, not v2` + "\n"},
		{"major too low", "example.com/a/v2", "v1.0.0", `stop, bad version: version "v1.0.0" invalid: should be v2, not v1` + "\n"},
		{"gopkg.in of another major", "gopkg.in/yaml.v2", "v3.0.0", `stop, bad version: version "v3.0.0" invalid: should be v2, not v3` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := route.Explicit(environ("GOPROXY=direct"), route.Module{}, module.Version{Path: tt.path, Version: tt.version})
			if diff := cmp.Diff(tt.want, drawn(r)); diff != "" {
				t.Errorf("route (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSumDBHop(t *testing.T) {
	full := route.Sums{Mod: []string{"h1:m"}, Zip: []string{"h1:z"}}
	tests := []struct {
		name     string
		settings []string
		sums     *route.Sums // nil for no go.sum
		want     string      // empty for no lookup
	}{
		{"both known", nil, &full, ""},
		{"zip unknown", nil, &route.Sums{Mod: full.Mod}, "checksum database https://sum.golang.org (go.sum lacks the hash of the zip)\n"},
		{"go.mod unknown", nil, &route.Sums{Zip: full.Zip}, "checksum database https://sum.golang.org (go.sum lacks the hash of the go.mod)\n"},
		{"both unknown", nil, &route.Sums{}, "checksum database https://sum.golang.org (go.sum lacks the hashes of the zip and of its go.mod)\n"},
		{"no go.sum", nil, nil, "checksum database https://sum.golang.org (there is no go.sum)\n"},
		{"off", []string{"GOSUMDB=off"}, nil, ""},
		{"GONOSUMDB", []string{"GONOSUMDB=example.com"}, nil, ""},
		{"GOPRIVATE", []string{"GOPRIVATE=example.com"}, nil, ""},
		{"GONOPROXY alone", []string{"GONOPROXY=example.com"}, nil, "checksum database https://sum.golang.org (there is no go.sum)\n"},
		{"GOINSECURE alone", []string{"GOINSECURE=example.com"}, nil, "checksum database https://sum.golang.org (there is no go.sum)\n"},
		{"GOPROXY off", []string{"GOPROXY=off"}, nil, "checksum database https://sum.golang.org (there is no go.sum)\n"},
		{"alias", []string{"GOSUMDB=sum.golang.google.cn"}, nil, "checksum database https://sum.golang.google.cn (there is no go.sum)\n"},
		{
			"fixed URL",
			[]string{"GOSUMDB=sum.golang.org http://me:pw@h.test"},
			nil,
			"checksum database http://me:xxxxx@h.test (there is no go.sum) refused: refusing to pass credentials to insecure URL: http://me:xxxxx@h.test\n",
		},
		{"bad setting", []string{"GOSUMDB=OFF"}, nil, "checksum database (there is no go.sum) refused: invalid GOSUMDB: malformed verifier id\n"},
		{"no setting", []string{"GOSUMDB="}, nil, "checksum database (there is no go.sum) refused: missing GOSUMDB\n"},
		{"bad setting, both known", []string{"GOSUMDB=OFF"}, &full, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := route.Module{Dir: "/m"}
			if tt.sums != nil {
				m.Sums = func(module.Version) route.Sums { return *tt.sums }
			}
			env := environ(append([]string{"GOSUMDB=sum.golang.org"}, tt.settings...)...)
			r := route.Plan(env, m, require("example.com/a", "v1.0.0"))
			got := ""
			if r.SumDB != nil {
				got = drawnHop(*r.SumDB)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("database (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSumDBOfToolchain(t *testing.T) {
	tests := []struct {
		name     string
		settings []string
		want     string
	}{
		{"even if private", []string{"GOSUMDB=sum.golang.org", "GOPRIVATE=*"}, "checksum database https://sum.golang.org (go.sum cannot hold the hash of a toolchain)\n"},
		{"even if off", []string{"GOSUMDB=off"}, "checksum database (go.sum cannot hold the hash of a toolchain) refused: checksum database disabled by GOSUMDB=off\n"},
		{"not from a tree", []string{"GOPROXY=file:///tree"}, ""},
		{"tree among others", []string{"GOPROXY=file:///tree,direct", "GOSUMDB=sum.golang.org"}, "checksum database https://sum.golang.org (go.sum cannot hold the hash of a toolchain)\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := route.Explicit(environ(tt.settings...), route.Module{}, module.Version{Path: "golang.org/toolchain", Version: "v0.0.1-go1.26.2.linux-amd64"})
			got := ""
			if r.SumDB != nil {
				got = drawnHop(*r.SumDB)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("database (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHopKey(t *testing.T) {
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"separator does not matter", "https://a.test,off", "https://a.test|off", true},
		{"password matters", "https://me:1@a.test", "https://me:2@a.test", false},
		{"path matters", "https://a.test/x", "https://a.test/y", false},
		{"kind matters", "off", "direct", false},
	}
	mod := module.Version{Path: "example.com/a", Version: "v1.0.0"}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := route.Explicit(environ("GOPROXY="+tt.a), route.Module{}, mod).Hops[1]
			b := route.Explicit(environ("GOPROXY="+tt.b), route.Module{}, mod).Hops[1]
			if (a.Key() == b.Key()) != tt.same {
				t.Errorf("keys of %v and %v: same = %v, want %v", a, b, !tt.same, tt.same)
			}
		})
	}
}

// require is a requirement as a go.mod writes it.
func require(path, version string) gomod.Requirement {
	return gomod.Requirement{Mod: module.Version{Path: path, Version: version}, Written: version}
}
