package route_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/route"
)

// shipped is an environment in which the Go installation asks public.org and
// sum.golang.org by default.
func shipped(settings ...string) route.Env {
	return route.ParseEnv(route.Sources{
		OS: "linux", Process: append([]string{"GOMODCACHE=/cache"}, settings...),
		GOROOTFile: []byte("GOPROXY=https://public.org,direct\nGOSUMDB=sum.golang.org\n"),
	})
}

// first gives the guard before the first proxy for a module path.
func first(env route.Env, m route.Module, modulePath string) *route.Guard {
	return firstProxy(env, m, modulePath).Guard
}

// firstProxy gives the first proxy for a module path; zero for none.
func firstProxy(env route.Env, m route.Module, modulePath string) route.Hop {
	r := route.Explicit(env, m, module.Version{Path: modulePath, Version: "v1.0.0"})
	for _, h := range r.Hops {
		if h.Kind == route.Proxy {
			return h
		}
	}
	return route.Hop{}
}

// TestEvidence tells why a path looks private. An empty want is one that does
// not, whatever the addresses of its host are; a "?" one that they decide.
func TestEvidence(t *testing.T) {
	hint := func(what string) []route.Hint { return []route.Hint{{What: what, Where: "here"}} }
	traces := func(what string) route.Hints { return route.Hints{Traces: hint(what)} }
	tests := []struct {
		name, path string
		settings   []string
		hints      route.Hints
		want       string
	}{
		{name: "a forge", path: "github.com/acme/x"},
		{name: "a host of public modules", path: "golang.org/x/mod"},
		{name: "a host of some modules", path: "go.acme.dev/x", want: "?"},
		{name: "a toolchain", path: "golang.org/toolchain", settings: []string{"GOPRIVATE=golang.org/x"}},
		{name: "a reserved name", path: "git.acme.internal/x", want: "its host git.acme.internal has a name that no public name server knows"},
		{name: "a name at home", path: "nas.home.arpa/x", want: "its host nas.home.arpa has a name that no public name server knows"},
		{name: "an example of a public name", path: "example.com/x", want: "?"},
		{name: "a private address", path: "10.1.2.3/x", want: "its host is an address of a private network"},
		{name: "a carrier's address", path: "100.64.0.1/x", want: "its host is an address of a private network"},
		{name: "a public address", path: "192.0.2.1/x"},

		{name: "the team's pattern", path: "go.acme.dev/x", hints: route.Hints{Private: hint("*.acme.dev")}, want: "the team's pattern *.acme.dev (here) covers it"},
		{name: "the team's pattern for a forge", path: "github.com/acme/x", hints: route.Hints{Private: hint("github.com")}, want: "the team's pattern github.com (here) covers it"},
		{name: "the team's pattern with a scheme", path: "go.acme.dev/x", hints: route.Hints{Private: hint("https://go.acme.dev/")}, want: "the team's pattern https://go.acme.dev/ (here) covers it"},
		{name: "the team's bad pattern", path: "github.com/acme/x", hints: route.Hints{Private: hint("github.com/[")}, want: "the team's pattern github.com/[ (here) covers it"},
		{name: "the team's bad pattern for others", path: "gitlab.com/acme/x", hints: route.Hints{Private: hint("github.com/[")}},
		{name: "the team's public pattern", path: "git.acme.internal/x", hints: route.Hints{Public: hint("*.acme.internal")}},
		{name: "both of the team's", path: "go.acme.dev/x", hints: route.Hints{Public: hint("go.acme.dev"), Private: hint("go.acme.dev/x")}, want: "the team's pattern go.acme.dev/x (here) covers it"},
		{name: "the team's file is broken", path: "github.com/acme/x", hints: route.Hints{Broken: "it cannot be read"}, want: "it cannot be read"},
		{name: "and says something better", path: "github.com/acme/x", hints: route.Hints{Broken: "it cannot be read", Private: hint("github.com/acme")}, want: "the team's pattern github.com/acme (here) covers it"},

		{name: "GOPRIVATE passed by", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=go.acme.dev", "GONOPROXY=none"}, want: "GOPRIVATE covers it with go.acme.dev"},
		{name: "GONOSUMDB", path: "go.acme.dev/x", settings: []string{"GONOSUMDB=go.acme.dev"}, want: "GONOSUMDB covers it with go.acme.dev"},
		{name: "GONOSUMDB for all", path: "go.acme.dev/x", settings: []string{"GONOSUMDB=*"}, want: "?"},
		{name: "GONOSUMDB for a domain of all", path: "go.acme.dev/x", settings: []string{"GONOSUMDB=*.dev"}, want: "?"},
		{name: "GONOSUMDB for a forge", path: "github.com/acme/x", settings: []string{"GONOSUMDB=github.com,github.com/*"}},
		{name: "GONOSUMDB for public modules", path: "golang.org/x/mod", settings: []string{"GONOSUMDB=golang.org/x/mod"}},
		{name: "a scheme", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=https://go.acme.dev"}, want: `GOPRIVATE has "https://go.acme.dev", which was meant to cover it and never matches`},
		{name: "a blank", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=a.test, go.acme.dev"}, want: `GOPRIVATE has " go.acme.dev", which was meant to cover it and never matches`},
		{name: "a semicolon", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=a.test;go.acme.dev"}, want: `GOPRIVATE has "a.test;go.acme.dev", which was meant to cover it and never matches`},
		{name: "a bad glob", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=go.acme.[dev"}, want: `GOPRIVATE has "go.acme.[dev", which was meant to cover it and never matches`},
		{name: "beside", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=go.acme.dev/y"}, want: "GOPRIVATE has go.acme.dev/y, which is beside it"},
		{name: "below", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=acme.dev"}, want: "GOPRIVATE has acme.dev, which is beside it"},
		{name: "above", path: "acme.dev/x", settings: []string{"GOPRIVATE=*.acme.dev"}, want: "GOPRIVATE has *.acme.dev, which is beside it"},
		{name: "beside on many hosts", path: "a.acme.dev/x", settings: []string{"GOPRIVATE=*.acme.dev/y"}, want: "GOPRIVATE has *.acme.dev/y, which is beside it"},
		{name: "another name with the same end", path: "notacme.dev/x", settings: []string{"GOPRIVATE=acme.dev"}, want: "?"},
		{name: "beside on a forge", path: "github.com/acme/x", settings: []string{"GOPRIVATE=github.com/acme/y"}, want: "GOPRIVATE has github.com/acme/y, which is beside it"},
		{name: "another owner", path: "github.com/acme-corp/x", settings: []string{"GOPRIVATE=github.com/acme/y"}},
		{name: "a pattern for all owners", path: "github.com/acme/x", settings: []string{"GOPRIVATE=github.com/*/y"}},
		{name: "a host above a forge", path: "github.com/acme/x", settings: []string{"GOPRIVATE=com"}},
		{name: "covered is stronger than beside", path: "go.acme.dev/x", settings: []string{"GOPRIVATE=go.acme.dev/y", "GONOPROXY=none", "GONOSUMDB=go.acme.dev/x"}, want: "GONOSUMDB covers it with go.acme.dev/x"},

		{name: "a trace of its host", path: "go.acme.dev/x", hints: traces("go.acme.dev"), want: "this machine has here for go.acme.dev"},
		{name: "a trace of many hosts", path: "go.acme.dev/x", hints: traces("*.acme.dev"), want: "this machine has here for *.acme.dev"},
		{name: "a trace of all hosts", path: "go.acme.dev/x", hints: traces("*"), want: "?"},
		{name: "a trace of its owner", path: "github.com/Acme/x", hints: traces("github.com/acme"), want: "this machine has here for github.com/acme"},
		{name: "a trace of a forge", path: "github.com/acme/x", hints: traces("github.com")},
		{name: "a trace of a public host", path: "golang.org/x/mod", hints: traces("golang.org/x")},
		{name: "GOAUTH", path: "go.acme.dev/x", settings: []string{"GOAUTH=netrc;login --host=https://go.acme.dev/"}, want: "GOAUTH has a command for go.acme.dev"},
		{name: "GOAUTH of another host", path: "go.acme.dev/x", settings: []string{"GOAUTH=login acme.dev"}, want: "?"},
		{name: "GOAUTH of a forge", path: "github.com/acme/x", settings: []string{"GOAUTH=login github.com"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if g := first(shipped(test.settings...), route.Module{Hints: test.hints}, test.path); g != nil {
				got = g.Evidence
				if got == "" {
					got = "?"
				}
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestOwnHost is about modules on the host of the main module.
func TestOwnHost(t *testing.T) {
	const why = "it is on the host of this module, whose repository is there too"
	tests := []struct {
		name, main, remote, path, want string
	}{
		{"there too", "go.acme.dev/app", "go.acme.dev", "go.acme.dev/x", why},
		{"on a host beside it", "go.acme.dev/app", "git.acme.dev", "go.acme.dev/x", why},
		{"in a country", "go.acme.co.uk/app", "git.acme.co.uk", "go.acme.co.uk/x", why},
		{"of another owner in that country", "go.acme.co.uk/app", "git.other.co.uk", "go.acme.co.uk/x", ""},
		{"a page that leads to a forge", "k8s.io/kubernetes", "github.com", "k8s.io/api", ""},
		{"a page of nobody in particular", "go.acme.dev/app", "github.com", "go.acme.dev/x", ""},
		{"a forge", "github.com/acme/app", "github.com", "github.com/acme/x", ""},
		{"no repository", "go.acme.dev/app", "", "go.acme.dev/x", ""},
		{"another host", "go.acme.dev/app", "go.acme.dev", "other.dev/x", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := route.Module{Hints: route.Hints{Main: test.main}}
			if test.remote != "" {
				m.Hints.Remotes = []string{test.remote}
			}
			got := ""
			if g := first(shipped(), m, test.path); g != nil {
				got = g.Evidence
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestPublic tells which proxies may not learn of a private path: "public",
// "by address", or none.
func TestPublic(t *testing.T) {
	mirrors := route.Hints{Mirrors: []route.Hint{{What: "https://mirror.net,other.net"}, {What: "http://127.0.0.1:8080"}}}
	tests := []struct {
		name, proxy string
		settings    []string
		hints       route.Hints
		want        string
	}{
		{name: "the default", proxy: "https://public.org", want: "public"},
		{name: "the default by another path", proxy: "https://PUBLIC.org:443/go", want: "public"},
		{name: "another port", proxy: "https://public.org:8443", want: "by address"},
		{name: "a mirror", proxy: "https://mirror.net", hints: mirrors, want: "public"},
		{name: "a mirror without a scheme", proxy: "https://other.net/", hints: mirrors, want: "public"},
		{name: "a mirror on this machine", proxy: "http://127.0.0.1:8080", hints: mirrors, want: "public"},
		{name: "another port of this machine", proxy: "http://127.0.0.1:8081", hints: mirrors},
		{name: "any name", proxy: "https://proxy.net", want: "by address"},
		{name: "a private address", proxy: "http://192.168.1.2:3000"},
		{name: "a private address of IPv6", proxy: "http://[fd00::1]:3000"},
		{name: "a public address", proxy: "http://8.8.8.8", want: "public"},
		{name: "a reserved name", proxy: "https://proxy.lan"},
		{name: "a single label", proxy: "https://proxy./go"},
		{name: "a directory", proxy: "file:///srv/go"},
		{name: "a login in its address", proxy: "https://me:secret@proxy.net"},
		{name: "a login in netrc", proxy: "https://Proxy.net", hints: route.Hints{Logins: []string{"proxy.net"}}},
		{name: "a login by GOAUTH", proxy: "https://proxy.net", settings: []string{"GOAUTH=login proxy.net"}},
		{name: "of the module's owner", proxy: "https://proxy.acme.dev"},
		{name: "of a pattern's owner", proxy: "https://proxy.corp.net", settings: []string{"GOPRIVATE=*.corp.net"}},
		{name: "of a team pattern's owner", proxy: "https://proxy.corp.net", hints: route.Hints{Private: []route.Hint{{What: "git.corp.net/x"}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.hints.Traces = []route.Hint{{What: "go.acme.dev", Where: "here"}}
			got := ""
			hop := firstProxy(shipped(append(test.settings, "GOPROXY="+test.proxy)...), route.Module{Hints: test.hints}, "go.acme.dev/x")
			g := hop.Guard
			switch place, ok := g.At(hop.URL); {
			case !ok:
			case place.ByAddress:
				got = "by address"
			default:
				got = "public"
			}
			if got != test.want || g.Shut() != (got == "public") {
				t.Errorf("%q (%+v), want %q", got, g, test.want)
			}
		})
	}
}

// TestGuardedDatabase tells of each address that a checksum database may have.
func TestGuardedDatabase(t *testing.T) {
	tests := []struct {
		name     string
		settings []string
		want     *route.Guard
	}{
		{"below a company's proxy or not", []string{"GOPROXY=https://proxy.lan,direct"}, &route.Guard{
			Places: []route.Place{{Host: "sum.golang.org:443"}}, Elsewhere: true,
		}},
		{"below a public proxy or not", nil, &route.Guard{
			Places: []route.Place{{Host: "public.org:443"}, {Host: "sum.golang.org:443"}},
		}},
		{"of its own", []string{"GOPROXY=https://proxy.lan", "GOSUMDB=sum.golang.org https://sum.lan"}, nil},
		{"of its own beside a public proxy", []string{"GOSUMDB=sum.golang.org https://sum.lan"}, nil},
		{"of unknown standing", []string{"GOPROXY=direct", "GOSUMDB=sum.golang.org https://sum.net"}, &route.Guard{
			Places: []route.Place{{Host: "sum.net:443", ByAddress: true}},
		}},
		{"GONOPROXY covers it", []string{"GONOPROXY=go.acme.dev"}, &route.Guard{
			Evidence: "GONOPROXY covers it with go.acme.dev", Covered: true,
			Places: []route.Place{{Host: "public.org:443"}, {Host: "sum.golang.org:443"}},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := route.Module{Hints: route.Hints{Traces: []route.Hint{{What: "go.acme.dev", Where: "here"}}}}
			r := route.Explicit(shipped(test.settings...), m, module.Version{Path: "go.acme.dev/x", Version: "v1.0.0"})
			if test.want != nil && test.want.Evidence == "" {
				test.want.Evidence = "this machine has here for go.acme.dev"
			}
			if diff := cmp.Diff(test.want, r.SumDB.Guard); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
