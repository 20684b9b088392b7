package doctor_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/modreach/modreach/diagnostics"
	"github.com/modreach/modreach/doctor"
	"github.com/modreach/modreach/gomod"
	"github.com/modreach/modreach/probe"
	"github.com/modreach/modreach/route"
)

// envOf is an environment of a few variables, in which go could work.
func envOf(vars ...string) route.Env {
	return route.ParseEnv(route.Sources{Process: append([]string{"GOMODCACHE=/cache", "GOSUMDB=off"}, vars...), OS: "linux"})
}

// routesTo are those of require lines.
func routesTo(env route.Env, paths ...string) []route.Route {
	var all []route.Route
	for _, p := range paths {
		all = append(all, route.Explicit(env, route.Module{}, module.Version{Path: p, Version: "v1.0.0"}))
	}
	return all
}

var now = time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)

// told gives checks as one line each: id, status, detail, remedy.
func told(checks ...doctor.Check) []string {
	var all []string
	for _, c := range checks {
		line := c.ID + " " + string(c.Status) + ": " + c.Detail
		if c.Remedy != "" {
			line += " -> " + c.Remedy
		}
		all = append(all, line)
	}
	return all
}

func TestSettingChecks(t *testing.T) {
	tests := []struct {
		name string
		vars []string
		want []string
	}{
		{"as they come", []string{"GOPROXY=https://a.example,direct"}, []string{
			"settings.usable ok: can use its settings.",
			"settings.GOPROXY ok: https://a.example,direct (the environment of the process): asks a.example, if that does not know it the module's own host.",
			"settings.GOPRIVATE ok: not set.",
			"settings.GOSUMDB ok: off (the environment of the process): what is fetched is checked against go.sum alone.",
		}},
		{"private", []string{"GOPROXY=https://a.example|off", "GOPRIVATE=corp.example", "GOSUMDB=sum.golang.org"}, []string{
			"settings.usable ok: can use its settings.",
			"settings.GOPROXY ok: https://a.example|off (the environment of the process): asks a.example, after any error nobody.",
			"settings.GOPRIVATE ok: corp.example (the environment of the process): covers 1 of 2 requirements.",
			"settings.GOSUMDB ok: off (the environment of the process): what is fetched is checked against go.sum alone.",
		}},
		{"unusable", []string{"GOPROXY=ftp://a.example"}, []string{
			`settings.usable fail: fails with its settings: invalid proxy URL scheme (must be https, http, file): ftp://a.example -> Correct it with go env -w GOPROXY=..., or where your environment sets it.`,
			"settings.GOPROXY ok: ftp://a.example (the environment of the process).",
			"settings.GOPRIVATE ok: not set.",
			"settings.GOSUMDB ok: off (the environment of the process): what is fetched is checked against go.sum alone.",
		}},
		{"more of them", []string{"GOPROXY=off", "GOAUTH=off", "GOTOOLCHAIN=local", "GONOSUMDB=*", "HTTPS_PROXY=http://web.example"}, []string{
			"settings.usable ok: can use its settings.",
			"settings.GOPROXY ok: off (the environment of the process): fetches nothing.",
			"settings.GOPRIVATE ok: not set.",
			"settings.GONOSUMDB ok: * (the environment of the process): covers 2 of 2 requirements.",
			"settings.GOSUMDB ok: off (the environment of the process): what is fetched is checked against go.sum alone.",
			"settings.GOAUTH ok: off (the environment of the process): no proxy is shown a login.",
			"settings.GOTOOLCHAIN ok: local (the environment of the process): a module that needs a newer go fails.",
			"settings.HTTPS_PROXY ok: http://web.example (the environment of the process).",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := envOf(test.vars...)
			var all []doctor.Setting
			for _, v := range env.All() {
				if v.Value != "" {
					all = append(all, doctor.Setting{Name: v.Name, Value: v.Value, Origin: v.Origin.String()})
				}
			}
			got := told(doctor.SettingChecks(env, all, []string{"corp.example/x", "example.com/a"})...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDoors(t *testing.T) {
	env := envOf("GOPROXY=https://a.example|https://b.example/x,https://A.example/y,file:///d,direct", "GOPRIVATE=corp.example,other.example")
	var got []string
	for _, d := range doctor.Doors(env, routesTo(env, "example.com/a", "corp.example/x", "other.example/z", "corp.example/y")) {
		line := d.Hop.String() + ": " + strings.Join(d.Roles, ", ")
		if d.Spare {
			line += ", spare"
		}
		got = append(got, line)
	}
	want := []string{
		"proxy https://a.example: entry 1 of GOPROXY, entry 3 of GOPROXY",
		"proxy https://b.example/x: entry 2 of GOPROXY",
		"direct host corp.example: host of 2 modules",
		"direct host other.example: host of 1 module",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("doors (-want +got):\n%s", diff)
	}
	var instead []string
	for _, d := range doctor.Rewritten(doctor.Doors(env, routesTo(env, "corp.example/x", "other.example/z")), []probe.Rewrite{{From: "https://corp.example/", To: "ssh://git@corp.example/"}, {From: "https://a.example/", To: "ssh://a.example/"}}) {
		instead = append(instead, d.Instead)
	}
	if diff := cmp.Diff([]string{"", "", "ssh://git@corp.example/", ""}, instead); diff != "" {
		t.Errorf("asked instead (-want +got):\n%s", diff)
	}
	for proxies, want := range map[string]bool{"https://a.example,direct": false, "direct": true, "off": false} {
		if got := doctor.NeedsGit(envOf("GOPROXY="+proxies), nil); got != want {
			t.Errorf("%s needs git: %v", proxies, got)
		}
	}
}

func TestHostCheck(t *testing.T) {
	front, via := &url.URL{Scheme: "https", Host: "a.example", Path: "/"}, &url.URL{Scheme: "http", Host: "web.example:3128", User: url.UserPassword("me", "secret")}
	door := doctor.Door{Hop: route.Hop{Kind: route.Proxy, URL: front}, Roles: []string{"entry 1 of GOPROXY"}}
	spare := door
	spare.Spare = true
	good := probe.Glance{
		Family: "IPv4", Status: 200, Proto: "HTTP/2.0", Steps: []probe.Step{{Phase: probe.Connect, Took: 40 * time.Millisecond}},
		Certificate: &x509.Certificate{NotAfter: now.AddDate(1, 0, 0), Issuer: pkix.Name{CommonName: "Corp"}},
	}
	aging := good
	aging.Certificate = &x509.Certificate{NotAfter: now.AddDate(0, 0, 3)}
	through := good
	through.Family = ""
	none := probe.Glance{Family: "IPv6", Absent: true, Fault: &probe.Fault{Phase: probe.Resolve, Cause: probe.NameNotFound}}
	lost := probe.Glance{Family: "IPv6", Fault: &probe.Fault{Phase: probe.Connect, Cause: probe.ConnectTimeout, Host: "a.example:443", Err: errors.New("i/o timeout")}}
	cut := lost
	cut.Cut = true
	tests := []struct {
		name string
		door doctor.Door
		s    probe.Sight
		want string
	}{
		{"well", door, probe.Sight{Glances: []probe.Glance{good, none}}, "ok: answers in 40 ms over IPv4."},
		{"through an HTTP proxy", door, probe.Sight{Via: via, Glances: []probe.Glance{through}}, "ok: answers in 40 ms through the HTTP proxy http://me:xxxxx@web.example:3128."},
		{"half", door, probe.Sight{Glances: []probe.Glance{good, lost}}, "warn: answers in 40 ms over IPv4. Over IPv6 it does not answer: i/o timeout. -> Have IPv6 mended on this network, or switched off: new connections wait for it."},
		{"soon over", door, probe.Sight{Glances: []probe.Glance{aging}}, "warn: answers in 40 ms over IPv4. Its certificate expires on 2026-03-17. -> Have its owners renew the certificate."},
		{"lost", door, probe.Sight{Glances: []probe.Glance{lost}}, "fail: The proxy https://a.example/ cannot be reached: a.example:443 does not answer the connection request (go would wait 30 s for each file). -> A firewall drops the packets or the host is down; connect the VPN or use another proxy."},
		{"lost and not missed", spare, probe.Sight{Glances: []probe.Glance{lost}}, "warn: The proxy https://a.example/ cannot be reached: a.example:443 does not answer the connection request (go would wait 30 s for each file). go passes it by, and waits for that each time. -> A firewall drops the packets or the host is down; connect the VPN or use another proxy."},
		{"lost, and asked elsewhere", doctor.Door{Hop: route.Hop{Kind: route.Direct, URL: front}, Instead: "ssh://git@a.example/"}, probe.Sight{Glances: []probe.Glance{lost}}, "warn: The host a.example cannot be reached: a.example:443 does not answer the connection request. git asks ssh://git@a.example/ in its place, so that it may not matter. -> A firewall drops the packets or the host is down; connect the VPN that leads there."},
		{"out of time", door, probe.Sight{Glances: []probe.Glance{cut}}, "warn: no answer in the time of this run. -> Give it more time with -timeout; the go command gives it 30 s to connect and any time to answer."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.s.Door = front
			got := told(doctor.HostCheck(test.door, test.s, now))[0]
			if diff := cmp.Diff("host.a.example:443 "+test.want, got); diff != "" {
				t.Errorf("check (-want +got):\n%s", diff)
			}
		})
	}
}

// TestHostWords wants no placeholder to be left in what is said of a host.
func TestHostWords(t *testing.T) {
	at := &url.URL{Scheme: "https", Host: "a.example"}
	for cause := probe.NameNotFound; cause <= probe.CaptivePortal; cause++ {
		for _, kind := range []route.Kind{route.Proxy, route.Direct, route.SumDB} {
			f := &probe.Fault{Phase: probe.Connect, Cause: cause, Host: "a.example:443"}
			e := diagnostics.HostWords(route.Hop{Kind: kind, URL: at}, f)
			if strings.ContainsAny(e.What+e.Remedy, "{}") || strings.Contains(e.What, "  ") || !strings.HasSuffix(e.What, ".") {
				t.Errorf("%v at %v: %q, %q", cause, kind, e.What, e.Remedy)
			}
		}
	}
}

func TestDiskChecks(t *testing.T) {
	builds := probe.Folder{Dir: "/build", Free: 5 << 30}
	tests := []struct {
		name string
		f    probe.Folder
		want []string
	}{
		{"well", probe.Folder{Dir: "/mod", Free: 56 << 30}, []string{"disk.modcache ok: /mod: can be written, 56 GiB free."}},
		{"room unknown", probe.Folder{Dir: "/mod", Free: -1, Missing: true}, []string{"disk.modcache ok: /mod: is not there yet, and go can make it."}},
		{"full", probe.Folder{Dir: "/mod", Free: 300 << 20}, []string{"disk.modcache warn: /mod: can be written, 300 MiB free. -> Make room: one large module takes up to 1 GiB. go clean -modcache removes what can be fetched again."}},
		{"for reading", probe.Folder{Dir: "/mod", Err: errors.New("read-only file system"), Free: -1}, []string{"disk.modcache fail: /mod: cannot be written: read-only file system. -> Check its owner and its permissions, or name another directory: go env -w GOMODCACHE=DIR."}},
		{"locked and another's", probe.Folder{Dir: "/mod", Free: -1, Locks: []string{"/mod/a.lock", "/mod/b.lock"}, Owner: "root", Foreign: "/mod/x"}, []string{
			"disk.modcache ok: /mod: can be written.",
			"disk.locks warn: A git that was killed has left /mod/a.lock, by which no other can work there; and there are 1 more. -> Remove it when no go command is running; or all repositories that go keeps: go clean -modcache.",
			`disk.owner warn: /mod/x belongs to root, so go may not be able to add to it. -> Give it back: sudo chown -R "$(id -un)" "$(go env GOMODCACHE)"; and run go without sudo.`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := append(test.want, "disk.gocache ok: /build: can be written, 5 GiB free.")
			if diff := cmp.Diff(want, told(doctor.DiskChecks(test.f, builds)...)); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestToolChecks(t *testing.T) {
	there := func(name string) probe.Tool { return probe.Tool{Path: "/bin/" + name, Version: "1.0"} }
	missing := probe.Tool{Err: errors.New("not found")}
	tests := []struct {
		name   string
		tools  probe.Tools
		direct bool
		want   []string
	}{
		{"all there", probe.Tools{
			Go: there("go"), Git: there("git"), SSH: there("ssh"), AgentSocket: "/run/agent", Helpers: []probe.Helper{{Name: "store"}},
			Rewrites: []probe.Rewrite{{From: "https://g.example/", To: "ssh://g.example/"}}, GitProxies: []string{"http://web.example"},
		}, false, []string{
			"tools.go ok", "tools.git ok", "tools.ssh ok", "tools.ssh-agent ok", "tools.git-credentials ok", "tools.git-rewrites ok", "tools.git-proxy ok",
		}},
		{"none there", probe.Tools{Go: missing, Git: missing, SSH: missing}, true, []string{"tools.go fail", "tools.git fail", "tools.ssh skipped", "tools.ssh-agent skipped"}},
		{"git not needed", probe.Tools{Go: there("go"), Git: missing, SSH: missing}, false, []string{"tools.go ok", "tools.git warn", "tools.ssh skipped", "tools.ssh-agent skipped"}},
		{"agent gone, helper missing", probe.Tools{
			Go: there("go"), Git: there("git"), SSH: there("ssh"), AgentSocket: "/run/agent", Agent: errors.New("refused"), Helpers: []probe.Helper{{Name: "manager", Missing: true}},
		}, false, []string{"tools.go ok", "tools.git ok", "tools.ssh ok", "tools.ssh-agent warn", "tools.git-credentials warn"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, c := range doctor.ToolChecks(test.tools, test.direct) {
				got = append(got, c.ID+" "+string(c.Status))
				if (c.Status == doctor.Warn || c.Status == doctor.Fail) != (c.Remedy != "") {
					t.Errorf("%s: remedy %q", c.ID, c.Remedy)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPublicModule wants that nothing but what everybody knows is asked about.
func TestPublicModule(t *testing.T) {
	const proxy = "GOPROXY=https://a.example"
	tests := []struct {
		name  string
		vars  []string
		paths []string
		want  string
	}{
		{"nothing required", []string{proxy}, nil, "golang.org/x/mod"},
		{"a host of public modules", []string{proxy}, []string{"github.com/acme/x", "k8s.io/api"}, "k8s.io/api"},
		{"a forge has private ones too", []string{proxy}, []string{"github.com/acme/x", "corp.example/x"}, "golang.org/x/mod"},
		{"kept private all the same", []string{proxy, "GOPRIVATE=k8s.io"}, []string{"k8s.io/api"}, "golang.org/x/mod"},
		{"meant to be", []string{proxy, "GOPRIVATE=https://k8s.io"}, []string{"k8s.io/api"}, "golang.org/x/mod"},
		{"not asked of a proxy", []string{"GOPROXY=direct"}, []string{"k8s.io/api"}, "golang.org/x/mod"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := envOf(test.vars...)
			if got := doctor.PublicModule(env, routesTo(env, test.paths...)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestCandidates(t *testing.T) {
	env := envOf("GOPROXY=https://a.example,https://down.example|file:///d,direct")
	up, down := probe.Sight{Glances: []probe.Glance{{}}}, probe.Sight{Glances: []probe.Glance{{Fault: &probe.Fault{}}}}
	doors := doctor.Doors(env, nil)
	mirrors := []route.Hint{{What: "https://m.example/x", Where: ".modreach.json"}, {What: "https://a.example"}, {What: "::"}, {What: "http://me:secret@n.example"}}
	var got []string
	for _, c := range doctor.Candidates(env, mirrors, doors, []probe.Sight{up, down}) {
		got = append(got, c.URL.String()+" "+c.Role)
	}
	want := []string{"https://a.example entry 1 of GOPROXY", "https://m.example/x mirror in .modreach.json"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("candidates (-want +got):\n%s", diff)
	}
}

func TestModuleChecks(t *testing.T) {
	modules := func(verdicts ...string) (all []doctor.Module) {
		for _, v := range verdicts {
			all = append(all, doctor.Module{Verdict: v})
		}
		return all
	}
	lost := diagnostics.Finding{Code: diagnostics.ConnectRefused, Severity: diagnostics.Error, What: "It refuses.", Remedy: "Start it.", Module: "example.com/a"}
	other := lost
	other.Module = "example.com/b"
	hint := diagnostics.Finding{Code: diagnostics.Retracted, Severity: diagnostics.Hint, Module: "example.com/c"}
	tests := []struct {
		name     string
		modules  []doctor.Module
		findings []diagnostics.Finding
		want     []string
	}{
		{"none", nil, nil, []string{"modules.all skipped: go.mod requires nothing."}},
		{"all well", modules("reachable", "cached", "reachable"), []diagnostics.Finding{hint}, []string{"modules.all ok: 3 requirements: 2 reachable, 1 cached."}},
		{"unknown", modules("unknown"), nil, []string{"modules.all warn: 1 requirement: 1 unknown. -> modreach check -v tells why; it also waits longer."}},
		{"lost", modules("unreachable", "unreachable"), []diagnostics.Finding{lost, other, lost, other}, []string{
			"modules.all fail: 2 requirements: 2 unreachable. -> See below; modreach trace MODULE follows one of them hop by hop.",
			"modules.connect-refused fail: It refuses. -> Start it.",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, told(doctor.ModuleChecks(test.modules, test.findings)...)); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		})
	}
	checks := doctor.ModuleChecks(modules("unreachable"), []diagnostics.Finding{lost, other, lost, other})
	if want := "example.com/a, example.com/b, example.com/a and 1 more"; checks[1].Title != want {
		t.Errorf("title %q, want %q", checks[1].Title, want)
	}
}

func TestModules(t *testing.T) {
	f := gomod.Parse([]byte("module m\n\nrequire example.com/a v1.0.0\n"))
	hop := route.Hop{Kind: route.Proxy, URL: &url.URL{Scheme: "https", Host: "a.example"}, Why: "GOPROXY entry 1 of 1"}
	res := probe.Result{Hop: hop}
	res.Answers[probe.Info] = probe.Answer{Outcome: probe.OK, Steps: []probe.Step{{Phase: probe.Request, Took: 3 * time.Millisecond}}}
	res.Answers[probe.Mod] = probe.Answer{Outcome: probe.Failed, Text: "oh", Fault: &probe.Fault{Cause: probe.ServerError}, Steps: []probe.Step{{Phase: probe.Request, Took: 4 * time.Millisecond}}}
	v := diagnostics.Verdict{State: diagnostics.Unreachable, Code: diagnostics.ServerError, Reason: "oh", Report: probe.Report{Results: []probe.Result{res}}}
	want := []doctor.Module{{
		Path: "example.com/a", Version: "v1.0.0", Line: 3, Verdict: "unreachable", Reason: "oh", Code: "server-error",
		Hops: []doctor.Hop{{Kind: "proxy", Name: "proxy https://a.example", Why: "GOPROXY entry 1 of 1", Outcome: "fault", Code: "server-error", Message: "oh", MS: 7}},
	}}
	if diff := cmp.Diff(want, doctor.Modules(f, []diagnostics.Verdict{v})); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
}
